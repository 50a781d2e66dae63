"""Tables of the cases; private to the room."""

from __future__ import annotations

from linli.cases.models.callback import CallBack, CallbackRule, CallbackSeed, CallbackTerms, CallTry
from linli.cases.models.case import Attachment, Case, Move
from linli.cases.models.chasing import Appointment, ApprovalRow, LadderRow, Supervision
from linli.cases.models.joined import PairDecision, Supporter
from linli.cases.models.reference import Category, PromiseRow, RoutingRow, SavedFilter
from linli.cases.models.urgent import AdviceRow, Alarm, UrgentRow
from linli.cases.models.whistle import Call, NextStep, Whistle
from linli.cases.models.work import ClockRow, Request, Task

__all__ = [
    "AdviceRow",
    "Alarm",
    "Appointment",
    "ApprovalRow",
    "Attachment",
    "Call",
    "CallBack",
    "CallTry",
    "CallbackRule",
    "CallbackSeed",
    "CallbackTerms",
    "Case",
    "Category",
    "ClockRow",
    "LadderRow",
    "Move",
    "NextStep",
    "PairDecision",
    "PromiseRow",
    "Request",
    "RoutingRow",
    "SavedFilter",
    "Supervision",
    "Supporter",
    "Task",
    "UrgentRow",
    "Whistle",
]
