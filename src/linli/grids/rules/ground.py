"""Whether outlines fit on the ground: inside what they belong to, base grids side by side without overlap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from linli.grids.rules import geometry
from linli.grids.rules.geometry import Outline
from linli.grids.rules.sheets import OutlineEntry, Problem, Source
from linli.grids.rules.words import GridKind, Level

#: Pieces smaller than this (in square metres) are the noise of drawing and simplifying.
NOISE_M2 = 25.0
GAP_M2 = 100.0


@dataclass(frozen=True, slots=True)
class Plot:
    """A place in force as the check needs it; ``outline`` is what is stored so far (GeoJSON)."""

    code: str
    level: Level
    kind: str
    parent_code: str
    outline: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Findings:
    """What the check found."""

    problems: list[Problem]
    warnings: list[Problem]


def check(
    fresh: Mapping[str, OutlineEntry], plots: Mapping[str, Plot], neighbours: Mapping[str, Mapping[str, Any]]
) -> Findings:
    """Hold new outlines against each other, against those stored, and against other communities'.

    :param fresh: the new outlines of places, by code.
    :param plots: every place in force of the communities concerned, by code.
    :param neighbours: outlines of communities that are not concerned, by code.
    """
    shapes = _shapes(fresh, plots)
    findings = Findings([], [])
    for code in shapes:
        parent = _outlined_above(code, plots, shapes)
        source = _to_blame(fresh, code, parent)
        if parent and source:
            _check_inside(code, parent, shapes, source, findings)
    _check_overlaps(fresh, plots, shapes, findings)
    _check_cover(fresh, plots, shapes, findings)
    _check_neighbours(fresh, plots, neighbours, findings)
    return findings


def _shapes(fresh: Mapping[str, OutlineEntry], plots: Mapping[str, Plot]) -> dict[str, BaseGeometry]:
    """The outlines as they would be, of the communities in which something changes."""
    concerned = {code[:12] for code in fresh}
    stored = {
        code: geometry.stored(plot.outline)
        for code, plot in plots.items()
        if plot.outline and code not in fresh and code[:12] in concerned
    }
    return stored | {code: entry.shape for code, entry in fresh.items()}


def _outlined_above(code: str, plots: Mapping[str, Plot], shapes: Mapping[str, BaseGeometry]) -> str | None:
    plot = plots.get(code)
    while plot and plot.parent_code:
        if plot.parent_code in shapes:
            return plot.parent_code
        plot = plots.get(plot.parent_code)
    return None


def _to_blame(fresh: Mapping[str, OutlineEntry], code: str, parent: str | None) -> Source | None:
    entry = fresh.get(code) or (fresh.get(parent) if parent else None)
    return entry.source if entry else None


def _check_inside(
    code: str, parent: str, shapes: Mapping[str, BaseGeometry], source: Source, findings: Findings
) -> None:
    outside = geometry.overhang_m2(shapes[code], shapes[parent])
    if outside > NOISE_M2:
        findings.problems.append(Problem(source, "outside_parent", f"{code}: {outside:,.0f} m² ({parent})"))


def _check_overlaps(
    fresh: Mapping[str, OutlineEntry],
    plots: Mapping[str, Plot],
    shapes: Mapping[str, BaseGeometry],
    findings: Findings,
) -> None:
    base = [code for code in shapes if _is_base(plots.get(code))]
    new = [Outline(code, shapes[code]) for code in base if code in fresh]
    stored = [Outline(code, shapes[code]) for code in base if code not in fresh]
    for overlap in geometry.overlaps(new, stored):
        if overlap.area_m2 > NOISE_M2:
            detail = f"{overlap.one} × {overlap.other}: {overlap.area_m2:,.0f} m²"
            findings.problems.append(Problem(fresh[overlap.one].source, "overlaps_grid", detail))


def _is_base(plot: Plot | None) -> bool:
    return plot is not None and plot.level is Level.GRID and plot.kind == GridKind.BASE.value


def _check_cover(
    fresh: Mapping[str, OutlineEntry],
    plots: Mapping[str, Plot],
    shapes: Mapping[str, BaseGeometry],
    findings: Findings,
) -> None:
    for community in sorted({code[:12] for code in fresh} & shapes.keys()):
        parts = [shapes[code] for code in _base_of(community, plots, shapes)]
        gap = geometry.uncovered_m2(shapes[community], parts) if parts else 0.0
        source = next(entry.source for code, entry in fresh.items() if code.startswith(community))
        if gap > GAP_M2:
            findings.warnings.append(Problem(source, "not_covered", f"{community}: {gap:,.0f} m²"))


def _base_of(community: str, plots: Mapping[str, Plot], shapes: Mapping[str, BaseGeometry]) -> Iterable[str]:
    return (code for code in shapes if code.startswith(community) and _is_base(plots.get(code)))


def _check_neighbours(
    fresh: Mapping[str, OutlineEntry],
    plots: Mapping[str, Plot],
    neighbours: Mapping[str, Mapping[str, Any]],
    findings: Findings,
) -> None:
    mine = [code for code in fresh if code in plots and plots[code].level is Level.COMMUNITY]
    if not mine or not neighbours:
        return
    others = [Outline(code, geometry.stored(outline)) for code, outline in neighbours.items()]
    near = shapely.STRtree([other.shape for other in others])
    for code in mine:
        hits = [others[int(hit)] for hit in near.query(fresh[code].shape, predicate="intersects")]
        for overlap in geometry.overlaps([Outline(code, fresh[code].shape)], hits):
            if overlap.area_m2 > NOISE_M2:
                detail = f"{overlap.other}: {overlap.area_m2:,.0f} m²"
                findings.warnings.append(Problem(fresh[code].source, "overlaps_community", detail))
