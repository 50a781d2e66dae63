"""What an indicator is, and what it says of one subject. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

from linli.assessment.rules.subjects import Subject


class Kind(StrEnum):
    """What an indicator is about."""

    OUTCOME = "outcome"
    WORKLOAD = "workload"
    QUALITY = "quality"
    SATISFACTION = "satisfaction"
    COVERAGE = "coverage"
    GROWTH = "growth"  # told as information, never weighed
    # What rules forbid to make a basis of assessment: a checker names them, nothing computes them.
    ONLINE_ACTIVITY = "online_activity"
    STUDY_TIME = "study_time"
    REACTIONS = "reactions"
    PHOTO_UPLOAD = "photo_upload"
    CHECK_IN = "check_in"


#: What a scheme may name so that the checker can say what is wrong with it.
FORBIDDEN: dict[str, Kind] = {
    "online_time": Kind.ONLINE_ACTIVITY,
    "logins": Kind.ONLINE_ACTIVITY,
    "study_time": Kind.STUDY_TIME,
    "likes": Kind.REACTIONS,
    "forwards": Kind.REACTIONS,
    "votes_online": Kind.REACTIONS,
    "photo_uploads": Kind.PHOTO_UPLOAD,
    "track_uploads": Kind.PHOTO_UPLOAD,
    "check_ins": Kind.CHECK_IN,
}


class Unit(StrEnum):
    """What a value is told in."""

    SHARE = "share"  # 0 to 1, told in percent
    COUNT = "count"
    SCORE = "score"  # 0 to 1, told as points of 100


class Direction(StrEnum):
    """Which way is better."""

    MORE = "more"
    LESS = "less"


class Both(NamedTuple):
    """The same in both languages of the house."""

    zh: str
    en: str

    def said(self, *, english: bool) -> str:
        """In the reader's language."""
        return self.en if english else self.zh


@dataclass(frozen=True, slots=True)
class Measured:
    """What an indicator found: the parts of its fraction, and every row behind them."""

    numerator: int
    denominator: int
    counted: tuple[int, ...] = ()  # rows in the numerator
    rest: tuple[int, ...] = ()  # rows in the denominator alone
    excluded: tuple[tuple[int, str], ...] = ()  # rows left out, and why

    @property
    def value(self) -> Fraction | None:
        """The exact value; None when there was nothing to divide by."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def sample(self) -> int:
        """How many rows it rests on."""
        return len(self.counted) + len(self.rest)


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom and of which time an indicator is asked; and which records were proven false or mistaken."""

    subject: Subject
    since: datetime
    until: datetime
    untrue: frozenset[tuple[str, int]] = field(default_factory=frozenset)
    mistaken: frozenset[tuple[str, int]] = field(default_factory=frozenset)

    def within(self, moment: datetime | None) -> bool:
        """Whether something happened in this time."""
        return moment is not None and self.since <= moment < self.until

    def fault(self, record: str, row_id: int) -> str:
        """Why a record does not count: proven_false, mistaken, or nothing."""
        if (record, row_id) in self.untrue:
            return "proven_false"
        return "mistaken" if (record, row_id) in self.mistaken else ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that can be assessed; one file each in ``assessment/indicators``."""

    code: str
    name: Both
    says: Both  # what it is for, in a sentence a worker understands
    formula: Both
    unit: Unit
    kind: Kind
    direction: Direction
    source: str  # of rules.rows.SOURCES
    pair: str  # the indicator that keeps this one honest
    minimum: int  # rows below which it says nothing
    measure: Callable[[Sequence[Any], Asked], Measured]
    whose: str = "worker_id"  # the column of its rows that names who did it; empty: the grid's


Holds = Callable[[Any], bool | None]


def share(
    rows: Iterable[Any],
    asked: Asked,
    *,
    holds: Holds,
    record: str = "",
    leaves: Callable[[Any], str] | None = None,
) -> Measured:
    """How many of the rows hold, of those it is about.

    :param holds: True: numerator; False: denominator alone; None: the row is not about this.
    :param record: what re-checks call these rows; those proven false or mistaken are left out.
    :param leaves: why a row is left out, or an empty string.
    """
    counted: list[int] = []
    rest: list[int] = []
    excluded: list[tuple[int, str]] = []
    for row in rows:
        held = holds(row)
        if held is None:
            continue
        why = asked.fault(record, row.id) if record else ""
        why = why or (leaves(row) if leaves else "")
        if why:
            excluded.append((row.id, why))
        else:
            (counted if held else rest).append(row.id)
    return Measured(len(counted), len(counted) + len(rest), tuple(counted), tuple(rest), tuple(excluded))


def number(
    rows: Iterable[Any],
    asked: Asked,
    *,
    holds: Holds,
    record: str = "",
    leaves: Callable[[Any], str] | None = None,
) -> Measured:
    """How many of the rows hold: a number, not a share. Parameters as for `share`."""
    found = share(rows, asked, holds=holds, record=record, leaves=leaves)
    return Measured(found.numerator, 1, found.counted, (), found.excluded)


#: How a case ends that nobody could have handled: it says nothing of anybody's work.
ENDED_OTHERWISE = frozenset({"voided", "withdrawn", "merged"})


def ended_otherwise(row: Any) -> str:
    """Why a case is left out: how it ended without being handled; empty when it counts."""
    return row.ended if row.ended in ENDED_OTHERWISE else ""


def kept_promises(
    cases: Iterable[Any], asked: Asked, *, due: Callable[[Any], datetime | None], kept: Holds
) -> Measured:
    """How many promises were kept, of those that fell due in the time.

    :param due: when the promise of a case fell due, or was kept.
    :param kept: whether it was kept.
    """
    return share(
        cases,
        asked,
        record="case",
        leaves=ended_otherwise,
        holds=lambda row: kept(row) if asked.within(due(row)) else None,
    )
