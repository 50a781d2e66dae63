"""Promises: dated rows, a new version at a time, and a look at what they mean for a report of now."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query

from linli.cases.actions.settings import keeping, promises
from linli.cases.api.routers import KEEPERS, served, settings
from linli.cases.models import PromiseRow
from linli.cases.queries import promise_preview, reference
from linli.cases.queries.promise_preview import Due
from linli.cases.rules.promises import Urgency
from linli.cases.schemas.settings import DueOut, LastDayIn, PromiseIn, PromiseOut
from linli.kernel.access import STAFF, NotFound
from linli.kernel.api import actor_of, answer, answer_tagged, at, create, operation, utc
from linli.kernel.api_types import Community, PathId


def _out(row: PromiseRow) -> dict[str, Any]:
    return {
        "id": row.pk,
        "stage": row.stage,
        "amount": f"{row.amount:.2f}",
        "unit": row.unit,
        "start_rule": row.start_rule,
        "category": row.category_code,
        "urgency": row.urgency or None,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "source": row.source,
    }


def _read(community_id: int, promise_id: int) -> dict[str, Any]:
    row = reference.promise_source(community_id, promise_id)
    if row is None:
        raise NotFound
    return _out(row)


@settings.get("/promises", response=list[PromiseOut], summary="What the community promises")
@operation("settings.promises", who=STAFF, scope="cases:read", tagged=True)
def index(
    request: HttpRequest,
    community: Community,
    ended: Annotated[bool, Query(description="those that no longer hold as well")] = False,
) -> HttpResponse:
    """Every promise in force or to come: for a stage, a category's branch and an urgency, from a day to a day."""
    found = reference.promise_rows(served(actor_of(request), community))
    today = keeping.today(at(request))
    kept = [row for row in found if ended or row.valid_to is None or row.valid_to >= today]
    return answer_tagged(request, [_out(row) for row in kept])


@settings.get("/promises/due", response=list[DueOut], summary="What a report of now would be promised")
@operation("settings.promises_due", who=STAFF, scope="cases:read")
def due(
    request: HttpRequest,
    community: Community,
    category: Annotated[str, Query(max_length=60, pattern=r"^[a-z0-9_.]*$")] = "",
    urgency: Urgency = Urgency.NORMAL,
) -> HttpResponse:
    """Each stage's promise, and when it would be used up if it began now."""
    where = served(actor_of(request), community)
    found = promise_preview.due(where, category_code=category, urgency=urgency.value, at=at(request))
    return answer([_due(one) for one in found])


def _due(one: Due) -> dict[str, Any]:
    return {
        "stage": one.stage,
        "amount": f"{one.promise.amount:.2f}",
        "unit": one.promise.unit,
        "start_rule": one.promise.start_rule,
        "due_at": utc(one.due_at),
        "tried": one.wanted,
    }


@settings.post("/promises", response={201: PromiseOut}, summary="Make a promise, or a new version of one")
@operation("settings.set_promise", who=KEEPERS, scope="admin", creates=True)
def add(request: HttpRequest, body: PromiseIn) -> HttpResponse:
    """From a day on; the version before it ends the day before. Clocks that run keep what was promised."""
    community_id = served(actor_of(request), body.community)

    def make() -> int:
        actor = actor_of(request)
        return promises.set_promise(
            actor=actor, community_id=community_id, wanted=body.wanted(), at=at(request)
        ).pk

    return create(request, make=make, read=lambda promise_id: _read(community_id, promise_id))


@settings.post("/promises/try", response=list[DueOut], summary="Try a promise before it is made")
@operation("settings.try_promise", who=KEEPERS, scope="admin")
def try_out(request: HttpRequest, body: PromiseIn) -> HttpResponse:
    """What a report of now would be promised if this held; nothing is written."""
    community_id, wanted = served(actor_of(request), body.community), body.wanted()
    keeping.require(actor_of(request), community_id)
    promises.check(community_id, wanted)
    day = keeping.from_day(wanted.valid_from, at(request))
    found = promise_preview.due(
        community_id,
        category_code=wanted.category_code,
        urgency=wanted.urgency,
        at=at(request),
        trial=wanted.as_rule(day),
        on=day,
    )
    return answer([_due(one) for one in found])


@settings.post("/promises/{int:promise_id}/end", response=PromiseOut, summary="End a promise")
@operation("settings.end_promise", who=KEEPERS, scope="admin")
def end(request: HttpRequest, promise_id: PathId, community: Community, body: LastDayIn) -> HttpResponse:
    """After a day it is no longer made; clocks that run keep it."""
    row = promises.end_promise(
        actor=actor_of(request),
        community_id=served(actor_of(request), community),
        promise_id=promise_id,
        last_day=body.last_day,
        at=at(request),
    )
    return answer(_out(row))
