"""Ten thousand random promises against the naive minute-by-minute model."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from linli.cases.rules import clock as clocks
from linli.cases.rules.clock import Clock, Extension, Pause
from linli.cases.rules.promises import Promise, Stage, StartRule
from linli.cases.tests.naive_clock import NaiveClock, NaiveWorld, WallSpans
from linli.kernel.worktime import ANNOUNCED, USUAL_SPANS, OfficeHours, Statutory, Unit, WorkCalendar

pytestmark = [pytest.mark.rules, pytest.mark.slow]

DAYS = 58
CASES_A_WORLD = 500
NO_HOLIDAYS = Statutory(frozenset(), frozenset(), 1, 1)
LARGEST = {Unit.HOUR: 150, Unit.CALENDAR_DAY: 9, Unit.WORKING_HOUR: 40, Unit.WORKING_DAY: 6}

SHANGHAI, NEW_YORK = "Asia/Shanghai", "America/New_York"
WORLDS = [
    (SHANGHAI, "2026-01-28", True),  # Spring Festival with make-up days on both sides
    (SHANGHAI, "2025-12-15", True),  # the year's end, a make-up Sunday on 4 January
    (SHANGHAI, "2024-02-02", True),  # the leap day, Spring Festival
    (SHANGHAI, "2026-04-20", True),  # Labour Day
    (SHANGHAI, "2025-09-12", True),  # National Day with Mid-autumn, eight days
    (SHANGHAI, "2026-09-14", True),
    (SHANGHAI, "2026-11-20", True),  # into a year that is not announced
    (SHANGHAI, "2033-12-20", True),
    ("Asia/Urumqi", "2026-09-14", True),  # the unofficial zone, two hours behind
    (SHANGHAI, "1988-03-28", False),  # China had summer time from 1986 to 1991
    (SHANGHAI, "1990-08-20", False),
    (NEW_YORK, "2026-02-16", False),
    (NEW_YORK, "2026-10-12", False),
    ("Australia/Lord_Howe", "2026-03-09", False),  # summer time of half an hour
    ("America/Santiago", "2024-08-12", False),  # a midnight that does not exist
    ("America/Santiago", "2024-03-11", False),  # an hour before midnight that comes twice
    ("America/Havana", "2026-10-12", False),  # an hour after midnight that comes twice
    ("Africa/Cairo", "2026-04-01", False),
    ("Asia/Kathmandu", "2026-09-14", False),
    ("Pacific/Apia", "2011-12-10", False),  # the day that was left out
]

HOURS: list[WallSpans] = [
    ((time(9), time(12)), (time(13, 30), time(17, 30))),
    ((time(10), time(14)), (time(15, 30), time(19, 30))),  # Urumqi
    ((time(8, 30), time(12)), (time(14, 30), time(18))),
    ((time(0), time(0)),),  # round the clock
    (
        (time(0, 30), time(1, 45)),
        (time(2, 15), time(4)),
        (time(22), time(0)),
    ),  # across the hour that is moved
    ((time(9), time(12)),),
    (),
]


def make_world(place: tuple[str, str, bool], chance: random.Random) -> tuple[NaiveWorld, WorkCalendar]:
    """The same community twice: for the naive model and for the calendar."""
    zone, first, chinese = ZoneInfo(place[0]), date.fromisoformat(place[1]), place[2]
    days = [first + timedelta(days=number) for number in range(DAYS)]
    local_days = {day: chance.random() < 0.5 for day in chance.sample(days, chance.choice([0, 3, 12]))}
    if not chinese:  # clocks are moved on Sundays: work on them
        local_days |= {day: True for day in days if day.weekday() == 6}
    hours: list[tuple[int, date, WallSpans]] = []
    for weekday in range(7):
        if chance.random() < 0.6:
            hours.append((weekday, date(1980, 1, 1), chance.choice(HOURS)))
        if chance.random() < 0.4:
            hours.append((weekday, chance.choice(days), chance.choice(HOURS)))
    if not any(spans for _, since, spans in hours if since.year == 1980):
        hours.append((2, date(1979, 1, 1), HOURS[0]))
    start = datetime.combine(first, time(0), tzinfo=UTC) - timedelta(days=1)
    world = NaiveWorld(zone, start, DAYS * 1440, hours, USUAL_SPANS, local_days, chinese)
    calendar = WorkCalendar(
        zone=zone,
        local_days=local_days,
        office_hours=tuple(OfficeHours(*version) for version in hours),
        statutory=ANNOUNCED if chinese else NO_HOLIDAYS,
    )
    return world, calendar


def random_clock(world: NaiveWorld, chance: random.Random) -> NaiveClock:
    """A promise with its pauses and extensions, begun in the first days of the world."""
    unit = chance.choice(list(Unit))
    started = chance.randrange(1440, 10 * 1440)
    pauses: list[tuple[int, int | None]] = []
    for _ in range(chance.choice([0, 0, 1, 1, 2, 3])):
        start = started + chance.randrange(0, 6 * 1440)
        pauses.append((start, start + chance.randrange(0, 3 * 1440)))
    if chance.random() < 0.08:
        pauses.append((started + chance.randrange(0, 9 * 1440), None))
    amount = chance.randint(1, LARGEST[unit])
    extensions = [
        (chance.randint(1, max(1, LARGEST[unit] // 4)), started + chance.randrange(0, 14 * 1440))
        for _ in range(chance.choice([0, 0, 0, 1, 2]))
    ]
    stopped = started + chance.randrange(0, 20 * 1440) if chance.random() < 0.4 else None
    rule = chance.choice(list(StartRule))
    return NaiveClock(world, unit, amount, rule, started, pauses, extensions, stopped)


def as_clock(naive: NaiveClock) -> Clock:
    moment = naive.world.moment_of
    return Clock(
        promise=Promise(Stage.RESOLVE, naive.amount, Unit(naive.unit), StartRule(naive.start_rule)),
        started_at=moment(naive.started),
        pauses=tuple(
            Pause(moment(start), None if end is None else moment(end)) for start, end in naive.pauses
        ),
        extensions=tuple(Extension(amount, moment(asked)) for amount, asked in naive.extensions),
        stopped_at=None if naive.stopped is None else moment(naive.stopped),
    )


def interesting_moments(naive: NaiveClock, chance: random.Random) -> Iterator[int]:
    last = naive.world.minutes - 1
    yield chance.randrange(naive.started, last)
    if naive.due is not None:
        yield from (minute for minute in (naive.due - 1, naive.due, naive.due + 1) if minute <= last)
        at_risk = naive.used_up(naive.allowance * 4 // 5)
        if at_risk is not None:
            yield from (at_risk, at_risk + 1)


@pytest.mark.parametrize("number", range(len(WORLDS)), ids=[" ".join(world[:2]) for world in WORLDS])
def test_it_agrees_with_a_naive_minute_by_minute_model(number: int) -> None:
    chance = random.Random(20261123 + number)
    world, calendar = make_world(WORLDS[number], chance)
    for _ in range(CASES_A_WORLD):
        naive = random_clock(world, chance)
        clock = as_clock(naive)
        expected = None if naive.due is None else world.moment_of(naive.due)
        assert naive.due is not None or naive.open_pause, "the world is too short for this promise"
        assert clocks.due_at(clock, calendar) == expected, clock
        assert clocks.begins_at(clock, calendar) == world.moment_of(naive.begins), clock
        for minute in interesting_moments(naive, chance):
            now = world.moment_of(minute)
            assert clocks.state(clock, calendar, now) == naive.state(minute), (clock, now)
            left = (naive.allowance - naive.elapsed(minute)) * 60
            assert clocks.remaining(clock, calendar, now) == left, (clock, now)
        check_ledger(naive, clock, calendar, chance.randrange(naive.started, world.minutes))


def check_ledger(naive: NaiveClock, clock: Clock, calendar: WorkCalendar, until: int) -> None:
    """Without gaps, each entry counted whole or not at all, and minute for minute as expected."""
    ledger = clocks.ledger(clock, calendar, naive.world.moment_of(until))
    told, at = bytearray(), naive.started
    for segment in ledger:
        start, end = naive.world.minute_of(segment.from_), naive.world.minute_of(segment.to)
        assert start == at < end, ledger
        assert segment.counted in (0, (end - start) * 60), ledger
        told += (b"\x01" if segment.counted else b"\x00") * (end - start)
        at = end
    assert at == until, ledger
    stopped = until if naive.stopped is None else min(until, naive.stopped)
    assert told == naive.map[naive.started : stopped] + bytes(until - stopped), (clock, ledger)
    spent = [segment.counted for segment in ledger if segment.why is clocks.ClockWhy.OVERDUE]
    assert sum(spent) == max(0, naive.elapsed(until) - naive.allowance) * 60
