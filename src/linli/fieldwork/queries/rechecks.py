"""Re-visits as others may read them: rows for the rooms above, lists and rates for pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from linli.fieldwork.models import Draw, Recheck
from linli.fieldwork.queries.records_of import standing
from linli.fieldwork.rules import aiming
from linli.fieldwork.rules import rechecks as rules
from linli.fieldwork.rules.rechecks import State
from linli.grids import queries as grids
from linli.people import queries as people


@dataclass(frozen=True, slots=True)
class Rechecked:
    """A record looked at again. ``outcome`` is empty while it is open and where nothing could be found out."""

    id: int
    record: str  # visit | service | patrol | head_count | case
    record_id: int
    worker_id: int
    grid_id: int | None
    drawn: str  # random | signal
    outcome: str  # true | mistaken | false
    decided_at: datetime | None


def rechecked(community_id: int, since: datetime, until: datetime) -> list[Rechecked]:
    """The re-visits of records of some time (until exclusive), by id."""
    rows = Recheck.objects.filter(community_id=community_id, record_at__gte=since, record_at__lt=until)
    listed = rows.order_by("id").values_list(
        "id", "record", "record_id", "worker_id", "grid_id", "drawn", "outcome", "decided_at"
    )
    return [Rechecked(*row) for row in listed]


@dataclass(frozen=True, slots=True)
class Item:
    """A re-visit in a list."""

    row: Recheck
    state: State
    place: str
    worker: str
    visitor: str


def items(rows: Iterable[Recheck], today: date, language: str) -> list[Item]:
    """Re-visits with the names beside them; three statements however many there are."""
    taken = list(rows)
    who = people.cards(
        {one for row in taken for one in (row.worker_id, row.visitor_id, row.again_visitor_id) if one}
    )
    where = grids.places({row.grid_id for row in taken if row.grid_id})

    def name(account_id: int | None) -> str:
        return who[account_id].short_name if account_id in who else ""

    found = []
    for row in taken:
        state = rules.state(standing(row), today)
        goes = row.again_visitor_id if state is State.TO_VISIT_AGAIN else row.visitor_id
        place = where[row.grid_id].name(language) if row.grid_id in where else ""
        found.append(Item(row, state, place, name(row.worker_id), name(goes)))
    return found


def waiting_for(rows: QuerySet[Recheck], account_id: int | None) -> QuerySet[Recheck]:
    """Of these the ones where this person is still to go, the most pressing first."""
    first = Q(visitor_id=account_id, found="")
    second = Q(again_visitor_id=account_id, found_again="")
    return rows.filter(first | second, decided_at__isnull=True).order_by("due_date", "id")


@dataclass(frozen=True, slots=True)
class Rate:
    """Of the re-visits of some kind how many are over, and what they came to."""

    how: str
    drawn: int
    over: int
    true: int
    mistaken: int
    false: int

    @property
    def percent_false(self) -> float | None:
        """Proven false of all that are over with an outcome; None of none."""
        said = self.true + self.mistaken + self.false
        return round(100 * self.false / said, 1) if said else None


def rates(community_id: int, since: datetime) -> list[Rate]:
    """What came of the re-visits drawn since then, by lot and aimed: by lot says how honest records are, aimed does not."""
    rows = list(
        Recheck.objects.filter(community_id=community_id, made_at__gte=since).values_list(
            "drawn", "outcome", "decided_at"
        )
    )
    found = []
    for how in (aiming.RANDOM, aiming.SIGNAL):
        mine = [row for row in rows if row[0] == how]
        of = {code: sum(row[1] == code for row in mine) for code in ("true", "mistaken", "false")}
        found.append(Rate(how, len(mine), sum(row[2] is not None for row in mine), **of))
    return found


def last_draws(community_id: int, most: int) -> list[Draw]:
    """The last draws, the newest first."""
    return list(
        Draw.objects.filter(community_id=community_id).select_related("seed").order_by("-week_date")[:most]
    )
