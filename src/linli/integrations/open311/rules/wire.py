"""One tree, two notations: XML, and JSON by the convention the standard calls "Spark".

Outer elements disappear in JSON: lists become bare arrays, single things objects, empty elements ``null``.
Source: GeoReport v2, "JSON" and the samples of each method.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from xml.sax.saxutils import escape

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
#: What each list of a thing calls its parts.
PARTS: Mapping[str, str] = {
    "endpoints": "endpoint",
    "formats": "format",
    "attributes": "attribute",
    "values": "value",
    "notes": "note",
}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Form(StrEnum):
    """The suffix of an address."""

    XML = "xml"
    JSON = "json"


CONTENT_TYPES: Mapping[Form, str] = {
    Form.XML: "text/xml; charset=utf-8",
    Form.JSON: "application/json; charset=utf-8",
}
Thing = Mapping[str, Any]  # str, int, float, bool, None; or a list of things or texts under a name of PARTS


@dataclass(frozen=True, slots=True)
class Many:
    """A list: ``root`` › ``part``[] in XML, a bare array in JSON."""

    root: str
    part: str
    things: Sequence[Thing]


@dataclass(frozen=True, slots=True)
class One:
    """A single thing: ``root`` in XML, an object in JSON."""

    root: str
    thing: Thing


def services(things: Sequence[Thing]) -> Many:
    """The list of services."""
    return Many("services", "service", things)


def requests(things: Sequence[Thing]) -> Many:
    """Requests: of a list, of one number, of a token, of what was just created."""
    return Many("service_requests", "request", things)


def updates(things: Sequence[Thing]) -> Many:
    """What happened to requests (an extension)."""
    return Many("service_request_updates", "request_update", things)


def errors(things: Sequence[Thing]) -> Many:
    """Everything wrong with what was asked, each with its code."""
    return Many("errors", "error", things)


def written(document: Many | One, form: Form) -> bytes:
    """The document in the notation asked for, as UTF-8."""
    return _json(document) if form is Form.JSON else _xml(document)


def _json(document: Many | One) -> bytes:
    data: Any = list(document.things) if isinstance(document, Many) else document.thing
    return json.dumps(_plain(data), ensure_ascii=False).encode("utf-8", "replace")


def _plain(value: Any) -> Any:
    """Empty elements are null; everything else as it is."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if value == "" else value


def _xml(document: Many | One) -> bytes:
    if isinstance(document, Many):
        inner = "".join(_element(document.part, thing) for thing in document.things)
    else:
        inner = _children(document.thing)
    return f"{DECLARATION}<{document.root}>{inner}</{document.root}>".encode("utf-8", "replace")


def _children(thing: Thing) -> str:
    return "".join(_element(name, value) for name, value in thing.items())


def _element(name: str, value: Any) -> str:
    if value is None or value == "":
        return f"<{name}/>"
    if isinstance(value, list | tuple):
        inner = "".join(_element(PARTS[name], one) for one in value)
    elif isinstance(value, Mapping):
        inner = _children(value)
    else:
        inner = _text(value)
    return f"<{name}>{inner}</{name}>"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(_NOT_XML.sub("\ufffd", str(value)))
