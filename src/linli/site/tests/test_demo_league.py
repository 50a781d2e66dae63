"""Three months of the league: each kind of run in its states, an appeal won and one that waits, stars, papers that hold."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from linli.assessment.models import Appeal, Certificate, EvaluationSheet, Honour, Publication, Run, Score
from linli.assessment.queries import stars
from linli.assessment.rules.certificates import Validity
from linli.cases.actions import defaults
from linli.cases.queries import reference
from linli.grids import demo_places, locate
from linli.grids import queries as places
from linli.grids.actions.importing import import_places
from linli.kernel import access, scope
from linli.site.demo import circle, fieldwork, league
from linli.site.demo.loading import FIRST
from linli.site.demo.pictures import Album
from linli.site.demo.settlers import SINCE, Settlers

NOW = datetime(2026, 11, 23, 12, 4, tzinfo=UTC)  # a Monday evening in China
TODAY = places.day_of(NOW)


@pytest.fixture
def played(db: None) -> int:
    """The first community with its field work and its league, without the reports of everyday life; its id."""
    since = NOW - timedelta(days=105)
    sheets = demo_places.sheets()
    sheets.places = [one for one in sheets.places if one.code.startswith(FIRST)]
    sheets.outlines = [one for one in sheets.outlines if one.code.startswith(FIRST)]
    reference.forget()  # the number that the community had in another test
    import_places(actor=access.SYSTEM, sheets=sheets, at=since)
    locate.locator.forget()
    community = next(one for one in places.communities() if one.code == FIRST)
    scope.enter([community.id])
    defaults.install(actor=access.SYSTEM, community_id=community.id, at=since, from_date=SINCE)
    town = Settlers(community, 0, since, "!").settle()
    leader = places.actor(town.of("community_leader")[0].account_id, NOW)
    assert leader is not None
    circle.gather(community, leader, NOW)
    fieldwork.play(town, NOW)
    league.play(town, NOW, Album())
    return community.id


def test_the_demo_tells_three_months_of_the_league(played: int) -> None:
    """One play, looked at from all sides: playing it is what costs."""
    held = Run.objects.filter(community_id=played).exclude(state="superseded").select_related("scheme")
    assert Counter((run.scheme.period, run.state) for run in held) == {
        ("week", "final"): 10,
        ("week", "announced"): 1,
        ("week", "computed"): 1,
        ("month", "final"): 2,
        ("quarter", "final"): 1,
    }
    assert Run.objects.filter(community_id=played, state="superseded").count() == 1
    for run in held:
        scores = Score.objects.filter(run=run).values_list("total", flat=True)
        totals = [total for total in scores if total is not None]
        assert len(totals) >= 8, f"{run.scheme.period} {run.since_date} measured too little"
        assert max(totals) > min(totals)
    assert EvaluationSheet.objects.filter(community_id=played, written_at__isnull=False).count() > 20
    assert Publication.objects.filter(community_id=played).count() >= len(held) - 2

    assert Counter(Appeal.objects.values_list("state", flat=True)) == {"won": 1, "open": 1}
    waiting = Appeal.objects.get(state="open")
    assert waiting.run.state == "announced"

    starred = stars.in_community(played, TODAY)
    assert starred
    assert len(starred) < Score.objects.filter(run__scheme__period="quarter").count() / 2
    thanked = Honour.objects.get()
    papers = Certificate.objects.filter(community_id=played)
    assert {(one.account_id, one.honour_id is not None) for one in papers} == {
        (thanked.account_id, True),
        (papers.get(star__isnull=False).account_id, False),
    }
    assert all(stars.valid(one, TODAY) is Validity.VALID for one in papers)
