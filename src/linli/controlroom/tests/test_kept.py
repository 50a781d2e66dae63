"""What was worked out a moment ago serves all who ask, but never those who have heard of something newer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from linli.controlroom import kept as keeping
from linli.controlroom.kept import kept

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
FRESH = timedelta(seconds=2)


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    keeping.forget()
    yield
    keeping.forget()


class Work:
    """Counts how often it was done."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(self) -> int:
        self.done += 1
        return self.done


def ask(work: Work, seconds: float = 0, heard: float | None = None) -> int:
    not_before = None if heard is None else AT + timedelta(seconds=heard)
    found = kept("k", work, at=AT + timedelta(seconds=seconds), fresh_for=FRESH, not_before=not_before)
    return found.value


def test_it_is_worked_out_once_while_it_is_fresh() -> None:
    work = Work()
    assert [ask(work, second) for second in (0, 1, 1.9)] == [1, 1, 1]
    assert ask(work, 2) == 2


def test_who_has_heard_of_something_newer_gets_something_newer() -> None:
    work = Work()
    assert ask(work, 0) == 1
    assert ask(work, 1, heard=0.8) == 2
    assert ask(work, 1.2, heard=0.8) == 2


def test_a_storm_of_news_does_not_become_a_storm_of_work() -> None:
    work = Work()
    for step in range(20):
        ask(work, step * 0.02, heard=step * 0.02)
    assert work.done == 1


def test_a_clock_set_back_keeps_nothing_stale() -> None:
    work = Work()
    assert ask(work, 100) == 1
    assert ask(work, 0) == 2


def test_many_who_ask_at_once_wait_for_one() -> None:
    done: list[int] = []

    def slow() -> int:
        done.append(1)
        time.sleep(0.05)
        return 7

    def look() -> None:
        kept("slow", slow, at=AT, fresh_for=FRESH)

    lookers = [threading.Thread(target=look) for _ in range(12)]
    for one in lookers:
        one.start()
    for one in lookers:
        one.join()
    assert len(done) == 1


def test_an_error_is_not_kept() -> None:
    def fails() -> int:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        kept("k", fails, at=AT, fresh_for=FRESH)
    assert ask(Work()) == 1


def test_it_does_not_grow_without_end() -> None:
    for number in range(keeping.MOST + 50):
        kept(number, Work(), at=AT + timedelta(seconds=number), fresh_for=FRESH)
    assert len(keeping._values) == keeping.MOST
