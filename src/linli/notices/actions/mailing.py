"""One announcement to everybody below a place: written down once, spread in steps, each person told once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from linli.faces import languages
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.kernel import audit, scope
from linli.kernel.access import Actor, Forbidden, NotFound
from linli.notices import saying
from linli.notices.actions.telling import tell
from linli.notices.models import Mailing, Notice
from linli.notices.rules.addressing import To
from linli.notices.rules.delivery import State
from linli.notices.rules.kinds import LANGUAGES

STEP = 1000
MOST_STEPS = 20  # of one community, before the next has its turn
ANNOUNCERS = ("community_leader", "admin", "dispatcher", "grid_worker", "building_head")
STOPPABLE = [State.WAITING.value, State.HELD.value]


def announce(
    *,
    actor: Actor,
    community_id: int,
    key: str,
    place_path: str,
    title: Mapping[str, str],
    words: Mapping[str, str],
    link: str = "",
    urgent: bool = False,
    at: datetime,
) -> Mailing:
    """This function will tell everybody tied to a place, or to one below it, of an announcement.

    :param key: names the announcement for ever; under a key that is known nothing is said again.
    :param title: by language; Chinese where a language is missing. Likewise `words`.
    :param urgent: it breaks quiet hours and goes by SMS too: for what may save a life.
    :raises NotFound: no such place in this community.
    :raises Forbidden: not_your_place, when no duty of the actor reaches it.
    :raises ValueError: no title in Chinese.
    """
    _place(community_id, place_path)
    if not actor.system and not actor.has(*ANNOUNCERS, community_id=community_id, place_path=place_path):
        raise Forbidden("not_your_place")
    if not title.get(LANGUAGES[0]):
        raise ValueError("a title in Chinese is missing")
    said = {one: [title.get(one, ""), words.get(one, "")] for one in LANGUAGES if title.get(one)}
    with scope.within([community_id]), transaction.atomic():
        made, fresh = Mailing.objects.get_or_create(
            community_id=community_id,
            key=key,
            defaults={
                "kind": "announcement_urgent" if urgent else "announcement",
                "place_path": place_path,
                "words": said,
                "link": link,
                "asked_by_id": actor.account_id,
                "asked_at": at,
            },
        )
        if fresh:
            _record(actor, made, "announce", at)
    return made


def stop(*, actor: Actor, community_id: int, key: str, at: datetime) -> int:
    """This function will stop a mailing: nobody else is told, and what has not gone out yet stays here.

    :returns: how many notices were held back.
    :raises NotFound: no such mailing.
    :raises Forbidden: not_your_place.
    """
    with scope.within([community_id]), transaction.atomic():
        held = Mailing.objects.select_for_update().filter(community_id=community_id, key=key).first()
        if held is None:
            raise NotFound
        if not actor.system and not actor.has(
            *ANNOUNCERS, community_id=community_id, place_path=held.place_path
        ):
            raise Forbidden("not_your_place")
        held.ended_at, held.stopped_by_id = held.ended_at or at, actor.account_id
        held.save(update_fields=["ended_at", "stopped_by"])
        waiting = Notice.objects.filter(mailing=held, state__in=STOPPABLE)
        kept = waiting.update(
            state=State.GIVEN_UP.value, reason="withdrawn", next_at=None, ended_at=at, roads=[]
        )
        _record(actor, held, "stop_mailing", at)
    return kept


def _record(actor: Actor, mailing: Mailing, verb: str, at: datetime) -> None:
    audit.record(
        community_id=mailing.community_id,
        actor=actor,
        verb=f"notices.{verb}",
        object=f"mailing:{mailing.pk}",
        at=at,
        detail={"key": mailing.key, "kind": mailing.kind, "place": mailing.place_path},
    )


def _place(community_id: int, path: str) -> PlaceRow:
    last = path.rstrip(".").rpartition(".")[2]
    found = places.place(int(last)) if last.isdecimal() else None
    if found is None or found.community_id != community_id or found.path != path:
        raise NotFound
    return found


def spread(at: datetime) -> int:
    """Go on with every mailing that has not reached everybody; returns how many were told."""
    return sum(spread_community(place.id, at) for place in places.communities())


def spread_community(community_id: int, at: datetime) -> int:
    """Go on with one community's mailings."""
    done = 0
    with scope.within([community_id]):
        for _again in range(MOST_STEPS):
            with transaction.atomic():
                held = (
                    Mailing.objects.select_for_update(skip_locked=True)
                    .filter(community_id=community_id, ended_at__isnull=True)
                    .order_by("pk")
                    .first()
                )
                if held is None:
                    return done
                done += _step(held, at)
    return done


def _step(mailing: Mailing, at: datetime) -> int:
    place = _place(mailing.community_id, mailing.place_path)
    people = places.tied_to(place, after=mailing.reached_id, most=STEP)
    told = tell(
        community_id=mailing.community_id,
        kind=mailing.kind,
        fact=f"notices.mailing:{mailing.key}",
        to=[To.person(one) for one in people],
        values=lambda language: _values(mailing, language),
        link=mailing.link,
        at=at,
        mailing_id=mailing.pk,
    )
    mailing.told += told
    mailing.reached_id = people[-1] if people else mailing.reached_id
    if len(people) < STEP:
        mailing.ended_at = at
    mailing.save(update_fields=["told", "reached_id", "ended_at"])
    return told


def _values(mailing: Mailing, language: str) -> dict[str, str]:
    title, words = next(mailing.words[one] for one in languages.order(language) if one in mailing.words)
    return {
        "community": saying.community_name(mailing.community_id, language),
        "title": title,
        "words": words,
    }
