"""What residents said when they were called back: per case the final outcome, solved, satisfied. Read by the figures.

`said`, `unreached` and `called` are conditions for `Case.objects.filter`, as those of `facts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, When

from linli.cases.models import CallBack
from linli.cases.models import Case as CaseRow
from linli.cases.rules.callback import Outcome, Why

WHEN = {"closed": "closed_at", "called": "called_at"}
PLAIN = (
    "case_id", "case__number", "organisation_id", "category_code", "channel", "closed_at", "called_at", "state", "why",
    "outcome", "solved", "satisfied", "stars", "reopened", "approved",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """How the call-back after a case's last closing stands, or ended."""

    case_id: int
    number: str
    organisation_id: int | None
    category_code: str
    channel: str
    closed_at: datetime
    called_at: datetime | None
    state: str  # skipped (not drawn) | open (to be called) | done | lapsed (taken up again or archived before a call)
    why: str  # "" (not drawn) | rule | no_plan | minimum | asked (called although not drawn)
    outcome: str  # "" | reached | unreachable | refused | wrong_number | no_contact
    solved: bool | None  # in the resident's own words; None where nothing was said of it
    satisfied: bool | None  # three stars of five and more
    stars: int | None
    reopened: bool  # the call took the case up again
    answered: bool | None  # a reasoned answer: approved; None where there is none

    @property
    def drawn(self) -> bool:
        """Whether the plan chose it, so that it may stand for others."""
        return self.why not in {Why.NOT_DRAWN, Why.ASKED}


def rows(community_id: int, *, start: datetime, end: datetime, by: str = "closed") -> QuerySet[CallBack]:
    """The last closing of each case closed (``by="closed"``) or called (``by="called"``) in [start, end)."""
    moment = WHEN[by]
    period = {f"{moment}__gte": start, f"{moment}__lt": end}
    return CallBack.objects.filter(community_id=community_id, last=True, **period)


def outcomes(
    community_id: int, *, start: datetime, end: datetime, by: str = "closed"
) -> tuple[CallOutcome, ...]:
    """`rows` as plain values, in the order of their moments."""
    found = rows(community_id, start=start, end=end, by=by).order_by(WHEN[by], "pk").values_list(*PLAIN)
    return tuple(CallOutcome(*values) for values in found)


def with_outcomes(cases: QuerySet[CaseRow]) -> QuerySet[CaseRow]:
    """These cases with what their last call-back came to, in one join.

    Adds ``call_state call_why call_outcome call_solved call_satisfied call_stars called_at call_drawn``; all null for a
    case that has not been closed since call-backs are drawn. What the resident said last, in a call or by their own
    rating, stands in the case's own ``solved`` and ``stars``.
    """
    joined = cases.annotate(call=FilteredRelation("callbacks", condition=Q(callbacks__last=True)))
    return joined.annotate(
        call_state=F("call__state"),
        call_why=F("call__why"),
        call_outcome=F("call__outcome"),
        call_solved=F("call__solved"),
        call_satisfied=F("call__satisfied"),
        call_stars=F("call__stars"),
        called_at=F("call__called_at"),
        call_drawn=Case(
            When(call__why__in=[Why.RULE.value, Why.NO_PLAN.value, Why.MINIMUM.value], then=True),
            When(call__why__isnull=False, then=False),
            output_field=BooleanField(null=True),
        ),
    )


def said(community_id: int, **words: Any) -> Exists:
    """The call-back of the closing that stands came to this: ``solved=True``, ``stars__gte=4``."""
    return Exists(_of_standing(community_id).filter(**words))


def unreached(community_id: int) -> Exists:
    """The call-back of the closing that stands ended without the resident's word: not reached, refused, no number."""
    return Exists(_of_standing(community_id).exclude(outcome=Outcome.REACHED.value))


def _of_standing(community_id: int) -> QuerySet[CallBack]:
    """Of a case taken up again, the call before says nothing any more."""
    return CallBack.objects.filter(
        case=OuterRef("pk"),
        community_id=community_id,
        last=True,
        state=CallBack.State.DONE.value,
        closed_at=OuterRef("closed_at"),
    )


def called(community_id: int, since: datetime, until: datetime, **more: Any) -> Exists:
    """A call-back ended in this time, of whichever closing; one that nobody could make for want of a number is none."""
    when = {"called_at__gte": since, "called_at__lt": until}
    rows_ = CallBack.objects.filter(case=OuterRef("pk"), community_id=community_id, **when, **more)
    return Exists(rows_.exclude(outcome=Outcome.NO_CONTACT.value))


def in_calls(community_id: int, since: datetime, until: datetime) -> QuerySet[CaseRow]:
    """The cases, once for each call-back that ended in a time; the call is told as ``step_at`` and ``step_outcome``."""
    wanted = Q(callbacks__called_at__gte=since, callbacks__called_at__lt=until)
    real = [one.value for one in Outcome if one is not Outcome.NO_CONTACT]
    found = CaseRow.objects.filter(wanted & Q(callbacks__outcome__in=real), community_id=community_id)
    return found.annotate(step_at=F("callbacks__called_at"), step_outcome=F("callbacks__outcome"))
