"""The plan and the terms of calling residents back: dated, and never changed for lots that were drawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from linli.cases.actions import callback_draw
from linli.cases.actions.settings import keeping
from linli.cases.models import CallBack, CallbackRule, CallbackTerms
from linli.cases.queries import callback_plan, reference
from linli.cases.rules import callback as rules
from linli.cases.rules.callback import PlanRule, Terms, Trigger
from linli.cases.rules.intake import Channel, Refused, Wrong
from linli.kernel.access import Actor, NotFound
from linli.people import queries as people

LONGEST_QUESTION = 400
TRIED_DAYS = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the plan as it is to be."""

    share: Decimal
    category_code: str = ""
    organisation_id: int | None = None
    channel: str = ""
    trigger: str = ""
    minimum: int = 0
    valid_from: date | None = None  # None: tomorrow

    def as_rule(self, day: date) -> PlanRule:
        """As the rules read it, from a day on."""
        return PlanRule(
            share=self.share,
            category_code=self.category_code,
            organisation_id=self.organisation_id,
            channel=self.channel,
            trigger=self.trigger,
            minimum=self.minimum,
            valid_from=day,
        )


def add_line(*, actor: Actor, community_id: int, wanted: Line, at: datetime) -> CallbackRule:
    """Add a line to the plan, from tomorrow or later; the same one before it ends the day before.

    Today's lots are drawn by today's plan: what has been drawn can so be drawn again by anybody.

    :raises NotFound: the actor has nothing to do with the community.
    :raises Forbidden: keepers_only.
    :raises Refused: with everything that is wrong with it.
    """
    keeping.require(actor, community_id)
    day = _from_tomorrow(wanted.valid_from, at)
    check(community_id, wanted)
    same = CallbackRule.objects.filter(
        Q(organisation_id=wanted.organisation_id) if wanted.organisation_id else Q(organisation__isnull=True),
        community_id=community_id,
        category_code=wanted.category_code,
        channel=wanted.channel,
        trigger=wanted.trigger,
    )
    with transaction.atomic():
        for row in same.select_for_update().filter(valid_from__lt=day):
            if row.valid_to is None or row.valid_to >= day:
                row.valid_to = day - timedelta(days=1)
                row.save(update_fields=["valid_to"])
        row = same.filter(valid_from=day).first() or CallbackRule(
            community_id=community_id,
            category_code=wanted.category_code,
            organisation_id=wanted.organisation_id,
            channel=wanted.channel,
            trigger=wanted.trigger,
            valid_from=day,
        )
        row.share, row.minimum, row.set_by_id, row.valid_to = (
            wanted.share,
            wanted.minimum,
            actor.account_id,
            None,
        )
        row.save()
        _record(actor, community_id, "set_call_plan", f"callback_rule:{row.pk}", at, plain(row))
    return row


def end_line(*, actor: Actor, community_id: int, rule_id: int, last_day: date, at: datetime) -> CallbackRule:
    """End a line of the plan after a day, today or later; one still to come is taken away.

    :raises NotFound: no line in force or to come of this id here.
    :raises Refused: the day is past.
    """
    keeping.require(actor, community_id)
    keeping.from_day(last_day, at, field="last_day")
    today = keeping.today(at)
    with transaction.atomic():
        rows = CallbackRule.objects.select_for_update(of=("self",)).filter(
            pk=rule_id, community_id=community_id
        )
        row = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today)).first()
        if row is None:
            raise NotFound
        row.valid_to = max(last_day, row.valid_from - timedelta(days=1))
        row.save(update_fields=["valid_to"])
        _record(
            actor,
            community_id,
            "end_call_plan",
            f"callback_rule:{row.pk}",
            at,
            {"last_day": str(row.valid_to)},
        )
    return row


def plain(row: CallbackRule) -> dict[str, Any]:
    """A line as the audit keeps it."""
    return {
        "share": str(row.share),
        "category": row.category_code,
        "organisation": row.organisation_id,
        "channel": row.channel,
        "trigger": row.trigger,
        "minimum": row.minimum,
        "valid_from": row.valid_from.isoformat(),
    }


def _from_tomorrow(wanted: date | None, at: datetime) -> date:
    tomorrow = keeping.today(at) + timedelta(days=1)
    if wanted is not None and wanted < tomorrow:
        raise Refused(Wrong("valid_from", "from_tomorrow"))
    return wanted or tomorrow


def check(community_id: int, wanted: Line) -> None:
    """Nothing, when the line can stand in the plan.

    :raises Refused: with everything that is wrong with it.
    """
    share = wanted.share
    bodies = people.organisations([community_id])
    fine = {
        ("share", "out_of_range", ""): share.is_finite() and 0 <= share <= 100 and share == round(share, 2),
        ("category_code", "unknown", ""): wanted.category_code in {"", *reference.categories(community_id)},
        ("channel", "unknown", ""): wanted.channel in {"", *(one.value for one in Channel)},
        ("trigger", "unknown", ""): wanted.trigger in {"", *(one.value for one in Trigger)},
        ("minimum", "too_much", "1000"): 0 <= wanted.minimum <= 1000,
        ("organisation_id", "unknown", ""): wanted.organisation_id is None
        or bodies.filter(pk=wanted.organisation_id).exists(),
    }
    found = [Wrong(*wrong) for wrong, there in fine.items() if not there]
    if found:
        raise Refused(*found)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a plan would have meant for the last days."""

    days: int
    closings: int
    drawn: int
    by_body: tuple[tuple[int | None, int, int], ...]  # body, closings, drawn


def try_out(*, actor: Actor, community_id: int, wanted: Line | None, at: datetime) -> Tried:
    """How many calls the plan, with one more line, would have meant for the closings of the last 30 days.

    :raises Refused: the line cannot stand in the plan.
    """
    keeping.require(actor, community_id)
    day = keeping.today(at)
    plan = [
        rule
        for rule in callback_plan.read_rules(community_id)
        if rule.valid_to is None or rule.valid_to > day
    ]
    if wanted is not None:
        check(community_id, wanted)
        plan = [rule for rule in plan if not _same(rule, wanted)] + [wanted.as_rule(day)]
    always = [replace(rule, valid_from=date.min, valid_to=None) for rule in plan]
    rows = CallBack.objects.filter(community_id=community_id, closed_at__gte=at - timedelta(days=TRIED_DAYS))
    all_of: Counter[int | None] = Counter()
    drawn: Counter[int | None] = Counter()
    for row in rows.select_related("case"):
        all_of[row.organisation_id] += 1
        drawn[row.organisation_id] += rules.judge(callback_draw.closing_of(row), always, row.lot).drawn
    by_body = tuple((body, n, drawn[body]) for body, n in all_of.most_common())
    return Tried(TRIED_DAYS, sum(all_of.values()), sum(drawn.values()), by_body)


def _same(rule: PlanRule, wanted: Line) -> bool:
    return (rule.category_code, rule.organisation_id, rule.channel, rule.trigger) == (
        wanted.category_code, wanted.organisation_id, wanted.channel, wanted.trigger,
    )  # fmt: skip


def set_terms(
    *, actor: Actor, community_id: int, terms: Terms, script: dict[str, dict[str, str]], at: datetime
) -> CallbackTerms:
    """Let other terms and another script hold from today on.

    :raises Forbidden: keepers_only.
    :raises Refused: hours upside down, figures out of reach, or a question that is too long.
    """
    keeping.require(actor, community_id)
    found = _terms_wrongs(terms, script)
    if found:
        raise Refused(*found)
    day = keeping.today(at)
    with transaction.atomic():
        rows = CallbackTerms.objects.select_for_update(of=("self",)).filter(community_id=community_id)
        rows.filter(valid_to__isnull=True, valid_from__lt=day).update(valid_to=day - timedelta(days=1))
        row = rows.filter(valid_from=day).first() or CallbackTerms(community_id=community_id, valid_from=day)
        for name, value in asdict(terms).items():
            setattr(row, name, value)
        row.script = {name: said for name, said in script.items() if any(said.values())}
        row.set_by_id = actor.account_id
        row.save()
        detail = {name: str(value) for name, value in asdict(terms).items()}
        _record(actor, community_id, "set_call_terms", f"callback_terms:{row.pk}", at, detail)
    return row


def _terms_wrongs(terms: Terms, script: dict[str, dict[str, str]]) -> list[Wrong]:
    found = []
    for name, least, most in (("tries", 1, 10), ("days", 1, 10), ("parts", 1, 3), ("apart_hours", 0, 48)):
        if not least <= getattr(terms, name) <= most:
            found.append(Wrong(name, "too_much", str(most)))
    if terms.to_time <= terms.from_time:
        found.append(Wrong("to_time", "hours_upside_down"))
    for name, said in script.items():
        if name not in rules.QUESTIONS or set(said) - {"zh", "en"}:
            found.append(Wrong("script", "unknown"))
        elif any(len(text) > LONGEST_QUESTION for text in said.values()):
            found.append(Wrong(f"{name}_zh", "too_long", str(LONGEST_QUESTION)))
    return found


def _record(
    actor: Actor, community_id: int, verb: str, thing: str, at: datetime, detail: dict[str, Any]
) -> None:
    keeping.record(community_id=community_id, actor=actor, verb=verb, thing=thing, at=at, detail=detail)
