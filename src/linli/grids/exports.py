"""A community's places as files: the table and the outlines that an import reads, in the datum wished for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from linli.grids import queries
from linli.grids.rows import PlaceRow
from linli.grids.rules import geometry
from linli.grids.rules.datum import Datum, from_wgs84
from linli.grids.rules.sheets import PLACE_COLUMNS
from linli.kernel.exports import csv_cell


def table(community: PlaceRow, datum: Datum = Datum.WGS84) -> Iterator[list[str]]:
    """Heading and rows of the community's places in force."""
    rows = queries.subtree(community.path)
    codes = {row.id: row.code for row in rows}
    yield list(PLACE_COLUMNS)
    for row in sorted(rows, key=lambda each: (each.depth, each.code)):
        lon, lat = _point(row, datum)
        own = (row.code, codes.get(row.parent_id or 0, ""), row.level, row.name_zh, row.name_en, row.number)
        more = (row.kind, ";".join(row.aliases), lon, lat, row.households, row.valid_from, row.valid_to)
        cells = (*own, *more, "1" if row.example else "")
        yield [csv_cell(cell) for cell in cells]


def _point(row: PlaceRow, datum: Datum) -> tuple[float | None, float | None]:
    if row.lon is None or row.lat is None:
        return None, None
    lon, lat = from_wgs84(row.lon, row.lat, datum)
    return round(lon, 7), round(lat, 7)


def outlines(community_id: int, datum: Datum = Datum.WGS84, *levels: str) -> dict[str, Any]:
    """A GeoJSON FeatureCollection of the community's and its grids' outlines (or of other levels)."""
    features = [
        {
            "type": "Feature",
            "id": row.id,
            "properties": {
                "code": row.code,
                "level": row.level,
                "kind": row.kind,
                "number": row.number,
                "name": row.name_zh,
                "name_en": row.name_en,
                "example": row.example,
            },
            "geometry": _shifted(outline, datum),
        }
        for row, outline in queries.boundaries(community_id, *levels)
    ]
    return {"type": "FeatureCollection", "features": features}


def _shifted(outline: dict[str, Any], datum: Datum) -> dict[str, Any]:
    if datum is Datum.WGS84:
        return outline
    shape = shapely.transform(
        geometry.stored(outline),
        lambda points: np.array([from_wgs84(lon, lat, datum) for lon, lat in points]),
    )
    return geometry.to_geojson(shape)
