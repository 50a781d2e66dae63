"""What a visit and a plan of care must be. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from linli.fieldwork.rules.words import GUARDED, Ground, Need, Outcome, Purpose
from linli.kernel.refusals import Wrong

WORDS_MOST = 1000
#: A phone that had no net for long still brings what it kept; older is another matter.
OLDEST = timedelta(days=30)
#: Clocks of phones run ahead a little.
AHEAD = timedelta(minutes=10)
FOLLOW_UP_MOST = timedelta(days=366)
PLAN_LONGEST = timedelta(days=366)
#: So long its maker may take a visit back.
STRIKE_WITHIN = timedelta(days=2)
#: Outcomes that settle a follow-up, and that keep a due day.
REACHED = frozenset({Outcome.MET, Outcome.BY_PHONE})
KEEPS_DUE = frozenset({Outcome.MET})


@dataclass(frozen=True, slots=True)
class Made:
    """A visit as it is written down."""

    dwelling_id: int
    purpose: Purpose
    outcome: Outcome
    at: datetime
    words: str = ""
    plan_id: int | None = None
    follow_up_date: date | None = None
    key: UUID | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan of care as it is asked for."""

    dwelling_id: int
    need: Need
    every_days: int
    from_date: date
    until_date: date
    ground: Ground
    words: str = ""


def wrong_visit(made: Made, *, day: date, at: datetime, has_plan: bool) -> tuple[Wrong, ...]:
    """Everything that keeps a visit from being written down.

    :param day: the local day of the visit.
    :param at: now.
    :param has_plan: whether the plan it names is one of this household's that runs.
    """
    found = _wrong_moment(made.at, at)
    if len(made.words) > WORDS_MOST:
        found.append(Wrong("words", "too_long"))
    if made.plan_id is not None and not has_plan:
        found.append(Wrong("plan", "no_plan"))
    if made.purpose == Purpose.CARE and made.plan_id is None:
        found.append(Wrong("plan", "plan_missing"))
    return (*found, *_wrong_follow_up(made.follow_up_date, day))


def _wrong_moment(moment: datetime, at: datetime) -> list[Wrong]:
    if moment > at + AHEAD:
        return [Wrong("at", "in_the_future")]
    return [Wrong("at", "too_old")] if moment < at - OLDEST else []


def _wrong_follow_up(promised: date | None, day: date) -> list[Wrong]:
    if promised is None:
        return []
    if promised <= day:
        return [Wrong("follow_up_date", "not_later")]
    return [Wrong("follow_up_date", "too_far")] if promised - day > FOLLOW_UP_MOST else []


def wrong_plan(planned: Planned, *, today: date, health_on: bool, leads: bool) -> tuple[Wrong, ...]:
    """Everything that keeps a plan of care from being made.

    :param health_on: whether the community plans care for health at all.
    :param leads: whether who asks leads the community.
    """
    found = []
    if planned.need in GUARDED and not health_on:
        found.append(Wrong("need", "turned_off"))
    elif planned.need in GUARDED and not leads:
        found.append(Wrong("need", "leaders_only"))
    if not 1 <= planned.every_days <= PLAN_LONGEST.days:
        found.append(Wrong("every_days", "out_of_range"))
    if planned.from_date < today:
        found.append(Wrong("from_date", "over"))
    if planned.until_date < planned.from_date:
        found.append(Wrong("until_date", "ends_before_it_begins"))
    elif planned.until_date - planned.from_date > PLAN_LONGEST:
        found.append(Wrong("until_date", "too_far"))
    if len(planned.words) > WORDS_MOST:
        found.append(Wrong("words", "too_long"))
    return tuple(found)


def may_strike(made_at: datetime, at: datetime) -> bool:
    """Whether its maker may still take a visit back."""
    return at - made_at <= STRIKE_WITHIN


def settles(purpose: Purpose, outcome: Outcome, follow_up_date: date, day: date) -> bool:
    """Whether a visit on this day settles a follow-up promised for another.

    It must have reached somebody. One made for the follow-up settles it on any day, others from its day on.
    """
    return outcome in REACHED and (purpose == Purpose.FOLLOW_UP or follow_up_date <= day)
