"""The working calendar of a community, with its own days and hours laid over the statutory ones."""

from __future__ import annotations

from linli.kernel.worktime import UNIT_SECONDS, Unit, WorkCalendar

__all__ = ["UNIT_SECONDS", "Unit", "WorkCalendar", "load"]


def load(community_id: int) -> WorkCalendar:
    """The calendar of a community, kept for a minute."""
    raise NotImplementedError
