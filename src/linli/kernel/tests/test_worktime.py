"""Days, hours and ticking seconds of a working calendar, each expectation worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.kernel.worktime import (
    SHANGHAI,
    USUAL_SPANS,
    DayKind,
    OfficeHours,
    Statutory,
    Unit,
    Why,
    WorkCalendar,
    whole_second,
)

pytestmark = pytest.mark.rules

CHINA = WorkCalendar()
URUMQI = WorkCalendar(
    office_hours=tuple(
        OfficeHours(weekday, date(2026, 1, 1), ((time(10), time(14)), (time(15, 30), time(19, 30))))
        for weekday in range(5)
    )
)
NEW_YORK = WorkCalendar(
    zone=ZoneInfo("America/New_York"), statutory=Statutory(frozenset(), frozenset(), 2026, 2026)
)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def test_it_knows_the_swapped_working_days_of_2026() -> None:
    assert CHINA.kind(date(2026, 2, 14)) is DayKind.MAKE_UP
    assert CHINA.kind(date(2026, 2, 20)) is DayKind.HOLIDAY  # a Friday moved to the festival
    assert CHINA.kind(date(2026, 10, 1)) is DayKind.HOLIDAY
    assert CHINA.kind(date(2026, 11, 21)) is DayKind.WEEKEND
    assert CHINA.kind(date(2026, 11, 23)) is DayKind.WORKING


def test_it_takes_the_plain_week_for_a_year_nobody_announced() -> None:
    assert not CHINA.covers(2035)
    assert CHINA.is_working_day(date(2035, 10, 1))  # a Monday
    assert not CHINA.is_working_day(date(2035, 10, 6))


def test_it_covers_a_year_once_its_national_day_is_entered() -> None:
    assert CHINA.covers(2026)
    assert not CHINA.covers(2003)
    entered = WorkCalendar(local_days={date(2035, 10, 1): False})
    assert entered.covers(2035)
    assert not entered.covers(2036)


@pytest.mark.parametrize(
    ("day", "working", "kind"),
    [
        (date(2026, 11, 23), False, DayKind.CLOSED),
        (date(2026, 11, 21), True, DayKind.MAKE_UP),
        (date(2026, 11, 21), False, DayKind.WEEKEND),
        (date(2026, 10, 1), True, DayKind.MAKE_UP),
        (date(2026, 10, 1), False, DayKind.HOLIDAY),
        (date(2026, 2, 14), False, DayKind.CLOSED),
        (date(2026, 11, 24), True, DayKind.WORKING),
    ],
)
def test_the_communitys_word_on_a_day_comes_first(day: date, working: bool, kind: DayKind) -> None:
    assert WorkCalendar(local_days={day: working}).kind(day) is kind


def test_a_make_up_saturday_keeps_the_hours_of_monday() -> None:
    assert CHINA.hours(date(2026, 2, 14)) == USUAL_SPANS
    assert CHINA.hours(date(2026, 2, 15)) == ()


def test_a_make_up_saturday_has_its_own_hours_where_they_are_set() -> None:
    saturday = OfficeHours(5, date(2026, 1, 1), ((time(9), time(12)),))
    calendar = WorkCalendar(office_hours=(saturday,))
    assert calendar.hours(date(2026, 2, 14)) == ((time(9), time(12)),)
    assert calendar.hours(date(2026, 2, 21)) == ()  # hours alone do not make a Saturday a working day


def test_office_hours_change_on_their_day() -> None:
    summer = OfficeHours(0, date(2026, 6, 1), ((time(8, 30), time(12)), (time(15), time(18))))
    winter = OfficeHours(0, date(2026, 9, 28), USUAL_SPANS)
    calendar = WorkCalendar(office_hours=(winter, summer))
    assert calendar.hours(date(2026, 5, 25)) == USUAL_SPANS
    assert calendar.hours(date(2026, 6, 1)) == summer.spans
    assert calendar.hours(date(2026, 9, 21)) == summer.spans
    assert calendar.hours(date(2026, 9, 28)) == USUAL_SPANS
    assert calendar.hours(date(2026, 6, 2)) == USUAL_SPANS  # a Tuesday: nobody changed it


def test_a_weekday_can_be_closed_and_still_be_a_working_day() -> None:
    calendar = WorkCalendar(office_hours=(OfficeHours(0, date(2026, 1, 1), ()),))
    monday = date(2026, 11, 23)
    assert calendar.is_working_day(monday)
    assert calendar.hours(monday) == ()
    stretches = calendar.stretches(Unit.WORKING_HOUR, at("2026-11-23T08:00"), at("2026-11-23T20:00"))
    assert [(stretch.ticks, stretch.why) for stretch in stretches] == [(False, Why.OUT_OF_HOURS)]


@pytest.mark.parametrize(
    "spans",
    [
        ((time(12), time(9)),),
        ((time(9), time(9)),),
        ((time(9), time(12)), (time(11), time(17))),
        ((time(13), time(17)), (time(9), time(12))),
        ((time(22), time(2)),),
    ],
)
def test_it_refuses_office_hours_out_of_order(spans: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="office hours"):
        OfficeHours(0, date(2026, 1, 1), spans)


def test_it_refuses_a_weekday_that_is_none() -> None:
    with pytest.raises(ValueError, match="weekday"):
        OfficeHours(7, date(2026, 1, 1), USUAL_SPANS)


@pytest.mark.parametrize(
    ("unit", "start", "seconds", "due"),
    [
        # Thursday 16:00, eight working hours: 1.5 h left, seven on Friday's … half an hour before the end
        (Unit.WORKING_HOUR, "2026-02-12T16:00", 8 * 3600, "2026-02-13T17:00"),
        # Friday afternoon before the Spring Festival: the make-up Saturday counts, the holiday does not
        (Unit.WORKING_HOUR, "2026-02-13T17:00", 2 * 3600, "2026-02-14T10:30"),
        (Unit.WORKING_HOUR, "2026-02-14T17:00", 2 * 3600, "2026-02-24T10:30"),
        (Unit.WORKING_HOUR, "2026-11-23T11:30", 3600, "2026-11-23T14:00"),  # over lunch
        (Unit.WORKING_DAY, "2026-02-13T00:00", 3 * 86400, "2026-02-25T00:00"),
        (Unit.WORKING_DAY, "2026-11-20T00:00", 86400, "2026-11-21T00:00"),  # Friday's end, not Monday's start
        (Unit.WORKING_DAY, "2026-11-20T18:00", 86400, "2026-11-23T18:00"),
        (Unit.HOUR, "2026-02-14T17:00", 48 * 3600, "2026-02-16T17:00"),
        (Unit.CALENDAR_DAY, "2026-09-30T12:00", 15 * 86400, "2026-10-15T12:00"),
        (Unit.WORKING_DAY, "2024-02-28T12:00", 2 * 86400, "2024-03-01T12:00"),  # over the leap day
        (Unit.WORKING_HOUR, "2025-12-31T16:30", 2 * 3600, "2026-01-04T10:00"),  # over the year's end
    ],
)
def test_it_adds_ticking_seconds(unit: Unit, start: str, seconds: int, due: str) -> None:
    assert CHINA.add(unit, at(start), seconds) == at(due)


def test_offices_in_urumqi_open_later() -> None:
    assert URUMQI.add(Unit.WORKING_HOUR, at("2026-11-23T09:00"), 3600) == at("2026-11-23T11:00")
    assert URUMQI.add(Unit.WORKING_HOUR, at("2026-11-23T19:00"), 3600) == at("2026-11-24T10:30")


def test_nothing_added_is_the_same_second() -> None:
    moment = at("2026-11-21T03:00:00.700000")
    assert CHINA.add(Unit.WORKING_HOUR, moment, 0) == at("2026-11-21T03:00:00")
    assert whole_second(moment).tzinfo is UTC


def test_it_refuses_negative_time_and_moments_without_a_zone() -> None:
    with pytest.raises(ValueError, match="only added"):
        CHINA.add(Unit.HOUR, at("2026-11-23T00:00"), -1)
    with pytest.raises(ValueError, match="time zone"):
        CHINA.add(Unit.HOUR, datetime(2026, 11, 23), 1)  # noqa: DTZ001


def test_it_says_so_when_a_unit_never_ticks() -> None:
    closed = WorkCalendar(office_hours=tuple(OfficeHours(day, date.min, ()) for day in range(7)))
    with pytest.raises(ValueError, match="never ticks"):
        closed.add(Unit.WORKING_HOUR, at("2026-11-23T00:00"), 1)


def test_it_counts_a_whole_year() -> None:
    year = at("2026-01-01T00:00"), at("2027-01-01T00:00")
    days = CHINA.counted(Unit.WORKING_DAY, *year) / 86400
    by_hand = 261 - 19 + 6  # weekdays of 2026, less the weekdays off, plus the make-up days
    assert days == by_hand
    assert CHINA.counted(Unit.WORKING_HOUR, *year) == by_hand * 7 * 3600


def test_nothing_is_counted_backwards() -> None:
    for unit in Unit:
        assert CHINA.counted(unit, at("2026-11-24T00:00"), at("2026-11-23T00:00")) == 0
        assert CHINA.stretches(unit, at("2026-11-24T00:00"), at("2026-11-23T00:00")) == ()


def test_a_day_of_changing_clocks_has_its_real_length() -> None:
    zone = ZoneInfo("America/New_York")
    spring, autumn = at("2026-03-08T00:00", zone), at("2026-11-01T00:00", zone)
    worked = WorkCalendar(zone=zone, local_days={date(2026, 3, 8): True, date(2026, 11, 1): True})
    assert worked.counted(Unit.WORKING_DAY, spring, at("2026-03-09T00:00", zone)) == 23 * 3600
    assert worked.counted(Unit.WORKING_DAY, autumn, at("2026-11-02T00:00", zone)) == 25 * 3600


def test_office_hours_follow_the_wall_clock_when_it_is_moved() -> None:
    zone = ZoneInfo("America/New_York")
    early = tuple(
        OfficeHours(day, date.min, ((time(0, 30), time(1, 30)), (time(9), time(10)))) for day in range(7)
    )
    worked = WorkCalendar(
        zone=zone, office_hours=early, local_days={date(2026, 3, 8): True, date(2026, 11, 1): True}
    )
    # At 02:00 in autumn it is 01:00 again: the half hour until 01:30 is worked twice.
    assert (
        worked.counted(Unit.WORKING_HOUR, at("2026-11-01T00:00", zone), at("2026-11-02T00:00", zone)) == 9000
    )
    assert (
        worked.counted(Unit.WORKING_HOUR, at("2026-03-08T00:00", zone), at("2026-03-09T00:00", zone)) == 7200
    )
    assert NEW_YORK.add(Unit.WORKING_HOUR, at("2026-03-06T17:00", zone), 3600) == at("2026-03-09T09:30", zone)


def test_a_midnight_that_does_not_exist_begins_the_day_an_hour_later() -> None:
    zone = ZoneInfo("America/Santiago")  # on 2024-09-08 the clock went from 24:00 to 01:00
    calendar = WorkCalendar(zone=zone, local_days={date(2024, 9, 7): True, date(2024, 9, 8): True})
    assert calendar.next_midnight(at("2024-09-07T12:00", zone)) == datetime(2024, 9, 8, 4, tzinfo=UTC)
    day = at("2024-09-07T12:00", zone), at("2024-09-09T00:00", zone)
    assert calendar.counted(Unit.WORKING_DAY, *day) == (12 + 23) * 3600


def test_days_stay_in_a_row_where_clocks_were_moved_around_midnight() -> None:
    newfoundland = WorkCalendar(zone=ZoneInfo("America/St_Johns"))  # 2009-11-01: back to 23:01 at 00:01
    second_pass = datetime(2009, 11, 1, 3, 0, tzinfo=UTC)  # the wall says 31 October, 23:30, again
    assert newfoundland.next_midnight(second_pass) == at("2009-11-02T00:00", newfoundland.zone)
    toronto = WorkCalendar(zone=ZoneInfo("America/Toronto"))  # 1919-03-30: from 23:30 to 00:30
    skipped = datetime(1919, 3, 31, 4, 40, tzinfo=UTC)  # the wall says 31 March, 00:40
    assert toronto.next_midnight(skipped) == datetime(1919, 3, 31, 5, 0, tzinfo=UTC)


def test_the_next_day_begins_at_local_midnight() -> None:
    assert CHINA.next_midnight(at("2026-11-23T00:00")) == at("2026-11-24T00:00")
    assert CHINA.next_midnight(at("2026-11-23T23:59:59")) == at("2026-11-24T00:00")


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-20T22:00", "2026-11-23T09:00"),
        ("2026-11-23T12:00", "2026-11-23T13:30"),
        ("2026-11-23T10:15", "2026-11-23T10:15"),
        ("2026-11-23T09:00", "2026-11-23T09:00"),
        ("2026-09-30T17:30", "2026-10-08T09:00"),
    ],
)
def test_the_next_office_moment_is_now_or_the_next_opening(moment: str, opens: str) -> None:
    assert CHINA.next_office_moment(at(moment)) == at(opens)


def test_stretches_explain_a_week_with_a_make_up_day() -> None:
    stretches = CHINA.stretches(Unit.WORKING_HOUR, at("2026-02-13T16:00"), at("2026-02-24T10:00"))
    told = [
        (f"{stretch.to.astimezone(SHANGHAI):%m-%d %H:%M}", stretch.ticks, stretch.why)
        for stretch in stretches
    ]
    assert told == [
        ("02-13 17:30", True, Why.RUNNING),
        ("02-14 09:00", False, Why.NIGHT),
        ("02-14 12:00", True, Why.MAKE_UP_DAY),
        ("02-14 13:30", False, Why.LUNCH),
        ("02-14 17:30", True, Why.MAKE_UP_DAY),
        ("02-15 00:00", False, Why.NIGHT),
        ("02-24 00:00", False, Why.HOLIDAY),
        ("02-24 09:00", False, Why.NIGHT),
        ("02-24 10:00", True, Why.RUNNING),
    ]


def test_stretches_of_working_days_merge_what_is_alike() -> None:
    stretches = CHINA.stretches(Unit.WORKING_DAY, at("2026-11-19T10:00"), at("2026-11-25T10:00"))
    assert [(stretch.seconds // 3600, stretch.why) for stretch in stretches] == [
        (38, Why.RUNNING),
        (48, Why.WEEKEND),
        (58, Why.RUNNING),
    ]


moments = st.datetimes(datetime(2025, 12, 1), datetime(2026, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)
calendars = st.sampled_from([CHINA, URUMQI, NEW_YORK, WorkCalendar(zone=ZoneInfo("Australia/Lord_Howe"))])


@settings(deadline=None)
@given(calendars, st.sampled_from(Unit), moments, st.integers(1, 40 * 86400))
def test_added_seconds_are_counted_again_to_the_second(
    calendar: WorkCalendar, unit: Unit, start: datetime, seconds: int
) -> None:
    due = calendar.add(unit, start, seconds)
    assert calendar.counted(unit, start, due) == seconds
    assert calendar.counted(unit, start, due - timedelta(seconds=1)) == seconds - 1


@settings(deadline=None)
@given(calendars, st.sampled_from(Unit), st.lists(moments, min_size=3, max_size=3))
def test_counting_in_two_parts_is_counting_in_one(
    calendar: WorkCalendar, unit: Unit, three: list[datetime]
) -> None:
    first, middle, last = sorted(three)
    parts = calendar.counted(unit, first, middle) + calendar.counted(unit, middle, last)
    assert parts == calendar.counted(unit, first, last)
    stretches = calendar.stretches(unit, first, last)
    assert sum(stretch.seconds for stretch in stretches if stretch.ticks) == parts
    assert (
        sum(stretch.seconds for stretch in stretches)
        == (whole_second(last) - whole_second(first)).total_seconds()
    )
    assert all(left.to == right.from_ for left, right in zip(stretches, stretches[1:], strict=False))
