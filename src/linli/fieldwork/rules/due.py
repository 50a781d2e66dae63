"""When somebody is to be looked in on next, and whether that was kept. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """A care plan as its days need it. ``until_date`` is its last day; ``ended_date`` where it was ended before."""

    from_date: date
    until_date: date
    every_days: int
    ended_date: date | None = None

    @property
    def last_date(self) -> date:
        """The last day on which something may be due."""
        return min(self.until_date, self.ended_date) if self.ended_date else self.until_date


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day on which a visit was due, and the day on which it was made; None while it was not."""

    due_date: date
    met_date: date | None


def due_days(plan: Span, met: Iterable[date]) -> Iterator[DueDay]:
    """Every day on which a visit is due as long as the plan runs, in order, with the visit that kept it.

    Due on the first day, then ``every_days`` after each visit that kept one. A visit keeps a due day when it is made in
    the second half of the span before it, or within the span after it: so two visits on one morning keep one due day, not
    two. A due day that passes a whole span unkept is missed, and the next is due then.
    """
    step = timedelta(days=plan.every_days)
    early = timedelta(days=plan.every_days // 2)
    days = sorted(set(met))
    due, at = plan.from_date, 0
    while due <= plan.last_date:
        while at < len(days) and days[at] < due - early:
            at += 1
        kept = days[at] if at < len(days) and days[at] < due + step else None
        at += kept is not None
        yield DueDay(due, kept)
        due = (kept or due) + step


def next_after(plan: Span, met: Iterable[date]) -> date | None:
    """The first day still open after the last visit that kept one, whatever day it is; None once none is left."""
    open_: date | None = None
    for day in due_days(plan, met):
        if day.met_date is not None:
            open_ = None
        elif open_ is None:
            open_ = day.due_date
    return open_


def whose(turns: Iterable[tuple[date, int]], day: date) -> int | None:
    """Whose a plan is on a day; None before its first turn."""
    held = None
    for from_date, worker in sorted(turns):
        if from_date <= day:
            held = worker
    return held
