"""Whom it takes to grant more time, and who is named for what: dated rows. What waits keeps the path it was asked under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from linli.cases.actions.settings import dated, keeping
from linli.cases.models import Appointment, ApprovalRow
from linli.cases.queries import chasing
from linli.cases.rules import reference as examples
from linli.cases.rules.intake import Refused, Wrong
from linli.cases.rules.reference_chasing import read_approvals
from linli.cases.rules.requests import Ask, Decider
from linli.cases.rules.workflow import DESK
from linli.grids import queries as places
from linli.kernel.access import Actor
from linli.people import queries as people

KEPT = ("decider", "basis", "valid_from", "valid_to", "source")
MOST_DAYS = 732


@dataclass(frozen=True, slots=True)
class Wanted:
    """A path as it is to be: requests of a kind up to so many working days (None: any size) take this decider."""

    kind: str
    decider: str
    up_to: Decimal | None = None
    basis: bool = False
    valid_from: date | None = None  # None: today
    source: str = ""


def set_approval(*, actor: Actor, community_id: int, wanted: Wanted, at: datetime) -> ApprovalRow:
    """Make a path of approval hold from a day on; the version before it ends the day before.

    :raises Refused: an unknown kind or decider, a size that is none, or a day in the past.
    """
    keeping.require(actor, community_id)
    _check(wanted)
    day = keeping.from_day(wanted.valid_from, at)
    key = {"community_id": community_id, "kind": wanted.kind, "up_to": wanted.up_to}
    values = {
        "decider": wanted.decider,
        "basis": wanted.basis,
        "source": wanted.source.strip(),
        "set_by_id": actor.account_id,
        "example": False,
    }
    with transaction.atomic():
        row = dated.put(ApprovalRow, key, values, day)
        _record(actor, "set_approval", row, at)
    return row


def _check(wanted: Wanted) -> None:
    found = []
    if wanted.kind not in {one.value for one in Ask}:
        found.append(Wrong("kind", "unknown"))
    if wanted.decider not in {one.value for one in Decider}:
        found.append(Wrong("decider", "unknown"))
    found += _size_wrongs(wanted.up_to)
    if len(wanted.source) > 200:
        found.append(Wrong("source", "too_long", "200"))
    if found:
        raise Refused(*found)


def _size_wrongs(up_to: Decimal | None) -> list[Wrong]:
    if up_to is None:
        return []
    if not up_to.is_finite() or up_to <= 0:
        return [Wrong("up_to", "positive")]
    if up_to > MOST_DAYS:
        return [Wrong("up_to", "too_much", str(MOST_DAYS))]
    return [] if up_to == round(up_to, 2) else [Wrong("up_to", "two_decimals")]


def end_approval(
    *, actor: Actor, community_id: int, row_id: int, last_day: date, at: datetime
) -> ApprovalRow:
    """End a path of approval after a day.

    :raises NotFound: no path in force or to come of this id in the community.
    :raises Refused: the day is past or before the path begins.
    """
    keeping.require(actor, community_id)
    with transaction.atomic():
        row = dated.end(ApprovalRow, community_id=community_id, row_id=row_id, last_day=last_day, at=at)
        _record(actor, "end_approval", row, at)
    return row


def begin_with_examples(*, actor: Actor, community_id: int, at: datetime) -> int:
    """Give a community without paths of approval the shipped ones, from today.

    :raises Refused: the community has paths of its own.
    """
    keeping.require(actor, community_id)
    with transaction.atomic():
        if ApprovalRow.objects.filter(community_id=community_id).exists():
            raise Refused(Wrong("approvals", "there_is_one"))
        made = ApprovalRow.objects.bulk_create(rows_of_examples(community_id, keeping.today(at)))
        keeping.record(
            community_id=community_id, actor=actor, verb="begin_approvals", thing=f"community:{community_id}", at=at,
            detail={"rows": len(made)},
        )  # fmt: skip
    return len(made)


def rows_of_examples(community_id: int, day: date) -> list[ApprovalRow]:
    """The shipped paths of approval as rows."""
    return [
        ApprovalRow(
            community_id=community_id,
            kind=one.approval.kind.value,
            up_to=one.approval.up_to,
            decider=one.approval.decider.value,
            basis=one.approval.basis,
            valid_from=day,
            source=one.source_zh,
            example=True,
        )
        for one in read_approvals(examples.shipped("approvals"))
    ]


def appoint(
    *,
    actor: Actor,
    community_id: int,
    what: str,
    account_id: int,
    organisation_id: int | None,
    at: datetime,
    valid_from: date | None = None,
) -> Appointment:
    """Name somebody: who rules on second returns, or who is told for a body.

    :raises Refused: unknown, not serving here, not at the desk, not of the body, or a day in the past.
    """
    keeping.require(actor, community_id)
    day = keeping.from_day(valid_from, at)
    body = organisation_id if what == Appointment.What.HEAD else None
    _check_named(community_id, what, account_id, body, day)
    key = {"community_id": community_id, "what": what, "organisation_id": body, "account_id": account_id}
    with transaction.atomic():
        row = dated.put(Appointment, key, {"set_by_id": actor.account_id}, day)
        _record(actor, "appoint", row, at)
    return row


def _check_named(community_id: int, what: str, account_id: int, body: int | None, day: date) -> None:
    if what not in Appointment.What.values:
        raise Refused(Wrong("what", "unknown"))
    duties = [duty for duty in places.duties(community_id, day) if duty.account_id == account_id]
    if what == Appointment.What.ARBITER:
        if not any(duty.role in DESK for duty in duties):
            raise Refused(Wrong("account_id", "not_at_the_desk"))
        return
    if body is None or not people.organisations([community_id]).filter(pk=body).exists():
        raise Refused(Wrong("organisation_id", "unknown"))
    if not any(duty.organisation_id == body and duty.role in chasing.BODY_ROLES for duty in duties):
        raise Refused(Wrong("account_id", "not_of_this_body"))


def dismiss(*, actor: Actor, community_id: int, row_id: int, last_day: date, at: datetime) -> Appointment:
    """End that somebody is named, after a day.

    :raises NotFound: nobody is named under this id in the community.
    :raises Refused: the day is past or before it begins.
    """
    keeping.require(actor, community_id)
    with transaction.atomic():
        row = dated.end(Appointment, community_id=community_id, row_id=row_id, last_day=last_day, at=at)
        _record(actor, "dismiss", row, at)
    return row


def _record(actor: Actor, verb: str, row: ApprovalRow | Appointment, at: datetime) -> None:
    detail: dict[str, Any]
    if isinstance(row, ApprovalRow):
        up_to = None if row.up_to is None else str(row.up_to)
        thing, detail = "approval", {"kind": row.kind, "up_to": up_to, "now": dated.plain(row, KEPT)}
    else:
        thing = "appointment"
        detail = dated.plain(row, ("what", "organisation_id", "account_id", "valid_from", "valid_to"))
    keeping.record(
        community_id=row.community_id, actor=actor, verb=verb, thing=f"{thing}:{row.pk}", at=at, detail=detail
    )
