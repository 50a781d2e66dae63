"""What a what-if starts from: the work of the last days, who works where, and where other rules would have sent it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from linli.cases.actions import clocks as stored
from linli.cases.actions import routing as proposing
from linli.cases.models import Case, ClockRow, RoutingRow
from linli.cases.queries import reference, routing_trial
from linli.cases.rules import routing
from linli.cases.rules.promises import Stage
from linli.controlroom.rules.whatif import NOBODY, Job
from linli.grids import queries as places
from linli.kernel import calendar
from linli.kernel.clock import LOCAL
from linli.kernel.worktime import Unit
from linli.people import queries as people

MOST_JOBS = 3000


def jobs(community_id: int, *, days: int, at: datetime) -> list[Job]:
    """The cases sent out in the last days (the newest 3,000), the last round of each, in the order of sending."""
    rows = (
        ClockRow.objects.filter(
            community_id=community_id, stage=Stage.RESOLVE.value, task__isnull=True,
            started_at__gte=at - timedelta(days=days), started_at__lt=at,
        )
        .select_related("case")
        .order_by("-started_at", "-id")[:MOST_JOBS]
    )  # fmt: skip
    days_of = calendar.load(community_id)
    found: dict[int, Job] = {}
    for row in rows:
        if row.case_id in found or (row.stopped_at is not None and row.met is None):
            continue  # an earlier round; or dropped, not handled
        taken = days_of.counted(Unit.WORKING_HOUR, row.started_at, row.stopped_at) if row.stopped_at else 0
        found[row.case_id] = Job(
            row.case.number, row.case.category_code, body_of(row.case), stored.as_clock(row), float(taken)
        )
    return list(reversed(found.values()))


def body_of(case: Case) -> str:
    """The desk a case went to."""
    return str(case.organisation_id) if case.organisation_id else NOBODY


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
    """Where the drafts among the routing rules would have sent these cases; and how many drafts there are."""
    rows = list(
        RoutingRow.objects.filter(community_id=community_id).select_related("place").order_by("order", "id")
    )
    drafts = sum(row.draft for row in rows)
    if not drafts:
        return {}, 0
    rules = routing_trial.on_trial(rows)
    cases = list(Case.objects.filter(community_id=community_id, number__in=list(numbers)))
    levels = proposing.known_levels(case.place_path for case in cases)
    kinds = _bodies_by_kind(community_id)
    today = at.astimezone(LOCAL).date()
    effect = max([today, *(row.valid_from for row in rows if row.draft)])  # a draft may begin later
    current = reference.routing_rules(community_id)
    found = {}
    for case in cases:
        facts = proposing.facts(case, levels)
        new, old = (routing.first_match(each, facts, as_of=effect) for each in (rules, current))
        if new is not None and (old is None or new.rule.id != old.rule.id):
            found[case.number] = _desk(new.rule.target, kinds)
    return found, drafts


def _bodies_by_kind(community_id: int) -> Mapping[str, str]:
    kinds: dict[str, str] = {}
    for body in people.organisations([community_id]):
        kinds.setdefault(body.kind, str(body.pk))
    return kinds


def _desk(target: routing.Target, kinds: Mapping[str, str]) -> str:
    if target.organisation_id:
        return str(target.organisation_id)
    return kinds.get(target.organisation_kind or "", NOBODY)
