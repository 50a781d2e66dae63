"""What a report must hold to be taken, and the codes of what is wrong with it. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

from linli.cases.rules.kinds import Kind
from linli.cases.rules.promises import Urgency
from linli.kernel.refusals import Refused as Refused
from linli.kernel.refusals import Wrong as Wrong

MIN_WORDS, MAX_WORDS = 2, 10_000
MAX_PICTURES, MAX_SOUNDS = 9, 1
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Channel(StrEnum):
    """By which road a report came."""

    PAGE = "page"  # the resident's own phone
    DESK = "desk"  # staff entered it for a caller or visitor
    PAPER = "paper"  # staff typed in what somebody had written on the printed form
    API = "api"
    IMPORT = "import"
    PATROL = "patrol"  # found by staff on the ground
    WECHAT = "wechat"
    HOTLINE = "hotline"
    OPEN311 = "open311"


class PlaceHow(StrEnum):
    """How the place is known."""

    QR = "qr"
    PIN = "pin"
    ADDRESS = "address"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PlaceGiven:
    """What the reporter said about the place: a building (from its code), a point (WGS-84 degrees), words, or nothing."""

    building_id: int | None = None
    lon: float | None = None
    lat: float | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A resident's word as it comes in."""

    words: str
    channel: Channel
    kind: Kind = Kind.HELP
    place: PlaceGiven = field(default_factory=PlaceGiven)
    category_code: str = ""
    urgency: Urgency | None = None  # None: the words decide, or the tap
    danger: bool = False  # the reporter's own tap: somebody is in danger now
    anonymous: bool = False
    publish: bool = False
    contact_name: str = ""
    contact_phone: str = ""
    uploads: tuple[str, ...] = ()  # tickets of uploaded pictures and voices
    outside_number: str = ""
    batch: str = ""


def clean_words(words: str) -> str:
    """The words without control characters and outer blanks; line breaks stay."""
    return _CONTROL.sub("", words.replace("\r\n", "\n")).strip()


def meaning_length(words: str) -> int:
    """How many characters carry meaning: letters, digits, ideographs, emoji; not blanks or punctuation."""
    return sum(1 for character in words if unicodedata.category(character)[0] in "LNS")


def wrongs(report: Report) -> tuple[Wrong, ...]:
    """Everything wrong with a report; empty when it can be taken."""
    found: list[Wrong] = []
    if len(report.words) > MAX_WORDS:
        found.append(Wrong("words", "too_long", str(MAX_WORDS)))
    elif meaning_length(report.words) < MIN_WORDS:
        found.append(Wrong("words", "too_short", str(MIN_WORDS)))
    found += _place_wrongs(report.place)
    if len(report.uploads) > MAX_PICTURES + MAX_SOUNDS:
        found.append(Wrong("uploads", "too_many", str(MAX_PICTURES)))
    if len(set(report.uploads)) != len(report.uploads):
        found.append(Wrong("uploads", "twice"))
    if len(report.contact_name) > 60:
        found.append(Wrong("contact_name", "too_long", "60"))
    if report.contact_phone and not re.fullmatch(r"\+?[\d -]{5,20}", report.contact_phone):
        found.append(Wrong("contact_phone", "not_a_phone"))
    if len(report.outside_number) > 60:
        found.append(Wrong("outside_number", "too_long", "60"))
    return tuple(found)


def _place_wrongs(place: PlaceGiven) -> list[Wrong]:
    if (place.lon is None) != (place.lat is None):
        return [Wrong("place", "half_a_point")]
    if (
        place.lon is not None
        and place.lat is not None
        and not (-180 <= place.lon <= 180 and -90 <= place.lat <= 90)
    ):
        return [Wrong("place", "not_on_earth")]
    if len(place.address) > 200:
        return [Wrong("place", "too_long", "200")]
    return []


def place_how(place: PlaceGiven) -> PlaceHow:
    """How the place is known, best first: a scanned building, a point, words, nothing."""
    if place.building_id is not None:
        return PlaceHow.QR
    if place.lon is not None:
        return PlaceHow.PIN
    return PlaceHow.ADDRESS if place.address.strip() else PlaceHow.UNKNOWN
