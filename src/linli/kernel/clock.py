"""The one clock. Only doors (pages, api, tasks, commands) read it; everything below them is given ``at``."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

LOCAL = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return timezone.now()  # noqa: TID251  (this is the one place)


def of_database() -> datetime:
    """The present moment by the database's clock, which is the same for every process."""
    fetch = connection.fetch_prepared  # type: ignore[attr-defined]  # our own backend
    found: datetime = fetch("SELECT clock_timestamp()", {}, walled=False)[0]
    return found
