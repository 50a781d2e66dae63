"""Outlines for maps, as GeoJSON: of one community for everybody, of all one's own for staff."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import etag, require_safe

from linli.grids import access as doors
from linli.grids import exports, locate, queries
from linli.grids.rows import PlaceRow
from linli.kernel import access
from linli.people.pages.ways import Asked, language

SECONDS_KEPT = 300


def _version(request: HttpRequest, **words: str) -> str:
    """Outlines change only with the version; the names in them with the language."""
    number, at = locate.read_version()
    return quote_etag(f"{number}-{at.timestamp() if at else 0}-{language(request)}")  # type: ignore[arg-type]


def _answer(data: dict[str, Any]) -> HttpResponse:
    return HttpResponse(orjson.dumps(data), content_type="application/geo+json")


@access.policy("grids.public_outlines", who=access.PUBLIC)
@require_safe
@etag(_version)
def public_outlines(request: Asked, code: str) -> HttpResponse:
    """The outline of a place's community and its grids; the way to the place itself is marked ``here``."""
    place = doors.find_public(code)
    data = exports.outlines(place.community_id)
    _mark(data, place, language(request))
    response = _answer(data)
    patch_cache_control(response, public=True, max_age=SECONDS_KEPT)
    return response


@access.policy("grids.staff_outlines", who=access.STAFF)
@require_safe
@etag(_version)
def staff_outlines(request: Asked) -> HttpResponse:
    """The outlines of every community one serves in, and the points of the buildings."""
    features: list[dict[str, Any]] = []
    for community_id in sorted(request.actor.staff_communities):
        data = exports.outlines(community_id)
        _mark(data, None, language(request))
        features += data["features"]
        features += [_point(row, language(request)) for row in queries.buildings(community_id) if row.lon]
    response = _answer({"type": "FeatureCollection", "features": features})
    patch_cache_control(response, private=True, no_cache=True)
    return response


def _mark(data: dict[str, Any], place: PlaceRow | None, tongue: str) -> None:
    """Give each outline the name to show, and say whether the place lies in it."""
    above = set(place.path.split(".")) if place else set()
    for feature in data["features"]:
        said = feature["properties"]
        said["name"] = said["name_en"] if tongue == "en" and said["name_en"] else said["name"]
        said["here"] = said["level"] == "grid" and str(feature["id"]) in above
    # Drawn last, so that no neighbour covers its border.
    data["features"].sort(key=lambda feature: bool(feature["properties"]["here"]))


def _point(row: PlaceRow, tongue: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": row.id,
        "properties": {
            "code": row.code,
            "level": row.level,
            "number": row.number,
            "name": row.name(tongue),
            "example": row.example,
        },
        "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
    }
