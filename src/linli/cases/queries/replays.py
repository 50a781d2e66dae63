"""The last days as plain rows, for whoever counts or replays them: what was sent out and how it went, and what is late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.cases.actions import clocks as stored
from linli.cases.actions import routing as proposing
from linli.cases.models import Case, ClockRow, RoutingRow
from linli.cases.queries import reference, routing_trial
from linli.cases.rules import routing
from linli.cases.rules.clock import Clock
from linli.cases.rules.promises import Stage
from linli.cases.rules.workflow import OPEN
from linli.kernel.clock import LOCAL


@dataclass(frozen=True, slots=True)
class SentOut:
    """A case that was sent to somebody: to which body (None: to a person), and its clock to resolve it."""

    number: str
    category: str
    organisation_id: int | None
    clock: Clock


@dataclass(frozen=True, slots=True)
class Late:
    """An open case past the time of its next promise."""

    number: str
    category: str
    organisation_id: int | None
    stage: str
    due_at: datetime


def sent_out(community_id: int, *, days: int, at: datetime, most: int) -> list[SentOut]:
    """The cases sent out in the last days (the newest so many), the last round of each, in the order of sending.

    A round that was dropped (declined, withdrawn, sent back) and not handled is left out.
    """
    rows = (
        ClockRow.objects.filter(
            community_id=community_id, stage=Stage.RESOLVE.value, task__isnull=True,
            started_at__gte=at - timedelta(days=days), started_at__lt=at,
        )
        .select_related("case")
        .order_by("-started_at", "-id")[:most]
    )  # fmt: skip
    found: dict[int, SentOut] = {}
    for row in rows:
        if row.case_id in found or (row.stopped_at is not None and row.met is None):
            continue
        case = row.case
        found[case.pk] = SentOut(case.number, case.category_code, case.organisation_id, stored.as_clock(row))
    return list(reversed(found.values()))


def late(community_id: int, *, at: datetime, most: int) -> list[Late]:
    """The open cases that are longest past their time, the longest first."""
    found = Case.objects.filter(
        community_id=community_id, state__in=[state.value for state in OPEN], due_at__lt=at, quarantined=False
    ).order_by("due_at", "id")
    rows = found.values_list("number", "category_code", "organisation_id", "due_stage", "due_at")[:most]
    return [Late(number, category, body, stage, due) for number, category, body, stage, due in rows if due]


def drafted(
    community_id: int, numbers: Iterable[str], *, at: datetime
) -> tuple[dict[str, routing.Target], int]:
    """Where the drafts among the routing rules would have sent these cases, if elsewhere; and how many drafts there are."""
    rows = list(
        RoutingRow.objects.filter(community_id=community_id).select_related("place").order_by("order", "id")
    )
    drafts = [row for row in rows if row.draft]
    if not drafts:
        return {}, 0
    rules, current = routing_trial.on_trial(rows), reference.routing_rules(community_id)
    effect = max(
        [at.astimezone(LOCAL).date(), *(row.valid_from for row in drafts)]
    )  # a draft may begin later
    cases = list(Case.objects.filter(community_id=community_id, number__in=list(numbers)))
    levels = proposing.known_levels(case.place_path for case in cases)
    found = {}
    for case in cases:
        facts = proposing.facts(case, levels)
        new, old = (routing.first_match(each, facts, as_of=effect) for each in (rules, current))
        if new is not None and (old is None or new.rule.id != old.rule.id):
            found[case.number] = new.rule.target
    return found, len(drafts)
