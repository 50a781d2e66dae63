"""Links for screens that look at the wall without a person: made by the leader, for a time, revoked at once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from linli.cases.rules.intake import Refused, Wrong
from linli.controlroom.actions.recording import record
from linli.controlroom.models import Screen
from linli.controlroom.rules import screens as rules
from linli.kernel import scope
from linli.kernel.access import Actor, Forbidden, NotFound

MAKERS = ("community_leader",)


def make_screen(
    *, actor: Actor, community_id: int, name: str, days: int, language: str, at: datetime
) -> tuple[Screen, str]:
    """Make a link and give its token, for the only time.

    :param days: how long it lives, one of `rules.LIVES_DAYS`.
    :raises Refused: name (missing, too_long), days (unknown), screens (too_many).
    :raises Forbidden: not the leader.
    """
    _require(actor, community_id)
    given = " ".join(name.split())
    wrong = _wrong(given, days, community_id, at)
    if wrong:
        raise Refused(wrong)
    secret = secrets.token_urlsafe(24)
    with transaction.atomic():
        made = Screen.objects.create(
            community_id=community_id,
            name=given,
            digest=rules.digest(secret),
            language=language,
            made_by_id=actor.person_id,
            made_at=at,
            expires_at=at + timedelta(days=days),
        )
        _record(actor, made, "make_screen", at, {"days": days})
    return made, rules.written(community_id, secret)


def _wrong(name: str, days: int, community_id: int, at: datetime) -> Wrong | None:
    if not name:
        return Wrong("name", "missing")
    if len(name) > rules.LONGEST_NAME:
        return Wrong("name", "too_long", str(rules.LONGEST_NAME))
    if days not in rules.LIVES_DAYS:
        return Wrong("days", "unknown")
    if held(community_id, at=at).count() >= rules.MOST:
        return Wrong("screens", "too_many", str(rules.MOST))
    return None


def revoke_screen(*, actor: Actor, community_id: int, screen_id: int, at: datetime) -> None:
    """End a link; a screen that shows the wall now learns it with its next question. Twice changes nothing.

    :raises NotFound: there is none of this id here.
    """
    _require(actor, community_id)
    with transaction.atomic():
        found = Screen.objects.select_for_update().filter(community_id=community_id, pk=screen_id).first()
        if found is None:
            raise NotFound
        if found.revoked_at is None:
            found.revoked_at, found.revoked_by_id = at, actor.person_id
            found.save(update_fields=["revoked_at", "revoked_by"])
            _record(actor, found, "revoke_screen", at, {})


def open_screen(token: str, *, at: datetime) -> Screen:
    """The screen of a token; its community's scope is entered by the caller. Notes now and then that it looks.

    :raises NotFound: no such link, or it has ended: both look the same.
    """
    said = rules.read(token)
    if said is None:
        raise NotFound
    community_id, secret = said
    with scope.within([community_id]):
        found = Screen.objects.filter(community_id=community_id, digest=rules.digest(secret)).first()
        if found is None or not rules.holds(expires_at=found.expires_at, revoked_at=found.revoked_at, at=at):
            raise NotFound
        late = Q(seen_at__isnull=True) | Q(seen_at__lt=at - rules.SEEN_EVERY)
        if found.seen_at is None or found.seen_at < at - rules.SEEN_EVERY:
            Screen.objects.filter(late, pk=found.pk).update(seen_at=at)
    return found


def held(community_id: int, *, at: datetime) -> QuerySet[Screen]:
    """The links that hold now, the newest first."""
    found = Screen.objects.filter(community_id=community_id, revoked_at__isnull=True, expires_at__gt=at)
    return found.select_related("made_by").order_by("-made_at", "-pk")


def _require(actor: Actor, community_id: int) -> None:
    if not actor.roles(community_id) & set(MAKERS):
        if community_id not in actor.staff_communities:
            raise NotFound
        raise Forbidden("leaders_only")


def _record(actor: Actor, screen: Screen, verb: str, at: datetime, detail: dict[str, object]) -> None:
    record(
        community_id=screen.community_id,
        actor=actor,
        roles=MAKERS,
        verb=verb,
        thing=f"screen:{screen.pk}",
        at=at,
        detail=detail,
    )
