"""What a worker has open in a grid, and how each of it goes over to another: one line a kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from linli.cases.actions import moves
from linli.cases.queries import held as cases
from linli.cases.rules.intake import Refused
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import Verb
from linli.fieldwork.actions import plans
from linli.fieldwork.models import CarePlan, HandOver, Service, Visit
from linli.fieldwork.rules.words import ItemKind
from linli.grids import queries as places
from linli.kernel.access import Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose open things are wanted, in which grid."""

    community_id: int
    grid_id: int
    grid_path: str
    account_id: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of open thing: which are open (ids of rows), and how one is taken over; False where it cannot be any more."""

    open: Callable[[Asked], list[int]]
    take: Callable[[HandOver, int, datetime], bool]


def _open_cases(asked: Asked) -> list[int]:
    return cases.held_by(asked.community_id, asked.account_id, asked.grid_path)


def _take_case(handover: HandOver, case_id: int, at: datetime) -> bool:
    """As whoever offered it would hand the case to a colleague: by the cases' own move."""
    offerer = places.actor(handover.offered_by_id, at)
    number = cases.number_of(handover.community_id, case_id)
    if offerer is None:
        return False
    try:
        given = Given(verb=Verb.TRANSFER, handler_id=handover.receiver_id)
        moves.take(actor=offerer, number=number, given=given, at=at)
    except (NotFound, Forbidden, moves.Conflict, Refused):
        return False
    return True


def _open_follow_ups(asked: Asked) -> list[int]:
    found = Visit.objects.filter(
        community_id=asked.community_id,
        grid_id=asked.grid_id,
        follow_up_by_id=asked.account_id,
        followed_by__isnull=True,
        struck_at__isnull=True,
    )
    return list(found.order_by("follow_up_date", "pk").values_list("pk", flat=True))


def _take_follow_up(handover: HandOver, visit_id: int, _at: datetime) -> bool:
    found = Visit.objects.filter(
        pk=visit_id,
        follow_up_by_id=handover.giver_id,
        followed_by__isnull=True,
        struck_at__isnull=True,
    )
    return bool(found.update(follow_up_by_id=handover.receiver_id))


def _open_plans(asked: Asked) -> list[int]:
    found = CarePlan.objects.filter(
        community_id=asked.community_id,
        grid_id=asked.grid_id,
        worker_id=asked.account_id,
        ended_at__isnull=True,
    )
    return list(found.order_by("due_date", "pk").values_list("pk", flat=True))


def _take_plan(handover: HandOver, plan_id: int, at: datetime) -> bool:
    found = CarePlan.objects.select_for_update().filter(
        pk=plan_id, worker_id=handover.giver_id, ended_at__isnull=True
    )
    row = found.first()
    if row is None:
        return False
    plans.hand(row, handover.receiver_id, places.day_of(at))
    return True


def _open_services(asked: Asked) -> list[int]:
    found = Service.objects.filter(
        community_id=asked.community_id,
        grid_id=asked.grid_id,
        worker_id=asked.account_id,
        answer="",
        withdrawn_at__isnull=True,
        called_out_at__isnull=True,
    )
    return list(found.order_by("at", "pk").values_list("pk", flat=True))


def _take_service(handover: HandOver, service_id: int, _at: datetime) -> bool:
    """It stays the service of who gave it; the receiver sees to it that the resident is asked."""
    found = Service.objects.filter(pk=service_id, worker_id=handover.giver_id, answer="")
    return found.filter(withdrawn_at__isnull=True).exists()


KINDS: dict[ItemKind, Kind] = {
    ItemKind.CASE: Kind(_open_cases, _take_case),
    ItemKind.CARE_PLAN: Kind(_open_plans, _take_plan),
    ItemKind.FOLLOW_UP: Kind(_open_follow_ups, _take_follow_up),
    ItemKind.SERVICE: Kind(_open_services, _take_service),
}
