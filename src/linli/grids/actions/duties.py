"""Duties: given, and ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from linli.grids import access as doors
from linli.grids import events as facts
from linli.grids import queries
from linli.grids.models import Duty
from linli.grids.rows import DutyRow
from linli.grids.rules import duties as rules
from linli.grids.rules.words import Level, Role
from linli.kernel import access, audit, events
from linli.people import queries as people


class DutyHeld(Exception):
    """The account already serves there in this role in part of that time."""


class BadDuty(Exception):
    """Such a duty cannot be given; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Term:
    """From which day a duty holds; ``until_date`` is the first day on which it no longer does."""

    from_date: date
    until_date: date | None = None


def grant_duty(
    *,
    actor: access.Actor,
    account_id: int,
    role: str,
    place_id: int,
    at: datetime,
    term: Term | None = None,
    organisation_id: int | None = None,
    title: str = "",
) -> DutyRow:
    """Let an account serve in a role at a place and all below it, from today by default.

    :raises access.NotFound: a place that the actor does not keep, or no such account.
    :raises access.Forbidden: admins_only, for leaders who would make leaders or admins.
    :raises BadDuty: unknown_role, role_not_at_this_level, organisation_missing, organisation_elsewhere,
        ends_before_it_begins.
    :raises DutyHeld: when the account already serves so there.
    """
    place = doors.find_kept(actor, place_id)
    term = term or Term(queries.day_of(at))
    wanted = _role(role)
    _require(actor, place.community_id, wanted)
    if people.account(account_id) is None:
        raise access.NotFound
    fault = rules.fault_of_duty(
        wanted,
        Level(place.level),
        has_organisation=organisation_id is not None,
        from_date=term.from_date,
        until_date=term.until_date,
    )
    if fault:
        raise BadDuty(fault)
    _require_own_organisation(place.community_id, organisation_id)
    try:
        with transaction.atomic():
            made = Duty.objects.create(
                community_id=place.community_id,
                place_id=place.id,
                account_id=account_id,
                organisation_id=organisation_id,
                role=wanted.value,
                title=title.strip(),
                from_date=term.from_date,
                until_date=term.until_date,
            )
            _record(actor, "grids.grant_duty", made, at)
            events.publish(
                facts.DutyGranted(made.community_id, made.pk, account_id, place.id, wanted.value, at)
            )
    except IntegrityError as problem:
        if "grids_duty_not_twice" in str(problem):
            raise DutyHeld from problem
        raise
    granted = queries.duty(made.pk)
    assert granted is not None
    return granted


def end_duty(*, actor: access.Actor, duty_id: int, at: datetime, until_date: date | None = None) -> DutyRow:
    """End a duty: from today on it opens no door, or from a later day.

    A duty that has not begun ends on its first day, so that it never held.

    :raises access.NotFound: a duty in a community that the actor does not keep.
    :raises access.Forbidden: admins_only; already_ended.
    """
    duty = doors.find_duty(actor, duty_id)
    _require(actor, duty.community_id, Role(duty.role))
    until = max(until_date or queries.day_of(at), duty.from_date)
    if duty.until_date is not None and duty.until_date <= until:
        raise access.Forbidden("already_ended")
    with transaction.atomic():
        duty.until_date = until
        duty.save(update_fields=["until_date"])
        _record(actor, "grids.end_duty", duty, at)
        events.publish(
            facts.DutyEnded(duty.community_id, duty.pk, duty.account_id, duty.role, until.isoformat(), at)
        )
    ended = queries.duty(duty.pk)
    assert ended is not None
    return ended


def _role(role: str) -> Role:
    try:
        return Role(role)
    except ValueError as problem:
        raise BadDuty("unknown_role") from problem


def _require(actor: access.Actor, community_id: int, role: Role) -> None:
    if actor is not access.SYSTEM and not rules.may_grant(actor.roles(community_id), role):
        raise access.Forbidden("admins_only")


def _require_own_organisation(community_id: int, organisation_id: int | None) -> None:
    if organisation_id is None:
        return
    if not people.organisations([community_id]).filter(pk=organisation_id).exists():
        raise BadDuty("organisation_elsewhere")


def _record(actor: access.Actor, verb: str, duty: Duty, at: datetime) -> None:
    audit.record(
        community_id=duty.community_id,
        actor=actor,
        verb=verb,
        object=f"duty:{duty.pk}",
        at=at,
        detail={
            "account": duty.account_id,
            "place": duty.place_id,
            "role": duty.role,
            "organisation": duty.organisation_id,
            "from": duty.from_date.isoformat(),
            "until": duty.until_date.isoformat() if duty.until_date else None,
        },
    )
