"""How tests close cases and note calls."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from linli.cases.actions import callback
from linli.cases.actions.callback import Said
from linli.cases.models import CallBack, CallbackRule, ClockRow
from linli.cases.rules.callback import Tried
from linli.cases.tests.cast import AT, Cast, Person

CLOSED = AT + timedelta(hours=5)
LATER = AT + timedelta(days=1)


def plan(cast: Cast, share: int, **fields: Any) -> CallbackRule:
    return CallbackRule.objects.create(
        community_id=cast.here.id, share=Decimal(share), **{"valid_from": date(2026, 1, 1), **fields}
    )


def closed(cast: Cast, key: str = "", **fields: Any) -> str:
    number = cast.report(key=key, **fields).number
    cast.settled(number)
    return number


def row_of(cast: Cast, number: str) -> CallBack:
    with cast.inside():
        return CallBack.objects.get(case__number=number, last=True)


def note(
    cast: Cast, number: str, outcome: Tried, by: Person | None = None, *, at: datetime = LATER, **said: Any
) -> CallBack:
    row = row_of(cast, number)
    who = (by or cast.verifier).actor(at)
    callback.note(actor=who, callback_id=row.pk, said=Said(outcome, **said), at=at)
    return row_of(cast, number)


def follow_up_clock(cast: Cast, number: str) -> ClockRow | None:
    with cast.inside():
        return ClockRow.objects.filter(case__number=number, stage="follow_up").order_by("-round").first()


def codes(error: Any) -> set[tuple[str, str]]:
    return {(one.field, one.code) for one in error.value.wrongs}
