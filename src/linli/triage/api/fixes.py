"""Lasting fixes: read, written down, changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from linli.kernel.access import roles
from linli.kernel.api import actor_of, answer, answer_tagged, at, create, operation, unchanged
from linli.kernel.api_types import Community, PathId
from linli.triage import access
from linli.triage.actions import fixes
from linli.triage.api.routers import triage
from linli.triage.api.topics import READERS, read_here
from linli.triage.models import LastingFix
from linli.triage.queries import problems
from linli.triage.schemas_topics import FixIn, FixOut, FixSheet

DECIDERS = roles(*access.DECIDERS)


def _out(row: LastingFix) -> dict[str, Any]:
    own = {name: getattr(row, name) for name in FixOut.model_fields if name not in {"id", "cases"}}
    return {**own, "id": row.pk, "cases": problems.numbers_of_fix(row)}


@triage.get("/fixes", response=list[FixOut], summary="Lasting fixes")
@operation("triage.api_fixes", who=READERS, scope="cases:read")
def index(request: HttpRequest, community: Community) -> HttpResponse:
    """Those to be finished first before the others, those that are over last."""
    return answer([_out(row) for row in problems.fixes(read_here(request, community))[:200]])


@triage.get("/fixes/{int:fix_id}", response=FixOut, summary="One lasting fix")
@operation("triage.api_fix", who=READERS, scope="cases:read", tagged=True)
def one(request: HttpRequest, fix_id: PathId) -> HttpResponse:
    """What is done so that a problem does not come back."""
    return answer_tagged(request, _out(access.fix(actor_of(request), fix_id)))


@triage.post("/fixes", response={201: FixOut}, summary="Write down a lasting fix")
@operation("triage.api_make_fix", who=DECIDERS, scope="cases:write", creates=True)
def make(request: HttpRequest, body: FixIn) -> HttpResponse:
    """With `repeat_id`, the problem and its cases are tied to it, and those to come."""
    where = read_here(request, body.community)

    def write() -> int:
        row = fixes.make(
            actor=actor_of(request),
            community_id=where,
            sheet=body.sheet(),
            at=at(request),
            repeat_id=body.repeat_id,
        )
        return row.pk

    return create(
        request,
        make=write,
        read=lambda fix_id: _out(access.fix(actor_of(request), fix_id)),
        path="/api/v1/fixes/{id}",
    )


@triage.put("/fixes/{int:fix_id}", response=FixOut, summary="Let a lasting fix say something else")
@operation("triage.api_change_fix", who=DECIDERS, scope="cases:write", guarded=True)
def change(request: HttpRequest, fix_id: PathId, body: FixSheet) -> HttpResponse:
    """Its plan, its days, how far it is, what came of it."""
    actor = actor_of(request)
    with unchanged(request, lambda: _out(access.fix(actor, fix_id))):
        row = fixes.change(actor=actor, fix_id=fix_id, sheet=body.sheet(), at=at(request))
    return answer_tagged(request, _out(row))
