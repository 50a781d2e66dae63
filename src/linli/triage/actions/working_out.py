"""Working out topics and repeat problems: asked for by a person or by the hour, done by the worker."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction

from linli.cases.queries import subjects
from linli.grids import queries as places
from linli.kernel import events, live, scope
from linli.kernel.access import SYSTEM, Actor
from linli.triage import access
from linli.triage.actions import finding_repeats, finding_topics
from linli.triage.actions.recording import record
from linli.triage.events import TopicsAsked
from linli.triage.models import TopicRun
from linli.triage.rules import repeats, topics

EVERY = timedelta(hours=1)  # and only when something was done to a case since
NIGHTLY = timedelta(hours=24)  # also when nothing was: days go by, and what is old falls out
LOST = timedelta(minutes=20)  # a run asked for so long ago is asked for again
VERSION = f"{topics.VERSION} {repeats.VERSION}"
LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('linli.topics', %s))"


def ask(*, actor: Actor, community_id: int, at: datetime) -> bool:
    """Have topics and repeat problems worked out soon; False when that was asked for already.

    :raises NotFound: the actor has nothing to do with it there.
    :raises Forbidden: the actor only reads.
    """
    access.require_decider(actor, community_id)
    with transaction.atomic():
        try:
            with transaction.atomic():
                TopicRun.objects.create(community_id=community_id, asked_at=at, asked_by_id=actor.account_id)
        except IntegrityError:
            return False
        if not actor.system:
            record(actor, community_id, "ask_topics", f"community:{community_id}", at)
        events.publish(TopicsAsked(community_id=community_id, at=at))
    return True


def work_out(*, community_id: int, at: datetime) -> TopicRun | None:
    """Work both out and note the run; None when another process does so just now."""
    began = time.perf_counter()
    with scope.within([community_id]), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(LOCK, (community_id,))
            if not cursor.fetchone()[0]:
                return None
        cases, found = finding_topics.renew(community_id, at)
        problems = finding_repeats.renew(community_id, at)
        run = TopicRun.objects.filter(community_id=community_id, finished_at__isnull=True).first()
        run = run or TopicRun(community_id=community_id, asked_at=at)
        run.finished_at, run.version = max(at, run.asked_at), VERSION
        run.cases, run.topics, run.repeats = cases, found, problems
        run.milliseconds = int((time.perf_counter() - began) * 1000)
        run.save()
        live.touch(f"community:{community_id}", int(at.timestamp() * 1000))
    return run


def sweep(at: datetime) -> int:
    """Ask for every community in which it is time; community by community."""
    return sum(_ask_if_due(place.id, at) for place in places.communities())


def _ask_if_due(community_id: int, at: datetime) -> bool:
    with scope.within([community_id]), transaction.atomic():
        last = TopicRun.objects.filter(community_id=community_id).order_by("-asked_at").first()
        if last is not None and last.finished_at is None:
            if at - last.asked_at < LOST:
                return False
            TopicRun.objects.filter(pk=last.pk).update(asked_at=at)
            events.publish(TopicsAsked(community_id=community_id, at=at))
            return True
        since = last.asked_at if last else datetime.min.replace(tzinfo=at.tzinfo)
        if last is not None and at - since < EVERY:
            return False
        if not (last and at - since >= NIGHTLY) and not subjects.moved_since(community_id, since):
            return False
        return ask(actor=SYSTEM, community_id=community_id, at=at)
