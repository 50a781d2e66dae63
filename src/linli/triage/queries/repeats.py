"""The problems that keep coming back, dearest first; frozen rows for the wall, the pages and the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.triage.models import LastingFix, Repeat
from linli.triage.queries.topics import category_words, place_words


@dataclass(frozen=True, slots=True)
class FixRow:
    """A lasting fix in short."""

    id: int
    title: str
    state: str  # planned | under_way | done | given_up
    organisation_id: int | None
    from_date: date
    until_date: date


@dataclass(frozen=True, slots=True)
class RepeatProblem:
    """A problem that came back after closing. ``hours``: working hours from sending to done, on average."""

    id: int
    place: str
    place_id: int | None
    category: str
    category_code: str
    times: int
    returns: int
    residents: int
    hours: float | None
    cost: float
    open_cases: int
    first_at: datetime
    last_at: datetime
    lon: float | None
    lat: float | None
    fix: FixRow | None


def repeats(
    community_id: int, *, at: datetime, limit: int = 10, language: str = "zh-hans", fixed: bool = True
) -> tuple[RepeatProblem, ...]:
    """The dearest repeat problems as last worked out, at most so many; three statements at most.

    :param at: the moment asked about; what first showed later is left out.
    :param fixed: with those that are tied to a lasting fix.
    """
    found = present(community_id).filter(first_at__lte=at)
    if not fixed:
        found = found.filter(fix__isnull=True)
    rows = list(found[:limit])
    spots = places.places({one.place_id for one in rows if one.place_id})
    return tuple(row(one, spots.get(one.place_id or 0), language) for one in rows)


def present(community_id: int) -> QuerySet[Repeat]:
    """The repeat problems that the last run found, dearest first."""
    found = Repeat.objects.filter(community_id=community_id, over_at__isnull=True).select_related("fix")
    return found.order_by("-cost", "-last_at", "pk")


def row(one: Repeat, place: PlaceRow | None, language: str) -> RepeatProblem:
    """The frozen row."""
    return RepeatProblem(
        id=one.pk,
        place=place_words(place, language) or one.address,
        place_id=one.place_id,
        category=category_words(one.community_id, one.category_code, language),
        category_code=one.category_code,
        times=one.times,
        returns=one.returns,
        residents=one.residents,
        hours=one.hours,
        cost=one.cost,
        open_cases=one.open_cases,
        first_at=one.first_at,
        last_at=one.last_at,
        lon=one.lon,
        lat=one.lat,
        fix=fix_row(one.fix) if one.fix else None,
    )


def fix_row(fix: LastingFix) -> FixRow:
    """The frozen row of a lasting fix."""
    return FixRow(fix.pk, fix.title, fix.state, fix.organisation_id, fix.from_date, fix.until_date)
