"""The outbox: a fact and its jobs are committed together or not at all, and every reaction hears it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from linli.kernel import events, scope

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LampBroke:
    """A lamp broke."""

    community_id: int
    number: str
    at: datetime
    seen_at: datetime | None = None


heard: list[tuple[str, LampBroke, frozenset[int]]] = []


def call_the_electrician(fact: LampBroke) -> None:
    heard.append(("electrician", fact, scope.communities()))


def light_a_candle(fact: LampBroke) -> None:
    heard.append(("candle", fact, scope.communities()))


@pytest.fixture(autouse=True)
def _only_lamps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_reactions", {})
    monkeypatch.setattr(events, "_facts", {})
    events.connect(LampBroke, call_the_electrician, light_a_candle)
    heard.clear()


def jobs() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args, queue_name, task_name FROM procrastinate_jobs ORDER BY id")
        rows = cursor.fetchall()
    assert {row[1:] for row in rows} <= {(events.QUEUE, events.TASK)}
    return [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in rows]


FACT = LampBroke(community_id=3, number="261123000001", at=AT)


@pytest.mark.django_db
def test_a_fact_becomes_one_job_however_many_react() -> None:
    with transaction.atomic():
        events.publish(FACT)
    assert jobs() == [{"reaction": "", "fact": "kernel.LampBroke", "data": events.as_data(FACT)}]


@pytest.mark.django_db
def test_several_facts_are_told_in_order() -> None:
    with transaction.atomic():
        events.publish(FACT, LampBroke(3, "261123000002", AT))
    assert [job["data"]["number"][-1] for job in jobs()] == ["1", "2"]


@pytest.mark.django_db
def test_a_reaction_that_fails_gets_a_job_of_its_own_and_keeps_no_other_back() -> None:
    hurry = [True]

    def stumble(fact: LampBroke) -> None:
        if hurry:
            raise ZeroDivisionError
        heard.append(("stumbler", fact, scope.communities()))

    def light_another(fact: LampBroke) -> None:
        light_a_candle(fact)

    events.connect(LampBroke, stumble, light_another)
    events.react("", "kernel.LampBroke", events.as_data(FACT))
    assert [who for who, _, _ in heard] == ["electrician", "candle", "candle"]
    [alone] = jobs()
    assert alone["reaction"] == f"{__name__}.stumble"
    assert alone["data"] == events.as_data(FACT)
    with pytest.raises(ZeroDivisionError):  # and is tried again by the queue's own rules
        events.react(**alone)
    hurry.clear()
    events.react(**alone)
    assert [who for who, _, _ in heard] == ["electrician", "candle", "candle", "stumbler"]
    assert len(jobs()) == 1


@pytest.mark.django_db
def test_what_is_rolled_back_is_told_to_nobody() -> None:
    with transaction.atomic():
        events.publish(FACT)
        transaction.set_rollback(True)
    assert jobs() == []


def test_a_fact_outside_of_a_transaction_is_refused(committed_db: None) -> None:
    with pytest.raises(events.NotInTransaction, match="kernel.LampBroke"):
        events.publish(FACT)
    assert jobs() == []


@pytest.mark.django_db
def test_a_fact_that_nobody_wants_costs_nothing() -> None:
    @dataclass(frozen=True, slots=True)
    class Unheard:
        community_id: int

    before = connection.linli_statements  # type: ignore[attr-defined]  # our own backend
    with transaction.atomic():
        savepoint = connection.linli_statements - before  # type: ignore[attr-defined]  # as above
        events.publish(Unheard(3))
        assert connection.linli_statements - before == savepoint  # type: ignore[attr-defined]  # as above
    assert jobs() == []


@pytest.mark.django_db
def test_the_worker_hears_what_was_told_within_its_community() -> None:
    with transaction.atomic():
        events.publish(LampBroke(3, "261123000001", AT, seen_at=AT))
    for job in jobs():
        events.react(**job)
    assert [who for who, _, _ in heard] == ["electrician", "candle"]
    assert all(fact == LampBroke(3, "261123000001", AT, seen_at=AT) for _, fact, _ in heard)
    assert {communities for _, _, communities in heard} == {frozenset({3})}
    assert scope.current() == ""


def test_a_failing_reaction_leaves_its_community(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(fact: LampBroke) -> None:
        raise ZeroDivisionError

    events.connect(LampBroke, stumble)
    with pytest.raises(ZeroDivisionError):
        events.react(f"{__name__}.stumble", "kernel.LampBroke", events.as_data(FACT))
    assert scope.current() == ""


def test_an_old_worker_survives_a_fact_that_has_grown() -> None:
    grown = {**events.as_data(FACT), "colour": "yellow"}
    assert events.from_data("kernel.LampBroke", grown) == FACT


def test_a_new_worker_reads_a_fact_of_yesterday() -> None:
    old = events.as_data(FACT)
    del old["seen_at"]
    assert events.from_data("kernel.LampBroke", old) == FACT


def test_a_fact_is_plain_json() -> None:
    assert json.loads(json.dumps(events.as_data(FACT))) == events.as_data(FACT)


def test_connecting_twice_is_once() -> None:
    events.connect(LampBroke, call_the_electrician)
    assert len(events.connected()["kernel.LampBroke"]) == 2


def test_reactions_are_named_by_where_they_are() -> None:
    named: Callable[[Any], None] = light_a_candle
    assert f"{named.__module__}.light_a_candle" in events.connected()["kernel.LampBroke"]
