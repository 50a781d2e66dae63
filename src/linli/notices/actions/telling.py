"""Tell somebody of a fact: one row a fact, kind and recipient; who carries it, and when, follows from the row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from linli.kernel.clock import LOCAL
from linli.kernel.postgres import many
from linli.notices.models import Notice, Robot
from linli.notices.queries import choices
from linli.notices.rules import addressing, delivery, wording
from linli.notices.rules.addressing import To
from linli.notices.rules.delivery import NO_WISHES, Beginning, Wishes
from linli.notices.rules.kinds import KINDS, LANGUAGES, PERSON_ROADS, Kind
from linli.people import queries as people

Values = Callable[[str], Mapping[str, str]]
LONGEST_TITLE = 200
CHUNK = 1000

__all__ = ["To", "tell"]


@dataclass(frozen=True, slots=True)
class Telling:
    """One fact that is told."""

    community_id: int
    kind: Kind
    fact: str
    values: Values
    link: str
    subject: str
    at: datetime
    mailing_id: int | None = None
    only_robot: int | None = None
    by_road: str = ""
    said: dict[str, tuple[str, str, dict[str, str]]] = field(default_factory=dict)

    def words(self, language: str) -> tuple[str, str, dict[str, str]]:
        """Title, words of the page, and values by name, in a language; worked out once."""
        if language not in self.said:
            self.said[language] = said(self.community_id, self.kind.code, language, self.values(language))
        return self.said[language]


def said(
    community_id: int, kind: str, language: str, given: Mapping[str, str]
) -> tuple[str, str, dict[str, str]]:
    """Title, words of the page, and values by name, of a kind in a language as the community says it today."""
    values = {name: str(value) for name, value in given.items()}
    text = choices.text(community_id, kind, language)
    return wording.filled(text.title, values)[:LONGEST_TITLE], wording.filled(text.page, values), values


@dataclass(frozen=True, slots=True)
class Recipient:
    """One row to be."""

    recipient: str
    language: str
    account_id: int | None = None
    robot: Robot | None = None
    wishes: Wishes = NO_WISHES


def tell(
    *,
    community_id: int,
    kind: str,
    fact: str,
    to: Iterable[To],
    values: Values,
    link: str = "",
    subject: str = "",
    at: datetime,
    mailing_id: int | None = None,
    only_robot: int | None = None,
    by_road: str = "",
) -> int:
    """Tell these recipients of a fact, each once however often it is called.

    :param fact: names the fact for ever: `cases.CaseMoved:261123048213:7`.
    :param values: language → what the words of the kind may name.
    :param link: a path of our own, where more is to be read or done.
    :param only_robot: of a body's robots only this one.
    :param by_road: by this road whatever anybody chose: a trial.
    :returns: how many were told now.
    :raises KeyError: a kind that is none.
    """
    known = KINDS[kind]
    if not choices.told_at_all(community_id, kind):
        return 0
    told = Telling(community_id, known, fact, values, link, subject, at, mailing_id, only_robot, by_road)
    rows = [_row(told, one) for one in _recipients(told, list(dict.fromkeys(to)))]
    return sum(many.insert(rows[start : start + CHUNK], once=True) for start in range(0, len(rows), CHUNK))


def _recipients(told: Telling, to: Sequence[To]) -> list[Recipient]:
    found: list[Recipient] = []
    if told.kind.persons:
        found += _persons([one.id for one in to if one.kind == "person"])
        found += [
            Recipient(addressing.written(one.kind, one.number or one.id), LANGUAGES[0])
            for one in to
            if one.kind in {"contact", "neighbour"} and _has_short(told)
        ]
    bodies = {one.id for one in to if one.kind == "body"}
    rooms = any(one.kind == "room" for one in to)
    if told.kind.robots and (bodies or rooms):
        found += _robots(told, bodies, rooms=rooms)
    return found


def _persons(account_ids: Sequence[int]) -> list[Recipient]:
    """Everybody who still has an account, in the language in which they want to be told."""
    if not account_ids:
        return []
    spoken, wishes = people.languages(account_ids), choices.wishes(account_ids)
    own = choices.languages(account_ids)
    return [
        Recipient(
            addressing.written("person", one),
            own.get(one) or spoken[one],
            account_id=one,
            wishes=wishes.get(one, NO_WISHES),
        )
        for one in account_ids
        if one in spoken
    ]


def _has_short(told: Telling) -> bool:
    """Whether the kind has words for an SMS: the only way to a phone without an account."""
    return bool(choices.text(told.community_id, told.kind.code, LANGUAGES[0]).short)


def _robots(told: Telling, bodies: set[int], *, rooms: bool) -> list[Recipient]:
    held = Robot.objects.filter(community_id=told.community_id, stopped_at__isnull=True)
    if told.only_robot is not None:
        held = held.filter(pk=told.only_robot)
    found = [
        robot
        for robot in held
        if (robot.organisation_id in bodies if robot.organisation_id else rooms)
        and (told.only_robot or not robot.groups or told.kind.group.value in robot.groups)
    ]
    return [
        Recipient(addressing.written("robot", robot.pk), robot.language, robot=robot)
        for robot in found
        if robot.road in (choices.roads_of(told.community_id, told.kind.code) or [robot.road])
    ]


def _row(told: Telling, one: Recipient) -> Notice:
    title, words, values = told.words(one.language)
    begun = _begin(told, one)
    return Notice(
        community_id=told.community_id,
        fact=told.fact,
        kind=told.kind.code,
        recipient=one.recipient,
        account_id=one.account_id,
        robot=one.robot,
        mailing_id=told.mailing_id,
        subject=told.subject,
        language=one.language,
        title=title,
        words=words,
        link=told.link,
        fields=values,
        urgency=told.kind.urgency.value,
        state=begun.state.value,
        roads=list(begun.roads),
        told_at=told.at,
        begun_at=told.at,
        next_at=begun.next_at.astimezone(UTC) if begun.next_at else None,
        **_ended(begun, told.at),
    )


def _ended(begun: Beginning, at: datetime) -> dict[str, Any]:
    return {"ended_at": at, "reason": "no_road"} if begun.state is delivery.State.GIVEN_UP else {}


def _begin(told: Telling, one: Recipient) -> Beginning:
    local = told.at.astimezone(LOCAL)
    chosen = choices.roads_of(told.community_id, told.kind.code)
    if one.robot is not None:
        planned: tuple[str, ...] = (one.robot.road,)
    elif told.by_road:
        planned = (told.by_road,)
    elif one.account_id is None:
        planned = ("sms",) if chosen is None or "sms" in chosen else ()
    else:
        planned = delivery.roads(
            told.kind, None if chosen is None else [r for r in chosen if r in PERSON_ROADS], one.wishes
        )
    begun = delivery.begin(
        told.kind,
        planned,
        one.wishes,
        hours=delivery.hours_of(one.wishes, choices.hours(told.community_id, told.at)),
        digest_hour=choices.digest_hour(told.community_id, told.at),
        local=local,
    )
    if begun.state is delivery.State.RESTING and one.account_id is None:
        return Beginning(delivery.State.GIVEN_UP, (), None)
    return begun
