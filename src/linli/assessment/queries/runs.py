"""Runs, scores and what they rest on. Who may read them is for `access` to say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from linli.assessment.models import Part, Run, RunInput, Score
from linli.assessment.rules import rows
from linli.assessment.rules.runs import TOLD, State


@dataclass(frozen=True, slots=True)
class RunRow:
    """One version of a run."""

    id: int
    community_id: int
    scheme_id: int
    version_id: int
    since_date: date
    until_date: date
    number: int
    state: str
    cause: str
    ranked: bool
    digest: str
    code_version: str
    result_digest: str
    subjects: int
    computed_by_id: int | None
    computed_at: datetime
    reviewed_by_id: int | None
    reviewed_at: datetime | None
    review_note: str
    announced_by_id: int | None
    announced_at: datetime | None
    appeals_until: datetime | None
    final_at: datetime | None
    superseded_at: datetime | None
    late: dict[str, Any]

    @property
    def told(self) -> bool:
        """Whether the assessed may see it."""
        return self.announced_at is not None

    def appealable(self, at: datetime) -> bool:
        """Whether an appeal can be made now."""
        return (
            self.state == State.ANNOUNCED.value and self.appeals_until is not None and at < self.appeals_until
        )


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One subject's result; points are thousandths."""

    run_id: int
    subject_kind: str
    subject_id: int
    total: int | None
    rank: int | None
    peers: int
    band: int
    load: int


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of a score, with the ids of every row behind it."""

    indicator: str
    numerator: int
    denominator: int
    points: int
    most: int
    why: str
    source: str
    value: Fraction | None
    attained: Fraction | None
    weight: Fraction
    counted: tuple[int, ...]
    rest: tuple[int, ...]
    excluded: tuple[tuple[int, str], ...]


_RUN = tuple(RunRow.__dataclass_fields__)
_SCORE = tuple(ScoreRow.__dataclass_fields__)


def as_row(run: Run) -> RunRow:
    """A run as it leaves this room."""
    return RunRow(*(getattr(run, name) for name in _RUN))


def one(run_id: int) -> RunRow | None:
    """One run, if its community has been entered."""
    return next(iter(_runs(Run.objects.filter(pk=run_id))), None)


def _runs(found: QuerySet[Run]) -> list[RunRow]:
    return [RunRow(*values) for values in found.values_list(*_RUN)]


def listed(
    community_id: int,
    *,
    scheme_id: int | None = None,
    states: Collection[str] = (),
    superseded: bool = False,
    most: int = 60,
) -> list[RunRow]:
    """The runs of a community, the newest period first; those that hold, or with all versions."""
    found = Run.objects.filter(community_id=community_id)
    if scheme_id is not None:
        found = found.filter(scheme_id=scheme_id)
    if states:
        found = found.filter(state__in=list(states))
    elif not superseded:
        found = found.exclude(state=State.SUPERSEDED.value)
    return _runs(found.order_by("-until_date", "scheme_id", "-number")[:most])


def versions(run: RunRow) -> list[RunRow]:
    """Every version of a run's period, the newest first."""
    found = Run.objects.filter(
        community_id=run.community_id, scheme_id=run.scheme_id, since_date=run.since_date
    )
    return _runs(found.order_by("-number"))


def holding(run: RunRow) -> RunRow:
    """The version that holds now of this run's period."""
    return next((each for each in versions(run) if each.state != State.SUPERSEDED.value), run)


def scores(run_id: int) -> list[ScoreRow]:
    """Every subject of a run: by band, then rank, those without one last."""
    found = Score.objects.filter(run_id=run_id).order_by("band", "rank", "-total", "subject_id")
    return [ScoreRow(*values) for values in found.values_list(*_SCORE)]


def of_subject(run_id: int, subject_id: int) -> ScoreRow | None:
    """One subject's result."""
    found = Score.objects.filter(run_id=run_id, subject_id=subject_id).values_list(*_SCORE)
    return next((ScoreRow(*values) for values in found), None)


def parts(run_id: int, subject_id: int) -> list[PartRow]:
    """One subject's parts, in the scheme's order."""
    found = Part.objects.filter(run_id=run_id, subject_id=subject_id).order_by("order")
    return [_part(each) for each in found]


def all_parts(run_id: int) -> dict[int, list[PartRow]]:
    """The parts of every subject of a run: for the leader's table and the sheets."""
    found: dict[int, list[PartRow]] = {}
    for each in Part.objects.filter(run_id=run_id).order_by("subject_id", "order"):
        found.setdefault(each.subject_id, []).append(_part(each))
    return found


def _part(each: Part) -> PartRow:
    told = each.explanation
    return PartRow(
        each.indicator, each.numerator, each.denominator, each.points, each.most, each.why, told["source"],
        _fraction(told["value"]), _fraction(told["attained"]), _fraction(told["weight"]) or Fraction(0),
        tuple(told["counted"]), tuple(told["rest"]), tuple((row, why) for row, why in told["excluded"]),
    )  # fmt: skip


def _fraction(written: str | None) -> Fraction | None:
    return None if written is None else Fraction(written)


def neighbours(run_id: int, score: ScoreRow, *, beside: int = 2) -> list[ScoreRow]:
    """Those ranked next to somebody in the same band, up to so many on either side, the subject among them."""
    if score.rank is None:
        return [score]
    found = Score.objects.filter(run_id=run_id, band=score.band, rank__isnull=False)
    above = found.filter(
        Q(rank__lt=score.rank) | Q(rank=score.rank, subject_id__lt=score.subject_id)
    ).order_by("-rank", "-subject_id")[:beside]
    below = found.filter(
        Q(rank__gt=score.rank) | Q(rank=score.rank, subject_id__gt=score.subject_id)
    ).order_by("rank", "subject_id")[:beside]
    up, down = ([ScoreRow(*values) for values in each.values_list(*_SCORE)] for each in (above, below))
    return [*reversed(up), score, *down]


def history(
    scheme_id: int, subject_id: int, *, kind: str, community_id: int, most: int = 13
) -> list[tuple[RunRow, ScoreRow]]:
    """One subject's results in the runs of a scheme that were told, the newest first."""
    found = (
        Score.objects.filter(
            community_id=community_id,
            subject_kind=kind,
            subject_id=subject_id,
            run__scheme_id=scheme_id,
            run__state__in=[state.value for state in TOLD],
        )
        .select_related("run")
        .order_by("-run__since_date")[:most]
    )
    return [(as_row(each.run), ScoreRow(*(getattr(each, name) for name in _SCORE))) for each in found]


def told_to(
    community_id: int, subject_id: int, *, kind: str, most: int = 20
) -> list[tuple[RunRow, ScoreRow]]:
    """One subject's results in every scheme, the newest first: what the own page begins with."""
    found = (
        Score.objects.filter(
            community_id=community_id,
            subject_kind=kind,
            subject_id=subject_id,
            run__state__in=[state.value for state in TOLD],
        )
        .select_related("run")
        .order_by("-run")[:most]
    )
    return [(as_row(each.run), ScoreRow(*(getattr(each, name) for name in _SCORE))) for each in found]


def inputs_of(run_id: int) -> rows.Inputs:
    """What a run was computed from."""
    return rows.unpack(bytes(RunInput.objects.values_list("packed", flat=True).get(run_id=run_id)))


def rows_behind(run_id: int, source: str, ids: Collection[int]) -> list[Any]:
    """The rows behind a part as the run kept them, corrections of won appeals included, by id."""
    wanted = set(ids)
    return [row for row in inputs_of(run_id).put_right().get(source, ()) if row.id in wanted]
