"""Tables of the work in the grids, one topic a file. Private to the room."""

from linli.fieldwork.models.diary import DiaryNote
from linli.fieldwork.models.patrols import Patrol, PatrolFinding, PatrolPoint
from linli.fieldwork.models.rechecks import Draw, DrawSeed, PictureLook, Recheck
from linli.fieldwork.models.services import Service, ServiceAnswer, ServiceKind
from linli.fieldwork.models.team import HandOver, HandOverItem
from linli.fieldwork.models.visits import CarePlan, CareTurn, Visit

__all__ = [
    "CarePlan",
    "CareTurn",
    "DiaryNote",
    "Draw",
    "DrawSeed",
    "HandOver",
    "HandOverItem",
    "Patrol",
    "PatrolFinding",
    "PatrolPoint",
    "PictureLook",
    "Recheck",
    "Service",
    "ServiceAnswer",
    "ServiceKind",
    "Visit",
]
