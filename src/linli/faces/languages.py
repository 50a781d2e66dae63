"""Which languages the house speaks: Chinese and English, and every other one whose files are found at start.

A language is a folder ``locale/<name>/`` with a ``language.toml`` that says what it is called, and a
``LC_MESSAGES/django.mo`` with its words. What it lacks is said in English. docs/languages.md tells how to add one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import to_language, trans_real

FILE = "language.toml"
_FOLDER = re.compile(r"[a-z]{2,3}(_[A-Z][a-z]{3})?(_[A-Z]{2})?")
_KEYS = frozenset({"name", "reviewed", "note"})


class BadLanguage(Exception):
    """The files of a language cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the house.

    ``name`` is what its own speakers call it; ``note``, in its own words, says that nobody has read it through yet.
    """

    code: str
    name: str
    reviewed: bool = True
    note: str = ""


#: Complete in every word; the first is the default. Names and announcements are kept in these two alone.
HOUSE = (Language("zh-hans", "中文"), Language("en", "English"))


def found(folders: Iterable[Path]) -> tuple[Language, ...]:
    """The languages of the house and those of these ``locale`` folders, by code; the first folder that has one wins.

    :raises BadLanguage: a language.toml that cannot be read, or one without words beside it.
    """
    others: dict[str, Language] = {}
    for folder in folders:
        for path in sorted(folder.glob(f"*/{FILE}")):
            one = _read(path)
            others.setdefault(one.code, one)
    known = {one.code for one in HOUSE}
    return (*HOUSE, *(one for code, one in sorted(others.items()) if code not in known))


def _read(path: Path) -> Language:
    if not _FOLDER.fullmatch(path.parent.name):
        raise BadLanguage(
            f"{path.parent}: name the folder as Django names a language (ja, ko, pt_BR, zh_Hant)."
        )
    if not (path.parent / "LC_MESSAGES" / "django.mo").exists():
        raise BadLanguage(f"{path.parent}: no LC_MESSAGES/django.mo. Compile its django.po first.")
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadLanguage(f"{path}: {error}") from error
    name, reviewed, note = given.get("name"), given.get("reviewed", False), given.get("note", "")
    fits = isinstance(name, str) and name and isinstance(reviewed, bool) and isinstance(note, str)
    if not fits or given.keys() - _KEYS:
        raise BadLanguage(f'{path}: it says name = "…", reviewed = true or false, note = "…", nothing else.')
    return Language(to_language(path.parent.name), str(name), bool(reviewed), str(note))


def spoken() -> tuple[Language, ...]:
    """The languages of the house, in the order in which they are offered."""
    every: tuple[Language, ...] = settings.LINLI_LANGUAGES
    return every


def choices() -> list[tuple[str, str]]:
    """Code and own name of each, for a form."""
    return [(one.code, one.name) for one in spoken()]


def is_spoken(code: str) -> bool:
    """Whether the house speaks it."""
    return any(one.code == code for one in spoken())


def reads_english(code: str | None) -> bool:
    """Whether somebody of this language reads what is kept in Chinese and English alone in English.

    Only who reads Chinese is served in Chinese first; no language is the default one.
    """
    return not (code or settings.LANGUAGE_CODE).startswith("zh")


def order(code: str) -> tuple[str, ...]:
    """In which languages to look for words that exist in some only: one's own, then English before Chinese."""
    chinese, english_ = HOUSE[0].code, HOUSE[1].code
    return tuple(
        dict.fromkeys((code, english_, chinese) if reads_english(code) else (code, chinese, english_))
    )


def let_english_stand() -> None:
    """Django fills what a language lacks from the default one, Chinese; the texts in the code are English, so take that
    away."""
    for one in spoken():
        if one not in HOUSE and reads_english(one.code):
            trans_real.translation(one.code)._fallback = None  # type: ignore[attr-defined]  # of the standard library
