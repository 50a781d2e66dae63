"""What happens by itself: sweeps run by the worker every few seconds or minutes, each in its own transaction.

A sweep must be safe to run twice and at the same time in two workers; it claims rows with ``FOR UPDATE SKIP LOCKED`` or an
advisory lock. Sweeps are rows of this table rather than periodic jobs, so a restart cannot lose one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from linli.assessment.actions import evaluating
from linli.assessment.actions import late as late_facts
from linli.assessment.actions import publishing as league_papers
from linli.assessment.actions import sweeping as league
from linli.cases import reactions as cases
from linli.cases.actions import alarms, sweeping, upload
from linli.controlroom.actions import briefs
from linli.fieldwork.actions import recheck_sweeps
from linli.fieldwork.actions import sweeping as fieldwork
from linli.grids import queries as places
from linli.grids import queries_plates
from linli.grids.actions import homes, posters
from linli.groups import files as group_files
from linli.groups import reminding
from linli.integrations.hotline.actions import pulling, sending
from linli.integrations.open311.actions import endpoints, files, services
from linli.integrations.open311.actions import sending as forwards
from linli.integrations.webhooks.actions import post
from linli.integrations.wechat.actions import scenes
from linli.integrations.wechat.actions import sweeping as wechat
from linli.kernel import audit, clock, idempotency, jobs, limits, media, scope
from linli.kernel.models import Heartbeat
from linli.notices.actions import carrying, gathering, keeping, mailing, watching
from linli.people.actions import sweeps
from linli.publishing import actions as publishing
from linli.publishing import files as announcement_files
from linli.site.demo import messages
from linli.triage.actions import learning, working_out

log = logging.getLogger("linli.timetable")
HOUSE = "house"
AGAIN_SECONDS = 60.0  # a duty that failed is tried again so soon, at the latest
NOTE_SECONDS = 30.0  # what runs more often, and found nothing to do, is noted no more often than that


@dataclass(frozen=True, slots=True)
class Duty:
    """One recurring duty."""

    name: str
    every: timedelta
    run: Callable[[datetime], int]
    lane: str = (
        HOUSE  # what speaks to one outside system has a lane of its own: a slow one keeps nobody waiting
    )


def known_files(paths: Sequence[str]) -> set[str]:
    """Those of the paths that a row of any room names: every room that keeps files has its line here."""
    with scope.within(places.community_ids()):
        rooms = (upload.known_paths, announcement_files.known, group_files.known, queries_plates.stored_files)
        return {path for known in rooms for path in known(paths)}


def sweep_media(at: datetime) -> int:
    """Delete files that no row names, left where a transaction was rolled back."""
    return media.sweep_orphans(known_files, older_than=at - timedelta(hours=24))


def _carry(at: datetime) -> int:
    """Carry what is due; a demo's past is told at its own times, and its messages arrive."""
    if settings.LINLI_DEMO:
        return messages.carry(at)
    return carrying.sweep(at)


def duties() -> tuple[Duty, ...]:
    """The whole timetable, on one page."""
    return (
        Duty("audit.seal", timedelta(seconds=1), lambda at: audit.SEALER.go()),
        Duty("cases.due", timedelta(seconds=5), sweeping.sweep),
        Duty("cases.alarms", timedelta(seconds=5), alarms.sweep_unanswered),
        Duty("cases.call_minimum", timedelta(hours=6), cases.top_up_calls),
        Duty("cases.archive", timedelta(hours=6), cases.archive_old),
        Duty("cases.loose_files", timedelta(hours=1), upload.sweep_loose),
        Duty("controlroom.briefs", timedelta(minutes=1), briefs.make_due),
        Duty("notices.gather", timedelta(seconds=1), gathering.sweep, lane="notices"),
        Duty("notices.carry", timedelta(seconds=1), _carry, lane="notices"),
        Duty("notices.spread", timedelta(seconds=2), mailing.spread, lane="notices"),
        Duty("notices.watch", timedelta(minutes=10), watching.sweep),
        Duty("notices.rest", timedelta(hours=6), gathering.rest),
        Duty("notices.forget", timedelta(hours=6), keeping.forget),
        Duty("hotline.send", timedelta(seconds=5), sending.sweep, lane="hotline"),
        Duty("hotline.pull", timedelta(minutes=1), pulling.sweep, lane="hotline"),
        Duty("grids.homes", timedelta(hours=1), homes.sweep),
        Duty("grids.posters", timedelta(seconds=1), posters.sweep, lane="posters"),
        Duty("media.orphans", timedelta(hours=24), sweep_media),
        Duty("jobs.rescue", timedelta(seconds=5), lambda at: jobs.rescue_stuck()),
        Duty("jobs.forget_done", timedelta(hours=1), jobs.forget_done),
        Duty("idempotency.forget", timedelta(hours=1), idempotency.forget),
        Duty("limits.forget", timedelta(hours=1), lambda at: limits.forget()),
        Duty("triage.learn", timedelta(hours=24), learning.sweep),
        Duty("triage.topics", timedelta(minutes=5), working_out.sweep),
        Duty("people.sweep", timedelta(hours=1), lambda at: sweeps.sweep(at=at)),
        Duty("open311.catalog", timedelta(minutes=1), services.note_changes),
        Duty("open311.lists", timedelta(minutes=10), endpoints.read_lists, lane="open311"),
        Duty("open311.files", timedelta(seconds=10), files.fetch_waiting, lane="open311"),
        Duty("open311.send", timedelta(seconds=5), forwards.send_waiting, lane="open311"),
        Duty("open311.follow", timedelta(minutes=1), forwards.follow, lane="open311"),
        Duty("webhooks.send", timedelta(seconds=1), post.POST.go, lane="webhooks"),
        Duty("wechat.inbox", timedelta(seconds=1), wechat.sweep, lane="wechat"),
        Duty("wechat.scenes", timedelta(seconds=5), scenes.sweep, lane="wechat"),
        Duty("wechat.remind", timedelta(minutes=1), wechat.remind, lane="wechat"),
        Duty("wechat.forget", timedelta(hours=6), wechat.forget),
        Duty("publishing.begin", timedelta(seconds=20), publishing.begin_due),
        Duty("publishing.loose_files", timedelta(hours=1), announcement_files.sweep_loose),
        Duty("fieldwork.over", timedelta(minutes=10), fieldwork.sweep),
        Duty("fieldwork.rechecks", timedelta(hours=1), recheck_sweeps.sweep),
        Duty("groups.codes", timedelta(hours=1), reminding.sweep),
        Duty("assessment.compute", timedelta(minutes=10), league.compute_due),
        Duty("assessment.late", timedelta(hours=6), late_facts.sweep),
        Duty("assessment.finish", timedelta(minutes=10), league.finish_due),
        Duty("assessment.evaluate", timedelta(hours=1), evaluating.sweep),
        Duty("assessment.publish", timedelta(minutes=5), league_papers.sweep),
        Duty("webhooks.forget", timedelta(hours=1), post.forget),
    )


def lanes() -> tuple[str, ...]:
    """Every lane; the worker has a thread for each."""
    return tuple(dict.fromkeys((HOUSE, *(duty.lane for duty in duties()))))


class Rounds:
    """The worker's rounds through one lane of the timetable.

    Whether something is due is told by a clock that only goes forward; the moment a duty is given is the database's. So
    neither a clock set back nor one that runs ahead on this machine stops a sweep or breaks a promise early. When a duty
    last ran is kept in the database: what was missed while nobody worked runs at once, the rest waits its turn also after
    a restart.
    """

    def __init__(self, lane: str = HOUSE) -> None:
        self._mine = tuple(duty for duty in duties() if duty.lane == lane)
        self._next: dict[str, float] | None = None
        self._noted: dict[str, float] = {}

    def go(self, *, tick: float) -> None:
        """Run what is due at this reading of the steady clock (seconds); a failing duty never stops the others."""
        if self._next is None:
            self._next = _remembered(tick)
        due = [duty for duty in self._mine if self._next.get(duty.name, tick) <= tick]
        if not due:
            return
        at = clock.of_database()
        for duty in due:
            self._next[duty.name] = tick + min(duty.every.total_seconds(), AGAIN_SECONDS)
            scope.leave()
            try:
                done = duty.run(at)
                self._note(duty.name, done, at=at, tick=tick)
            except (OperationalError, InterfaceError):
                connection.close()
                log.exception("database unavailable during %s", duty.name)
                return
            except Exception:
                log.exception("duty failed: %s", duty.name)
                continue
            self._next[duty.name] = tick + duty.every.total_seconds()

    def _note(self, name: str, done: int, *, at: datetime, tick: float) -> None:
        if done or tick - self._noted.get(name, -NOTE_SECONDS) >= NOTE_SECONDS:
            beat = Heartbeat(name=name, at=at, note=f"{done}")
            Heartbeat.objects.bulk_create(
                [beat], update_conflicts=True, unique_fields=["name"], update_fields=["at", "note"]
            )
            self._noted[name] = tick


def _remembered(tick: float) -> dict[str, float]:
    """When each duty is due next, from when it last ran; one said to have run in the future has just run."""
    at = clock.of_database()
    every = {duty.name: duty.every for duty in duties()}
    found = {}
    for name, ran_at in Heartbeat.objects.values_list("name", "at"):
        if name in every:
            left = every[name] - max(at - ran_at, timedelta(0))
            found[name] = tick + left.total_seconds()
    return found
