"""What if: the last days again, under another promise, another routing or other numbers of people. Pure and deterministic.

Promises are recounted exactly, by the same clock that runs in earnest. Where people or routes change, time is modelled:
each body is a desk of so many people who take the work in the order in which it comes and work in office hours. How much
work a case is, nobody wrote down; it is set so that the model, run over what really happened, gives the body's real
median (`calibrate`). The model is the same before and after the change, so its errors mostly cancel in the comparison, and
the page says that it is one.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from statistics import median

from linli.cases.rules import clock as clocks
from linli.cases.rules.clock import Clock
from linli.cases.rules.promises import Promise
from linli.kernel.worktime import Unit, WorkCalendar

NOBODY = "-"  # the desk of those who are sent to as persons: grid workers and others without a body
ROUNDS = 14  # halvings of the effort's share: finer than a thousandth
LEAST_EFFORT = 60.0  # seconds; a case is never no work


@dataclass(frozen=True, slots=True)
class Job:
    """One case as it went: to whom, when, and when it was handled (None: still open)."""

    number: str
    category: str
    body: str
    clock: Clock  # of the promise to resolve it, with its pauses and extensions
    taken: float  # counted office seconds from the dispatch to the handling; 0 while open

    @property
    def done_at(self) -> datetime | None:
        """When it really was handled."""
        return self.clock.stopped_at


@dataclass(frozen=True, slots=True)
class Change:
    """What would have been otherwise; what is left out stays as it was."""

    promise: Promise | None = None  # how much of which unit; it begins to count as the one that held
    category: str = ""  # the promise's branch; empty: all
    bodies: Mapping[str, str] = field(default_factory=dict)  # case number -> the body it would have gone to
    people: Mapping[str, int] = field(default_factory=dict)  # body -> people

    @property
    def modelled(self) -> bool:
        """Whether time must be modelled; another promise alone is recounted exactly."""
        return bool(self.bodies or self.people)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one case came out, or would have."""

    job: Job
    body: str
    done_at: datetime | None
    due_at: datetime | None
    kept: bool | None  # None: not decided yet


@dataclass(frozen=True, slots=True)
class Sum:
    """A body's cases: how many, decided in time and late, and the median of office hours to handle them."""

    body: str
    cases: int
    kept: int
    late: int
    hours: float | None
    people: int

    @property
    def rate(self) -> float | None:
        """The share handled in time of those decided."""
        return self.kept / (self.kept + self.late) if self.kept + self.late else None


@dataclass(frozen=True, slots=True)
class Compared:
    """Before and after, body by body, and the cases whose outcome changes."""

    before: tuple[Sum, ...]
    after: tuple[Sum, ...]
    better: tuple[Outcome, ...]
    worse: tuple[Outcome, ...]
    moved: tuple[Outcome, ...]
    modelled: bool


def compare(
    jobs: Sequence[Job], change: Change, *, people: Mapping[str, int], calendar: WorkCalendar, at: datetime
) -> Compared:
    """Run the days as they were and as they would have been.

    :param people: how many work at each body now; at least one is assumed.
    :param at: the end of the days: what is open then is late only if it is past its time.
    """
    ordered = sorted(jobs, key=lambda job: (job.clock.started_at, job.number))
    staffed: Mapping[str, int] = people
    if change.modelled:
        efforts = {job.number: effort for job, effort in _efforts(ordered, people, calendar)}
        before = _modelled(ordered, efforts, people, {}, calendar, at)
        staffed = {**people, **change.people}
        after = _modelled(_promised(ordered, change), efforts, staffed, change.bodies, calendar, at)
    else:
        before = [_outcome(job, job.body, job.done_at, calendar, at) for job in ordered]
        after = [_outcome(job, job.body, job.done_at, calendar, at) for job in _promised(ordered, change)]
    pairs = list(zip(before, after, strict=True))
    return Compared(
        before=sums(before, people, calendar),
        after=sums(after, staffed, calendar),
        better=tuple(new for old, new in pairs if old.kept is False and new.kept is not False),
        worse=tuple(new for old, new in pairs if new.kept is False and old.kept is not False),
        moved=tuple(new for old, new in pairs if new.body != old.body),
        modelled=change.modelled,
    )


def _promised(jobs: Iterable[Job], change: Change) -> list[Job]:
    promise = change.promise
    if promise is None:
        return list(jobs)
    return [
        replace(job, clock=_under(job.clock, promise)) if _within(job.category, change.category) else job
        for job in jobs
    ]


def _under(clock: Clock, promise: Promise) -> Clock:
    """The same time under another promise, counted from where the one that held was counted."""
    return replace(clock, promise=replace(promise, start_rule=clock.promise.start_rule))


def _within(code: str, branch: str) -> bool:
    return not branch or code == branch or code.startswith(f"{branch}.")


def _outcome(job: Job, body: str, done_at: datetime | None, calendar: WorkCalendar, at: datetime) -> Outcome:
    due_at = clocks.due_at(job.clock, calendar)
    if done_at is not None and done_at <= at:
        return Outcome(job, body, done_at, due_at, due_at is None or done_at <= due_at)
    return Outcome(job, body, None, due_at, False if due_at is not None and due_at < at else None)


# -- the model -----------------------------------------------------------------------------------------------


def _efforts(
    jobs: Sequence[Job], people: Mapping[str, int], calendar: WorkCalendar
) -> Iterable[tuple[Job, float]]:
    """How much work each case is, in office seconds: a share of the time it took, one share for each body."""
    for body in sorted({job.body for job in jobs}):
        own = [job for job in jobs if job.body == body]
        known = [job.taken for job in own if job.done_at is not None]
        usual = median(known) if known else LEAST_EFFORT
        share = calibrate(own, max(1, people.get(body, 1)), calendar)
        for job in own:
            yield job, max(LEAST_EFFORT, share * (usual if job.done_at is None else job.taken))


def calibrate(jobs: Sequence[Job], people: int, calendar: WorkCalendar) -> float:
    """The share of its real time that a case was work, such that the model's median is the real one; 0 to 1."""
    known = [job for job in jobs if job.done_at is not None]
    if not known:
        return 1.0
    wanted = median(job.taken for job in known)
    low, high = 0.0, 1.0
    for _ in range(ROUNDS):
        share = (low + high) / 2
        work = [(job.clock.started_at, max(LEAST_EFFORT, share * job.taken)) for job in known]
        done = queue(work, people, calendar)
        spent = median(
            calendar.counted(Unit.WORKING_HOUR, job.clock.started_at, end)
            for job, end in zip(known, done, strict=True)
        )
        low, high = (low, share) if spent > wanted else (share, high)
    return (low + high) / 2


def queue(work: Sequence[tuple[datetime, float]], people: int, calendar: WorkCalendar) -> list[datetime]:
    """When each piece of work is done: taken in the order of coming by whoever is free first, in office hours.

    :param work: moment of coming and office seconds of work, in the order of coming.
    """
    if not work:
        return []
    free = [work[0][0]] * max(1, people)
    heapq.heapify(free)
    done = []
    for came, seconds in work:
        begun = max(came, heapq.heappop(free))
        end = calendar.add(Unit.WORKING_HOUR, begun, max(1, round(seconds)))
        heapq.heappush(free, end)
        done.append(end)
    return done


def _modelled(
    jobs: Sequence[Job],
    efforts: Mapping[str, float],
    people: Mapping[str, int],
    bodies: Mapping[str, str],
    calendar: WorkCalendar,
    at: datetime,
) -> list[Outcome]:
    ends: dict[str, datetime] = {}
    where = {job.number: bodies.get(job.number, job.body) for job in jobs}
    for body in sorted(set(where.values())):
        own = [job for job in jobs if where[job.number] == body]
        work = [(job.clock.started_at, efforts[job.number]) for job in own]
        for job, end in zip(own, queue(work, people.get(body, 1), calendar), strict=True):
            ends[job.number] = end
    return [_outcome(job, where[job.number], ends[job.number], calendar, at) for job in jobs]


def sums(found: Sequence[Outcome], people: Mapping[str, int], calendar: WorkCalendar) -> tuple[Sum, ...]:
    """The outcomes body by body, by name; the whole comes last under the empty name."""
    keys = [*sorted({one.body for one in found}), ""]
    return tuple(
        _sum(body, [one for one in found if body in ("", one.body)], people, calendar) for body in keys
    )


def _sum(body: str, own: Sequence[Outcome], people: Mapping[str, int], calendar: WorkCalendar) -> Sum:
    spent = [
        calendar.counted(Unit.WORKING_HOUR, one.job.clock.started_at, one.done_at) / 3600
        for one in own
        if one.done_at is not None
    ]
    return Sum(
        body=body,
        cases=len(own),
        kept=sum(one.kept is True for one in own),
        late=sum(one.kept is False for one in own),
        hours=median(spent) if spent else None,
        people=people.get(body, 1) if body else sum(people.get(key, 1) for key in {one.body for one in own}),
    )
