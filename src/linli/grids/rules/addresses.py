"""Addresses as people write them: made equal, taken apart, and matched to a community's own buildings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
#: Every word for a block of flats becomes 栋: 8号楼, 8幢, 8座, 8#楼, 8# are one thing.
_BLOCK = re.compile(r"(?<=[0-9a-z])(?:号楼|號樓|楼栋|幢|座|#楼|#|号栋|号幢)")
_BARE_FLOORS = re.compile(r"^([0-9a-z]{1,3})楼$")
_NUMERAL = re.compile(r"[〇零一二三四五六七八九十百]*[〇零一二三四五六七八九十][〇零一二三四五六七八九十百]*")
#: 一栋 after these words is "a building", not number one: 有一栋楼, 那一栋.
_INDEFINITE = re.compile(r"(?<=[有哪某这那每同另])一(?=[栋幢座])")
_NOISE = re.compile(r"[\s,。.;、:()\[\]【】\"'“”‘’]+")
_DASHES = re.compile(r"[-—–－―‐_/~～]+")
_BUILDING = re.compile(r"(?<![0-9a-z])([0-9]{1,4}[a-z]?|[a-z][0-9]{0,3})栋")
_TRIPLE = re.compile(r"(?<![0-9a-z-])([0-9]{1,3}[a-z]?)-([0-9]{1,2})-([0-9]{3,4})(?![0-9-])")
_UNIT = re.compile(r"^(?:楼)?[^0-9a-z]{0,2}([0-9]{1,2}|[a-z])(?:单元|门洞)")
_DASHED = re.compile(r"^(?:楼)?-?([0-9]{1,2})-([0-9]{3,4})(?![0-9])")
_ROOM = re.compile(
    r"^(?:楼)?[^0-9a-z]{0,2}(?:[0-9]{1,2}[楼层])?([0-9]{3,4}[a-z]?)(?:室|户|号房|号|房)?(?![0-9栋])"
)


@dataclass(frozen=True, slots=True)
class Building:
    """A building as the address book knows it.

    ``names`` are its name and aliases; ``within`` the names of the courtyard and grid around it, which decide
    between two buildings of the same number.
    """

    building_id: int
    names: tuple[str, ...]
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """The building an address means. ``certainty`` runs from 0 to 1; unit and room are text or empty."""

    building_id: int
    unit: str
    room: str
    certainty: float


def numeral(text: str) -> str:
    """A Chinese numeral in digits: 十二 → 12, 一百零三 → 103, 三〇一 → 301."""
    if "十" not in text and "百" not in text:
        return "".join(str(DIGITS[each]) for each in text)
    total, digit = 0, -1
    for each in text:
        if each in DIGITS:
            digit = DIGITS[each]
        else:
            total += (1 if digit < 1 else digit) * (10 if each == "十" else 100)
            digit = -1
    return str(total + max(digit, 0))


def normalised(text: str) -> str:
    """One spelling for all: half-width, lower case, no blanks, Arabic digits, 栋 for any block."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text).lower())
    plain = _INDEFINITE.sub("某", plain)
    plain = _NUMERAL.sub(lambda found: numeral(found.group()), plain)
    return _BLOCK.sub("栋", _DASHES.sub("-", plain))


def _key(name: str) -> str:
    """A building's name as an index key: a bare number or 8楼 is 8栋."""
    key = normalised(name).removesuffix("楼") if normalised(name).endswith("栋楼") else normalised(name)
    bare = _BARE_FLOORS.match(key)
    if bare:
        return f"{bare.group(1)}栋"
    return f"{key}栋" if re.fullmatch(r"[0-9]{1,4}[a-z]?|[a-z][0-9]{0,3}", key) else key


def unit_and_room(rest: str) -> tuple[str, str]:
    """Unit and room from what follows the building in a normalised address; empty where not said."""
    dashed = _DASHED.match(rest)
    if dashed:
        return dashed.group(1), dashed.group(2)
    unit = _UNIT.match(rest)
    after = rest[unit.end() :] if unit else rest
    room = _ROOM.match(after)
    return unit.group(1) if unit else "", room.group(1) if room else ""


class AddressBook:
    """The buildings of one community by every name they go by."""

    def __init__(self, buildings: Iterable[Building]) -> None:
        self._numbered: dict[str, list[Building]] = {}
        self._named: dict[str, list[Building]] = {}
        for building in buildings:
            for key in {_key(name) for name in building.names if name.strip()}:
                index = self._numbered if _BUILDING.fullmatch(key) else self._named
                index.setdefault(key, []).append(building)
        self._longest_first = sorted(self._named, key=lambda key: (-len(key), key))

    def match(self, address: str) -> Match | None:
        """The building this address means, or None if none or more than one fits."""
        text = normalised(address)
        return self._by_name(text) or self._by_triple(text) or self._by_number(text)

    def _by_name(self, text: str) -> Match | None:
        for key in self._longest_first:
            start = text.find(key)
            if start < 0 or _splits_number(text, start, start + len(key)):
                continue
            return _settled(self._named[key], text, text[start + len(key) :], 0.95)
        return None

    def _by_triple(self, text: str) -> Match | None:
        found = _TRIPLE.search(text)
        if not found:
            return None
        building, unit, room = found.groups()
        return _settled(self._numbered.get(f"{building}栋", []), text, f"-{unit}-{room}", 0.9)

    def _by_number(self, text: str) -> Match | None:
        mentions = [found for found in _BUILDING.finditer(text) if found.group() in self._numbered]
        if not mentions:
            return None
        several = len({found.group() for found in mentions}) > 1
        first = mentions[0]
        return _settled(self._numbered[first.group()], text, text[first.end() :], 0.6 if several else 0.9)


def _splits_number(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] cuts a number in two: the alias 8号 is not meant by 18号."""
    before = start > 0 and text[start].isdigit() and text[start - 1].isdigit()
    return before or (end < len(text) and text[end - 1].isdigit() and text[end].isdigit())


def _settled(candidates: list[Building], text: str, rest: str, certainty: float) -> Match | None:
    """The one candidate left after the surroundings named in the text have been heard."""
    named = [each for each in candidates if any(normalised(name) in text for name in each.within if name)]
    chosen = named or candidates
    if len(chosen) != 1:
        return None
    unit, room = unit_and_room(rest)
    return Match(chosen[0].building_id, unit, room, min(1.0, certainty + (0.05 if named else 0.0)))
