"""What residents report about, for rooms that look for patterns in it: frozen rows, by a few statements.

Reports in quarantine, withdrawn or voided, and those of sensitive categories (a family's quarrel is nobody's topic)
are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Min, Q, QuerySet

from linli.cases.models import Case, Move, Supporter
from linli.cases.queries import reference
from linli.cases.rules.workflow import State, Verb

NOT_TOLD = (State.WITHDRAWN.value, State.VOIDED.value)
NO_VISIT = (*NOT_TOLD, State.DECLINED.value, State.MERGED.value)
ENDED = frozenset({State.CLOSED.value, State.FOLLOWED_UP.value, State.ARCHIVED.value})
SENT = (Verb.DISPATCH.value, Verb.START.value, Verb.SETTLE.value)
DONE = (Verb.HANDLED.value, Verb.SETTLE.value)


@dataclass(frozen=True, slots=True)
class Subject:
    """A report as far as it tells what is wrong, where, and since when."""

    id: int
    number: str
    words: str
    who: str  # the same for the same person: account, else phone, else the report itself
    at: datetime
    ended_at: datetime | None  # None while open
    category: str
    state: str
    building_id: int | None
    grid_id: int | None
    place_path: str
    lon: float | None
    lat: float | None
    address: str
    reopenings: int


FIELDS = (
    "id", "number", "words", "reporter_id", "contact_index", "reported_at", "closed_at", "category_code", "state",
    "building_id", "grid_id", "place_path", "lon", "lat", "address", "reopenings",
)  # fmt: skip


def reported(community_id: int, *, since: datetime, until: datetime, most: int) -> list[Subject]:
    """What was reported in a stretch of time, the newest so many, the oldest of them first."""
    return _subjects(_told(community_id).filter(reported_at__gte=since, reported_at__lte=until), most)


def visits(community_id: int, *, since: datetime, until: datetime, most: int) -> list[Subject]:
    """As `reported`, of cases that were taken up and have a category; those merged into another are that one."""
    found = _told(community_id).filter(reported_at__gte=since, reported_at__lte=until)
    return _subjects(found.exclude(category_code="").exclude(state__in=NO_VISIT), most)


def _told(community_id: int) -> QuerySet[Case]:
    found = Case.objects.filter(community_id=community_id, quarantined=False).exclude(state__in=NOT_TOLD)
    return found.exclude(category_code__in=sensitive(community_id))


def sensitive(community_id: int) -> list[str]:
    """The codes of the community's sensitive categories, ended ones too."""
    return [row.code for row in reference.every_category(community_id).values() if row.sensitive]


def _subjects(found: QuerySet[Case], most: int) -> list[Subject]:
    rows = found.order_by("-reported_at", "-id").values_list(*FIELDS)[:most]
    return [_subject(*row) for row in reversed(list(rows))]


def _subject(
    case_id: int, number: str, words: str, reporter: int | None, contact: Any, at: datetime, closed: datetime | None,
    *rest: Any,
) -> Subject:  # fmt: skip
    category, state, building, grid, path, lon, lat, address, reopenings = rest
    ended = (closed or at) if state in ENDED else None
    who = voice(case_id, reporter, contact)
    return Subject(
        case_id, number, words, who, at, ended, category, state, building, grid, path, lon, lat, address, reopenings
    )  # fmt: skip


def voice(case_id: int, reporter_id: int | None, contact_index: bytes | memoryview | None) -> str:
    """A key that is the same for the same person: the account, else the phone's index, else the report itself."""
    if reporter_id is not None:
        return f"a{reporter_id}"
    return f"c{bytes(contact_index).hex()}" if contact_index else f"r{case_id}"


def joined(case_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """Who else says the same of these cases without a report of their own, by case; nobody is left out of the answer."""
    rows = Supporter.objects.filter(case_id__in=case_ids, left_at__isnull=True, merged__isnull=True)
    return _people(rows, case_ids)


def everybody(case_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """As `joined`, those whose own reports were merged into these cases among them."""
    return _people(Supporter.objects.filter(case_id__in=case_ids, left_at__isnull=True), case_ids)


def _people(rows: QuerySet[Supporter], case_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for case_id, account, contact, key in rows.values_list(
        "case_id", "account_id", "contact_index", "person_key"
    ):
        named = (
            f"a{account}" if account else f"c{bytes(contact).hex()}" if contact else f"s{bytes(key).hex()}"
        )
        found[case_id].add(named)
    return {case_id: frozenset(found.get(case_id, ())) for case_id in case_ids}


def worked(case_ids: Collection[int]) -> dict[int, tuple[datetime, datetime]]:
    """From when until when these cases were worked on: first sent, last said to be done; only those that were."""
    rows = (
        Move.objects.filter(case_id__in=case_ids)
        .values("case_id")
        .annotate(sent=Min("at", filter=Q(verb__in=SENT)), done=Max("at", filter=Q(verb__in=DONE)))
        .filter(sent__isnull=False, done__isnull=False)
    )
    return {row["case_id"]: (row["sent"], row["done"]) for row in rows}


def moved_since(community_id: int, at: datetime) -> bool:
    """Whether anything was done to any case of the community after this moment."""
    return Move.objects.filter(community_id=community_id, at__gt=at).exists()
