"""The worker process: runs reactions as their rows appear, and beats time for the sweeps of the timetable."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import close_old_connections
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from linli.kernel.jobs import HEARTBEAT_SECONDS, STUCK_AFTER
from linli.runtime import application

if TYPE_CHECKING:
    from linli.site.timetable import Rounds

log = logging.getLogger("linli.worker")

CONCURRENCY = 2
POLL_SECONDS = 0.5
STOP_SECONDS = 8.0
TICK_SECONDS = 0.5
ORPHAN_LOOK_SECONDS = 1.0


def work(*, concurrency: int = CONCURRENCY) -> None:
    """Work until SIGTERM; jobs under way get some seconds to finish and are otherwise done again later."""
    application.take("worker")
    over = threading.Event()
    threading.Thread(target=_never_linger, args=(os.getppid(),), name="deadline", daemon=True).start()
    beats = _beats(over)
    try:
        asyncio.run(_react(concurrency))
    finally:
        over.set()
        until = time.monotonic() + STOP_SECONDS
        for beat in beats:
            beat.join(max(0.0, until - time.monotonic()))


async def _react(concurrency: int) -> None:
    # One thread a job, each with a connection of its own; the queue itself asks one at a time, rarely two.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(concurrency, "job"))
    queue = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=concurrency + 2)
    with app.replace_connector(queue):
        async with app.open_async():
            await app.run_worker_async(
                concurrency=concurrency,
                listen_notify=settings.LINLI_JOBS_NOTIFY,
                fetch_job_polling_interval=POLL_SECONDS,
                shutdown_graceful_timeout=STOP_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STUCK_AFTER.total_seconds(),
            )


def _never_linger(supervisor: int) -> None:
    """End this process for good when whoever started it is gone and an orderly end takes too long.

    Without a supervisor the database is usually gone as well, and giving back its connections can hang. Jobs
    under way are done again: that is the promise of the queue, "at least once".
    """
    while os.getppid() == supervisor:
        time.sleep(ORPHAN_LOOK_SECONDS)
    time.sleep(STOP_SECONDS + 2)
    os._exit(1)


def _beats(over: threading.Event) -> list[threading.Thread]:
    """A thread for each lane of the timetable. They are daemons: one that hangs on the outside must not keep us."""
    from linli.site import timetable  # noqa: PLC0415  (needs the tables, hence django.setup)

    beats = [
        threading.Thread(
            target=_beat, args=(over, timetable.Rounds(lane)), name=f"timetable-{lane}", daemon=True
        )
        for lane in timetable.lanes()
    ]
    for beat in beats:
        beat.start()
    return beats


def _beat(over: threading.Event, rounds: Rounds) -> None:
    """Sweep until ``over``. A sweep that fails is the timetable's matter; a lost database is ours."""
    while not over.wait(TICK_SECONDS):
        try:
            close_old_connections()
            rounds.go(tick=time.monotonic())
        except Exception:
            log.exception("the timetable stumbled")
