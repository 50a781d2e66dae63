"""A new request as it is sent: what it must hold, and how it becomes a report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from linli.integrations.open311.rules import asking
from linli.integrations.open311.rules.asking import Given, first
from linli.integrations.open311.rules.faults import Fault, wrong

MOST_DESCRIPTION = 4000
MOST_ADDRESS, MOST_NAME, MOST_URL, MOST_FIELDS = 200, 60, 2000, 200
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,60})\](\[\])?")
_PHONE = re.compile(r"\+?[\d -]{5,20}", re.ASCII)
_HAN = re.compile("[\u3400-\u9fff]")
_DEGREES = re.compile(r"[+-]?\d{1,3}(\.\d{1,20})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A new request. Mail address, device and account of the sender are read past: we have no use for them."""

    service_code: str
    description: str = ""
    lon: float | None = None  # as sent, in ``datum``
    lat: float | None = None
    datum: str = "wgs84"
    address: str = ""
    address_id: str = ""
    answers: Mapping[str, tuple[str, ...]] | None = None
    media_url: str = ""
    name: str = ""
    phone: str = ""


def pairs(body: bytes) -> list[tuple[str, str]] | None:
    """The fields of a form (``application/x-www-form-urlencoded``); None when it is not UTF-8 or too much."""
    try:
        return parse_qsl(
            body.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except (UnicodeDecodeError, ValueError):
        return None


def gathered(fields: list[tuple[str, str]]) -> dict[str, list[str]]:
    """The fields by name, without what no text of ours may hold."""
    found: dict[str, list[str]] = {}
    for name, value in fields:
        found.setdefault(name, []).append(value.replace("\x00", ""))
    return found


def read(given: Given) -> tuple[Wanted, list[Fault]]:
    """The request, and everything wrong with it beyond what only the community knows."""
    faults: list[Fault] = []
    lon, lat = _point(given, faults)
    address, address_id = first(given, "address_string"), first(given, "address_id")
    if not faults and lat is None and not address and not address_id:
        faults.append(wrong("location_required"))
    how, odd = asking.how(given)
    wanted = Wanted(
        service_code=first(given, "service_code"),
        description=first(given, "description").replace("\r\n", "\n"),
        lon=lon,
        lat=lat,
        datum=how.datum,
        address=address,
        address_id=address_id,
        answers=answers(given),
        media_url=first(given, "media_url"),
        name=_name(first(given, "first_name"), first(given, "last_name")),
        phone=first(given, "phone"),
    )
    if not wanted.service_code:
        faults.insert(0, wrong("argument_required", "service_code"))
    return wanted, faults + odd + _too_much(wanted)


def answers(given: Given) -> dict[str, tuple[str, ...]]:
    """The attributes: ``attribute[CODE]`` once, or ``attribute[CODE][]`` for each value."""
    found: dict[str, tuple[str, ...]] = {}
    for name, values in given.items():
        shape = _ATTRIBUTE.fullmatch(name)
        if shape:
            found[shape[1]] = found.get(shape[1], ()) + tuple(values)
    return found


def _point(given: Given, faults: list[Fault]) -> tuple[float | None, float | None]:
    lat, lon = first(given, "lat"), first(given, "long")
    if not lat and not lon:
        return None, None
    if not lat or not lon:
        faults.append(wrong("half_a_point"))
        return None, None
    if not _DEGREES.fullmatch(lat) or not _DEGREES.fullmatch(lon):
        faults.append(wrong("not_on_earth"))
        return None, None
    x, y = float(lon), float(lat)
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        faults.append(wrong("not_on_earth"))
        return None, None
    return x, y


def _too_much(wanted: Wanted) -> list[Fault]:
    found = []
    limits = (
        ("description", wanted.description, MOST_DESCRIPTION),
        ("address_string", wanted.address, MOST_ADDRESS),
        ("first_name", wanted.name, MOST_NAME),
        ("media_url", wanted.media_url, MOST_URL),
    )
    found += [wrong("too_long", f"{name} {most}") for name, value, most in limits if len(value) > most]
    if wanted.phone and not _PHONE.fullmatch(wanted.phone):
        found.append(wrong("not_a_phone"))
    if wanted.media_url and not _is_address(wanted.media_url):
        found.append(wrong("not_an_address", "media_url"))
    return found


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _name(first_name: str, last_name: str) -> str:
    """A person's name as its script writes it: 张三, but Ada Lovelace."""
    if _HAN.search(first_name + last_name):
        return last_name + first_name
    return f"{first_name} {last_name}".strip()
