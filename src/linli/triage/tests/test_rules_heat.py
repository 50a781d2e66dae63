"""The heat of a topic is a sum that a person can follow."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from linli.kernel.clock import LOCAL
from linli.triage.rules.heat import Heat, Voice, heat

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=LOCAL)


def voices(*days: float, who: str = "") -> list[Voice]:
    return [Voice(who or f"p{n}", NOON + timedelta(days=day)) for n, day in enumerate(days)]


def test_the_parts_add_up() -> None:
    found = heat([*voices(0, 1, 2), Voice("x", NOON, votes=7)], zone=LOCAL)
    parts = found.people_points + found.votes_points + found.days_points + found.growth_points
    assert found.total == pytest.approx(parts, abs=0.05)
    assert (found.people, found.votes, found.days) == (4, 7, 3)


def test_nothing_is_cold() -> None:
    assert heat([], zone=LOCAL) == Heat(0, 0, 0, 0, 0)
    assert heat([], zone=LOCAL).total == 0


def test_one_person_who_writes_ten_times_is_one_person() -> None:
    again, others = voices(*[0.0] * 10, who="a"), voices(*[0.0] * 10)
    assert heat(again, zone=LOCAL).people == 1
    assert heat(again, zone=LOCAL).total < heat(others, zone=LOCAL).total


def test_more_people_votes_and_days_are_hotter() -> None:
    base = heat(voices(0, 1), zone=LOCAL).total
    assert heat(voices(0, 1, 1), zone=LOCAL).total > base
    assert heat([*voices(0), Voice("p1", NOON + timedelta(days=1), votes=3)], zone=LOCAL).total > base
    assert heat(voices(0, 0), zone=LOCAL).total < base


def test_what_grows_is_hotter_than_what_goes_away() -> None:
    week = {"start": NOON, "end": NOON + timedelta(days=6)}
    rising, falling = voices(1, 4, 5, 6), voices(0, 1, 2, 5)
    assert (
        heat(rising, zone=LOCAL, **week).growth_points > 0 > heat(falling, zone=LOCAL, **week).growth_points
    )


def test_growth_has_bounds() -> None:
    week = {"start": NOON, "end": NOON + timedelta(days=6)}
    assert heat(voices(*[6.0] * 500), zone=LOCAL, **week).growth_points == 12
    assert heat(voices(*[0.0] * 500), zone=LOCAL, **week).growth_points == -8


def test_a_single_moment_neither_grows_nor_goes_away() -> None:
    assert heat(voices(0), zone=LOCAL).growth_points == 0


def test_days_are_local_days() -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=LOCAL)
    found = heat([Voice("a", late), Voice("b", late + timedelta(hours=1))], zone=LOCAL)
    assert found.days == 2


def test_a_negative_vote_takes_nothing_away() -> None:
    assert heat([Voice("a", NOON, votes=-9)], zone=LOCAL).votes == 0
