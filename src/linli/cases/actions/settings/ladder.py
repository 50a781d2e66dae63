"""The ladder: which rung is climbed when, per category, urgency and stage, from a day on. Running promises follow it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from linli.cases.actions.settings import dated, keeping
from linli.cases.models import ClockRow, LadderRow
from linli.cases.queries import chasing, reference
from linli.cases.rules import ladder
from linli.cases.rules import reference as examples
from linli.cases.rules.intake import Refused, Wrong
from linli.cases.rules.ladder import Act, Rung, When
from linli.cases.rules.promises import Stage, Urgency
from linli.cases.rules.reference_chasing import ExampleRung, read_ladder
from linli.kernel.access import Actor
from linli.kernel.worktime import Unit

KEPT = ("when", "percent", "amount", "unit", "act", "days", "valid_from", "valid_to", "source")
STAGES = frozenset(Stage) - {Stage.FOLLOW_UP}  # a closed case is not escalated


@dataclass(frozen=True, slots=True)
class Wanted:
    """A rung as it is to be, for a category's branch ("": all) and an urgency ("": any)."""

    stage: str
    level: int
    when: str
    act: str
    percent: int = 0
    amount: Decimal = Decimal(0)
    unit: str = Unit.HOUR.value
    days: Decimal = Decimal(1)
    category_code: str = ""
    urgency: str = ""
    valid_from: date | None = None  # None: today
    source: str = ""

    def rung(self) -> Rung:
        """As the rules read it."""
        return Rung(
            level=self.level,
            when=When(self.when),
            act=Act(self.act),
            percent=self.percent if self.when == When.USED else 0,
            amount=self.amount if self.when == When.BROKEN else Decimal(0),
            unit=Unit(self.unit),
            days=self.days,
        )


def set_rung(*, actor: Actor, community_id: int, wanted: Wanted, at: datetime) -> LadderRow:
    """Make a rung hold from a day on; the version before it ends the day before.

    :raises Refused: a value is unknown or out of bounds, the rung would come before the one below it, or the day is past.
    """
    keeping.require(actor, community_id)
    day = keeping.from_day(wanted.valid_from, at)
    check(community_id, wanted, day)
    rung = wanted.rung()
    key = {
        "community_id": community_id,
        "category_code": wanted.category_code,
        "urgency": wanted.urgency,
        "stage": wanted.stage,
        "level": wanted.level,
    }
    values = {
        "when": rung.when.value,
        "percent": rung.percent,
        "amount": rung.amount,
        "unit": rung.unit.value,
        "act": rung.act.value,
        "days": rung.days,
        "source": wanted.source.strip(),
        "set_by_id": actor.account_id,
        "example": False,
    }
    with transaction.atomic():
        row = dated.put(LadderRow, key, values, day)
        _record(actor, "set_rung", row, at)
    return row


def end_rung(*, actor: Actor, community_id: int, row_id: int, last_day: date, at: datetime) -> LadderRow:
    """End a rung after a day.

    :raises NotFound: no rung in force or to come of this id in the community.
    :raises Refused: the day is past or before the rung begins.
    """
    keeping.require(actor, community_id)
    with transaction.atomic():
        row = dated.end(LadderRow, community_id=community_id, row_id=row_id, last_day=last_day, at=at)
        _record(actor, "end_rung", row, at)
    return row


def begin_with_examples(*, actor: Actor, community_id: int, at: datetime) -> int:
    """Give a community without a ladder the shipped one, from today; returns how many rungs.

    :raises Refused: the community has rungs of its own.
    """
    keeping.require(actor, community_id)
    with transaction.atomic():
        if LadderRow.objects.filter(community_id=community_id).exists():
            raise Refused(Wrong("ladder", "there_is_one"))
        made = LadderRow.objects.bulk_create(rows_of_examples(community_id, keeping.today(at)))
        keeping.record(
            community_id=community_id, actor=actor, verb="begin_ladder", thing=f"community:{community_id}", at=at,
            detail={"rows": len(made)},
        )  # fmt: skip
        look_again(community_id)
    return len(made)


def rows_of_examples(community_id: int, day: date) -> list[LadderRow]:
    """The shipped ladder as rows; rungs for categories the community does not have are left out."""
    tree = examples.read_categories(examples.shipped("categories"))
    held = reference.categories(community_id)
    found = read_ladder(examples.shipped("ladder"), tree)
    return [_row(one, community_id, day) for one in found if (one.rule.category_code or "") in {"", *held}]


def _row(one: ExampleRung, community_id: int, day: date) -> LadderRow:
    rule, rung = one.rule, one.rule.rung
    return LadderRow(
        community_id=community_id,
        category_code=rule.category_code or "",
        urgency=rule.urgency.value if rule.urgency else "",
        stage=rule.stage.value,
        level=rung.level,
        when=rung.when.value,
        percent=rung.percent,
        amount=rung.amount,
        unit=rung.unit.value,
        act=rung.act.value,
        days=rung.days,
        valid_from=day,
        source=one.source_zh,
        example=True,
    )


def check(community_id: int, wanted: Wanted, day: date) -> None:
    """Nothing, when the rung can be set.

    :raises Refused: with everything that is wrong with it.
    """
    known = (
        ("stage", {stage.value for stage in STAGES}),
        ("when", {one.value for one in When}),
        ("act", {one.value for one in Act}),
        ("unit", {one.value for one in Unit}),
        ("urgency", {"", *(one.value for one in Urgency)}),
        ("category_code", {"", *reference.categories(community_id)}),
    )
    found = [Wrong(name, "unknown") for name, values in known if getattr(wanted, name) not in values]
    if len(wanted.source) > 200:
        found.append(Wrong("source", "too_long", "200"))
    found += [
        Wrong(name, "two_decimals") for name in ("amount", "days") if not _two_decimals(getattr(wanted, name))
    ]
    if not found:
        found = [Wrong(*one) for one in ladder.wrongs(wanted.rung())] or _order(community_id, wanted, day)
    if found:
        raise Refused(*found)


def _two_decimals(value: Decimal) -> bool:
    return value.is_finite() and value == round(value, 2)


def _order(community_id: int, wanted: Wanted, day: date) -> list[Wrong]:
    """The ladder as it would be on that day must still go upwards around the new rung."""
    same = [
        rule
        for rule in chasing.ladder_rules(community_id)
        if (rule.category_code or "") == wanted.category_code
        and (rule.urgency or "") == wanted.urgency
        and rule.stage == wanted.stage
        and rule.rung.level != wanted.level
        and rule.holds_on(day)
    ]
    rungs = sorted([*(rule.rung for rule in same), wanted.rung()], key=lambda rung: rung.level)
    after = next((rung.level for rung in rungs if rung.level > wanted.level), 0)
    return [Wrong("level", "out_of_order")] if {wanted.level, after} & set(ladder.out_of_order(rungs)) else []


def look_again(community_id: int) -> None:
    """Have the sweep see at once where every running promise stands on the ladder as it is now."""
    running = ClockRow.objects.filter(community_id=community_id, stopped_at__isnull=True, task__isnull=True)
    running.update(ladder_at=F("started_at"))


def _record(actor: Actor, verb: str, row: LadderRow, at: datetime) -> None:
    where = {"category": row.category_code, "urgency": row.urgency, "stage": row.stage, "level": row.level}
    keeping.record(
        community_id=row.community_id,
        actor=actor,
        verb=verb,
        thing=f"rung:{row.pk}",
        at=at,
        detail={**where, "now": dated.plain(row, KEPT)},
    )
    look_again(row.community_id)
