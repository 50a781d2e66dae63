"""Other cities' servers: entered by those who keep the community, tried, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from linli.cases.actions.settings import keeping
from linli.cases.rules.intake import Refused, Wrong
from linli.grids import queries as places
from linli.integrations.open311 import asking_others
from linli.integrations.open311.models import Endpoint
from linli.integrations.open311.ports import Line
from linli.kernel import outside, scope
from linli.kernel.access import Actor
from linli.people import queries as people

READ_EVERY = timedelta(days=1)
LONGEST = {"name": 60, "url": 400, "jurisdiction": 100, "service_code": 100, "api_key": 400}


@dataclass(frozen=True, slots=True)
class Wanted:
    """An endpoint as it is entered. ``api_key`` None: the one that is kept stays."""

    name: str
    url: str
    jurisdiction: str = ""
    api_key: str | None = None
    organisation_id: int | None = None
    service_code: str = ""
    repeats: bool = False
    answers: bool = False


def enter(
    *, actor: Actor, community_id: int, wanted: Wanted, at: datetime, endpoint_id: int | None = None
) -> Endpoint:
    """Enter an endpoint, or change one.

    :raises Refused: name, url, organisation_id … with why.
    :raises NotFound: there is none of this id here.
    """
    keeping.require(actor, community_id)
    wrongs = _wrongs(community_id, wanted)
    if wrongs:
        raise Refused(*wrongs)
    try:
        with transaction.atomic():
            row = _row(actor, community_id, endpoint_id, at)
            _fill(row, wanted)
            row.save()
            detail: dict[str, object] = {"organisation": wanted.organisation_id, "answers": wanted.answers}
            _record(actor, row, "enter_endpoint", at, detail)
    except IntegrityError as error:
        raise Refused(Wrong("name", "name_taken")) from error
    return row


def _row(actor: Actor, community_id: int, endpoint_id: int | None, at: datetime) -> Endpoint:
    if endpoint_id is None:
        return Endpoint(community_id=community_id, made_at=at)
    return _held(actor, community_id, endpoint_id, locked=True)


def _held(actor: Actor, community_id: int, endpoint_id: int, *, locked: bool = False) -> Endpoint:
    """An endpoint that has not ended."""
    held = Endpoint.objects.filter(community_id=community_id, ended_at=None)
    return keeping.find(actor, held, endpoint_id, locked=locked)


def _fill(row: Endpoint, wanted: Wanted) -> None:
    url = wanted.url.strip().rstrip("/")
    if url != row.url or wanted.jurisdiction.strip() != row.jurisdiction:
        row.services, row.services_at = [], None
        if row.pk and wanted.api_key is None:
            row.api_key = None  # a key never goes to an address it was not entered for
    row.name, row.url = " ".join(wanted.name.split()), url
    row.jurisdiction = wanted.jurisdiction.strip()
    row.organisation_id, row.service_code = wanted.organisation_id, wanted.service_code.strip()
    row.repeats, row.answers = wanted.repeats, wanted.answers
    if wanted.api_key is not None:
        row.api_key = wanted.api_key.strip() or None


def _wrongs(community_id: int, wanted: Wanted) -> list[Wrong]:
    found = []
    if not wanted.name.strip():
        found.append(Wrong("name", "missing"))
    for field, most in LONGEST.items():
        if len(getattr(wanted, field) or "") > most:
            found.append(Wrong(field, "too_long", str(most)))
    unusable = outside.usable(wanted.url.strip().rstrip("/")) or ("address" if "?" in wanted.url else "")
    if unusable:
        found.append(Wrong("url", unusable))
    if wanted.organisation_id is not None:
        body = people.organisations([community_id]).filter(pk=wanted.organisation_id).first()
        if body is None:
            found.append(Wrong("organisation_id", "unknown"))
        elif not wanted.service_code.strip():
            found.append(Wrong("service_code", "missing"))
    return found


def end(*, actor: Actor, community_id: int, endpoint_id: int, at: datetime) -> None:
    """Nothing new goes there; what is there already is followed on. Twice changes nothing.

    :raises NotFound: there is none of this id here.
    """
    keeping.require(actor, community_id)
    with transaction.atomic():
        rows = Endpoint.objects.filter(community_id=community_id)
        row = keeping.find(actor, rows, endpoint_id, locked=True)
        if row.ended_at is None:
            row.ended_at = at
            row.save(update_fields=["ended_at"])
            _record(actor, row, "end_endpoint", at, {})


def look(*, actor: Actor, community_id: int, endpoint_id: int, at: datetime, line: Line = outside.ask) -> str:
    """Read its services now; returns what went wrong, empty for nothing.

    :raises NotFound: there is none of this id here.
    """
    keeping.require(actor, community_id)
    return _read(_held(actor, community_id, endpoint_id), at, line)


def _read(row: Endpoint, at: datetime, line: Line) -> str:
    """Outside of any transaction: the other side takes its time."""
    try:
        found, trouble = asking_others.services(row, line), ""
    except asking_others.Trouble as refused:
        found, trouble = row.services, refused.told[:200]
    Endpoint.objects.filter(pk=row.pk, url=row.url).update(services=found, services_at=at, trouble=trouble)
    return trouble


def read_lists(at: datetime, line: Line = outside.ask) -> int:
    """Read every endpoint's list once a day; returns how many were read."""
    count = 0
    due = Endpoint.objects.filter(ended_at=None).exclude(services_at__gt=at - READ_EVERY)
    for community_id in places.communities_with(due):
        with scope.within([community_id]):
            for row in list(due.filter(community_id=community_id).order_by("pk")[:20]):
                _read(row, at, line)
                count += 1
    return count


def _record(actor: Actor, row: Endpoint, verb: str, at: datetime, detail: dict[str, object]) -> None:
    keeping.note(
        community_id=row.community_id,
        actor=actor,
        verb=f"open311.{verb}",
        thing=f"endpoint:{row.pk}",
        at=at,
        detail=detail,
    )
