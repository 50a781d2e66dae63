"""API tokens: a key with which a program acts as a person, shown once and kept only as a keyed digest."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from linli.kernel import access, audit
from linli.people import models, queries, rules


def issue_token(
    *,
    actor: access.Actor,
    name: str,
    scopes: list[str],
    at: datetime,
    community_id: int | None = None,
    lives: timedelta = rules.TOKEN_LIVES,
) -> tuple[models.ApiToken, str]:
    """Make a token for the actor's own account and give its secret, for the only time.

    A token never may more than its person; ``admin`` is given only to admins of the community.

    :param community_id: the only community in which it works; None for all in which the person acts.
    :raises rules.BadScope: unknown scope, or none.
    :raises access.Forbidden: not_yours (a community the actor has no duty in), admin_only, token (a token
        makes no tokens).
    """
    wanted = rules.checked_scopes(scopes)
    account_id = _require(actor, wanted, community_id)
    secret = rules.TOKEN_MARK + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = models.ApiToken.objects.create(
            account_id=account_id,
            name=name.strip()[:60] or "API",
            digest=queries.token_digest(secret),
            prefix=secret[: rules.TOKEN_PREFIX],
            scopes=wanted,
            community_id=community_id,
            created_at=at,
            expires_at=at + min(lives, rules.TOKEN_LIVES),
        )
        detail: dict[str, object] = {"scopes": wanted}
        _record(actor, "people.issue_token", token, at, detail)
    return token, secret


def _require(actor: access.Actor, scopes: list[str], community_id: int | None) -> int:
    if actor.account_id is None or actor.token_id is not None:
        raise access.Forbidden("token")
    if community_id is not None and community_id not in actor.communities:
        raise access.Forbidden("not_yours")
    if rules.Scope.ADMIN in scopes:
        where = {community_id} if community_id is not None else actor.communities
        if not any(actor.has("admin", community_id=one) for one in where):
            raise access.Forbidden("admin_only")
    return actor.account_id


def revoke_token(*, actor: access.Actor, token_id: int, at: datetime) -> None:
    """End one of the actor's own tokens.

    :raises access.NotFound: no such token, or somebody else's.
    """
    if actor.account_id is None:
        raise access.NotFound
    with transaction.atomic():
        own = models.ApiToken.objects.filter(pk=token_id, account_id=actor.account_id)
        token = own.select_for_update().first()
        if token is None:
            raise access.NotFound
        if token.revoked_at is None:
            token.revoked_at = at
            token.save(update_fields=["revoked_at"])
            _record(actor, "people.revoke_token", token, at)


def open_program(*, name: str, at: datetime) -> int:
    """Open an account for a program that acts for itself: no phone, no password, nothing to sign in with but keys.

    Who may is decided by the room that asks. Returns the account's id.
    """
    account = models.Account(short_name=name[:40], created_at=at)
    account.set_unusable_password()
    account.save(force_insert=True)
    return int(account.pk)


def close_program(*, account_id: int, at: datetime) -> None:
    """Close a program's account: none of its keys works any more."""
    with transaction.atomic():
        models.Account.objects.filter(pk=account_id, phone_index=None).update(is_active=False)
        models.ApiToken.objects.filter(account_id=account_id, revoked_at=None).update(revoked_at=at)


def issue_key(
    *,
    account_id: int,
    community_id: int,
    name: str,
    scopes: list[str],
    per_minute: int,
    expires_at: datetime,
    at: datetime,
) -> str:
    """Give a program a key and say it, for the only time; who may is decided by the room that asks.

    :raises rules.BadScope: unknown scope, or none.
    """
    secret = rules.TOKEN_MARK + secrets.token_urlsafe(32)
    models.ApiToken.objects.create(
        account_id=account_id, name=name[:60], digest=queries.token_digest(secret), prefix=secret[: rules.TOKEN_PREFIX],
        scopes=rules.checked_scopes(scopes), community_id=community_id, per_minute=per_minute, created_at=at,
        expires_at=expires_at,
    )  # fmt: skip
    return secret


def shorten_keys(*, account_id: int, until: datetime, at: datetime) -> None:
    """Let a program's keys end at a moment, those that end before it as they would."""
    held = models.ApiToken.objects.filter(account_id=account_id, revoked_at=None, expires_at__gt=until)
    if until <= at:
        held.update(revoked_at=at)
    else:
        held.update(expires_at=until)


def _record(
    actor: access.Actor,
    verb: str,
    token: models.ApiToken,
    at: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    audit.record(
        community_id=token.community_id or 0,
        actor=actor,
        verb=verb,
        object=f"token:{token.pk}",
        at=at,
        detail=detail,
    )
