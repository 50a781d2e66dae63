"""Appeals and adjustments as they stand. Who may read them is for `access` to say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from linli.assessment.models import Adjustment, Appeal
from linli.assessment.rules.runs import Ruling


@dataclass(frozen=True, slots=True)
class AppealRow:
    """An appeal; words and answer opened."""

    id: int
    community_id: int
    run_id: int
    subject_id: int
    indicator: str
    source: str
    row_id: int | None
    words: str
    made_by_id: int
    made_at: datetime
    state: str
    corrections: tuple[tuple[str, int, str, Any], ...]
    answer: str
    decided_by_id: int | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """An adjustment; ``granted`` is None while it waits."""

    id: int
    community_id: int
    scheme_id: int
    since_date: date
    subject_id: int
    points: int
    reason: str
    why: str
    evidence: str
    asked_by_id: int
    asked_at: datetime
    granted: bool | None
    answer: str
    decided_by_id: int | None
    decided_at: datetime | None


def _appeal(row: Appeal) -> AppealRow:
    told = {name: getattr(row, name) for name in AppealRow.__dataclass_fields__}
    corrections = tuple((one[0], one[1], one[2], one[3]) for one in row.corrections)
    return AppealRow(**{**told, "answer": row.answer or "", "corrections": corrections})


def _appeals(found: QuerySet[Appeal]) -> list[AppealRow]:
    return [_appeal(row) for row in found]


def appeals(community_id: int, *, waiting: bool | None = None, most: int = 100) -> list[AppealRow]:
    """The appeals of a community, the newest first; those that wait, those decided, or all."""
    found = Appeal.objects.filter(community_id=community_id)
    if waiting is not None:
        open_ = {"state": Ruling.OPEN.value}
        found = found.filter(**open_) if waiting else found.exclude(**open_)
    return _appeals(found.order_by("-made_at", "-pk")[:most])


def made_by(community_ids: Iterable[int], account_id: int, *, most: int = 20) -> list[AppealRow]:
    """What somebody appealed against, the newest first."""
    found = Appeal.objects.filter(community_id__in=list(community_ids), made_by_id=account_id)
    return _appeals(found.order_by("-made_at", "-pk")[:most])


def appeals_of(run_scheme_id: int, since: date, *, subject_id: int | None = None) -> list[AppealRow]:
    """The appeals of a period in all its versions, in the order in which they were made."""
    found = Appeal.objects.filter(run__scheme_id=run_scheme_id, run__since_date=since)
    if subject_id is not None:
        found = found.filter(subject_id=subject_id)
    return _appeals(found.order_by("made_at", "pk"))


def appeal(appeal_id: int) -> AppealRow | None:
    """One appeal."""
    return next(iter(_appeals(Appeal.objects.filter(pk=appeal_id))), None)


def adjustments(
    community_id: int, *, scheme_id: int | None = None, since: date | None = None, waiting: bool | None = None
) -> list[AdjustmentRow]:
    """The adjustments of a community or of one period, the newest first."""
    found = Adjustment.objects.filter(community_id=community_id)
    if scheme_id is not None:
        found = found.filter(scheme_id=scheme_id)
    if since is not None:
        found = found.filter(since_date=since)
    if waiting is not None:
        found = found.filter(granted__isnull=waiting)
    return [
        AdjustmentRow(
            **{
                **{name: getattr(row, name) for name in AdjustmentRow.__dataclass_fields__},
                "answer": row.answer or "",
            }
        )
        for row in found.order_by("-asked_at", "-pk")
    ]
