"""Dates as the standard has them: the W3C profile of ISO 8601, the zone mandatory."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

_SHAPE = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)([Zz]|[+\- ]\d\d:\d\d)", re.ASCII
)
LONGEST = timedelta(days=90)


def read(text: str) -> datetime | None:
    """A moment, or None when it is not one of the profile.

    A blank before the offset is a plus sign that somebody forgot to write as ``%2B`` in an address.
    """
    found = _SHAPE.fullmatch(text.strip())
    if found is None:
        return None
    day, clock, zone = found.groups()
    zone = "+00:00" if zone in {"Z", "z"} else zone.replace(" ", "+")
    whole, _, part = clock.partition(".")
    try:
        return datetime.fromisoformat(f"{day}T{whole}{'.' + part[:6].ljust(6, '0') if part else ''}{zone}")
    except ValueError:
        return None


def written(at: datetime | None, zone: tzinfo) -> str | None:
    """A moment as answers give it: whole seconds with the offset of the community's zone."""
    return at.astimezone(zone).isoformat(timespec="seconds") if at is not None else None


def span(start: datetime | None, end: datetime | None, at: datetime) -> tuple[datetime, datetime] | None:
    """From when to when requests are wanted: the last 90 days unless told otherwise; None when the dates do not fit.

    With one end alone the other follows 90 days away, the later one no later than now.
    """
    if start is None and end is None:
        return at - LONGEST, at
    try:
        if start is None:
            start = (end or at) - LONGEST
        elif end is None:
            end = max(start, min(at, start + LONGEST))
    except OverflowError:
        return None
    if end is None or end < start or end.astimezone(UTC) - start.astimezone(UTC) > LONGEST:
        return None
    return start, end
