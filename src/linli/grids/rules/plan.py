"""What an import would do: its entries against what is known, as a plan of changes, problems and warnings.

A plan with problems is never carried out; warnings never stop one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from linli.grids.rules import geometry, ground, wishes
from linli.grids.rules.sheets import DivisionEntry, OutlineEntry, PlaceEntry, Problem, Sheets
from linli.grids.rules.words import CHILDREN, DivisionLevel, GridKind, Level

#: Ours, and a community may have its own: community + type digit + number (+ five for a building).
GRID_PATTERN = str(wishes.DECLARED["grid_code_pattern"].default)
BUILDING_PATTERN = str(wishes.DECLARED["building_code_pattern"].default)
#: 300–500 households make a city grid (GB/T 34300-2017); other sizes are only remarked upon.
HOUSEHOLDS = range(300, 501)
ORDER = {level: number for number, level in enumerate(Level)}
DIVISION_ORDER = {level: number for number, level in enumerate(DivisionLevel)}


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place as the database has it: the one in force under its code, or else the last that was."""

    code: str
    level: Level
    parent_code: str
    values: Mapping[str, Any]
    boundary: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class KnownDivision:
    """A division as the database has it."""

    code: str
    level: DivisionLevel
    parent_code: str
    values: Mapping[str, Any]
    boundary: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the import is held against. ``neighbours``: outlines of communities not touched."""

    places: Mapping[str, KnownPlace] = field(default_factory=dict)
    divisions: Mapping[str, KnownDivision] = field(default_factory=dict)
    neighbours: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    patterns: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One place or division that changes. ``was`` holds the old values of the fields in ``values``."""

    what: str  # added | changed | closed
    code: str
    level: Level | DivisionLevel
    parent_code: str
    values: Mapping[str, Any]
    was: Mapping[str, Any]


@dataclass(slots=True)
class Plan:
    """What would be done. Outlines are listed by code, as GeoJSON."""

    divisions: list[Change] = field(default_factory=list)
    places: list[Change] = field(default_factory=list)
    outlines: dict[str, dict[str, Any]] = field(default_factory=dict)
    unchanged: int = 0
    left_out: int = 0
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.divisions or self.places or self.outlines)

    def count(self, what: str) -> int:
        """How many divisions and places would be added, changed or closed."""
        return sum(change.what == what for change in [*self.divisions, *self.places])


Entry = TypeVar("Entry", PlaceEntry, DivisionEntry, OutlineEntry)


def make(sheets: Sheets, known: Known, on: date, *, community: str = "") -> Plan:
    """The plan of an import on a day; with ``community`` only the rows of that community are taken."""
    plan = Plan(problems=list(sheets.problems))
    chain = {community[:digits].ljust(12, "0") for digits in (2, 4, 6, 9, 12)} if community else None
    divisions = [entry for entry in sheets.divisions if chain is None or entry.code in chain]
    places = [entry for entry in sheets.places if entry.code.startswith(community)]
    outlines = [entry for entry in sheets.outlines if entry.code.startswith(community)]
    taken = len(divisions) + len(places) + len(outlines)
    plan.left_out = len(sheets.divisions) + len(sheets.places) + len(sheets.outlines) - taken
    by_code = _once(divisions, plan.problems)
    place_by_code = _once(places, plan.problems)
    _plan_divisions(by_code, known, on, plan)
    _plan_places(place_by_code, by_code, known, on, plan)
    _plan_outlines(_once(outlines, plan.problems), place_by_code, by_code, known, plan)
    once = dict.fromkeys(plan.problems)  # a row of the public list names its divisions again and again
    plan.problems = sorted(once, key=lambda problem: (problem.source.file, problem.source.line))
    return plan


def _once(entries: Iterable[Entry], problems: list[Problem]) -> dict[str, Entry]:
    """The entries by code; the same row twice is one row, two rows that differ are a problem."""
    found: dict[str, Entry] = {}
    for entry in entries:
        first = found.setdefault(entry.code, entry)
        if first is not entry and not _say_the_same(first, entry):
            problems.append(Problem(entry.source, "said_twice", f"{first.source.file}:{first.source.line}"))
    return found


def _say_the_same(one: Entry, other: Entry) -> bool:
    if isinstance(one, OutlineEntry) or isinstance(other, OutlineEntry):
        return False
    return (one.level, one.parent_code, one.values) == (other.level, other.parent_code, other.values)


# Divisions


def _plan_divisions(entries: Mapping[str, DivisionEntry], known: Known, on: date, plan: Plan) -> None:
    for entry in sorted(entries.values(), key=lambda each: (DIVISION_ORDER[each.level], each.code)):
        before = known.divisions.get(entry.code)
        reason, detail = _division_fault(entry, entries, before, known)
        if reason:
            plan.problems.append(Problem(entry.source, reason, detail))
            continue
        _note(plan, plan.divisions, entry, entry.level, entry.parent_code, before, on)


def _division_fault(
    entry: DivisionEntry, entries: Mapping[str, DivisionEntry], before: KnownDivision | None, known: Known
) -> tuple[str, str]:
    if entry.level is not DivisionLevel.PROVINCE:
        if not entry.parent_code:
            return "parent_missing", ""
        parent = entries.get(entry.parent_code) or known.divisions.get(entry.parent_code)
        if parent is None:
            return "unknown_parent", entry.parent_code
        if DIVISION_ORDER[parent.level] >= DIVISION_ORDER[entry.level]:
            return "parent_not_above", entry.parent_code
    if before is None and not entry.values.get("name_zh"):
        return "name_missing", ""
    return _days_fault(entry.values, before)


# Places


def _plan_places(
    entries: Mapping[str, PlaceEntry],
    divisions: Mapping[str, DivisionEntry],
    known: Known,
    on: date,
    plan: Plan,
) -> None:
    closing = {code for code, entry in entries.items() if entry.values.get("valid_to")}
    alive = _with_children(entries, known, closing)
    for entry in sorted(entries.values(), key=lambda each: (_order(each, known), each.code)):
        before = known.places.get(entry.code)
        level = entry.level or (before.level if before else None)
        if level is None:
            plan.problems.append(Problem(entry.source, "unknown_level", ""))
            continue
        parent = entry.parent_code or (before.parent_code if before else "")
        parent = "" if level is Level.COMMUNITY else parent
        reason, detail = (
            _place_fault(entry, level, before)
            or _parent_fault(entry, level, parent, entries, divisions, known)
            or _code_fault(entry, level, known)
            or (("has_open_children", "") if entry.code in closing & alive else ("", ""))
        )
        if reason:
            plan.problems.append(Problem(entry.source, reason, detail))
            continue
        _remark(entry, level, plan)
        _note(plan, plan.places, entry, level, parent, before, on)


def _order(entry: PlaceEntry, known: Known) -> int:
    before = known.places.get(entry.code)
    level = entry.level or (before.level if before else Level.DWELLING)
    return ORDER[level]


def _with_children(entries: Mapping[str, PlaceEntry], known: Known, closing: set[str]) -> set[str]:
    """The codes under which something would still be open."""
    parents = {code: place.parent_code for code, place in known.places.items() if _is_open(place)}
    parents |= {code: entry.parent_code for code, entry in entries.items() if entry.parent_code}
    return {parent for code, parent in parents.items() if code not in closing}


def _is_open(place: KnownPlace | KnownDivision) -> bool:
    return place.values.get("valid_to") is None


def _place_fault(entry: PlaceEntry, level: Level, before: KnownPlace | None) -> tuple[str, str] | None:
    if before and entry.level and before.level is not entry.level:
        return "level_cannot_change", before.level.value
    if before is None and not entry.values.get("name_zh"):
        return "name_missing", ""
    if level is Level.GRID and not (entry.values.get("kind") or before):
        return "kind_missing", ""
    if level is not Level.GRID and entry.values.get("kind"):
        return "kind_only_of_grids", level.value
    fault = _days_fault(entry.values, before)
    return fault if fault[0] else None


def _days_fault(values: Mapping[str, Any], before: KnownPlace | KnownDivision | None) -> tuple[str, str]:
    start = values.get("valid_from") or (before.values.get("valid_from") if before else None)
    end = values.get("valid_to")
    return ("ends_before_it_begins", str(end)) if start and end and end < start else ("", "")


def _parent_fault(
    entry: PlaceEntry,
    level: Level,
    parent_code: str,
    entries: Mapping[str, PlaceEntry],
    divisions: Mapping[str, DivisionEntry],
    known: Known,
) -> tuple[str, str] | None:
    if level is Level.COMMUNITY:
        street = f"{entry.code[:9]}000"
        there = any(code in known.divisions or code in divisions for code in (entry.code, street))
        return None if there else ("unknown_division", street)
    if not parent_code:
        return "parent_missing", ""
    parent_level = _level_of(parent_code, entries, known)
    if parent_level is None:
        return "unknown_parent", parent_code
    if level not in CHILDREN[parent_level]:
        return "parent_not_above", f"{parent_level.value} {parent_code}"
    if parent_code[:12] != entry.code[:12]:
        return "parent_elsewhere", parent_code
    return None


def _level_of(code: str, entries: Mapping[str, PlaceEntry], known: Known) -> Level | None:
    entry, place = entries.get(code), known.places.get(code)
    if entry and entry.level:
        return entry.level
    return place.level if place else None


def _code_fault(entry: PlaceEntry, level: Level, known: Known) -> tuple[str, str] | None:
    if level is Level.COMMUNITY:
        return None if len(entry.code) == 12 else ("bad_code", entry.code)
    grid, building = known.patterns.get(entry.code[:12], (GRID_PATTERN, BUILDING_PATTERN))
    pattern = {Level.GRID: grid, Level.BUILDING: building}.get(level)
    own = entry.code[12:]
    if not own or (pattern and not re.fullmatch(pattern, own)):
        return "code_off_pattern", f"{entry.code} ({pattern or '…'})"
    return None


def _remark(entry: PlaceEntry, level: Level, plan: Plan) -> None:
    households = entry.values.get("households")
    is_base = entry.values.get("kind", GridKind.BASE.value) == GridKind.BASE.value
    if level is Level.GRID and is_base and households is not None and households not in HOUSEHOLDS:
        plan.warnings.append(Problem(entry.source, "households_unusual", str(households)))


# Both


def _note(
    plan: Plan,
    changes: list[Change],
    entry: PlaceEntry | DivisionEntry,
    level: Level | DivisionLevel,
    parent_code: str,
    before: KnownPlace | KnownDivision | None,
    on: date,
) -> None:
    """Write down what the entry changes, or that it changes nothing."""
    values = dict(entry.values)
    if before is not None and not _is_open(before) and values.get("valid_to") is None:
        before = None  # the code comes into force again: a new dated row
    if before is None:
        values.setdefault("valid_from", on)
        changes.append(Change("added", entry.code, level, parent_code, values, {}))
        return
    new = {key: value for key, value in values.items() if before.values.get(key) != value}
    was = {key: before.values.get(key) for key in new}
    if parent_code != before.parent_code:
        new["parent_code"], was["parent_code"] = parent_code, before.parent_code
    if not new:
        plan.unchanged += 1
        return
    closes = new.get("valid_to") is not None and was.get("valid_to") is None
    changes.append(Change("closed" if closes else "changed", entry.code, level, parent_code, new, was))


# Outlines


def _plan_outlines(
    entries: Mapping[str, OutlineEntry],
    places: Mapping[str, PlaceEntry],
    divisions: Mapping[str, DivisionEntry],
    known: Known,
    plan: Plan,
) -> None:
    fresh: dict[str, OutlineEntry] = {}
    for code, entry in entries.items():
        if not any(code in each for each in (places, divisions, known.places, known.divisions)):
            plan.problems.append(Problem(entry.source, "unknown_place", code))
            continue
        outline = geometry.to_geojson(entry.shape)
        before = known.places.get(code) or known.divisions.get(code)
        if before is not None and before.boundary == outline:
            plan.unchanged += 1
            continue
        plan.outlines[code] = outline
        if code in places or code in known.places:
            fresh[code] = entry
    findings = ground.check(fresh, _plots(places, known), known.neighbours)
    plan.problems += findings.problems
    plan.warnings += findings.warnings


def _plots(entries: Mapping[str, PlaceEntry], known: Known) -> dict[str, ground.Plot]:
    """Every place that would be in force after the import, as the check of the ground needs it."""
    plots = {}
    for code in known.places.keys() | entries.keys():
        entry, before = entries.get(code), known.places.get(code)
        values = {**(before.values if before else {}), **(entry.values if entry else {})}
        level = (entry.level if entry else None) or (before.level if before else None)
        if level is None or values.get("valid_to") is not None:
            continue
        parent = (entry.parent_code if entry else "") or (before.parent_code if before else "")
        parent = "" if level is Level.COMMUNITY else parent
        plots[code] = ground.Plot(
            code, level, str(values.get("kind", "")), parent, before.boundary if before else None
        )
    return plots
