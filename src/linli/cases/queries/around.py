"""How much was said and settled at a place lately: numbers for everybody, nothing of any case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from linli.cases.models import Case
from linli.cases.rules.workflow import OPEN, SETTLED, State
from linli.grids.rows import PlaceRow
from linli.kernel import scope

WINDOW = timedelta(days=30)
#: Not counted: nobody's matter any more, or the same as another one.
LEFT_OUT = (State.WITHDRAWN.value, State.VOIDED.value, State.MERGED.value)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was reported within the window at a place and below it, and what of that is settled or in hand."""

    reported: int
    settled: int
    in_hand: int
    days: int = WINDOW.days


def numbers(place: PlaceRow, at: datetime) -> Numbers:
    """The numbers of this place, in one statement."""
    done = [state.value for state in SETTLED | {State.ARCHIVED}]
    with scope.within([place.community_id]):
        counted = (
            Case.objects.filter(
                community_id=place.community_id,
                reported_at__gt=at - WINDOW,
                reported_at__lte=at,
                place_path__startswith=place.path,
                quarantined=False,
            )
            .exclude(state__in=LEFT_OUT)
            .aggregate(
                reported=Count("pk"),
                settled=Count("pk", filter=Q(state__in=done)),
                in_hand=Count("pk", filter=Q(state__in=[state.value for state in OPEN])),
            )
        )
    return Numbers(**counted)
