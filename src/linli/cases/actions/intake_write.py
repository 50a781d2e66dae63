"""Writing a report: one statement with the limiter's takes inside, and the receipt that comes of it."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from django.db import IntegrityError, connection, transaction

from linli.cases import sql
from linli.cases.actions import news
from linli.cases.events import CaseReported, UrgentRaised
from linli.cases.models import Case
from linli.cases.rules.intake import Refused, Wrong
from linli.cases.rules.workflow import State, Verb
from linli.kernel import events, idempotency, limits, live, numbering, sealed

TRIES = 5  # for a case number that is already taken
FIRST_TIME = "EXISTS (SELECT 1 FROM kept)"  # a retry takes nothing of the allowance
Room = tuple[str, list[object]]  # a limiter's statement and its values


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


def rooms_of(who: str, subject: str) -> list[Room]:
    """The limiter's statements for this reporter: each returns a row while there is room.

    :param who: the row of `limits.ALLOWANCES`; ``subject`` is who exactly is counted.
    """
    return [
        limits.take_sql(
            limits.bucket_key("report", who, subject, rate),
            capacity=rate.capacity,
            per_seconds=rate.per_seconds,
            only_if=FIRST_TIME,
        )
        for rate in limits.ALLOWANCES["report"][who]
    ]


def write(values: dict[str, Any], rooms: list[Room]) -> Receipt:
    """Write the case with all that belongs to it, or find the receipt of the same request that came before.

    :param values: of `intake_row`, with the request's ``key`` and ``body`` digests.
    :raises Refused: the import already brought this row in.
    :raises idempotency.KeyReused: the key was used for another report.
    """
    code = code_of(values["key"])
    statement, taken = _with_rooms(rooms)
    for _ in range(TRIES):
        numbered = values | taken | _numbered(values, code)
        try:
            with transaction.atomic() if connection.in_atomic_block else nullcontext():
                row = connection.fetch_prepared(statement, numbered)  # type: ignore[attr-defined]  # our own backend
        except IntegrityError as error:
            if "cases_case_number_once" in str(error):
                continue
            if "cases_case_imported_once" in str(error):
                raise Refused(Wrong("outside_number", "already_here")) from error
            raise
        if row is None:
            return _first_receipt(values["community"], values["key"], values["body"], code)
        _announce(values, numbered["number"], quarantined=bool(row[1]))
        live.wake_worker()
        return Receipt(
            numbered["number"], code, bool(row[1]), values["urgency"], values["grid"], values["due_at"]
        )
    raise RuntimeError("no free case number was found")


def _announce(values: dict[str, Any], number: str, *, quarantined: bool) -> None:
    if quarantined:  # the desk reads it first
        live.touch(f"community:{values['community']}", int(values["at"].timestamp() * 1000))
        return
    news.announce(
        community_id=values["community"],
        number=number,
        verb=Verb.REPORT.value,
        state=State.REPORTED.value,
        category_code=values["category"],
        grid_id=values["grid"],
        urgency=values["urgency"],
        at=values["at"],
    )


def _numbered(values: dict[str, Any], code: str) -> dict[str, Any]:
    """What depends on the number: a new one for each try."""
    at: datetime = values["at"]
    number = numbering.case_number(at)
    common = {"community_id": values["community"], "number": number, "at": at}
    facts: list[events.Fact] = [CaseReported(**common, channel=values["channel"], quarantined=False)]
    if values["rings"]:
        facts.append(UrgentRaised(**common, kinds=values["kinds"], cause=values["cause"]))
    return {
        "number": number,
        "code_digest": numbering.code_digest(code),
        "receipt": json.dumps({"number": number, "at": at.isoformat()}),
        "object": f"case:{number}",
        "jobs": events.job_args(*facts),
    }


def _with_rooms(rooms: list[Room]) -> tuple[str, dict[str, object]]:
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


def code_of(key_digest: bytes) -> str:
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
