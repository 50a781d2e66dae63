"""Open screens hear of a change once it is committed: a topic and a version, gathered, never content."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import InterfaceError, connection, transaction

from linli.kernel import live

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Heard(live.Announcer):
    """Gathers, and sends nothing by itself."""

    def _run(self, something: Any) -> None:
        return None


@pytest.fixture
def announcer(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """The announcer of this test."""
    made = Heard()
    monkeypatch.setattr(live, "announcer", made)
    return made


def test_of_several_versions_of_a_topic_the_last_is_told(announcer: Heard) -> None:
    announcer.add("c", "community:3", "community:3 1")
    announcer.add("c", "community:4", "community:4 1")
    announcer.add("c", "community:3", "community:3 2")
    assert announcer.take() == [("c", "community:3 2"), ("c", "community:4 1")]
    assert announcer.take() == []


@pytest.mark.django_db
class TestTouching:
    """Nothing is told before it is true."""

    def test_it_is_told_after_the_commit(
        self, announcer: Heard, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            live.touch("community:3", 17)
            assert announcer.take() == []
        assert announcer.take() == [(live.CHANNEL, "community:3 17")]

    def test_every_item_is_told_after_the_commit(
        self, announcer: Heard, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            live.tell("wall:3", {"number": "261123000001", "at": 1})
            live.tell("wall:3", {"number": "261123000002", "at": 2})
            live.tell("wall:3", {"number": "261123000002", "at": 2})
            assert announcer.take() == []
        told = [payload for _channel, payload in announcer.take()]
        assert told == [f'wall:3 {{"number":"26112300000{number}","at":{number}}}' for number in (1, 2)]

    def test_a_storm_of_items_does_not_grow_without_end(
        self, announcer: Heard, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            for number in range(live.MOST_ITEMS + 50):
                live.tell("wall:3", {"n": number})
        assert len(announcer.take()) == live.MOST_ITEMS + 1

    def test_what_is_rolled_back_is_not_told(
        self, announcer: Heard, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            live.touch("community:3", 17)
            live.wake_worker()
            transaction.set_rollback(True)
        assert announcer.take() == []

    def test_the_worker_is_woken_once_however_many_jobs_there_are(
        self, announcer: Heard, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            for _ in range(3):
                live.wake_worker()
        assert announcer.take() == [(live.JOBS_CHANNEL, live.JOBS_PAYLOAD)]


def listening(channel: str) -> psycopg.Connection:
    kept = connection.settings_dict
    heard = psycopg.connect(host=kept["HOST"], dbname=kept["NAME"], user=kept["USER"], autocommit=True)
    heard.execute(f"LISTEN {channel}".encode())
    return heard


def test_another_process_hears_it(committed_db: None) -> None:
    with listening(live.CHANNEL) as other:
        live.send(connection, [(live.CHANNEL, "community:3 17"), (live.CHANNEL, "community:4 1")])
        told = [notice.payload for notice in other.notifies(timeout=5, stop_after=2)]
    assert told == ["community:3 17", "community:4 1"]


def test_nothing_to_tell_asks_the_database_nothing(committed_db: None) -> None:
    before = connection.linli_statements  # type: ignore[attr-defined]  # our own backend
    live.send(connection, [])
    assert connection.linli_statements == before  # type: ignore[attr-defined]  # as above


@pytest.mark.parametrize("error", [InterfaceError("closed"), OSError("gone"), RuntimeError("whatever")])
def test_whatever_goes_wrong_the_next_change_is_told(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    sent: list[list[tuple[str, str]]] = []

    def send(through: object, announcements: list[tuple[str, str]]) -> None:
        sent.append(announcements)
        if len(sent) == 1:
            raise error

    monkeypatch.setattr(live, "send", send)
    monkeypatch.setattr(live, "GATHER_SECONDS", 0.0)
    made = live.Announcer()
    for version in (1, 2):
        made.add("c", "t", f"t {version}")
        _wait_until(lambda version=version: len(sent) >= version)
    assert sent[-1] == [("c", "t 2")]


def _wait_until(true: Any, seconds: float = 5.0) -> None:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        time.sleep(0.005)


def test_a_permit_names_its_topics_and_its_end() -> None:
    until, topics, mark = live.permit(["community:3", "community:4"], at=AT).split(".")
    assert int(until) == int(AT.timestamp()) + 8 * 3600
    assert topics == "community:3,community:4"
    assert len(mark) == 64
