"""Chinese search on plain PostgreSQL: what to store, and how to ask. No extension, exact for Han text.

Store `vector_text(text)` in a `tsvector` column with a GIN index; ask `column @@ %s::tsquery` with
`search_query(words)`. Both are finished literals, so PostgreSQL's own parser and dictionaries have no say.
The answers are those of `LIKE '%words%'`, with two intended differences: letters and digits match whole words
(3号楼 does not find 13号楼), and any punctuation counts as the same gap.
"""

from __future__ import annotations

import re

from linli.kernel.text.tokens import Token, normal, tokens

LONGEST_QUERY = 200
MOST_TERMS = 8
# PostgreSQL keeps places up to 16,383 and 256 places of one token; further ones cannot take part in phrases.
LAST_PLACE = 16_383
MOST_PLACES = 256
_BETWEEN_TERMS = re.compile(r"[\s,，、;；]+")


def vector_text(text: str, *, start: int = 0) -> str:
    """The tsvector literal of a text: `'垃圾':1 '圾':2`.

    :param start: places already used, to put several texts into one vector: pass `last_place` of the text
        before, plus two, so that no phrase runs across.
    """
    places: dict[str, list[int]] = {}
    for token in tokens(text):
        held = places.setdefault(token.text, [])
        place = token.place + start
        if place <= LAST_PLACE and len(held) < MOST_PLACES:
            held.append(place)
    return " ".join(
        f"'{word}':{','.join(map(str, held))}" if held else f"'{word}'" for word, held in places.items()
    )


def last_place(text: str) -> int:
    """The last place `vector_text` uses for this text; 0 for a text without tokens."""
    found = tokens(text)
    return found[-1].place if found else 0


def vector_of(*texts: str) -> str:
    """One tsvector literal for several texts (title, body, answer); no phrase runs from one into the next."""
    parts, start = [], 0
    for text in texts:
        parts.append(vector_text(text, start=start))
        start += last_place(text) + 2  # further than punctuation within a text reaches
    return " ".join(part for part in parts if part)


def search_query(typed: str) -> str | None:
    """The tsquery literal for what somebody typed; None if there is nothing to look for (only punctuation).

    Blanks and commas separate terms, all of which must be there; a term matches as typed. A single Han
    character finds every text that holds it.
    """
    terms: list[str] = []
    for chunk in _BETWEEN_TERMS.split(normal(typed[:LONGEST_QUERY])):
        found = tokens(chunk)
        if found and len(terms) < MOST_TERMS:
            terms.append(_phrase(found))
    return " & ".join(terms) if terms else None


def _phrase(found: list[Token]) -> str:
    found = _without_repeat(found)
    query = _quoted(found[0], is_last=len(found) == 1)
    for before, token in zip(found, found[1:], strict=False):
        query += f" <{token.place - before.place}> {_quoted(token, is_last=token is found[-1])}"
    return f"({query})" if len(found) > 1 else query


def _without_repeat(found: list[Token]) -> list[Token]:
    """Drop the lone last character of a Han run at the end: the pair before it already asks for it."""
    if len(found) > 1 and found[-1].paired and found[-2].paired and found[-2].place == found[-1].place - 1:
        return found[:-1]
    return found


def _quoted(token: Token, *, is_last: bool) -> str:
    # A lone Han character at the end may be followed by anything in the text, so it is the beginning of a
    # pair.
    begins_pair = is_last and token.paired and len(token.text) == 1
    return f"'{token.text}':*" if begins_pair else f"'{token.text}'"
