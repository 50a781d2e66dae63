"""The one clock. Only doors (pages, api, tasks, commands) read it; everything below them is given ``at``."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

LOCAL = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return timezone.now()  # noqa: TID251  (this is the one place)
