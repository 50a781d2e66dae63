"""Programs connected and ended, their keys exchanged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from linli.cases.actions.settings import keeping
from linli.cases.rules.intake import Refused, Wrong
from linli.grids import actions as grids
from linli.grids import queries as places
from linli.grids import queries_plates as plates
from linli.grids.actions.duties import BadDuty, Term
from linli.integrations.clients import access, rules
from linli.integrations.clients.models import ApiClient
from linli.kernel.access import Actor, Forbidden
from linli.people import queries as people
from linli.people.actions import tokens


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a program is to be. ``place_id`` 0: the whole community; ``owner_id`` 0: whoever makes it."""

    name: str
    organisation_id: int
    scopes: tuple[str, ...]
    role: str = ""
    place_id: int = 0
    days: int = 365
    per_minute: int = 600
    owner_id: int = 0


def make(*, actor: Actor, community_id: int, wanted: Wanted, at: datetime) -> tuple[ApiClient, str]:
    """Connect a program and give its key, for the only time.

    :raises Refused: name (missing, too_long, taken), organisation, role, scopes, place, owner, days, per_minute
        (unknown), place (whole_community: no place bounds this role), or what a duty asks for; clients (too_many).
    :raises Forbidden: the actor does not keep the community; a program makes no programs.
    """
    access.require(actor, community_id)
    if actor.quota is not None:
        raise Forbidden("token")
    name = " ".join(wanted.name.split())
    place_id, owner_id = wanted.place_id or community_id, wanted.owner_id or actor.person_id
    wrongs = _wrongs(wanted, name, community_id, place_id, owner_id, at)
    if wrongs:
        raise Refused(*wrongs)
    with transaction.atomic():
        account_id = tokens.open_program(name=name, at=at)
        made = ApiClient.objects.create(
            community_id=community_id, organisation_id=wanted.organisation_id, owner_id=owner_id, account_id=account_id,
            name=name, role=wanted.role, place_id=place_id, scopes=_scopes(wanted), per_minute=wanted.per_minute,
            made_at=at,
        )  # fmt: skip
        if wanted.role:
            made.duty_id = _serve(actor, made, at)
            made.save(update_fields=["duty_id"])
        secret = _key(made, days=wanted.days, at=at)
        detail = {"scopes": made.scopes, "role": made.role, "place": place_id, "days": wanted.days}
        _record(actor, made, "make_client", at, detail)
    return made, secret


def _scopes(wanted: Wanted) -> list[str]:
    return [scope for scope in rules.SCOPES if scope in wanted.scopes]


def _serve(actor: Actor, made: ApiClient, at: datetime) -> int:
    try:
        duty = grids.grant_duty(
            actor=actor, account_id=made.account_id, role=made.role, place_id=made.place_id,
            organisation_id=made.organisation_id, title=rules.TITLE, term=Term(places.day_of(at)), at=at,
        )  # fmt: skip
    except BadDuty as bad:
        raise Refused(Wrong("place" if bad.code == "role_not_at_this_level" else "role", bad.code)) from bad
    return int(duty.id)


def _key(made: ApiClient, *, days: int, at: datetime) -> str:
    return tokens.issue_key(
        account_id=made.account_id,
        community_id=made.community_id,
        name=made.name,
        scopes=made.scopes,
        per_minute=made.per_minute,
        expires_at=at + timedelta(days=days),
        at=at,
    )


def exchange_key(*, actor: Actor, client_id: int, days: int, hours: int, at: datetime) -> str:
    """Give a program another key; its former ones work for some hours more.

    :raises Refused: days, hours (unknown).
    :raises Forbidden: ended.
    """
    wrongs = [
        Wrong(field, "unknown")
        for field, value, known in (("days", days, rules.DAYS), ("hours", hours, rules.OVERLAPS))
        if value not in known
    ]
    if wrongs:
        raise Refused(*wrongs)
    with transaction.atomic():
        found = _open(actor, client_id)
        tokens.shorten_keys(account_id=found.account_id, until=at + timedelta(hours=hours), at=at)
        secret = _key(found, days=days, at=at)
        _record(actor, found, "exchange_key", at, {"days": days, "hours": hours})
    return secret


def end(*, actor: Actor, client_id: int, at: datetime) -> None:
    """End a program: its keys stop at once, its duty ends, for good. Twice changes nothing."""
    with transaction.atomic():
        found = access.client(actor, client_id, locked=True)
        if found.ended_at is not None:
            return
        found.ended_at = at
        found.save(update_fields=["ended_at"])
        tokens.close_program(account_id=found.account_id, at=at)
        if found.duty_id:
            try:
                grids.end_duty(actor=actor, duty_id=found.duty_id, at=at)
            except Forbidden as refused:
                if refused.code != "already_ended":
                    raise
        _record(actor, found, "end_client", at, {})


def _open(actor: Actor, client_id: int) -> ApiClient:
    found = access.client(actor, client_id, locked=True)
    if found.ended_at is not None:
        raise Forbidden("ended")
    return found


def _wrongs(
    wanted: Wanted, name: str, community_id: int, place_id: int, owner_id: int, at: datetime
) -> list[Wrong]:
    held = ApiClient.objects.filter(community_id=community_id, ended_at=None)
    found = _wrong_name(name, taken=held.filter(name=name).exists())
    place = places.place(place_id)
    bodies = {body.pk for body in people.organisations([community_id])}
    staff = plates.serving(community_id, places.day_of(at))
    checks = (
        ("organisation", wanted.organisation_id in bodies),
        ("owner", owner_id in staff),
        ("place", place is not None and place.community_id == community_id and place.valid_to is None),
        ("role", wanted.role in rules.ROLES),
        ("scopes", bool(wanted.scopes) and set(wanted.scopes) <= set(rules.SCOPES)),
        ("days", wanted.days in rules.DAYS),
        ("per_minute", wanted.per_minute in rules.QUOTAS),
    )
    found += [Wrong(field, "unknown") for field, right in checks if not right]
    if place_id != community_id and place is not None and wanted.role not in rules.AT_A_PLACE:
        found.append(Wrong("place", "whole_community"))
    if held.count() >= rules.MOST:
        found.append(Wrong("clients", "too_many", str(rules.MOST)))
    return found


def _wrong_name(name: str, *, taken: bool) -> list[Wrong]:
    if not name:
        return [Wrong("name", "missing")]
    if len(name) > rules.LONGEST_NAME:
        return [Wrong("name", "too_long", str(rules.LONGEST_NAME))]
    return [Wrong("name", "taken")] if taken else []


def _record(actor: Actor, made: ApiClient, verb: str, at: datetime, detail: dict[str, object]) -> None:
    keeping.note(
        community_id=made.community_id,
        actor=actor,
        verb=f"clients.{verb}",
        thing=f"client:{made.pk}",
        at=at,
        detail=detail,
    )
