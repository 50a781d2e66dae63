"""The ladder, the paths of approval and the quiet hours, as rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.rules import ladder, quiet, requests
from linli.cases.rules.clock import Clock, Extension, Pause, due_at, used_at
from linli.cases.rules.ladder import Act, LadderRule, Rung, When
from linli.cases.rules.promises import Promise, Stage, Urgency
from linli.cases.rules.requests import Approval, Ask, Decider
from linli.kernel.clock import LOCAL
from linli.kernel.worktime import Unit, WorkCalendar

pytestmark = pytest.mark.rules
DAYS = WorkCalendar()
AT = datetime(2026, 11, 23, 10, 0, tzinfo=LOCAL)  # a Monday
DAY = date(2026, 11, 23)
HOURS = Promise(Stage.RESOLVE, 10, Unit.HOUR)
HALF = Rung(1, When.USED, Act.REMIND, percent=50)
BROKEN = Rung(2, When.BROKEN, Act.TELL_BODY)
LATER = Rung(3, When.BROKEN, Act.SUPERVISE, amount=Decimal(2), unit=Unit.HOUR, days=Decimal(2))
RUNGS = (HALF, BROKEN, LATER)


def rule(rung: Rung, code: str | None = None, urgency: Urgency | None = None, **dates: date) -> LadderRule:
    return LadderRule(rung, Stage.RESOLVE, code, urgency, **dates)


def chosen(
    rules: list[LadderRule], code: str | None = "a.b", urgency: Urgency = Urgency.NORMAL, on: date = DAY
) -> tuple[Rung, ...]:
    return ladder.choose(rules, category_path=code, urgency=urgency, stage=Stage.RESOLVE, on=on)


class TestTheLadder:
    """Which rung, when."""

    def test_a_share_and_a_wait_have_their_moments(self) -> None:
        clock = Clock(HOURS, AT)
        assert ladder.moment(HALF, clock, DAYS) == AT + timedelta(hours=5)
        assert ladder.moment(BROKEN, clock, DAYS) == AT + timedelta(hours=10)
        assert ladder.moment(LATER, clock, DAYS) == AT + timedelta(hours=12)

    def test_a_wait_is_counted_in_its_own_unit(self) -> None:
        rung = Rung(1, When.BROKEN, Act.REMIND, amount=Decimal(1), unit=Unit.WORKING_HOUR)
        clock = Clock(HOURS, AT)  # due at 20:00, after the offices closed
        assert ladder.moment(rung, clock, DAYS) == datetime(2026, 11, 24, 10, 0, tzinfo=LOCAL)

    def test_more_time_puts_every_rung_off(self) -> None:
        longer = Clock(HOURS, AT, extensions=(Extension(10, AT + timedelta(hours=1)),))
        assert ladder.moment(HALF, longer, DAYS) == AT + timedelta(hours=10)
        assert ladder.moment(BROKEN, longer, DAYS) == AT + timedelta(hours=20)

    def test_a_pause_hides_the_rungs_until_it_ends(self) -> None:
        paused = Clock(HOURS, AT, pauses=(Pause(AT + timedelta(hours=1)),))
        assert ladder.following(RUNGS, paused, DAYS, climbed=0) is None
        over = Clock(HOURS, AT, pauses=(Pause(AT + timedelta(hours=1), AT + timedelta(hours=4)),))
        assert ladder.moment(HALF, over, DAYS) == AT + timedelta(hours=8)

    def test_rungs_are_climbed_one_after_the_other_and_never_again(self) -> None:
        clock = Clock(HOURS, AT)
        levels = []
        climbed = 0
        while (found := ladder.following(RUNGS, clock, DAYS, climbed=climbed)) is not None:
            climbed = found.rung.level
            levels.append(climbed)
        assert levels == [1, 2, 3]

    @given(st.integers(1, 99), st.integers(0, 400), st.sampled_from(list(Unit)))
    def test_a_share_comes_before_the_break_whatever_the_promise(
        self, percent: int, hours: int, unit: Unit
    ) -> None:
        clock = Clock(Promise(Stage.RESOLVE, 3, unit), AT + timedelta(hours=hours))
        share, due = used_at(clock, DAYS, percent=percent), due_at(clock, DAYS)
        assert share is not None
        assert due is not None
        assert clock.started_at <= share <= due

    def test_the_nearest_category_brings_its_whole_ladder(self) -> None:
        rules = [rule(HALF), rule(BROKEN), rule(LATER, "a")]
        assert chosen(rules) == (LATER,)
        assert chosen(rules, "c") == (HALF, BROKEN)
        assert chosen(rules, None) == (HALF, BROKEN)

    def test_an_urgency_has_its_ladder_under_one_category(self) -> None:
        rules = [rule(HALF), rule(LATER, urgency=Urgency.CRITICAL)]
        assert chosen(rules) == (HALF,)
        assert chosen(rules, urgency=Urgency.CRITICAL) == (LATER,)

    def test_only_rows_of_the_day_hold_and_the_later_of_two_wins(self) -> None:
        old = rule(HALF, valid_from=date(2026, 1, 1), valid_to=DAY - timedelta(days=1))
        new = rule(Rung(1, When.USED, Act.REMIND, percent=80), valid_from=DAY)
        assert [one.percent for one in chosen([old, new])] == [80]
        assert [one.percent for one in chosen([old, new], on=DAY - timedelta(days=1))] == [50]

    def test_a_name_that_only_begins_alike_is_another_category(self) -> None:
        assert chosen([rule(HALF, "fac")], "facilities.lighting") == ()

    def test_a_ladder_goes_upwards(self) -> None:
        assert ladder.out_of_order(RUNGS) == ()
        assert ladder.out_of_order(
            (Rung(1, When.BROKEN, Act.REMIND), Rung(2, When.USED, Act.REMIND, percent=9))
        ) == (2,)

    @pytest.mark.parametrize(
        ("rung", "field"),
        [
            (Rung(0, When.BROKEN, Act.REMIND), "level"),
            (Rung(10, When.BROKEN, Act.REMIND), "level"),
            (Rung(1, When.USED, Act.REMIND, percent=0), "percent"),
            (Rung(1, When.USED, Act.REMIND, percent=100), "percent"),
            (Rung(1, When.BROKEN, Act.REMIND, amount=Decimal(-1)), "amount"),
            (Rung(1, When.BROKEN, Act.TALK, days=Decimal(0)), "days"),
        ],
    )
    def test_what_is_no_rung_is_named(self, rung: Rung, field: str) -> None:
        assert [one[0] for one in ladder.wrongs(rung)] == [field]


class TestWhoseDecision:
    """How large a request is, and whom it takes."""

    ROWS = (
        Approval(Ask.EXTEND, Decider.DESK, Decimal(3)),
        Approval(Ask.EXTEND, Decider.LEADER, Decimal(10)),
        Approval(Ask.EXTEND, Decider.LEADER, basis=True),
        Approval(Ask.HANG, Decider.LEADER, Decimal(30)),
    )

    def path(self, kind: Ask, days: str, on: date = DAY) -> tuple[str, bool]:
        found = requests.path(self.ROWS, kind=kind, days=Decimal(days), on=on)
        return found.decider.value, found.basis

    def test_the_smallest_row_that_holds_it_decides(self) -> None:
        assert self.path(Ask.EXTEND, "3") == ("dispatcher", False)
        assert self.path(Ask.EXTEND, "3.01") == ("community_leader", False)
        assert self.path(Ask.EXTEND, "400") == ("community_leader", True)

    def test_what_no_row_holds_takes_the_leader_and_a_basis(self) -> None:
        assert self.path(Ask.HANG, "31") == ("community_leader", True)

    def test_without_rows_the_desk_decides(self) -> None:
        assert self.path(Ask.PAUSE, "99") == ("dispatcher", False)

    def test_a_leader_may_decide_everything_a_dispatcher_only_his_own(self) -> None:
        assert requests.may_decide("dispatcher", {"dispatcher"})
        assert requests.may_decide("dispatcher", {"community_leader"})
        assert requests.may_decide("community_leader", {"community_leader"})
        assert not requests.may_decide("community_leader", {"dispatcher"})
        assert not requests.may_decide("dispatcher", {"verifier"})

    def test_a_weekend_makes_a_wait_no_larger(self) -> None:
        friday = datetime(2026, 11, 27, 17, 0, tzinfo=LOCAL)
        assert requests.size(DAYS, friday, friday + timedelta(days=3)) == Decimal("1.00")
        assert requests.size(DAYS, friday, friday - timedelta(days=3)) == 0


class TestQuietHours:
    """Nobody is rung at night."""

    @pytest.mark.parametrize(
        ("clock", "hush"),
        [
            ("21:59", False),
            ("22:00", True),
            ("23:59", True),
            ("00:00", True),
            ("06:59", True),
            ("07:00", False),
        ],
    )
    def test_a_night_goes_over_midnight(self, clock: str, hush: bool) -> None:
        hour, minute = map(int, clock.split(":"))
        assert quiet.is_quiet("22:00-07:00", AT.replace(hour=hour, minute=minute)) is hush

    def test_a_midday_rest_is_a_span_too(self) -> None:
        assert quiet.is_quiet("12:30-14:00", AT.replace(hour=13))
        assert not quiet.is_quiet("12:30-14:00", AT)

    @pytest.mark.parametrize("span", ["", "07:00-07:00"])
    def test_no_span_is_never_quiet(self, span: str) -> None:
        assert not quiet.is_quiet(span, AT.replace(hour=3))

    @given(
        st.integers(0, 366 * 86_400),
        st.sampled_from(["22:00-07:00", "12:30-14:00", ""]),
    )
    def test_what_waits_rings_at_the_first_loud_moment(self, moment: int, span: str) -> None:
        local = AT + timedelta(seconds=moment)
        rings = quiet.rings_at(span, local)
        assert rings >= local
        assert not quiet.is_quiet(span, rings)
        assert rings - local < timedelta(hours=10)
        if rings > local:
            assert quiet.is_quiet(span, rings - timedelta(microseconds=1))
