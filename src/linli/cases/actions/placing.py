"""Where a case is: from a scanned building, a point, or words, to the grid that answers for it."""

from __future__ import annotations

from dataclasses import dataclass

from linli.cases.rules.intake import PlaceGiven, PlaceHow, Refused, Wrong, place_how
from linli.grids import locate
from linli.grids import queries as places
from linli.grids.rules.words import Level


@dataclass(frozen=True, slots=True)
class Where:
    """A located place: ids of grid and building where known, and the path of the finest place."""

    how: PlaceHow
    grid_id: int | None = None
    building_id: int | None = None
    path: str = ""
    lon: float | None = None
    lat: float | None = None
    address: str = ""


def find(community_id: int, given: PlaceGiven) -> Where:
    """The place in this community; what cannot be located stays as said, under the community itself.

    :raises Refused: when the building belongs to another community.
    """
    how = place_how(given)
    address = given.address.strip()
    if given.building_id is not None:
        return _at_place(community_id, given.building_id, how, address)
    if given.lon is not None and given.lat is not None:
        found = locate.locate(given.lon, given.lat, community_id=community_id)
        whole = f"{community_id}."
        if found is None:
            return Where(how, path=whole, lon=given.lon, lat=given.lat, address=address)
        return Where(
            how, found.grid_id, found.building_id, found.path or whole, given.lon, given.lat, address
        )
    if address:
        match = locate.locate_text(community_id, address)
        if match is not None:
            return _at_place(community_id, match.building_id, how, address)
    return Where(how, path=f"{community_id}.", address=address)


def _at_place(community_id: int, place_id: int, how: PlaceHow, address: str) -> Where:
    place = places.place(place_id)
    if place is None or place.community_id != community_id:
        raise Refused(Wrong("place", "elsewhere"))
    above = places.ancestors(place)
    by_level = {one.level: one.id for one in above}
    return Where(
        how,
        grid_id=by_level.get(Level.GRID.value),
        building_id=by_level.get(Level.BUILDING.value),
        path=place.path,
        lon=place.lon,
        lat=place.lat,
        address=address,
    )
