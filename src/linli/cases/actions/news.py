"""What open screens hear of a case: that something changed, and for the wall which case and how, in codes."""

from __future__ import annotations

from datetime import datetime

from linli.kernel import live


def wall_topic(community_id: int) -> str:
    """The topic of screens that may see every case of a community."""
    return f"wall:{community_id}"


def announce(
    *,
    community_id: int,
    number: str,
    verb: str,
    state: str,
    category_code: str,
    grid_id: int | None,
    urgency: str,
    at: datetime,
) -> None:
    """Tell open screens, once this is committed."""
    version = int(at.timestamp() * 1000)
    live.touch(f"community:{community_id}", version)
    item: dict[str, str | int | None] = {
        "number": number,
        "verb": verb,
        "state": state,
        "category": category_code,
        "grid": grid_id,
        "urgency": urgency,
        "at": version,
    }
    live.tell(wall_topic(community_id), item)
