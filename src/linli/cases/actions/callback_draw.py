"""Who is called back: the lot of each closing, drawn in the transaction that closes the case; a month's minimum."""

from __future__ import annotations

import calendar
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from linli.cases.actions.doing import Doing
from linli.cases.models import CallBack, CallbackSeed, Case, Supervision, Supporter, Task
from linli.cases.queries import callback_plan
from linli.cases.rules import callback as rules
from linli.cases.rules.callback import Closing, Outcome, Trigger, Why
from linli.cases.rules.intake import Refused, Wrong
from linli.cases.rules.promises import Urgency
from linli.cases.rules.workflow import SETTLED, State
from linli.kernel import audit
from linli.kernel.access import SYSTEM
from linli.kernel.clock import LOCAL
from linli.people import queries as people


def draw(case: Case, at: datetime) -> bool:
    """Draw the lot of a case that is being closed; whether its resident is to be called.

    An imported case is not drawn: what was closed elsewhere is not ours to check.
    """
    if case.batch:
        return False
    before = CallBack.objects.filter(case=case)
    closing = _closing(case, before.count() + 1, at)
    month = rules.month_of(at)
    seed = seed_of(case.community_id, month, at)
    plan = callback_plan.read_rules(case.community_id)
    verdict = rules.draw(closing, plan, seed)
    before.filter(last=True).update(last=False)
    row = CallBack(
        community_id=case.community_id,
        case=case,
        round=closing.round,
        closed_at=at,
        month=month,
        category_code=closing.category_code,
        organisation_id=closing.organisation_id,
        channel=closing.channel,
        triggers=sorted(closing.triggers),
        lot=verdict.lot,
        share=verdict.share,
        rule_id=verdict.rule_id,
        why=verdict.why.value,
        state=CallBack.State.OPEN if verdict.drawn else CallBack.State.SKIPPED,
    )
    if verdict.drawn and not may_be_reached(case):
        _end_without_number(row, at)
    row.save()
    return row.state == CallBack.State.OPEN


def _closing(case: Case, round_: int, at: datetime) -> Closing:
    return Closing(
        number=case.number,
        round=round_,
        day=at.astimezone(LOCAL).date(),
        category_code=case.category_code,
        organisation_id=case.organisation_id,
        channel=case.channel,
        triggers=_triggers(case),
    )


def _triggers(case: Case) -> frozenset[str]:
    """What makes the case special; one statement."""
    of_case = {"case_id": OuterRef("pk")}
    merged, joined, joint, supervised = Case.objects.filter(pk=case.pk).values_list(
        Exists(Case.objects.filter(merged_into_id=OuterRef("pk"))),
        Exists(Supporter.objects.filter(**of_case)),
        Exists(Task.objects.filter(**of_case)),
        Exists(Supervision.objects.filter(**of_case)),
    )[0]
    held = {
        Trigger.REOPENED: case.reopenings > 0,
        Trigger.JOINED: merged or joined,
        Trigger.JOINT: joint,
        Trigger.SUPERVISED: supervised or case.supervised_until is not None,
        Trigger.URGENT: case.urgency != Urgency.NORMAL,
    }
    return frozenset(trigger.value for trigger, there in held.items() if there)


def may_be_reached(case: Case) -> bool:
    """Whether there is a number to call, left with the report or the reporter's own; not for who would not be named."""
    if case.anonymous:
        return False
    if case.contact_index is not None or case.contact_phone:
        return True
    account = people.account(case.reporter_id) if case.reporter_id else None
    return bool(account and account.is_active and account.phone)


def _end_without_number(row: CallBack, at: datetime) -> None:
    row.state, row.outcome, row.called_at = CallBack.State.DONE, Outcome.NO_CONTACT.value, at


def seed_of(community_id: int, month: str, at: datetime) -> str:
    """The seed of a month's draw; made, and its digest written into the audit log, at the month's first closing."""
    held = CallbackSeed.objects.filter(community_id=community_id, month=month).first()
    if held is not None:
        return held.seed
    fresh = CallbackSeed(community_id=community_id, month=month, seed=secrets.token_hex(32), made_at=at)
    CallbackSeed.objects.bulk_create([fresh], ignore_conflicts=True)
    kept = CallbackSeed.objects.get(community_id=community_id, month=month)
    if kept.seed == fresh.seed:
        audit.record(
            community_id=community_id,
            actor=SYSTEM,
            verb="cases.seed_callbacks",
            object=f"month:{month}",
            at=at,
            detail={"digest": rules.digest_of(kept.seed)},
        )
    return kept.seed


def lapse(case: Case) -> None:
    """Take a case that is settled no longer out of the queue of calls."""
    waiting = CallBack.objects.filter(case=case, state=CallBack.State.OPEN)
    waiting.update(state=CallBack.State.LAPSED, held_by=None, held_at=None)


def last_of(case: Case) -> CallBack | None:
    """The latest closing of a case with its lot, locked; None for one closed before lots were drawn, or imported."""
    return CallBack.objects.select_for_update(of=("self",)).filter(case=case, last=True).first()


def settle(doing: Doing) -> dict[str, Any]:
    """Keep what a call came to, as the move behind it says; what the move's record tells of it.

    :raises Refused: "not reached" before enough was tried.
    """
    case, given, at = doing.case, doing.given, doing.at
    row = last_of(case) or _undrawn(case, at)
    reached = given.reached is not False
    outcome = Outcome.REACHED.value if reached else given.reason or Outcome.UNREACHABLE.value
    if outcome == Outcome.UNREACHABLE and row.state == CallBack.State.OPEN:
        require_tries(row, at)
    if row.why == Why.NOT_DRAWN:
        row.why = Why.ASKED.value
    row.state, row.outcome, row.called_at = CallBack.State.DONE, outcome, at
    row.called_by_id, row.held_by_id, row.held_at, row.again_at = doing.actor.account_id, None, None, None
    if reached:
        row.solved, row.stars = given.solved, given.stars
        row.satisfied = rules.content(given.solved, given.stars)
    row.save()
    return {"outcome": outcome, "callback": row.pk}


def waiting_answer(case: Case, *, lock: bool = False) -> CallBack | None:
    """The call-back whose reasoned answer waits to be approved, if there is one."""
    rows = CallBack.objects.filter(case=case, last=True, answer_at__isnull=False, approved__isnull=True)
    return (rows.select_for_update(of=("self",)) if lock else rows).first()


def proposer_of(case: Case) -> int | None:
    """Who proposed the reasoned answer that waits to be approved."""
    row = waiting_answer(case)
    return row.answer_by_id if row else None


def approve(doing: Doing) -> dict[str, Any]:
    """Keep that a reasoned answer is approved, in the words in which the resident reads it."""
    row = waiting_answer(doing.case, lock=True)
    if row is None:
        raise Refused(Wrong("answer", "nothing_proposed"))
    row.approved, row.ruled_by_id, row.ruled_at = True, doing.actor.account_id, doing.at
    row.answer, row.ruling_note = doing.given.answer.strip(), doing.given.note.strip()
    row.save(update_fields=["approved", "ruled_by", "ruled_at", "answer", "ruling_note"])
    return {"callback": row.pk}


def _undrawn(case: Case, at: datetime) -> CallBack:
    """A row for a case that was closed before lots were drawn, or imported: called because somebody wanted to."""
    closed_at = case.closed_at or at
    month = rules.month_of(closed_at)
    closing = _closing(case, 1, closed_at)
    return CallBack(
        community_id=case.community_id,
        case=case,
        round=closing.round,
        closed_at=closed_at,
        month=month,
        category_code=closing.category_code,
        organisation_id=closing.organisation_id,
        channel=closing.channel,
        triggers=sorted(closing.triggers),
        lot=rules.lot(seed_of(case.community_id, month, at), case.number, closing.round),
        state=CallBack.State.SKIPPED,
    )


def require_tries(row: CallBack, at: datetime) -> None:
    """Nothing, when enough was tried to say that the resident cannot be reached.

    :raises Refused: with how many calls are still to be made at least.
    """
    tries = row.calls.filter(outcome=rules.Tried.NO_ANSWER).values_list("at", flat=True)
    left = rules.lacking(tries, callback_plan.in_force(row.community_id, at.astimezone(LOCAL).date()).terms)
    if not left.nothing:
        raise Refused(Wrong("reached", "tries_missing", str(max(left.tries, left.days, left.parts, 1))))


# -- the month's minimum -----------------------------------------------------------------------------------


def top_up(community_id: int, at: datetime) -> int:
    """Draw, once a month is over, what its bodies lack of their minimum; how many were drawn.

    Safe to run again: what was drawn counts.
    """
    last_day = at.astimezone(LOCAL).date().replace(day=1) - timedelta(days=1)
    held = [
        rule for rule in callback_plan.read_rules(community_id) if rule.minimum and rule.holds_on(last_day)
    ]
    if not held:
        return 0
    with transaction.atomic():
        rows = CallBack.objects.select_for_update(of=("self",)).select_related("case")
        month = list(rows.filter(community_id=community_id, month=f"{last_day:%Y-%m}").order_by("pk"))
        by_id = {row.pk: row for row in month}
        added = rules.top_up([drawn_of(row) for row in month], held)
        for one in added:
            _add(by_id[one.id], one.rule_id, at)
    return len(added)


def drawn_of(row: CallBack) -> rules.Drawn:
    """A row as the rules read it, with ``case`` loaded."""
    return rules.Drawn(
        id=row.pk,
        closing=closing_of(row),
        lot=row.lot,
        drawn=row.why not in {Why.NOT_DRAWN, Why.ASKED},
    )


def closing_of(row: CallBack) -> Closing:
    """What the draw saw of a closing, with ``case`` loaded."""
    return Closing(
        number=row.case.number,
        round=row.round,
        day=row.closed_at.astimezone(LOCAL).date(),
        category_code=row.category_code,
        organisation_id=row.organisation_id,
        channel=row.channel,
        triggers=frozenset(row.triggers),
    )


def _add(row: CallBack, rule_id: int | None, at: datetime) -> None:
    """Draw one more: to be called if that is still possible, else it has lapsed."""
    row.why, row.rule_id = Why.MINIMUM.value, rule_id
    if row.state == CallBack.State.SKIPPED:
        settled = State(row.case.state) in SETTLED and row.last
        row.state = CallBack.State.OPEN if settled else CallBack.State.LAPSED
        if settled and not may_be_reached(row.case):
            _end_without_number(row, at)
    row.save()


# -- repeating a draw --------------------------------------------------------------------------------------


def repeat(community_id: int, month: str) -> tuple[QuerySet[CallBack], list[tuple[CallBack, str]]]:
    """A month's closings, and those whose draw does not come out as it is kept, each with what differs.

    Nothing is believed but the seed, the plan's dated lines, and what was noted of each case.
    """
    rows = (
        CallBack.objects.filter(community_id=community_id, month=month).select_related("case").order_by("pk")
    )
    held = CallbackSeed.objects.filter(community_id=community_id, month=month).first()
    plan = callback_plan.read_rules(community_id)
    found = list(rows)
    verdicts = {row.pk: rules.draw(closing_of(row), plan, held.seed if held else "") for row in found}
    first = [replace(drawn_of(row), drawn=verdicts[row.pk].drawn) for row in found]
    year, number = (int(part) for part in month.split("-"))
    last_day = date(year, number, calendar.monthrange(year, number)[1])
    extra = {one.id for one in rules.top_up(first, [rule for rule in plan if rule.holds_on(last_day)])}
    return rows, [(row, what) for row in found if (what := _difference(row, verdicts[row.pk], extra))]


def _difference(row: CallBack, verdict: rules.Verdict, extra: Iterable[int]) -> str:
    if row.lot != verdict.lot:
        return "lot"
    drawn = row.why in {Why.RULE, Why.NO_PLAN}
    if drawn != verdict.drawn:
        return "drawn"
    if row.why == Why.MINIMUM and row.pk not in extra:
        return "minimum"
    return ""
