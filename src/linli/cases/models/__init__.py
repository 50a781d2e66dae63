"""Tables of the cases; private to the room."""

from __future__ import annotations

from linli.cases.models.case import Attachment, Case, Move
from linli.cases.models.reference import Category, PromiseRow, RoutingRow, SavedFilter
from linli.cases.models.work import ClockRow, Request, Task

__all__ = [
    "Attachment", "Case", "Category", "ClockRow", "Move", "PromiseRow", "Request", "RoutingRow", "SavedFilter", "Task",
]  # fmt: skip
