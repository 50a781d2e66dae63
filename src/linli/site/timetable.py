"""What happens by itself: sweeps run by the worker every few seconds or minutes, each in its own transaction.

A sweep must be safe to run twice and at the same time in two workers; it claims rows with ``FOR UPDATE SKIP LOCKED`` or an
advisory lock. Sweeps are rows of this table rather than periodic jobs, so a restart cannot lose one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import OperationalError, connection

from linli.cases import reactions as cases
from linli.kernel import audit, clock, idempotency, jobs, limits, scope
from linli.kernel.models import Heartbeat
from linli.people.actions import sweeps

log = logging.getLogger("linli.timetable")


@dataclass(frozen=True, slots=True)
class Duty:
    """One recurring duty."""

    name: str
    every: timedelta
    run: Callable[[datetime], int]


def duties() -> tuple[Duty, ...]:
    """The whole timetable, on one page."""
    return (
        Duty("audit.seal", timedelta(seconds=1), lambda at: audit.seal_pending()),
        Duty("cases.broken", timedelta(seconds=5), cases.sweep_broken),
        Duty("cases.archive", timedelta(hours=6), cases.archive_old),
        Duty("jobs.rescue", timedelta(seconds=20), jobs.rescue_stuck),
        Duty("jobs.forget_done", timedelta(hours=1), jobs.forget_done),
        Duty("idempotency.forget", timedelta(hours=1), idempotency.forget),
        Duty("limits.forget", timedelta(hours=1), lambda at: limits.forget()),
        Duty("people.sweep", timedelta(hours=1), lambda at: sweeps.sweep(at=at)),
    )


def run_due(last: dict[str, datetime], *, at: datetime) -> None:
    """Run what is due since ``last`` (name -> time) and note when; a failing duty never stops the others."""
    for duty in duties():
        if at - last.get(duty.name, datetime.min.replace(tzinfo=at.tzinfo)) < duty.every:
            continue
        last[duty.name] = at
        scope.leave()
        try:
            done = duty.run(at)
        except OperationalError:
            connection.close()
            log.exception("database unavailable during %s", duty.name)
            return
        except Exception:
            log.exception("duty failed: %s", duty.name)
            continue
        if duty.every >= timedelta(seconds=10) or done:
            Heartbeat.objects.update_or_create(name=duty.name, defaults={"at": at, "note": f"{done}"})


def tick(last: dict[str, datetime]) -> None:
    """One round; the worker's door to the clock."""
    run_due(last, at=clock.now())
