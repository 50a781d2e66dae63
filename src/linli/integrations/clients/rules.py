"""What a program may be given, and how its use reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

#: Roles a program may hold: never leader or admin, never police. Empty: none.
ROLES = ("", "assistant", "property_handler", "department_handler", "dispatcher", "verifier", "auditor")
#: Roles that a place bounds; all others reach the community, or what was sent to their body.
AT_A_PLACE = frozenset({"assistant"})
SCOPES = ("cases:read", "cases:write", "places:read", "people:read")
DAYS = (30, 90, 180, 365)
QUOTAS = (60, 300, 600, 1200, 3000)
#: How long former keys work beside a new one, in hours.
OVERLAPS = (0, 24, 168)
MOST = 30
LONGEST_NAME = 40
SHOWN_DAYS = 30
SOON = timedelta(days=30)
TITLE = "程序"


@dataclass(frozen=True, slots=True)
class Day:
    """A day's use of all keys of a program."""

    date: date
    requests: int = 0
    refused: int = 0
    limited: int = 0
    failed: int = 0
    share: int = 0  # of the busiest day, in percent


def days(
    held: Iterable[tuple[date, int, int, int, int]], *, today: date, shown: int = SHOWN_DAYS
) -> list[Day]:
    """The last days, the newest first, also those on which nothing was asked.

    :param held: day, requests, refused, limited, failed.
    """
    by_day = {row[0]: row[1:] for row in held}
    most = max((row[0] for row in by_day.values()), default=0)
    found = []
    for back in range(shown):
        day = today - timedelta(days=back)
        requests, refused, limited, failed = by_day.get(day, (0, 0, 0, 0))
        share = -(-100 * requests // most) if most else 0
        found.append(Day(day, requests, refused, limited, failed, share))
    return found
