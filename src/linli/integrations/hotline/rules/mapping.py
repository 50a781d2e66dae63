"""How a hotline writes its orders, and how it wants ours: one TOML text a line, read into frozen rows. Pure.

``[fields]`` names, for each of our fields, their column (of a table) or path (of JSON, ``caller.phone``), or a list of
such names of which the first that is there is taken.
``[codes.<field>]`` tables turn their codes into ours; ``"*"`` stands for every other code. ``[back.codes.<field>]``
turns ours into theirs. ``[messages.<kind>]`` says how a message goes back: ``method``, ``path`` and its ``fields`` (their
path = our value, or ``=text`` for a fixed one).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from linli.cases.rules.intake import Wrong
from linli.cases.rules.kinds import Kind
from linli.cases.rules.promises import Urgency
from linli.grids.rules.datum import Datum

#: What we read of an order. ``number`` and one of ``subject``, ``body`` are needed.
FIELDS = (
    "number", "our_number", "subject", "body", "called_at", "due", "caller", "phone", "address", "lon", "lat", "category",
    "kind", "urgency", "state", "anonymous", "answer",
)  # fmt: skip
#: What a message may say, as the right side of its fields.
VALUES = (
    "number", "our_number", "at", "kind", "outcome", "state", "words", "reason", "body", "solved", "stars", "due",
    "category", "address", "subject", "wrongs",
)  # fmt: skip
MOMENTS = frozenset({"at", "due"})
IN_PATHS = frozenset({"number", "since", "until", "page"})
LONGEST = 50_000
MOST_CODES = 5_000


class Tells(StrEnum):
    """What an order that arrives tells of itself; their states are turned into these by ``[codes.state]``."""

    NEW = "new"
    URGED = "urged"  # 催办
    WITHDRAWN = "withdrawn"  # 撤回
    RETURN_GRANTED = "return_granted"  # our return was agreed to
    RETURN_REFUSED = "return_refused"  # it was not: the ruling binds, the matter is ours
    TAKEN = "taken"  # of an order of ours: they took it
    REFUSED = "refused"  # of an order of ours: they did not
    SETTLED = "settled"  # of an order of ours: done, with their answer


class Sends(StrEnum):
    """The kinds of messages that go to them."""

    RECEIPT = "receipt"
    PROGRESS = "progress"
    RETURNED = "returned"
    RESULT = "result"
    SATISFACTION = "satisfaction"
    ORDER = "order"


class BadMapping(Exception):
    """The text is no mapping; ``wrongs`` say where and why."""

    def __init__(self, *wrongs: Wrong) -> None:
        super().__init__("; ".join(f"{wrong.field}: {wrong.code} {wrong.limit}".strip() for wrong in wrongs))
        self.wrongs = wrongs


@dataclass(frozen=True, slots=True)
class Road:
    """Where a message goes: ``path`` with ``{number}`` in it, added to the line's address."""

    method: str
    path: str
    fields: Table[str, str]  # their path -> our value, or "=text"


@dataclass(frozen=True, slots=True)
class Pull:
    """How new orders are asked for: ``{since}``, ``{until}``, ``{page}`` may stand in the path."""

    path: str
    rows: str = ""  # where the list is in their answer; empty: the answer is the list
    first_page: int = 1
    page_size: int = 0  # 0: one page is all there is


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping, checked."""

    name: str
    fields: Table[str, tuple[str, ...]]
    codes: Table[str, Table[str, str]] = field(default_factory=dict)
    back: Table[str, Table[str, str]] = field(default_factory=dict)
    messages: Table[Sends, Road] = field(default_factory=dict)
    table: Table[str, str] = field(default_factory=dict)  # of results as a table: their column -> our value
    pull: Pull | None = None
    zone: tzinfo = timezone(timedelta(hours=8), "Asia/Shanghai")
    time_format: str = ""
    datum: Datum = Datum.GCJ02
    auth: str = "bearer"  # bearer | hmac | header:<name>
    ok_path: str = ""
    ok_values: frozenset[str] = frozenset()
    number_path: str = ""  # where their answer to an order of ours names its number
    rows: str = ""  # where the list is in what they push; empty: it is the order, or a list of orders


def load(text: str) -> Mapping:
    """Read a mapping.

    :raises BadMapping: no TOML, or something in it cannot be used; every fault is named.
    """
    if len(text) > LONGEST:
        raise BadMapping(Wrong("mapping", "too_long", str(LONGEST)))
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadMapping(Wrong("mapping", "not_toml", str(error))) from error
    wrongs: list[Wrong] = []
    found = Mapping(
        name=str(told.get("name", "")),
        fields=_fields(told, wrongs),
        codes=_codes(told.get("codes"), "codes", wrongs),
        back=_codes(_inner(told, "back").get("codes"), "back.codes", wrongs),
        messages=_messages(told.get("messages"), wrongs),
        table=_values(_inner(told, "table").get("fields"), "table.fields", wrongs),
        pull=_pull(told.get("pull"), wrongs),
        zone=_zone(_inner(told, "time").get("zone", "Asia/Shanghai"), wrongs),
        time_format=str(_inner(told, "time").get("format", "")),
        datum=_datum(told.get("datum", Datum.GCJ02.value), wrongs),
        auth=_auth(str(told.get("auth", "bearer")), wrongs),
        ok_path=str(_inner(told, "answer").get("ok_path", "")),
        ok_values=frozenset(str(value) for value in _list(_inner(told, "answer").get("ok_values"))),
        number_path=str(_inner(told, "answer").get("number_path", "")),
        rows=str(_inner(told, "push").get("rows", "")),
    )
    wrongs += _strangers(told)
    if wrongs:
        raise BadMapping(*wrongs)
    return found


KNOWN = frozenset(
    "name fields codes back messages table pull push time datum auth answer".split()
)  # fmt: skip


def _strangers(told: Table[str, Any]) -> list[Wrong]:
    return [Wrong(key, "unknown_part", ", ".join(sorted(KNOWN))) for key in sorted(set(told) - KNOWN)]


def _inner(told: Table[str, Any], name: str) -> Table[str, Any]:
    held = told.get(name)
    return held if isinstance(held, dict) else {}


def _list(held: Any) -> list[Any]:
    return held if isinstance(held, list) else []


def _fields(told: Table[str, Any], wrongs: list[Wrong]) -> dict[str, tuple[str, ...]]:
    held = _inner(told, "fields")
    named = {
        str(ours): tuple(str(one) for one in _list(theirs)) or (str(theirs),) for ours, theirs in held.items()
    }
    found = {ours: theirs for ours, theirs in named.items() if all(one.strip() for one in theirs)}
    wrongs += [
        Wrong(f"fields.{name}", "unknown_field", ", ".join(FIELDS))
        for name in sorted(set(found) - set(FIELDS))
    ]
    if "number" not in found:
        wrongs.append(Wrong("fields.number", "missing"))
    if not {"subject", "body"} & set(found):
        wrongs.append(Wrong("fields.body", "missing"))
    if ("lon" in found) != ("lat" in found):
        wrongs.append(Wrong("fields.lat", "half_a_point"))
    return found


#: The codes of ours that a table may lead to; a category's are the community's own and looked at with the order.
OURS: dict[str, frozenset[str]] = {
    "kind": frozenset(kind.value for kind in Kind),
    "urgency": frozenset(urgency.value for urgency in Urgency),
    "state": frozenset(tells.value for tells in Tells),
    "anonymous": frozenset({"yes", "no"}),
}


def _codes(held: Any, where: str, wrongs: list[Wrong]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, table in (held if isinstance(held, dict) else {}).items():
        if not isinstance(table, dict) or len(table) > MOST_CODES:
            wrongs.append(Wrong(f"{where}.{name}", "not_a_table"))
            continue
        found[name] = {str(one): str(other) for one, other in table.items()}
        if where == "codes" and name in OURS:
            wrongs += [
                Wrong(f"{where}.{name}", "unknown_code", f"{other}: {', '.join(sorted(OURS[name]))}")
                for other in sorted(set(found[name].values()) - OURS[name])
            ]
    return found


def _values(held: Any, where: str, wrongs: list[Wrong]) -> dict[str, str]:
    found = {str(theirs): str(ours) for theirs, ours in (held if isinstance(held, dict) else {}).items()}
    wrongs += [
        Wrong(f"{where}.{theirs}", "unknown_value", ", ".join(VALUES))
        for theirs, ours in sorted(found.items())
        if not ours.startswith("=") and ours not in VALUES
    ]
    return found


def _messages(held: Any, wrongs: list[Wrong]) -> dict[Sends, Road]:
    found: dict[Sends, Road] = {}
    for name, told in (held if isinstance(held, dict) else {}).items():
        where = f"messages.{name}"
        if name not in set(Sends) or not isinstance(told, dict):
            wrongs.append(Wrong(where, "unknown_message", ", ".join(Sends)))
            continue
        method, path = str(told.get("method", "POST")).upper(), str(told.get("path", ""))
        if method not in {"POST", "PUT", "PATCH"}:
            wrongs.append(Wrong(f"{where}.method", "unknown_method", "POST, PUT, PATCH"))
        if not _is_path(path):
            wrongs.append(Wrong(f"{where}.path", "not_a_path"))
        found[Sends(name)] = Road(method, path, _values(told.get("fields"), f"{where}.fields", wrongs))
    return found


def _is_path(path: str) -> bool:
    """Whether it is an absolute path of ours to add to their address, with none but known names in braces."""
    try:
        named = [
            (name, spec, turned) for _text, name, spec, turned in Formatter().parse(path) if name is not None
        ]
    except ValueError:
        return False
    if any(name not in IN_PATHS or spec or turned for name, spec, turned in named):
        return False
    return path.startswith("/") and not path.startswith("//")


def _pull(held: Any, wrongs: list[Wrong]) -> Pull | None:
    if not isinstance(held, dict):
        return None
    path = str(held.get("path", ""))
    if not _is_path(path):
        wrongs.append(Wrong("pull.path", "not_a_path"))
    size, first = held.get("page_size", 0), held.get("first_page", 1)
    if not isinstance(size, int) or not isinstance(first, int) or not 0 <= size <= 10_000:
        wrongs.append(Wrong("pull.page_size", "not_a_number"))
        return None
    return Pull(path, str(held.get("rows", "")), first, size)


def _zone(name: Any, wrongs: list[Wrong]) -> tzinfo:
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        wrongs.append(Wrong("time.zone", "unknown_zone", str(name)))
        return UTC


def _datum(name: Any, wrongs: list[Wrong]) -> Datum:
    try:
        return Datum(str(name))
    except ValueError:
        wrongs.append(Wrong("datum", "unknown_datum", ", ".join(Datum)))
        return Datum.WGS84


def _auth(word: str, wrongs: list[Wrong]) -> str:
    named = word.removeprefix("header:")
    if word in {"bearer", "hmac"} or (
        word.startswith("header:")
        and named
        and all(part.isascii() and part.isalnum() for part in named.split("-"))
    ):
        return word
    wrongs.append(Wrong("auth", "unknown_auth", "bearer, hmac, header:<name>"))
    return "bearer"


def at_path(row: Any, path: str) -> Any:
    """What stands at a path of a row: the whole path as one name (a column), else name by name; None for nothing."""
    if isinstance(row, dict) and path in row:
        return row[path]
    for name in path.split("."):
        if isinstance(row, dict):
            row = row.get(name)
        elif isinstance(row, list) and name.isdigit() and int(name) < len(row):
            row = row[int(name)]
        else:
            return None
    return row


def cell(row: Any, mapping: Mapping, name: str) -> Any:
    """What an order says of one of our fields: the first of its names that is there."""
    found = (at_path(row, path) for path in mapping.fields.get(name, ()))
    return next((value for value in found if value is not None), None)


def put(into: dict[str, Any], path: str, value: Any) -> None:
    """Write a value at a path, making the objects on the way."""
    *way, last = path.split(".")
    for name in way:
        held = into.get(name)
        if not isinstance(held, dict):
            held = into[name] = {}
        into = held
    into[last] = value


def rows_of(answer: Any, path: str) -> list[Any]:
    """The orders in an answer: the list at the path, or a single order as a list of one.

    :raises BadMapping: there is neither.
    """
    held = at_path(answer, path) if path else answer
    if isinstance(held, dict):
        return [held]
    if isinstance(held, list):
        return held
    raise BadMapping(Wrong("rows", "no_list_there", path))


def message(mapping: Mapping, fields: Table[str, str], values: Table[str, Any]) -> dict[str, Any]:
    """A message in their words: each value through its code table, at its path; what is unknown is left out."""
    said: dict[str, Any] = {}
    for theirs, ours in fields.items():
        if ours.startswith("="):
            put(said, theirs, ours[1:])
            continue
        value = values.get(ours)
        if value is not None:
            put(said, theirs, _theirs(mapping, ours, value))
    return said


def _theirs(mapping: Mapping, name: str, value: Any) -> Any:
    if name in MOMENTS:
        return moment(mapping, datetime.fromisoformat(str(value)))
    table = mapping.back.get(name)
    if table is None:
        return value
    return table.get(str(value).lower() if isinstance(value, bool) else str(value), table.get("*", value))


def moment(mapping: Mapping, at: datetime) -> str:
    """A moment as they write it, in their zone; ISO 8601 where the mapping names no form."""
    local = at.astimezone(mapping.zone)
    return local.strftime(mapping.time_format) if mapping.time_format else local.isoformat(timespec="seconds")


def taken(mapping: Mapping, answer: Any) -> bool:
    """Whether their answer says that it was taken; without a rule of theirs, every answer does."""
    if not mapping.ok_path:
        return True
    return str(at_path(answer, mapping.ok_path)) in mapping.ok_values
