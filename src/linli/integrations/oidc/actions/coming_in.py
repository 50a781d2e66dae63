"""Somebody comes in through a provider: sent there, taken back, recognised. No duty is given, no account is opened."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.db import IntegrityError, transaction

from linli.grids import queries as places
from linli.integrations.oidc import metadata, rules
from linli.integrations.oidc.models import Identity, Provider
from linli.integrations.oidc.rules import Begun, Untrusted
from linli.kernel import audit, outside, sealed
from linli.kernel.access import STAFF_ROLES, Actor
from linli.people import queries as people
from linli.people import rules as people_rules

SCOPES = "openid profile email phone"


class Stopped(Exception):
    """The person does not come in; ``code`` says why, in words for them.

    ``provider`` it could not be asked or cannot be relied on (``detail`` for the log); ``cancelled``; ``late``; ``domain``;
    ``unknown`` no account is bound; ``no_duty``; ``taken`` the identity or the account is bound otherwise.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class CameIn:
    """Who came in, and whether the provider asked for more than a password."""

    account_id: int
    second_factor: bool


def providers(community_ids: list[int] | None = None) -> list[Provider]:
    """The providers in force, of all communities or of some."""
    rows = Provider.objects.filter(ended_at=None).order_by("community_id", "pk")
    return list(rows if community_ids is None else rows.filter(community_id__in=community_ids))


def provider(key: str) -> Provider | None:
    """The provider in force of this key."""
    return Provider.objects.filter(key=key, ended_at=None).first()


def way_out(found: Provider, begun: Begun, *, state: str, back: str) -> str:
    """Where the browser is sent.

    :param back: our own address to which the provider sends it back.
    :raises Stopped: provider.
    """
    try:
        told = metadata.of(found.issuer).metadata
    except (Untrusted, outside.Unreached) as error:
        raise Stopped("provider", error.code) from error
    asked = {
        "response_type": "code",
        "client_id": found.client_id,
        "redirect_uri": back,
        "scope": SCOPES,
        "state": state,
        "nonce": begun.nonce,
        "code_challenge": rules.challenge(begun.verifier),
        "code_challenge_method": "S256",
    }
    joint = "&" if "?" in told.authorization_endpoint else "?"
    return f"{told.authorization_endpoint}{joint}{urlencode(asked)}"


def come_in(
    found: Provider, begun: Begun, *, code: str, iss: str, back: str, at: datetime, signed_in_as: int | None = None
) -> CameIn:  # fmt: skip
    """Who the provider says has come back; binds an account where that is what was begun.

    :param code: what the provider gave the browser.
    :param iss: who the provider says it is; empty where it does not.
    :param signed_in_as: the account of the session, for binding.
    :raises Stopped: provider, domain, unknown, no_duty, taken.
    """
    try:
        claims, subject = _claims(found, begun, code=code, iss=iss, back=back, at=at)
    except (Untrusted, outside.Unreached) as error:
        raise Stopped("provider", error.code) from error
    if not rules.domain_fits(claims, found.domains):
        raise Stopped("domain")
    index = sealed.blind_index("oidc.subject", f"{found.issuer}|{subject}")
    account_id = _recognised(found, index, claims, link=signed_in_as if begun.link else None)
    if not _serves(found, account_id, at):
        raise Stopped("no_duty")
    _bind(found, account_id, index, at)
    trusted = found.trusts_second_factor and rules.asked_twice(claims)
    return CameIn(account_id, trusted)


def _claims(
    found: Provider, begun: Begun, *, code: str, iss: str, back: str, at: datetime
) -> tuple[dict[str, Any], str]:
    told = metadata.of(found.issuer).metadata
    if (iss or told.names_itself) and iss != found.issuer:
        raise Untrusted("wrong_issuer")
    token = _token(found, told, {"code": code, "redirect_uri": back, "code_verifier": begun.verifier})
    claims = metadata.verified(token, issuer=found.issuer)
    subject = rules.check_claims(
        claims, issuer=found.issuer, client_id=found.client_id, nonce=begun.nonce, at=at
    )
    return claims, subject


def _token(found: Provider, told: rules.Metadata, more: dict[str, str]) -> str:
    """The signed token in exchange for the code.

    :raises Untrusted: no_token.
    """
    sent = {"grant_type": "authorization_code", "client_id": found.client_id, **more}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if found.secret and told.basic:
        pair = f"{quote(found.client_id, safe='')}:{quote(found.secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    elif found.secret:
        sent["client_secret"] = found.secret
    answer = outside.ask(
        "POST", told.token_endpoint, headers=headers, body=urlencode(sent).encode(), seconds=metadata.SECONDS,
        most_bytes=metadata.MOST_BYTES,
    )  # fmt: skip
    said = answer.json() if answer.good else None
    token = said.get("id_token") if isinstance(said, dict) else None
    if not isinstance(token, str) or len(token) > 20_000:
        raise Untrusted("no_token")
    return token


def _recognised(found: Provider, index: bytes, claims: dict[str, Any], *, link: int | None) -> int:
    bound = Identity.objects.filter(provider=found, subject_index=index).first()
    if bound is not None:
        if link is not None and bound.account_id != link:
            raise Stopped("taken")
        return int(bound.account_id)
    if link is not None:
        return link
    phone = rules.phone_of(claims, found.phone_claim)
    try:
        account = people.account_by_phone(people_rules.normal_phone(phone)) if phone else None
    except people_rules.BadPhone:
        account = None
    if account is None:
        raise Stopped("unknown")
    return int(account.pk)


def _serves(found: Provider, account_id: int, at: datetime) -> bool:
    actor = places.actor(account_id, at)
    held = (actor.roles(found.community_id) if actor else frozenset()) & STAFF_ROLES
    return bool(held & set(found.roles) if found.roles else held)


def _bind(found: Provider, account_id: int, index: bytes, at: datetime) -> None:
    try:
        with transaction.atomic():
            row, made = Identity.objects.update_or_create(
                provider=found,
                subject_index=index,
                defaults={"used_at": at},
                create_defaults={
                    "account_id": account_id, "community_id": found.community_id, "made_at": at, "used_at": at
                },
            )  # fmt: skip
            if made:
                _record(found, account_id, "bind", row.pk, at)
    except IntegrityError as error:  # this account is bound to another subject of the provider
        raise Stopped("taken") from error


def unbind(*, actor: Actor, identity_id: int, at: datetime) -> None:
    """Let the actor's own identity be theirs no more. Twice changes nothing."""
    with transaction.atomic():
        row = (
            Identity.objects.select_related("provider")
            .filter(pk=identity_id, account_id=actor.person_id)
            .first()
        )
        if row is not None:
            _record(row.provider, actor.person_id, "unbind", row.pk, at)
            row.delete()


def identities(account_id: int) -> dict[int, Identity]:
    """What an account is bound to, by provider."""
    return {row.provider_id: row for row in Identity.objects.filter(account_id=account_id)}


def erase(account_id: int, at: datetime) -> None:
    """Forget whom a person was elsewhere; runs when the account is erased."""
    Identity.objects.filter(account_id=account_id).delete()


def _record(found: Provider, account_id: int, verb: str, row: int, at: datetime) -> None:
    audit.record(
        community_id=found.community_id, actor=Actor(account_id=account_id), verb=f"oidc.{verb}",
        object=f"identity:{row}", at=at, detail={"provider": found.pk},
    )  # fmt: skip
