"""What a community decided about chasing: ladders, approvals, who is named for what; and the letters of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from linli.cases.models import Appointment, ApprovalRow, Case, LadderRow, Supervision
from linli.cases.queries import reference
from linli.cases.rules.ladder import Act, LadderRule, Rung, When
from linli.cases.rules.promises import Stage, Urgency
from linli.cases.rules.requests import Approval, Ask, Decider
from linli.cases.rules.workflow import CHECKERS, DESK, LEADER
from linli.grids import queries as places
from linli.kernel.worktime import Unit

BODY_ROLES = frozenset({"property_handler", "department_handler", "police"})


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody named for something, from a day to a day."""

    id: int
    what: str
    organisation_id: int | None
    account_id: int
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def ladder_rules(community_id: int) -> tuple[LadderRule, ...]:
    """Every rung that is, was or will be."""

    def read() -> tuple[LadderRule, ...]:
        return tuple(ladder_rule(row) for row in LadderRow.objects.filter(community_id=community_id))

    return reference.keep("ladder", community_id, read)


def ladder_rule(row: LadderRow) -> LadderRule:
    """A row as the rules read it."""
    rung = Rung(
        level=row.level,
        when=When(row.when),
        act=Act(row.act),
        percent=row.percent,
        amount=Decimal(row.amount),
        unit=Unit(row.unit),
        days=Decimal(row.days),
        id=row.pk,
    )
    return LadderRule(
        rung=rung,
        stage=Stage(row.stage),
        category_code=row.category_code or None,
        urgency=Urgency(row.urgency) if row.urgency else None,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def approvals(community_id: int) -> tuple[Approval, ...]:
    """Every approval path that is, was or will be."""

    def read() -> tuple[Approval, ...]:
        return tuple(approval(row) for row in ApprovalRow.objects.filter(community_id=community_id))

    return reference.keep("approvals", community_id, read)


def approval(row: ApprovalRow) -> Approval:
    """A row as the rules read it."""
    return Approval(
        kind=Ask(row.kind),
        decider=Decider(row.decider),
        up_to=row.up_to,
        basis=row.basis,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        id=row.pk,
    )


def named(community_id: int) -> tuple[Named, ...]:
    """Everybody who is, was or will be named for something."""

    def read() -> tuple[Named, ...]:
        columns = ("pk", "what", "organisation_id", "account_id", "valid_from", "valid_to")
        rows = Appointment.objects.filter(community_id=community_id).order_by("valid_from", "pk")
        return tuple(Named(*row) for row in rows.values_list(*columns))

    return reference.keep("named", community_id, read)


def arbiters(community_id: int, on: date) -> frozenset[int]:
    """Who rules on the second return of a case: those named who serve at the desk that day, else the leaders.

    Empty where nobody leads either: then the desk rules, so that nobody is stuck.
    """
    duties = places.duties(community_id, on)
    at_desk = {duty.account_id for duty in duties if duty.role in DESK}
    wanted = {
        one.account_id
        for one in named(community_id)
        if one.what == Appointment.What.ARBITER and one.holds_on(on)
    }
    return frozenset(wanted & at_desk) or leaders(community_id, on)


def leaders(community_id: int, on: date) -> frozenset[int]:
    """Who leads the community on a day."""
    return frozenset(duty.account_id for duty in places.duties(community_id, on) if duty.role in LEADER)


def supervisors(community_id: int, on: date) -> frozenset[int]:
    """Who may supervise a case here on a day: whoever serves at the desk or checks results."""
    return frozenset(duty.account_id for duty in places.duties(community_id, on) if duty.role in CHECKERS)


def heads(community_id: int, organisation_id: int, on: date) -> frozenset[int]:
    """Who is told for a body: its heads as named, else everybody who works on its cases here that day."""
    wanted = frozenset(
        one.account_id
        for one in named(community_id)
        if one.what == Appointment.What.HEAD and one.organisation_id == organisation_id and one.holds_on(on)
    )
    return wanted or frozenset(
        duty.account_id
        for duty in places.duties(community_id, on)
        if duty.organisation_id == organisation_id and duty.role in BODY_ROLES
    )


def told_by(act: Act, case: Case, on: date) -> frozenset[int]:
    """The accounts a rung is meant for: what a sender of messages asks when the fact arrives."""
    return told_of(case.community_id, act, case.organisation_id, case.handler_id, on)


def told_of(
    community_id: int, act: Act, organisation_id: int | None, handler_id: int | None, on: date
) -> frozenset[int]:
    """As `told_by`, for a case that is with this body and this person."""
    if act is Act.TELL_LEADER:
        return leaders(community_id, on)
    body = heads(community_id, organisation_id, on) if organisation_id else frozenset()
    handler = frozenset({handler_id} if handler_id else set())
    desk = frozenset(duty.account_id for duty in places.duties(community_id, on) if duty.role == "dispatcher")
    if act is Act.REMIND:
        return handler or body or desk
    if act is Act.TELL_BODY:
        return body or handler or desk
    return body | handler | leaders(community_id, on)


def letters(case: Case) -> QuerySet[Supervision]:
    """The letters of a case, the newest first."""
    return Supervision.objects.filter(case=case).order_by("-opened_at", "-pk")


def letter(case: Case, letter_id: int) -> Supervision | None:
    """One letter of a case."""
    found = letters(case).select_related("organisation", "supervisor", "handler").filter(pk=letter_id)
    return found.first()
