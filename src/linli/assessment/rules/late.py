"""What became known after a run was computed, and what that does to it. Pure.

The rule, from the first line that fits:

1. Nothing differs: nothing happens.
2. A **final** run is never touched. The leader is told which rows came late and whose points they would have changed. They
   count in no other period by themselves: what people decide later (a re-visit that proves a record false, a head count)
   counts in the period in which it was decided, and the rest only as an adjustment that two people agree on.
3. A run that was only **computed or reviewed** is computed again: nobody has been told.
4. An **announced** run is computed again when somebody's points change, and not within a day of the last time: nobody is
   told a new score every hour. It has to be reviewed and announced anew, and the time for appeals begins anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from linli.assessment.rules.rows import Inputs
from linli.assessment.rules.runs import State
from linli.assessment.rules.scoring import Result

#: An announced run is opened again for late facts at most so often.
REST = timedelta(days=1)


class Verdict(StrEnum):
    """What becomes of a run whose rows have changed."""

    LEAVE = "leave"
    AGAIN = "again"
    TELL = "tell"


@dataclass(frozen=True, slots=True)
class Came:
    """The rows of one source that differ from what a run was computed from, by id."""

    source: str
    new: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """Whose points would change: thousandths before and after; None where there is no score."""

    subject_id: int
    before: int | None
    after: int | None


def came(before: Inputs, now: Mapping[str, tuple[Any, ...]]) -> tuple[Came, ...]:
    """Which rows are new, different or gone, by source; sources without a difference are left out."""
    found = []
    for source in sorted({*before.rows, *now}):
        was = {row.id: row for row in before.rows.get(source, ())}
        are = {row.id: row for row in now.get(source, ())}
        one = Came(
            source,
            tuple(sorted(are.keys() - was.keys())),
            tuple(sorted(key for key in are.keys() & was.keys() if are[key] != was[key])),
            tuple(sorted(was.keys() - are.keys())),
        )
        if one.new or one.changed or one.gone:
            found.append(one)
    return tuple(found)


def moved(before: Result, after: Result) -> tuple[Moved, ...]:
    """Whose points differ between two results."""
    was = {one.subject.id: one.total for one in before.scores}
    are = {one.subject.id: one.total for one in after.scores}
    return tuple(
        Moved(who, was.get(who), are.get(who)) for who in sorted({*was, *are}) if was.get(who) != are.get(who)
    )


def verdict(
    state: State, rows: tuple[Came, ...], points: tuple[Moved, ...], *, computed_at: datetime, at: datetime
) -> Verdict:
    """What the rule says, from its first line that fits."""
    if not rows or state is State.SUPERSEDED:
        return Verdict.LEAVE
    if state is State.FINAL:
        return Verdict.TELL
    if state in {State.COMPUTED, State.REVIEWED}:
        return Verdict.AGAIN
    return Verdict.AGAIN if points and at - computed_at >= REST else Verdict.LEAVE


def as_plain(rows: tuple[Came, ...], points: tuple[Moved, ...], at: datetime) -> dict[str, Any]:
    """What a run keeps of it: when it was noticed, ids by source, points."""
    return {
        "at": at.isoformat(),
        "rows": {
            one.source: {"new": [*one.new], "changed": [*one.changed], "gone": [*one.gone]} for one in rows
        },
        "points": [[one.subject_id, one.before, one.after] for one in points],
    }


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two notes say the same, whenever each was made: the leader is told once."""
    return all(one.get(name) == other.get(name) for name in ("rows", "points"))
