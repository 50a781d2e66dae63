"""The same thing already reported: open cases are looked up by the database and weighed by the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.cases import ports
from linli.cases.ports import Alike, Reason
from linli.cases.queries import alike as cases
from linli.cases.queries import reference
from linli.cases.queries.alike import Told
from linli.cases.queries.reference import CategoryRow
from linli.grids import queries as places
from linli.grids.rules.words import Level
from linli.triage.rules import gist as reading
from linli.triage.rules import similar
from linli.triage.rules.similar import Judged, Side

THRESHOLD = 0.35  # below it a proposal only distracts: docs/triage.md
MOST_REASONS = 5
SHOWN_LEVELS = frozenset({Level.BUILDING.value, Level.COURTYARD.value, Level.GRID.value, Level.UNIT.value})


@dataclass(frozen=True, slots=True)
class _Where:
    """A place as far as it is known."""

    path: str = ""
    level: str = ""
    grid_id: int | None = None
    building_id: int | None = None


class LocalLikeness:
    """Compares with what was reported here; nothing leaves the house."""

    version = similar.VERSION

    def alike(
        self,
        *,
        community_id: int,
        words: str,
        lon: float | None,
        lat: float | None,
        place_path: str,
        category_code: str,
        at: datetime,
        limit: int = 5,
        but: int | None = None,
        address: str = "",
    ) -> tuple[Alike, ...]:
        """The open cases that are likeliest the same matter, none below the threshold."""
        gist = reading.read(words, address)
        category = _category(words, category_code, community_id)
        query = reading.looked_for(words, _kindred(category, foreign=gist.foreign))
        if query is None:
            return ()
        where = _where(place_path)
        asked = Side(
            gist,
            at,
            lon,
            lat,
            where.path or f"{community_id}.",
            where.level,
            category.code if category else "",
        )
        found = cases.candidates(
            community_id=community_id,
            query=query,
            grid_id=where.grid_id,
            building_id=where.building_id,
            but=but,
        )
        weighed = [_alike(one, similar.judge(asked, _side(one))) for one in found]
        likely = [one for one in weighed if one.certainty >= THRESHOLD]
        return tuple(sorted(likely, key=lambda one: (-one.certainty, -one.case_id))[:limit])

    def weigh(self, case_id: int, other_id: int, *, at: datetime) -> Alike | None:
        """How alike two cases are."""
        found = cases.told((case_id, other_id))
        if len(found) < 2:
            return None
        other = found[other_id]
        return _alike(other, similar.judge(_side(found[case_id]), _side(other)))


def _category(words: str, code: str, community_id: int) -> CategoryRow | None:
    """The category that is known, or what the machine would propose for the words."""
    known = reference.categories(community_id)
    if not code:
        code = next((one.code for one in ports.classifier().suggest(words, known, community_id)), "")
    return known.get(code)


def _kindred(category: CategoryRow | None, *, foreign: bool) -> tuple[str, ...]:
    """What a matter of this category is called in the other language."""
    if category is None:
        return ()
    return tuple(word for word in category.keywords if word.isascii() != foreign)


def _where(path: str) -> _Where:
    """The finest place of a path that says more than the community, with its grid and building."""
    way = [places.place(int(step)) for step in path.rstrip(".").split(".") if step.isdigit()]
    ids = {place.level: place.id for place in way if place is not None}
    last = way[-1] if way else None
    level = last.level if last is not None and last.level in SHOWN_LEVELS else ""
    level = Level.BUILDING.value if level == Level.UNIT.value else level
    return _Where(path, level, ids.get(Level.GRID.value), ids.get(Level.BUILDING.value))


def _side(case: Told) -> Side:
    known = Level.GRID.value if case.grid_id else ""
    return Side(
        reading.read(case.words, case.address),
        case.reported_at,
        case.lon,
        case.lat,
        case.place_path,
        Level.BUILDING.value if case.building_id else known,
        case.category_code,
    )


def _alike(case: Told, judged: Judged) -> Alike:
    reasons = tuple(Reason(why.code, why.value, why.weight < 0) for why in judged.why[:MOST_REASONS])
    return Alike(case.id, case.number, judged.certainty, reasons, judged.meters, case.supporters)
