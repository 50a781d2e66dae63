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
