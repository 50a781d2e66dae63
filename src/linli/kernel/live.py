"""Tells open screens that something changed: a topic and a version; screens ask for what they may see. Screens that
may see a whole community (the wall) also get an item: codes and numbers, never words and nothing about a person.

Announcements are sent a moment after the commit, by one thread per process, gathered: PostgreSQL lets only one
transaction with a NOTIFY commit at a time, which would make all reports wait for each other's fsync (measured: see
docs/decisions/004-no-notify-in-commits.md). What is lost with a killed process is found by the screens' slow poll.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from linli.kernel import ticket

CHANNEL = "linli_live"
JOBS_CHANNEL = "procrastinate_any_queue_v1"  # wakes the worker; its own trigger is disabled by kernel.walls
JOBS_PAYLOAD = '{"type": "job_inserted", "job_id": 0}'
GATHER_SECONDS = 0.2  # between two sendings of one process
TOGETHER_SECONDS = 0.01  # what one commit announces goes in one sending
MOST_ITEMS = 200  # that wait in one process; a storm beyond it is told as "something changed"
log = logging.getLogger("linli.live")


class Announcer:
    """Gathers announcements and sends them from a thread with a connection of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, str], str] = {}
        self._something = threading.Event()
        self._pid = 0

    def add(self, channel: str, topic: str, payload: str, *, each: bool = False) -> None:
        """Send this soon; a later payload for the same topic takes its place, unless each of them counts."""
        with self._lock:
            kept = each and len(self._waiting) < MOST_ITEMS
            self._waiting[channel, f"{topic} {payload}" if kept else topic] = payload
            if self._pid != os.getpid():
                self._pid = os.getpid()
                self._something = threading.Event()
                threading.Thread(
                    target=self._run, args=(self._something,), name="linli-live", daemon=True
                ).start()
        self._something.set()

    def take(self) -> list[tuple[str, str]]:
        """What waits, as (channel, payload); nothing waits afterwards."""
        with self._lock:
            taken = [(channel, payload) for (channel, _), payload in self._waiting.items()]
            self._waiting.clear()
        return taken

    def _run(self, something: threading.Event) -> None:
        own = connection.copy()
        sent = -GATHER_SECONDS
        while True:
            something.wait()
            time.sleep(max(TOGETHER_SECONDS, sent + GATHER_SECONDS - time.monotonic()))
            something.clear()
            sent = time.monotonic()
            try:
                send(own, self.take())
            except Exception:
                # Whatever it was: without this thread no screen of this process would hear anything again.
                log.warning("announcements were lost; screens will poll", exc_info=True)
                own.close()


def send(through: BaseDatabaseWrapper, announcements: list[tuple[str, str]]) -> None:
    """NOTIFY each, in one statement; such a transaction writes nothing, so it waits for no disk."""
    if not announcements:
        return
    with through.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(channel, payload) FROM unnest(%s::text[], %s::text[]) AS given (channel, payload)",
            ([channel for channel, _ in announcements], [payload for _, payload in announcements]),
        )


announcer = Announcer()


def touch(topic: str, version: int) -> None:
    """Announce, once this is committed, that ``topic`` (``"community:3"``) now has ``version``."""
    transaction.on_commit(lambda: announcer.add(CHANNEL, topic, f"{topic} {version}"))


def tell(topic: str, item: Mapping[str, str | int | None]) -> None:
    """Hand an item, once this is committed, to the screens of ``topic`` (``"wall:3"``), which see the whole community.

    :param item: codes, numbers and times only: it passes through a process that knows no rights but the ticket's.
    """
    said = json.dumps(item, separators=(",", ":"), ensure_ascii=True)
    transaction.on_commit(lambda: announcer.add(CHANNEL, topic, f"{topic} {said}", each=True))


def wake_worker() -> None:
    """Let the worker look for jobs as soon as this is committed."""
    transaction.on_commit(lambda: announcer.add(JOBS_CHANNEL, "jobs", JOBS_PAYLOAD))


def permit(topics: list[str], *, at: datetime, lasts: timedelta = timedelta(hours=8)) -> str:
    """A ticket to listen to these topics; the live process checks it without a database."""
    return ticket.issue(topics, str(settings.SECRET_KEY), until=int((at + lasts).timestamp()))
