"""What the assistant outside was asked for, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, Sum

from linli.triage.models import AssistantCall

MOST = 50


@dataclass(frozen=True, slots=True)
class Used:
    """The calls of the last day."""

    calls: int
    tokens: int
    mean_ms: int | None


def used(community_id: int, *, at: datetime) -> Used:
    """What was used in the 24 hours before a moment. The community must be entered."""
    calls = AssistantCall.objects.filter(
        community_id=community_id, asked_at__gt=at - timedelta(days=1), asked_at__lte=at
    )
    found = calls.aggregate(calls=Count("pk"), into=Sum("tokens_in"), out=Sum("tokens_out"), mean=Avg("ms"))
    mean = found["mean"]
    return Used(
        found["calls"], (found["into"] or 0) + (found["out"] or 0), None if mean is None else round(mean)
    )


def calls(community_id: int) -> list[AssistantCall]:
    """The newest calls."""
    found = AssistantCall.objects.filter(community_id=community_id).select_related("case", "asked_by")
    return list(found.order_by("-asked_at", "-pk")[:MOST])
