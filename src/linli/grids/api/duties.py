"""Duties: who serves where as what; given and ended by those who keep the community."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query

from linli.grids import access, queries
from linli.grids.actions import duties as giving
from linli.grids.api.routers import KEEPERS, places, served
from linli.grids.api.shapes import DutyIn, DutyOut, UntilIn
from linli.grids.rows import DutyRow
from linli.grids.rules.words import Role
from linli.kernel.access import STAFF, Actor, NotFound
from linli.kernel.api import actor_of, answer, at, create, operation
from linli.kernel.api_types import Community, PathId
from linli.people import queries as people
from linli.people import rules as people_rules
from linli.people.actions import accounts


def _out(duty: DutyRow, language: str, name: str) -> dict[str, Any]:
    return {
        "id": duty.id,
        "account_id": duty.account_id,
        "person": duty.person,
        "name": name,
        "role": duty.role,
        "title": duty.title,
        "place_id": duty.place.id,
        "place": duty.place.name(language),
        "organisation_id": duty.organisation_id,
        "organisation": duty.organisation(language),
        "from_date": duty.from_date,
        "until_date": duty.until_date,
    }


def _read(actor: Actor, duty_id: int) -> dict[str, Any]:
    found = queries.duty(access.find_duty(actor, duty_id).pk)
    if found is None:
        raise NotFound
    return _out(found, actor.language, people.names([found.account_id]).get(found.account_id, ""))


@places.get("/duties", response=list[DutyOut], summary="Who serves in a community")
@operation("places.duties", who=STAFF, scope="people:read")
def index(
    request: HttpRequest,
    community: Community,
    role: Role | None = None,
    ended: Annotated[bool, Query(description="every duty that ever was or is to come")] = False,
) -> HttpResponse:
    """By place and role; full names only for leaders and administrators."""
    actor = actor_of(request)
    where = served(actor, community)
    found = queries.duties(where.id, None if ended else queries.day_of(at(request)))
    found = [duty for duty in found if role is None or duty.role == role]
    keeps = access.keeps(actor, where.id)
    names = people.names({duty.account_id for duty in found}) if keeps else {}
    return answer([_out(duty, actor.language, names.get(duty.account_id, "")) for duty in found])


@places.post("/duties", response={201: DutyOut}, summary="Let somebody serve")
@operation("places.grant_duty", who=KEEPERS, scope="admin", creates=True)
def grant(request: HttpRequest, body: DutyIn) -> HttpResponse:
    """In a role, at a place and all below it, from a day on. Only administrators make leaders and administrators."""
    actor, now = actor_of(request), at(request)

    def make() -> int:
        access.find_kept(actor, body.place_id)
        return giving.grant_duty(
            actor=actor,
            account_id=_account(actor, body, request),
            role=body.role.value,
            place_id=body.place_id,
            at=now,
            term=giving.Term(body.from_date or queries.day_of(now), body.until_date),
            organisation_id=body.organisation_id,
            title=body.title,
        ).id

    # In one transaction: no account is opened for a duty that is refused.
    return create(request, make=make, read=lambda duty_id: _read(actor, duty_id))


def _account(actor: Actor, body: DutyIn, request: HttpRequest) -> int:
    """The account meant; opened now where nobody has the phone and a name is given.

    :raises people_rules.BadPhone: not a mobile number.
    :raises giving.BadDuty: nobody_named.
    """
    if body.account_id is not None:
        return body.account_id
    if not body.phone:
        raise giving.BadDuty("nobody_named")
    phone = people_rules.normal_phone(body.phone)
    found = people.account_by_phone(phone)
    if found is not None:
        return found.pk
    if not body.name:
        raise giving.BadDuty("nobody_named")
    profile = accounts.Profile(body.name, language="zh-hans", elder=False)
    return accounts.open_account(actor=actor, phone=phone, profile=profile, at=at(request)).pk


@places.post("/duties/{int:duty_id}/end", response=DutyOut, summary="End a duty")
@operation("places.end_duty", who=KEEPERS, scope="admin")
def end(request: HttpRequest, duty_id: PathId, body: UntilIn) -> HttpResponse:
    """From today on, or from a later day, it opens no door."""
    actor = actor_of(request)
    giving.end_duty(actor=actor, duty_id=duty_id, at=at(request), until_date=body.until_date)
    return answer(_read(actor, duty_id))
