"""Lasting fixes: what is done so that a problem does not come back, and which cases wait for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from linli.cases import access as cases
from linli.cases.rules.intake import Refused, Wrong
from linli.kernel import text
from linli.kernel.access import Actor, NotFound
from linli.kernel.refusals import Outdated
from linli.people import queries as people
from linli.triage import access
from linli.triage.actions.recording import record
from linli.triage.models import FixCase, LastingFix, Repeat, RepeatCase

LONGEST_TITLE, LONGEST_PLAN, LONGEST_BUDGET = 80, 2000, 200
LONGEST_DAYS = 3660
OVER = frozenset({LastingFix.State.DONE.value, LastingFix.State.GIVEN_UP.value})


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a lasting fix says."""

    title: str
    plan: str
    organisation_id: int | None
    from_date: date | None
    until_date: date | None
    budget: str = ""
    state: str = LastingFix.State.PLANNED.value
    result: str = ""


def make(
    *, actor: Actor, community_id: int, sheet: Sheet, at: datetime, repeat_id: int | None = None
) -> LastingFix:
    """Write down a lasting fix and tie a repeat problem, with its cases, to it.

    :raises Refused: with everything that is wrong with it; nothing was written.
    """
    access.require_decider(actor, community_id)
    check(community_id, sheet)
    with transaction.atomic():
        fix = LastingFix(community_id=community_id, made_by_id=actor.account_id, made_at=at)
        _save(fix, sheet, at)
        record(actor, community_id, "make_fix", f"fix:{fix.pk}", at, {"organisation": sheet.organisation_id})
        if repeat_id is not None:
            tie_repeat(actor=actor, repeat_id=repeat_id, fix_id=fix.pk, at=at)
    return fix


def change(
    *, actor: Actor, fix_id: int, sheet: Sheet, at: datetime, version: int | None = None
) -> LastingFix:
    """Let a lasting fix say something else: its plan, its days, how far it is, what came of it.

    :param version: the one the person looked at.
    :raises Outdated: somebody was faster.
    :raises Refused: with everything that is wrong with it; nothing was written.
    """
    with transaction.atomic():
        fix = access.fix(actor, fix_id, lock=True)
        access.require_decider(actor, fix.community_id)
        if version is not None and version != fix.version:
            raise Outdated
        check(fix.community_id, sheet)
        before = fix.state
        fix.version += 1
        _save(fix, sheet, at)
        detail = {"before": before, "state": fix.state, "until": fix.until_date.isoformat()}
        record(actor, fix.community_id, "change_fix", f"fix:{fix.pk}", at, detail)
    return fix


def tie_repeat(*, actor: Actor, repeat_id: int, fix_id: int, at: datetime) -> Repeat:
    """Tie a repeat problem to a lasting fix: its cases now, and those to come as they are found.

    :raises Refused: the fix is of another community or over.
    """
    with transaction.atomic():
        repeat = access.repeat(actor, repeat_id, lock=True)
        access.require_decider(actor, repeat.community_id)
        fix = _standing(actor, fix_id, repeat.community_id)
        if repeat.fix_id == fix.pk:
            return repeat
        ids = RepeatCase.objects.filter(repeat=repeat).values_list("case_id", flat=True)
        FixCase.objects.filter(case_id__in=list(ids), fix_id=repeat.fix_id).delete()
        repeat.fix = fix
        repeat.save(update_fields=["fix"])
        _tie(fix, list(ids), actor, at)
        record(actor, repeat.community_id, "tie_repeat", f"repeat:{repeat.pk}", at, {"fix": fix.pk})
    return repeat


def untie_repeat(*, actor: Actor, repeat_id: int, at: datetime) -> Repeat:
    """Part a repeat problem from its lasting fix, with its cases."""
    with transaction.atomic():
        repeat = access.repeat(actor, repeat_id, lock=True)
        access.require_decider(actor, repeat.community_id)
        if repeat.fix_id is None:
            return repeat
        ids = RepeatCase.objects.filter(repeat=repeat).values("case_id")
        FixCase.objects.filter(fix_id=repeat.fix_id, case_id__in=ids).delete()
        detail = {"fix": repeat.fix_id}
        repeat.fix = None
        repeat.save(update_fields=["fix"])
        record(actor, repeat.community_id, "untie_repeat", f"repeat:{repeat.pk}", at, detail)
    return repeat


def tie_case(*, actor: Actor, fix_id: int, number: str, at: datetime) -> LastingFix:
    """Tie one case to a lasting fix.

    :raises Refused: no such case for this actor in the fix's community, or it is tied to another fix; the fix is over.
    """
    with transaction.atomic():
        found = access.fix(actor, fix_id)
        access.require_decider(actor, found.community_id)
        fix = _standing(actor, fix_id, found.community_id)
        try:
            case = cases.find_at_work(actor, number)
        except NotFound:
            raise Refused(Wrong("number", "unknown")) from None
        if case.community_id != fix.community_id:
            raise Refused(Wrong("number", "unknown"))
        held = FixCase.objects.filter(case_id=case.pk).values_list("fix_id", flat=True).first()
        if held not in {None, fix.pk}:
            raise Refused(Wrong("number", "tied_already"))
        _tie(fix, [case.pk], actor, at)
        record(actor, fix.community_id, "tie_case", f"fix:{fix.pk}", at, {"case": case.pk})
    return fix


def untie_case(*, actor: Actor, fix_id: int, number: str, at: datetime) -> LastingFix:
    """Part one case from a lasting fix."""
    with transaction.atomic():
        fix = access.fix(actor, fix_id, lock=True)
        access.require_decider(actor, fix.community_id)
        case = cases.find_at_work(actor, number)
        gone, _ = FixCase.objects.filter(fix=fix, case_id=case.pk).delete()
        if gone:
            record(actor, fix.community_id, "untie_case", f"fix:{fix.pk}", at, {"case": case.pk})
    return fix


def check(community_id: int, sheet: Sheet) -> None:
    """Nothing, when the fix can be written so.

    :raises Refused: with everything that is wrong with it.
    """
    found = [*_words_wrong(sheet), *_days_wrong(sheet)]
    bodies = people.organisations([community_id])
    if sheet.organisation_id is None:
        found.append(Wrong("organisation_id", "missing"))
    elif not bodies.filter(pk=sheet.organisation_id).exists():
        found.append(Wrong("organisation_id", "unknown"))
    if sheet.state not in LastingFix.State.values:
        found.append(Wrong("state", "unknown"))
    elif sheet.state in OVER and not sheet.result.strip():
        found.append(Wrong("result", "missing"))
    if found:
        raise Refused(*found)


def _words_wrong(sheet: Sheet) -> list[Wrong]:
    found = []
    limits = {"title": LONGEST_TITLE, "plan": LONGEST_PLAN, "budget": LONGEST_BUDGET, "result": LONGEST_PLAN}
    for name, most in limits.items():
        words = getattr(sheet, name).strip()
        if not words and name in {"title", "plan"}:
            found.append(Wrong(name, "missing"))
        if len(words) > most:
            found.append(Wrong(name, "too_long", f"{most}"))
        found += [Wrong(name, f"holds_{finding.kind}") for finding in text.blocking(words)]
    return found


def _days_wrong(sheet: Sheet) -> list[Wrong]:
    if sheet.from_date is None or sheet.until_date is None:
        lacking = {"from_date": sheet.from_date, "until_date": sheet.until_date}
        return [Wrong(name, "missing") for name, day in lacking.items() if day is None]
    if sheet.until_date < sheet.from_date:
        return [Wrong("until_date", "ends_before")]
    if (sheet.until_date - sheet.from_date).days > LONGEST_DAYS:
        return [Wrong("until_date", "too_far", f"{LONGEST_DAYS}")]
    return []


def _save(fix: LastingFix, sheet: Sheet, at: datetime) -> None:
    was_over = fix.state in OVER
    for name in ("title", "plan", "budget", "result"):
        setattr(fix, name, getattr(sheet, name).strip())
    fix.organisation_id = sheet.organisation_id
    if sheet.from_date is not None and sheet.until_date is not None:
        fix.from_date, fix.until_date = sheet.from_date, sheet.until_date
    fix.state, fix.changed_at = sheet.state, at
    if sheet.state not in OVER:
        fix.ended_at = None
    elif fix.ended_at is None or not was_over:
        fix.ended_at = at
    fix.save()


def _standing(actor: Actor, fix_id: int, community_id: int) -> LastingFix:
    """A fix of this community that is not over, locked.

    :raises Refused: there is none of this id.
    """
    try:
        fix = access.fix(actor, fix_id, lock=True)
    except NotFound:
        raise Refused(Wrong("fix", "unknown")) from None
    if fix.community_id != community_id:
        raise Refused(Wrong("fix", "unknown"))
    if fix.state in OVER:
        raise Refused(Wrong("fix", "over"))
    return fix


def _tie(fix: LastingFix, ids: list[int], actor: Actor, at: datetime) -> None:
    rows = [
        FixCase(
            community_id=fix.community_id, fix=fix, case_id=case_id, tied_by_id=actor.account_id, tied_at=at
        )
        for case_id in ids
    ]
    FixCase.objects.bulk_create(rows, ignore_conflicts=True)
