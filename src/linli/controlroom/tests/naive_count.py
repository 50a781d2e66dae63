"""Every figure counted once more, slowly and plainly: from the rows of cases, moves and clocks, in Python alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from linli.cases.models import CallBack, Case, ClockRow, Move, Supervision, Task
from linli.controlroom.models import Exclusion
from linli.controlroom.rules.catalog import Of, Spec, Test
from linli.controlroom.rules.definitions import CountedOn, Definition
from linli.controlroom.rules.figures import By, Period
from linli.controlroom.rules.verdicts import Facts, Kept, Verdict, Word, verdict
from linli.kernel.clock import LOCAL

OPEN = {
    "reported", "accepted", "dispatched", "signed", "returned", "ruled", "handling", "paused", "reopened", "handled",
    "verifying",
}  # fmt: skip
ENDS = ("declined", "merged", "withdrawn", "voided")


@dataclass
class Seen:
    """One case with all that happened to it."""

    case: Case
    moves: list[Move]
    clocks: list[ClockRow]
    tasks: list[Task]
    left_out: list[Exclusion]
    calls: list[CallBack]
    letters: list[Supervision]

    def of(self, *verbs: str) -> list[Move]:
        """Its moves of these verbs, in order."""
        return [move for move in self.moves if move.verb in verbs]

    @property
    def ended_as(self) -> str:
        """How it ended without being settled, whether archived since or not."""
        if self.case.state == "archived":
            before = self.of("archive")[-1].from_state
            return before if before in ENDS else ""
        return self.case.state if self.case.state in ENDS else ""


@dataclass
class Counted:
    """The parts of a figure by the numbers of the cases in them."""

    numerator: set[str]
    denominator: set[str]
    excluded: set[str]
    hours: list[float]


def everything(community_id: int) -> list[Seen]:
    """All cases of the community."""
    return [
        Seen(
            case,
            list(Move.objects.filter(case=case).order_by("seq")),
            list(ClockRow.objects.filter(case=case, task__isnull=True)),
            list(Task.objects.filter(case=case)),
            list(Exclusion.objects.filter(case=case)),
            list(CallBack.objects.filter(case=case).order_by("round")),
            list(Supervision.objects.filter(case=case)),
        )
        for case in Case.objects.filter(community_id=community_id)
    ]


def inside(at: datetime | None, period: Period) -> bool:
    """Whether a moment lies in a period."""
    return at is not None and period.start <= at < period.end


def count(
    spec: Spec,
    one: Definition | None,
    all_: list[Seen],
    period: Period,
    at: datetime,
    group: Callable[[Seen], bool],
) -> Counted:
    """One figure over the cases of a group."""
    found = Counted(set(), set(), set(), [])
    for seen in all_:
        if not group(seen) or not belongs(spec, one, seen, period):
            continue
        number = seen.case.number
        said = verdict(one, spec.test, facts(one, seen, all_, at)) if one else simple(spec, seen, period, at)
        if said is Verdict.YES:
            found.numerator.add(number)
        if said in {Verdict.YES, Verdict.NO}:
            found.denominator.add(number)
        else:
            found.excluded.add(number)
        if spec.test is Test.HOURS and said is Verdict.YES and seen.case.closed_at:
            found.hours.append((seen.case.closed_at - seen.case.reported_at).total_seconds() / 3600)
    return found


def belongs(spec: Spec, one: Definition | None, seen: Seen, period: Period) -> bool:
    """Whether the figure looks at this case in this period."""
    if spec.of is Of.OPEN:
        return seen.case.state in OPEN
    if spec.of is Of.MOVED:
        return bool(steps(spec, seen, period))
    if spec.of is Of.CALLED:
        return bool(calls(seen, period))
    if spec.of is Of.WATCHED:
        return any(inside(letter.opened_at, period) for letter in seen.letters)
    if one is None or one.counted_on is CountedOn.REPORTED:
        return inside(seen.case.reported_at, period)
    verbs = {"dispatched": ("dispatch",), "settled": ("close", "reply"), "heard": ("follow_up", "rate")}[
        one.counted_on
    ]
    made = seen.of(*verbs)
    if not made:
        return False
    return inside(made[0].at if one.counted_on is CountedOn.DISPATCHED else made[-1].at, period)


def steps(spec: Spec, seen: Seen, period: Period) -> list[Move]:
    """The moves by which a case comes to be looked at."""
    made = [move for move in seen.of(*(verb.value for verb in spec.verbs)) if inside(move.at, period)]
    return [move for move in made if not spec.from_state or move.from_state == spec.from_state]


def calls(seen: Seen, period: Period) -> list[CallBack]:
    """The call-backs that somebody made in a period."""
    return [call for call in seen.calls if inside(call.called_at, period) and call.outcome != "no_contact"]


def simple(spec: Spec, seen: Seen, period: Period, at: datetime) -> Verdict:
    """Whether a figure that nobody defines counts the case."""
    case, made = seen.case, steps(spec, seen, period) if spec.verbs else []
    now = at.replace(microsecond=0)
    broken = case.due_at is not None and case.due_at < now
    paused = not broken and case.state == "paused"
    risky = not broken and not paused and case.at_risk_at is not None and case.at_risk_at <= now
    ways: dict[Test, Callable[[], bool]] = {
        Test.ALL: lambda: True,
        Test.BROKEN: lambda: broken,
        Test.PAUSED: lambda: paused,
        Test.AT_RISK: lambda: risky,
        Test.IN_TIME: lambda: not broken and not paused and not risky,
        Test.UNACCEPTED: lambda: case.state == "reported",
        Test.UNSIGNED: lambda: case.state == "dispatched",
        Test.URGENT: lambda: case.urgency in {"urgent", "critical"},
        Test.JOINT: lambda: any(task.state == "open" for task in seen.tasks),
        Test.SUPERVISED: lambda: any(letter.open for letter in seen.letters),
        Test.REOPENED: lambda: any(back.seq > move.seq for move in made for back in seen.of("reopen")),
        Test.REDONE: lambda: any(back.seq < move.seq for move in made for back in seen.of("redo")),
        Test.REACHED: lambda: any(call.outcome == "reached" for call in calls(seen, period)),
        Test.HOURS: lambda: inside(case.closed_at, period),
    }
    held = ways[spec.test]()
    if spec.test is Test.HOURS and not held:
        return Verdict.PENDING
    return Verdict.YES if held else Verdict.NO


def facts(one: Definition, seen: Seen, all_: Iterable[Seen], at: datetime) -> Facts:
    """What the pure rule wants to know of the case."""
    case = seen.case
    standing = [call for call in seen.calls if call.last and call.closed_at == case.closed_at]
    said = next((call for call in standing if call.state == "done"), None)
    holding = [row for row in seen.left_out if row.granted and row.lifted_at is None]
    return Facts(
        kind=case.kind,
        ended_as=seen.ended_as,
        approved_out=any(not row.codes or one.code in row.codes for row in holding),
        promises={stage: kept(seen, stage, at) for stage in ("sign", "first_contact", "resolve")},
        word=Word(case.solved, case.stars),
        called_back=Word(said.solved, said.stars) if said else Word(),
        unreached=said is not None and said.outcome != "reached",
        returns=case.returns,
        measurable=case.building_id is not None and case.category_code != "",
        came_back=any(settled_before(other, seen, one.window_days) for other in all_),
    )


def kept(seen: Seen, stage: str, at: datetime) -> Kept:
    """How the promises of one stage went."""
    rows = [row for row in seen.clocks if row.stage == stage]
    now = at.replace(microsecond=0)
    if any(row.met is False or (row.stopped_at is None and row.due_at and row.due_at < now) for row in rows):
        return Kept.LATE
    if any(row.stopped_at is None for row in rows):
        return Kept.RUNNING
    return Kept.MET if any(row.met for row in rows) else Kept.NONE


def settled_before(other: Seen, seen: Seen, days: int) -> bool:
    """Whether the other case was settled at the same building, in the same category, shortly before this one came."""
    then, now = other.case, seen.case
    same = then.building_id == now.building_id and then.category_code == now.category_code
    if not same or then.closed_at is None or other.ended_as:
        return False
    return now.reported_at - timedelta(days=days) <= then.closed_at < now.reported_at


def groups(by: By, spec: Spec, one: Definition | None, period: Period) -> Callable[[Seen], set[str]]:
    """To which groups a case belongs."""

    def body(seen: Seen) -> set[str]:
        if by is By.CATEGORY:
            return {seen.case.category_code.partition(".")[0] or "-"}
        if by is By.GRID:
            return {str(seen.case.grid_id or "-")}
        if [verb.value for verb in spec.verbs] == ["return"]:
            return {str(move.organisation_id or "-") for move in steps(spec, seen, period)}
        if one is not None and one.owner.value == "first":
            sent = seen.of("dispatch")
            return {str((sent[0].organisation_id if sent else None) or "-")}
        return {str(seen.case.organisation_id or "-")}

    return body


def day_of(at: datetime) -> date:
    """The local day."""
    return at.astimezone(LOCAL).date()


def value(spec: Spec, found: Counted) -> float | None:
    """The figure's value."""
    if spec.counts:
        return float(len(found.numerator))
    if spec.test is Test.HOURS:
        return median(found.hours) if found.hours else None
    return len(found.numerator) / len(found.denominator) if found.denominator else None
