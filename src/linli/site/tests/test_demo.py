"""The demo's past: every page finds something in it, and its first start finds nothing left over."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest

from linli.cases.actions import defaults, sweeping
from linli.cases.models import (
    Alarm,
    CallBack,
    CallTry,
    Case,
    PairDecision,
    Request,
    Supervision,
    Supporter,
    Whistle,
)
from linli.cases.queries import due, reference, returns, urgent
from linli.cases.rules.callback import Outcome
from linli.cases.rules.promises import Urgency
from linli.cases.rules.urgent_words import look
from linli.controlroom.models import BriefRow, Exclusion, WeatherNote
from linli.grids import demo_places, locate
from linli.grids import queries as places
from linli.grids.actions.importing import import_places
from linli.kernel import access, scope
from linli.site.demo import circle, desk, meetings, neighbours, scenes
from linli.site.demo.life import Days
from linli.site.demo.pictures import Album
from linli.site.demo.settlers import SINCE, Settlers
from linli.site.demo.words import INSIDE, MATTERS
from linli.triage.models import LastingFix, TopicRun

NOW = datetime(2026, 11, 23, 12, 4, tzinfo=UTC)  # a Monday evening in China
DAYS, CASES = 46, 8


@pytest.fixture
def played(db: None) -> int:
    """A community of the demo with fewer everyday cases; its id."""
    since = NOW - timedelta(days=DAYS + 5)
    reference.forget()  # the number that the community had in another test
    import_places(actor=access.SYSTEM, sheets=demo_places.sheets(), at=since)
    locate.locator.forget()
    community = next(one for one in places.communities() if one.code == "460105002002")
    scope.enter([community.id])
    defaults.install(actor=access.SYSTEM, community_id=community.id, at=since, from_date=SINCE)
    town = Settlers(community, 1, since, "!").settle()
    days = Days(town, 3, NOW, DAYS, CASES, Album())
    special = (scenes.all_of(days), neighbours.all_of(days), meetings.all_of(days), desk.all_of(days, DAYS))
    days.play(chain(days.lives(), *special))
    leader = places.actor(town.of("community_leader")[0].account_id, NOW)
    assert leader is not None
    circle.tell(community, leader, NOW)
    circle.gather(community, leader, NOW)
    return community.id


def test_every_page_of_the_demo_has_something_to_show_and_nothing_is_left_over(played: int) -> None:
    """One play, looked at from all sides: playing it is what costs."""
    assert Counter(Whistle.objects.values_list("state", flat=True)) == {
        "open": 1,
        "concluded": 1,
        "called_off": 1,
    }
    concluded = Whistle.objects.get(state="concluded")
    assert concluded.steps.count() == 2
    assert concluded.calls.filter(arrived_at__gt=concluded.meet_at + timedelta(minutes=20)).count() == 1

    letters = Supervision.objects.filter(kind="letter")
    assert letters.filter(ended_how="lifted", answered_at__isnull=False).exists()
    assert letters.filter(ended_at__isnull=True).exists()

    found = returns.bodies(played, since=NOW - timedelta(days=30), until=NOW)
    assert sum(one.returned for one in found) >= 3
    assert Case.objects.filter(state="returned").count() == 1
    assert Case.objects.filter(returns=2, bound=True).exists()

    asked = Request.objects.filter(granted__isnull=True, decided_at__isnull=True)
    assert asked.count() == 1
    assert set(Request.objects.filter(granted=True).values_list("kind", flat=True)) == {"extend", "hang"}

    assert Alarm.objects.filter(answered_at__isnull=True).count() == 0
    assert Alarm.objects.filter(level__gt=0, answered_at__isnull=False).count() == 1
    assert Alarm.objects.count() == 3

    assert Supporter.objects.filter(case__state__in=["closed", "followed_up"], solved=True).count() == 2
    assert Case.objects.filter(supporters__gt=0, state__in=["dispatched", "signed", "handling"]).exists()
    assert Case.objects.filter(state="merged").count() == 1
    assert PairDecision.objects.filter(same=False).count() == 1

    assert Exclusion.objects.filter(granted=True).count() == 1
    assert Exclusion.objects.filter(granted=False).count() == 1
    assert Exclusion.objects.filter(decided_at__isnull=True).count() == 1

    called = CallBack.objects.filter(state="done").values_list("outcome", flat=True)
    assert Outcome.REACHED in called
    assert CallTry.objects.exists()

    assert BriefRow.objects.filter(kind="daily").count() == desk.SHORT
    assert BriefRow.objects.filter(kind="weekly").count() == 1
    assert WeatherNote.objects.filter(day=NOW.date()).count() == 1
    assert TopicRun.objects.filter(finished_at__isnull=False).count() == 3
    assert set(LastingFix.objects.values_list("state", flat=True)) <= {"done", "under_way"}

    assert sweeping.sweep_community(played, NOW) == 0
    later = due.next_at(played, since=NOW)
    assert later is None or later > NOW


def test_no_everyday_trouble_of_the_demo_rings_the_room(db: None) -> None:
    """Only the scenes that are meant to do so ring; words that ring by accident would fill the alarm's line."""
    listed = urgent.listed(1)
    said = [words for matter in MATTERS for words in (*matter.said, *(words for words, _ in matter.english))]
    ringing = [
        words for words in said if look(words.format(place=INSIDE[0]), listed).urgency is Urgency.CRITICAL
    ]
    assert ringing == []
