"""Robots of a community: listed without what they are reached by, and opened for their carrier alone."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db.models import Q, QuerySet

from linli.notices.models import Robot


@dataclass(frozen=True, slots=True)
class OpenRobot:
    """What a carrier needs of a robot; never to be shown or logged."""

    id: int
    address: str
    secret: str


def standing(community_id: int) -> QuerySet[Robot]:
    """The robots that are heard now, the community's own room first."""
    found = Robot.objects.filter(community_id=community_id, stopped_at__isnull=True)
    return found.select_related("organisation").order_by("organisation__name_zh", "pk")


def opened(robot_id: int) -> OpenRobot | None:
    """What a robot is reached by; None for one that was stopped, or stands outside the communities entered."""
    found = Robot.objects.filter(pk=robot_id, stopped_at__isnull=True).first()
    return OpenRobot(found.pk, found.address, found.secret or "") if found else None


def first_of(community_id: int, road: str, organisation_id: int | None) -> int | None:
    """The first robot of a body, or of the community's own room, on a road."""
    of_body = Q(organisation__isnull=True) if organisation_id is None else Q(organisation_id=organisation_id)
    found = standing(community_id).filter(of_body, road=road)
    return found.values_list("pk", flat=True).first()


def masked(address: str) -> str:
    """An address as it may be shown: where it leads, and the last letters of its key."""
    parts = urlsplit(address)
    tail = (parts.query or parts.path)[-4:]
    return f"{parts.hostname or ''} …{tail}"
