"""When a proved home is to be shown again, and when its bearer is reminded. Pure."""

from __future__ import annotations

from datetime import date

RENEWABLE_DAYS = 60  # so long before its end one may show it again
REMINDED_DAYS = (30, 7)  # so long before its end one is reminded


def renewable(expires_date: date, today: date) -> bool:
    """Whether a home proved until this day may be shown again."""
    return (expires_date - today).days <= RENEWABLE_DAYS


def has_run_out(expires_date: date, today: date) -> bool:
    """Whether a proof is over; it still holds on its last day."""
    return expires_date < today


def reminder(expires_date: date, today: date, *, reminded_days: int | None) -> int | None:
    """The reminder that is due: so many days before the end. None when the last one said already covers it.

    Whoever missed the first (a home bound for less than a month, a worker that stood still) gets only the nearest one.
    """
    left = (expires_date - today).days
    if left < 0:
        return None
    due = [days for days in REMINDED_DAYS if left <= days]
    nearest = min(due, default=None)
    return nearest if nearest is not None and (reminded_days is None or nearest < reminded_days) else None
