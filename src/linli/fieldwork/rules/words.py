"""The codes of the work in a grid. Pure."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """Why somebody goes to a household."""

    CARE = "care"  # as a care plan says
    FOLLOW_UP = "follow_up"  # promised at an earlier visit
    CASE = "case"  # about a report
    HOMES = "homes"  # houses and who lives there: moved in, moved out, let
    TELL = "tell"  # told of something: safety, rules, help that can be had
    LISTEN = "listen"  # asked what is wanted


class Outcome(StrEnum):
    """How a visit went. ``not_at_home`` is tried, not met."""

    MET = "met"
    BY_PHONE = "by_phone"  # spoken with, not seen
    NOT_AT_HOME = "not_at_home"
    DECLINED = "declined"


class Need(StrEnum):
    """What somebody needs service for. A service is planned by it; nobody is watched.

    Left out on purpose: origin, faith, petitions, "stability", and everything of justice. Of health there is one word,
    off until the community turns it on; what exactly it is stands in the sealed words alone.
    """

    LIVES_ALONE = "lives_alone"  # 独居老人
    EMPTY_NEST = "empty_nest"  # 空巢
    LEFT_BEHIND_CHILD = "left_behind_child"  # 留守儿童
    LOW_INCOME = "low_income"  # 低保
    SPECIAL_CARE = "special_care"  # 优抚
    VETERAN = "veteran"  # 退役
    SINGLE_PARENT = "single_parent"  # 单亲
    OUT_OF_WORK = "out_of_work"  # 下岗
    ASKED = "asked"  # the person asked to be looked in on
    HEALTH = "health"  # 残疾、重疾: sealed words say which


#: Planned only where the community turned it on, by its leader alone; read by the planned worker and the leader.
GUARDED = frozenset({Need.HEALTH})


class Ground(StrEnum):
    """On what a care plan rests: without one there is none."""

    REQUEST = "request"  # the person, or who cares for them, asked
    SPOKEN = "spoken"  # agreed in words, on this day
    WRITTEN = "written"  # agreed on paper
    DUTY = "duty"  # a duty of the community under the law


class PlanEnd(StrEnum):
    """Why a care plan ended."""

    NO_LONGER_NEEDED = "no_longer_needed"
    WITHDRAWN = "withdrawn"  # the person does not want it any more
    MOVED = "moved"
    DIED = "died"
    RAN_OUT = "ran_out"


class PatrolEnd(StrEnum):
    """How a patrol ended."""

    WORKER = "worker"
    FORGOTTEN = "forgotten"


class WhyHandOver(StrEnum):
    """Why a grid goes from one worker to another."""

    LEAVE = "leave"
    ILL = "ill"
    MOVED = "moved"
    RESHAPED = "reshaped"  # grids were cut anew
    OTHER = "other"


class ItemKind(StrEnum):
    """What is handed over, one by one."""

    CASE = "case"
    FOLLOW_UP = "follow_up"
    CARE_PLAN = "care_plan"
    SERVICE = "service"  # a service nobody has confirmed yet
