"""Taking a request in: it becomes a report like any other, with its number, token or silence as the service has it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from linli.cases.actions import report as reporting
from linli.cases.actions import upload
from linli.cases.rules import intake
from linli.cases.rules.intake import MAX_PICTURES, MAX_SOUNDS, Channel, PlaceGiven, Report
from linli.cases.rules.kinds import Kind
from linli.grids import queries as places
from linli.grids.rules import datum
from linli.integrations.open311.actions import keys
from linli.integrations.open311.models import AppKey, Filed, LinkedFile, Shows
from linli.integrations.open311.queries import catalog
from linli.integrations.open311.rules import filing, questions
from linli.integrations.open311.rules.faults import Fault, Refused, unknown, wrong
from linli.integrations.open311.rules.services import Service, Type
from linli.kernel import access, idempotency, limits, media

OWN_LANGUAGE = "zh-hans"  # what is written into the case


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the app is told."""

    number: str  # empty unless it may be told now
    token: str
    code: str  # with number and code the resident follows the case; empty where there is no number
    again: bool = False  # the same request came before; this is its answer


def file(
    *,
    key: AppKey,
    wanted: filing.Wanted,
    files: Sequence[UploadedFile[Any]] = (),
    faults: Sequence[Fault] = (),
    repetition: str = "",
    at: datetime,
) -> Receipt:
    """Take a request in. The scope of the key's community is entered by the caller.

    :param faults: what is known to be wrong already; told together with the rest.
    :param repetition: an ``Idempotency-Key`` of the app: the same one with the same request gives the same answer.
    :raises Refused: with every fault; nothing was written.
    :raises KeyReused: the repetition key belongs to another request.
    """
    community = key.community_id
    service = catalog.services(community, OWN_LANGUAGE).get(wanted.service_code)
    found = [*faults, *_faults(service, wanted, files)]
    place = _place(community, wanted, found)
    if found or service is None:
        raise Refused(*found)
    tickets = _kept(key, files, at)
    shows = Shows.NEVER if service.type is Type.BLACKBOX or service.sensitive else Shows(key.shows)
    report = Report(
        words=_words(service, wanted),
        channel=Channel.OPEN311,
        kind=Kind(service.kind) if service.kind else Kind.HELP,
        place=place,
        category_code=service.code,
        publish=shows is not Shows.NEVER,
        contact_name=wanted.name,
        contact_phone=wanted.phone,
        uploads=tickets,
    )

    def make() -> str:
        return _note(key, service, _report(key, report, at), shows, wanted.media_url, at)

    with transaction.atomic():
        number, again = _once(key, repetition, wanted, len(files), make)
    keys.note_use(key, at=at)
    return _receipt(Filed.objects.get(community_id=community, number=number), again=again)


def _once(
    key: AppKey, repetition: str, wanted: filing.Wanted, files: int, make: Callable[[], str]
) -> tuple[str, bool]:
    if not repetition:
        return make(), False
    digest = idempotency.key_digest(f"open311:{key.pk}", repetition)
    made, again = idempotency.once(digest, idempotency.body_digest(wanted, files), make)
    return str(made), again


def _receipt(filed: Filed, *, again: bool) -> Receipt:
    told = filed.type == Type.REALTIME.value
    return Receipt(filed.number if told else "", filed.token, (filed.code or "") if told else "", again)


def _faults(
    service: Service | None, wanted: filing.Wanted, files: Sequence[UploadedFile[Any]]
) -> list[Fault]:
    if service is None:
        return [unknown("service_unknown", wanted.service_code[:60])] if wanted.service_code else []
    found = questions.faults(service.questions, wanted.answers or {})
    if len(files) > MAX_PICTURES + MAX_SOUNDS:
        found.append(wrong("too_many_files", str(MAX_PICTURES)))
    return found


def _place(community_id: int, wanted: filing.Wanted, found: list[Fault]) -> PlaceGiven:
    """Where it is, in the datum that we keep; an address id is the code of a building of ours."""
    lon, lat = wanted.lon, wanted.lat
    if lon is not None and lat is not None and wanted.datum != "wgs84":
        lon, lat = datum.to_wgs84(lon, lat, datum.Datum(wanted.datum))
    building = None
    if wanted.address_id:
        row = places.place_by_code(wanted.address_id) if len(wanted.address_id) <= 60 else None
        if row is None or row.community_id != community_id or row.valid_to is not None:
            found.append(wrong("address_unknown", wanted.address_id[:60]))
        else:
            building = row.id
    return PlaceGiven(building_id=building, lon=lon, lat=lat, address=wanted.address)


def _words(service: Service, wanted: filing.Wanted) -> str:
    """The description and the answers. The standard lets it be empty; then the service's name stands for it."""
    said = intake.clean_words(wanted.description)
    if intake.meaning_length(said) < intake.MIN_WORDS:
        said = f"{service.name} {said}".strip()
    lines = questions.told(service.questions, wanted.answers or {})
    return "\n\n".join(filter(None, (said, "\n".join(lines))))[: intake.MAX_WORDS]


def _kept(key: AppKey, files: Sequence[UploadedFile[Any]], at: datetime) -> tuple[str, ...]:
    """The tickets of the files, checked and cleaned, on disk before the request is written."""
    size = sum(each.size or 0 for each in files)
    if size and not limits.allow("media_bytes", "app", f"open311:{key.pk}", cost=size):
        raise Refused(wrong("too_much_now"))
    tickets = []
    for each in files:
        try:
            stored = media.accept(cast(BinaryIO, each.file), purpose="report")
        except media.MediaRefused as refused:
            raise Refused(wrong("file_refused", refused.message_key)) from refused
        row = upload.keep(actor=access.ANONYMOUS, community_id=key.community_id, stored=stored, at=at)
        tickets.append(str(row.ticket))
    return tuple(tickets)


def _report(key: AppKey, report: Report, at: datetime) -> reporting.Receipt:
    try:
        return reporting.report(
            actor=access.ANONYMOUS,
            community_id=key.community_id,
            report=report,
            at=at,
            counted=("app", f"open311:{key.pk}"),
        )
    except intake.Refused as refused:
        raise Refused(
            *(wrong(f"report.{one.code}", one.limit or one.field) for one in refused.wrongs)
        ) from refused
    except access.Forbidden as refused:
        raise Refused(wrong(f"report.{refused.code}")) from refused


def _note(
    key: AppKey, service: Service, receipt: reporting.Receipt, shows: Shows, media_url: str, at: datetime
) -> str:
    """What is remembered of it; returns its number."""
    if media_url:
        LinkedFile.objects.create(
            community_id=key.community_id, number=receipt.number, url=media_url, asked_at=at, next_at=at
        )
    Filed.objects.create(
        community_id=key.community_id,
        number=receipt.number,
        key=key,
        type=service.type.value,
        token=secrets.token_urlsafe(24) if service.type is Type.BATCH else "",
        shows=shows.value,
        code=receipt.code,
        filed_at=at,
    )
    return receipt.number
