"""The words of the places, as values: levels, kinds, roles."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """The levels of the tree, from the community down to the dwelling."""

    COMMUNITY = "community"
    COMMITTEE = "committee"
    GRID = "grid"
    COURTYARD = "courtyard"
    BUILDING = "building"
    UNIT = "unit"
    DWELLING = "dwelling"


class GridKind(StrEnum):
    """Base grids cover a community without overlap; dedicated ones (markets, schools) may lie over them."""

    BASE = "base"
    DEDICATED = "dedicated"


class Role(StrEnum):
    """What somebody does at a place."""

    RESIDENT = "resident"
    GRID_WORKER = "grid_worker"
    POLICE = "police"
    ASSISTANT = "assistant"
    BUILDING_HEAD = "building_head"
    DISPATCHER = "dispatcher"
    VERIFIER = "verifier"
    DEPARTMENT_HANDLER = "department_handler"
    PROPERTY_HANDLER = "property_handler"
    COMMUNITY_LEADER = "community_leader"
    AUDITOR = "auditor"
    ADMIN = "admin"


class DivisionLevel(StrEnum):
    """The levels of the administrative divisions (行政区划), down to the community."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    STREET = "street"
    COMMUNITY = "community"


class Basis(StrEnum):
    """What a residence rests on: the household register, or the word of two members of staff."""

    REGISTER = "register"
    TWO_APPROVALS = "two_approvals"


class Ended(StrEnum):
    """Why a residence ended."""

    REFUSED = "refused"  # never proved
    MOVED = "moved"  # by the resident
    TAKEN_BACK = "taken_back"  # by staff, after it had been proved
    RAN_OUT = "ran_out"
    RENEWED = "renewed"  # a newer proof of the same home holds


class EndReason(StrEnum):
    """Why staff refused a residence, or took it back."""

    NOT_FOUND = "not_found"  # nobody could be found living there
    WRONG_DOOR = "wrong_door"
    NOT_REACHED = "not_reached"
    MOVED_AWAY = "moved_away"
    OTHER = "other"  # said in words


class Tongue(StrEnum):
    """A language in which somebody who serves can be spoken to."""

    MANDARIN = "mandarin"
    DIALECT = "dialect"
    CANTONESE = "cantonese"
    ENGLISH = "english"
    JAPANESE = "japanese"
    KOREAN = "korean"
    SIGN = "sign"


#: Which levels may stand directly under which. A dedicated grid may hold buildings as a base grid does.
CHILDREN: dict[Level, frozenset[Level]] = {
    Level.COMMUNITY: frozenset({Level.COMMITTEE, Level.GRID}),
    Level.COMMITTEE: frozenset({Level.GRID}),
    Level.GRID: frozenset({Level.COURTYARD, Level.BUILDING}),
    Level.COURTYARD: frozenset({Level.BUILDING}),
    Level.BUILDING: frozenset({Level.UNIT, Level.DWELLING}),
    Level.UNIT: frozenset({Level.DWELLING}),
    Level.DWELLING: frozenset(),
}
