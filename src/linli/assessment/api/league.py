"""Indicators, schemes, runs and scores for programs: the assessed see their own, readers everything."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from ninja import Router

from linli.assessment import access
from linli.assessment.actions import appeals
from linli.assessment.indicators import INDICATORS
from linli.assessment.queries import objections, runs, schemes
from linli.assessment.queries.runs import PartRow, RunRow, ScoreRow
from linli.assessment.rules import scheme_text
from linli.assessment.schemas import (
    AppealIn,
    AppealOut,
    ExplainedOut,
    IndicatorOut,
    RunOut,
    SchemeOut,
    ScoreOut,
)
from linli.grids import queries as grids
from linli.grids.access import communities_of
from linli.kernel.access import SIGNED_IN, NotFound, roles
from linli.kernel.api import actor_of, answer_tagged, at, create, operation, utc
from linli.kernel.api_types import Community, PathId

SCOPE_READ, SCOPE_WRITE = "cases:read", "cases:write"
CONCERNED = roles(*access.CONCERNED)
league = Router(tags=["assessment"])
routers = (league,)


@league.get("/assessment/indicators", response=list[IndicatorOut], summary="What can be assessed")
@operation("assessment.api_indicators", who=SIGNED_IN, scope=SCOPE_READ, tagged=True)
def indicators(request: HttpRequest) -> HttpResponse:
    """Every indicator with its definition, its formula and what keeps it honest; docs/indicators.md tells more."""
    told = [
        {
            "code": one.code,
            "name": one.name._asdict(),
            "says": one.says._asdict(),
            "formula": one.formula._asdict(),
            "unit": one.unit.value,
            "kind": one.kind.value,
            "direction": one.direction.value,
            "source": one.source,
            "pair": one.pair,
            "minimum": one.minimum,
        }
        for one in INDICATORS.values()
    ]
    return answer_tagged(request, told)


@league.get("/assessment/schemes", response=list[SchemeOut], summary="The schemes that hold")
@operation("assessment.api_schemes", who=CONCERNED, scope=SCOPE_READ, tagged=True)
def schemes_(request: HttpRequest, community: Community) -> HttpResponse:
    """Everybody who is assessed may read by what."""
    community_id = _community(request, community)
    held = [
        one.now
        for one in schemes.listed(community_id, grids.day_of(at(request)))
        if one.now and not one.closed
    ]
    told = [
        {
            "id": one.scheme_id,
            "level": one.scheme.level.value,
            "period": one.scheme.period.value,
            "version": one.number,
            "valid_from": one.valid_from,
            "legal_basis": one.legal_basis,
            "breaks": list(one.findings),
            "says": scheme_text.as_plain(one.scheme),
        }
        for one in held
    ]
    return answer_tagged(request, told)


@league.get("/assessment/runs", response=list[RunOut], summary="Runs, the newest period first")
@operation("assessment.api_runs", who=CONCERNED, scope=SCOPE_READ, tagged=True)
def runs_(request: HttpRequest, community: Community) -> HttpResponse:
    """At most 60. Before they are announced only for those who read everybody's scores."""
    community_id = _community(request, community)
    found = runs.listed(community_id)
    if not access.reads_all(actor_of(request), community_id):
        found = [row for row in found if row.told]
    return answer_tagged(request, [_run(row) for row in found])


@league.get("/assessment/runs/{int:run_id}", response=RunOut, summary="One run")
@operation("assessment.api_run", who=CONCERNED, scope=SCOPE_READ, tagged=True)
def run(request: HttpRequest, run_id: PathId) -> HttpResponse:
    """Superseded versions stay readable."""
    return answer_tagged(request, _run(runs.as_row(access.find_run(actor_of(request), run_id))))


@league.get("/assessment/runs/{int:run_id}/scores", response=list[ScoreOut], summary="The scores of a run")
@operation("assessment.api_scores", who=CONCERNED, scope=SCOPE_READ, tagged=True)
def scores(request: HttpRequest, run_id: PathId) -> HttpResponse:
    """Your own; all of them for those who read everybody's."""
    actor = actor_of(request)
    held = access.find_run(actor, run_id)
    found = [row for row in runs.scores(run_id) if access.may_read(actor, held, row.subject_id)]
    return answer_tagged(request, [_score(row) for row in found])


@league.get(
    "/assessment/runs/{int:run_id}/scores/{int:subject_id}",
    response=ExplainedOut,
    summary="One score, explained",
)
@operation("assessment.api_score", who=CONCERNED, scope=SCOPE_READ, tagged=True)
def score(request: HttpRequest, run_id: PathId, subject_id: PathId) -> HttpResponse:
    """Every part with its fraction and the ids of the rows behind it; the parts add up to the points."""
    actor = actor_of(request)
    held = access.find_run(actor, run_id)
    row = runs.of_subject(run_id, subject_id)
    if row is None or not access.may_read(actor, held, subject_id):
        raise NotFound
    return answer_tagged(
        request, {**_score(row), "parts": [_part(one) for one in runs.parts(run_id, subject_id)]}
    )


@league.post(
    "/assessment/runs/{int:run_id}/appeals", response={201: AppealOut}, summary="Appeal against a score"
)
@operation("assessment.api_appeal", who=CONCERNED, scope=SCOPE_WRITE, creates=True)
def appeal(request: HttpRequest, run_id: PathId, body: AppealIn) -> HttpResponse:
    """Against a part of your own score, while the run is announced. Somebody who did not score it decides."""

    def make() -> int:
        made = appeals.lodge(
            actor=actor_of(request), run_id=run_id, key=uuid4(), at=at(request), **body.model_dump()
        )
        return int(made.pk)

    return create(request, make=make, read=_appeal, path="/api/v1/assessment/appeals/{id}")


@league.get("/assessment/appeals/{int:appeal_id}", response=AppealOut, summary="One appeal")
@operation("assessment.api_appeal_read", who=CONCERNED, scope=SCOPE_READ, tagged=True)
def appeal_read(request: HttpRequest, appeal_id: PathId) -> HttpResponse:
    """Your own, or any for those who read everybody's scores."""
    access.find_appeal(actor_of(request), appeal_id)
    return answer_tagged(request, _appeal(appeal_id))


def _community(request: HttpRequest, code: str) -> int:
    """The id of a community in which the caller has to do with assessment.

    :raises NotFound: there is none of this code, or it does not concern the caller.
    """
    place = grids.place_by_code(code)
    if place is None or place.community_id not in communities_of(actor_of(request), access.CONCERNED):
        raise NotFound
    return place.community_id


def _run(row: RunRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "scheme_id": row.scheme_id,
        "since": row.since_date,
        "until": row.until_date,
        "version": row.number,
        "state": row.state,
        "cause": row.cause,
        "ranked": row.ranked,
        "subjects": row.subjects,
        "computed_at": utc(row.computed_at),
        "announced_at": utc(row.announced_at),
        "appeals_until": utc(row.appeals_until),
        "final_at": utc(row.final_at),
        "digest": row.digest,
        "code_version": row.code_version,
    }


def _score(row: ScoreRow) -> dict[str, Any]:
    return {
        "subject_kind": row.subject_kind,
        "subject_id": row.subject_id,
        "points": row.total,
        "rank": row.rank,
        "peers": row.peers,
        "band": row.band,
    }


def _part(row: PartRow) -> dict[str, Any]:
    return {
        "indicator": row.indicator,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "points": row.points,
        "most": row.most,
        "why": row.why,
        "source": row.source,
        "counted": list(row.counted),
        "rest": list(row.rest),
        "left_out": [{"row": one, "why": why} for one, why in row.excluded],
    }


def _appeal(appeal_id: int) -> dict[str, Any]:
    row = objections.appeal(appeal_id)
    if row is None:
        raise NotFound
    return {
        "id": row.id,
        "run_id": row.run_id,
        "subject_id": row.subject_id,
        "indicator": row.indicator,
        "row_id": row.row_id,
        "words": row.words,
        "made_at": utc(row.made_at),
        "state": row.state,
        "answer": row.answer,
        "decided_at": utc(row.decided_at),
    }
