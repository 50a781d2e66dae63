"""What a place's page shows, put together from the rooms below: who serves there and who can be called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from linli.cases import words
from linli.cases.pages import here, taking
from linli.faces.languages import reads_english
from linli.grids import access as doors
from linli.grids import queries as places
from linli.grids import queries_plates as plates
from linli.grids.pages.nameplates import picture_of
from linli.grids.rows import DutyRow, PlaceRow, PlateRow
from linli.grids.rules.nameplates import Plate
from linli.grids.rules.words import Level
from linli.grids.words import TONGUES
from linli.groups import queries as groups
from linli.groups import words as group_words
from linli.groups.rules import Kind, Platform
from linli.kernel.access import Actor
from linli.people import queries as people
from linli.people import words as people_words

#: 一警两员: the police officer and the two workers of the grid, shown together.
TEAM = ("police", "grid_worker")
#: Who else is shown, in this order: those nearest to a door first.
BESIDE = ("building_head", "assistant", "dispatcher", "community_leader")
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
class Serves:
    """Somebody who serves, as residents see them. ``away_last_date``: away until this day; ``instead``: who stands in."""

    name: str
    role: str
    body: str
    place: str
    phone: str
    picture: str
    hours: str
    languages: tuple[str, ...]
    away_last_date: date | None
    instead: str
    instead_phone: str


@dataclass(frozen=True, slots=True)
class Serving:
    """Who serves at a place: the team of the grid, and the others."""

    team: tuple[Serves, ...]
    others: tuple[Serves, ...]

    def __bool__(self) -> bool:
        return bool(self.team or self.others)


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
    """The places of one level below."""

    level: str
    places: tuple[PlaceRow, ...]


def serving(place: PlaceRow, community: PlaceRow, on: date) -> Serving:
    """Who serves here or above, those nearest first, with their nameplates and the number to call."""
    team = places.grid_team(place, on)
    held = {role: _nearest(team.get(role, []))[:MOST_OF_ROLE] for role in (*TEAM, *BESIDE) if team.get(role)}
    duties = [duty for found in held.values() for duty in found]
    known = plates.plates(community.id, {duty.account_id for duty in duties}) if duties else {}
    away = {one.plate.stand_in_id for one in known.values() if one.plate.is_away(on)} - {None} - set(known)
    known |= plates.plates(community.id, {one for one in away if one}) if away else {}
    phones = taking.desk_phones(community.id) if duties else taking.Phones({}, "")
    shown = _Shown(community, known, phones, on)
    return Serving(
        tuple(shown(duty) for role in TEAM for duty in held.get(role, [])),
        tuple(shown(duty) for role in BESIDE for duty in held.get(role, [])),
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """Puts a duty and its nameplate together."""

    community: PlaceRow
    plates: dict[int, PlateRow]
    phones: taking.Phones
    on: date

    def __call__(self, duty: DutyRow) -> Serves:
        tongue = here.language()
        who = taking.who(duty, self.phones.by_id, self.phones.desk)
        row = self.plates.get(duty.account_id)
        plate = row.plate if row else Plate()
        away = plate.is_away(self.on)
        return Serves(
            name=who.name,
            role=who.role,
            body=who.body,
            place=duty.place.name(tongue),
            phone=plate.phone or who.phone,
            picture=picture_of(self.community.code, row),
            hours=plate.hours(english=reads_english(tongue)),
            languages=tuple(str(TONGUES[one]) for one in plate.languages),
            away_last_date=plate.away_last_date if away else None,
            instead=row.stand_in if row and away else "",
            instead_phone=self._phone(plate.stand_in_id) if away else "",
        )

    def _phone(self, account_id: int | None) -> str:
        row = self.plates.get(account_id or 0)
        return (row.plate.phone if row else "") or self.phones.desk


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


@dataclass(frozen=True, slots=True)
class Living:
    """What a reader at a building is told about living there: ``offer`` (ask for a proof), ``waiting`` or ``proved``."""

    state: str
    url: str


def living(place: PlaceRow, actor: Actor) -> Living | None:
    """Whether this reader lives here, as far as it is known; only where one can live."""
    if place.level not in (Level.BUILDING, Level.UNIT):
        return None
    home = f"{reverse('grids:home')}?building={place.id}"
    if not actor.signed_in:
        return Living("offer", f"{reverse('people:sign_in')}?{urlencode({'next': home})}")
    building = place.path if place.level == Level.BUILDING else place.path.rsplit(".", 2)[0] + "."
    own = [
        row
        for row in places.residences_of(actor.account_id or 0)
        if row.ended_at is None and row.dwelling.path.startswith(building)
    ]
    if any(row.bound_at for row in own):
        return Living("proved", home)
    return Living("waiting" if own else "offer", home)


def below(place: PlaceRow) -> list[Below]:
    """The way down, by level; from a community to its grids at once."""
    found: dict[str, list[PlaceRow]] = {}
    if place.level == Level.COMMUNITY:
        every = places.subtree(place.path, Level.COMMITTEE.value, Level.GRID.value)
    else:
        every = places.children(place.id)
    for child in every:
        if child.level in SHOWN_BELOW:
            found.setdefault(child.level, []).append(child)
    return [Below(level, tuple(found[level])) for level in doors.PAGED if level in found]
