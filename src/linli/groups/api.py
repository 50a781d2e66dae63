"""The API: which chat groups a place has, for everybody; the directory, counts and coverage, for those who keep it."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from linli.grids import access as places
from linli.grids import queries as grids
from linli.groups import access, actions, queries, rules
from linli.groups.schemas import (
    CountIn,
    CountOut,
    CoverageOut,
    GroupChange,
    GroupIn,
    GroupOut,
    OpenGroupOut,
)
from linli.kernel.access import PUBLIC, NotFound, roles
from linli.kernel.api import (
    actor_of,
    answer_tagged,
    at,
    create,
    etag,
    operation,
    wanted_version,
)
from linli.kernel.api_types import PathId

SCOPE_READ, SCOPE_WRITE = "places:read", "admin"
KEEPERS = roles(*rules.KEEPERS)
MOST = 200
groups = Router(tags=["groups"])
routers = (groups,)
PlaceCode = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,40}$")]


@groups.get("/places/{code}/groups", response=list[OpenGroupOut], summary="Chat groups of a place")
@operation("groups.api_at_place", who=PUBLIC, tagged=True)
def at_place(request: HttpRequest, code: PlaceCode) -> HttpResponse:
    """The open groups of this place and of the places above it, the nearest first; not those of the staff.

    Codes to get in are not told here: people see them on the page, when they are signed in.
    """
    return answer_tagged(request, [_open(row) for row in queries.at_place(places.find_public(code))])


@groups.get("/places/{code}/groups/all", response=list[GroupOut], summary="The directory of a community")
@operation("groups.api_directory", who=KEEPERS, scope=SCOPE_READ, tagged=True)
def directory(request: HttpRequest, code: PlaceCode) -> HttpResponse:
    """All open groups of the community in which the place lies, those of the staff too, as the places lie."""
    return answer_tagged(request, [_out(row) for row in queries.in_community(_community(request, code))])


@groups.get("/places/{code}/groups/coverage", response=list[CoverageOut], summary="Households reached")
@operation("groups.api_coverage", who=KEEPERS, scope=SCOPE_READ, tagged=True)
def coverage(request: HttpRequest, code: PlaceCode) -> HttpResponse:
    """How many households the residents' groups reach: of the community, its committees and its grids.

    Of one place its largest group counts, or all its parts together where that is more.
    """
    community_id = _community(request, code)
    community = grids.places([community_id])[community_id]
    found = queries.coverage(community, queries.in_community(community_id))
    told = [
        {
            "place_code": place.code,
            "households": reach.households,
            "reached": reach.reached,
            "share": None if reach.share is None else round(reach.share, 4),
        }
        for place, reach in found
    ]
    return answer_tagged(request, told)


@groups.post("/groups", response={201: GroupOut}, summary="Put a group into the directory")
@operation("groups.api_open", who=KEEPERS, scope=SCOPE_WRITE, creates=True)
def open_group(request: HttpRequest, body: GroupIn) -> HttpResponse:
    """For a place where you keep the directory."""
    place = places.find_public(body.place_code)
    sign = rules.Sign(**body.model_dump(exclude={"place_code"}))

    def make() -> int:
        made = actions.open_group(
            actor=actor_of(request), place_id=place.id, sign=sign, key=uuid4(), at=at(request)
        )
        return int(made.pk)

    return create(
        request, make=make, read=lambda pk: _read(place.community_id, pk), path="/api/v1/groups/{id}"
    )


@groups.get("/groups/{int:group_id}", response=GroupOut, summary="One group")
@operation("groups.api_group", who=KEEPERS, scope=SCOPE_READ, tagged=True)
def read(request: HttpRequest, group_id: PathId) -> HttpResponse:
    """With its last count; the tag is its version."""
    row, _place = access.find(actor_of(request), group_id)
    return _tagged(request, row.community_id, group_id)


@groups.put("/groups/{int:group_id}", response=GroupOut, summary="Describe a group anew")
@operation("groups.api_change", who=KEEPERS, scope=SCOPE_WRITE, guarded=True)
def change(request: HttpRequest, group_id: PathId, body: GroupChange) -> HttpResponse:
    """All of what the directory says. With If-Match only if nobody else changed it meanwhile."""
    row, _place = access.find(actor_of(request), group_id)
    version = wanted_version(request)
    actions.change_group(
        actor=actor_of(request),
        group_id=group_id,
        sign=rules.Sign(**body.model_dump()),
        version=row.version if version is None else version,
        at=at(request),
    )
    return _tagged(request, row.community_id, group_id)


@groups.post("/groups/{int:group_id}/close", response={204: None}, summary="Close a group")
@operation("groups.api_close", who=KEEPERS, scope=SCOPE_WRITE)
def close(request: HttpRequest, group_id: PathId) -> HttpResponse:
    """It leaves the directory; its counts stay in the history."""
    actions.close_group(actor=actor_of(request), group_id=group_id, at=at(request))
    return HttpResponse(status=204)


@groups.get("/groups/{int:group_id}/counts", response=list[CountOut], summary="The counts of a group")
@operation("groups.api_counts", who=KEEPERS, scope=SCOPE_READ, tagged=True)
def counts(request: HttpRequest, group_id: PathId) -> HttpResponse:
    """The latest first, at most 200."""
    access.find(actor_of(request), group_id)
    return answer_tagged(request, [_count(row) for row in queries.counts(group_id, most=MOST)])


@groups.post("/groups/{int:group_id}/counts", response={201: CountOut}, summary="Write down a count")
@operation("groups.api_count", who=KEEPERS, scope=SCOPE_WRITE, creates=True)
def count(request: HttpRequest, group_id: PathId, body: CountIn) -> HttpResponse:
    """Counts are corrected by another one, never changed."""

    def make() -> int:
        made = actions.count_heads(
            actor=actor_of(request),
            group_id=group_id,
            count=rules.Count(**body.model_dump()),
            key=uuid4(),
            at=at(request),
        )
        return int(made.pk)

    def made(pk: int) -> dict[str, Any]:
        return next(_count(row) for row in queries.counts(group_id, most=MOST) if row.id == pk)

    return create(request, make=make, read=made, path=f"/api/v1/groups/{group_id}/counts")


def _community(request: HttpRequest, code: str) -> int:
    """The community of a place, for those who keep groups somewhere in it.

    :raises NotFound: for everybody else.
    """
    place = places.find_public(code)
    mine = {grant.community_id for grant in actor_of(request).grants if grant.role in rules.KEEPERS}
    if place.community_id not in mine:
        raise NotFound
    return place.community_id


def _read(community_id: int, group_id: int) -> dict[str, Any]:
    found = queries.one(community_id, group_id)
    if found is None:
        raise NotFound
    return _out(found)


def _tagged(request: HttpRequest, community_id: int, group_id: int) -> HttpResponse:
    told = _read(community_id, group_id)
    counted = str(told["counted"]["id"]) if told["counted"] else ""
    return answer_tagged(request, told, tag=etag(told["version"], counted))


def _open(row: queries.GroupRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "place_code": row.place.code,
        "kind": row.kind,
        "platform": row.platform,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "join_zh": row.join_zh,
        "join_en": row.join_en,
        "owner": row.owner,
        "people": row.counted.people if row.counted else None,
    }


def _out(row: queries.GroupRow) -> dict[str, Any]:
    told = _open(row)
    del told["people"]
    counted = _count(row.counted) if row.counted else None
    return {**told, "owner_id": row.owner_id, "version": row.version, "counted": counted}


def _count(row: queries.CountRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "counted_date": row.counted_date,
        "people": row.people,
        "households": row.households,
        "evidence": row.evidence,
        "note": row.note,
        "counted_by": row.counted_by,
        "pictures": len(row.pictures),
    }
