"""Taking in a report: located, promised, receipted and told, in one statement."""

from __future__ import annotations

import functools
import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.db import IntegrityError, connection, transaction

from linli.cases import sql
from linli.cases.actions import clocks, placing
from linli.cases.events import CaseReported
from linli.cases.models import Attachment, Case
from linli.cases.queries import reference
from linli.cases.rules import intake, suggest
from linli.cases.rules.intake import Channel, Refused, Report, Wrong
from linli.cases.rules.promises import Stage, Urgency
from linli.kernel import events, idempotency, limits, live, logs, numbering, sealed, text
from linli.kernel.access import Actor, Forbidden
from linli.kernel.scope import within

TRIES = 5  # for a case number that is already taken
FIRST_TIME = "EXISTS (SELECT 1 FROM kept)"  # a retry takes nothing of the allowance


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the reporter holds in hand: shown only after it is committed."""

    number: str
    code: str
    quarantined: bool
    urgency: str
    grid_id: int | None
    due_at: datetime | None
    again: bool = False  # the same request came before; this is its receipt


def report(
    *,
    actor: Actor,
    community_id: int,
    report: Report,
    at: datetime,
    key: str = "",
    network: str = "",
    limited: bool = True,
    example: bool = False,
) -> Receipt:
    """This function will take a resident's word into the community as a case.

    Over the limit the case is quarantined, never refused. The same key and the same content give the same receipt.

    :param network: where an anonymous report comes from (an address block), for the limits.
    :param limited: False for imports, whose limits are their own.
    :raises Refused: something in the report is wrong; nothing was written.
    :raises idempotency.KeyReused: the key was used for another report.
    :raises Forbidden: entering on behalf of others without a duty here.
    """
    _require(actor, community_id, report)
    words = intake.clean_words(report.words)
    found = [*intake.wrongs(report), *_category_wrongs(community_id, report)]
    if found:
        raise Refused(*found)
    with within(actor.communities | {community_id}):
        where = placing.find(community_id, report.place)
        urgency = report.urgency or suggest.looks_urgent(words)
        first = clocks.first_deadline(
            community_id, category_code=report.category_code, urgency=urgency.value, stage=Stage.ACCEPT, at=at
        )
        meaning = idempotency.body_digest(community_id, report)
        sender = f"account:{actor.account_id}" if actor.signed_in else f"net:{network}"
        key_digest = idempotency.key_digest(sender, key or uuid.uuid4().hex)
        params = _params(actor, community_id, report, words, urgency, where, at)
        params |= _deadline(first) | {"key": key_digest, "body": meaning, "example": example}
        rooms = _rooms(actor, network, at) if limited else []
        with _maybe_atomic(bool(report.uploads)):
            receipt = _write(params, rooms, key_digest, meaning, at)
            if report.uploads and not receipt.again:
                attach(community_id, receipt.number, report.uploads, purpose="report", seq=1)
    return receipt


def _require(actor: Actor, community_id: int, report: Report) -> None:
    on_behalf = {Channel.DESK, Channel.PATROL, Channel.IMPORT, Channel.HOTLINE}
    if report.channel in on_behalf and not (actor.superuser or community_id in actor.staff_communities):
        raise Forbidden("not_staff_here")


def _category_wrongs(community_id: int, report: Report) -> list[Wrong]:
    known = not report.category_code or report.category_code in reference.categories(community_id)
    return [] if known else [Wrong("category", "unknown")]


def _params(
    actor: Actor,
    community_id: int,
    report: Report,
    words: str,
    urgency: Urgency,
    where: placing.Where,
    at: datetime,
) -> dict[str, Any]:
    on_behalf = report.channel in {Channel.DESK, Channel.IMPORT, Channel.HOTLINE}
    seal_id = uuid.uuid4()
    phone = report.contact_phone.strip()
    return {
        "community": community_id,
        "seal_id": seal_id,
        "kind": report.kind.value,
        "category": report.category_code,
        "urgency": urgency.value,
        "channel": report.channel.value,
        "words": words,
        "reporter": None if on_behalf else actor.account_id,
        "assisted_by": actor.account_id if on_behalf else None,
        "anonymous": report.anonymous,
        "contact_name": _seal("contact_name", report.contact_name.strip(), seal_id, community_id),
        "contact_phone": _seal("contact_phone", phone, seal_id, community_id),
        "contact_index": sealed.blind_index("phone", phone) if phone else None,
        "publish": report.publish,
        "place_how": where.how.value,
        "lon": where.lon,
        "lat": where.lat,
        "address": where.address,
        "grid": where.grid_id,
        "building": where.building_id,
        "path": where.path,
        "at": at,
        "actor": actor.account_id,
        "role": next(iter(sorted(actor.roles(community_id))), "reporter") if on_behalf else "reporter",
        "data": json.dumps({"channel": report.channel.value, "place": where.how.value}),
        "outside_number": report.outside_number,
        "batch": report.batch,
        "vector": text.vector_of(words, where.address),
        "request": logs.request_id(),
        "queue": events.QUEUE,
        "task": events.TASK,
    }


def _seal(column: str, value: str, row: uuid.UUID, community_id: int) -> bytes | None:
    if not value:
        return None
    return sealed.seal(value, table="cases_case", column=column, row=row, community_id=community_id)


def _deadline(first: tuple[Any, datetime | None, datetime | None] | None) -> dict[str, Any]:
    if first is None:
        blank = dict.fromkeys(("due_at", "at_risk_at", "amount", "promise"))
        return {**blank, "amount": 1, "due_stage": "", "unit": "", "start_rule": ""}
    promise, due_at, at_risk_at = first
    return {
        "due_at": due_at,
        "at_risk_at": at_risk_at,
        "due_stage": promise.stage.value,
        "amount": promise.amount,
        "unit": promise.unit.value,
        "start_rule": promise.start_rule.value,
        "promise": promise.id,
    }


def _rooms(actor: Actor, network: str, at: datetime) -> list[tuple[str, list[object]]]:
    """The limiter's statements for this reporter: each returns a row while there is room."""
    if actor.staff:
        who, subject = "staff", str(actor.account_id)
    elif actor.signed_in:
        who, subject = f"level{max(1, min(actor.level, 3))}", str(actor.account_id)
    else:
        who, subject = "anonymous", network
    return [
        limits.take_sql(
            limits.bucket_key("report", who, subject, rate),
            capacity=rate.capacity,
            per_seconds=rate.per_seconds,
            only_if=FIRST_TIME,
        )
        for rate in limits.ALLOWANCES["report"][who]
    ]


def _write(
    params: dict[str, Any],
    rooms: list[tuple[str, list[object]]],
    key_digest: bytes,
    meaning: bytes,
    at: datetime,
) -> Receipt:
    code = _code(key_digest)
    statement, room_params = _with_rooms(rooms)
    for _ in range(TRIES):
        number = numbering.case_number(at)
        receipt = {"number": number, "at": at.isoformat()}
        fact = CaseReported(
            community_id=params["community"],
            number=number,
            at=at,
            channel=params["channel"],
            quarantined=False,
        )
        full = params | room_params
        full |= {
            "number": number,
            "code_digest": numbering.code_digest(code),
            "receipt": json.dumps(receipt),
            "object": f"case:{number}",
            "jobs": f"[{','.join(events.job_args(fact))}]",
        }
        try:
            with _maybe_atomic(connection.in_atomic_block):
                row = connection.fetch_prepared(statement, full)  # type: ignore[attr-defined]  # our own backend
        except IntegrityError as error:
            if "cases_case_number_once" in str(error):
                continue
            if "cases_case_imported_once" in str(error):
                raise Refused(Wrong("outside_number", "already_here")) from error
            raise
        if row is None:
            return _first_receipt(params["community"], key_digest, meaning, code)
        live.touch(f"community:{params['community']}", int(at.timestamp() * 1000))
        live.wake_worker()
        return Receipt(number, code, bool(row[1]), params["urgency"], params["grid"], params["due_at"])
    raise RuntimeError("no free case number was found")


def _with_rooms(rooms: list[tuple[str, list[object]]]) -> tuple[str, dict[str, object]]:
    """The intake statement with the limiter's takes: quarantined when one of them has no room."""
    named = {
        f"room_{index}_{position}": value
        for index, (_, values) in enumerate(rooms)
        for position, value in enumerate(values)
    }
    return _statement(tuple(take for take, _ in rooms)), named


@functools.lru_cache(maxsize=8)
def _statement(rooms: tuple[str, ...]) -> str:
    takes = []
    for index, take in enumerate(rooms):
        parts = take.split("%s")
        names = [f"%(room_{index}_{position})s" for position in range(len(parts) - 1)]
        takes.append(f"room_{index} AS ({''.join(flat(parts, names))})")
    crowded = (
        " OR ".join(f"NOT EXISTS (SELECT 1 FROM room_{index})" for index in range(len(rooms))) or "false"
    )
    statement = sql.INTAKE.replace("%(quarantined)s", f"({crowded})")
    if takes:
        statement = statement.replace("), fresh AS", f"), {', '.join(takes)}, fresh AS", 1)
    return statement


def flat(parts: list[str], names: list[str]) -> Iterator[str]:
    """Parts and names in turn, a part first and last."""
    for part, name in zip_longest(parts, names, fillvalue=""):
        yield part
        yield name


def _code(key_digest: bytes) -> str:
    """The look-up code of a receipt, made from its key, so that a retry gets the same one and none is stored."""
    digest = sealed.blind_index("receipt_code", key_digest.hex())
    alphabet = numbering.CODE_ALPHABET
    letters = [alphabet[byte & 31] for byte in hashlib.sha256(digest).digest()[: numbering.CODE_LENGTH]]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, numbering.CODE_LENGTH, 4))


def _first_receipt(community_id: int, key_digest: bytes, meaning: bytes, code: str) -> Receipt:
    stored = idempotency.stored(key_digest, meaning)
    if stored is None:
        raise RuntimeError("a receipt vanished while it was read")
    case = Case.objects.get(community_id=community_id, number=stored["number"])
    return Receipt(case.number, code, case.quarantined, case.urgency, case.grid_id, case.due_at, again=True)


class _maybe_atomic:  # noqa: N801  (reads as the function it stands in for)
    """``transaction.atomic`` when needed; a single statement is a transaction by itself."""

    def __init__(self, needed: bool) -> None:
        self.block = transaction.atomic() if needed else None

    def __enter__(self) -> None:
        if self.block:
            self.block.__enter__()

    def __exit__(self, *exc: Any) -> None:
        if self.block:
            self.block.__exit__(*exc)


def attach(community_id: int, number: str, tickets: tuple[str, ...], *, purpose: str, seq: int) -> int:
    """Tie uploaded files to a case, each once.

    :raises Refused: when a ticket is unknown, too old or already used; nothing is written.
    """
    case_id = Case.objects.values_list("pk", flat=True).get(community_id=community_id, number=number)
    try:
        wanted = [uuid.UUID(ticket) for ticket in tickets]
    except ValueError as error:
        raise Refused(Wrong("uploads", "unknown_ticket")) from error
    tied = Attachment.objects.filter(ticket__in=wanted, community_id=community_id, case__isnull=True).update(
        case_id=case_id, purpose=purpose, move_seq=seq
    )
    if tied != len(wanted):
        raise Refused(Wrong("uploads", "unknown_ticket"))
    return tied
