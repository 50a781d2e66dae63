"""The demo's places, loaded into a database that has none: no test here stands on the ground of the others."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.grids import actions, demo_places
from linli.grids.models import Division, Place, QrCode


def test_the_demo_loads_and_loading_again_changes_nothing(db: None, at: datetime) -> None:
    first = actions.load_demo_places(at=at)
    counts = (Place.objects.count(), Division.objects.count(), QrCode.objects.count())
    again = actions.load_demo_places(at=at + timedelta(days=1))
    assert first.plan.count("added") == len(demo_places.sheets().places) + 15
    assert again.version is None
    assert again.plan.is_empty
    assert (Place.objects.count(), Division.objects.count(), QrCode.objects.count()) == counts
