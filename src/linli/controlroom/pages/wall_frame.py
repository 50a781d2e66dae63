"""Who stands before the wall: a person with a duty, or a screen with a link; which community; what may be opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from linli.cases.actions.news import wall_topic
from linli.controlroom import access
from linli.controlroom.models import Screen
from linli.controlroom.queries import wall
from linli.controlroom.queries.wall import Asking, Sight
from linli.faces import assets
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.kernel import live
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.text import whole
from linli.people.pages.ways import Asked, language

WATCHERS = ("dispatcher", "community_leader", "auditor", "police")
COMMUNITY = "linli.wall"  # the community this session looks at
SCREEN_TICKET = timedelta(minutes=15)  # a revoked screen hears codes no longer than this
PERSON_TICKET = timedelta(hours=8)


@dataclass
class Frame:
    """One look at the wall."""

    request: Asked
    community: PlaceRow
    screen: Screen | None = None

    @property
    def community_id(self) -> int:
        """Whose wall it is."""
        return self.community.id

    @cached_property
    def language(self) -> str:
        """The reader's; of a screen, the one it was made for."""
        return language(self.request)

    @cached_property
    def eyes(self) -> Sight:
        """What is seen."""
        if self.screen is not None:
            return wall.whole(self.community_id)
        return wall.sight(self.request.actor, self.community_id)

    @cached_property
    def asking(self) -> Asking:
        """The question, with what this reader has heard of."""
        return Asking(self.eyes, at=self.request.now, heard=_heard(self.request))

    @property
    def opens_cases(self) -> bool:
        """Whether a case leads to its page: for persons; a screen belongs to nobody."""
        return self.screen is None

    @cached_property
    def opens_figures(self) -> bool:
        """Whether a figure leads to its rows."""
        return self.screen is None and self.community_id in access.read_communities(self.request.actor)

    @property
    def key(self) -> tuple[object, ...]:
        """The same for all to whom the wall looks the same."""
        return (self.eyes.who, self.opens_cases, self.opens_figures, self.language)

    def url(self, name: str) -> str:
        """An address of the wall, for a person or for a screen."""
        if self.screen is not None:
            return reverse(f"controlroom:screen_{name}")
        return f"{reverse(f'controlroom:{name}')}?{urlencode({'community': self.community_id})}"

    def live_address(self) -> str:
        """Where news are heard; empty where no live process runs."""
        if not settings.LINLI_LIVE_URL:
            return ""
        topics = [f"community:{self.community_id}"]
        if self.eyes.whole:
            topics.append(wall_topic(self.community_id))
        lasts = SCREEN_TICKET if self.screen else PERSON_TICKET
        ticket = live.permit(topics, at=self.request.now, lasts=lasts)
        return f"{settings.LINLI_LIVE_URL.rstrip('/')}/live/?{urlencode({'ticket': ticket})}"

    @property
    def build(self) -> str:
        """Changes when the wall's own code does: an old screen then loads itself anew."""
        parts = (assets.url(f"controlroom/wall.{kind}") for kind in ("mjs", "css"))
        return "-".join(part.rpartition("=")[2] for part in parts)


def frame(request: Asked) -> Frame:
    """The wall of the community asked for, last looked at, or first served in.

    :raises NotFound: the actor has no duty in the community asked for.
    :raises Forbidden: a duty, but none that looks at the wall.
    """
    watched = watched_communities(request)
    asked = _asked(request)
    if asked is not None and asked not in watched:
        raise Forbidden("not_your_door") if asked in request.actor.staff_communities else NotFound
    held = request.session.get(COMMUNITY)
    chosen = asked if asked is not None else held if held in watched else min(watched, default=None)
    row = places.place(chosen) if chosen is not None else None
    if row is None:
        raise NotFound
    if held != row.id and len(watched) > 1:
        request.session[COMMUNITY] = row.id
    return Frame(request, row)


def watched_communities(request: Asked) -> frozenset[int]:
    """The communities whose wall this person may look at."""
    return frozenset(grant.community_id for grant in request.actor.grants if grant.role in WATCHERS)


def _asked(request: HttpRequest) -> int | None:
    said = request.GET.get("community", "")
    return whole(said)


def _heard(request: HttpRequest) -> datetime | None:
    """The version of the last news, in milliseconds since 1970; nonsense is nothing."""
    said = request.GET.get("v", "")
    if not (said.isascii() and said.isdigit() and 12 <= len(said) <= 13):
        return None
    return datetime.fromtimestamp(int(said) / 1000, UTC)
