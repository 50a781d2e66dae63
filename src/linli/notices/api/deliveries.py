"""How what was told went, for those who look after the roads."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query

from linli.cases.queries import reference
from linli.kernel import scope
from linli.kernel.access import NotFound, roles
from linli.kernel.api import actor_of, answer, answer_page, at, operation
from linli.kernel.api_types import Community, Cursor, PathId
from linli.notices import access
from linli.notices.actions import keeping
from linli.notices.api.mine import number_of
from linli.notices.api.routers import notices
from linli.notices.models import Notice
from linli.notices.queries import deliveries as asked
from linli.notices.queries import inbox
from linli.notices.schemas import NoticeDeliveriesOut, NoticeDeliveryStoryOut

WATCHERS, MENDERS = roles(*access.WATCHERS), roles(*access.MENDERS)
KINDS = {"a": "person", "b": "group", "c": "contact", "s": "contact"}


@notices.get("/notices/deliveries", response=NoticeDeliveriesOut, summary="Deliveries of a community")
@operation("notices.api_deliveries", who=WATCHERS, scope="cases:read", paged=True)
def index(
    request: HttpRequest,
    community: Community,
    view: Annotated[
        Literal["all", "failed", "waiting", "sent", "page"], Query(description="which of them")
    ] = "all",
    road: Annotated[str, Query(max_length=10, description="only by this road")] = "",
    cursor: Cursor = "",
) -> HttpResponse:
    """The newest first, without the words to residents."""
    actor, where, before = actor_of(request), reference.community_id(community), number_of(cursor)
    if not actor.roles(where):
        raise NotFound
    with scope.within([where]):
        rows = list(asked.listed(actor, where, view=view, road=road, kind="", before=before))
    older = str(rows[asked.SHOWN - 1].pk) if len(rows) > asked.SHOWN else ""
    return answer_page(request, [_plain(one) for one in rows[: asked.SHOWN]], older)


def _plain(one: Notice) -> dict[str, Any]:
    names = ("kind", "subject", "state", "reason", "road", "told_at", "next_at", "ended_at")
    found = {name: getattr(one, name) for name in names}
    return {"id": one.pk, "recipient": KINDS.get(one.recipient[:1], "person"), "tries": one.made, **found}


@notices.get("/notices/deliveries/{int:notice_id}", response=NoticeDeliveryStoryOut, summary="One delivery")
@operation("notices.api_delivery", who=WATCHERS, scope="cases:read")
def one(request: HttpRequest, notice_id: PathId) -> HttpResponse:
    """With every try and its receipt."""
    with access.entered(actor_of(request)):
        return answer(_story(access.find_watched(actor_of(request), notice_id)))


def _story(found: Notice) -> dict[str, Any]:
    names = ("road", "at", "result", "code", "receipt", "receipt_at")
    tries = [{name: getattr(one, name) for name in names} for one in inbox.attempts(found)]
    return {**_plain(found), "attempts": tries}


@notices.post(
    "/notices/deliveries/{int:notice_id}/again",
    response=NoticeDeliveryStoryOut,
    summary="Try a delivery again",
)
@operation("notices.api_again", who=MENDERS, scope="cases:write")
def again(request: HttpRequest, notice_id: PathId) -> HttpResponse:
    """From its first road, under a new key. Not what has arrived, was read, or is on its way."""
    actor = actor_of(request)
    keeping.again(actor=actor, notice_id=notice_id, at=at(request))
    with access.entered(actor):
        return answer(_story(access.find_watched(actor, notice_id)))
