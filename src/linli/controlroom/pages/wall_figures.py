"""The figures of the wall in words: tiles, rates, the two charts, and the names everything else uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from linli.cases.pages import taking
from linli.cases.queries import reference
from linli.controlroom import wall_words
from linli.controlroom.pages.wall_frame import Frame
from linli.controlroom.queries import wall
from linli.controlroom.queries.wall import Wall
from linli.controlroom.rules.definitions import RATES
from linli.controlroom.rules.figures import Figure, Period, named_period
from linli.controlroom.words import FORMULAS, label
from linli.faces import charts
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.grids.rules.words import Level
from linli.kernel.clock import LOCAL
from linli.people import queries as people

TONES: Mapping[str, charts.Tone] = {
    "open_in_time": "in-time", "open_at_risk": "at-risk", "open_broken": "broken", "open_paused": "paused",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """One figure on the wall: what, how much, made of what, and the way to its rows."""

    code: str
    words: str
    said: str
    formula: str
    url: str = ""
    more: str = ""  # "123 / 126"
    tone: str = ""
    definition_url: str = ""
    excluded: str = ""

    @property
    def icon(self) -> str:
        """The shape of the clock it counts."""
        return f"state-{self.code.removeprefix('open_')}"


class Figures:
    """The figures of one wall."""

    def __init__(self, frame: Frame, found: Wall) -> None:
        self.frame = frame
        self.wall = found

    # -- names -----------------------------------------------------------------------------------------------

    @cached_property
    def places(self) -> dict[int, PlaceRow]:
        """Grids and buildings of the community, by id."""
        levels = (Level.COMMUNITY.value, Level.GRID.value, Level.BUILDING.value)
        return {row.id: row for row in places.subtree(f"{self.frame.community_id}.", *levels)}

    @cached_property
    def bodies(self) -> dict[int, str]:
        """Names of all bodies, closed ones too."""
        rows = people.organisations([self.frame.community_id], closed=True)
        return {row.pk: _name(row.name_zh, row.name_en, self.frame.language) for row in rows}

    @cached_property
    def phones(self) -> taking.Phones:
        """The public numbers to call."""
        return taking.desk_phones(self.frame.community_id)

    def category(self, code: str) -> str:
        """What a category is called; of an unsorted case, that it is not sorted yet."""
        row = reference.every_category(self.frame.community_id).get(code)
        return row.name(self.frame.language) if row else code or _("Not sorted yet")

    def where(self, grid_id: int | None, building_id: int | None) -> str:
        """Grid and building."""
        named = [
            self.places[key].name(self.frame.language) for key in (grid_id, building_id) if key in self.places
        ]
        return " · ".join(named)

    def case_url(self, number: str) -> str:
        """The case on the workbench, for those who work there."""
        return reverse("cases:desk_case", args=[number]) if self.frame.opens_cases else ""

    def rows_url(
        self, code: str, period: Period, *, part: str = "numerator", by: str = "", group: str = ""
    ) -> str:
        """The cases behind a figure, for those who may read figures."""
        if not self.frame.opens_figures:
            return ""
        said = {"part": part, "from": period.start.astimezone(LOCAL).date().isoformat(), "to": last_day(period), "by": by,
                "group": group, "community": str(self.frame.community_id)}  # fmt: skip
        return address("control-figure-rows", code, **{key: value for key, value in said.items() if value})

    # -- figures ---------------------------------------------------------------------------------------------

    @cached_property
    def day(self) -> Period:
        """Today."""
        return named_period("today", self.wall.at, LOCAL)

    @cached_property
    def month(self) -> Period:
        """This month."""
        return named_period("month", self.wall.at, LOCAL)

    def number(self, figure: Figure, period: Period) -> Number:
        """A plain count."""
        return Number(
            code=figure.code,
            words=label(wall_words.TILES, figure.code),
            said=said(figure),
            formula=label(FORMULAS, figure.code),
            url=self.rows_url(figure.code, period),
            tone=TONES.get(figure.code, ""),
        )

    def rate(self, figure: Figure) -> Number:
        """A rate with what it is made of."""
        parts = "" if figure.numerator is None else f"{figure.numerator} / {figure.denominator}"
        left = _("%(n)s left out") % {"n": figure.excluded} if figure.excluded else ""
        formula = address("control-figure", figure.code) if self.frame.opens_figures else ""
        return Number(
            code=figure.code,
            words=label(wall_words.TILES, figure.code),
            said=said(figure),
            formula=label(FORMULAS, figure.code),
            url=self.rows_url(figure.code, self.month),
            more=parts if figure.code in RATES else "",
            definition_url=formula,
            excluded=left,
        )

    def today(self) -> list[Number]:
        """Reported, accepted, settled today."""
        return [self.number(one, self.day) for one in self.wall.today.value.values()]

    def promises(self) -> list[Number]:
        """Open cases by their clocks."""
        codes = ("open_in_time", "open_at_risk", "open_broken", "open_paused")
        return [self.number(self.wall.now.value[code], self.day) for code in codes]

    def open(self) -> Number:
        """All open cases."""
        return self.number(self.wall.now.value["open"], self.day)

    def rates(self) -> list[Number]:
        """The three rates and their score."""
        return [self.rate(one) for one in self.wall.rates.value.values()]

    def waiting(self) -> list[Number]:
        """What waits at the desk: to be accepted, signed for, urgent."""
        codes = ("open_unaccepted", "open_unsigned", "open_urgent")
        return [self.number(self.wall.now.value[code], self.day) for code in codes]

    def trend(self) -> charts.Chart:
        """Reported and settled, day by day."""
        period = wall.trend_period(self.wall.at)
        days: dict[str, dict[str, Figure]] = {}
        for one in self.wall.trend.value:
            days.setdefault(one.group, {})[one.code] = one
        rows = tuple(
            charts.Row(
                _short_day(day),
                tuple(self._cell(found.get(code), code, period, "day", day) for code in wall.TREND),
            )
            for day, found in sorted(days.items())
        )
        columns = (
            charts.Column(label(wall_words.TILES, "reported"), "brand"),
            charts.Column(label(wall_words.TILES, "settled"), "in-time"),
        )
        return charts.Chart("trend", _("The last fourteen days"), "bars", _("Day"), columns, rows)

    def _cell(self, figure: Figure | None, code: str, period: Period, by: str, group: str) -> charts.Cell:
        value = figure.value if figure is not None and figure.value is not None else 0.0
        url = self.rows_url(code, period, by=by, group=group) if value else ""
        return charts.Cell(value, url=url)

    def grid_chart(self) -> charts.Chart:
        """Open cases of each grid by their clocks, the fullest first."""
        held = self.loads
        shown = ("open_broken", "open_at_risk", "open_in_time")
        ordered = sorted(
            self.grid_rows, key=lambda row: (-held.get(str(row.id), {}).get("open", 0), row.code)
        )
        rows = []
        for row in ordered:
            loads = held.get(str(row.id), {})
            cells = tuple(
                charts.Cell(
                    float(loads.get(code, 0)),
                    url=self.rows_url(code, self.day, by="grid", group=str(row.id))
                    if loads.get(code)
                    else "",
                )
                for code in shown
            )
            rows.append(charts.Row(row.name(self.frame.language), cells, self.grid_url(row)))
        columns = tuple(charts.Column(label(wall_words.TILES, code), TONES[code]) for code in shown)
        return charts.Chart("grids", _("Open cases by grid"), "across", _("Grid"), columns, tuple(rows))

    @cached_property
    def grid_rows(self) -> list[PlaceRow]:
        """The grids in force."""
        return [row for row in self.places.values() if row.level == Level.GRID.value]

    @cached_property
    def loads(self) -> dict[str, dict[str, int]]:
        """Open cases of each grid by figure."""
        found: dict[str, dict[str, int]] = {}
        for one in self.wall.by_grid.value:
            found.setdefault(one.group, {})[one.code] = int(one.value or 0)
        return found

    def grid_url(self, row: PlaceRow) -> str:
        """The open cases of a place on the workbench."""
        if not self.frame.opens_cases:
            return ""
        said = {"community": str(self.frame.community_id), "tab": "open", "place": row.path}
        return f"{reverse('cases:desk')}?{urlencode(said)}"


def address(name: str, *args: object, **asked: object) -> str:
    """An address, or nothing where that page is not installed."""
    try:
        found = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{found}?{urlencode(asked)}" if asked else found


def said(figure: Figure) -> str:
    """A figure as a wall shows it: whole cases, percent with one place, points with one place; a dash for nothing."""
    if figure.value is None:
        return "–"
    if figure.unit == "share":
        return f"{figure.value * 100:.1f}%"
    return f"{figure.value:.1f}" if figure.unit in {"points", "hours"} else f"{figure.value:.0f}"


def last_day(period: Period) -> str:
    """The last local day of a period."""
    return (period.end.astimezone(LOCAL) - timedelta(microseconds=1)).date().isoformat()


def _short_day(day: str) -> str:
    return date_format(datetime.fromisoformat(day), "n-j")


def _name(zh: str, en: str, language: str) -> str:
    return en if language == "en" and en else zh
