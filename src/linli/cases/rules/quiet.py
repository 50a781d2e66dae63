"""Quiet hours: what rings people waits for the morning, unless lives hang on it. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta


def span(text: str) -> tuple[time, time] | None:
    """The two times of ``22:00-07:00``; None for no quiet hours: an empty span, or one without length."""
    first, dash, last = text.partition("-")
    if not dash:
        return None
    begins, ends = time.fromisoformat(first.strip()), time.fromisoformat(last.strip())
    return None if begins == ends else (begins, ends)


def is_quiet(text: str, local: datetime) -> bool:
    """Whether nobody is rung at this local moment; the last minute's end is loud again.

    :param text: the community's quiet hours, over midnight or not.
    """
    hours = span(text)
    if hours is None:
        return False
    begins, ends = hours
    now = local.time()
    return begins <= now < ends if begins < ends else now >= begins or now < ends


def rings_at(text: str, local: datetime) -> datetime:
    """The next local moment at which people may be rung: at once, or when the quiet hours end."""
    hours = span(text)
    if hours is None or not is_quiet(text, local):
        return local
    end = local.replace(hour=hours[1].hour, minute=hours[1].minute, second=0, microsecond=0)
    return end if end > local else end + timedelta(days=1)
