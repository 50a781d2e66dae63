"""Starts, stops and pauses the promises of a case as its moves demand, and keeps the next deadline on the case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from linli.cases.models import Case, ClockRow, Task
from linli.cases.queries import reference
from linli.cases.rules import clock as clocks
from linli.cases.rules.promises import Promise, Stage, StartRule
from linli.kernel import calendar
from linli.kernel.clock import LOCAL
from linli.kernel.worktime import Unit, whole_second

TIMED = (
    "stopped_at", "met", "pauses", "extensions", "due_at", "at_risk_at", "reminded_at", "broken_at", "ladder_at",
)  # fmt: skip


def as_clock(row: ClockRow) -> clocks.Clock:
    """A stored clock as the rules read it."""
    promise = Promise(
        stage=Stage(row.stage),
        amount=Decimal(row.amount),
        unit=Unit(row.unit),
        start_rule=StartRule(row.start_rule),
        id=row.promise_id,
    )
    return clocks.Clock(
        promise=promise,
        started_at=row.started_at,
        pauses=tuple(
            clocks.Pause(
                datetime.fromisoformat(pause["from"]),
                datetime.fromisoformat(pause["until"]) if pause.get("until") else None,
            )
            for pause in row.pauses
        ),
        extensions=tuple(
            clocks.Extension(Decimal(str(one["amount"])), datetime.fromisoformat(one["asked_at"]))
            for one in row.extensions
        ),
        stopped_at=row.stopped_at,
    )


def due(clock: clocks.Clock, community_id: int) -> tuple[datetime | None, datetime | None]:
    """When the promise is used up, and when only a fifth of it is left."""
    moments = clocks.times(clock, calendar.load(community_id))
    return moments.due_at, moments.at_risk_at if moments.due_at else None


def first_deadline(
    community_id: int, *, category_code: str, urgency: str, stage: Stage, at: datetime
) -> tuple[Promise, datetime | None, datetime | None] | None:
    """The promise for a stage that begins now, with its due and at-risk moments; None if nothing is promised."""
    promised = reference.promised(
        community_id, category_code=category_code, urgency=urgency, on=at.astimezone(LOCAL).date()
    )
    promise = promised.get(stage)
    if promise is None:
        return None
    return promise, *due(clocks.Clock(promise=promise, started_at=at), community_id)


def start(case: Case, stages: Iterable[Stage], *, at: datetime, task: Task | None = None) -> None:
    """Start the clocks of these stages, unless they already run (a hand-over keeps its clock)."""
    running = {row.stage: row for row in ClockRow.objects.filter(case=case, task=task).order_by("round")}
    for stage in sorted(stages):
        last = running.get(stage.value)
        if last is not None and last.stopped_at is None:
            continue
        found = first_deadline(
            case.community_id, category_code=case.category_code, urgency=case.urgency, stage=stage, at=at
        )
        if found is None:
            continue
        promise, due_at, at_risk_at = found
        ClockRow.objects.create(
            community_id=case.community_id,
            case=case,
            task=task,
            stage=stage.value,
            round=last.round + 1 if last else 1,
            amount=promise.amount,
            unit=promise.unit.value,
            start_rule=promise.start_rule.value,
            promise_id=promise.id,
            started_at=at,
            due_at=due_at,
            at_risk_at=at_risk_at,
            ladder_at=at if task is None else None,
        )


def stop(rows: Sequence[ClockRow], stages: Iterable[Stage], *, at: datetime, met: bool = True) -> None:
    """Stop the running clocks of these stages: met in time or late, or dropped (``met=False``) without a verdict."""
    wanted = {stage.value for stage in stages}
    for row in rows:
        if row.stage not in wanted or row.stopped_at is not None:
            continue
        close_pause(row, at)
        row.due_at, row.at_risk_at = due(as_clock(row), row.community_id)
        row.stopped_at = max(at, row.started_at)  # a machine's clock may jump back; a promise never does
        row.met = (row.due_at is None or whole_second(at) <= row.due_at) if met else None
        row.save(update_fields=["stopped_at", "met", "pauses", "due_at", "at_risk_at"])


def look_again(rows: Iterable[ClockRow]) -> None:
    """Have the sweep see at once which rung of the ladder the running promises are at."""
    for row in rows:
        if row.stopped_at is None and row.task_id is None:
            row.ladder_at = row.started_at
            row.save(update_fields=["ladder_at"])


def _retime(row: ClockRow) -> None:
    retimed(row)
    row.save(update_fields=TIMED)


def retimed(row: ClockRow) -> None:
    """The moments anew (not saved). What is in time again may be said again: that little is left, that it is broken."""
    before = (row.at_risk_at, row.due_at)
    row.due_at, row.at_risk_at = due(as_clock(row), row.community_id)
    if before[0] is None or row.at_risk_at is None or row.at_risk_at > before[0]:
        row.reminded_at = None
    if row.broken_at is not None and row.due_at is not None and row.due_at >= row.broken_at:
        row.broken_at = None
    row.ladder_at = row.started_at if row.task_id is None else None


def run_on(rows: Sequence[ClockRow], stages: Iterable[Stage]) -> None:
    """Let the last clock of these stages run on as if it had never stopped: work sent back was never done."""
    for stage in stages:
        of_stage = [row for row in rows if row.stage == stage.value and row.task_id is None]
        if of_stage and of_stage[-1].stopped_at is not None:
            row = of_stage[-1]
            row.stopped_at, row.met = None, None
            _retime(row)


def pause(rows: Sequence[ClockRow], *, at: datetime, move: int) -> None:
    """Stop counting on every running clock of the case until it is resumed."""
    for row in rows:
        if row.stopped_at is None and row.task_id is None:
            row.pauses = [*row.pauses, {"from": at.isoformat(), "until": None, "move": move}]
            _retime(row)  # the moment it was due stays if it is broken already


def resume(rows: Sequence[ClockRow], *, at: datetime) -> None:
    """Count again."""
    for row in rows:
        if row.stopped_at is None and row.task_id is None:
            close_pause(row, at)
            _retime(row)


def extend(rows: Sequence[ClockRow], *, amount: Decimal, asked_at: datetime, move: int) -> None:
    """Give the running resolve clock more time, in its own unit, as of the moment it was asked for."""
    for row in rows:
        if row.stage == Stage.RESOLVE.value and row.stopped_at is None and row.task_id is None:
            row.extensions = [
                *row.extensions,
                {"amount": str(amount), "asked_at": asked_at.isoformat(), "move": move},
            ]
            _retime(row)


def next_deadline(case: Case) -> None:
    """Put the earliest running deadline of the case itself on its row (not saved here)."""
    first_of(case, ClockRow.objects.filter(case=case, stopped_at__isnull=True, task__isnull=True))


def first_of(case: Case, running: Iterable[ClockRow]) -> None:
    """Put the earliest of these deadlines, its own running ones, on a case (not saved here)."""
    first = min(((row.due_at, row.pk, row) for row in running if row.due_at), default=None)
    case.due_at = first[0] if first else None
    case.due_stage = first[2].stage if first else ""
    case.at_risk_at = first[2].at_risk_at if first else None


def close_pause(row: ClockRow, at: datetime) -> None:
    """End the open pause of a clock (not saved): at this moment, but not before it began."""
    if row.pauses and row.pauses[-1]["until"] is None:
        until = max(at, datetime.fromisoformat(row.pauses[-1]["from"]))
        row.pauses = [*row.pauses[:-1], row.pauses[-1] | {"until": until.isoformat()}]
