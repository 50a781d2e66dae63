"""The queue of calls: who is to be called next, which answers wait, what was said lately."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from linli.cases.models import CallBack, CallTry, ClockRow
from linli.cases.rules.callback import LEAST_CONTENT, Outcome
from linli.cases.rules.promises import Stage
from linli.cases.rules.workflow import SETTLED

VIEWS = ("now", "later", "unsatisfied", "answers", "done")
SETTLED_STATES = [state.value for state in SETTLED]
UNSATISFIED = Q(solved=False) | Q(stars__lt=LEAST_CONTENT)


def rows(community_id: int, view: str, *, at: datetime) -> QuerySet[CallBack]:
    """One list of the queue.

    ``now``: to be called, what was special first, then what was closed first; ``later``: not before a moment;
    ``unsatisfied``: not satisfied, not taken up again, and no reasoned answer yet; ``answers``: waiting for the leader;
    ``done``: ended, the newest first.
    """
    found = CallBack.objects.filter(community_id=community_id).select_related(
        "case", "case__grid", "case__building", "organisation"
    )
    to_call = found.filter(state=CallBack.State.OPEN)
    if view == "now":
        special = Case(When(triggers=[], then=Value(1)), default=Value(0), output_field=IntegerField())
        waiting = to_call.filter(Q(again_at__isnull=True) | Q(again_at__lte=at)).alias(special=special)
        return waiting.order_by("special", "closed_at", "pk")
    if view == "later":
        return to_call.filter(again_at__gt=at).order_by("again_at", "pk")
    if view == "answers":
        return waiting_answers(found).order_by("answer_at", "pk")
    if view == "unsatisfied":
        return unsatisfied(found).order_by("called_at", "pk")
    return found.filter(state=CallBack.State.DONE).order_by(F("called_at").desc(nulls_last=True), "-pk")


def waiting_answers(found: QuerySet[CallBack]) -> QuerySet[CallBack]:
    """Those whose reasoned answer waits to be approved."""
    return found.filter(
        last=True, answer_at__isnull=False, approved__isnull=True, case__state__in=SETTLED_STATES
    )


def unsatisfied(found: QuerySet[CallBack]) -> QuerySet[CallBack]:
    """Those who are not satisfied and have neither a reasoned answer nor their case taken up again."""
    unanswered = Q(answer_at__isnull=True) | Q(approved=False)
    return found.filter(
        UNSATISFIED, unanswered, last=True, outcome=Outcome.REACHED.value, case__state__in=SETTLED_STATES
    )


def counts(community_id: int, *, at: datetime) -> dict[str, int]:
    """How many each list holds; what is over is not counted."""
    return {view: rows(community_id, view, at=at).count() for view in VIEWS if view != "done"}


def tries(row: CallBack) -> list[CallTry]:
    """The calls that were made, in order."""
    return list(row.calls.order_by("number"))


def due_at(case_ids: list[int]) -> dict[int, datetime]:
    """By when each case is to be called, where that is promised."""
    running = ClockRow.objects.filter(
        case_id__in=case_ids, stage=Stage.FOLLOW_UP.value, stopped_at__isnull=True, task__isnull=True
    )
    return {row.case_id: row.due_at for row in running if row.due_at}
