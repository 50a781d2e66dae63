"""Which road, when, and how it ends: the rules, by examples and by random histories."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.cases.rules import quiet
from linli.kernel.clock import LOCAL
from linli.notices.ports import Result
from linli.notices.rules import delivery
from linli.notices.rules.delivery import ENDED, MOST_TRIES, Now, State, Wishes
from linli.notices.rules.kinds import KINDS, PERSON_ROADS, Group, Urgency

MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=LOCAL)
NIGHT = datetime(2026, 11, 23, 23, 30, tzinfo=LOCAL)
HOURS = "22:00-07:00"
SETTLED, ACCEPTED = KINDS["case_settled"], KINDS["case_accepted"]


def now(
    urgency: Urgency = Urgency.PROMPT, *, roads: tuple[str, ...] = ("sms",), tries: int = 1, page: bool = True
) -> Now:
    return Now(urgency, roads, tries, MORNING, page)


def test_a_person_hears_by_the_kinds_roads_in_their_order() -> None:
    assert delivery.roads(SETTLED, None) == ("wechat", "sms")


def test_a_road_switched_off_for_a_group_is_left_out_for_this_group_only() -> None:
    wishes = Wishes(off=frozenset({("cases", "sms")}))
    assert delivery.roads(SETTLED, None, wishes) == ("wechat",)
    assert delivery.roads(KINDS["home_expiring"], None, wishes) == ("wechat", "sms")


def test_email_is_asked_for_first() -> None:
    wishes = Wishes(on=frozenset({("cases", "email")}))
    assert delivery.roads(SETTLED, None, wishes) == ("wechat", "email", "sms")


def test_alarms_are_not_to_be_switched_off() -> None:
    wishes = Wishes(off=frozenset({("alarms", "sms"), ("alarms", "wechat")}))
    assert delivery.roads(KINDS["alarm_raised"], None, wishes) == ("wechat", "sms")


def test_a_community_chooses_roads_among_those_of_the_kind() -> None:
    assert delivery.roads(SETTLED, ("sms", "pigeon", "wecom")) == ("sms",)


@pytest.mark.parametrize("urgency", [Urgency.PROMPT, Urgency.ORDINARY])
def test_at_night_it_waits_for_the_morning(urgency: Urgency) -> None:
    assert delivery.earliest(urgency, HOURS, NIGHT) == datetime(2026, 11, 24, 7, 0, tzinfo=LOCAL)
    assert not delivery.may_carry(urgency, HOURS, NIGHT)


def test_what_may_save_a_life_goes_at_night() -> None:
    assert delivery.earliest(Urgency.CRITICAL, HOURS, NIGHT) == NIGHT
    assert delivery.may_carry(Urgency.CRITICAL, HOURS, NIGHT)


def test_own_quiet_hours_stand_before_the_communitys() -> None:
    assert delivery.hours_of(Wishes(quiet="12:00-14:00"), HOURS) == "12:00-14:00"
    assert delivery.hours_of(Wishes(quiet="none"), HOURS) == ""
    assert delivery.hours_of(Wishes(), HOURS) == HOURS


def test_only_ordinary_notices_wait_for_the_digest() -> None:
    wishes = Wishes(digest=True)
    held = delivery.begin(ACCEPTED, ("wechat",), wishes, hours=HOURS, digest_hour=18, local=MORNING)
    assert (held.state, held.next_at) == (State.HELD, MORNING.replace(hour=18))
    gone = delivery.begin(SETTLED, ("wechat",), wishes, hours=HOURS, digest_hour=18, local=MORNING)
    assert gone.state is State.WAITING


def test_the_digest_of_an_evening_goes_out_the_next_day() -> None:
    assert delivery.digest_at(NIGHT, 18) == datetime(2026, 11, 24, 18, 0, tzinfo=LOCAL)


def test_without_a_road_it_rests_on_the_page() -> None:
    begun = delivery.begin(SETTLED, (), Wishes(), hours="", digest_hour=18, local=MORNING)
    assert (begun.state, begun.next_at) == (State.RESTING, None)


def test_a_closed_road_gives_way_to_the_next_at_once() -> None:
    step = delivery.after_answer(
        now(roads=("wechat", "sms")), Result.CLOSED, at=MORNING, code="no_subscription"
    )
    assert (step.state, step.roads, step.tries, step.next_at) == (State.WAITING, ("sms",), 0, MORNING)


def test_the_last_road_leads_to_the_page_or_nowhere() -> None:
    rest = delivery.after_answer(now(), Result.REFUSED, at=MORNING, code="bad_number")
    assert (rest.state, rest.reason) == (State.RESTING, "bad_number")
    end = delivery.after_answer(now(page=False), Result.REFUSED, at=MORNING, code="bad_number")
    assert (end.state, end.reason) == (State.GIVEN_UP, "bad_number")


def test_waits_grow_and_heed_the_carrier() -> None:
    waits = [delivery.wait(tries, None).total_seconds() for tries in range(1, 9)]
    assert waits == [20, 40, 80, 160, 320, 640, 1280, 1800]
    assert delivery.wait(1, timedelta(minutes=5)) == timedelta(minutes=5)


def test_after_so_many_tries_the_road_ends() -> None:
    step = delivery.after_answer(now(roads=("sms", "email"), tries=MOST_TRIES), Result.LATER, at=MORNING)
    assert step.roads == ("email",)


def test_an_alarm_is_not_carried_hours_later() -> None:
    assert delivery.too_late(now(Urgency.CRITICAL), at=MORNING + timedelta(hours=3))
    assert not delivery.too_late(now(Urgency.PROMPT), at=MORNING + timedelta(hours=3))


@pytest.mark.parametrize(
    ("results", "failing"),
    [
        ({"sent": 9, "refused": 1}, False),
        ({"sent": 1, "refused": 9}, True),
        ({"later": 5}, True),
        ({"refused": 4}, False),
        ({"closed": 20}, False),
        ({"sent": 3, "closed": 90}, False),
    ],
)
def test_a_road_looks_broken_when_nearly_nothing_gets_through(results: dict[str, int], failing: bool) -> None:
    assert delivery.failing(results) is failing


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(code for code, kind in KINDS.items() if kind.persons)),
    st.sampled_from(["", "none", "22:00-07:00", "00:00-23:59", "12:00-14:00"]),
    st.booleans(),
    st.booleans(),
    st.integers(0, 2**32),
)
def test_every_notice_ends_once_and_never_in_quiet_hours(
    code: str, own: str, digest: bool, page: bool, seed: int
) -> None:
    """A random history: carriers answer anything, the sweep comes late by anything."""
    kind, chance = KINDS[code], Random(seed)
    told = MORNING + timedelta(minutes=chance.randrange(3 * 24 * 60))
    wishes = Wishes(quiet=own, digest=digest)
    hours = delivery.hours_of(wishes, HOURS)
    roads = delivery.roads(kind, None, wishes)
    begun = delivery.begin(kind, roads, wishes, hours=hours, digest_hour=18, local=told)
    state, left, tries, due, taken = begun.state, begun.roads, 0, begun.next_at, 0
    for _turn in range(200):
        if due is None or state is State.HELD:
            break
        at = max(due, told) + timedelta(minutes=chance.randrange(600))
        carrying = Now(kind.urgency, left, tries + 1, told, page)
        if delivery.too_late(carrying, at=at):
            step = delivery.last(carrying, "too_late")
        elif not delivery.may_carry(kind.urgency, hours, at):
            due = delivery.earliest(kind.urgency, hours, at)
            assert due > at
            continue
        else:
            assert kind.urgency is Urgency.CRITICAL or not quiet.is_quiet(hours, at)
            result = chance.choice(list(Result))
            taken += result is Result.SENT
            step = delivery.after_answer(carrying, result, at=at)
        state, left, tries, due = step.state, step.roads, step.tries, step.next_at
    assert taken <= 1
    assert due is None or state is State.HELD
    assert state in ENDED | {State.HELD, State.RESTING}
    assert state is not State.RESTING or page or not roads


def test_every_kind_has_roads_it_can_take() -> None:
    for kind in KINDS.values():
        assert set(kind.roads) <= set(PERSON_ROADS), kind.code
        assert kind.persons or kind.robots, kind.code


def test_what_may_save_a_life_is_never_a_thing_to_switch_off() -> None:
    staff = [kind for kind in KINDS.values() if kind.urgency is Urgency.CRITICAL and kind.code != "trial"]
    assert {kind.group for kind in staff} == {Group.ALARMS, Group.NEWS}
