"""Who is drawn for a call, and that nobody can choose or skip at will."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from linli.cases.actions import callback_draw
from linli.cases.models import CallBack, CallbackSeed
from linli.cases.rules import callback as rules
from linli.cases.rules.workflow import Verb
from linli.cases.tests.calls import CLOSED, LATER, closed, follow_up_clock, plan, row_of
from linli.cases.tests.cast import AT, Cast
from linli.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


# -- the draw ------------------------------------------------------------------------------------------------


def test_without_a_plan_everybody_is_called(cast: Cast) -> None:
    row = row_of(cast, closed(cast))
    assert (row.state, row.why, row.round, row.closed_at, row.month) == (
        "open",
        "no_plan",
        1,
        CLOSED,
        "2026-11",
    )


def test_who_is_not_drawn_is_not_called_and_no_promise_runs(cast: Cast) -> None:
    plan(cast, 0)
    number = closed(cast)
    row = row_of(cast, number)
    assert (row.state, row.why) == ("skipped", "")
    assert follow_up_clock(cast, number) is None
    assert cast.case(number).due_at is None


def test_all_of_a_special_kind_are_called(cast: Cast) -> None:
    plan(cast, 0)
    plan(cast, 100, trigger="urgent")
    urgent = cast.report("有人打架，快来", key="u").number
    cast.move(
        urgent, Verb.ACCEPT, cast.dispatcher, category_code="facilities.lighting", urgency="urgent"
    )  # fmt: skip
    cast.settled(urgent)
    assert row_of(cast, urgent).state == "open"
    assert row_of(cast, closed(cast, "o")).state == "skipped"


def test_a_case_closed_again_has_a_round_of_its_own(cast: Cast) -> None:
    plan(cast, 0)
    plan(cast, 100, trigger="reopened")
    number = closed(cast)
    cast.move(number, Verb.REOPEN, cast.resident, at=LATER, reason="not_solved")
    cast.settled(number, at=LATER)
    row = row_of(cast, number)
    assert (row.round, row.triggers, row.state) == (2, ["reopened"], "open")
    with cast.inside():
        assert CallBack.objects.filter(case__number=number).count() == 2


def test_whom_nobody_could_call_ends_at_once(cast: Cast) -> None:
    number = closed(cast, by=cast.nobody, anonymous=True)
    row = row_of(cast, number)
    assert (row.state, row.outcome, row.called_at) == ("done", "no_contact", CLOSED)
    assert follow_up_clock(cast, number) is None


def test_a_case_taken_up_again_leaves_the_queue(cast: Cast) -> None:
    number = closed(cast)
    cast.move(number, Verb.REOPEN, cast.resident, at=LATER, reason="came_back")
    assert row_of(cast, number).state == "lapsed"


def test_the_seed_is_made_once_and_its_digest_is_in_the_log(cast: Cast) -> None:
    closed(cast, "a")
    closed(cast, "b")
    with cast.inside():
        seed = CallbackSeed.objects.get(community_id=cast.here.id, month="2026-11")
        entry = AuditEntry.objects.get(verb="cases.seed_callbacks")
    assert entry.detail["digest"] == rules.digest_of(seed.seed)


def test_a_month_can_be_drawn_again(cast: Cast) -> None:
    plan(cast, 50)
    for key in "abcdef":
        closed(cast, key)
    with cast.inside():
        rows, differing = callback_draw.repeat(cast.here.id, "2026-11")
        assert (rows.count(), differing) == (6, [])


@pytest.mark.parametrize(("changes", "what"), [({"lot": 1}, "lot"), ({"why": ""}, "drawn")])
def test_a_draw_that_was_tampered_with_is_found(cast: Cast, changes: dict[str, Any], what: str) -> None:
    number = closed(cast)
    with cast.inside():
        CallBack.objects.filter(case__number=number).update(**changes)
        _rows, differing = callback_draw.repeat(cast.here.id, "2026-11")
    assert [(row.case.number, said) for row, said in differing] == [(number, what)]


def test_at_the_end_of_the_month_a_body_gets_its_minimum(cast: Cast) -> None:
    plan(cast, 0, minimum=2)
    numbers = [closed(cast, key) for key in "abc"]
    december = datetime(2026, 12, 1, 3, tzinfo=AT.tzinfo)
    with cast.inside():
        assert callback_draw.top_up(cast.here.id, december) == 2
        assert callback_draw.top_up(cast.here.id, december) == 0
        drawn = CallBack.objects.filter(case__number__in=numbers, why="minimum").order_by("lot")
        lowest = CallBack.objects.filter(case__number__in=numbers).order_by("lot")[:2]
        assert [row.pk for row in drawn] == [row.pk for row in lowest]
        assert {row.state for row in drawn} == {"open"}
        assert callback_draw.repeat(cast.here.id, "2026-11")[1] == []


def test_before_the_month_is_over_nobody_is_added(cast: Cast) -> None:
    plan(cast, 0, minimum=2)
    closed(cast)
    with cast.inside():
        assert callback_draw.top_up(cast.here.id, LATER) == 0
