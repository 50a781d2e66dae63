"""What a community decides about being told: kinds and their roads, its own words, the robots of its groups."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from linli.cases.queries import reference
from linli.cases.rules.intake import Refused, Wrong
from linli.faces import languages
from linli.kernel import audit, outside, text
from linli.kernel.access import Actor, NotFound
from linli.notices import access, saying
from linli.notices.actions.telling import tell
from linli.notices.models import KindChoice, Notice, Robot, TemplateRow
from linli.notices.rules import kinds, wording
from linli.notices.rules.addressing import To
from linli.notices.rules.kinds import KINDS, LANGUAGES, ROBOT_ROADS, Group
from linli.people import queries as people

PARTS = ("title", "page", "short", "group")
LONGEST_NAME = 40
LONGEST_SECRET = 200
MOST_ROBOTS = 60


def _record(actor: Actor, community_id: int, verb: str, what: str, at: datetime, **detail: Any) -> None:
    audit.record(
        community_id=community_id, actor=actor, verb=f"notices.{verb}", object=what, at=at, detail=detail
    )


def _kind(code: str) -> kinds.Kind:
    if code not in KINDS or code in kinds.INNER:
        raise NotFound
    return KINDS[code]


def choose_roads(
    *, actor: Actor, community_id: int, kind: str, on: bool, roads: Collection[str], at: datetime
) -> KindChoice:
    """Write down whether a kind is told from now on, and by which roads.

    :raises NotFound: no such kind, or a community in which the actor has no duty.
    :raises Forbidden: keepers_only.
    :raises Refused: roads (not_a_road).
    """
    access.require_keeper(actor, community_id)
    known = _kind(kind)
    if set(roads) - set(known.possible_roads):
        raise Refused(Wrong("roads", "not_a_road"))
    ordered = [road for road in known.possible_roads if road in roads]
    fixed = known.group in kinds.FIXED
    with transaction.atomic():
        made, _fresh = KindChoice.objects.update_or_create(
            community_id=community_id,
            kind=kind,
            valid_from=at,
            defaults={"on": on or fixed, "roads": ordered, "set_by_id": actor.person_id},
        )
        _record(actor, community_id, "choose_roads", f"kind:{kind}", at, on=made.on, roads=ordered)
    reference.forget(community_id)
    return made


@dataclass(frozen=True, slots=True)
class Words:
    """A community's own words of a kind in one language; an empty part is as shipped."""

    title: str = ""
    page: str = ""
    short: str = ""
    group: str = ""


def set_words(
    *, actor: Actor, community_id: int, kind: str, language: str, words: Words, at: datetime
) -> TemplateRow:
    """Put the community's own words in place of the shipped ones, from now on.

    :raises NotFound: no such kind or language, or a community in which the actor has no duty.
    :raises Forbidden: keepers_only.
    :raises Refused: title, page, short, group (unknown_name, unbalanced, too_long, personal).
    """
    access.require_keeper(actor, community_id)
    known = _kind(kind)
    if not languages.is_spoken(language):
        raise NotFound
    wrongs = wrongs_of(known, words)
    if wrongs:
        raise Refused(*wrongs)
    given = {part: getattr(words, part).replace("\r\n", "\n").strip() for part in PARTS}
    with transaction.atomic():
        made, _fresh = TemplateRow.objects.update_or_create(
            community_id=community_id,
            kind=kind,
            language=language,
            valid_from=at,
            defaults={**given, "shipped": not any(given.values()), "set_by_id": actor.person_id},
        )
        _record(
            actor,
            community_id,
            "set_words",
            f"template:{kind}:{language}",
            at,
            parts=[p for p in PARTS if given[p]],
        )
    reference.forget(community_id)
    return made


def wrongs_of(kind: kinds.Kind, words: Words) -> tuple[Wrong, ...]:
    """What is wrong with words: names, brackets, length, personal data."""
    found = []
    for part in PARTS:
        said = getattr(words, part)
        faults = wording.faults(said, part=part, names=kind.names, required=False)
        found += [Wrong(part, fault.code, fault.value) for fault in faults]
        personal = text.blocking(said)
        if personal:
            found.append(Wrong(part, "personal", text.mask_text(said[personal[0].start : personal[0].end])))
    return tuple(found)


# -- robots ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewRobot:
    """A robot as it is entered. ``organisation_id`` None: the community's own room."""

    road: str
    name: str
    address: str
    secret: str = ""
    organisation_id: int | None = None
    language: str = "zh-hans"
    groups: tuple[str, ...] = ()


def add_robot(*, actor: Actor, community_id: int, robot: NewRobot, at: datetime) -> Robot:
    """Let a robot speak in a group of colleagues from now on.

    :raises NotFound: a community in which the actor has no duty.
    :raises Forbidden: keepers_only.
    :raises Refused: road, name, address, secret, organisation_id.
    """
    access.require_keeper(actor, community_id)
    name = " ".join(robot.name.split())
    wrongs = _wrongs_of_robot(community_id, robot, name)
    if wrongs:
        raise Refused(*wrongs)
    with transaction.atomic():
        made = Robot.objects.create(
            community_id=community_id,
            organisation_id=robot.organisation_id,
            road=robot.road,
            name=name,
            address=robot.address.strip(),
            secret=robot.secret.strip() or None,
            language=robot.language if robot.language in LANGUAGES else LANGUAGES[0],
            groups=[group.value for group in Group if group.value in robot.groups],
            made_by_id=actor.person_id,
            made_at=at,
        )
        _record(actor, community_id, "add_robot", f"robot:{made.pk}", at, road=made.road)
    return made


def _wrongs_of_robot(community_id: int, robot: NewRobot, name: str) -> list[Wrong]:
    found = []
    if robot.road not in ROBOT_ROADS:
        found.append(Wrong("road", "road"))
    if not name or len(name) > LONGEST_NAME:
        found.append(Wrong("name", "missing" if not name else "too_long", str(LONGEST_NAME)))
    elif Robot.objects.filter(community_id=community_id, name=name, stopped_at__isnull=True).exists():
        found.append(Wrong("name", "name"))
    if not fits(robot.address.strip()):
        found.append(Wrong("address", "address", " · ".join(settings.LINLI_ROBOT_HOSTS)))
    if len(robot.secret) > LONGEST_SECRET:
        found.append(Wrong("secret", "secret"))
    bodies = people.organisations([community_id]).values_list("pk", flat=True)
    if robot.organisation_id is not None and robot.organisation_id not in set(bodies):
        found.append(Wrong("organisation_id", "organisation"))
    return found


def fits(address: str) -> bool:
    """Whether an address can be a robot's: of a maker, over https."""
    if outside.usable(address):
        return False
    return (urlsplit(address).hostname or "").lower() in {host.lower() for host in settings.LINLI_ROBOT_HOSTS}


def stop_robot(*, actor: Actor, community_id: int, robot_id: int, at: datetime) -> None:
    """Let a robot speak no more; what it said stays in the log.

    :raises NotFound: no such robot, or a community in which the actor has no duty.
    :raises Forbidden: keepers_only.
    """
    access.require_keeper(actor, community_id)
    with transaction.atomic():
        held = _robot(community_id, robot_id)
        held.stopped_at = at
        held.save(update_fields=["stopped_at"])
        _record(actor, community_id, "stop_robot", f"robot:{robot_id}", at)


def _robot(community_id: int, robot_id: int) -> Robot:
    held = Robot.objects.select_for_update(of=("self",)).filter(
        pk=robot_id, community_id=community_id, stopped_at__isnull=True
    ).first()  # fmt: skip
    if held is None:
        raise NotFound
    return held


def try_robot(*, actor: Actor, community_id: int, robot_id: int, at: datetime) -> Notice:
    """Send a trial message by a robot, with the next round of the carrier.

    :raises NotFound: no such robot, or a community in which the actor has no duty.
    :raises Forbidden: keepers_only.
    """
    access.require_keeper(actor, community_id)
    with transaction.atomic():
        held = _robot(community_id, robot_id)
        to = To.body(held.organisation_id) if held.organisation_id else To.room()
        return _try(community_id, to, f"robot:{robot_id}", at, only_robot=robot_id)


def try_road(*, actor: Actor, community_id: int, road: str, at: datetime) -> Notice:
    """Send a trial message to the actor by a road for persons.

    :raises NotFound: a community in which the actor has no duty.
    :raises Forbidden: keepers_only.
    """
    access.require_keeper(actor, community_id)
    if road not in kinds.PERSON_ROADS:
        raise NotFound
    return _try(community_id, To.person(actor.person_id), f"road:{road}:{actor.person_id}", at, by_road=road)


def _try(community_id: int, to: To, what: str, at: datetime, **more: Any) -> Notice:
    fact = f"notices.trial:{what}:{at.isoformat()}"
    tell(
        community_id=community_id,
        kind="trial",
        fact=fact,
        to=[to],
        values=saying.plain(community_id),
        at=at,
        **more,
    )
    return Notice.objects.get(community_id=community_id, fact=fact)
