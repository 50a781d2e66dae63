"""Words with places to fill: ``{matter}``, and ``[[… {due} …]]`` which falls away when what it speaks of is empty. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

LONGEST = {"title": 40, "page": 600, "short": 200, "group": 1000}
#: What every template may speak of, whatever its kind.
ALWAYS = frozenset({"link"})
_NAME = re.compile(r"\{([^{}]*)\}")
_PART = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a template: unknown_name, unbalanced, too_long, missing."""

    code: str
    value: str = ""


def filled(template: str, values: Mapping[str, str]) -> str:
    """The words with every name filled; a part in double brackets stands only if all it names is there."""

    def part(found: re.Match[str]) -> str:
        inside = found.group(1)
        names = _NAME.findall(inside)
        return inside if all(values.get(name) for name in names) else ""

    kept = _PART.sub(part, template)
    said = _NAME.sub(lambda found: values.get(found.group(1), ""), kept)
    return re.sub(r"[ \t]+\n", "\n", said).strip()


def names_in(template: str) -> frozenset[str]:
    """What a template speaks of."""
    return frozenset(_NAME.findall(template))


def faults(template: str, *, part: str, names: Collection[str], required: bool = True) -> tuple[Fault, ...]:
    """What is wrong with one part of a template.

    :param part: title, page, short or group; it has a longest length.
    :param names: what this kind can speak of.
    """
    if not template.strip():
        return (Fault("missing"),) if required else ()
    found = []
    unknown = sorted(names_in(template) - set(names) - ALWAYS)
    if unknown:
        found.append(Fault("unknown_name", unknown[0]))
    bare = _NAME.sub("", template)
    parts = _PART.sub("", template)
    if "{" in bare or "}" in bare or "[[" in parts or "]]" in parts:
        found.append(Fault("unbalanced"))
    if len(template) > LONGEST[part]:
        found.append(Fault("too_long", str(LONGEST[part])))
    return tuple(found)


def cut_bytes(words: str, most: int) -> str:
    """The words in at most so many bytes of UTF-8, cut between characters, with … where something is missing."""
    raw = words.encode()
    if len(raw) <= most:
        return words
    mark = "…".encode()
    return raw[: most - len(mark)].decode("utf-8", "ignore").rstrip() + "…"
