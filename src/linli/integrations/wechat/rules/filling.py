"""What goes into the fields of a notice template, within the limits the platform sets for each kind of field. Pure.

The limits are those commonly known; a template whose notices are refused with 47003 says so on the settings page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

LIMITS: dict[str, int] = {
    "thing": 20,
    "short_thing": 5,
    "character_string": 32,
    "name": 10,
    "phrase": 5,
    "time": 40,
    "date": 40,
    "number": 32,
    "const": 20,
    "phone_number": 17,
}
NOTHING = "—"
FIELD = re.compile(r"([a-z_]+?)\d{1,2}")


def kind_of(name: str) -> str:
    """The kind of a field, ``thing`` of ``thing3``; empty for a name that is none."""
    found = FIELD.fullmatch(name)
    return found[1] if found and found[1] in LIMITS else ""


def fill(wanted: Mapping[str, str], told: Mapping[str, str]) -> dict[str, str]:
    """Each field with its value: what is told under our name, or the words in quotes; never empty, never too long.

    :param wanted: their field → our name (``number``), or words in quotes (``'已办结'``).
    """
    return {name: _value(name, source, told) for name, source in wanted.items()}


def _value(name: str, source: str, told: Mapping[str, str]) -> str:
    quoted = len(source) >= 2 and source[0] == source[-1] and source[0] in "'\""
    value = source[1:-1] if quoted else told.get(source, "")
    value = re.sub(r"\s+", " ", value).strip() or NOTHING
    kind = kind_of(name)
    if kind == "character_string":
        value = re.sub(r"[^\x21-\x7e]", "", value) or "-"
    most = LIMITS.get(kind, 20)
    return value if len(value) <= most else f"{value[: most - 1]}…"


def faults(wanted: Mapping[str, str], names: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """What is wrong with a mapping: the field, and why as a code.

    :param names: what notices of this kind may tell.
    """
    found = [("", "none")] if not wanted else []
    for name, source in wanted.items():
        if not kind_of(name):
            found.append((name, "field"))
        elif not re.fullmatch(r"'[^']*'|\"[^\"]*\"", source) and source not in names:
            found.append((name, "source"))
    return tuple(found)
