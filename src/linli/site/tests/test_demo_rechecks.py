"""Three months of records looked at again: who makes them up is found, who does twice as much is left in peace."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from linli.fieldwork.models import Draw, Recheck, Service
from linli.fieldwork.queries import records_of
from linli.grids import demo_places, locate
from linli.grids import queries as places
from linli.grids.actions.importing import import_places
from linli.kernel import access, scope
from linli.site.demo import doors, rechecks
from linli.site.demo.loading import FIRST
from linli.site.demo.settlers import Settlers

NOW = datetime(2026, 11, 23, 12, 4, tzinfo=UTC)


@pytest.mark.django_db
def test_the_demo_finds_who_makes_records_up_and_spares_who_does_twice_as_much() -> None:
    since = NOW - timedelta(days=105)
    sheets = demo_places.sheets()
    sheets.places = [one for one in sheets.places if one.code.startswith(FIRST)]
    sheets.outlines = [one for one in sheets.outlines if one.code.startswith(FIRST)]
    import_places(actor=access.SYSTEM, sheets=sheets, at=since)
    locate.locator.forget()
    community = next(one for one in places.communities() if one.code == FIRST)
    scope.enter([community.id])
    town = Settlers(community, 0, since, "!").settle()
    doors.move_in(town, NOW)
    rechecks.play(town, NOW)
    assert {*Service.objects.values_list("answer", flat=True)} == {"", "yes", "no"}
    every = list(Recheck.objects.order_by("id"))
    assert {row.drawn for row in every} == {"random", "signal"}
    false = Counter(row.worker_id for row in every if row.outcome == "false")
    most = Counter(Service.objects.values_list("worker_id", flat=True)).most_common(2)
    assert len(false) == 1
    liar = next(iter(false))
    assert liar != next(worker for worker, _number in most if worker != liar)
    assert any(row.decided_at is None for row in every)
    assert all(records_of.repeats(draw) for draw in Draw.objects.select_related("seed"))
