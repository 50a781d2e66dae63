"""The ground the cast stands on: places, duties, memberships and a small picture, all made with actions."""

from __future__ import annotations

import functools
import io
import json
from datetime import date, datetime

from PIL import Image

from linli.cases.actions import upload
from linli.grids import locate, queries
from linli.grids.actions import duties, importing, members
from linli.grids.rows import PlaceRow
from linli.grids.rules import sheets
from linli.kernel import media
from linli.kernel.access import SYSTEM, Actor

VALID_FROM = date(2025, 1, 1)
STEP = 0.005
#: key, tail of code, parent, level, Chinese, English, number, kind, alias, steps east and north, households
PLACES = (
    ("committee_place", "C1", "community", "committee", "一居", "Committee 1", "", "", "", 1, 1, ""),
    ("grid", "1003", "committee_place", "grid", "3 网格", "Grid 3", "3", "base", "", 0.5, 1, "420"),
    ("other_grid", "1004", "committee_place", "grid", "4 网格", "Grid 4", "4", "base", "", 1.5, 1, "380"),
    ("courtyard", "Y1", "grid", "courtyard", "东院", "East court", "", "", "", 0.5, 0.8, ""),
    (
        "building",
        "100300008",
        "courtyard",
        "building",
        "8 栋",
        "Building 8",
        "8",
        "",
        "8号楼",
        0.4,
        0.8,
        "96",
    ),
    ("second_building", "100300009", "grid", "building", "9 栋", "Building 9", "9", "", "", 0.6, 1.4, "80"),
    (
        "other_building",
        "100400012",
        "other_grid",
        "building",
        "12 栋",
        "Tower 12",
        "12",
        "",
        "",
        1.4,
        0.8,
        "72",
    ),
)


def lay_out(
    code: str, zh: str, en: str, west: float, south: float, *, at: datetime
) -> tuple[int, str, dict[str, PlaceRow]]:
    """A community of 1 km × 1 km: two grids side by side, a courtyard, three buildings.

    Keys: community, committee_place, grid, other_grid, courtyard, building (8 栋, in grid and courtyard),
    second_building (9 栋, in grid), other_building (12 栋, in other_grid).
    """
    above = f"code12,name,street,county,city,province\n{code},{zh},示例街道,示例区,示例市,示例省"
    told = sheets.read("divisions.csv", above.encode())
    told.add(sheets.read("cast.csv", _table(code, zh, en, west, south)))
    told.add(sheets.read("cast.geojson", _outlines(code, west, south)))
    importing.import_places(actor=SYSTEM, sheets=told, at=at)
    locate.locator.forget()
    codes = {"community": code, **{row[0]: f"{code}{row[1]}" for row in PLACES}}
    made = {key: _made(place_code) for key, place_code in codes.items()}
    return made["community"].id, code, made


def _made(code: str) -> PlaceRow:
    place = queries.place_by_code(code)
    assert place is not None, code
    return place


def _table(code: str, zh: str, en: str, west: float, south: float) -> bytes:
    codes = {"community": code, **{row[0]: f"{code}{row[1]}" for row in PLACES}}
    rows = [f"{code},,community,{zh},{en},,,,{west + STEP},{south + STEP},,{VALID_FROM}"]
    for key, _, parent, level, name, english, number, kind, aliases, east, north, households in PLACES:
        point = f"{west + east * STEP},{south + north * STEP}"
        cells = (codes[key], codes[parent], level, name, english, number, kind, aliases, point, households)
        rows.append(",".join((*cells, str(VALID_FROM))))
    header = ",".join(sheets.PLACE_COLUMNS[:12])
    return "\n".join([header, *rows]).encode()


def _outlines(code: str, west: float, south: float) -> bytes:
    boxes = {code: (0, 2), f"{code}1003": (0, 1), f"{code}1004": (1, 2)}
    features = [
        {"type": "Feature", "properties": {"code": each}, "geometry": _box(west, south, *columns)}
        for each, columns in boxes.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _box(west: float, south: float, first: int, last: int) -> dict[str, object]:
    left, right, bottom, top = west + first * STEP, west + last * STEP, south, south + 2 * STEP
    ring = [[left, bottom], [right, bottom], [right, top], [left, top], [left, bottom]]
    return {"type": "Polygon", "coordinates": [ring]}


def appoint(
    account_id: int, role: str, place: PlaceRow, organisation_id: int | None, *, at: datetime
) -> None:
    """Give somebody a duty, in force for long."""
    duties.grant_duty(
        actor=SYSTEM,
        account_id=account_id,
        role=role,
        place_id=place.id,
        at=at,
        term=duties.Term(VALID_FROM),
        organisation_id=organisation_id,
    )


def join(actor: Actor, place: PlaceRow, *, at: datetime) -> None:
    """Tie somebody to a place, as a scan does."""
    members.follow(actor=actor, place_id=place.id, at=at)


def picture_bytes(colour: str = "#c9a227", *, width: int = 64, height: int = 48, kind: str = "JPEG") -> bytes:
    """A small real picture."""
    made = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(made, kind)
    return made.getvalue()


def uploaded_picture(actor: Actor, community_id: int, *, at: datetime) -> str:
    """The ticket of a small picture that this actor has uploaded."""
    kept = upload.keep(actor=actor, community_id=community_id, stored=_small_picture(), at=at)
    return str(kept.ticket)


@functools.cache
def _small_picture() -> media.Stored:
    """Cleaned and stored once per process: a picture costs a tenth of a second."""
    return media.accept(picture_bytes(), purpose="report")
