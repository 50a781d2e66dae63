"""Where rooms side by side, or one above the other, work together: one function a journey."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from linli.cases.queries import reference
from linli.controlroom import saying_briefs
from linli.controlroom.access import READERS
from linli.controlroom.events import BriefMade
from linli.controlroom.queries import briefs
from linli.controlroom.rules.briefs import Kind
from linli.grids import queries as places
from linli.groups import queries as groups
from linli.groups.events import GroupCodeExpiring
from linli.notices import hearers, saying
from linli.notices.actions.telling import tell
from linli.notices.rules.addressing import To
from linli.people import queries as people
from linli.triage.events import TopicFound

GROUP_KEEPERS = ("grid_worker", "dispatcher", "community_leader")
MANY = 4  # from so many cases on a new topic is worth a message
TOPIC_READERS = ("dispatcher", "community_leader")


class _Names:
    """What bodies and categories are called in one community, in one language."""

    def __init__(self, community_id: int, language: str) -> None:
        self._community_id, self._language = community_id, language

    def category(self, code: str) -> str:
        """What a category is called."""
        row = reference.every_category(self._community_id).get(code)
        return row.name(self._language) if row else code

    def body(self, key: str) -> str:
        """What a body is called."""
        return (
            people.organisation_names([int(key)], self._language).get(int(key), key)
            if key.isdecimal()
            else key
        )


def tell_of_brief(fact: BriefMade) -> None:
    """Whoever reads figures gets the brief's words, and the room's group too."""
    row = briefs.kept(fact.community_id, Kind(fact.kind), date.fromisoformat(fact.day))
    if row is None:
        return

    def more(language: str) -> Mapping[str, Any]:
        here = saying.community_name(fact.community_id, language)
        said = saying_briefs.said(row.told, _Names(fact.community_id, language))
        return {
            "title": saying_briefs.title(row.kind, row.day, here),
            "words": "\n".join(f"· {one.text}" for one in said),
        }

    tell(
        community_id=fact.community_id,
        kind="brief",
        fact=f"controlroom.BriefMade:{fact.kind}:{fact.day}",
        to=[To.room(), *hearers.serving(fact.community_id, READERS, places.day_of(fact.at))],
        values=saying.plain(fact.community_id, more),
        link=reverse("control-brief", args=[fact.kind, fact.day]),
        at=fact.at,
    )


def tell_of_topic(fact: TopicFound) -> None:
    """The desk and the leader hear that many speak of one matter; in whose words stands on its page alone."""
    if fact.cases < MANY:
        return
    tell(
        community_id=fact.community_id,
        kind="work_topic",
        fact=f"triage.TopicFound:{fact.topic_id}",
        to=[To.room(), *hearers.serving(fact.community_id, TOPIC_READERS, places.day_of(fact.at))],
        values=saying.plain(fact.community_id, lambda language: {"cases": fact.cases}),
        link=reverse("triage:topic", args=[fact.topic_id]),
        at=fact.at,
    )


def tell_of_group_code(fact: GroupCodeExpiring) -> None:
    """Whoever looks after the group is asked for another code; where nobody does, those who serve at its place."""
    row = groups.one(fact.community_id, fact.group_id)
    if row is None:
        return
    on = places.day_of(fact.at)
    serving = hearers.serving(fact.community_id, GROUP_KEEPERS, on, place_path=row.place.path)
    tell(
        community_id=fact.community_id,
        kind="work_group_code",
        fact=f"groups.GroupCodeExpiring:{fact.group_id}:{fact.until}",
        to=[To.person(row.owner_id)] if row.owner_id else serving,
        values=saying.plain(
            fact.community_id,
            lambda language: {
                "group": row.name(language),
                "place": row.place.name(language),
                "until": saying.day(date.fromisoformat(fact.until)),
            },
        ),
        link=reverse("groups:group", args=[fact.group_id]),
        at=fact.at,
    )
