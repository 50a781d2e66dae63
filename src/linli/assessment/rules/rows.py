"""The rows of work that indicators are computed from, and how a run keeps them. Pure.

They are what the rooms below tell of a time, cut to what is needed: ids, codes and times, nobody's words. A run keeps
them as they were, so that it can be computed again when the tables have moved on.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from linli.assessment.rules.subjects import Level, Subject
from linli.cases.rules.work import Worked
from linli.kernel.worktime import SHANGHAI


@dataclass(frozen=True, slots=True)
class Covered:
    """The residents' chat groups of a grid at the end of the time (``groups.queries.coverage_on``)."""

    id: int
    grid_id: int
    reached: int
    households: int | None
    heads: int
    heads_before: int
    count_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Visited:
    """A visit to a household."""

    id: int
    worker_id: int
    grid_id: int | None
    dwelling_id: int | None
    need: str
    purpose: str
    outcome: str
    at: datetime
    made_at: datetime
    follow_up_date: date | None
    followed_up: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A visit that a care plan asked for; ``id`` is the plan's with the day, so that each is one row."""

    id: int
    plan_id: int
    worker_id: int | None
    grid_id: int | None
    need: str
    due_date: date
    met_at: datetime | None


@dataclass(frozen=True, slots=True)
class Served:
    """A service to a resident, confirmed by the resident or not."""

    id: int
    worker_id: int
    grid_id: int | None
    kind: str
    at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    denied: bool


@dataclass(frozen=True, slots=True)
class Patrolled:
    """A round on foot."""

    id: int
    worker_id: int
    grid_id: int | None
    started_at: datetime
    ended_at: datetime | None
    ended_how: str
    points: int
    findings: int


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Work handed to a colleague."""

    id: int
    from_id: int
    to_id: int
    grid_id: int | None
    at: datetime
    accepted_at: datetime | None
    items: int


@dataclass(frozen=True, slots=True)
class Helped:
    """A colleague stood in, or took something over; ``id`` is twice the record's, one more for an item."""

    id: int
    record: str
    helper_id: int
    grid_id: int | None
    at: datetime
    for_id: int | None


@dataclass(frozen=True, slots=True)
class Rechecked:
    """A record looked at again on the spot. ``false`` was decided by a person after the worker could answer."""

    id: int
    record: str  # visit | service | patrol | head_count | case
    record_id: int
    worker_id: int
    grid_id: int | None
    drawn: str  # random | signal
    outcome: str  # true | mistaken | false | "" while open
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Passed:
    """A quiz that was sat."""

    id: int
    account_id: int
    course: str
    version: int
    score: int  # of 100
    at: datetime


@dataclass(frozen=True, slots=True)
class Holding:
    """Whether an account holds a course that its duty asks for, on the last day of the time."""

    id: int
    account_id: int
    course: str
    held: bool


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A sheet of an evaluation round closed in the time (七清七掌握): marks given, of the most there are."""

    id: int
    worker_id: int
    grid_id: int | None
    marks: int
    most: int
    at: datetime


#: Source -> what its rows are.
SOURCES: Mapping[str, type] = {
    "cases": Worked,
    "groups": Covered,
    "visits": Visited,
    "visits_due": Due,
    "services": Served,
    "patrols": Patrolled,
    "handovers": HandedOver,
    "peer_help": Helped,
    "rechecks": Rechecked,
    "quizzes": Passed,
    "courses": Holding,
    "evaluations": Evaluated,
}
#: What a re-check is about -> the source in which it is found.
RECORDS: Mapping[str, str] = {
    "visit": "visits",
    "service": "services",
    "patrol": "patrols",
    "head_count": "groups",
    "case": "cases",
}


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Points given or taken by two people, in thousandths."""

    id: int
    subject_id: int
    points: int


@dataclass(frozen=True, slots=True)
class Corrected:
    """A row that an appeal put right: left out altogether, or one column of it set."""

    appeal_id: int
    source: str
    row_id: int
    column: str = ""  # empty: the row is left out
    value: Any = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a run is computed from. ``until_date`` is the first day after it."""

    since_date: date
    until_date: date
    ranked: bool
    subjects: tuple[Subject, ...]
    rows: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    adjusted: tuple[Adjusted, ...] = ()
    corrected: tuple[Corrected, ...] = ()

    @property
    def since(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.since_date, datetime.min.time(), tzinfo=SHANGHAI)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.until_date, datetime.min.time(), tzinfo=SHANGHAI)

    def put_right(self) -> Mapping[str, tuple[Any, ...]]:
        """The rows with what appeals corrected."""
        found = {name: {row.id: row for row in rows} for name, rows in self.rows.items()}
        for one in self.corrected:
            held = found.get(one.source, {})
            if one.row_id not in held:
                continue
            if one.column:
                kind = SOURCES[one.source]
                value = _read(_types(kind)[one.column], one.value)
                held[one.row_id] = replace(held[one.row_id], **{one.column: value})
            else:
                del held[one.row_id]
        return {name: tuple(rows.values()) for name, rows in found.items()}


def cut(kind: type, row: Any, **more: Any) -> Any:
    """A row of another room, cut to what is kept here."""
    return kind(
        **{one.name: more[one.name] if one.name in more else getattr(row, one.name) for one in fields(kind)}
    )


# -- how they are written ------------------------------------------------------------------------------------


def canonical(plain: Any) -> bytes:
    """One way to write a thing: keys in order, no blanks, exact numbers."""
    return json.dumps(
        plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    ).encode()


def digest(plain: Any) -> str:
    """SHA-256 of the canonical form, hexadecimal."""
    return hashlib.sha256(canonical(plain)).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return str(value)
    raise TypeError(type(value).__name__)


def _listed(rows: Iterable[Any]) -> list[list[Any]]:
    return [[getattr(row, one.name) for one in fields(row)] for row in rows]


def _table(kind: type, rows: Iterable[Any]) -> dict[str, Any]:
    """Rows with the names of their columns, so that they can be read when a column has been added since."""
    return {"columns": [one.name for one in fields(kind)], "rows": _listed(rows)}


def as_plain(inputs: Inputs) -> dict[str, Any]:
    """The inputs as JSON carries them: rows by their ids, each as a list in the order of its columns."""
    return {
        "since": inputs.since_date,
        "until": inputs.until_date,
        "ranked": inputs.ranked,
        "subjects": _listed(sorted(inputs.subjects)),
        "rows": {
            name: _table(SOURCES[name], sorted(rows, key=lambda row: row.id))
            for name, rows in inputs.rows.items()
        },
        "adjusted": _listed(sorted(inputs.adjusted, key=lambda one: one.id)),
        "corrected": _listed(
            sorted(inputs.corrected, key=lambda one: (one.appeal_id, one.source, one.row_id, one.column))
        ),
    }


def pack(inputs: Inputs) -> bytes:
    """The inputs as a run keeps them."""
    return zlib.compress(canonical(as_plain(inputs)), 6)


def unpack(packed: bytes) -> Inputs:
    """The inputs again, equal to those that were packed."""
    plain = json.loads(zlib.decompress(packed))
    return Inputs(
        since_date=date.fromisoformat(plain["since"]),
        until_date=date.fromisoformat(plain["until"]),
        ranked=plain["ranked"],
        subjects=tuple(
            Subject(Level(level), one, tuple(accounts), tuple(grids), load)
            for level, one, accounts, grids, load in plain["subjects"]
        ),
        rows={name: tuple(_rows(SOURCES[name], held)) for name, held in plain["rows"].items()},
        adjusted=tuple(Adjusted(*values) for values in plain["adjusted"]),
        corrected=tuple(Corrected(*values) for values in plain["corrected"]),
    )


def _types(kind: type) -> dict[str, str]:
    return {one.name: str(one.type) for one in fields(kind)}


def _rows(kind: type, held: Mapping[str, Any]) -> Iterable[Any]:
    types = _types(kind)
    for values in held["rows"]:
        given = dict(zip(held["columns"], values, strict=True))
        yield kind(**{name: _read(of, given.get(name)) for name, of in types.items()})


def _read(kind: Any, value: Any) -> Any:
    """A column as its row holds it."""
    if value is None:
        return None
    if kind.startswith("datetime"):
        return datetime.fromisoformat(value)
    if kind.startswith("date"):
        return date.fromisoformat(value)
    return tuple(value) if kind.startswith("tuple") else value
