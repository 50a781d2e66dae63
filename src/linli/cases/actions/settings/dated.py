"""Dated rows that follow each other: put one in force from a day, end one after a day. What held before stays readable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Q

from linli.cases.actions.settings import keeping
from linli.cases.models import Appointment, ApprovalRow, LadderRow
from linli.cases.rules.intake import Refused, Wrong
from linli.kernel.access import NotFound

Row = TypeVar("Row", LadderRow, ApprovalRow, Appointment)


def put(model: type[Row], key: Mapping[str, Any], values: Mapping[str, Any], day: date) -> Row:
    """Let the row of this key have these values from a day on; the one before it ends the day before.

    :param key: what a row is about: its columns of the unique key, without the day.
    """
    same = list(model.objects.select_for_update().filter(**_exactly(key)).order_by("valid_from"))
    for row in same:
        if row.valid_from < day and (row.valid_to is None or row.valid_to >= day):
            row.valid_to = day - timedelta(days=1)
            row.save(update_fields=["valid_to"])
    later = next((row for row in same if row.valid_from > day), None)
    made = next((row for row in same if row.valid_from == day), None) or model(**key, valid_from=day)
    made.valid_to = later.valid_from - timedelta(days=1) if later else None
    for name, value in values.items():
        setattr(made, name, value)
    made.save()
    return made


def _exactly(key: Mapping[str, Any]) -> dict[str, Any]:
    """A filter for this key; nothing means nothing."""
    found: dict[str, Any] = {}
    for name, value in key.items():
        found[f"{name}__isnull" if value is None else name] = True if value is None else value
    return found


def end(model: type[Row], *, community_id: int, row_id: int, last_day: date, at: datetime) -> Row:
    """End a row after a day.

    :raises NotFound: no row in force or to come of this id in the community.
    :raises Refused: the day is past or before the row begins.
    """
    keeping.from_day(last_day, at, field="last_day")
    found = model.objects.select_for_update().filter(pk=row_id, community_id=community_id)
    row = found.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=keeping.today(at))).first()
    if row is None:
        raise NotFound
    if last_day < row.valid_from:
        raise Refused(Wrong("last_day", "before_it_begins", row.valid_from.isoformat()))
    row.valid_to = last_day
    row.save(update_fields=["valid_to"])
    return row


def plain(row: LadderRow | ApprovalRow | Appointment, names: Iterable[str]) -> dict[str, Any]:
    """Some of a row's values as the audit keeps them."""
    kept = {name: getattr(row, name) for name in names}
    return {
        name: value if isinstance(value, (str, int, bool, type(None))) else str(value)
        for name, value in kept.items()
    }
