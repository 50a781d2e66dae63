"""Codes with a scene: asked for place by place, made by the sweep, each once; a place keeps its code for ever."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.grids.rules.words import Level
from linli.integrations.wechat import access, platform
from linli.integrations.wechat.models import OfficialAccount, SceneCode
from linli.integrations.wechat.rules.errors import Reaction
from linli.integrations.wechat.rules.scenes import scene_for
from linli.kernel import audit, scope
from linli.kernel.access import Actor, NotFound

LEVELS = (Level.COMMUNITY, Level.COMMITTEE, Level.GRID, Level.COURTYARD, Level.BUILDING, Level.UNIT)
A_ROUND = 40  # calls of the platform in one round of the sweep
MOST_TRIES = 5
AGAIN = timedelta(minutes=2)
State = SceneCode.State


def ask(*, actor: Actor, community_id: int, level: str, at: datetime) -> int:
    """Ask for a code of every place of a level that has none; what failed is tried again.

    :returns: how many are asked for now.
    :raises NotFound: no account here, or no such level.
    """
    account = access.account(actor, community_id)
    community = places.place(community_id)
    if account is None or community is None or level not in {one.value for one in LEVELS}:
        raise NotFound
    with transaction.atomic():
        asked = _ask(account, _of_level(community, level), at)
        audit.record(
            community_id=community_id,
            actor=actor,
            verb="wechat.ask_scenes",
            object=f"official_account:{account.pk}",
            at=at,
            detail={"level": level, "codes": asked},
        )
    return asked


def _of_level(community: PlaceRow, level: str) -> list[PlaceRow]:
    return [community] if level == Level.COMMUNITY else places.subtree(community.path, level)


def _ask(account: OfficialAccount, wanted: Iterable[PlaceRow], at: datetime) -> int:
    held = dict(SceneCode.objects.filter(account=account).values_list("scene", "state"))
    fresh = [
        SceneCode(
            community_id=account.community_id,
            account=account,
            place_id=place.id,
            scene=scene_for(place.level, place.code),
            due_at=at,
            asked_at=at,
        )
        for place in wanted
    ]
    SceneCode.objects.bulk_create([one for one in fresh if one.scene not in held], ignore_conflicts=True)
    again = [one.scene for one in fresh if held.get(one.scene) == State.FAILED]
    SceneCode.objects.filter(account=account, scene__in=again).update(
        state=State.WAITING, tries=0, code="", due_at=at
    )
    return len(again) + sum(one.scene not in held for one in fresh)


def sweep(at: datetime) -> int:
    """Make the codes that are asked for, some of every account; returns how many were made."""
    return sum(_sweep(one, at) for one in places.communities_with(_due(at)))


def _due(at: datetime) -> QuerySet[SceneCode]:
    return SceneCode.objects.filter(due_at__lte=at)


def _sweep(community_id: int, at: datetime) -> int:
    done = 0
    with scope.within([community_id]):
        due = _due(at).filter(community_id=community_id).select_related("account")
        for row in list(due.order_by("pk")[:A_ROUND]):
            if not _make(row, at):
                break
            done += row.state == State.MADE
    return done


def _make(row: SceneCode, at: datetime) -> bool:
    """One call; whether it is worth going on with the next one now. Twice makes the same code: nothing is lost."""
    body = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": row.scene}}}
    row.tries += 1
    go_on = True
    try:
        told = platform.call(row.account, "/cgi-bin/qrcode/create", at=at, body=body)
    except platform.Refused as refused:
        again = refused.reaction in {Reaction.AGAIN, Reaction.TOMORROW} and row.tries < MOST_TRIES
        row.state, row.code = (State.WAITING if again else State.FAILED), refused.code[:40]
        row.due_at = at + AGAIN * row.tries if again else None
        go_on = not again
    else:
        row.url, row.ticket = str(told.get("url", ""))[:300], str(told.get("ticket", ""))[:200]
        row.state = State.MADE if row.url else State.FAILED
        row.code, row.due_at, row.made_at = ("" if row.url else "garbled"), None, at
    row.save(update_fields=["tries", "url", "ticket", "state", "code", "due_at", "made_at"])
    return go_on
