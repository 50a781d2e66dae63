"""Each pattern is found where it is, and honest work gives none."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from linli.fieldwork.rules import aiming, likeness, signals
from linli.fieldwork.rules.signals import Code, Done

NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LONG = "张家奶奶最近腿脚不太好，帮着把医保缴费弄好，约好下周再来"


def done(key: int, minutes: float = 0, **more: object) -> Done:
    return replace(
        Done(key, "visit", key, 1, NINE + timedelta(minutes=minutes), spot_id=key),
        **more,  # type: ignore[arg-type]  # fields of Done
    )


def codes(*some: Done) -> set[Code]:
    return {signal.code for signal in signals.find(some)}


@pytest.mark.parametrize(
    ("some", "expected"),
    [
        ([done(1, text=LONG), done(2, 30, text=LONG.replace("下周", "后天"))], Code.TEXT_OWN),
        ([done(1, text=LONG), done(2, 30, text=LONG, worker_id=2)], Code.TEXT_OTHER),
        ([done(1, looks=(0xFF00,)), done(2, 30, looks=(0xFF01,))], Code.PICTURE),
        ([done(1, until=NINE + timedelta(minutes=20)), done(2, 10)], Code.OVERLAP),
        ([done(1, lon=106.60, lat=26.6), done(2, 1, lon=106.62, lat=26.6)], Code.TRAVEL),
        ([done(1, until=NINE + timedelta(seconds=50))], Code.TOO_SHORT),
        ([done(1, 14 * 60)], Code.NIGHT),
        ([done(n, n * 20, made_at=NINE + timedelta(hours=9, seconds=n)) for n in range(1, 8)], Code.BURST),
        ([done(n, n * 20, counts=(n * 5 + 10,)) for n in range(1, 31)], Code.HEAPED),
        ([done(n, n * 20, counts=(83, 41), series=7) for n in range(1, 4)], Code.SAME_COUNT),
        ([done(n, n * 20, number="ab") for n in range(1, 4)], Code.ONE_NUMBER),
        ([done(1, denied=True)], Code.DENIED),
    ],
)
def test_each_pattern_is_found(some: list[Done], expected: Code) -> None:
    assert expected in codes(*some)


def test_honest_work_gives_no_signal_however_much_it_is() -> None:
    day = [
        done(
            n,
            n * 7,
            until=NINE + timedelta(minutes=n * 7 + 5),
            text=f"{n}" + "甲乙丙丁戊己庚辛壬癸子丑寅卯"[n % 7 :] * 2,
        )
        for n in range(1, 60)
    ]
    different = [
        replace(one, text=chr(0x4E00 + 40 * one.key) * 3 + chr(0x5000 + 31 * one.key) * 12) for one in day
    ]
    assert codes(*different) == set()


def test_a_phrase_of_the_house_is_nobodys_copy() -> None:
    phrase = "已走访，情况正常，无异常情况发生。"
    assert codes(*[done(n, n * 30, text=phrase, worker_id=n) for n in range(1, 4)]) == set()
    assert codes(done(1, text=phrase), done(2, 30, text=phrase)) == {Code.TEXT_OWN}
    assert codes(done(1, text="一切正常"), done(2, 30, text="一切正常")) == set()


def test_an_offline_phone_that_sends_its_day_within_minutes_is_only_a_faint_signal() -> None:
    late = [done(n, n * 30, made_at=NINE + timedelta(hours=8, seconds=n)) for n in range(1, 7)]
    burst = [one for one in signals.find(late) if one.code is Code.BURST]
    assert [one.certainty for one in burst] == [0.3]


def test_every_pair_of_like_texts_is_found_as_by_comparing_all() -> None:
    texts = {
        n: likeness.shingles(f"{'甲乙丙丁戊己庚辛'[n % 4 :]}{'子丑寅卯辰巳午未'[n % 5 :]}第{n % 3}次")
        for n in range(60)
    }
    every = {(a, b) for a in texts for b in texts if a < b and likeness.alike(texts[a], texts[b]) >= 0.6}
    assert {(min(a, b), max(a, b)) for a, b, _ in likeness.near_pairs(texts, 0.6)} == every
    assert every


def test_several_signals_together_are_more_certain_than_each_and_never_certain() -> None:
    assert signals.together([0.5, 0.5]) == 0.75
    assert signals.together([]) == 0


def listed(number: int, certain: Collection[int] = ()) -> list[aiming.Candidate]:
    return [aiming.Candidate("visit", n, n % 5, 0.9 if n in certain else 0.0) for n in range(1, number + 1)]


def test_the_lot_falls_on_those_with_signals_and_without_alike_and_can_be_repeated() -> None:
    plain, marked = listed(200), listed(200, set(range(1, 101)))
    plan = aiming.Plan(random_percent=5, aimed_percent=4, most_each=3)
    by_lot = {one.candidate.record_id for one in aiming.drawn(plain, "seed", plan)}
    again = aiming.drawn(marked, "seed", plan)
    assert {one.candidate.record_id for one in again if one.how == aiming.RANDOM} == by_lot
    assert len(by_lot) == 10
    aimed = [one.candidate for one in again if one.how == aiming.SIGNAL]
    assert len(aimed) == 8
    assert max(sum(one.worker_id == worker for one in aimed) for worker in range(5)) <= 3
    assert aiming.drawn(list(reversed(marked)), "seed", plan) == again
    assert aiming.drawn(marked, "other", plan) != again


def test_faint_signals_aim_nothing() -> None:
    faint = [aiming.Candidate("visit", n, n, 0.29) for n in range(1, 50)]
    assert {one.how for one in aiming.drawn(faint, "seed", aiming.Plan())} == {aiming.RANDOM}


def test_nobody_of_the_same_team_goes() -> None:
    able = [
        aiming.Visitor(2, frozenset({10})),
        aiming.Visitor(3, frozenset({11}), open=5),
        aiming.Visitor(4, frozenset({12})),
    ]
    assert aiming.visitor(1, frozenset({10}), able, "seed", "visit:1") == 4
    assert aiming.visitor(4, frozenset({10}), able, "seed", "visit:1") == 3
    assert aiming.visitor(3, frozenset({10, 12}), able, "seed", "visit:1") is None
