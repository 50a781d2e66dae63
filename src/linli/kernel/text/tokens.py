"""How text becomes search tokens.

Text is brought to NFKC and lower case and falls into runs: Han characters (also kana and hangul) and words
(letters and digits of any other script). A Han run gives, at the place of each character, that character with
its neighbour; the last one stands alone. A word is one token. So each character of a Han run begins exactly
one token, which makes searching exact: 垃圾清运 → 垃圾 圾清 清运 运.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

LONGEST_WORD = 64
_HAN = "〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003fffd"
_SYLLABLES = "ぁ-ゖァ-ヺー가-힣"
_RUN = re.compile(rf"(?P<pairs>[{_HAN}{_SYLLABLES}]+)|(?P<word>(?:(?![{_HAN}{_SYLLABLES}])[^\W_])+)")


class Token(NamedTuple):
    """A token and the place it stands at, from 1; `paired` when it comes from a Han run."""

    text: str
    place: int
    paired: bool


def normal(text: str) -> str:
    """The one form in which texts are compared."""
    return unicodedata.normalize("NFKC", text).lower()


def tokens(text: str) -> list[Token]:
    """The tokens of a text with their places; whatever lies between two runs counts as one place."""
    found: list[Token] = []
    place = 0
    last_end = 0
    for run in _RUN.finditer(normal(text)):
        if run.start() > last_end:
            place += 1
        last_end = run.end()
        piece = run.group()
        paired = run.lastgroup == "pairs"
        for part in _pairs(piece) if paired else _pieces(piece):
            place += 1
            found.append(Token(part, place, paired))
    return found


def bigrams(text: str) -> list[str]:
    """The tokens alone, in order, with repeats."""
    return [token.text for token in tokens(text)]


def _pairs(run: str) -> list[str]:
    return [run[start : start + 2] for start in range(len(run))]


def _pieces(word: str) -> list[str]:
    return [word[start : start + LONGEST_WORD] for start in range(0, len(word), LONGEST_WORD)]
