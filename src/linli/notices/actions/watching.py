"""A road that does not get through is told to those who look after it, once a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from linli.grids import queries as places
from linli.kernel import events, scope
from linli.kernel.clock import LOCAL
from linli.notices import access, hearers, saying, words
from linli.notices.actions.telling import tell
from linli.notices.events import RoadFailing
from linli.notices.queries import deliveries
from linli.notices.rules import delivery
from linli.notices.rules.kinds import ROADS

LATELY = timedelta(minutes=30)


def sweep(at: datetime) -> int:
    """Look at every road of every community; returns how many look broken."""
    return sum(look(place.id, at) for place in places.communities())


def look(community_id: int, at: datetime) -> int:
    """The roads of one community."""
    found = 0
    with scope.within([community_id]):
        for road in ROADS:
            if not delivery.failing(deliveries.results_since(community_id, road, at - LATELY)):
                continue
            found += 1
            code = deliveries.last_code(community_id, road)
            fresh = tell(
                community_id=community_id,
                kind="road_failing",
                fact=f"notices.failing:{road}:{at.astimezone(LOCAL).date().isoformat()}",
                to=hearers.serving(community_id, access.KEEPERS, places.day_of(at)),
                values=saying.plain(
                    community_id,
                    lambda language, road=road, code=code: {  # type: ignore[misc]  # bound to this turn
                        "road": words.label(words.ROADS, road),
                        "code": words.label(words.REASONS, code),
                    },
                ),
                link="/desk/notices/?view=failed",
                at=at,
            )
            if fresh:
                with transaction.atomic():
                    events.publish(RoadFailing(community_id, road, at, code))
    return found
