"""Promises: for each category, urgency and stage how much time, from a day on. Old versions stay readable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet

from linli.cases.actions.settings import keeping
from linli.cases.models import PromiseRow
from linli.cases.queries import reference
from linli.cases.rules.intake import Refused, Wrong
from linli.cases.rules.promises import Promise, PromiseRule, Stage, StartRule, Unit, Urgency
from linli.kernel.access import Actor, NotFound

MOST: dict[Unit, int] = {
    Unit.HOUR: 24 * 366,
    Unit.WORKING_HOUR: 24 * 366,
    Unit.WORKING_DAY: 366,
    Unit.CALENDAR_DAY: 732,
}
KEPT = ("amount", "unit", "start_rule", "valid_from", "valid_to", "source")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A promise as it is to be: within ``amount`` of ``unit``, for a category's subtree ("": all) and an
    urgency ("": any)."""

    stage: str
    amount: Decimal
    unit: str
    start_rule: str = StartRule.AT_ONCE.value
    category_code: str = ""
    urgency: str = ""
    valid_from: date | None = None  # None: today
    source: str = ""

    def as_rule(self, day: date) -> PromiseRule:
        """As the rules read it, from a day on."""
        promise = Promise(
            stage=Stage(self.stage),
            amount=self.amount,
            unit=Unit(self.unit),
            start_rule=StartRule(self.start_rule),
        )
        return PromiseRule(
            promise=promise,
            category_code=self.category_code or None,
            urgency=Urgency(self.urgency) if self.urgency else None,
            valid_from=day,
        )


def set_promise(*, actor: Actor, community_id: int, wanted: Wanted, at: datetime) -> PromiseRow:
    """Make a promise hold from a day on; the version before it ends the day before.

    :raises Refused: a value is unknown, the amount is not positive or too large, or the day is past.
    """
    keeping.require(actor, community_id)
    check(community_id, wanted)
    day = keeping.from_day(wanted.valid_from, at)
    with transaction.atomic():
        same = _same(community_id, wanted.category_code, wanted.urgency, wanted.stage).select_for_update()
        rows = list(same.order_by("valid_from"))
        row = next((row for row in rows if row.valid_from == day), None) or PromiseRow(
            community_id=community_id,
            category_code=wanted.category_code,
            urgency=wanted.urgency,
            stage=wanted.stage,
            valid_from=day,
        )
        before = keeping.plain(row, KEPT) if row.pk else None
        _close_earlier(rows, day)
        later = next((other for other in rows if other.valid_from > day), None)
        row.valid_to = later.valid_from - timedelta(days=1) if later else None
        row.amount, row.unit, row.start_rule = wanted.amount, wanted.unit, wanted.start_rule
        row.source, row.set_by_id = wanted.source.strip(), actor.account_id
        row.save()
        _record(actor, "set_promise", row, at, {"before": before, "now": keeping.plain(row, KEPT)})
    return row


def end_promise(
    *, actor: Actor, community_id: int, promise_id: int, last_day: date, at: datetime
) -> PromiseRow:
    """End a promise after a day; clocks that run keep what was promised.

    :raises NotFound: no promise in force or to come of this id in the community.
    :raises Refused: the day is past or before the promise begins.
    """
    keeping.require(actor, community_id)
    keeping.from_day(last_day, at, field="last_day")
    with transaction.atomic():
        found = PromiseRow.objects.select_for_update().filter(pk=promise_id, community_id=community_id)
        row = found.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=keeping.today(at))).first()
        if row is None:
            raise NotFound
        if last_day < row.valid_from:
            raise Refused(Wrong("last_day", "before_it_begins", row.valid_from.isoformat()))
        row.valid_to = last_day
        row.save(update_fields=["valid_to"])
        _record(actor, "end_promise", row, at, {"last_day": last_day.isoformat()})
    return row


def check(community_id: int, wanted: Wanted) -> None:
    """Nothing, when the promise can be made.

    :raises Refused: with everything that is wrong with it.
    """
    found = []
    known = (
        ("stage", Stage, False),
        ("unit", Unit, False),
        ("start_rule", StartRule, False),
        ("urgency", Urgency, True),
    )
    for name, kinds, optional in known:
        value = getattr(wanted, name)
        if value not in {kind.value for kind in kinds} and not (optional and not value):
            found.append(Wrong(name, "unknown"))
    if wanted.category_code and wanted.category_code not in reference.categories(community_id):
        found.append(Wrong("category_code", "unknown"))
    if len(wanted.source) > 200:
        found.append(Wrong("source", "too_long", "200"))
    found += _amount_wrongs(wanted)
    if found:
        raise Refused(*found)


def _amount_wrongs(wanted: Wanted) -> list[Wrong]:
    if not wanted.amount.is_finite() or wanted.amount <= 0:
        return [Wrong("amount", "positive")]
    most = MOST.get(Unit(wanted.unit), 0) if wanted.unit in {unit.value for unit in Unit} else 10_000
    if wanted.amount > most:
        return [Wrong("amount", "too_much", str(most))]
    if wanted.amount != round(wanted.amount, 2):
        return [Wrong("amount", "two_decimals")]
    return []


def _same(community_id: int, category_code: str, urgency: str, stage: str) -> QuerySet[PromiseRow]:
    return PromiseRow.objects.filter(
        community_id=community_id, category_code=category_code, urgency=urgency, stage=stage
    )


def _close_earlier(rows: list[PromiseRow], day: date) -> None:
    for row in rows:
        if row.valid_from < day and (row.valid_to is None or row.valid_to >= day):
            row.valid_to = day - timedelta(days=1)
            row.save(update_fields=["valid_to"])


def _record(actor: Actor, verb: str, row: PromiseRow, at: datetime, detail: dict[str, object]) -> None:
    where = {"category": row.category_code, "urgency": row.urgency, "stage": row.stage}
    keeping.record(
        community_id=row.community_id,
        actor=actor,
        verb=verb,
        thing=f"promise:{row.pk}",
        at=at,
        detail=where | detail,
    )
