"""The record of a deed of this room."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linli.kernel import audit
from linli.kernel.access import Actor
from linli.triage.access import READERS


def record(
    actor: Actor, community_id: int, verb: str, thing: str, at: datetime, detail: dict[str, Any] | None = None
) -> None:
    """Write the audit entry: ids and codes only."""
    roles = sorted(actor.roles(community_id) & READERS)
    audit.record(
        community_id=community_id,
        actor=actor,
        role=roles[0] if roles else "",
        verb=f"triage.{verb}",
        object=thing,
        at=at,
        detail=detail,
    )
