"""Announcements: who may write them, where they stand, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from linli.grids import queries as places
from linli.grids.queries import day_of
from linli.grids.tests.conftest import Ground
from linli.kernel import access, scope
from linli.kernel.refusals import Outdated, Refused
from linli.publishing import actions, queries
from linli.publishing.rules import Draft

pytestmark = pytest.mark.django_db


def draft(at: datetime) -> Draft:
    return Draft("周四停水", "9 时至 17 时检修水管。", day_of(at), day_of(at) + timedelta(days=3))


def titles(found: list[queries.AnnouncementRow]) -> list[str]:
    return [row.title_zh for row in found]


def test_it_stands_at_its_place_and_below_and_nowhere_else(
    ground: Ground, staff: Callable[..., access.Actor], at: datetime
) -> None:
    grid, other, day = ground.at("1001"), ground.at("1002"), day_of(at)
    worker = staff("grid_worker", grid)
    actions.publish(actor=worker, place_id=grid.id, draft=draft(at), key=uuid4(), at=at)
    below = next(place for place in places.subtree(grid.path, "building"))
    scope.enter([])  # as anybody would read it
    for place, expected in ((grid, ["周四停水"]), (below, ["周四停水"]), (ground.luxing, []), (other, [])):
        assert titles(queries.standing(place, day, most=3)) == expected
    assert titles(queries.standing(grid, day + timedelta(days=4), most=3)) == []
    assert titles(queries.earlier(grid, day + timedelta(days=4), most=3)) == ["周四停水"]


def test_it_is_refused_outside_of_the_authors_place_and_with_a_phone_number_in_it(
    ground: Ground, staff: Callable[..., access.Actor], at: datetime
) -> None:
    grid = ground.at("1001")
    worker = staff("grid_worker", grid)
    with pytest.raises(access.Forbidden):
        actions.publish(actor=worker, place_id=ground.luxing.id, draft=draft(at), key=uuid4(), at=at)
    with pytest.raises(access.NotFound):
        actions.publish(actor=worker, place_id=ground.riverside.id, draft=draft(at), key=uuid4(), at=at)
    told = replace(draft(at), words_zh="请打 13812345678")
    with pytest.raises(Refused, match="words_zh: personal"):
        actions.publish(actor=worker, place_id=grid.id, draft=told, key=uuid4(), at=at)


def test_a_second_click_makes_no_second_one_and_a_late_change_is_refused(
    ground: Ground, staff: Callable[..., access.Actor], at: datetime
) -> None:
    leader, key = staff("community_leader", ground.luxing), uuid4()
    first = actions.publish(actor=leader, place_id=ground.luxing.id, draft=draft(at), key=key, at=at)
    again = actions.publish(actor=leader, place_id=ground.luxing.id, draft=draft(at), key=key, at=at)
    assert first.pk == again.pk
    said = replace(draft(at), title_zh="周五停水")
    actions.change(actor=leader, announcement_id=first.pk, draft=said, version=1, at=at)
    with pytest.raises(Outdated):
        actions.change(actor=leader, announcement_id=first.pk, draft=draft(at), version=1, at=at)
    actions.withdraw(actor=leader, announcement_id=first.pk, at=at)
    with pytest.raises(access.NotFound):
        queries.readable(ground.luxing, first.pk, day_of(at))
