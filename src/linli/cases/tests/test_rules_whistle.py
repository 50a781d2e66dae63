"""Who is in time, late or absent, and what a call and a conclusion may say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from linli.cases.rules import whistle
from linli.cases.rules.intake import Wrong
from linli.cases.rules.whistle import Answer, Blown, Called, Concluded, Meeting, Next, Part, Standing, State
from linli.kernel.worktime import SHANGHAI

TEN = datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)
MEET = TEN + timedelta(hours=2)
MEETING = Meeting(MEET, State.OPEN, None, timedelta(minutes=15))
BLOWN = Blown((Part(1), Part(2, "带抽水泵")), MEET, "8 栋门口", "路面塌陷，请到场会商")


def codes(found: tuple[Wrong, ...]) -> set[tuple[str, str]]:
    return {(one.field, one.code) for one in found}


def stands(call: Called, *, at: datetime = MEET, meeting: Meeting = MEETING) -> Standing:
    return whistle.standing(call, meeting, at=at)


@pytest.mark.parametrize(
    ("call", "minutes", "expected"),
    [
        (Called(Answer.NONE), -30, Standing.CALLED),
        (Called(Answer.COMING), 15, Standing.COMING),
        (Called(Answer.COMING), 16, Standing.EXPECTED),
        (Called(Answer.NONE), 60, Standing.EXPECTED),
        (Called(Answer.DECLINED), 60, Standing.DECLINED),
        (Called(Answer.DECLINED, excused=True), 60, Standing.EXCUSED),
        (Called(Answer.COMING, arrived_at=MEET + timedelta(minutes=15)), 60, Standing.ARRIVED),
        (Called(Answer.NONE, arrived_at=MEET + timedelta(minutes=16)), 60, Standing.LATE),
    ],
)
def test_while_it_is_open(call: Called, minutes: int, expected: Standing) -> None:
    assert stands(call, at=MEET + timedelta(minutes=minutes)) is expected


def test_who_never_came_is_absent_once_it_is_concluded() -> None:
    over = replace(MEETING, state=State.CONCLUDED, ended_at=MEET + timedelta(hours=1))
    assert stands(Called(Answer.COMING), meeting=over) is Standing.ABSENT
    assert stands(Called(Answer.DECLINED), meeting=over) is Standing.ABSENT
    assert stands(Called(Answer.DECLINED, excused=True), meeting=over) is Standing.EXCUSED


def test_nobody_is_absent_from_what_ended_before_its_time() -> None:
    for state in (State.CONCLUDED, State.LAPSED, State.CALLED_OFF):
        before = replace(MEETING, state=state, ended_at=MEET - timedelta(hours=1))
        assert stands(Called(Answer.COMING), meeting=before, at=MEET + timedelta(days=9)) is Standing.OFF


def test_called_off_is_never_absence() -> None:
    late = replace(MEETING, state=State.CALLED_OFF, ended_at=MEET + timedelta(hours=5))
    assert stands(Called(Answer.NONE), meeting=late) is Standing.OFF


def test_a_good_call_is_taken() -> None:
    assert whistle.wrongs(BLOWN, at=TEN) == ()


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"parts": ()}, ("bodies", "missing")),
        ({"parts": (Part(1), Part(1))}, ("bodies", "body_twice")),
        ({"parts": tuple(Part(n) for n in range(21))}, ("bodies", "too_many_bodies")),
        ({"meet_at": TEN - timedelta(minutes=11)}, ("meet_at", "in_the_past")),
        ({"meet_at": TEN + timedelta(days=31)}, ("meet_at", "too_far")),
        ({"place": "  "}, ("place", "missing")),
        ({"words": ""}, ("words", "missing")),
        ({"words": "长" * 2001}, ("words", "too_long")),
        ({"lon": 106.6}, ("place", "half_a_point")),
        ({"lon": 206.6, "lat": 26.6}, ("place", "not_on_earth")),
    ],
)
def test_a_bad_call_says_what_is_wrong(changes: dict[str, object], wrong: tuple[str, str]) -> None:
    assert wrong in codes(whistle.wrongs(replace(BLOWN, **changes), at=TEN))  # type: ignore[arg-type]  # any field


def test_now_may_be_a_few_minutes_old() -> None:
    assert whistle.wrongs(replace(BLOWN, meet_at=TEN - timedelta(minutes=9)), at=TEN) == ()


@pytest.mark.parametrize(
    ("arrived", "wrong"),
    [
        (MEET + timedelta(seconds=1), "in_the_future"),
        (TEN - timedelta(seconds=1), "before_the_call"),
        (MEET - timedelta(hours=3), "too_early"),
    ],
)
def test_an_arrival_that_cannot_be(arrived: datetime, wrong: str) -> None:
    called = TEN - timedelta(days=1) if wrong == "too_early" else TEN
    found = whistle.arrival_wrongs(arrived, called_at=called, meet_at=MEET, at=MEET)
    assert [one.code for one in found] == [wrong]


def test_only_who_was_there_can_agree() -> None:
    given = Concluded(1, "当场围挡，三日内修复", agreed=frozenset({1, 2}))
    assert codes(whistle.conclusion_wrongs(given, present=[1], at=TEN)) == {("agreed", "was_not_there")}


def test_a_step_needs_words_and_a_day_to_come() -> None:
    given = Concluded(
        1, "好", steps=(Next(1, " "), Next(2, "修", TEN), Next(2, "修", TEN + timedelta(days=400)))
    )
    assert codes(whistle.conclusion_wrongs(given, present=[], at=TEN)) == {
        ("steps.0.words", "missing"),
        ("steps.1.until", "in_the_past"),
        ("steps.2.until", "too_far"),
    }
