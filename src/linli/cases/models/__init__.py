"""Tables of the cases; private to the room."""

from __future__ import annotations

from linli.cases.models.case import Attachment, Case, Move
from linli.cases.models.chasing import Appointment, ApprovalRow, LadderRow, Supervision
from linli.cases.models.reference import Category, PromiseRow, RoutingRow, SavedFilter
from linli.cases.models.work import ClockRow, Request, Task

__all__ = [
    "Appointment", "ApprovalRow", "Attachment", "Case", "Category", "ClockRow", "LadderRow", "Move", "PromiseRow",
    "Request", "RoutingRow", "SavedFilter", "Supervision", "Task",
]  # fmt: skip
