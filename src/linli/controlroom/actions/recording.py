"""The beat every change in this room ends with: the audit entry and a touch for open screens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linli.kernel import audit, live
from linli.kernel.access import Actor


def record(
    *,
    community_id: int,
    actor: Actor,
    roles: tuple[str, ...],
    verb: str,
    thing: str,
    at: datetime,
    detail: dict[str, Any],
) -> None:
    """Write the audit entry and let open screens look again."""
    held = sorted(actor.roles(community_id) & set(roles))
    audit.record(
        community_id=community_id,
        actor=actor,
        role=held[0] if held else "",
        verb=f"controlroom.{verb}",
        object=thing,
        at=at,
        detail=detail,
    )
    live.touch(f"community:{community_id}", int(at.timestamp() * 1000))
