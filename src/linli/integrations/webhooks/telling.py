"""Somebody is told when an endpoint pauses by itself: whoever entered it, and those who keep the community."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse

from linli.grids import queries as places
from linli.integrations.webhooks import access, words
from linli.integrations.webhooks.models import Endpoint
from linli.notices import hearers, saying
from linli.notices.actions.telling import tell
from linli.notices.rules.addressing import To
from linli.notices.rules.kinds import PERSON_ROADS, Group, Kind, Text, Urgency

PAUSED = Kind(
    "work_endpoint_paused",
    Group.WORK,
    Urgency.PROMPT,
    tuple(road for road in PERSON_ROADS if road != "sms"),
    ("community", "name", "why"),
)
TEXTS: Mapping[str, Text] = {
    "zh-hans": Text(
        "推送地址「{name}」已暂停",
        "{community}的推送地址「{name}」已自动暂停：{why}期间的事件照样留存三天，修好后点“继续推送”即可补发。",
    ),
    "en": Text(
        "The webhook “{name}” is paused",
        "The webhook “{name}” of {community} is paused. {why} Events are kept for three days: mend it and resume, and"
        " they are sent.",
    ),
}


def tell_of_pause(endpoint: Endpoint, at: datetime) -> None:
    """Tell of one pause, once, within the transaction that pauses."""
    tell(
        community_id=endpoint.community_id,
        kind=PAUSED.code,
        fact=f"webhooks.paused:{endpoint.pk}:{at.isoformat()}",
        to=_hearers(endpoint, at),
        values=saying.plain(
            endpoint.community_id,
            lambda language: {
                "name": endpoint.name,
                "why": words.label(words.PAUSES, endpoint.paused_why),
            },
        ),
        link=reverse("webhooks:endpoint", args=[endpoint.pk]),
        at=at,
    )


def _hearers(endpoint: Endpoint, at: datetime) -> list[To]:
    """Who keeps the community today; whoever entered the endpoint only if they still do."""
    return hearers.serving(endpoint.community_id, access.KEEPERS, places.day_of(at))
