"""What the demo's communities announce, and their chat groups."""

from __future__ import annotations

import pytest

from linli.cases.tests.cast import AT, Cast
from linli.grids.queries import day_of
from linli.groups import queries as groups
from linli.kernel import scope
from linli.publishing import queries as publishing
from linli.site.demo import circle

pytestmark = pytest.mark.django_db


def test_it_is_made_once_however_often_it_is_asked_for(cast: Cast) -> None:
    place, leader = cast.here.place, cast.here.people["leader"].actor(AT)
    with scope.within([place.id]):
        for _twice in range(2):
            circle.tell(place, leader, AT)
            circle.gather(place, leader, AT)
    told = publishing.standing(place, day_of(AT), most=9)
    assert [row.title_zh for row in told] == ["供水管道检修通知", "冬季防火提醒"]
    assert len(publishing.earlier(place, day_of(AT), most=9)) == 1
    grid = cast.here.places["grid"]
    found = groups.at_place(grid)
    assert len(found) == 1
    assert found[0].share is not None
    assert 0.4 < found[0].share < 0.9
