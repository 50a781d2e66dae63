"""What the wall asks: the hottest topics and the dearest repeat problems, as frozen rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.cases.models import Case
from linli.cases.tests.cast import AT, Cast
from linli.triage import queries
from linli.triage.models import Repeat, Topic, TopicMember


def topic(cast: Cast, *numbers: str, phrase: str = "路灯不亮", **fields: object) -> Topic:
    """A topic of these cases."""
    with cast.inside():
        row = Topic.objects.create(
            community_id=cast.here.id,
            phrase=phrase,
            place_id=cast.building.id,
            made_at=AT,
            version="t",
            **fields,
        )
        for case in Case.objects.filter(number__in=numbers):
            TopicMember.objects.create(
                community_id=cast.here.id, topic=row, case=case, certainty=1.0, joined_at=AT
            )
    return row


def test_an_empty_community_has_neither(cast: Cast) -> None:
    with cast.inside():
        assert queries.hot(cast.here.id, at=AT) == ()
        assert queries.repeats(cast.here.id, at=AT) == ()
        assert queries.as_of(cast.here.id) is None


def test_a_topic_tells_who_when_and_how_hot(cast: Cast) -> None:
    first = cast.report(key="1", at=AT - timedelta(days=1)).number
    second = cast.report(key="2", by=cast.neighbour).number
    made = topic(cast, first, second)
    with cast.inside():
        (found,) = queries.hot(cast.here.id, at=AT, days=3)
    assert found.id == made.pk
    assert (found.heat.people, found.heat.days, found.cases, found.open_cases) == (2, 2, 2, 2)
    assert found.daily == (0, 1, 1)
    assert found.title.endswith("路灯不亮")


def test_a_topic_all_over_the_community_is_not_named_after_it(cast: Cast) -> None:
    made = topic(cast, *(cast.report(key=str(n)).number for n in range(2)))
    with cast.inside():
        Topic.objects.filter(pk=made.pk).update(place_id=cast.here.id)
        (found,) = queries.hot(cast.here.id, at=AT)
    assert found.title == "路灯不亮"


def test_a_topic_outside_the_period_is_not_hot(cast: Cast) -> None:
    topic(cast, *(cast.report(key=str(n), at=AT - timedelta(days=9)).number for n in range(2)))
    with cast.inside():
        assert queries.hot(cast.here.id, at=AT, days=7) == ()
        assert len(queries.hot(cast.here.id, at=AT, days=30)) == 1


def test_another_community_sees_nothing_of_it(cast: Cast) -> None:
    topic(cast, *(cast.report(key=str(n)).number for n in range(2)))
    with cast.inside(cast.elsewhere):
        assert queries.hot(cast.here.id, at=AT) == ()


@pytest.mark.parametrize("count", [2, 6])
def test_the_wall_costs_five_statements_at_most(cast: Cast, count: int) -> None:
    for n in range(count):
        topic(cast, *(cast.report(key=f"{n}.{m}", limited=False).number for m in range(2)))
    with (
        cast.inside(),
        CaptureQueriesContext(
            connection,
        ) as held,
    ):
        assert len(queries.hot(cast.here.id, at=AT)) == count
    assert len(held) <= 5


def test_the_dearest_repeat_problem_comes_first(cast: Cast) -> None:
    with cast.inside():
        for cost in (3.0, 9.0):
            Repeat.objects.create(
                community_id=cast.here.id, category_code="facilities.lighting", place_id=cast.building.id,
                times=3, returns=2, residents=2, hours=1.5, cost=cost, open_cases=1, first_at=AT, last_at=AT,
                seen_at=AT, version="t",
            )  # fmt: skip
        found = queries.repeats(cast.here.id, at=AT, language="en")
    assert [one.cost for one in found] == [9.0, 3.0]
    assert found[0].category == "Lighting"
    assert found[0].place
