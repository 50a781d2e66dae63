"""One announcement to everybody below a place: written down once, spread in steps, each person told once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from linli.faces import languages
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.kernel import audit, events, scope
from linli.kernel.access import Actor, Forbidden, NotFound
from linli.notices import saying
from linli.notices.actions import telling
from linli.notices.actions.telling import tell
from linli.notices.events import MailingEnded
from linli.notices.models import Mailing, Notice
from linli.notices.rules.addressing import To
from linli.notices.rules.delivery import State
from linli.notices.rules.kinds import LANGUAGES

STEP = 1000
MOST_STEPS = 20  # of one community, before the next has its turn
ANNOUNCERS = ("community_leader", "admin", "dispatcher", "grid_worker", "building_head")
STOPPABLE = [State.WAITING.value, State.HELD.value]
HELD_BACK = "withdrawn"  # why a notice of a stopped mailing did not go out


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
    follows: str = "",
    at: datetime,
) -> Mailing:
    """Tell everybody tied to a place, or to one below it, of an announcement.

    :param key: names the announcement for ever; under a key that is known nothing is said again.
    :param follows: the stem of earlier keys: only those whom these mailings reached are told.
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
    said = _said(title, words)
    with scope.within([community_id]), transaction.atomic():
        made, fresh = Mailing.objects.get_or_create(
            community_id=community_id,
            key=key,
            defaults={
                "kind": "announcement_urgent" if urgent else "announcement",
                "place_path": place_path,
                "follows": follows,
                "words": said,
                "link": link,
                "asked_by_id": actor.account_id,
                "asked_at": at,
            },
        )
        if fresh:
            _record(actor, made, "announce", at)
    return made


def of_stem(community_id: int, stem: str) -> QuerySet[Mailing]:
    """The mailings about one thing: under its own key, and under keys that go on after a colon; the first one first."""
    mine = Q(key=stem) | Q(key__startswith=f"{stem}:")
    return Mailing.objects.filter(mine, community_id=community_id).order_by("pk")


def stop(*, actor: Actor, community_id: int, key: str, at: datetime) -> int:
    """Stop a mailing: nobody else is told, and what has not gone out yet stays here.

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
        held.ended_at, held.stopped_by_id, held.stopped = held.ended_at or at, actor.account_id, True
        held.save(update_fields=["ended_at", "stopped_by", "stopped"])
        waiting = Notice.objects.filter(mailing=held, state__in=STOPPABLE)
        kept = waiting.update(
            state=State.GIVEN_UP.value, reason=HELD_BACK, next_at=None, ended_at=at, roads=[]
        )
        _record(actor, held, "stop_mailing", at)
    return kept


def stop_all(*, actor: Actor, community_id: int, stem: str, at: datetime) -> int:
    """Stop every mailing about one thing that was asked for before now.

    :returns: how many notices were held back.
    """
    held = of_stem(community_id, stem).filter(follows="", asked_at__lt=at).values_list("key", flat=True)
    return sum(stop(actor=actor, community_id=community_id, key=key, at=at) for key in list(held))


def reword(*, community_id: int, stem: str, title: Mapping[str, str], words: Mapping[str, str]) -> int:
    """Let what has not gone out yet say something else; what was said stays as it was said.

    :param stem: of the mailings' keys.
    :returns: how many notices say something else now.
    """
    said = _said(title, words)
    done = 0
    with scope.within([community_id]), transaction.atomic():
        for held in of_stem(community_id, stem).select_for_update().filter(follows=""):
            held.words = said
            held.save(update_fields=["words"])
            for language in LANGUAGES:
                done += _rewrite(held, language)
    return done


def _rewrite(mailing: Mailing, language: str) -> int:
    waiting = Notice.objects.filter(mailing=mailing, state__in=STOPPABLE, language=language)
    found = waiting.values_list("pk", flat=True).first()
    if found is None:
        return 0
    title, words, values = telling.said(
        mailing.community_id, mailing.kind, language, _values(mailing, language)
    )
    return waiting.update(title=title, words=words, fields=values)


def _said(title: Mapping[str, str], words: Mapping[str, str]) -> dict[str, list[str]]:
    return {one: [title.get(one, ""), words.get(one, "")] for one in LANGUAGES if title.get(one)}


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
    return sum(spread_community(one, at) for one in places.communities_with(_open()))


def _open() -> QuerySet[Mailing]:
    return Mailing.objects.filter(ended_at__isnull=True)


def spread_community(community_id: int, at: datetime) -> int:
    """Go on with one community's mailings."""
    done = 0
    with scope.within([community_id]):
        for _again in range(MOST_STEPS):
            with transaction.atomic():
                held = (
                    _open()
                    .filter(community_id=community_id)
                    .select_for_update(skip_locked=True)
                    .order_by("pk")
                    .first()
                )
                if held is None:
                    return done
                done += _step(held, at)
    return done


def _step(mailing: Mailing, at: datetime) -> int:
    try:
        people = _next(mailing)
    except NotFound:  # the place is no more, or lies elsewhere: nobody is left to be told
        mailing.ended_at = at
        mailing.save(update_fields=["ended_at"])
        return 0
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
        events.publish(MailingEnded(mailing.community_id, mailing.key, at, mailing.kind, mailing.told))
    mailing.save(update_fields=["told", "reached_id", "ended_at"])
    return told


def _next(mailing: Mailing) -> list[int]:
    """Who is told next, in order of their ids."""
    if not mailing.follows:
        place = _place(mailing.community_id, mailing.place_path)
        return places.tied_to(place, after=mailing.reached_id, most=STEP)
    before = of_stem(mailing.community_id, mailing.follows).exclude(pk=mailing.pk).values("pk")
    reached = Notice.objects.filter(mailing__in=before, account_id__gt=mailing.reached_id)
    known = reached.exclude(reason=HELD_BACK).order_by("account_id").values_list("account_id", flat=True)
    return [one for one in known.distinct()[:STEP] if one is not None]


def _values(mailing: Mailing, language: str) -> dict[str, str]:
    title, words = next(mailing.words[one] for one in languages.order(language) if one in mailing.words)
    return {
        "community": saying.community_name(mailing.community_id, language),
        "title": title,
        "words": words,
    }
