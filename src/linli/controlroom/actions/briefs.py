"""Making briefs: each once, by the morning's sweep."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from linli.controlroom.events import BriefMade
from linli.controlroom.models import BriefRow
from linli.controlroom.queries import briefs as gathering
from linli.controlroom.rules import briefs
from linli.controlroom.rules.briefs import Kind
from linli.grids import queries as places
from linli.kernel import events, scope
from linli.kernel.clock import LOCAL

HOUR = "brief_hour"  # the community's setting


def make(community_id: int, kind: Kind, day: date, *, at: datetime) -> BriefRow:
    """The brief of a day or week that has ended; made the first time it is asked for and kept as it then was.

    :param day: its last day.
    :raises ValueError: the day has not ended yet.
    """
    if at < briefs.period_of(kind, day, LOCAL).end:
        raise ValueError("a brief is made of whole days")
    held = gathering.kept(community_id, kind, day)
    if held is not None:
        return held
    told = gathering.gather(community_id, kind, day, at=at)
    try:
        with transaction.atomic():
            row = BriefRow.objects.create(
                community_id=community_id, kind=kind.value, day=day, told=told, made_at=at
            )
            events.publish(BriefMade(community_id=community_id, kind=kind.value, day=day.isoformat(), at=at))
    except IntegrityError:  # another worker was faster; what it kept is the brief
        row = BriefRow.objects.get(community_id=community_id, kind=kind.value, day=day)
    return row


def make_due(at: datetime) -> int:
    """Make the briefs of this morning that are not there yet; safe to run twice and by two workers."""
    made = 0
    for community in places.communities():
        with scope.within([community.id]):
            hour = int(places.setting(community.id, HOUR, at))
            for kind, day in briefs.due(at, hour=hour, zone=LOCAL):
                if gathering.kept(community.id, kind, day) is None:
                    make(community.id, kind, day, at=at)
                    made += 1
    return made
