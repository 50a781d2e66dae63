"""Reading what other servers say: strict in what may harm us, patient with what the standard's servers do in fact.

Known servers wrap their JSON lists, give objects where texts belong, or send an HTML page for an error.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Any

MOST_THINGS = 2000
LONGEST = 4000
Read = dict[str, Any]  # texts; lists of such under names of lists


class Garbled(ValueError):
    """What came is neither the standard's XML nor its JSON."""


def things(body: bytes, part: str) -> list[Read]:
    """The things of a list, from either notation.

    :param part: what one of them is called in XML.
    :raises Garbled: for anything else.
    """
    text = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text[:1] in {b"[", b"{"}:
        return _from_json(text)
    if text[:1] == b"<":
        return [_read(element) for element in _root(text).iter(part)][:MOST_THINGS]
    raise Garbled("neither XML nor JSON")


def attributes(body: bytes) -> list[Read]:
    """The attributes of a service's definition."""
    text = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text[:1] == b"<":
        return [_read(element) for element in _root(text).iter("attribute")][:200]
    found = _from_json(text)
    held = found[0].get("attributes") if found else None
    return [one for one in held or [] if isinstance(one, dict)]


def complaint(body: bytes) -> str:
    """What an error says, for a person to read; empty when it says nothing we can read."""
    try:
        found = things(body, "error")
    except Garbled:
        return ""
    return " · ".join(filter(None, (str(one.get("description") or "") for one in found)))[:400]


def _root(text: bytes) -> ET.Element:
    if b"<!" in text.replace(b"<!--", b"").replace(b"<![CDATA[", b"")[:4000]:
        raise Garbled("a document type")  # entities that grow, or that read files
    try:
        return ET.fromstring(text)  # noqa: S314 (without a document type there are no entities)
    except (ET.ParseError, ValueError, LookupError) as error:
        raise Garbled("not XML") from error


def _read(element: ET.Element) -> Read:
    found: Read = {}
    for child in element:
        if len(child):
            held = [_read(one) if len(one) else (one.text or "") for one in child]
            found[child.tag] = held
        else:
            found[child.tag] = (child.text or "").strip()[:LONGEST]
    return found


def _from_json(text: bytes) -> list[Read]:
    try:
        held = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Garbled("not JSON") from error
    if isinstance(held, dict):
        lists = [
            one for one in held.values() if isinstance(one, list) and all(isinstance(x, dict) for x in one)
        ]
        held = lists[0] if len(held) == 1 and lists else [held]
    return [_plain(one) for one in held if isinstance(one, dict)][:MOST_THINGS]


def _plain(thing: Mapping[str, Any]) -> Read:
    return {str(name): _value(value) for name, value in thing.items()}


def _value(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return [_plain(one) if isinstance(one, dict) else str(one) for one in value]
    if isinstance(value, dict):
        return str(value.get("name") or value.get("recipient") or "")[:LONGEST]
    return str(value)[:LONGEST]
