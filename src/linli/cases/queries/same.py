"""What stands beside a case: open ones that may be the same matter, what was decided about others, and its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from linli.cases import ports
from linli.cases.models import Attachment, Case, PairDecision
from linli.cases.ports import Alike
from linli.cases.queries.queue import HEAVY
from linli.cases.rules.workflow import OPEN, State


@dataclass(frozen=True, slots=True)
class Twin:
    """An open case that may be the same matter, with what the machine says of it."""

    case: Case
    alike: Alike


def twins(case: Case, seen: QuerySet[Case], *, at: datetime, most: int = 5) -> list[Twin]:
    """Open cases among ``seen`` that may be the same matter, the likeliest first; none for a case that has ended."""
    if State(case.state) not in OPEN:
        return []
    options = (case.suggestion or {}).get("options") or [{}]
    found = ports.likeness().alike(
        community_id=case.community_id,
        words=case.words,
        address=case.address,
        lon=case.lon,
        lat=case.lat,
        place_path=case.place_path,
        category_code=case.category_code or options[0].get("code", ""),
        at=case.reported_at if case.reported_at <= at else at,
        limit=most,
        but=case.pk,
    )
    rows = seen.filter(pk__in=[one.case_id for one in found]).select_related(
        "grid", "building", "organisation"
    )
    cases = {row.pk: row for row in rows.defer(*HEAVY)} if found else {}
    return [Twin(cases[one.case_id], one) for one in found if one.case_id in cases]


def merged_here(case: Case, seen: QuerySet[Case]) -> list[Case]:
    """The cases among ``seen`` that were merged into this one, the oldest first."""
    found = seen.filter(merged_into=case).select_related("grid", "building").defer(*HEAVY)
    return list(found.order_by("reported_at", "pk"))


def split_off(case: Case, seen: QuerySet[Case]) -> list[Case]:
    """The cases among ``seen`` that were taken out of this one."""
    return list(seen.filter(split_from=case).select_related("grid", "building").defer(*HEAVY).order_by("pk"))


def said_apart(case: Case, seen: QuerySet[Case]) -> list[Case]:
    """The cases among ``seen`` that somebody said are another matter than this one, the newest first."""
    said = PairDecision.objects.filter(Q(first=case) | Q(second=case), same=False)
    other = said.values_list(F("first_id") + F("second_id") - case.pk, flat=True)
    found = seen.filter(pk__in=other).select_related("grid", "building").defer(*HEAVY)
    return list(found.order_by("-reported_at", "-pk"))


def pictures_joined(case: Case) -> list[Attachment]:
    """What people who joined sent along; staff alone see it."""
    return (
        list(Attachment.objects.filter(case=case, purpose="joined").order_by("pk")) if case.supporters else []
    )
