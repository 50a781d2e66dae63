"""Whoever holds number and code follows the case; nobody else does, and nothing tells them why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.cases import access
from linli.cases.models import Case
from linli.cases.queries.story import story
from linli.cases.rules.workflow import State, Verb
from linli.cases.tests.cast import AT, Cast
from linli.kernel import numbering
from linli.kernel.access import NotFound

pytestmark = pytest.mark.django_db


def test_an_anonymous_reporter_moves_the_case_with_the_code(cast: Cast) -> None:
    receipt = cast.report(by=cast.nobody, anonymous=True)
    moved = cast.move(receipt.number, Verb.WITHDRAW, cast.nobody, code=receipt.code)
    assert moved.state == State.WITHDRAWN


@pytest.mark.parametrize("code", ["", "0000-0000-0000-0000", "not a code"])
def test_a_wrong_code_opens_nothing(cast: Cast, code: str) -> None:
    receipt = cast.report(by=cast.nobody)
    with pytest.raises(NotFound):
        access.community_of_code(receipt.number, code)


def test_an_unknown_number_opens_nothing(cast: Cast) -> None:
    receipt = cast.report()
    with pytest.raises(NotFound):
        access.community_of_code("261123999999", receipt.code)


def test_the_code_says_which_of_two_cases_of_one_number_is_meant(cast: Cast) -> None:
    here = cast.report()
    there = cast.report(community=cast.elsewhere)
    with cast.inside(cast.here, cast.elsewhere):
        Case.objects.filter(number=there.number).update(number=here.number)
    assert access.community_of_code(here.number, here.code) == cast.here.id
    assert access.community_of_code(here.number, there.code) == cast.elsewhere.id
    typed = numbering.pretty_number(here.number)
    assert access.community_of_code(typed, there.code.lower()) == cast.elsewhere.id


def test_a_retry_gives_the_same_receipt(cast: Cast) -> None:
    first = cast.report(key="k-1", at=AT)
    again = cast.report(key="k-1", at=AT)
    assert (again.number, again.code, again.again) == (first.number, first.code, True)


def test_a_machine_clock_that_jumps_back_stops_no_case(cast: Cast) -> None:
    number = cast.report(at=AT).number
    earlier = AT - timedelta(minutes=5)
    assert cast.settled(number, at=earlier).state == State.CLOSED
    with cast.inside():
        told = story(cast.case(number), cast.resident.actor(), at=earlier, for_resident=True)
    assert all(view.row.stopped_at >= view.row.started_at for view in told.clocks if view.row.stopped_at)


@pytest.mark.parametrize("anonymous", [True, False])
def test_the_staff_story_does_not_name_the_reporter(cast: Cast, anonymous: bool) -> None:
    number = cast.report(anonymous=anonymous).number
    cast.move(number, Verb.ADD, cast.resident, words="又不亮了")
    cast.move(number, Verb.NOTE, cast.dispatcher, note="给同事的话")
    with cast.inside():
        told = story(cast.case(number), cast.dispatcher.actor(), at=AT, for_resident=False)
    assert [entry.who for entry in told.entries] == ["", "", cast.dispatcher.name]
