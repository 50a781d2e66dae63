"""Providers made, changed and ended."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linli.cases.actions.settings import keeping
from linli.cases.rules.intake import Refused, Wrong
from linli.integrations.oidc import rules
from linli.integrations.oidc.models import Provider
from linli.kernel import outside
from linli.kernel.access import STAFF_ROLES, Actor

MOST = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a provider is to be. An empty ``secret`` leaves the one that is held."""

    name_zh: str
    name_en: str
    issuer: str
    client_id: str
    secret: str
    phone_claim: str
    trusts_second_factor: bool
    domains: tuple[str, ...]
    roles: tuple[str, ...]


def make(*, actor: Actor, community_id: int, wanted: Wanted, at: datetime) -> Provider:
    """Enter a provider.

    :raises Refused: name_zh, issuer, client_id (missing, too_long), issuer (address, plain_http, taken), roles (unknown),
        providers (too_many).
    """
    keeping.require(actor, community_id)
    held = Provider.objects.filter(community_id=community_id, ended_at=None)
    wrongs = _wrongs(wanted, taken=held.filter(issuer=wanted.issuer, client_id=wanted.client_id).exists())
    if held.count() >= MOST:
        wrongs.append(Wrong("providers", "too_many", str(MOST)))
    if wrongs:
        raise Refused(*wrongs)
    with transaction.atomic():
        made = Provider(
            community_id=community_id, key=secrets.token_hex(6), made_by_id=actor.person_id, made_at=at
        )
        _fill(made, wanted)
        made.save(force_insert=True)
        _record(actor, made, "make_provider", at)
    return made


def change(*, actor: Actor, provider_id: int, wanted: Wanted, at: datetime) -> Provider:
    """Let a provider be otherwise; who is bound stays bound, unless it is another issuer.

    :raises Refused: as `make`.
    :raises NotFound: none of this id that the actor keeps, or ended.
    """
    with transaction.atomic():
        found = find(actor, provider_id, locked=True)
        others = Provider.objects.filter(
            community_id=found.community_id, ended_at=None, issuer=wanted.issuer, client_id=wanted.client_id
        )
        wrongs = _wrongs(wanted, taken=others.exclude(pk=found.pk).exists())
        if wrongs:
            raise Refused(*wrongs)
        if wanted.issuer != found.issuer:
            found.identities.all().delete()
        _fill(found, wanted)
        found.save()
        _record(actor, found, "change_provider", at)
    return found


def end(*, actor: Actor, provider_id: int, at: datetime) -> None:
    """Let nobody in by it any more; sessions that are open go on. Its secret is forgotten."""
    with transaction.atomic():
        found = find(actor, provider_id, locked=True)
        found.ended_at, found.secret = at, None
        found.save()
        found.identities.all().delete()
        _record(actor, found, "end_provider", at)


def find(actor: Actor, provider_id: int, *, locked: bool = False) -> Provider:
    """A provider in force of a community that the actor keeps.

    :raises NotFound: none of this id.
    """
    return keeping.find(actor, Provider.objects.filter(ended_at=None), provider_id, locked=locked)


def _fill(row: Provider, wanted: Wanted) -> None:
    for name in ("name_zh", "name_en", "issuer", "client_id", "phone_claim", "trusts_second_factor"):
        setattr(row, name, getattr(wanted, name))
    row.domains, row.roles = list(wanted.domains), list(wanted.roles)
    if wanted.secret:
        row.secret = wanted.secret


def _wrongs(wanted: Wanted, *, taken: bool) -> list[Wrong]:
    found = []
    for field, longest in (("name_zh", 40), ("issuer", rules.LONGEST), ("client_id", 200)):
        value = getattr(wanted, field)
        if not value:
            found.append(Wrong(field, "missing"))
        elif len(value) > longest:
            found.append(Wrong(field, "too_long", str(longest)))
    if wanted.issuer:
        code = outside.usable(wanted.issuer) or ("address" if "?" in wanted.issuer else "")
        if code or taken:
            found.append(Wrong("issuer", code or "taken"))
    if set(wanted.roles) - STAFF_ROLES:
        found.append(Wrong("roles", "unknown"))
    return found


def _record(actor: Actor, row: Provider, verb: str, at: datetime) -> None:
    keeping.note(
        community_id=row.community_id,
        actor=actor,
        verb=f"oidc.{verb}",
        thing=f"provider:{row.pk}",
        at=at,
        detail={"roles": row.roles, "trusts_second_factor": row.trusts_second_factor},
    )
