"""What others may ask of many cases at once, as conditions on rows: what was done when, how promises went, who said what.

Made for figures (`controlroom`): each is a condition for `Case.objects.filter`, so that a count and its list of cases
come from the same words. Conditions of one community name it, so that its indexes serve.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from linli.cases.models import Case, ClockRow, Move, Supervision, Task
from linli.cases.rules.workflow import OPEN, State, Verb

UNSETTLED = tuple(state.value for state in (State.DECLINED, State.MERGED, State.WITHDRAWN, State.VOIDED))
OPEN_NOW = Q(state__in=[state.value for state in OPEN])


def of(community_id: int) -> QuerySet[Case]:
    """Every case of a community."""
    return Case.objects.filter(community_id=community_id)


def moved(community_id: int, verbs: Iterable[Verb], since: datetime, until: datetime, **more: Any) -> Exists:
    """A move of one of these verbs was made from ``since`` up to ``until``.

    :param more: further conditions on that move, by column: from_state, organisation_id.
    """
    return Exists(_moves(community_id, verbs, at__gte=since, at__lt=until, **more))


def moved_before(community_id: int, verbs: Iterable[Verb], at: datetime) -> Exists:
    """A move of one of these verbs was made earlier than ``at``."""
    return Exists(_moves(community_id, verbs, at__lt=at))


def moved_after(community_id: int, verbs: Iterable[Verb], at: datetime) -> Exists:
    """A move of one of these verbs was made at ``at`` or later."""
    return Exists(_moves(community_id, verbs, at__gte=at))


def _moves(community_id: int, verbs: Iterable[Verb], **more: Any) -> QuerySet[Move]:
    wanted = [verb.value for verb in verbs]
    return Move.objects.filter(case=OuterRef("pk"), community_id=community_id, verb__in=wanted, **more)


def first_body(community_id: int) -> QuerySet[Move, Any]:
    """The body a case was first sent to, one value a case."""
    return _moves(community_id, [Verb.DISPATCH]).order_by("seq").values("organisation_id")[:1]


def in_steps(
    community_id: int, verbs: Iterable[Verb], since: datetime, until: datetime, *, from_state: str = ""
) -> QuerySet[Case]:
    """The cases, once for each move of these verbs in a time; the move is told as ``step_at`` ``step_seq`` ``step_data``
    and ``step_body``."""
    wanted = Q(moves__verb__in=[verb.value for verb in verbs], moves__at__gte=since, moves__at__lt=until)
    if from_state:
        wanted &= Q(moves__from_state=from_state)
    # Annotations use the join of the filter before them; a second filter would join another move.
    return (
        of(community_id)
        .filter(wanted)
        .annotate(
            step_at=F("moves__at"),
            step_seq=F("moves__seq"),
            step_data=F("moves__data"),
            step_body=F("moves__organisation_id"),
        )
    )


def moved_beside(
    community_id: int,
    verbs: Iterable[Verb],
    since: datetime,
    until: datetime,
    *,
    beside: Verb,
    earlier: bool,
) -> Exists:
    """A move of ``verbs`` was made in this time, and one of ``beside`` earlier (or later) than it.

    Asked from ``beside``, which is rare, so that the common moves are looked up and not listed.
    """
    way = {"seq__gt" if earlier else "seq__lt": OuterRef("seq")}
    wanted = [verb.value for verb in verbs]
    common = Move.objects.filter(case=OuterRef("case"), verb__in=wanted, at__gte=since, at__lt=until, **way)
    return Exists(_moves(community_id, [beside]).filter(Exists(common)))


def other_step(community_id: int, verbs: Iterable[Verb], *, earlier: bool) -> Exists:
    """There is an earlier (or a later) move of these verbs than the one of `in_steps`."""
    way = {"seq__lt" if earlier else "seq__gt": OuterRef("step_seq")}
    return Exists(_moves(community_id, verbs, **way))


def late(community_id: int, stage: str, at: datetime) -> Exists:
    """A promise of this stage was met late, or runs and is past its time at ``at``."""
    passed = Q(met=False) | Q(stopped_at__isnull=True, due_at__lt=at.replace(microsecond=0))
    return Exists(_clocks(community_id, stage).filter(passed))


def running(community_id: int, stage: str) -> Exists:
    """A promise of this stage runs."""
    return Exists(_clocks(community_id, stage).filter(stopped_at__isnull=True))


def met(community_id: int, stage: str) -> Exists:
    """A promise of this stage was kept."""
    return Exists(_clocks(community_id, stage).filter(met=True))


def _clocks(community_id: int, stage: str) -> QuerySet[ClockRow]:
    return ClockRow.objects.filter(
        case=OuterRef("pk"), community_id=community_id, stage=stage, task__isnull=True
    )


def ended_as(community_id: int, states: Iterable[str]) -> Q:
    """It ended in one of these states, whether archived since or not."""
    wanted = list(states)
    archived = Exists(_moves(community_id, [Verb.ARCHIVE], from_state__in=wanted))
    return Q(state__in=wanted) | (Q(state=State.ARCHIVED.value) & Q(archived))


def with_open_parts(community_id: int) -> Exists:
    """Another body still has its part of the case to do."""
    return Exists(
        Task.objects.filter(case=OuterRef("pk"), community_id=community_id, state=Task.State.OPEN.value)
    )


def supervised(community_id: int) -> Exists:
    """A letter of a supervisor stands."""
    return Exists(_letters(community_id, ended_at__isnull=True))


def letter_opened(community_id: int, since: datetime, until: datetime) -> Exists:
    """A letter of a supervisor was opened in this time, by a person or by the ladder."""
    return Exists(_letters(community_id, opened_at__gte=since, opened_at__lt=until))


def in_letters(community_id: int, since: datetime, until: datetime) -> QuerySet[Case]:
    """The cases, once for each letter opened in a time; its moment is told as ``step_at``."""
    wanted = Q(supervisions__opened_at__gte=since, supervisions__opened_at__lt=until)
    return of(community_id).filter(wanted).annotate(step_at=F("supervisions__opened_at"))


def _letters(community_id: int, **more: Any) -> QuerySet[Supervision]:
    return Supervision.objects.filter(case=OuterRef("pk"), community_id=community_id, **more)


def came_back(community_id: int, days: int) -> Exists:
    """Another case of the same building and category was closed within so many days before it was reported."""
    earlier = Case.objects.filter(
        community_id=community_id,
        building=OuterRef("building"),
        category_code=OuterRef("category_code"),
        closed_at__lt=OuterRef("reported_at"),
        closed_at__gte=OuterRef("reported_at") - timedelta(days=days),
    )
    return Exists(earlier.exclude(ended_as(community_id, UNSETTLED)))


HOURS_TO_SETTLE = F("closed_at") - F("reported_at")
