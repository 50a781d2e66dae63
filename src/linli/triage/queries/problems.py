"""The problems that keep coming back, dearest first; frozen rows for the wall, the pages and the API."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, QuerySet, When

from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.triage.models import FixCase, LastingFix, Repeat, RepeatCase
from linli.triage.queries.topics import category_words, place_words
from linli.triage.rules.repeats import METERS, meters_between

STANDING = (LastingFix.State.PLANNED, LastingFix.State.UNDER_WAY)


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


def one(repeat: Repeat, language: str) -> RepeatProblem:
    """One repeat problem."""
    place = places.place(repeat.place_id) if repeat.place_id else None
    return row(repeat, place, language)


def cases_of(repeat: Repeat) -> list[int]:
    """The ids of its cases."""
    return list(RepeatCase.objects.filter(repeat=repeat).values_list("case_id", flat=True))


def of_case(case_id: int, language: str) -> RepeatProblem | None:
    """The problem that this case is one time of, as last worked out; None for none."""
    found = (
        Repeat.objects.filter(members__case_id=case_id, over_at__isnull=True).select_related("fix").first()
    )
    return one(found, language) if found else None


def standing_here(
    community_id: int,
    *,
    category: str,
    building_id: int | None,
    point: tuple[float, float] | None,
    language: str,
) -> RepeatProblem | None:
    """The problem that a case of this kind at this place would be one more time of; None for none."""
    if not category:
        return None
    for found in present(community_id).filter(category_code=category):
        same = building_id is not None and found.place_id == building_id
        if not same and building_id is None and point and found.lon is not None and found.lat is not None:
            same = meters_between((found.lon, found.lat), point) <= METERS
        if same:
            return one(found, language)
    return None


def fix_of_case(case_id: int) -> FixRow | None:
    """The lasting fix a case is tied to; None for none."""
    held = FixCase.objects.filter(case_id=case_id).select_related("fix").first()
    return fix_row(held.fix) if held else None


def fixes(community_id: int, *, standing: bool = False) -> QuerySet[LastingFix]:
    """The lasting fixes, those to be finished first before the others, those that are over last."""
    found = LastingFix.objects.filter(community_id=community_id).annotate(held=Count("cases"))
    if standing:
        return found.filter(state__in=STANDING).order_by("until_date", "pk")
    return found.order_by(Case(When(state__in=STANDING, then=0), default=1), "until_date", "pk")


def cases_of_fix(fix: LastingFix) -> list[int]:
    """The ids of the cases tied to a lasting fix."""
    return list(FixCase.objects.filter(fix=fix).values_list("case_id", flat=True))


def numbers_of_fix(fix: LastingFix) -> list[str]:
    """The numbers of the cases tied to a lasting fix, the oldest first."""
    held = FixCase.objects.filter(fix=fix).order_by("case__reported_at", "case_id")
    return list(held.values_list("case__number", flat=True))


def problems_of_fix(fix: LastingFix, language: str) -> list[RepeatProblem]:
    """The repeat problems tied to a lasting fix, dearest first."""
    rows = list(present(fix.community_id).filter(fix=fix))
    spots = places.places({found.place_id for found in rows if found.place_id})
    return [row(found, spots.get(found.place_id or 0), language) for found in rows]
