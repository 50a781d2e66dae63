"""七清七掌握: which list holds, whose sheets there are, what came of them. Inside the community's own scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import orjson
from django.db.models import Count, Q, QuerySet

from linli.assessment.models import ChecklistRow, EvaluationRound, EvaluationSheet
from linli.assessment.rules.checklist import FULL_MARK, Evaluated, Item, Sheet, evaluated
from linli.grids import queries as places


class AskingRow(Protocol):
    """How a list is asked."""

    @property
    def asked(self) -> int:
        """Items on a sheet."""

    @property
    def homes(self) -> int:
        """Households on a sheet."""

    @property
    def sheets(self) -> int:
        """Evaluators of one person."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How a list is asked, as its row says."""

    asked: int
    homes: int
    sheets: int


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list that holds or held."""

    id: int
    items: tuple[Item, ...]
    asking: Asked
    on: bool
    made_by_id: int | None
    made_at: datetime

    def words(self, code: str, *, english: bool) -> str:
        """What an item says, in the reader's language."""
        item = next(one for one in self.items if one.code == code)
        return item.words_en if english and item.words_en else item.words_zh


def checklist(community_id: int) -> ListRow | None:
    """The list that holds; None where the community has not set one."""
    row = ChecklistRow.objects.filter(community_id=community_id).order_by("-made_at", "-id").first()
    return _listed(row) if row else None


def checklist_of(round_: EvaluationRound) -> ListRow:
    """The list that a round asks."""
    return _listed(ChecklistRow.objects.get(pk=round_.checklist_id))


def _listed(row: ChecklistRow) -> ListRow:
    items = tuple(Item(**one) for one in row.items)
    return ListRow(
        row.pk, items, Asked(row.asked, row.homes, row.sheets), row.on, row.made_by_id, row.made_at
    )


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round and how far it is."""

    id: int
    since_date: date
    last_date: date
    closed_at: datetime | None
    sheets: int
    written: int


def rounds(community_id: int, *, most: int = 12) -> list[RoundRow]:
    """The rounds of a community, the latest first."""
    counted = {
        one["round_id"]: (one["sheets"], one["written"])
        for one in EvaluationSheet.objects.filter(community_id=community_id)
        .values("round_id")
        .annotate(sheets=Count("pk"), written=Count("pk", filter=Q(written_at__isnull=False)))
    }
    found = EvaluationRound.objects.filter(community_id=community_id).order_by("-since_date")[:most]
    return [
        RoundRow(row.pk, row.since_date, row.last_date, row.closed_at, *counted.get(row.pk, (0, 0)))
        for row in found
    ]


def round_(round_id: int) -> EvaluationRound | None:
    """A round, if its community has been entered."""
    return EvaluationRound.objects.filter(pk=round_id).first()


def mine(community_ids: Iterable[int], evaluator_id: int) -> list[EvaluationSheet]:
    """The sheets somebody is to write or wrote in rounds still open, unwritten ones first."""
    found = EvaluationSheet.objects.filter(
        community_id__in=list(community_ids), evaluator_id=evaluator_id, round__closed_at__isnull=True
    )
    return list(found.select_related("round", "grid").order_by("written_at", "pk"))


def of_round(round_id: int) -> list[EvaluationSheet]:
    """All sheets of a round."""
    return list(
        EvaluationSheet.objects.filter(round_id=round_id).select_related("grid").order_by("worker_id", "pk")
    )


def evidence(sheet: EvaluationSheet) -> dict[str, str]:
    """The words of a sheet by item."""
    found: dict[str, str] = orjson.loads(sheet.evidence) if sheet.evidence else {}
    return found


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one person's sheets in a round that is closed."""

    round: EvaluationRound
    sheets: tuple[EvaluationSheet, ...]
    evaluated: Evaluated


def results_of(community_id: int, worker_id: int, *, most: int = 4) -> list[Result]:
    """What came of a person's rounds, the latest first; rounds still open say nothing."""
    found = _written(community_id).filter(worker_id=worker_id)
    by_round: dict[EvaluationRound, list[EvaluationSheet]] = {}
    for sheet in found.order_by("-round__since_date", "pk"):
        by_round.setdefault(sheet.round, []).append(sheet)
    return [Result(one, tuple(held), summed(held)) for one, held in list(by_round.items())[:most]]


def summed(sheets: Iterable[EvaluationSheet]) -> Evaluated:
    """What sheets say together."""
    return evaluated([Sheet(one.pk, one.evaluator_id, one.marks) for one in sheets])


def _written(community_id: int) -> QuerySet[EvaluationSheet]:
    return EvaluationSheet.objects.filter(
        community_id=community_id, written_at__isnull=False, round__closed_at__isnull=False
    ).select_related("round")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A written sheet of a closed round, as an indicator reads it."""

    id: int
    worker_id: int
    grid_id: int
    marks: int
    most: int
    at: datetime


def sheets(community_id: int, since: datetime, until: datetime) -> list[SheetRow]:
    """The written sheets of rounds whose quarter ends within a time, by id; one statement."""
    ends = places.day_of(since), places.day_of(until)
    found = _written(community_id).filter(round__until_date__gt=ends[0], round__until_date__lte=ends[1])
    return [
        SheetRow(
            one.pk,
            one.worker_id,
            one.grid_id,
            sum(one.marks.values()),
            FULL_MARK * len(one.marks),
            one.written_at or one.round.opened_at,
        )
        for one in found.order_by("pk")
    ]
