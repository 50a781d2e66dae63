"""More time, a pause, a hang: how large a request is, who may grant it, and how often. Pure.

The size of a request is the working days by which the resident waits longer; the community's dated rows say up to which
size whom it takes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from linli.kernel.worktime import Unit, WorkCalendar

DAY_SECONDS = 86_400


class Ask(StrEnum):
    """What can be asked for."""

    EXTEND = "extend"
    PAUSE = "pause"
    HANG = "hang"


class Decider(StrEnum):
    """Whose decision it takes."""

    DESK = "dispatcher"  # the leader may as well
    LEADER = "community_leader"


@dataclass(frozen=True, slots=True)
class Approval:
    """A dated row: requests of a kind up to so many working days (None: any size) take this decider."""

    kind: Ask
    decider: Decider
    up_to: Decimal | None = None
    basis: bool = False  # what it rests on must be written down
    valid_from: date = date.min
    valid_to: date | None = None  # last day
    id: int | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def size(calendar: WorkCalendar, from_: datetime, to: datetime) -> Decimal:
    """The working days between two moments, to the hundredth: by how much longer somebody waits."""
    seconds = calendar.counted(Unit.WORKING_DAY, from_, to) if to > from_ else 0
    return (Decimal(seconds) / DAY_SECONDS).quantize(Decimal("0.01"), ROUND_HALF_UP)


def path(rows: Iterable[Approval], *, kind: Ask, days: Decimal, on: date) -> Approval:
    """The row that decides a request of this size: the smallest that holds it.

    What is larger than every row takes the leader and a basis; where there are no rows the desk decides.
    """
    held = sorted(
        (row for row in rows if row.kind is kind and row.holds_on(on)),
        key=lambda row: (row.up_to is None, row.up_to or 0, -row.valid_from.toordinal()),
    )
    for row in held:
        if row.up_to is None or days <= row.up_to:
            return row
    return Approval(kind, Decider.LEADER, basis=True) if held else Approval(kind, Decider.DESK)


def may_decide(decider: str, roles: Iterable[str]) -> bool:
    """Whether somebody with these roles may decide what takes this decider."""
    held = set(roles)
    return Decider.LEADER.value in held or (decider != Decider.LEADER.value and Decider.DESK.value in held)
