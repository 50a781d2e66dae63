"""Whistle (吹哨报到): several bodies are called to a place at a time; who comes, who is late, what is agreed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from linli.cases.rules.intake import Wrong

MOST_BODIES = 20
MOST_STEPS = 20
MOST_DAYS_AHEAD = 30
MOST_STEP_DAYS = 366
JUST_NOW = timedelta(minutes=10)  # "now", written in whole minutes and sent a little later
EARLIEST_ARRIVAL = timedelta(hours=2)  # nobody has arrived earlier than that before the meeting
LONGEST = 2000
LONGEST_PLACE = 200
DECLINE_REASONS = ("not_our_duty", "no_one_free", "other_emergency", "another_time", "done_already", "other")


class State(StrEnum):
    """Where a whistle stands."""

    OPEN = "open"
    CONCLUDED = "concluded"
    CALLED_OFF = "called_off"
    LAPSED = "lapsed"  # the case ended before anybody concluded it


class Answer(StrEnum):
    """What a called body says."""

    NONE = ""
    COMING = "coming"
    DECLINED = "declined"


class Standing(StrEnum):
    """How a called body stands, in one word."""

    CALLED = "called"  # has not answered
    COMING = "coming"
    DECLINED = "declined"
    EXCUSED = "excused"  # declined, and the caller accepts it
    EXPECTED = "expected"  # the time has passed, and it is not there
    ARRIVED = "arrived"  # in time
    LATE = "late"
    ABSENT = "absent"  # it never came
    OFF = "off"  # called off before anybody had to be there


@dataclass(frozen=True, slots=True)
class Part:
    """A body that is called, and what is asked of it beyond what is asked of all."""

    organisation_id: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Blown:
    """The filled-in call."""

    parts: tuple[Part, ...]
    meet_at: datetime
    place: str
    words: str
    lon: float | None = None
    lat: float | None = None
    key: str = ""  # of the form: sent twice, it is one whistle


@dataclass(frozen=True, slots=True)
class Next:
    """A next step that was agreed: a part of the case for a body, with a clock."""

    organisation_id: int
    words: str
    until: datetime | None = None  # None: within the community's own promise


@dataclass(frozen=True, slots=True)
class Concluded:
    """The filled-in joint conclusion; its public words are the move's answer."""

    whistle_id: int
    words: str
    agreed: frozenset[int] = frozenset()  # bodies that agree
    steps: tuple[Next, ...] = ()


@dataclass(frozen=True, slots=True)
class CalledOff:
    """The whistle that is called off; why is the move's reason."""

    whistle_id: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What a body says to the call, or what is written down of it."""

    call_id: int
    answer: Answer = Answer.NONE
    reason: str = ""  # of declining
    words: str = ""
    arrived_at: datetime | None = None  # None: now; only the caller may give another moment
    left: bool = False


@dataclass(frozen=True, slots=True)
class Called:
    """A call as the rules read it."""

    answer: Answer
    excused: bool = False
    answered_at: datetime | None = None
    arrived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """When and how a whistle holds, as far as the standing of a body depends on it."""

    meet_at: datetime
    state: State
    ended_at: datetime | None  # when it was concluded, called off or lapsed; None while it is open
    grace: timedelta  # how much later than agreed still counts as in time


def standing(call: Called, meeting: Meeting, *, at: datetime) -> Standing:
    """How a called body stands now."""
    limit = meeting.meet_at + meeting.grace
    if call.arrived_at is not None:
        return Standing.LATE if call.arrived_at > limit else Standing.ARRIVED
    if call.excused:
        return Standing.EXCUSED
    over = (meeting.ended_at or at) > limit
    if meeting.state is not State.OPEN:
        return Standing.ABSENT if over and meeting.state is not State.CALLED_OFF else Standing.OFF
    if call.answer is Answer.DECLINED:
        return Standing.DECLINED
    if over:
        return Standing.EXPECTED
    return Standing.COMING if call.answer is Answer.COMING else Standing.CALLED


def wrongs(blown: Blown, *, at: datetime) -> tuple[Wrong, ...]:
    """Everything wrong with a call."""
    found: list[Wrong] = []
    bodies = [part.organisation_id for part in blown.parts]
    if not bodies:
        found.append(Wrong("bodies", "missing"))
    if len(bodies) > MOST_BODIES:
        found.append(Wrong("bodies", "too_many_bodies", str(MOST_BODIES)))
    if len(set(bodies)) < len(bodies):
        found.append(Wrong("bodies", "body_twice"))
    if blown.meet_at < at - JUST_NOW:
        found.append(Wrong("meet_at", "in_the_past"))
    if blown.meet_at > at + timedelta(days=MOST_DAYS_AHEAD):
        found.append(Wrong("meet_at", "too_far", str(MOST_DAYS_AHEAD)))
    found += _texts(("place", blown.place, LONGEST_PLACE), ("words", blown.words, LONGEST))
    found += [Wrong("words", "too_long", str(LONGEST)) for part in blown.parts if len(part.words) > LONGEST][
        :1
    ]
    if (blown.lon is None) != (blown.lat is None):
        found.append(Wrong("place", "half_a_point"))
    elif blown.lon is not None and not (-180 <= blown.lon <= 180 and -90 <= (blown.lat or 0) <= 90):
        found.append(Wrong("place", "not_on_earth"))
    return tuple(found)


def _texts(*given: tuple[str, str, int]) -> list[Wrong]:
    """What is missing or too long among texts, each with its name and the most it may have."""
    found = []
    for name, text, most in given:
        if not text.strip():
            found.append(Wrong(name, "missing"))
        elif len(text) > most:
            found.append(Wrong(name, "too_long", str(most)))
    return found


def answer_wrongs(given: Answered) -> tuple[Wrong, ...]:
    """Everything wrong with a body's answer: who does not come says why."""
    found = []
    if given.answer is Answer.NONE:
        found.append(Wrong("answer", "missing"))
    if given.answer is Answer.DECLINED and given.reason not in DECLINE_REASONS:
        found.append(Wrong("reason", "unknown" if given.reason else "missing"))
    if given.answer is Answer.DECLINED and given.reason == "other" and not given.words.strip():
        found.append(Wrong("words", "missing"))
    if len(given.words) > LONGEST:
        found.append(Wrong("words", "too_long", str(LONGEST)))
    return tuple(found)


def arrival_wrongs(
    arrived_at: datetime, *, called_at: datetime, meet_at: datetime, at: datetime
) -> tuple[Wrong, ...]:
    """What is wrong with a moment of arrival: nobody arrives before being called, in the future, or hours too early."""
    if arrived_at > at:
        return (Wrong("arrived_at", "in_the_future"),)
    if arrived_at < called_at:
        return (Wrong("arrived_at", "before_the_call"),)
    if arrived_at < meet_at - EARLIEST_ARRIVAL:
        return (Wrong("arrived_at", "too_early"),)
    return ()


def conclusion_wrongs(given: Concluded, *, present: Iterable[int], at: datetime) -> tuple[Wrong, ...]:
    """Everything wrong with a joint conclusion.

    :param present: the bodies that came; only who was there can agree.
    """
    found = _texts(("words", given.words, LONGEST))
    if given.agreed - frozenset(present):
        found.append(Wrong("agreed", "was_not_there"))
    if len(given.steps) > MOST_STEPS:
        found.append(Wrong("steps", "too_many_steps", str(MOST_STEPS)))
    for index, step in enumerate(given.steps):
        found += _step_wrongs(step, f"steps.{index}", at)
    return tuple(found)


def _step_wrongs(step: Next, name: str, at: datetime) -> Sequence[Wrong]:
    found = [
        Wrong(f"{name}.{wrong.field}", wrong.code, wrong.limit)
        for wrong in _texts(("words", step.words, LONGEST))
    ]
    if step.until is not None and step.until <= at:
        found.append(Wrong(f"{name}.until", "in_the_past"))
    if step.until is not None and step.until > at + timedelta(days=MOST_STEP_DAYS):
        found.append(Wrong(f"{name}.until", "too_far", str(MOST_STEP_DAYS)))
    return found
