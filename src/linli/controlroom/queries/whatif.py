"""What a what-if starts from: the work of the last days, who works where, and where other rules would have sent it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from linli.cases.queries import replays
from linli.cases.rules import routing
from linli.controlroom.rules.whatif import NOBODY, Job
from linli.grids import queries as places
from linli.kernel import calendar
from linli.kernel.clock import LOCAL
from linli.kernel.worktime import Unit
from linli.people import queries as people

MOST_JOBS = 3000


def jobs(community_id: int, *, days: int, at: datetime) -> list[Job]:
    """The cases sent out in the last days (the newest 3,000), in the order of sending."""
    days_of = calendar.load(community_id)
    found = []
    for one in replays.sent_out(community_id, days=days, at=at, most=MOST_JOBS):
        done = one.clock.stopped_at
        taken = days_of.counted(Unit.WORKING_HOUR, one.clock.started_at, done) if done else 0
        body = str(one.organisation_id) if one.organisation_id else NOBODY
        found.append(Job(one.number, one.category, body, one.clock, float(taken)))
    return found


def staffing(community_id: int, at: datetime) -> dict[str, int]:
    """How many people handle cases for each body today; those without a body are the grid workers."""
    found: Counter[str] = Counter()
    for duty in places.duties(community_id, at.astimezone(LOCAL).date()):
        if duty.role.endswith("_handler") and duty.organisation_id:
            found[str(duty.organisation_id)] += 1
        elif duty.role == "grid_worker":
            found[NOBODY] += 1
    return dict(found)


def rerouted(community_id: int, numbers: Iterable[str], *, at: datetime) -> tuple[dict[str, str], int]:
    """To which desk the drafts among the routing rules would have sent these cases; and how many drafts there are."""
    targets, drafts = replays.drafted(community_id, numbers, at=at)
    kinds = _bodies_by_kind(community_id) if targets else {}
    return {number: _desk(target, kinds) for number, target in targets.items()}, drafts


def _bodies_by_kind(community_id: int) -> Mapping[str, str]:
    kinds: dict[str, str] = {}
    for body in people.organisations([community_id]):
        kinds.setdefault(body.kind, str(body.pk))
    return kinds


def _desk(target: routing.Target, kinds: Mapping[str, str]) -> str:
    if target.organisation_id:
        return str(target.organisation_id)
    return kinds.get(target.organisation_kind or "", NOBODY)
