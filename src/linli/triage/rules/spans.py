"""The words of a message that decided, cut out where the letters that add most stand together. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from linli.triage.rules.reading import Text

LONGEST = 6  # letters of a Chinese word shown
_LEAST = 0.18  # share of the weightiest word that a further one must have


def words(text: Text, worth: Sequence[float], most: int) -> tuple[str, ...]:
    """Up to ``most`` words, weightiest first; whole words where the text has them, else runs of letters."""
    pieces = _latin_and_runs(text)
    if not pieces:
        return ()
    gains = [one for one in worth if one > 0]
    floor = sum(gains) / len(gains) * 0.6 if gains else 0.0
    found: dict[str, float] = {}
    for start, end in pieces:
        for value, first, last in _best_runs(worth, start, end, floor, whole=text.letters[start].isascii()):
            word = text.letters[first:last]
            if len(word) > 1 and not word.isdigit():
                found[word] = max(found.get(word, 0.0), value)
    ranked = sorted(found, key=lambda word: (-found[word], word))
    shown: list[str] = []
    for word in ranked:
        if found[word] <= 0 or found[word] < _LEAST * found[ranked[0]] or len(shown) == most:
            break
        if not any(word in one or one in word for one in shown):
            shown.append(word)
    return tuple(shown)


def _latin_and_runs(text: Text) -> list[tuple[int, int]]:
    """Stretches of letters that no blank or mark divides (blanks of a text cut into words do divide them), Latin apart."""
    found: list[tuple[int, int]] = []
    start = 0
    for at in range(1, len(text.letters) + 1):
        ended = at == len(text.letters)
        if (
            ended
            or text.places[at] != text.places[at - 1] + 1
            or text.letters[at].isascii() != text.letters[at - 1].isascii()
        ):
            found.append((start, at))
            start = at
    return found


def _best_runs(
    worth: Sequence[float], start: int, end: int, floor: float, *, whole: bool
) -> list[tuple[float, int, int]]:
    """The best runs of a stretch that do not overlap; a Latin word is shown whole."""
    if whole:
        return [(sum(worth[start:end]), start, end)]
    runs = [
        (sum(worth[first:last]) - floor * (last - first), first, last)
        for first in range(start, end - 1)
        for last in range(first + 2, min(first + LONGEST, end) + 1)
    ]
    taken: list[tuple[float, int, int]] = []
    for run in sorted(runs, reverse=True)[:200]:
        if run[0] > 0 and all(run[2] <= one[1] or run[1] >= one[2] for one in taken):
            taken.append(run)
    return taken
