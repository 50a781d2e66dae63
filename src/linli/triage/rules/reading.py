"""One form of a message for all that follows: its letters without blanks and marks, and its words where it has any. Pure.

A message comes as people type it, or already cut into words with blanks between them: both are read alike. Chinese as
typed has no words of its own here; its groups of one to three characters do as well.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOST_READ = 4000  # characters: what it is about is said at the beginning
HEAD = 30  # characters, about the subject: what stands there says more
HEAD_WORDS = 14
_LONGEST_WORD = 3.5  # characters on average: longer, and the blanks stood between sentences
_WORD = re.compile(r"[^\W_]+")
_LEFT_BY_MACHINES = re.compile(r"_x000d_|https?://\S*")


@dataclass(frozen=True, slots=True)
class Text:
    """A message, read."""

    plain: str  # one case, one width, with its blanks and marks
    letters: str  # only its letters and digits, one after the other
    places: tuple[int, ...]  # where in ``plain`` each of ``letters`` stands
    words: tuple[str, ...]  # its words, if it is cut into words; else nothing


def read(words: str) -> Text:
    """A message in its one form."""
    plain = unicodedata.normalize("NFKC", words[: MOST_READ * 2]).lower()
    plain = _LEFT_BY_MACHINES.sub(" ", plain)[:MOST_READ]
    spans = [found.span() for found in _WORD.finditer(plain)]
    tokens = [plain[start:end] for start, end in spans]
    places = tuple(place for start, end in spans for place in range(start, end))
    return Text(plain, "".join(tokens), places, _cut(tokens))


def _cut(tokens: list[str]) -> tuple[str, ...]:
    """The words of a text that is cut into words, or of a language that is written so."""
    if not tokens:
        return ()
    chinese = [token for token in tokens if not token.isascii()]
    if len(chinese) * 2 < len(tokens):
        return tuple(tokens)
    average = sum(map(len, chinese)) / len(chinese)
    return tuple(tokens) if average <= _LONGEST_WORD and len(chinese) > 1 else ()
