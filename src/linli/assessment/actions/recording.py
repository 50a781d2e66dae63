"""The last beats of every action in this room: the audit entry and the facts; and one writer at a time for a period."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection

from linli.kernel import audit, events
from linli.kernel.access import Actor


def record(
    actor: Actor,
    community_id: int,
    verb: str,
    thing: str,
    at: datetime,
    *facts: events.Fact,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write the audit entry, publish the facts.

    :param thing: what was acted on, ``run:5``.
    """
    audit.record(
        community_id=community_id,
        actor=actor,
        verb=f"assessment.{verb}",
        object=thing,
        at=at,
        detail=detail or {},
    )
    events.publish(*facts)


def one_at_a_time(scheme_id: int, since: date | None = None) -> None:
    """Let nobody else write this scheme, or this period of it, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s))", [f"assessment {scheme_id} {since or 'scheme'}"]
        )
