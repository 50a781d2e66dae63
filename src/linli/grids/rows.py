"""The frozen rows that leave this room: what others get to know of a place, a duty, a residence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.faces.languages import reads_english
from linli.grids.rules.nameplates import Plate


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place. ``path`` lists ids from the community down, each followed by a dot."""

    id: int
    community_id: int
    parent_id: int | None
    level: str
    kind: str
    code: str
    number: str
    name_zh: str
    name_en: str
    aliases: tuple[str, ...]
    path: str
    lon: float | None
    lat: float | None
    households: int | None
    qr_code: str | None
    valid_from: date
    valid_to: date | None
    example: bool

    @property
    def depth(self) -> int:
        """How many places lie above this one."""
        return self.path.count(".") - 1

    def name(self, language: str) -> str:
        """The name in the reader's language, Chinese where there is no other."""
        return self.name_en if reads_english(language) and self.name_en else self.name_zh


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """An administrative division in force."""

    code: str
    level: str
    name_zh: str
    name_en: str
    parent_code: str | None

    def name(self, language: str) -> str:
        """The name in the reader's language, Chinese where there is no other."""
        return self.name_en if reads_english(language) and self.name_en else self.name_zh


@dataclass(frozen=True, slots=True)
class DutyRow:
    """Who serves where as what. ``person`` is the short form that lists may show (王*)."""

    id: int
    account_id: int
    person: str
    role: str
    title: str
    place: PlaceRow
    organisation_id: int | None
    organisation_zh: str
    organisation_en: str
    from_date: date
    until_date: date | None

    def organisation(self, language: str) -> str:
        """The organisation's name in the reader's language; empty for none."""
        english = reads_english(language) and self.organisation_en
        return self.organisation_en if english else self.organisation_zh


@dataclass(frozen=True, slots=True)
class PlateRow:
    """A nameplate. ``ticket`` is the address of the picture, None where there is none; ``stand_in`` a short name."""

    account_id: int
    ticket: UUID | None
    plate: Plate
    stand_in: str


@dataclass(frozen=True, slots=True)
class ResidenceRow:
    """A residence asked for or bound."""

    id: int
    community_id: int
    account_id: int
    person: str
    dwelling: PlaceRow
    basis: str
    asked_at: datetime
    first_approver_id: int | None
    second_approver_id: int | None
    bound_at: datetime | None
    expires_date: date | None
    ended_at: datetime | None
    ended_why: str
    ended_reason: str
    ended_words: str


@dataclass(frozen=True, slots=True)
class SettingRow:
    """What a community wants of one thing, since when; a default has no ``valid_from``."""

    key: str
    value: Any
    valid_from: datetime | None
    set_by_id: int | None
