"""What residents write about, in both languages: the things, what is wrong with them, and how far one matter reaches. Pure.

The words are rows of ``triage/data``: ``things.csv``, ``faults.csv``, and in ``near.csv`` what people say of the same
matter in other words. A code with a dot is a kind of the one before the dot (``light.street`` is a ``light``). Written by
hand for this project; the longest word wins, so 楼道灯 is never read as 灯.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

#: How far one matter of a kind reaches, in metres: beyond it the same words mean another matter.
REACH = MappingProxyType({"home": 40.0, "building": 60.0, "spot": 90.0, "area": 600.0, "": 120.0})


def _rows(name: str) -> tuple[dict[str, str], ...]:
    text = resources.files("linli.triage").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


_THINGS, _FAULTS, _NEAR = _rows("things"), _rows("faults"), _rows("near")


def _alike(of: str) -> dict[frozenset[str], float]:
    return {frozenset((row["one"], row["two"])): float(row["share"]) for row in _NEAR if row["of"] == of}


#: Faults that people say of the same matter, and different things by name that they mean by it: how alike they are.
NEAR = MappingProxyType(_alike("fault"))
SAME_MATTER = MappingProxyType(_alike("thing"))
#: Things that more often say where it is than what it is about: they weigh less.
WHERE = MappingProxyType({row["code"]: float(row["weight"]) for row in _THINGS if row["weight"]})


@dataclass(frozen=True, slots=True)
class Thing:
    """Something residents write about, and how far one matter of it reaches."""

    code: str
    reach: str
    trouble: bool = False  # naming it says what is wrong: rats, fireworks


@dataclass(frozen=True, slots=True)
class Fault:
    """What may be wrong with a thing, or what is wanted; and what would be the contrary."""

    code: str
    opposites: frozenset[str]


def plain(text: str) -> str:
    """One form for full and half width, capitals and blanks."""
    return unicodedata.normalize("NFKC", text).lower()


def _words(row: dict[str, str]) -> tuple[str, ...]:
    return (*row["words_zh"].split("|"), *row["words_en"].split("|"))


THINGS = MappingProxyType(
    {row["code"]: Thing(row["code"], row["reach"], row["trouble"] == "yes") for row in _THINGS}
)
FAULTS = MappingProxyType(
    {row["code"]: Fault(row["code"], frozenset(row["opposites"].split("|")) - {""}) for row in _FAULTS}
)
TROUBLES = frozenset(FAULTS) - {"wish", "against", "fixed"}  # what being put right is the contrary of
#: What people call a thing, in both languages: to look for it in texts that call it otherwise.
CALLED = MappingProxyType({row["code"]: _words(row) for row in _THINGS})

_DENIED = re.compile("[没未不别]|not |n't |never ")
_Index = dict[str, tuple[tuple[str, str], ...]]  # first character -> (word, code), longest first


def _index(rows: Iterable[dict[str, str]]) -> _Index:
    held: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        for word in _words(row):
            held.setdefault(word[0], []).append((word, row["code"]))
    return {first: tuple(sorted(found, key=lambda hit: -len(hit[0]))) for first, found in held.items()}


_THING_WORDS, _FAULT_WORDS = _index(_THINGS), _index(_FAULTS)


def things(text: str) -> dict[str, str]:
    """The things a plain text speaks of: code -> the word it uses. A longer word hides those inside it."""
    return _found(text, _THING_WORDS, apart=True)


def faults(text: str) -> dict[str, str]:
    """What is wrong, by a plain text: code -> the word it uses. Words may overlap (漏水 lies in 爆管漏水), but 充电桩 is a
    thing, not somebody who charges."""
    named = (name for thing, name in things(text).items() if not THINGS[thing].trouble)
    for name in sorted(named, key=len, reverse=True):
        text = text.replace(name, _without_faults(name))
    found = _found(text, _FAULT_WORDS, apart=False)
    if "against" in found:
        found.pop("wish", None)  # 反对加装 names what is opposed
    fixed = found.get("fixed")
    if fixed and _DENIED.search(text[max(0, text.find(fixed) - 3) : text.find(fixed)]):
        del found["fixed"]
    return found


@lru_cache(maxsize=2048)
def _without_faults(name: str) -> str:
    """A thing's name, or blanks in its place if a fault's word is a part of it and not the whole."""
    inside = any(word in name and word != name for words in _FAULT_WORDS.values() for word, _ in words)
    return " " * len(name) if inside and not name.isascii() else name


def _found(text: str, index: _Index, *, apart: bool) -> dict[str, str]:
    held: dict[str, str] = {}
    at = 0
    while at < len(text):
        length = 1
        for word, code in index.get(text[at], ()):
            if text.startswith(word, at) and _stands(text, at, word):
                held.setdefault(code, word)
                length = len(word) if apart or word.isascii() else 1
                break
        at += length
    return held


def _stands(text: str, at: int, word: str) -> bool:
    """Whether the word that is there may be taken for one; a Latin one must stand alone."""
    if not word.isascii():
        return True
    before, after = text[at - 1 : at], text[at + len(word) : at + len(word) + 1]
    return not _latin(before) and not _latin(after)


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
