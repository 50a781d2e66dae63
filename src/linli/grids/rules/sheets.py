"""What an import file says: CSV tables and GeoJSON outlines become entries; every bad row becomes a problem.

Nothing is looked up here: whether the entries fit what is already there is decided by :mod:`rules.plan`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shapely.geometry.base import BaseGeometry

from linli.grids.rules import geometry
from linli.grids.rules.datum import Datum, to_wgs84
from linli.grids.rules.words import DivisionLevel, GridKind, Level

DIVISION_CODE = re.compile(r"\d{12}", re.ASCII)
PLACE_CODE = re.compile(r"\d{12}[0-9A-Za-z._-]{0,36}", re.ASCII)
CLEAR = "-"  # a cell that says: remove what is there

PLACE_COLUMNS = (
    "code", "parent_code", "level", "name_zh", "name_en", "number", "kind", "aliases", "lon", "lat",
    "households", "valid_from", "valid_to", "example",
)  # fmt: skip
DIVISION_COLUMNS = (
    "division_code", "parent_code", "level", "name_zh", "name_en", "urban_class", "valid_from", "valid_to",
    "successor",
)  # fmt: skip
PUBLIC_COLUMNS = ("code12", "name", "street_code", "street", "county_code", "county", "city", "province")
HEADINGS = {
    "编码": "code", "上级编码": "parent_code", "层级": "level", "名称": "name_zh", "英文名": "name_en",
    "编号": "number", "类型": "kind", "别名": "aliases", "经度": "lon", "纬度": "lat", "户数": "households",
    "启用日期": "valid_from", "停用日期": "valid_to", "示例": "example", "行政区划代码": "division_code",
    "城乡分类": "urban_class", "后继代码": "successor",
}  # fmt: skip
LEVEL_WORDS = {
    "社区": "community", "居委会": "committee", "网格": "grid", "院落": "courtyard", "楼栋": "building",
    "单元": "unit", "户": "dwelling", "省": "province", "市": "city", "县": "county", "区": "county",
    "街道": "street", "乡镇": "street",
}  # fmt: skip
KIND_WORDS = {"基础网格": "base", "专属网格": "dedicated", "基础": "base", "专属": "dedicated"}


@dataclass(frozen=True, slots=True)
class Source:
    """Where an entry stands: the file's name and the line (CSV) or the number of the feature (GeoJSON)."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong or worth a look at one row. ``code`` is a reason code; doors give the text."""

    source: Source
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    """A place as a row wants it; ``values`` holds only what the row says (blank cells say nothing)."""

    source: Source
    code: str
    level: Level | None
    parent_code: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DivisionEntry:
    """A division as a row wants it."""

    source: Source
    code: str
    level: DivisionLevel
    parent_code: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """The outline of a place or division, checked and in WGS-84."""

    source: Source
    code: str
    shape: BaseGeometry


@dataclass(slots=True)
class Sheets:
    """Everything that the files of one import say."""

    places: list[PlaceEntry] = field(default_factory=list)
    divisions: list[DivisionEntry] = field(default_factory=list)
    outlines: list[OutlineEntry] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def communities(self) -> set[str]:
        """The codes of the communities (or divisions) whose places the sheets speak of."""
        return {place.code[:12] for place in self.places} | {each.code[:12] for each in self.outlines}

    def add(self, other: Sheets) -> None:
        """Join another file's entries."""
        self.places += other.places
        self.divisions += other.divisions
        self.outlines += other.outlines
        self.problems += other.problems


class BadCell(ValueError):
    """A cell that cannot be read; ``code`` says why, ``detail`` repeats it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def read(name: str, content: bytes, datum: Datum = Datum.WGS84) -> Sheets:
    """The entries of one file: GeoJSON if it begins as JSON does, else CSV (UTF-8, or Excel's GB 18030)."""
    if len(content.strip()) == 0:
        return Sheets(problems=[Problem(Source(name, 0), "empty_file")])
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith((b"{", b"[")):
        return _read_geojson(name, content, datum)
    return _read_csv(name, decoded(content), datum)


def decoded(content: bytes) -> str:
    """The text of a table: UTF-8, or Excel's GB 18030."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


# CSV


def _read_csv(name: str, text: str, datum: Datum) -> Sheets:
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [HEADINGS.get(cell.strip(), cell.strip()) for cell in next(reader, [])]
    kind = _kind(header)
    if kind is None:
        return Sheets(problems=[Problem(Source(name, 1), "unknown_columns", ", ".join(header)[:120])])
    sheets = Sheets()
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        source = Source(name, reader.line_num)
        row = {column: cell.strip() for column, cell in zip(header, cells, strict=False)}
        if len(cells) > len(header):
            sheets.problems.append(Problem(source, "too_many_cells", str(len(cells))))
            continue
        try:
            kind(sheets, source, row, datum)
        except BadCell as bad:
            sheets.problems.append(Problem(source, bad.code, bad.detail))
    return sheets


def _kind(header: list[str]) -> Callable[[Sheets, Source, dict[str, str], Datum], None] | None:
    columns = set(header)
    if {"code12", "name"} <= columns:
        return _public_row
    if "division_code" in columns:
        return _division_row if columns <= set(DIVISION_COLUMNS) else None
    if {"code", "level"} <= columns:
        return _place_row if columns <= set(PLACE_COLUMNS) else None
    return None


def _public_row(sheets: Sheets, source: Source, row: dict[str, str], datum: Datum) -> None:
    """One community of the public list of statistical codes, with the divisions above it."""
    code = _division_code(row["code12"])
    names = (row.get("province"), row.get("city"), row.get("county"), row.get("street"), row["name"])
    above = ""
    for level, digits, name in zip(DivisionLevel, (2, 4, 6, 9, 12), names, strict=True):
        if not name:
            raise BadCell("name_missing", level.value)
        own = code[:digits].ljust(12, "0")
        sheets.divisions.append(DivisionEntry(source, own, level, above, {"name_zh": name}))
        above = own


def _division_row(sheets: Sheets, source: Source, row: dict[str, str], datum: Datum) -> None:
    level = _word(row.get("level", ""), DivisionLevel, "unknown_level")
    parent = row.get("parent_code", "")
    values: dict[str, Any] = {key: row[key] for key in ("name_zh", "name_en", "urban_class") if row.get(key)}
    values |= _days(row)
    if row.get("successor"):
        values["successor"] = _division_code(row["successor"])
    code = _division_code(row["division_code"])
    sheets.divisions.append(DivisionEntry(source, code, level, parent and _division_code(parent), values))


def _place_row(sheets: Sheets, source: Source, row: dict[str, str], datum: Datum) -> None:
    code = row["code"]
    if not PLACE_CODE.fullmatch(code):
        raise BadCell("bad_code", code)
    level = _word(row["level"], Level, "unknown_level") if row["level"] else None
    values: dict[str, Any] = {key: row[key] for key in ("name_zh", "name_en", "number") if row.get(key)}
    values = {key: "" if value == CLEAR and key != "name_zh" else value for key, value in values.items()}
    values |= _point(row, datum) | _days(row) | _figures(row)
    sheets.places.append(PlaceEntry(source, code, level, row.get("parent_code", ""), values))


def _figures(row: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if row.get("kind"):
        values["kind"] = _word(row["kind"], GridKind, "unknown_kind").value
    if row.get("aliases"):
        cell = "" if row["aliases"] == CLEAR else row["aliases"]
        values["aliases"] = [part.strip() for part in re.split("[;、|\uff1b]", cell) if part.strip()]
    if row.get("households"):
        values["households"] = _whole(row["households"])
    if row.get("example"):
        values["example"] = row["example"].lower() in {"1", "true", "yes", "是"}
    return values


def _division_code(cell: str) -> str:
    if not DIVISION_CODE.fullmatch(cell):
        raise BadCell("bad_division_code", cell)
    return cell


def _word(cell: str, words: type[Any], reason: str) -> Any:
    english = LEVEL_WORDS.get(cell) or KIND_WORDS.get(cell) or cell.lower()
    try:
        return words(english)
    except ValueError as problem:
        raise BadCell(reason, cell) from problem


def _whole(cell: str) -> int | None:
    if cell == CLEAR:
        return None
    if not cell.isascii() or not cell.isdigit() or len(cell) > 7:
        raise BadCell("not_a_number", cell)
    return int(cell)


def _days(row: dict[str, str]) -> dict[str, date]:
    values = {}
    for key in ("valid_from", "valid_to"):
        if row.get(key):
            try:
                values[key] = date.fromisoformat(row[key])
            except ValueError as problem:
                raise BadCell("not_a_day", row[key]) from problem
    return values


def _point(row: dict[str, str], datum: Datum) -> dict[str, float]:
    cells = (row.get("lon", ""), row.get("lat", ""))
    if not any(cells):
        return {}
    try:
        lon, lat = float(cells[0]), float(cells[1])
    except ValueError as problem:
        raise BadCell("not_a_point", " ".join(cells)) from problem
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise BadCell("outside_the_world", " ".join(cells))
    lon, lat = to_wgs84(lon, lat, datum)
    return {"lon": round(lon, 7), "lat": round(lat, 7)}


# GeoJSON


def _read_geojson(name: str, content: bytes, datum: Datum) -> Sheets:
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as problem:
        return Sheets(problems=[Problem(Source(name, 0), "unreadable", str(problem)[:120])])
    sheets = Sheets()
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        return Sheets(problems=[Problem(Source(name, 0), "not_a_feature_collection")])
    for number, feature in enumerate(features, start=1):
        source = Source(name, number)
        try:
            sheets.outlines.append(_outline(source, feature, datum))
        except BadCell as bad:
            sheets.problems.append(Problem(source, bad.code, bad.detail))
        except geometry.Broken as bad:
            sheets.problems.append(Problem(source, bad.reason, bad.detail))
    return sheets


def _outline(source: Source, feature: Any, datum: Datum) -> OutlineEntry:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict) or not isinstance(feature.get("geometry"), dict):
        raise BadCell("not_a_feature")
    shape = geometry.parse(feature["geometry"], datum)
    return OutlineEntry(source, _outline_code(properties), shape)


def _outline_code(properties: dict[str, Any]) -> str:
    """Whose outline it is: ``code``, or ``gb`` (156 and the six digits of a county), as 天地图 has it."""
    code = str(properties.get("code") or "").strip()
    gb = str(properties.get("gb") or "").strip()
    if not code and re.fullmatch(r"156\d{6}", gb):
        code = gb[3:].ljust(12, "0")
    if not PLACE_CODE.fullmatch(code):
        raise BadCell("bad_code", code or "—")
    return code
