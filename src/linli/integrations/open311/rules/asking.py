"""What a list of requests is asked for: the standard's filters, paging and increments beside them, each with its faults."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.integrations.open311.rules import times
from linli.integrations.open311.rules.faults import Fault, wrong
from linli.kernel.text import whole

MOST = 1000  # requests in one answer
STATUSES = frozenset({"open", "closed"})
DATUMS = frozenset({"wgs84", "gcj02", "bd09"})
MOST_PAGES = 10_000
_NUMBER = re.compile(r"\d{6}-?\d{6}", re.ASCII)
Given = Mapping[str, Sequence[str]]  # every argument as it came, perhaps several times


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the requests is wanted. With ``numbers`` nothing else counts."""

    numbers: tuple[str, ...] | None
    service_codes: tuple[str, ...]
    statuses: frozenset[str]
    start_at: datetime
    end_at: datetime
    updated_after_at: datetime | None = None
    updated_before_at: datetime | None = None
    page: int = 1
    page_size: int = MOST


@dataclass(frozen=True, slots=True)
class How:
    """How an answer is to be written: which datum points are in, and whether extensions are wanted."""

    datum: str = "wgs84"
    extensions: bool = False


def first(given: Given, name: str) -> str:
    """An argument's value; empty when it is absent or empty, which is the same in every method."""
    return next((value.strip() for value in given.get(name, ()) if value.strip()), "")


def listed(given: Given, name: str) -> tuple[str, ...]:
    """A list with commas, its parts once each; also what came under the same name again."""
    parts = (part.strip() for value in given.get(name, ()) for part in value.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def number(text: str) -> str:
    """A request's id as cases are numbered, with its dash or without; empty when it cannot be one."""
    return text.replace("-", "") if _NUMBER.fullmatch(text) else ""


def read(given: Given, at: datetime) -> tuple[Asked | None, list[Fault]]:
    """What is asked for, or what is wrong with it. A list of ids overrides every other argument, the wrong ones too."""
    numbers = listed(given, "service_request_id")
    if numbers:
        kept = tuple(filter(None, map(number, numbers)))[:MOST]
        return Asked(kept, (), STATUSES, at, at), []
    faults: list[Fault] = []
    statuses = listed(given, "status")
    faults += [wrong("status_unknown", one[:40]) for one in statuses if one not in STATUSES]
    moments = {
        name: _moment(given, name, faults)
        for name in ("start_date", "end_date", "updated_after", "updated_before")
    }
    page = _whole(given, "page", MOST_PAGES, 1, faults)
    size = _whole(given, "page_size", MOST, MOST, faults)
    if faults:
        return None, faults
    within = _span(moments, at)
    if within is None:
        return None, [wrong("span_too_long", str(times.LONGEST.days))]
    asked = Asked(
        numbers=None,
        service_codes=listed(given, "service_code"),
        statuses=frozenset(statuses) or STATUSES,
        start_at=within[0],
        end_at=within[1],
        updated_after_at=moments["updated_after"],
        updated_before_at=moments["updated_before"],
        page=page,
        page_size=size,
    )
    return asked, []


def _span(moments: Mapping[str, datetime | None], at: datetime) -> tuple[datetime, datetime] | None:
    """The 90 days are of when requests came in; who reads what has changed since then gets older ones too."""
    if moments["updated_after"] and not moments["start_date"] and not moments["end_date"]:
        return datetime.min.replace(tzinfo=at.tzinfo), at
    return times.span(moments["start_date"], moments["end_date"], at)


def how(given: Given) -> tuple[How, list[Fault]]:
    """How the answer is to be written."""
    datum = first(given, "datum").lower() or "wgs84"
    if datum not in DATUMS:
        return How(), [wrong("datum_unknown", datum[:40])]
    return How(datum, first(given, "extensions").lower() in {"true", "1"}), []


def _moment(given: Given, name: str, faults: list[Fault]) -> datetime | None:
    text = first(given, name)
    if not text:
        return None
    found = times.read(text)
    if found is None:
        faults.append(wrong("not_a_date", name))
    return found


def _whole(given: Given, name: str, most: int, otherwise: int, faults: list[Fault]) -> int:
    text = first(given, name)
    if not text:
        return otherwise
    value = whole(text, digits=8) or 0
    if not value:
        faults.append(wrong("not_a_number", name))
        return otherwise
    return min(value, most)
