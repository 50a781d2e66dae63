"""A colleague's own saved views of the workbench."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from linli.cases.actions.settings import filters
from linli.cases.api.routers import served, settings
from linli.cases.models import SavedFilter
from linli.cases.queries import desk
from linli.cases.schemas.settings import FilterIn, FilterOut
from linli.kernel.access import STAFF, NotFound
from linli.kernel.api import actor_of, answer, at, create, operation
from linli.kernel.api_types import Community, PathId


def _out(row: SavedFilter) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name, "query": row.query}


@settings.get("/filters", response=list[FilterOut], summary="Your saved views")
@operation("settings.filters", who=STAFF, scope="cases:read")
def index(request: HttpRequest, community: Community) -> HttpResponse:
    """Your own, by name."""
    actor = actor_of(request)
    return answer([_out(row) for row in desk.saved_filters(actor, served(actor, community))])


@settings.post("/filters", response={201: FilterOut}, summary="Save a view")
@operation("settings.save_filter", who=STAFF, scope="cases:write", creates=True)
def save(request: HttpRequest, body: FilterIn) -> HttpResponse:
    """At most 20; the same name again replaces it."""
    actor = actor_of(request)
    community_id = served(actor, body.community)

    def make() -> int:
        row = filters.save_filter(
            actor=actor, community_id=community_id, name=body.name, query=body.query, at=at(request)
        )
        return row.pk

    def read(filter_id: int) -> dict[str, Any]:
        for row in desk.saved_filters(actor, community_id):
            if row.pk == filter_id:
                return _out(row)
        raise NotFound

    return create(request, make=make, read=read)


@settings.delete("/filters/{int:filter_id}", response={204: None}, summary="Forget a saved view")
@operation("settings.drop_filter", who=STAFF, scope="cases:write")
def drop(request: HttpRequest, filter_id: PathId) -> HttpResponse:
    """One of your own."""
    filters.drop_filter(actor=actor_of(request), filter_id=filter_id, at=at(request))
    return HttpResponse(status=204)
