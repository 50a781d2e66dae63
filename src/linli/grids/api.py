"""The API's door to places."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from linli.grids import locate, queries
from linli.grids.rows import PlaceRow
from linli.kernel.access import PUBLIC, NotFound
from linli.kernel.api import answer, operation

router = Router(tags=["places"])
Lon = Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)]


def _out(place: PlaceRow) -> dict[str, Any]:
    plain = asdict(place)
    plain.pop("qr_code")  # a poster's code is for those who stand before it
    return plain


@router.get("/communities", response={200: list[dict[str, Any]]}, summary="The communities served here")
@operation("places.communities", who=PUBLIC)
def communities(request: HttpRequest) -> HttpResponse:
    """Every community with its 12-digit code."""
    return answer([_out(place) for place in queries.communities()])


@router.get("/places/locate", response={200: dict[str, Any]}, summary="Which grid answers for a point")
@operation("places.locate", who=PUBLIC)
def locate_point(request: HttpRequest, lon: Lon, lat: Lat) -> HttpResponse:
    """Community, grid and nearest building of a WGS-84 point; 404 outside every community."""
    found = locate.locate(lon, lat)
    if found is None:
        raise NotFound
    return answer(asdict(found))


@router.get("/places/{place_id}", response={200: dict[str, Any]}, summary="One place and what lies in it")
@operation("places.read", who=PUBLIC)
def read(request: HttpRequest, place_id: int) -> HttpResponse:
    """The place, the way up, and its children (dwellings are left out)."""
    place = queries.place(place_id) if 0 < place_id < 2**62 else None
    if place is None or place.level in {"unit", "dwelling"}:
        raise NotFound
    return answer(
        _out(place)
        | {
            "above": [_out(one) for one in queries.ancestors(place, with_itself=False)],
            "children": [
                _out(one) for one in queries.children(place.id) if one.level not in {"unit", "dwelling"}
            ],
        }
    )
