"""A person's own data here: what of their cases went to other cities."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from linli.grids import queries as places
from linli.integrations.open311.models import Forward
from linli.integrations.open311.rules.following import Stand
from linli.kernel import scope

CUT = "***"


def held(account_id: int) -> dict[str, Any]:
    """What was sent on of what the person reported, to whom and when."""
    with scope.within(places.community_ids()):
        rows = _own(account_id).select_related("endpoint").order_by("pk")
        sent = [
            {
                "number": row.number,
                "to": row.endpoint.name,
                "words": row.words,
                "asked_at": row.asked_at.isoformat(),
            }
            for row in rows
        ]
    return {"sent_on": sent} if sent else {}


def erase(account_id: int, at: datetime) -> None:
    """Cut the words of what was sent on; what was not yet sent is not sent any more."""
    with scope.within(places.community_ids()):
        rows = _own(account_id)
        waiting = rows.filter(state__in=[Stand.WAITING.value, Stand.UNSURE.value])
        waiting.update(state=Stand.WITHDRAWN.value, next_at=None, ended_at=at)
        rows.update(words=CUT, address="", attributes={}, lon=None, lat=None, reporter_id=None)


def _own(account_id: int) -> QuerySet[Forward]:
    return Forward.objects.filter(reporter_id=account_id)
