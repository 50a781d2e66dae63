"""What dwellings are called: building, unit and door; in two statements however many there are."""

from __future__ import annotations

from collections.abc import Iterable

from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.grids.rules.words import Level

NAMED = (Level.COURTYARD, Level.BUILDING, Level.UNIT, Level.DWELLING)


def names(dwelling_ids: Iterable[int], language: str) -> dict[int, str]:
    """The names of dwellings, by id."""
    held = places.places(dwelling_ids)
    above = {int(step) for row in held.values() for step in row.path.split(".") if step}
    every = places.places(above)
    return {row.id: name(row, every, language) for row in held.values()}


def name(row: PlaceRow, every: dict[int, PlaceRow], language: str) -> str:
    """Building, unit and door of one dwelling."""
    steps = [every[int(step)] for step in row.path.split(".") if step and int(step) in every]
    return " ".join(one.name(language) for one in steps if one.level in NAMED)
