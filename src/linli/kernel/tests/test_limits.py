from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections, transaction

from linli.kernel import limits

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def _take(key: str = "k", *, cost: int = 1, after: float = 0, capacity: int = 10, per: int = 3600) -> bool:
    at = START + timedelta(seconds=after)
    return limits.take(key, capacity=capacity, per_seconds=per, cost=cost, at=at)


@pytest.mark.usefixtures("db")
def test_it_gives_the_capacity_and_no_more() -> None:
    assert [_take() for _ in range(12)] == [True] * 10 + [False] * 2


@pytest.mark.usefixtures("db")
def test_tokens_come_back_evenly() -> None:
    assert all(_take() for _ in range(10))
    assert not _take(after=359)
    assert _take(after=361)
    assert not _take(after=362)
    assert [_take(after=100_000) for _ in range(11)].count(True) == 10


@pytest.mark.usefixtures("db")
def test_a_refused_take_costs_nothing() -> None:
    assert _take(cost=8)
    assert not _take(cost=3)
    assert _take(cost=2)


@pytest.mark.usefixtures("db")
def test_more_than_the_bucket_holds_is_refused_at_once() -> None:
    assert not _take(cost=11)
    assert _take(cost=10)


@pytest.mark.usefixtures("db")
def test_two_keys_do_not_share() -> None:
    assert _take("a", cost=10)
    assert _take("b", cost=10)


@pytest.mark.usefixtures("db")
def test_a_clock_that_jumps_back_lets_one_through_and_goes_on() -> None:
    assert _take(cost=10)
    assert [_take(after=-7200) for _ in range(3)] == [True, False, False]
    assert not _take(after=-7200 + 300)
    assert _take(after=-7200 + 361)
    assert _take(after=0, cost=10)


@pytest.mark.usefixtures("db")
def test_the_table_does_not_tell_who() -> None:
    _take("look_up:ip:203.0.113.7")
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM kernel_bucket")
        keys = [bytes(row[0]) for row in cursor.fetchall()]
    assert all(len(key) == 16 and b"203" not in key for key in keys)


@pytest.mark.usefixtures("db")
def test_it_counts_with_the_clock_of_the_database_by_default() -> None:
    assert limits.take("k", capacity=1, per_seconds=3600)
    assert not limits.take("k", capacity=1, per_seconds=3600)
    with connection.cursor() as cursor:
        cursor.execute("SELECT abs(extract(epoch FROM clock_timestamp() - updated)) FROM kernel_bucket")
        assert cursor.fetchone()[0] < 60


@pytest.mark.usefixtures("db")
def test_it_refuses_to_run_where_a_rollback_would_refund() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        limits.take("k", capacity=1, per_seconds=60)


@pytest.mark.usefixtures("committed_db")
def test_a_later_rollback_gives_nothing_back() -> None:
    assert limits.take("k", capacity=1, per_seconds=3600)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _ = 1 / 0
    assert not limits.take("k", capacity=1, per_seconds=3600)


def _at_once(number: int, work: Callable[[int], None]) -> None:
    ready = Barrier(number)

    def run(place: int) -> None:
        try:
            connection.ensure_connection()
            ready.wait()
            for step in range(200 // number):
                work(place * 1000 + step)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.usefixtures("committed_db")
def test_of_200_parallel_takes_exactly_10_pass() -> None:
    passed: list[int] = []

    def work(step: int) -> None:
        if limits.take("storm", capacity=10, per_seconds=86400):
            passed.append(step)

    _at_once(20, work)
    assert len(passed) == 10


@pytest.mark.usefixtures("committed_db")
def test_inside_a_statement_of_ones_own_it_is_as_exact() -> None:
    passed: list[int] = []

    def work(step: int) -> None:
        room, params = limits.take_sql("storm", capacity=10, per_seconds=86400)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"WITH room AS ({room}) SELECT EXISTS (SELECT 1 FROM room)", params)
            if cursor.fetchone()[0]:
                passed.append(step)

    _at_once(20, work)
    assert len(passed) == 10


@pytest.mark.usefixtures("db")
def test_an_allowance_needs_each_of_its_rates() -> None:
    def phone_asks(after: int) -> bool:
        return limits.allow("sms_code", "phone", "+8613812345678", at=START + timedelta(seconds=after))

    assert [phone_asks(after) for after in (0, 30, 61, 122, 183, 244, 305)] == [
        True,
        False,
        True,
        True,
        True,
        True,
        False,
    ]


@pytest.mark.usefixtures("db")
def test_never_is_never_and_free_is_free() -> None:
    assert not limits.allow("reveal", "level3", "7", at=START)
    assert all(limits.allow("look_up", "staff", "7", at=START) for _ in range(300))
    with pytest.raises(KeyError):
        limits.allow("reveal", "nobody", "7", at=START)


def test_every_allowance_names_the_same_people() -> None:
    people = {"anonymous", "level1", "level2", "level3", "staff"}
    for what in ("report", "media_bytes", "look_up", "comment", "reveal", "export"):
        assert set(limits.ALLOWANCES[what]) - {"app"} == people  # an app reports for many


@pytest.mark.usefixtures("db")
def test_it_says_how_long_to_wait() -> None:
    assert limits.wait_seconds("k", capacity=10, per_seconds=3600) == 0
    for _ in range(10):
        limits.take("k", capacity=10, per_seconds=3600)
    assert 355 <= limits.wait_seconds("k", capacity=10, per_seconds=3600) <= 360
    assert limits.wait_seconds("k", capacity=10, per_seconds=3600, cost=11) == 3600


@pytest.mark.usefixtures("db")
def test_only_buckets_that_are_full_again_are_forgotten() -> None:
    limits.take("now", capacity=1, per_seconds=60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp() - interval '3 days'")
        limits.take("long ago", capacity=1, per_seconds=60, at=cursor.fetchone()[0])
    assert limits.forget(idle_seconds=1) == 1
    assert not limits.take("now", capacity=1, per_seconds=60)
