"""Services as others may read them: rows for the rooms above, lists for pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from linli.fieldwork.models import Service, ServiceAnswer
from linli.fieldwork.rules import services as rules
from linli.fieldwork.rules.services import Answer, State
from linli.grids import queries as grids
from linli.grids.rows import PlaceRow
from linli.people import queries as people


@dataclass(frozen=True, slots=True)
class Served:
    """A service. ``confirmed_by`` is empty unless the resident's last word is that it was given."""

    id: int
    worker_id: int
    grid_id: int
    kind: str
    at: datetime
    confirmed_by: str  # tap | code | call_back
    confirmed_at: datetime | None
    denied: bool


def served(community_id: int, since: datetime, until: datetime) -> list[Served]:
    """The services of some time (until exclusive) that were not taken back, by id."""
    rows = Service.objects.filter(
        community_id=community_id, at__gte=since, at__lt=until, withdrawn_at__isnull=True
    ).order_by("id")
    return _served(rows)


def one_served(service_id: int) -> Served:
    """One service, in a community entered."""
    return _served(Service.objects.filter(pk=service_id))[0]


def _served(rows: QuerySet[Service]) -> list[Served]:
    listed = rows.values_list(
        "id", "worker_id", "grid_id", "kind", "at", "answer", "answered_by", "answered_at"
    )
    return [
        Served(
            *row[:5],
            confirmed_by=row[6] if row[5] == Answer.YES else "",
            confirmed_at=row[7] if row[5] == Answer.YES else None,
            denied=row[5] == Answer.NO,
        )
        for row in listed
    ]


@dataclass(frozen=True, slots=True)
class Said:
    """One answer or one call about a service."""

    said: str
    way: str
    at: datetime
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A service as a page shows it. ``phone`` and ``words`` only for those concerned."""

    row: Service
    state: State
    worker: str
    grid: PlaceRow | None
    dwelling: PlaceRow | None


def state_of(row: Service) -> State:
    """Where a service stands."""
    return rules.state(rules.Standing(withdrawn=row.withdrawn_at is not None, answer=row.answer))


def shown(rows: Iterable[Service]) -> list[Shown]:
    """Services with the names beside them; three statements however many there are."""
    taken = list(rows)
    who = people.cards({row.worker_id for row in taken})
    where = grids.places(
        {row.grid_id for row in taken} | {row.dwelling_id for row in taken if row.dwelling_id}
    )
    return [
        Shown(
            row,
            state_of(row),
            who[row.worker_id].short_name if row.worker_id in who else "",
            where.get(row.grid_id),
            where.get(row.dwelling_id or 0),
        )
        for row in taken
    ]


def answers(service_id: int) -> list[Said]:
    """What was said about a service, in order."""
    rows = list(ServiceAnswer.objects.filter(service_id=service_id).order_by("at", "id"))
    who = people.cards({row.by_id for row in rows if row.by_id})
    return [
        Said(
            row.said, row.way, row.at, row.words or "", who[row.by_id].short_name if row.by_id in who else ""
        )
        for row in rows
    ]


VIEWS: dict[str, Q] = {
    "all": Q(withdrawn_at__isnull=True),
    "unconfirmed": Q(answer="", withdrawn_at__isnull=True),
    "confirmed": Q(answer=Answer.YES, withdrawn_at__isnull=True),
    "denied": Q(answer=Answer.NO, withdrawn_at__isnull=True),
    "withdrawn": Q(withdrawn_at__isnull=False),
}


def at_desk(community_id: int, view: str, kind: str = "") -> QuerySet[Service]:
    """The services of a community, the newest first."""
    found = Service.objects.filter(VIEWS[view], community_id=community_id)
    return (found.filter(kind=kind) if kind else found).order_by("-at", "-id")


def unanswered(rows: QuerySet[Service], community_id: int, at: datetime) -> QuerySet[Service]:
    """Of these the ones of a community to which the resident has said nothing and still can."""
    since = at - timedelta(days=rules.ANSWER_DAYS)
    return rows.filter(VIEWS["unconfirmed"], community_id=community_id, at__gt=since)


def to_call(community_id: int, at: datetime, but: int | None = None) -> QuerySet[Service]:
    """The drawn ones whose resident has said nothing after the time for it, the oldest first; not one's own."""
    found = Service.objects.filter(
        community_id=community_id,
        drawn=True,
        answer="",
        called_out_at__isnull=True,
        withdrawn_at__isnull=True,
        made_at__lte=at - rules.CALL_AFTER,
    )
    return (found.exclude(worker_id=but) if but else found).order_by("made_at", "id")


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice about a service needs: who hears of it."""

    worker_id: int
    kind: str
    at: datetime
    hearers: tuple[int, ...]


def told(community_id: int, service_id: int) -> Told | None:
    """Who is told that a service was written down for them: the account, or those who proved to live there."""
    row = Service.objects.filter(community_id=community_id, pk=service_id, withdrawn_at__isnull=True).first()
    if row is None:
        return None
    hearers = {row.account_id} if row.account_id else set()
    if row.dwelling_id:
        homes = grids.residences(community_id, waiting=False)
        hearers |= {one.account_id for one in homes if one.dwelling.id == row.dwelling_id}
    listed = sorted(one for one in hearers if one is not None and one != row.worker_id)
    return Told(row.worker_id, row.kind, row.at, tuple(listed))


def counts(rows: Sequence[Served]) -> dict[str, int]:
    """How many are confirmed, unconfirmed and denied."""
    return {
        "all": len(rows),
        "confirmed": sum(bool(row.confirmed_by) for row in rows),
        "denied": sum(row.denied for row in rows),
        "unconfirmed": sum(not row.confirmed_by and not row.denied for row in rows),
    }
