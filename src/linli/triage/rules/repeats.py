"""Repeat problems: the same kind at the same place coming back after it was closed. Pure.

Cases of one category stand at the same place when they lie in the same building; without a building, when their points lie
within 60 m of each other's middle; without a point, when the same address was written. A case reported within so many days
after an earlier one was closed is a return; one reported while an earlier one was open is the same time, told by one more
resident. Where the days between are more, an earlier chain is over and only the last one counts.

    cost = times × working hours (on average, from sending to done) × residents
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

VERSION = "repeats-1"
METERS = 60.0
BACK_DAYS = 180  # a case reported later than so many days after the last closing is a new matter
UNMEASURED = 1.0  # hours that count where no case has been measured
_BLANKS = re.compile(r"[\s,，.。、:：;；()（）#＃-]+")


@dataclass(frozen=True, slots=True)
class Visit:
    """One time the problem showed: a case, as far as it matters here."""

    case_id: int
    category: str
    at: datetime
    ended_at: datetime | None  # when it was closed; None while open
    who: frozenset[str]  # those who reported or joined
    reopenings: int = 0
    building: int | None = None
    grid: int | None = None
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """A problem that came back at least once, its visits in order."""

    visits: tuple[Visit, ...]
    returns: int

    @property
    def times(self) -> int:
        """How often it was there: the first time and each return."""
        return 1 + self.returns

    @property
    def residents(self) -> int:
        """How many people it troubled, each once."""
        return len(frozenset().union(*(visit.who for visit in self.visits)))

    @property
    def hours(self) -> float | None:
        """Working hours of one time, on the average of those measured; None where none is."""
        found = [visit.hours for visit in self.visits if visit.hours is not None]
        return sum(found) / len(found) if found else None

    @property
    def cost(self) -> float:
        """What it costs, for the order of the list."""
        hours = self.hours
        return self.times * (UNMEASURED if hours is None else hours) * max(self.residents, 1)

    @property
    def open_cases(self) -> int:
        """How many of its cases are not closed."""
        return sum(visit.ended_at is None for visit in self.visits)


def chains(visits: Iterable[Visit], *, back_days: int = BACK_DAYS, meters: float = METERS) -> list[Chain]:
    """Every problem that came back, dearest first; equals by their first case."""
    by_category: dict[str, list[Visit]] = defaultdict(list)
    for visit in sorted(visits, key=lambda one: (one.at, one.case_id)):
        if visit.category:
            by_category[visit.category].append(visit)
    found = []
    for together in by_category.values():
        for here in _by_place(together, meters):
            chain = _last_chain(here, timedelta(days=back_days))
            if chain.returns:
                found.append(chain)
    return sorted(found, key=lambda chain: (-chain.cost, chain.visits[0].case_id))


def _by_place(visits: Sequence[Visit], meters: float) -> list[list[Visit]]:
    named: dict[object, list[Visit]] = defaultdict(list)
    spots: list[tuple[list[Visit], list[tuple[float, float]]]] = []
    for visit in visits:
        if visit.building is not None:
            named[visit.building].append(visit)
        elif visit.lon is not None and visit.lat is not None:
            point = (visit.lon, visit.lat)
            near = next((spot for spot in spots if meters_between(_centre(spot[1]), point) <= meters), None)
            if near is None:
                near = ([], [])
                spots.append(near)
            near[0].append(visit)
            near[1].append(point)
        elif len(written := plain_address(visit.address)) >= 3:
            named[visit.grid, written].append(visit)
    return [*named.values(), *(held for held, _ in spots)]


def plain_address(address: str) -> str:
    """One form of an address: width, capitals, blanks and strokes do not matter."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", address).lower())


def middle(visits: Iterable[Visit]) -> tuple[float, float] | None:
    """The middle of the points; None without any."""
    points = [(one.lon, one.lat) for one in visits if one.lon is not None and one.lat is not None]
    return _centre(points) if points else None


def _centre(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return sum(lon for lon, _ in points) / len(points), sum(lat for _, lat in points) / len(points)


def meters_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two points not far apart (longitude, latitude)."""
    across = (one[0] - other[0]) * 111_320 * math.cos(math.radians(one[1]))
    return math.hypot(across, (one[1] - other[1]) * 110_540)


def _last_chain(visits: Sequence[Visit], back: timedelta) -> Chain:
    """The visits since the last long quiet, and how often it came back among them."""
    kept: list[Visit] = []
    returns, last_end = 0, None
    for visit in visits:
        still_open = any(one.ended_at is None or one.ended_at > visit.at for one in kept)
        if kept and not still_open:
            if last_end is not None and visit.at - last_end > back:
                kept, returns, last_end = [], 0, None
            else:
                returns += 1
        returns += visit.reopenings
        kept.append(visit)
        if visit.ended_at is not None:
            last_end = max(visit.ended_at, last_end or visit.ended_at)
    return Chain(tuple(kept), returns)
