"""Tables of the work in the grids, one topic a file. Private to the room."""

from linli.fieldwork.models.patrols import Patrol, PatrolFinding, PatrolPoint
from linli.fieldwork.models.team import HandOver, HandOverItem
from linli.fieldwork.models.visits import CarePlan, CareTurn, Visit

__all__ = [
    "CarePlan",
    "CareTurn",
    "HandOver",
    "HandOverItem",
    "Patrol",
    "PatrolFinding",
    "PatrolPoint",
    "Visit",
]
