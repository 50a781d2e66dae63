"""Calling residents back: the queue, what came of a call, reasoned answers, the plan, the draw."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query

from linli.cases.actions import callback as acting
from linli.cases.actions import callback_draw
from linli.cases.actions.settings import callbacks as keeping
from linli.cases.actions.settings import keeping as beats
from linli.cases.api.routers import KEEPERS, cases, served, settings
from linli.cases.models import CallBack, CallbackRule, CallbackSeed
from linli.cases.queries import callback_queue
from linli.cases.rules import callback as rules
from linli.cases.schemas.calls import (
    CallBackOut,
    CallBacksOut,
    CallNoteIn,
    MonthDrawOut,
    PlanLineIn,
    PlanLineOut,
    ReasonedIn,
    ReasonedRulingIn,
)
from linli.cases.schemas.settings import LastDayIn
from linli.kernel.access import STAFF, NotFound, roles
from linli.kernel.api import actor_of, answer, answer_tagged, at, create, operation, utc
from linli.kernel.api_types import Community, PathId

CALLERS = roles("dispatcher", "community_leader", "verifier")
READERS = roles("dispatcher", "community_leader", "verifier", "auditor")
AUDITORS = roles("community_leader", "auditor")
PER_PAGE = 100
PLAIN = (
    "id", "round", "organisation_id", "channel", "lot", "why", "state", "tries", "outcome", "solved", "satisfied",
    "stars", "complaint", "reopened", "answer", "approved",
)  # fmt: skip


def plain(row: CallBack) -> dict[str, Any]:
    """A call-back as plain values; what the resident said stays on the page."""
    return {
        "number": row.case.number,
        "category": row.category_code,
        "special": row.triggers,
        "share": f"{row.share:.2f}",
        **{name: getattr(row, name) for name in PLAIN},
        **{name: utc(getattr(row, name)) for name in ("closed_at", "again_at", "called_at")},
    }


def _called(request: HttpRequest, community: str, *wanted: str) -> int:
    community_id = served(actor_of(request), community)
    if community_id not in acting.communities(actor_of(request), *wanted):
        raise NotFound
    return community_id


@cases.get("/callbacks", response=CallBacksOut, summary="Whom to call back")
@operation("cases.callback_list", who=READERS, scope="cases:read")
def index(
    request: HttpRequest,
    community: Community,
    view: Annotated[
        Literal["now", "later", "unsatisfied", "answers", "done"],
        Query(
            description="to call · not before a moment · not satisfied, unanswered · answers to approve · over"
        ),
    ] = "now",
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> HttpResponse:
    """A hundred a page, the most pressing first."""
    community_id = _called(request, community)
    found = callback_queue.rows(community_id, view, at=at(request))
    part = list(found[(page - 1) * PER_PAGE : page * PER_PAGE + 1])
    return answer({"items": [plain(row) for row in part[:PER_PAGE]], "more": len(part) > PER_PAGE})


@cases.get("/callbacks/{int:callback_id}", response=CallBackOut, summary="One call-back")
@operation("cases.callback_read", who=READERS, scope="cases:read", tagged=True)
def read(request: HttpRequest, callback_id: PathId) -> HttpResponse:
    """A closing with its lot and what came of calling."""
    return answer_tagged(request, plain(acting.find(actor_of(request), callback_id)))


@cases.post("/callbacks/{int:callback_id}/calls", response=CallBackOut, summary="Write a call down")
@operation("cases.callback_call", who=CALLERS, scope="cases:write")
def note(request: HttpRequest, callback_id: PathId, body: CallNoteIn) -> HttpResponse:
    """How it went, and what the resident said. "Not reached" follows by rule from enough unanswered calls."""
    row = acting.note(actor=actor_of(request), callback_id=callback_id, said=body.said(), at=at(request))
    return answer(plain(row))


@cases.post("/callbacks/{int:callback_id}/answer", response=CallBackOut, summary="Propose a reasoned answer")
@operation("cases.callback_propose", who=CALLERS, scope="cases:write")
def propose(request: HttpRequest, callback_id: PathId, body: ReasonedIn) -> HttpResponse:
    """To a resident who is not satisfied; a leader approves it before the resident reads it."""
    row = acting.propose(actor=actor_of(request), callback_id=callback_id, answer=body.answer, at=at(request))
    return answer(plain(row))


@cases.post(
    "/callbacks/{int:callback_id}/ruling", response=CallBackOut, summary="Approve a reasoned answer, or not"
)
@operation("cases.callback_rule", who=roles("community_leader"), scope="cases:write")
def rule(request: HttpRequest, callback_id: PathId, body: ReasonedRulingIn) -> HttpResponse:
    """Another person than who proposed it; sending it back needs a note."""
    row = acting.decide(
        actor=actor_of(request),
        callback_id=callback_id,
        approved=body.approved,
        answer=body.answer,
        note=body.note,
        at=at(request),
    )
    return answer(plain(row))


@cases.get("/callbacks/draw", response=MonthDrawOut, summary="Repeat a month's draw")
@operation("cases.callback_redraw", who=AUDITORS, scope="cases:read")
def draw(
    request: HttpRequest,
    community: Community,
    month: Annotated[str, Query(pattern=r"^20\d\d-(0[1-9]|1[0-2])$", examples=["2026-11"])],
) -> HttpResponse:
    """Every closing of the month is drawn again from its seed, the plan of its day and what was noted of it."""
    community_id = _called(request, community, "community_leader", "auditor")
    found, differing = callback_draw.repeat(community_id, month)
    seed = CallbackSeed.objects.filter(community_id=community_id, month=month).first()
    auditor = "auditor" in actor_of(request).roles(community_id)
    shows = seed is not None and (auditor or month < rules.month_of(at(request)))
    return answer(
        {
            "month": month,
            "seed": seed.seed if seed and shows else "",
            "digest": rules.digest_of(seed.seed) if seed else "",
            "closings": found.count(),
            "drawn": found.exclude(why__in=["", rules.Why.ASKED.value]).count(),
            "differing": [row.case.number for row, _what in differing],
        }
    )


# -- the plan ----------------------------------------------------------------------------------------------


def _line(row: CallbackRule) -> dict[str, Any]:
    return {
        "id": row.pk,
        "share": f"{row.share:.2f}",
        "category": row.category_code,
        "organisation_id": row.organisation_id,
        "channel": row.channel,
        "special": row.trigger,
        "minimum": row.minimum,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }


@settings.get("/callback-plan", response=list[PlanLineOut], summary="Who is called back")
@operation("settings.callback_plan", who=STAFF, scope="cases:read", tagged=True)
def plan(request: HttpRequest, community: Community) -> HttpResponse:
    """The lines in force or to come. Without any, everybody is called."""
    today = beats.today(at(request))
    found = CallbackRule.objects.filter(community_id=served(actor_of(request), community)).order_by("pk")
    kept = [row for row in found if row.valid_to is None or row.valid_to >= max(today, row.valid_from)]
    return answer_tagged(request, [_line(row) for row in kept])


@settings.post("/callback-plan", response={201: PlanLineOut}, summary="Add a line to the plan")
@operation("settings.add_callback_line", who=KEEPERS, scope="admin", creates=True)
def add(request: HttpRequest, body: PlanLineIn) -> HttpResponse:
    """From tomorrow or later; the same line before it ends the day before."""
    community_id = served(actor_of(request), body.community)

    def make() -> int:
        actor = actor_of(request)
        return keeping.add_line(
            actor=actor, community_id=community_id, wanted=body.wanted(), at=at(request)
        ).pk

    return create(request, make=make, read=lambda pk: _line(CallbackRule.objects.get(pk=pk)))


@settings.post("/callback-plan/{int:line_id}/end", response=PlanLineOut, summary="End a line of the plan")
@operation("settings.end_callback_line", who=KEEPERS, scope="admin")
def end(request: HttpRequest, line_id: PathId, community: Community, body: LastDayIn) -> HttpResponse:
    """After a day, today or later."""
    row = keeping.end_line(
        actor=actor_of(request),
        community_id=served(actor_of(request), community),
        rule_id=line_id,
        last_day=body.last_day,
        at=at(request),
    )
    return answer(_line(row))
