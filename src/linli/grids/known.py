"""What the database has of the places that an import speaks of, as the plan needs it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from linli.grids.models import CommunitySetting, Division, Place
from linli.grids.rules.plan import BUILDING_PATTERN, GRID_PATTERN, Known, KnownDivision, KnownPlace
from linli.grids.rules.sheets import Sheets
from linli.grids.rules.words import DivisionLevel, Level

PLACE_VALUES = (
    "name_zh", "name_en", "number", "kind", "aliases", "lon", "lat", "households", "valid_from", "valid_to",
    "example",
)  # fmt: skip
DIVISION_VALUES = ("name_zh", "name_en", "urban_class", "valid_from", "valid_to")


def of(sheets: Sheets) -> Known:
    """What is known of the communities and divisions that these sheets speak of."""
    communities = sheets.communities()
    return Known(
        places=_places(communities),
        divisions=_divisions(_division_codes(sheets, communities)),
        neighbours=_neighbours(communities) if sheets.outlines else {},
        patterns=_patterns(communities),
    )


def _division_codes(sheets: Sheets, communities: Iterable[str]) -> set[str]:
    codes = {entry.code for entry in sheets.outlines}
    codes |= {code for entry in sheets.divisions for code in (entry.code, entry.parent_code)}
    return codes | {code for each in communities for code in (each, f"{each[:9]}000")}


def _places(communities: Iterable[str]) -> dict[str, KnownPlace]:
    found = Place.objects.filter(community__code__in=communities).order_by("valid_to", "id")
    known: dict[str, KnownPlace] = {}
    # Closed rows come first, the one in force (valid_to is null, sorted last) takes their place.
    for row in found.values("code", "level", "parent__code", "boundary", *PLACE_VALUES):
        values = {key: row[key] for key in PLACE_VALUES}
        known[row["code"]] = KnownPlace(
            row["code"], Level(row["level"]), row["parent__code"] or "", values, row["boundary"]
        )
    return known


def _divisions(codes: Iterable[str]) -> dict[str, KnownDivision]:
    found: QuerySet[Division] = Division.objects.filter(code__in=codes).order_by("valid_to", "id")
    known: dict[str, KnownDivision] = {}
    fields = ("code", "level", "parent__code", "successor__code", "boundary", *DIVISION_VALUES)
    for row in found.values(*fields):
        values: dict[str, Any] = {key: row[key] for key in DIVISION_VALUES}
        values["successor"] = row["successor__code"]
        known[row["code"]] = KnownDivision(
            row["code"], DivisionLevel(row["level"]), row["parent__code"] or "", values, row["boundary"]
        )
    return known


def _neighbours(communities: Iterable[str]) -> dict[str, dict[str, Any]]:
    others = Place.objects.filter(
        level=Level.COMMUNITY.value, valid_to__isnull=True, boundary__isnull=False
    ).exclude(code__in=communities)
    return {code: outline for code, outline in others.values_list("code", "boundary") if outline}


def _patterns(communities: Iterable[str]) -> dict[str, tuple[str, str]]:
    keys = ("grid_code_pattern", "building_code_pattern")
    found = CommunitySetting.objects.filter(community__code__in=communities, key__in=keys)
    chosen: dict[str, dict[str, str]] = {}
    for code, key, value in found.order_by("valid_from", "id").values_list("community__code", "key", "value"):
        chosen.setdefault(code, {})[key] = value
    return {
        code: (each.get(keys[0], GRID_PATTERN), each.get(keys[1], BUILDING_PATTERN))
        for code, each in chosen.items()
    }
