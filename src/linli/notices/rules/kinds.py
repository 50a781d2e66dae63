"""What people are told of: every kind of notice, to which group it belongs, how pressing it is and by which roads. Pure.

What a community wants otherwise (a kind switched off, other roads) and what a person wants otherwise are rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

PERSON_ROADS = ("wechat", "email", "sms")  # in the order in which they are tried; the page is always there
ROBOT_ROADS = ("wecom", "dingtalk", "feishu")
ROADS = (*PERSON_ROADS, *ROBOT_ROADS)
LANGUAGES = ("zh-hans", "en")  # every kind has words in these; further ones have what their files say


class Urgency(StrEnum):
    """How pressing a notice is."""

    CRITICAL = "critical"  # lives may hang on it: at any hour
    PROMPT = "prompt"  # soon, but after the quiet hours
    ORDINARY = "ordinary"  # may also wait for the daily digest, where a person wants that


class Group(StrEnum):
    """What a person switches roads on and off for."""

    CASES = "cases"  # what I reported or joined
    HOME = "home"  # my home, my duties
    NEWS = "news"  # announcements
    WORK = "work"  # what I am to do
    BRIEFS = "briefs"  # figures
    ALARMS = "alarms"  # somebody may be in danger; not to be switched off


FIXED = frozenset({Group.ALARMS})
STAFF_GROUPS = frozenset({Group.WORK, Group.BRIEFS, Group.ALARMS})


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice.

    ``roads`` are those tried for a person, in this order, before it rests on the page; ``robots`` says whether the
    groups of colleagues hear it too; ``names`` are what its words may speak of.
    """

    code: str
    group: Group
    urgency: Urgency
    roads: tuple[str, ...]
    names: tuple[str, ...]
    robots: bool = False
    persons: bool = True

    @property
    def digestible(self) -> bool:
        """Whether it may wait for the daily digest."""
        return self.urgency is Urgency.ORDINARY

    @property
    def possible_roads(self) -> tuple[str, ...]:
        """Every road that a community may choose for it."""
        return (PERSON_ROADS if self.persons else ()) + (ROBOT_ROADS if self.robots else ())


@dataclass(frozen=True, slots=True)
class Text:
    """The words of a kind in one language. ``short`` is for SMS, ``group`` for robots; empty: not said there."""

    title: str
    page: str
    short: str = ""
    group: str = ""


CASE = ("community", "number", "matter", "place", "body", "due", "answer")
C, P, ORD = Urgency.CRITICAL, Urgency.PROMPT, Urgency.ORDINARY
SOON = ("wechat", "email", "sms")  # worth an SMS where WeChat does not reach
QUIETLY = ("wechat", "email")


def _resident(code: str, urgency: Urgency, roads: tuple[str, ...], *more: str) -> Kind:
    return Kind(code, Group.CASES, urgency, roads, (*CASE, *more))


def _work(code: str, urgency: Urgency = P, roads: tuple[str, ...] = QUIETLY, *more: str) -> Kind:
    return Kind(code, Group.WORK, urgency, roads, (*CASE, *more), robots=True)


_SHIPPED: tuple[Kind, ...] = (
    # To residents: what becomes of what they said.
    _resident("case_received", P, QUIETLY),
    _resident("case_accepted", ORD, QUIETLY),
    _resident("case_dispatched", ORD, QUIETLY),
    _resident("case_declined", P, SOON, "reason"),
    _resident("case_merged", ORD, QUIETLY),
    _resident("case_parted", ORD, QUIETLY),
    _resident("case_longer", P, QUIETLY),
    _resident("case_paused", P, QUIETLY, "until"),
    _resident("case_resumed", ORD, QUIETLY),
    _resident("case_settled", P, SOON),
    _resident("case_reopened", ORD, QUIETLY),
    _resident("case_late", P, QUIETLY),
    _resident("case_told", P, QUIETLY),
    _resident("case_voided", P, QUIETLY, "reason"),
    # To residents and staff: their home, their duties.
    Kind("home_bound", Group.HOME, P, QUIETLY, ("community", "place", "until")),
    Kind("home_refused", Group.HOME, P, QUIETLY, ("community", "place", "reason")),
    Kind("home_ended", Group.HOME, P, QUIETLY, ("community", "place", "reason")),
    Kind("home_expiring", Group.HOME, P, SOON, ("community", "place", "until")),
    Kind("duty_granted", Group.HOME, P, QUIETLY, ("community", "place", "role", "from")),
    Kind("duty_ended", Group.HOME, P, QUIETLY, ("community", "place", "role", "until")),
    Kind("service_given", Group.HOME, ORD, QUIETLY, ("community", "worker", "service", "day")),
    # To everybody below a place; title and words are the announcement's own.
    Kind("announcement", Group.NEWS, ORD, QUIETLY, ("community", "title", "words")),
    Kind("announcement_urgent", Group.NEWS, C, SOON, ("community", "title", "words")),
    # To colleagues.
    Kind("work_new", Group.WORK, P, (), (*CASE, "urgency"), robots=True, persons=False),
    _work("work_sent"),
    _work("work_task"),
    _work("work_transferred"),
    _work("work_returned", P, QUIETLY, "reason", "round"),
    _work("work_ruled", P, QUIETLY, "ruling"),
    _work("work_redo", P, QUIETLY, "reason"),
    _work("work_handled", ORD, ()),
    _work("work_reopened", P, QUIETLY, "reason"),
    _work("work_urged", P, QUIETLY, "times"),
    _work("work_asked", P, QUIETLY, "request", "days"),
    _work("work_decided", P, QUIETLY, "request", "decision"),
    _work("work_at_risk", P, QUIETLY, "stage"),
    _work("work_broken", P, QUIETLY, "stage"),
    _work("work_ladder", P, SOON, "stage", "act", "level"),
    _work("work_letter", P, SOON, "letter"),
    _work("work_letter_overdue", P, SOON, "letter"),
    _work("work_whistle", P, SOON, "meet", "where"),
    _work("work_whistle_answered", P, QUIETLY, "called", "how"),
    _work("work_arrived", ORD, (), "called", "at"),
    _work("work_whistle_ended", P, QUIETLY, "how"),
    Kind("work_home", Group.WORK, ORD, (), ("community",), robots=True),
    Kind("work_topic", Group.WORK, ORD, (), ("community", "cases"), robots=True),
    Kind("work_group_code", Group.WORK, P, QUIETLY, ("community", "group", "place", "until")),
    Kind("work_handover", Group.WORK, P, QUIETLY, ("community", "worker", "grid", "items")),
    Kind("work_handover_taken", Group.WORK, P, QUIETLY, ("community", "worker", "grid", "taken", "left")),
    Kind("work_handover_ended", Group.WORK, P, QUIETLY, ("community", "worker", "grid", "how")),
    Kind("work_service_denied", Group.WORK, P, QUIETLY, ("community", "service")),
    Kind("work_recheck", Group.WORK, ORD, QUIETLY, ("community",)),
    Kind("work_recheck_found", Group.WORK, P, QUIETLY, ("community", "until")),
    Kind("work_recheck_decided", Group.WORK, P, QUIETLY, ("community", "outcome")),
    # The league: one's own score, what is decided, sheets to write; the result for the colleagues' group.
    Kind("work_score", Group.WORK, ORD, QUIETLY, ("community", "scheme", "period", "until")),
    Kind("work_appeal", Group.WORK, P, QUIETLY, ("community", "scheme", "period")),
    Kind("work_appeal_decided", Group.WORK, P, QUIETLY, ("community", "scheme", "period", "ruling")),
    Kind("work_late", Group.WORK, ORD, QUIETLY, ("community", "scheme", "period")),
    Kind("work_sheets", Group.WORK, ORD, QUIETLY, ("community", "until")),
    Kind("league_result", Group.WORK, ORD, (), ("community", "title", "words"), robots=True, persons=False),
    Kind("road_failing", Group.WORK, P, (), ("community", "road", "code")),
    Kind("brief", Group.BRIEFS, ORD, QUIETLY, ("community", "title", "words"), robots=True),
    Kind("alarm_raised", Group.ALARMS, C, SOON, (*CASE, "dangers"), robots=True),
    Kind("alarm_unanswered", Group.ALARMS, C, SOON, (*CASE, "dangers", "minutes"), robots=True),
    Kind("alarm_answered", Group.ALARMS, P, (), (*CASE, "dangers"), robots=True, persons=False),
    # What waited for the digest; many messages to one group at once; a trial of a road.
    Kind("digest", Group.NEWS, P, QUIETLY, ("community", "count", "list")),
    Kind("gathered", Group.WORK, P, (), ("community", "count", "list"), robots=True, persons=False),
    Kind("trial", Group.WORK, C, (), ("community",), robots=True),
)  # fmt: skip

KINDS: dict[str, Kind] = {kind.code: kind for kind in _SHIPPED}
#: Kinds of the room's own making: nobody chooses roads for them.
INNER = frozenset({"digest", "gathered", "trial"})
#: Words of kinds that other rooms brought.
BROUGHT: dict[str, Mapping[str, Text]] = {}


def register(kind: Kind, texts: Mapping[str, Text]) -> None:
    """Add a kind of another room with its words in Chinese and English; in its ``AppConfig.ready``.

    :raises ValueError: a road or a language that is none, or words are missing.
    """
    if set(kind.roads) - set(ROADS) or set(LANGUAGES) - set(texts):
        raise ValueError(kind.code)
    KINDS[kind.code] = kind
    BROUGHT[kind.code] = dict(texts)


def chosen() -> Iterable[Kind]:
    """The kinds for which a community chooses roads and words, in order."""
    return [kind for kind in KINDS.values() if kind.code not in INNER]
