"""A colleague's day as the rows of the house tell it, and own words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from linli.cases.queries import handled
from linli.fieldwork.models import DiaryNote, HandOver, Patrol, PatrolFinding, Service, Visit
from linli.fieldwork.rules.diary import Item, Kind, Note, ordered
from linli.grids import queries as grids
from linli.kernel import clock
from linli.publishing import queries as publishing
from linli.training import queries as training

#: Of work on cases: looking after what was reported.
REPORTED = "report"


@dataclass(frozen=True, slots=True)
class Written:
    """Own words of a day."""

    id: int
    kind: str
    words: str
    made_at: datetime


def span_of(day: date) -> tuple[datetime, datetime]:
    """A local day as moments; until exclusive."""
    since = datetime.combine(day, time(), clock.LOCAL)
    return since, since + timedelta(days=1)


def items(community_id: int, account_id: int, day: date, language: str) -> tuple[Item, ...]:
    """What somebody did on a day, in order. Places no finer than a building: a diary lies about."""
    since, until = span_of(day)
    spots: set[int] = set()
    found = [
        *_visits(community_id, account_id, since, until, spots),
        *_services(community_id, account_id, since, until, spots),
        *_patrols(community_id, account_id, since, until, spots),
        *_cases(community_id, account_id, since, until),
        *_handovers(community_id, account_id, since, until, spots),
        *_announcements(community_id, account_id, since, until),
        *_training(community_id, account_id, since, until),
    ]
    return ordered(_named(found, spots, language))


def _named(found: Iterable[Item], spots: set[int], language: str) -> Iterable[Item]:
    """With the building or grid by name where an item holds an id."""
    where = grids.places(spots)
    above = {int(part) for one in where.values() for part in one.path.split(".") if part}
    every = grids.places(above) if above else {}
    for one in found:
        held = where.get(int(one.place)) if one.place.isdecimal() else None
        if held is None:
            yield one
            continue
        way = [every[int(part)] for part in reversed(held.path.split(".")) if part and int(part) in every]
        spot = next((each for each in way if each.level in ("building", "grid")), held)
        yield Item(one.at, one.kind, one.what, spot.name(language), one.ref, one.until, one.count)


def _visits(
    community_id: int, account_id: int, since: datetime, until: datetime, spots: set[int]
) -> Iterable[Item]:
    rows = Visit.objects.filter(
        community_id=community_id, worker_id=account_id, at__gte=since, at__lt=until, struck_at__isnull=True
    )
    for key, purpose, outcome, at, door in rows.values_list("id", "purpose", "outcome", "at", "dwelling_id"):
        spots.add(door)
        yield Item(at, Kind.VISIT, f"visit:{purpose}:{outcome}", str(door), f"visit:{key}")


def _services(
    community_id: int, account_id: int, since: datetime, until: datetime, spots: set[int]
) -> Iterable[Item]:
    rows = Service.objects.filter(
        community_id=community_id,
        worker_id=account_id,
        at__gte=since,
        at__lt=until,
        withdrawn_at__isnull=True,
    )
    for key, kind, at, door, grid in rows.values_list("id", "kind", "at", "dwelling_id", "grid_id"):
        spots.add(door or grid)
        yield Item(at, Kind.HANDLING, f"service:{kind}", str(door or grid), f"service:{key}")


def _patrols(
    community_id: int, account_id: int, since: datetime, until: datetime, spots: set[int]
) -> Iterable[Item]:
    rows = Patrol.objects.filter(
        community_id=community_id, worker_id=account_id, started_at__gte=since, started_at__lt=until
    )
    listed = list(rows.values_list("id", "started_at", "ended_at", "grid_id"))
    made = list(
        PatrolFinding.objects.filter(patrol_id__in=[row[0] for row in listed]).values_list(
            "patrol_id", flat=True
        )
    )
    for key, started, ended, grid in listed:
        spots.add(grid)
        yield Item(started, Kind.PATROL, "patrol", str(grid), f"patrol:{key}", ended, made.count(key))


def _cases(community_id: int, account_id: int, since: datetime, until: datetime) -> Iterable[Item]:
    for row in handled.by_person(community_id, account_id, since, until):
        kind = Kind.PATROL if row.verb == REPORTED else Kind.HANDLING
        yield Item(row.at, kind, f"case:{row.verb}", row.place or "", f"case:{row.number}")


def _handovers(
    community_id: int, account_id: int, since: datetime, until: datetime, spots: set[int]
) -> Iterable[Item]:
    rows = HandOver.objects.filter(
        Q(giver_id=account_id) | Q(receiver_id=account_id),
        community_id=community_id,
        accepted_at__gte=since,
        accepted_at__lt=until,
    )
    for key, giver, at, grid in rows.values_list("id", "giver_id", "accepted_at", "grid_id"):
        what = "given" if giver == account_id else "taken"
        if at is not None:
            spots.add(grid)
            yield Item(at, "", f"handover:{what}", str(grid), f"handover:{key}")


def _announcements(community_id: int, account_id: int, since: datetime, until: datetime) -> Iterable[Item]:
    for key, title, at in publishing.by_author(community_id, account_id, since, until):
        yield Item(at, Kind.PUBLICITY, f"announcement:{title}", "", f"announcement:{key}")


def _training(community_id: int, account_id: int, since: datetime, until: datetime) -> Iterable[Item]:
    """Courses passed; a test that was failed, or how long somebody read, is in no diary."""
    for row in training.results(community_id, since, until):
        if row.account_id == account_id:
            yield Item(row.at, "", f"course:{row.course}", "", f"certificate:{row.id}")


def notes(community_id: int, account_id: int, day: date) -> list[Written]:
    """Own words of a day, as they were written."""
    rows = DiaryNote.objects.filter(
        community_id=community_id, worker_id=account_id, day_date=day, struck_at__isnull=True
    ).order_by("id")
    return [Written(row.pk, row.kind, row.words, row.made_at) for row in rows]


def earlier(community_id: int, account_id: int, most: int) -> list[Note]:
    """The last own words of any day, the latest first."""
    rows = DiaryNote.objects.filter(
        community_id=community_id, worker_id=account_id, struck_at__isnull=True
    ).order_by("-day_date", "-id")[:most]
    return [Note(row.day_date, row.words) for row in rows]
