"""Finding pages by what somebody typed, by the tokens of the house's own search. Pure.

The answers are those of `kernel.text.search_query`: Han text is found as it was typed, letters and digits by whole words,
and every term must be there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from linli.kernel.text import normal, tokens
from linli.kernel.text.tokens import Token

LONGEST, MOST_TERMS, AROUND = 200, 8, 36
_BETWEEN = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Where a page says it: what stands before, the words found, what stands after."""

    before: str
    hit: str
    after: str


def terms(typed: str) -> tuple[str, ...]:
    """What is looked for; nothing for punctuation alone."""
    chunks = _BETWEEN.split(normal(typed[:LONGEST]))
    return tuple(chunk for chunk in chunks if tokens(chunk))[:MOST_TERMS]


def weight(wanted: Sequence[str], title: str, body: str) -> int:
    """How well a page answers: 0 when a term is nowhere in it, more where titles say it."""
    total = 0
    for term in wanted:
        in_title, in_body = holds(title, term), holds(body, term)
        if not in_title and not in_body:
            return 0
        total += (4 if in_title else 0) + (1 if in_body else 0)
    return total


def holds(text: str, term: str) -> bool:
    """Whether a text says a term."""
    asked = _without_repeat(tokens(term))
    held = _places(text)
    first = asked[0]
    starts = _at(held, first, is_last=len(asked) == 1)
    return any(
        all(
            start + token.place - first.place in _at(held, token, is_last=token is asked[-1])
            for token in asked[1:]
        )
        for start in starts
    )


def excerpt(wanted: Sequence[str], text: str) -> Excerpt:
    """The words around the first term that the text says letter by letter; else how it begins."""
    low = text.lower()
    for term in wanted:
        at = low.find(term)
        if at >= 0 and len(low) == len(text):
            start, end = max(0, at - AROUND), at + len(term)
            return Excerpt(
                ("…" if start else "") + text[start:at].replace("\n", " "),
                text[at:end],
                text[end : end + AROUND].replace("\n", " ") + ("…" if end + AROUND < len(text) else ""),
            )
    return Excerpt("", "", text[: 2 * AROUND].replace("\n", " ") + ("…" if len(text) > 2 * AROUND else ""))


def _at(held: dict[str, frozenset[int]], token: Token, *, is_last: bool) -> frozenset[int]:
    if is_last and token.paired and len(token.text) == 1:  # anything may follow it
        return frozenset().union(*(places for word, places in held.items() if word.startswith(token.text)))
    return held.get(token.text, frozenset())


@lru_cache(maxsize=512)  # shipped pages are the same for every community
def _places(text: str) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for token in tokens(text):
        found.setdefault(token.text, set()).add(token.place)
    return {word: frozenset(places) for word, places in found.items()}


def _without_repeat(found: list[Token]) -> list[Token]:
    """Without the lone last character of a Han run: the pair before it already asks for it."""
    if len(found) > 1 and found[-1].paired and found[-2].paired and found[-2].place == found[-1].place - 1:
        return found[:-1]
    return found
