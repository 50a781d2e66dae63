"""How alike two texts or two pictures are. Pure."""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

#: Length of the pieces that two texts are compared by, in characters; good for Chinese without cutting words.
PIECE = 3


def plain(words: str) -> str:
    """What is compared: NFKC, small letters, every digit a 0, signs left out. With another date it is the same text."""
    folded = unicodedata.normalize("NFKC", words).lower()
    return "".join("0" if sign.isdecimal() else sign for sign in folded if sign.isalnum())


def shingles(text: str) -> frozenset[str]:
    """The pieces of a text made `plain`; of a very short one the text itself."""
    if len(text) <= PIECE:
        return frozenset([text] if text else ())
    return frozenset(text[at : at + PIECE] for at in range(len(text) - PIECE + 1))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """What two sets of pieces share, of all they have (Jaccard), 0 to 1."""
    if not one or not other:
        return 0.0
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def near_pairs(cut: Mapping[int, frozenset[str]], least: float) -> Iterator[tuple[int, int, float]]:
    """Every pair at least so alike, each once.

    Only texts that share one of their rarest pieces are compared (prefix filter): with pieces in one order from rare to
    frequent, two sets with Jaccard ≥ t share a piece among the first n − ⌈t·n⌉ + 1 of each (Bayardo et al. 2007).
    """
    often: dict[str, int] = defaultdict(int)
    for pieces in cut.values():
        for piece in pieces:
            often[piece] += 1
    held: dict[str, list[int]] = defaultdict(list)
    for key, pieces in cut.items():
        first = sorted(pieces, key=lambda piece: (often[piece], piece))
        first = first[: len(first) - math.ceil(least * len(first)) + 1]
        seen: set[int] = set()
        for piece in first:
            for other in held[piece]:
                if other not in seen:
                    seen.add(other)
                    found = alike(pieces, cut[other])
                    if found >= least:
                        yield other, key, found
            held[piece].append(key)


def bits_apart(one: int, other: int) -> int:
    """In how many of their bits two pictures' looks differ (Hamming)."""
    return (one ^ other).bit_count()


def near_looks(looks: Iterable[tuple[int, int]], most: int) -> Iterator[tuple[int, int, int]]:
    """Every pair of (key, look of 64 bits) that differ in at most ``most`` bits, with in how many.

    Cut into most + 1 parts, two such looks agree in one part at least (pigeonhole), so only those are compared.
    """
    parts = most + 1
    width = -(-64 // parts)
    held: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for key, look in looks:
        seen: set[int] = set()
        for part in range(parts):
            slot = (part, look >> (part * width) & ((1 << width) - 1))
            for other, other_look in held[slot]:
                if other not in seen and bits_apart(look, other_look) <= most:
                    seen.add(other)
                    yield other, key, bits_apart(look, other_look)
            held[slot].append((key, look))
