"""The problems that keep coming back, from the cases; each keeps its row as long as it has a case in common with before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import QuerySet

from linli.cases.queries import subjects
from linli.cases.queries.subjects import Subject
from linli.kernel import calendar
from linli.triage.models import FixCase, LastingFix, Repeat, RepeatCase
from linli.triage.rules import repeats
from linli.triage.rules.repeats import Chain, Visit

LOOK_BACK = timedelta(days=730)
MOST_CASES = 60_000
OVER = (LastingFix.State.DONE, LastingFix.State.GIVEN_UP)


def renew(community_id: int, at: datetime) -> int:
    """Work them out afresh; how many there are."""
    found = _with_costs(community_id, repeats.chains(visits(community_id, at)))
    home = dict(
        RepeatCase.objects.filter(community_id=community_id)
        .order_by("case_id")
        .values_list("case_id", "repeat_id")
    )
    known = {row.pk: row for row in _locked(community_id)}
    taken: set[int] = set()
    for chain in found:
        row = _row_of(chain, home, known, taken)
        taken.add(_write(row or Repeat(community_id=community_id), chain, at).pk)
    over = Repeat.objects.filter(community_id=community_id, over_at__isnull=True).exclude(pk__in=taken)
    over.update(over_at=at)
    return len(found)


def visits(community_id: int, at: datetime) -> list[Visit]:
    """Every case that can be one time of a problem."""
    told = subjects.visits(community_id, since=at - LOOK_BACK, until=at, most=MOST_CASES)
    return [_visit(one) for one in told]


def _visit(one: Subject) -> Visit:
    return Visit(
        case_id=one.id,
        category=one.category,
        at=one.at,
        ended_at=one.ended_at,
        who=frozenset({one.who}),
        reopenings=one.reopenings,
        building=one.building_id,
        grid=one.grid_id,
        lon=one.lon,
        lat=one.lat,
        address=one.address,
    )


def _with_costs(community_id: int, found: list[Chain]) -> list[Chain]:
    """The chains with those who joined and the hours of work, which only they need; dearest first again."""
    ids = [visit.case_id for chain in found for visit in chain.visits]
    joined, hours = subjects.everybody(ids), _hours(community_id, ids)
    dear = [
        Chain(
            tuple(
                replace(visit, who=visit.who | joined[visit.case_id], hours=hours.get(visit.case_id))
                for visit in chain.visits
            ),
            chain.returns,
        )
        for chain in found
    ]
    return sorted(dear, key=lambda chain: (-chain.cost, chain.visits[0].case_id))


def _hours(community_id: int, ids: list[int]) -> Mapping[int, float]:
    """Working hours from sending to done, by case."""
    days = calendar.load(community_id)
    return {
        case_id: round(days.counted(calendar.Unit.WORKING_HOUR, sent, done) / 3600, 2)
        for case_id, (sent, done) in subjects.worked(ids).items()
    }


def _locked(community_id: int) -> QuerySet[Repeat]:
    return Repeat.objects.select_for_update(of=("self",)).filter(community_id=community_id).order_by("pk")


def _row_of(
    chain: Chain, home: Mapping[int, int], known: Mapping[int, Repeat], taken: set[int]
) -> Repeat | None:
    """The row with most of these cases that no dearer chain has taken; the older of equals."""
    times = Counter(home[visit.case_id] for visit in chain.visits if visit.case_id in home)
    best = max(
        (pk for pk in times if pk not in taken and pk in known), key=lambda pk: (times[pk], -pk), default=None
    )
    return known[best] if best is not None else None


def _write(row: Repeat, chain: Chain, at: datetime) -> Repeat:
    first, last = chain.visits[0], chain.visits[-1]
    point = repeats.middle(chain.visits)
    row.category_code = first.category
    row.place_id = first.building or first.grid
    row.lon, row.lat = point or (None, None)
    row.address = "" if first.building else last.address
    row.times, row.returns, row.residents = chain.times, chain.returns, chain.residents
    row.hours, row.cost = chain.hours, chain.cost
    row.open_cases = chain.open_cases
    row.first_at, row.last_at = first.at, last.at
    row.over_at, row.seen_at, row.version = None, at, repeats.VERSION
    row.save()
    ids = [visit.case_id for visit in chain.visits]
    RepeatCase.objects.filter(community_id=row.community_id, case_id__in=ids).exclude(repeat=row).delete()
    RepeatCase.objects.filter(repeat=row).exclude(case_id__in=ids).delete()
    RepeatCase.objects.bulk_create(
        [RepeatCase(community_id=row.community_id, repeat=row, case_id=case_id) for case_id in ids],
        ignore_conflicts=True,
    )
    _tie(row, ids, at)
    return row


def _tie(row: Repeat, ids: list[int], at: datetime) -> None:
    """What comes back while a lasting fix is planned or under way is tied to it."""
    if row.fix is None or row.fix.state in OVER:
        return
    FixCase.objects.bulk_create(
        [FixCase(community_id=row.community_id, fix=row.fix, case_id=case_id, tied_at=at) for case_id in ids],
        ignore_conflicts=True,
    )
