"""Places: the tree, where a point or an address is, outlines; names and codes changed by their keepers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query

from linli.grids import access, exports, locate, queries
from linli.grids.actions import places as keeping
from linli.grids.api.routers import KEEPERS, community_of, places
from linli.grids.api.shapes import (
    AddressIn,
    LocatedOut,
    LostIn,
    MatchOut,
    OutlinesOut,
    PlaceOut,
    PlaceWithin,
    QrOut,
    ServingOut,
    SignIn,
)
from linli.grids.rows import PlaceRow
from linli.grids.rules.datum import Datum
from linli.kernel.access import PUBLIC, Actor, NotFound
from linli.kernel.api import (
    actor_of,
    answer,
    answer_tagged,
    at,
    create,
    held,
    not_modified,
    operation,
    unchanged,
)
from linli.kernel.api_types import CommunityCode, PathId

Lon = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False, description="degrees, WGS-84")]
Lat = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False, description="degrees, WGS-84")]
PathCode = Annotated[str, Path(pattern=r"^[0-9A-Za-z-]{1,40}$")]
CommunityPath = Annotated[CommunityCode, Path()]
Outlined = Literal["community", "committee", "grid", "courtyard", "building"]
GEOJSON = "application/geo+json"


def plain(place: PlaceRow) -> dict[str, Any]:
    """A place as everybody may read it. A poster's code is for those who stand before it."""
    told = asdict(place)
    del told["qr_code"]
    return told


def _readable(actor: Actor, place_id: int) -> PlaceRow:
    """What everybody may know, and dwellings for those who serve there.

    :raises NotFound: absent, closed, or not for this actor to know.
    """
    place = queries.place(place_id)
    if place is None or place.valid_to is not None:
        raise NotFound
    if place.level in access.PUBLIC_LEVELS:
        return place
    if not actor.may("places:read"):
        raise NotFound
    return access.find(actor, place_id)


def _shown(actor: Actor, rows: Iterable[PlaceRow]) -> list[dict[str, Any]]:
    served = actor.staff_communities if actor.may("places:read") else frozenset()
    return [plain(row) for row in rows if row.level in access.PUBLIC_LEVELS or row.community_id in served]


@places.get("/communities", response=list[PlaceOut], summary="The communities served here")
@operation("places.communities", who=PUBLIC, tagged=True)
def communities(request: HttpRequest) -> HttpResponse:
    """Every community with its 12-digit code."""
    return answer_tagged(request, [plain(place) for place in queries.communities()])


@places.get("/communities/{community}/boundaries", response=OutlinesOut, summary="Outlines as GeoJSON")
@operation("places.boundaries", who=PUBLIC, tagged=True, gives=GEOJSON)
def boundaries(
    request: HttpRequest,
    community: CommunityPath,
    level: Annotated[list[Outlined], Query(description="without it the community and its grids")] = [],  # noqa: B006
    datum: Annotated[Datum, Query(description="WGS-84 unless asked otherwise")] = Datum.WGS84,
) -> HttpResponse:
    """The outlines in force of a community and its grids, or of the levels asked for."""
    number, changed_at = locate.read_version()
    tag = f'"{number}-{changed_at.timestamp() if changed_at else 0:.0f}"'
    if held(request, tag):
        return not_modified(tag)
    found = exports.outlines(community_of(community).id, datum, *level)
    return answer_tagged(request, found, tag=tag, content_type=GEOJSON)


@places.get("/places/locate", response=LocatedOut, summary="Which grid answers for a point")
@operation("places.locate", who=PUBLIC)
def locate_point(request: HttpRequest, lon: Lon, lat: Lat) -> HttpResponse:
    """Community, grid and nearest building of a point; 404 outside every community."""
    found = locate.locate(lon, lat)
    if found is None:
        raise NotFound
    return answer(asdict(found))


@places.post("/places/locate", response=MatchOut, summary="Which building an address means")
@operation("places.locate_text", who=PUBLIC)
def locate_text(request: HttpRequest, body: AddressIn) -> HttpResponse:
    """By all names of the community's own buildings; 404 where none, or more than one, fits."""
    found = locate.locate_text(community_of(body.community).id, body.address)
    if found is None:
        raise NotFound
    return answer(asdict(found))


@places.get("/places/code/{code}", response=PlaceOut, summary="A place by its code")
@operation("places.by_code", who=PUBLIC, tagged=True)
def by_code(request: HttpRequest, code: PathCode) -> HttpResponse:
    """By the code of its grid or building, as it stands in registers."""
    found = queries.place_by_code(code)
    if found is None or found.level not in access.PUBLIC_LEVELS:
        raise NotFound
    return answer_tagged(request, plain(found))


@places.get("/places/qr/{code}", response=PlaceOut, summary="The place where a QR code hangs")
@operation("places.by_qr", who=PUBLIC)
def by_qr(request: HttpRequest, code: PathCode) -> HttpResponse:
    """By what the code at the door says after `/p/`; 404 for one that was replaced."""
    found = locate.by_qr(code.upper())
    if found is None:
        raise NotFound
    return answer(plain(found))


@places.get("/places/{int:place_id}", response=PlaceWithin, summary="One place and what lies in it")
@operation("places.read", who=PUBLIC, tagged=True)
def read(request: HttpRequest, place_id: PathId) -> HttpResponse:
    """The place, the way down to it and its children. Dwellings only for those who serve there (`places:read`)."""
    return answer_tagged(request, _within(actor_of(request), place_id))


def _within(actor: Actor, place_id: int) -> dict[str, Any]:
    place = _readable(actor, place_id)
    above = [plain(one) for one in queries.ancestors(place, with_itself=False)]
    return plain(place) | {"above": above, "children": _shown(actor, queries.children(place.id))}


@places.get(
    "/places/{int:place_id}/children", response=list[PlaceOut], summary="What lies directly in a place"
)
@operation("places.children", who=PUBLIC)
def children(request: HttpRequest, place_id: PathId) -> HttpResponse:
    """By code. Dwellings only for those who serve there (`places:read`)."""
    actor = actor_of(request)
    return answer(_shown(actor, queries.children(_readable(actor, place_id).id)))


@places.get("/places/{int:place_id}/above", response=list[PlaceOut], summary="The way down to a place")
@operation("places.above", who=PUBLIC)
def above(request: HttpRequest, place_id: PathId) -> HttpResponse:
    """From the community to the place itself."""
    return answer([plain(one) for one in queries.ancestors(_readable(actor_of(request), place_id))])


@places.get("/places/{int:place_id}/serving", response=list[ServingOut], summary="Who serves at a place")
@operation("places.serving", who=PUBLIC)
def serving(request: HttpRequest, place_id: PathId) -> HttpResponse:
    """Whoever serves there or above today, nearest first in each role, by the short form that everybody may know."""
    actor = actor_of(request)
    team = queries.grid_team(_readable(actor, place_id), queries.day_of(at(request)))
    return answer(
        [
            {
                "role": duty.role,
                "title": duty.title,
                "person": duty.person,
                "place_id": duty.place.id,
                "organisation": duty.organisation(actor.language),
            }
            for duties in team.values()
            for duty in duties
            if duty.role in SHOWN
        ]
    )


#: Whom a place's page shows to everybody.
SHOWN = ("building_head", "grid_worker", "police", "assistant", "dispatcher", "community_leader")


@places.put("/places/{int:place_id}", response=PlaceWithin, summary="Rename a place")
@operation("places.rename", who=KEEPERS, scope="admin", guarded=True)
def rename(request: HttpRequest, place_id: PathId, body: SignIn) -> HttpResponse:
    """Its names, the other names people write in addresses, and its households."""
    actor = actor_of(request)
    with unchanged(request, lambda: _within(actor, place_id)):
        sign = keeping.Sign(body.name_zh, body.name_en, body.aliases, body.households)
        keeping.rename_place(actor=actor, place_id=place_id, sign=sign, at=at(request))
    return answer_tagged(request, _within(actor, place_id))


@places.post("/places/{int:place_id}/qr", response={201: QrOut}, summary="Hang another code at a place")
@operation("places.replace_qr", who=KEEPERS, scope="admin", creates=True)
def replace_qr(request: HttpRequest, place_id: PathId, body: LostIn) -> HttpResponse:
    """The old code is void at once and stays in the history."""
    actor = actor_of(request)

    def make() -> int:
        return keeping.replace_qr(actor=actor, place_id=place_id, reason=body.reason, at=at(request)).id

    def read_code(made: int) -> dict[str, Any]:
        place = access.find_kept(actor, made)
        return {"id": place.id, "qr_code": place.qr_code}

    return create(request, make=make, read=read_code)
