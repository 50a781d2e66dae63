"""Lists of cases: the workbench queue, a resident's own, the published ones; filtered, searched, paged by key."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from linli.cases.models import CallBack, Case, Task
from linli.cases.rules import workflow
from linli.cases.rules.promises import Urgency
from linli.cases.rules.workflow import State
from linli.kernel import numbering, sealed, text

PAGE = 50
MOST = 100
HEAVY = ("search", "grid__boundary", "building__boundary")  # a list needs none of them
SEARCH_MOST = 200  # newest matches of a community that a list then filters
OUTSIDE = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9._/#-]{3,59}")  # how numbers of other systems look
LONGEST_CURSOR = 200
CATEGORY = re.compile(r"[a-z0-9_.]{1,60}")
URGENCY = re.compile("|".join(Urgency))
NO_TEXT = re.compile("[\x00\ud800-\udfff]")  # what PostgreSQL cannot hold
# Ascending means nulls last: what has no deadline comes after everything that has one.
ORDERS = {"newest": ("-reported_at", "-id"), "due": ("due_at", "id")}
_PARTS = Task.objects.filter(
    case_id=OuterRef("pk"), state=Task.State.OPEN
)  # what other bodies still have to do
_TO_CALL = CallBack.objects.filter(case_id=OuterRef("pk"), state=CallBack.State.OPEN)  # drawn, not yet called
VIEWS: dict[str, Q] = {
    "all": Q(),
    "open": Q(state__in=[state.value for state in workflow.OPEN]),
    "to_accept": Q(state=State.REPORTED, quarantined=False),
    "quarantined": Q(state=State.REPORTED, quarantined=True),
    "to_dispatch": Q(state__in=[State.ACCEPTED, State.RULED, State.REOPENED]),
    "to_rule": Q(state=State.RETURNED),
    "in_work": Q(state__in=[State.DISPATCHED, State.SIGNED, State.HANDLING, State.PAUSED]),
    "to_sign": Q(state=State.DISPATCHED),
    "to_check": Q(state__in=[State.HANDLED, State.VERIFYING]),
    "to_follow_up": Q(Exists(_TO_CALL), state=State.CLOSED),
    "joint": Q(Exists(_PARTS), state__in=[state.value for state in workflow.OPEN]),
    "supervised": Q(supervised_until__isnull=False, state__in=[state.value for state in workflow.OPEN]),
    "escalated": Q(escalated=True, state__in=[state.value for state in workflow.OPEN]),
    "settled": Q(state__in=[state.value for state in workflow.SETTLED]),
}


class BadFilter(Exception):
    """A filter or cursor that we did not make."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What of a list is wanted; every field is one of a closed set or a plain value, never a column name."""

    view: str = "open"
    community_id: int | None = None
    clock: str = ""  # broken | at_risk
    category: str = ""  # its whole branch
    urgency: str = ""
    place_path: str = ""
    organisation_id: int | None = None  # who holds it; in the view "joint" who still has a part of it to do
    handler_id: int | None = None
    q: str = ""  # words, a number, or a phone (exact)
    order: str = "newest"
    since: datetime | None = None
    until: datetime | None = None
    phones: frozenset[int] = frozenset()  # the communities in which the reader may search by a phone

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Filter:
        """A filter from a query string; unknown keys are ignored.

        :raises BadFilter: for a value outside its set.
        """
        wanted = cls(
            view=given.get("view") or "open",
            clock=given.get("clock", ""),
            category=_one_of(given.get("category"), CATEGORY),
            urgency=_one_of(given.get("urgency"), URGENCY),
            place_path=given.get("place", ""),
            organisation_id=_whole(given.get("organisation")),
            handler_id=_whole(given.get("handler")),
            community_id=_whole(given.get("community")),
            q=NO_TEXT.sub("", given.get("q", "")[:200]),
            order=given.get("order") or "newest",
            since=_moment(given.get("since")),
            until=_moment(given.get("until")),
        )
        if (
            wanted.view not in VIEWS
            or wanted.order not in ORDERS
            or wanted.clock not in {"", "broken", "at_risk"}
        ):
            raise BadFilter("view, order or clock")
        if wanted.place_path and not all(part.isdigit() for part in wanted.place_path.rstrip(".").split(".")):
            raise BadFilter("place")
        return wanted

    def only(self, **changes: Any) -> Filter:
        """The same filter with some fields changed."""
        return replace(self, **changes)


def _one_of(value: str | None, shape: re.Pattern[str]) -> str:
    if value and not shape.fullmatch(value):
        raise BadFilter("a category or an urgency was expected")
    return value or ""


def _whole(value: str | None) -> int | None:
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 18:
        raise BadFilter("a whole number was expected")
    return int(value)


def _moment(value: str | None) -> datetime | None:
    if not value:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        raise BadFilter("a time was expected") from error
    if found.tzinfo is None:
        raise BadFilter("a time needs its zone")
    return found


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases and the cursor of the next page (empty: there is none)."""

    cases: list[Case]
    cursor: str


def filtered(seen: QuerySet[Case], wanted: Filter, *, at: datetime) -> QuerySet[Case]:
    """The cases among ``seen`` that the filter wants, in its order."""
    found = seen.filter(VIEWS[wanted.view])
    if wanted.view == "joint" and wanted.organisation_id is not None:
        found = found.filter(Exists(_PARTS.filter(organisation_id=wanted.organisation_id)))
        wanted = wanted.only(organisation_id=None)
    plain: dict[str, Any] = {
        "community_id": wanted.community_id,
        "urgency": wanted.urgency or None,
        "organisation_id": wanted.organisation_id,
        "handler_id": wanted.handler_id,
        "reported_at__gte": wanted.since,
        "reported_at__lt": wanted.until,
        "place_path__startswith": f"{wanted.place_path.rstrip('.')}." if wanted.place_path else None,
    }
    found = found.filter(**{key: value for key, value in plain.items() if value is not None})
    if wanted.category:
        found = found.filter(
            Q(category_code=wanted.category) | Q(category_code__startswith=f"{wanted.category}.")
        )
    if wanted.clock == "broken":
        found = found.filter(due_at__lt=at, state__in=[state.value for state in workflow.OPEN])
    elif wanted.clock == "at_risk":
        found = found.filter(
            at_risk_at__lte=at, due_at__gte=at, state__in=[state.value for state in workflow.OPEN]
        )
    if wanted.q:
        found = searched(found, wanted.q, phones=wanted.phones)
    return found.order_by(*ORDERS[wanted.order])


def searched(found: QuerySet[Case], words: str, *, phones: frozenset[int] = frozenset()) -> QuerySet[Case]:
    """The cases with this number (ours or another system's), this phone (exactly), or these words.

    :param phones: where a phone may be searched for; elsewhere it would tell handlers who complained of them.
    """
    number = numbering.parse_number(words)
    if number:
        return found.filter(Q(number=number) | Q(outside_number=words))
    if OUTSIDE.fullmatch(words.strip()):
        theirs = found.filter(outside_number=words.strip())
        if theirs.exists():
            return theirs
    digits = words.replace(" ", "").replace("-", "")
    if digits.lstrip("+").isdigit() and len(digits) >= 7:
        return found.filter(community_id__in=phones, contact_index=sealed.blind_index("phone", digits))
    query = text.search_query(words)
    if query is None:
        return found.none()
    return found.filter(
        pk__in=RawSQL("SELECT linli_search_cases(%s::tsquery, %s)", (query, SEARCH_MOST))  # noqa: S611 (bound)
    )


def page(found: QuerySet[Case], *, order: str, cursor: str = "", size: int = PAGE) -> Page:
    """One page by key: stable while rows are added, the same cost at any depth.

    :raises BadFilter: for a cursor that we did not make.
    """
    size = max(1, min(size, MOST))
    found = _from(found, order, cursor).select_related("organisation", "grid", "building", "handler")
    rows = list(found.defer(*HEAVY)[: size + 1])
    if len(rows) <= size:
        return Page(rows, "")
    last = rows[size - 1]
    return Page(rows[:size], _token(last.due_at if order == "due" else last.reported_at, last.pk))


def page_of(
    found: QuerySet[Case], columns: Sequence[str], *, order: str, cursor: str = "", size: int = PAGE
) -> tuple[list[tuple[Any, ...]], str]:
    """As `page`, but plain values: these columns and the key. For a hundred rows a third of the work.

    :raises BadFilter: for a cursor that we did not make.
    """
    size = max(1, min(size, MOST))
    key = "due_at" if order == "due" else "reported_at"
    wanted = (*columns, *(name for name in (key, "pk") if name not in columns))
    rows = list(_from(found, order, cursor).values_list(*wanted)[: size + 1])
    if len(rows) <= size:
        return rows, ""
    last = rows[size - 1]
    return rows[:size], _token(last[wanted.index(key)], last[wanted.index("pk")])


def _from(found: QuerySet[Case], order: str, cursor: str) -> QuerySet[Case]:
    return found.filter(_after(order, *_read_cursor(cursor))) if cursor else found


def _token(key: datetime | None, pk: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([key.isoformat() if key else "", pk]).encode()).decode()


def _after(order: str, key: datetime | None, pk: int) -> Q:
    if order == "due" and key is None:
        return Q(due_at__isnull=True, pk__gt=pk)
    if order == "due":
        return Q(due_at__gt=key) | Q(due_at=key, pk__gt=pk) | Q(due_at__isnull=True)
    if key is None:
        raise BadFilter("cursor")
    return Q(reported_at__lt=key) | Q(reported_at=key, pk__lt=pk)


def _read_cursor(cursor: str) -> tuple[datetime | None, int]:
    if len(cursor) > LONGEST_CURSOR:
        raise BadFilter("cursor")
    try:
        key, pk = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        moment = datetime.fromisoformat(key) if key else None
        if (moment and moment.tzinfo is None) or not isinstance(pk, int) or abs(pk) > 2**62:
            raise BadFilter("cursor")
    except (ValueError, TypeError) as error:
        raise BadFilter("cursor") from error
    return moment, pk


def counts(seen: QuerySet[Case], *, at: datetime, more: Mapping[str, Q] | None = None) -> dict[str, int]:
    """How many cases each view of the queue holds, in one statement.

    :param more: further views of open cases, by name.
    """
    is_open = VIEWS["open"]
    wanted = {
        name: Count("pk", filter=condition)
        for name, condition in VIEWS.items()
        if name not in {"all", "settled"}
    }
    wanted["broken"] = Count("pk", filter=is_open & Q(due_at__lt=at))
    wanted["at_risk"] = Count("pk", filter=is_open & Q(at_risk_at__lte=at, due_at__gte=at))
    wanted |= {name: Count("pk", filter=is_open & condition) for name, condition in (more or {}).items()}
    return dict(
        seen.filter(Q(state__in=[*[s.value for s in workflow.OPEN], State.CLOSED.value])).aggregate(**wanted)
    )
