"""Visits: written down, taken back by their maker."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from linli.cases.actions.report import report as take_in
from linli.cases.queries import steps as cases
from linli.cases.rules.intake import Channel, PlaceGiven, Report
from linli.fieldwork import access
from linli.fieldwork.access import Household
from linli.fieldwork.actions.plans import renew_due
from linli.fieldwork.events import VisitMade, VisitStruck
from linli.fieldwork.models import CarePlan, Visit
from linli.fieldwork.rules import visits as rules
from linli.fieldwork.rules.words import Outcome, Purpose
from linli.grids import queries as places
from linli.grids.rules.words import Level
from linli.kernel import audit, events
from linli.kernel.access import Actor, Forbidden
from linli.kernel.refusals import Refused, Wrong


def make(*, actor: Actor, made: rules.Made, key: UUID, at: datetime, report: str = "") -> Visit:
    """Write down a visit to a household; the same key again gives what it made the first time.

    What was promised for this day is settled where somebody was reached, and the plan's next day moves.

    :param report: words of a case that is made of it at once, at the household's building.
    :raises NotFound: a household that the actor may not know of.
    :raises Refused: see `rules.visits.wrong_visit`; report: as for a case; key: used, where another visit came under it.
    """
    home = access.find_household(actor, made.dwelling_id, at)
    plan = _plan(actor, made, home)
    day = places.day_of(made.at)
    found = rules.wrong_visit(made, day=day, at=at, has_plan=plan is not None)
    if found:
        raise Refused(*found)
    with transaction.atomic():
        row, fresh = Visit.objects.get_or_create(
            community_id=home.grid.community_id,
            key=key,
            defaults={
                "dwelling_id": home.dwelling.id,
                "grid_id": home.grid.id,
                "worker_id": actor.person_id,
                "plan": plan,
                "need": plan.need if plan else "",
                "purpose": made.purpose,
                "outcome": made.outcome,
                "words": made.words.strip() or None,
                "at": min(made.at, at),
                "made_at": at,
                "follow_up_date": made.follow_up_date,
                "follow_up_by_id": actor.person_id if made.follow_up_date else None,
            },
        )
        if not fresh:
            return _again(row, actor)
        if report.strip():
            row.case_id = _report(actor, home, report, key, at)
            row.save(update_fields=["case"])
        _settle(row, at)
        detail: dict[str, object] = {"purpose": row.purpose, "outcome": row.outcome, "grid": home.grid.code}
        _record(actor, "fieldwork.make_visit", row, at, detail)
        told = row.grid_id, row.worker_id, at, row.purpose, row.outcome
        events.publish(VisitMade(row.community_id, row.pk, *told))
    return row


def _plan(actor: Actor, made: rules.Made, home: Household) -> CarePlan | None:
    if made.plan_id is None:
        return None
    found = CarePlan.objects.filter(
        pk=made.plan_id, dwelling_id=home.dwelling.id, ended_at__isnull=True
    ).first()
    return found if found is not None and access.may_know_plan(actor, found, home.reach) else None


def _again(row: Visit, actor: Actor) -> Visit:
    if row.worker_id != actor.account_id:
        raise Refused(Wrong("key", "used"))
    return row


def _report(actor: Actor, home: Household, words: str, key: UUID, at: datetime) -> int:
    """A case of what was seen; the household stays unnamed, the building is where it is."""
    above = places.ancestors(home.dwelling)
    building = next((one.id for one in above if one.level == Level.BUILDING.value), None)
    told = Report(
        words=words,
        channel=Channel.PATROL,
        place=PlaceGiven(building_id=building),
    )
    try:
        receipt = take_in(
            actor=actor, community_id=home.grid.community_id, report=told, at=at, key=f"visit:{key}"
        )
    except Refused as refused:
        raise Refused(*(Wrong("report", wrong.code, wrong.limit) for wrong in refused.wrongs)) from refused
    return cases.id_of(home.grid.community_id, receipt.number)


def _settle(row: Visit, at: datetime) -> None:
    """What this visit settles: promised follow-ups of the household, and the plan's due day."""
    waiting = Visit.objects.filter(
        community_id=row.community_id,
        dwelling_id=row.dwelling_id,
        follow_up_date__isnull=False,
        followed_by__isnull=True,
        struck_at__isnull=True,
        at__lt=row.at,
    ).exclude(pk=row.pk)
    purpose, outcome = Purpose(row.purpose), Outcome(row.outcome)
    day = places.day_of(row.at)
    settled = [
        one.pk
        for one in waiting
        if one.follow_up_date and rules.settles(purpose, outcome, one.follow_up_date, day)
    ]
    Visit.objects.filter(pk__in=settled).update(followed_by=row)
    if row.plan is not None and outcome in rules.KEEPS_DUE:
        renew_due(row.plan)


def strike(*, actor: Actor, visit_id: int, at: datetime) -> Visit:
    """Take a visit back that was mistaken: it does not count any more, and what it settled waits again.

    :raises NotFound: absent, or of a household that the actor may not know of.
    :raises Forbidden: not_yours; too_late (`rules.visits.STRIKE_WITHIN`).
    """
    with transaction.atomic():
        row, _home = access.find_visit(actor, visit_id, at, lock=True)
        if row.worker_id != actor.account_id:
            raise Forbidden("not_yours")
        if row.struck_at is not None:
            return row
        if not rules.may_strike(row.made_at, at):
            raise Forbidden("too_late")
        row.struck_at = at
        row.save(update_fields=["struck_at"])
        Visit.objects.filter(followed_by=row).update(followed_by=None)
        if row.plan is not None:
            renew_due(row.plan)
        _record(actor, "fieldwork.strike_visit", row, at, None)
        events.publish(VisitStruck(row.community_id, row.pk, row.grid_id, row.worker_id, at))
    return row


def _record(actor: Actor, verb: str, row: Visit, at: datetime, detail: dict[str, object] | None) -> None:
    audit.record(
        community_id=row.community_id, actor=actor, verb=verb, object=f"visit:{row.pk}", at=at, detail=detail
    )
