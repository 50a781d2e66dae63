"""The catalogue's words as conditions on rows: whom a figure looks at, whom it counts, and why not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case as Choice
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value, When

from linli.cases.queries import callbacks, facts
from linli.cases.rules.callback import Outcome
from linli.cases.rules.workflow import State, Verb
from linli.controlroom.models import Exclusion
from linli.controlroom.rules.catalog import Of, Spec, Test
from linli.controlroom.rules.definitions import (
    LEAVABLE_ENDS,
    LEAVABLE_KINDS,
    CountedOn,
    Definition,
    Handling,
    Source,
)
from linli.controlroom.rules.figures import Period
from linli.controlroom.rules.verdicts import Verdict

ANCHORS: dict[CountedOn, tuple[Verb, ...]] = {
    CountedOn.DISPATCHED: (Verb.DISPATCH,),
    CountedOn.SETTLED: (Verb.CLOSE, Verb.REPLY),
    CountedOn.HEARD: (Verb.FOLLOW_UP, Verb.RATE),
}
CASE = QuerySet[Any]


def looked_at(spec: Spec, one: Definition | None, community_id: int, period: Period) -> CASE:
    """The cases a figure looks at in a period, each once."""
    return facts.of(community_id).filter(looks_at(spec, one, community_id, period))


def looks_at(spec: Spec, one: Definition | None, community_id: int, period: Period) -> Q:
    """`looked_at` as a condition on the cases of the community."""
    when = (period.start, period.end)
    if spec.of is Of.OPEN:
        return facts.OPEN_NOW
    if spec.of is Of.MOVED:
        more: dict[str, Any] = {"from_state": spec.from_state} if spec.from_state else {}
        return Q(facts.moved(community_id, spec.verbs, *when, **more))
    if spec.of is Of.CALLED:
        return Q(callbacks.called(community_id, *when))
    if spec.of is Of.WATCHED:
        return Q(facts.letter_opened(community_id, *when))
    if one is None or one.counted_on is CountedOn.REPORTED:
        return reported_in(period)
    verbs = ANCHORS[one.counted_on]
    if one.counted_on is CountedOn.DISPATCHED:
        beside = facts.moved_before(community_id, verbs, period.start)
    else:
        beside = facts.moved_after(community_id, verbs, period.end)
    return Q(facts.moved(community_id, verbs, *when)) & Q(~beside)


def reported_in(period: Period) -> Q:
    """Reported in a period."""
    return Q(reported_at__gte=period.start, reported_at__lt=period.end)


def in_steps(spec: Spec, one: Definition | None, community_id: int, period: Period) -> tuple[CASE, str]:
    """As `looked_at`, and the column of the moment at which each came to be looked at.

    A case that made the same step twice comes twice, for each day on which it did. Open cases have no such step; they
    are told by the day of their report.
    """
    if spec.of is Of.OPEN:
        return looked_at(spec, one, community_id, period).filter(reported_in(period)), "reported_at"
    if spec.of is Of.CALLED:
        return callbacks.in_calls(community_id, period.start, period.end), "step_at"
    if spec.of is Of.WATCHED:
        return facts.in_letters(community_id, period.start, period.end), "step_at"
    if spec.of is not Of.MOVED and (one is None or one.counted_on is CountedOn.REPORTED):
        return looked_at(spec, one, community_id, period), "reported_at"
    verbs = spec.verbs if one is None else ANCHORS[one.counted_on]
    when = (period.start, period.end)
    found = facts.in_steps(community_id, verbs, *when, from_state=spec.from_state)
    if one is not None:
        first = one.counted_on is CountedOn.DISPATCHED
        found = found.filter(~facts.other_step(community_id, verbs, earlier=first))
    return found, "step_at"


def counted(spec: Spec, community_id: int, period: Period, at: datetime, *, stepwise: bool = False) -> Q:
    """Which of the cases looked at are counted, for figures that nobody defines.

    :param stepwise: ask it of the step joined by `in_steps`, not of any step of the period.
    """
    simple = _of_open(at) | {
        Test.ALL: Q(),
        Test.JOINT: Q(facts.with_open_parts(community_id)),
        Test.SUPERVISED: Q(facts.supervised(community_id)),
    }
    if spec.test in simple:
        return simple[spec.test]
    return (_of_step if stepwise else _of_steps)(spec, community_id, period)


def _of_steps(spec: Spec, community_id: int, period: Period) -> Q:
    when = (community_id, spec.verbs, period.start, period.end)
    if spec.test is Test.REOPENED:
        return Q(facts.moved_beside(*when, beside=Verb.REOPEN, earlier=False))
    if spec.test is Test.REDONE:
        return Q(facts.moved_beside(*when, beside=Verb.REDO, earlier=True))
    if spec.test is Test.REACHED:
        return Q(callbacks.called(community_id, period.start, period.end, outcome=Outcome.REACHED.value))
    return Q(closed_at__gte=period.start, closed_at__lt=period.end)


def _of_step(spec: Spec, community_id: int, _period: Period) -> Q:
    if spec.test is Test.REOPENED:
        return Q(facts.other_step(community_id, [Verb.REOPEN], earlier=False))
    if spec.test is Test.REDONE:
        return Q(facts.other_step(community_id, [Verb.REDO], earlier=True))
    if spec.test is Test.REACHED:
        return Q(step_outcome=Outcome.REACHED.value)
    return Q(closed_at=F("step_at"))


def _of_open(at: datetime) -> dict[Test, Q]:
    second = at.replace(microsecond=0)
    broken = Q(due_at__lt=second, due_at__isnull=False)
    paused = ~broken & Q(state=State.PAUSED.value)
    risky = Q(at_risk_at__lte=second, at_risk_at__isnull=False)
    return {
        Test.BROKEN: broken,
        Test.PAUSED: paused,
        Test.AT_RISK: ~broken & ~paused & risky,
        Test.IN_TIME: ~broken & ~paused & ~risky,
        Test.UNACCEPTED: Q(state=State.REPORTED.value),
        Test.UNSIGNED: Q(state=State.DISPATCHED.value),
        Test.URGENT: Q(urgency__in=["urgent", "critical"]),
    }


def verdict(spec: Spec, one: Definition, community_id: int, at: datetime) -> Choice:
    """What a defined rate says of each case, as one expression; the same as ``rules.verdicts.verdict``."""
    whens = [When(held, then=Value(said.value)) for held, said in verdicts(spec, one, community_id, at)]
    return Choice(*whens, default=Value(Verdict.NO.value), output_field=CharField())


def verdicts(spec: Spec, one: Definition, community_id: int, at: datetime) -> _Whens:
    """`verdict` as conditions, of which the first that holds says it; where none holds it is no."""
    return [*_left_out(one, community_id), *_judged(spec, one, community_id, at)]


_Whens = list[tuple[Q, Verdict]]


def _left_out(one: Definition, community_id: int) -> _Whens:
    found: _Whens = []
    if one.approved_out:
        found.append((Q(approved(community_id, one.code)), Verdict.APPROVED))
    ends = [end for end in LEAVABLE_ENDS if end in one.leave_out]
    kinds = [kind for kind in LEAVABLE_KINDS if kind in one.leave_out]
    if ends:
        found.append((facts.ended_as(community_id, ends), Verdict.ENDED))
    if kinds:
        found.append((Q(kind__in=kinds), Verdict.KIND))
    return found


def approved(community_id: int, code: str) -> Exists:
    """The case is excluded from this rate, with the approval of a second person that still holds."""
    granted = Exclusion.objects.filter(
        case=OuterRef("pk"), community_id=community_id, granted=True, lifted_at__isnull=True
    )
    return Exists(granted.filter(Q(codes__contains=[code]) | Q(codes=[])))


def _judged(spec: Spec, one: Definition, community_id: int, at: datetime) -> _Whens:
    if spec.test is Test.PROMISES:
        return _promises(one, community_id, at)
    if spec.test is Test.RETURNED:
        return [(Q(returns__gt=0), Verdict.YES)]
    if spec.test is Test.CAME_BACK:
        unknown = Q(building__isnull=True) | Q(category_code="")
        return [
            (unknown, Verdict.UNMEASURED),
            (Q(facts.came_back(community_id, one.window_days)), Verdict.YES),
        ]
    return _outcome(spec, one, community_id)


def _promises(one: Definition, community_id: int, at: datetime) -> _Whens:
    late, running, met = Q(), Q(), Q()
    for stage in one.promises:
        late |= Q(facts.late(community_id, stage, at))
        running |= Q(facts.running(community_id, stage))
        met |= Q(facts.met(community_id, stage))
    return [
        (late, Verdict.NO),
        (running, Verdict.PENDING),
        (met, Verdict.YES),
        (Q(pk__isnull=False), Verdict.UNMEASURED),
    ]


def _outcome(spec: Spec, one: Definition, community_id: int) -> _Whens:
    said: Q
    held: Q
    if one.source is Source.EITHER:
        column = "solved" if spec.test is Test.SOLVED else "stars"
        said = Q(**{f"{column}__isnull": False})
        held = Q(solved=True) if spec.test is Test.SOLVED else Q(stars__gte=one.stars)
    elif spec.test is Test.SOLVED:
        said = Q(callbacks.said(community_id, solved__isnull=False))
        held = Q(callbacks.said(community_id, solved=True))
    else:
        said = Q(callbacks.said(community_id, stars__isnull=False))
        held = Q(callbacks.said(community_id, stars__gte=one.stars))
    unreached = Q(callbacks.unreached(community_id))
    return [
        (held, Verdict.YES),
        (said, Verdict.NO),
        (unreached, _unknown(one.unreachable, Verdict.UNREACHABLE)),
        (Q(pk__isnull=False), _unknown(one.silent, Verdict.SILENT)),
    ]


def _unknown(handling: Handling, left: Verdict) -> Verdict:
    if handling is Handling.DROPPED:
        return left
    return Verdict.YES if handling is Handling.FOR else Verdict.NO
