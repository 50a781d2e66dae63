"""Figures as lines and tables: a small line for a card, a chart with its table twin for a page."""

from __future__ import annotations

from collections.abc import Sequence

from linli.controlroom import saying, words
from linli.controlroom.pages.frame import Room
from linli.controlroom.rules.catalog import CATALOG
from linli.controlroom.rules.figures import By, Figure
from linli.faces.charts import Cell, Chart, Column, Row

WIDTH, HEIGHT = 100.0, 24.0


def spark(line: Sequence[Figure]) -> str:
    """The points of a small line; values that could not be measured are passed over. Empty without two values or a mark."""
    known = [(place, one.value) for place, one in enumerate(line) if one.value is not None]
    if len(known) < 2 or not any(value for _, value in known):
        return ""
    most = max(value for _, value in known)
    least = min(0.0, *(value for _, value in known))
    height, last = (most - least) or 1.0, len(line) - 1 or 1
    points = (
        (WIDTH * place / last, HEIGHT - 1 - (HEIGHT - 2) * (value - least) / height) for place, value in known
    )
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def chart(room: Room, code: str, line: Sequence[Figure]) -> Chart:
    """The figure through its period; each point opens its cases."""
    share = CATALOG[code].unit == "share"
    by = room.looking.trend
    return Chart(
        name=f"trend-{code}",
        caption=f"{words.label(words.FIGURES, code)} · {room.looking.words}",
        kind="lines" if not CATALOG[code].counts else "bars",
        first=words.label(words.BREAKDOWNS, by),
        columns=(Column(words.label(words.FIGURES, code)),),
        rows=tuple(_point(room, code, by, one) for one in line),
        unit="%" if share else "",
        most={"share": 1.0, "points": 100.0}.get(CATALOG[code].unit),
    )


def _point(room: Room, code: str, by: By, one: Figure) -> Row:
    cell = Cell(
        one.value, saying.value(one), room.rows(code, by=by, group=one.group) if one.numerator else ""
    )
    return Row(room.group(by, one.group), (cell,))


def breakdown(room: Room, code: str, by: By, parts: Sequence[Figure]) -> list[dict[str, object]]:
    """The rows of the table of bodies, categories or grids, the largest first."""
    own = [one for one in parts if one.code == code]
    own.sort(key=lambda one: (-(one.denominator or one.numerator or 0), one.group))
    return [
        {
            "name": room.group(by, one.group),
            "figure": one,
            "value": saying.value(one),
            "bar": _share_of(one, own),
            "marks": saying.marks(one),
            "numerator_url": room.rows(code, "numerator", by=by, group=one.group),
            "denominator_url": room.rows(code, "denominator", by=by, group=one.group),
            "excluded_url": room.rows(code, "excluded", by=by, group=one.group) if one.excluded else "",
        }
        for one in own
    ]


def _share_of(one: Figure, all_: Sequence[Figure]) -> int:
    """How long the bar beside a value is, in percent: of the whole for shares and points, of the longest otherwise."""
    if one.value is None:
        return 0
    most = {"share": 1.0, "points": 100.0}.get(one.unit) or max(each.value or 0 for each in all_) or 1
    return round(100 * one.value / most)
