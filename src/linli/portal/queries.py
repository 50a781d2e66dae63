"""What a place's page shows, put together from the rooms below: who serves there and who can be called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from linli.cases import words
from linli.cases.pages import taking
from linli.faces.languages import reads_english
from linli.grids import queries as places
from linli.grids.rows import DutyRow, PlaceRow
from linli.grids.rules.words import Level
from linli.groups import queries as groups
from linli.groups import words as group_words
from linli.groups.rules import Kind, Platform
from linli.people import queries as people
from linli.people import words as people_words

#: Who is shown, in this order: those nearest to a door first.
SERVING = (
    "building_head",
    "grid_worker",
    "police",
    "assistant",
    "dispatcher",
    "community_leader",
)
#: The way down leaves out what nobody looks up: units and dwellings.
SHOWN_BELOW = frozenset({Level.COMMITTEE, Level.GRID, Level.COURTYARD, Level.BUILDING})
MOST_OF_ROLE = 3


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation to call or visit."""

    name: str
    kind: str
    phone: str


@dataclass(frozen=True, slots=True)
class Group:
    """A chat group as the page of a place names it."""

    name: str
    kind: str
    platform: str
    place: str
    owner: str
    join: str
    people: int | None
    code: UUID | None


@dataclass(frozen=True, slots=True)
class Below:
    """The places of one level directly below."""

    level: str
    places: tuple[PlaceRow, ...]


def serving(place: PlaceRow, on: date) -> list[taking.Who]:
    """Who serves here or above, those nearest first, with the number of their desk."""
    phones = taking.desk_phones(place.community_id)
    team = places.grid_team(place, on)
    return [
        taking.who(duty, phones.by_id, phones.desk)
        for role in SERVING
        for duty in _nearest(team.get(role, []))[:MOST_OF_ROLE]
    ]


def _nearest(duties: list[DutyRow]) -> list[DutyRow]:
    """Of those in one role only the ones whose place is the nearest; the list comes nearest first."""
    return [duty for duty in duties if duty.place.depth == duties[0].place.depth]


def bodies(community_id: int, language: str) -> list[Body]:
    """The community's organisations, with the number to call where there is one."""
    english = reads_english(language)
    return [
        Body(
            name=row.name_en if english and row.name_en else row.name_zh,
            kind=words.label(people_words.KINDS, row.kind),
            phone=row.phone,
        )
        for row in people.organisations([community_id])
    ]


def groups_of(place: PlaceRow, language: str, day: date) -> list[Group]:
    """The chat groups somebody who lives here can join."""
    return [
        Group(
            name=row.name(language),
            kind=str(group_words.KINDS[Kind(row.kind)]),
            platform=str(group_words.PLATFORMS[Platform(row.platform)]),
            place=row.place.name(language),
            owner=row.owner,
            join=row.join(language),
            people=row.counted.people if row.counted else None,
            code=row.code.ticket if row.code else None,
        )
        for row in groups.at_place(place, day)
    ]


def below(place: PlaceRow) -> list[Below]:
    """The way down, by level."""
    found: dict[str, list[PlaceRow]] = {}
    for child in places.children(place.id):
        if child.level in SHOWN_BELOW:
            found.setdefault(child.level, []).append(child)
    return [Below(level, tuple(rows)) for level, rows in found.items()]
