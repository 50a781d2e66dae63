"""A chart is a table first: what ``faces/parts/chart.html`` shows, and what ``chart.mjs`` draws from that very table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["bars", "stack", "across", "lines"]
Tone = Literal["brand", "soft", "in-time", "at-risk", "broken", "paused", "urgent"]


@dataclass(frozen=True, slots=True)
class Column:
    """A series: its words at the head of the table, and the token of its colour."""

    words: str
    tone: Tone = "brand"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, how it is written (its number otherwise), and the address of the rows behind it."""

    value: float | None
    words: str = ""
    url: str = ""

    @property
    def said(self) -> str:
        """The words, or the number; a dash where there is nothing to measure."""
        if self.words or self.value is None:
            return self.words or "–"
        return f"{self.value:g}"


@dataclass(frozen=True, slots=True)
class Row:
    """A point along the axis (a day, a grid, a body) with one cell a column."""

    words: str
    cells: tuple[Cell, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A table that can be drawn.

    :param kind: ``bars`` and ``stack`` stand, ``across`` lies and is stacked, ``lines`` go on.
    :param first: what stands at the head of the first column ("Day").
    :param unit: written at the tooltip's numbers.
    :param most: the end of the scale, where it is known (1 for shares); else what the values need.
    """

    name: str
    caption: str
    kind: Kind
    first: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unit: str = ""
    most: float | None = None
