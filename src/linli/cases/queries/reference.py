"""What a community has decided about its cases, kept in the process for half a minute: no statement per report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models.functions import Now, TruncDate

from linli.cases.models import Category, PromiseRow, RoutingRow
from linli.cases.rules import promises, routing
from linli.cases.rules.kinds import Kind
from linli.faces.languages import reads_english
from linli.grids import queries as places
from linli.kernel.access import NotFound
from linli.kernel.clock import LOCAL
from linli.kernel.worktime import Unit

KEPT_SECONDS = 30.0
T = TypeVar("T")
_codes: dict[str, int] = {}  # a community keeps its code
_kept: dict[tuple[str, int], tuple[float, object]] = {}


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category as pages and rules use it."""

    code: str
    name_zh: str
    name_en: str
    kind: str
    keywords: tuple[str, ...]
    sensitive: bool

    def name(self, language: str) -> str:
        """The name in the reader's language."""
        return self.name_en if reads_english(language) else self.name_zh

    @property
    def top(self) -> str:
        """The code of the branch it hangs on."""
        return self.code.partition(".")[0]


def forget(community_id: int | None = None) -> None:
    """Read afresh next time; called after an edit."""
    for key in [key for key in _kept if community_id in {None, key[1]}]:
        del _kept[key]
    if community_id is None:
        _codes.clear()


def keep(what: str, community_id: int, read: Callable[[], T]) -> T:
    """What was read under this name lately, else what ``read`` finds now."""
    held = _kept.get((what, community_id))
    if held and held[0] > time.monotonic():
        return held[1]  # type: ignore[return-value]  # stored under the same name by the same reader
    value = read()
    _kept[(what, community_id)] = (time.monotonic() + KEPT_SECONDS, value)
    return value


def categories(community_id: int) -> dict[str, CategoryRow]:
    """The categories in force today, by code, in the community's order."""
    return _categories(community_id)[0]


def every_category(community_id: int) -> dict[str, CategoryRow]:
    """The categories that are or ever were, by code: old cases keep theirs."""
    return _categories(community_id)[1]


def _categories(community_id: int) -> tuple[dict[str, CategoryRow], dict[str, CategoryRow]]:
    def read() -> tuple[dict[str, CategoryRow], dict[str, CategoryRow]]:
        # The database's own day: this answer is asked for without a moment, and kept for half a minute.
        today = TruncDate(Now(), tzinfo=LOCAL)
        rows = Category.objects.filter(community_id=community_id).annotate(today=today)
        every = sorted(rows, key=lambda row: row.valid_from)
        held = [
            row for row in every if row.valid_from <= row.today and (row.valid_to or row.today) >= row.today
        ]
        return _by_code(held), _by_code(every)

    return keep("categories", community_id, read)


def _by_code(rows: Iterable[Category]) -> dict[str, CategoryRow]:
    """The last row of each code, in the community's order."""
    last = {row.code: row for row in rows}
    return {
        row.code: CategoryRow(
            row.code, row.name_zh, row.name_en, row.kind, tuple(row.keywords), row.sensitive
        )
        for row in sorted(last.values(), key=lambda row: (row.order, row.code))
    }


def community_id(code: str) -> int:
    """The community with this 12-digit code.

    :raises NotFound: there is none.
    """
    held = _codes.get(code)
    if held is None:
        found = places.place_by_code(code)
        if found is None or found.id != found.community_id:
            raise NotFound
        held = _codes[code] = found.id
    return held


def takes_unnamed(community_id: int, at: datetime) -> bool:
    """Whether the community takes reports from people who have not signed in."""
    return keep("unnamed", community_id, lambda: bool(places.setting(community_id, "anonymous_reports", at)))


def promise_rules(community_id: int) -> tuple[promises.PromiseRule, ...]:
    """Every dated promise of the community."""

    def read() -> tuple[promises.PromiseRule, ...]:
        return tuple(promise_rule(row) for row in PromiseRow.objects.filter(community_id=community_id))

    return keep("promises", community_id, read)


def promise_rows(community_id: int) -> list[PromiseRow]:
    """Every promise that is, was or will be, by what it is for and since when."""
    found = PromiseRow.objects.filter(community_id=community_id)
    return list(found.order_by("category_code", "urgency", "stage", "valid_from"))


def promise_source(community_id: int, promise_id: int | None) -> PromiseRow | None:
    """The dated row a clock was taken from: since when it holds, and the regulation it rests on."""
    return PromiseRow.objects.filter(community_id=community_id, pk=promise_id).first() if promise_id else None


def promise_rule(row: PromiseRow) -> promises.PromiseRule:
    """A row as the rules read it."""
    promise = promises.Promise(
        stage=promises.Stage(row.stage),
        amount=row.amount,
        unit=Unit(row.unit),
        start_rule=promises.StartRule(row.start_rule),
        id=row.pk,
    )
    return promises.PromiseRule(
        promise=promise,
        category_code=row.category_code or None,
        urgency=promises.Urgency(row.urgency) if row.urgency else None,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def routing_rules(community_id: int) -> tuple[routing.RoutingRule, ...]:
    """The routing rules in force or dated, in order; drafts are left out."""

    def read() -> tuple[routing.RoutingRule, ...]:
        rows = RoutingRow.objects.filter(community_id=community_id, draft=False).select_related("place")
        return tuple(routing_rule(row) for row in rows.order_by("order", "id"))

    return keep("routing", community_id, read)


def routing_rule(row: RoutingRow) -> routing.RoutingRule:
    """A row as the rules read it."""
    target = routing.Target(
        organisation_id=row.organisation_id,
        organisation_kind=row.organisation_kind or None,
        role=row.role or None,
        level=row.level or None,
    )
    return routing.RoutingRule(
        id=row.pk,
        order=row.order,
        name=row.name,
        target=target,
        category_code=row.category_code or None,
        place_path=row.place.path if row.place else None,
        kinds=frozenset(Kind(kind) for kind in row.kinds),
        weekdays=frozenset(row.weekdays) if row.weekdays is not None else None,
        from_time=row.from_time,
        to_time=row.to_time,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def publishing(community_id: int) -> str:
    """Whether settled cases are on the public list: "never", with the reporter's "consent", or "always"."""

    def read() -> str:
        # The database's own moment: this answer is asked for without one, and kept for half a minute.
        now: Any = Now()
        return str(places.setting(community_id, "publish_settled", now))

    return keep("publishing", community_id, read)


def promised(
    community_id: int, *, category_code: str, urgency: str, on: date
) -> dict[promises.Stage, promises.Promise]:
    """What the community promises for such a case that begins on this day, by stage."""
    return dict(
        promises.choose(
            promise_rules(community_id),
            category_path=category_code or None,
            urgency=promises.Urgency(urgency),
            on=on,
        )
    )
