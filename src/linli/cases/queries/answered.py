"""Which of a resident's matters have been answered, and when, as long as their own word is wanted or not yet given."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from linli.cases import access, access_joined
from linli.cases.models import Case
from linli.cases.rules.workflow import SETTLED, State
from linli.kernel.access import Actor

ANSWERED = frozenset({*SETTLED, State.DECLINED})
STATES = [state.value for state in ANSWERED]


def is_answered(case: Case) -> bool:
    """Whether the case stands with an answer that its people may read."""
    return State(case.state) in ANSWERED


def of_account(actor: Actor, *, since: datetime) -> dict[str, datetime]:
    """What the account reported or joined and was answered since then, by the number its page has. Two statements."""
    found = _fresh(access.own(actor), since)
    joined = access_joined.own(actor).filter(
        case__state__in=STATES, case__state_at__gte=since, merged__isnull=True, solved__isnull=True
    )
    return found | dict(joined.values_list("case__number", "case__state_at"))


def of_numbers(numbers: Iterable[str], *, since: datetime) -> dict[str, datetime]:
    """The same of cases whose receipts somebody holds, in the communities entered."""
    return _fresh(Case.objects.filter(number__in=list(numbers)), since)


def _fresh(found: QuerySet[Case], since: datetime) -> dict[str, datetime]:
    waiting = Q(solved__isnull=True) | Q(state=State.DECLINED.value)
    return dict(
        found.filter(waiting, state__in=STATES, state_at__gte=since).values_list("number", "state_at")
    )
