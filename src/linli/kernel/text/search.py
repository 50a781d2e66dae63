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


def vector_text(text: str) -> str:
    """The tsvector literal of a text: `'垃圾':1 '圾':2`."""
    return vector_of(text)


def vector_of(*texts: str) -> str:
    """The tsvector literal of several texts in one, so that no phrase runs across from one to the next."""
    places: dict[str, list[int]] = {}
    start = 0
    for text in texts:
        found = tokens(text)
        for token in found:
            held = places.setdefault(token.text, [])
            place = token.place + start
            if place <= LAST_PLACE and len(held) < MOST_PLACES:
                held.append(place)
        if found:
            start += found[-1].place + 2
    return " ".join(
        f"'{word}':{','.join(map(str, held))}" if held else f"'{word}'" for word, held in places.items()
    )


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
