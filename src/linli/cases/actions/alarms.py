"""An alarm rings, is answered by a person on record, or goes on to more people."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from linli.cases import access
from linli.cases.actions import news
from linli.cases.events import UrgentAnswered, UrgentRaised, UrgentUnanswered
from linli.cases.models import Alarm, Case
from linli.cases.queries import urgent
from linli.cases.rules import ringing
from linli.cases.rules.promises import Urgency
from linli.cases.rules.ringing import Cause
from linli.cases.rules.urgent_words import look
from linli.grids import queries as places
from linli.kernel import audit, events, scope
from linli.kernel.access import Actor, Forbidden
from linli.kernel.scope import within

BATCH = 500


def answer(*, actor: Actor, number: str, at: datetime) -> Alarm | None:
    """Stop a case's alarm for everybody: the actor is seeing to it. Twice changes nothing.

    :returns: the last alarm with whoever answered it first; None when the case never rang.
    :raises NotFound: no such case on the actor's workbench.
    :raises Forbidden: not_your_move, for whom it does not ring.
    """
    with within(actor.communities), transaction.atomic():
        case = access.find_at_work(actor, number)
        roles = access.doer(actor, case, tasks=()).may
        if not roles & ringing.ANSWERERS:
            raise Forbidden("not_your_move")
        _stop(case, actor, role=sorted(roles & ringing.ANSWERERS)[0], verb="", at=at)
        return Alarm.objects.filter(case=case).select_related("answered_by").order_by("-pk").first()


def answered_by_move(case: Case, actor: Actor, *, role: str, verb: str, at: datetime) -> None:
    """Whoever of the staff moves a case has seen it: its alarm need not ring on."""
    if actor.system or role == "reporter":
        return
    _stop(case, actor, role=role, verb=verb, at=at)


def _stop(case: Case, actor: Actor, *, role: str, verb: str, at: datetime) -> None:
    ringing_now = Alarm.objects.select_for_update().filter(case=case, answered_at__isnull=True).first()
    if ringing_now is None:
        return
    ringing_now.answered_at, ringing_now.next_at = at, None
    ringing_now.answered_by_id, ringing_now.answered_role = actor.account_id, role
    ringing_now.answered_verb = verb
    ringing_now.save(
        update_fields=["answered_at", "next_at", "answered_by", "answered_role", "answered_verb"]
    )
    seconds = max(0, int((at - ringing_now.rung_at).total_seconds()))
    audit.record(
        community_id=case.community_id,
        actor=actor,
        role=role,
        verb="case.answer_alarm",
        object=f"case:{case.number}",
        at=at,
        detail={"seconds": seconds, "level": ringing_now.level, "by_move": verb},
    )
    events.publish(
        UrgentAnswered(
            community_id=case.community_id,
            number=case.number,
            at=at,
            account_id=actor.account_id,
            seconds=seconds,
        )
    )
    _announce(case, "answer_alarm", at)


def _announce(case: Case, verb: str, at: datetime) -> None:
    news.announce(
        community_id=case.community_id,
        number=case.number,
        verb=verb,
        state=case.state,
        category_code=case.category_code,
        grid_id=case.grid_id,
        urgency=case.urgency,
        at=at,
    )


def hear_added(case: Case, words: str, *, at: datetime) -> dict[str, object]:
    """Raise a case and ring when what its reporter adds sounds like danger; returns what the move keeps of it."""
    found = look(words, urgent.listed(case.community_id))
    if found.urgency is not Urgency.CRITICAL:
        return {}
    case.urgency = Urgency.CRITICAL.value
    kinds = " ".join(found.kinds)
    minutes = urgent.alarm_minutes(case.community_id, at)
    _, fresh = Alarm.objects.get_or_create(
        case=case,
        answered_at=None,
        defaults={
            "community_id": case.community_id,
            "cause": Cause.ADDED.value,
            "kinds": kinds,
            "codes": " ".join(found.codes)[:400],
            "list_version": found.version,
            "rung_at": at,
            "next_at": ringing.next_at(at, 0, minutes),
        },
    )
    if fresh:
        events.publish(
            UrgentRaised(
                community_id=case.community_id,
                number=case.number,
                at=at,
                kinds=kinds,
                cause=Cause.ADDED.value,
            )
        )
    return {
        "urgent": {
            "level": "critical",
            "cause": Cause.ADDED.value,
            "kinds": list(found.kinds),
            "lines": list(found.codes[:6]),
            "list": found.version,
        }
    }


def sweep_unanswered(at: datetime) -> int:
    """Let every alarm that nobody answered in time go on to more people, once for each step."""
    return sum(sweep_community(one, at) for one in places.communities_with(_due(at)))


def _due(at: datetime) -> QuerySet[Alarm]:
    return Alarm.objects.filter(next_at__lte=at)


def sweep_community(community_id: int, at: datetime) -> int:
    """The same, in one community."""
    with scope.within([community_id]), transaction.atomic():
        due = list(
            _due(at)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("case")
            .filter(community_id=community_id)
            .order_by("next_at")[:BATCH]
        )
        if not due:
            return 0
        minutes = urgent.alarm_minutes(community_id, at)
        for alarm in due:
            alarm.level += 1
            alarm.next_at = ringing.next_at(alarm.rung_at, alarm.level, minutes)
        Alarm.objects.bulk_update(due, ["level", "next_at"])
        Case.objects.filter(pk__in=[alarm.case_id for alarm in due]).update(escalated=True)
        events.publish(*[_unanswered(alarm, at) for alarm in due])
        for alarm in due:
            _announce(alarm.case, "unanswered", at)
    return len(due)


def _unanswered(alarm: Alarm, at: datetime) -> UrgentUnanswered:
    return UrgentUnanswered(
        community_id=alarm.community_id,
        number=alarm.case.number,
        at=at,
        rung_at=alarm.rung_at,
        level=alarm.level,
    )
