"""What a rate says of one case: counted for, counted against, or not counted and why. Pure.

The database says the same in one statement (`queries.conditions`); a test holds the two together over random cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from linli.controlroom.rules.catalog import Test
from linli.controlroom.rules.definitions import Definition, Handling, Source


class Verdict(StrEnum):
    """Yes and no are the denominator, yes the numerator; all others are why a case is not counted."""

    YES = "yes"
    NO = "no"
    APPROVED = "approved"  # excluded by approval: 剔除
    ENDED = "ended"  # declined, merged, withdrawn or voided, where the definition leaves these out
    KIND = "kind"  # inquiry, suggestion or praise, likewise
    PENDING = "pending"  # a promise still runs and is not broken
    UNREACHABLE = "unreachable"
    SILENT = "silent"  # no word from the resident
    UNMEASURED = "unmeasured"  # nothing was promised, or no place or category is known


EXCLUDED = tuple(one for one in Verdict if one not in {Verdict.YES, Verdict.NO})


class Kept(StrEnum):
    """How all the promises of one stage of a case went, its rounds taken together."""

    MET = "met"
    LATE = "late"  # one of them was met late, or runs and is past its time
    RUNNING = "running"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Word:
    """What the resident said of the outcome."""

    solved: bool | None = None
    stars: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a case matters for every rate."""

    kind: str
    ended_as: str = ""  # declined, merged, withdrawn, voided; also when archived since
    approved_out: bool = False
    promises: Mapping[str, Kept] = field(default_factory=dict)
    word: Word = Word()  # the last word of either source
    called_back: Word = Word()  # the last call-back's
    unreached: bool = False  # the last call-back since the settling reached nobody
    returns: int = 0
    measurable: bool = True  # building and category are known
    came_back: bool = False


def verdict(one: Definition, test: Test, facts: Facts) -> Verdict:
    """What the rate says of a case that belongs to its period."""
    if one.approved_out and facts.approved_out:
        return Verdict.APPROVED
    if facts.ended_as in one.leave_out:
        return Verdict.ENDED
    if facts.kind in one.leave_out:
        return Verdict.KIND
    return _JUDGED[test](one, facts)


def _promises(one: Definition, facts: Facts) -> Verdict:
    held = {facts.promises.get(stage, Kept.NONE) for stage in one.promises}
    if Kept.LATE in held:
        return Verdict.NO
    if Kept.RUNNING in held:
        return Verdict.PENDING
    return Verdict.YES if Kept.MET in held else Verdict.UNMEASURED


def _solved(one: Definition, facts: Facts) -> Verdict:
    said = _word(one, facts).solved
    return _unknown(one, facts) if said is None else _yes_or_no(said)


def _satisfied(one: Definition, facts: Facts) -> Verdict:
    stars = _word(one, facts).stars
    return _unknown(one, facts) if stars is None else _yes_or_no(stars >= one.stars)


def _word(one: Definition, facts: Facts) -> Word:
    return facts.word if one.source is Source.EITHER else facts.called_back


def _unknown(one: Definition, facts: Facts) -> Verdict:
    handling, left = (
        (one.unreachable, Verdict.UNREACHABLE) if facts.unreached else (one.silent, Verdict.SILENT)
    )
    return left if handling is Handling.DROPPED else _yes_or_no(handling is Handling.FOR)


def _returned(_one: Definition, facts: Facts) -> Verdict:
    return _yes_or_no(facts.returns > 0)


def _came_back(_one: Definition, facts: Facts) -> Verdict:
    return _yes_or_no(facts.came_back) if facts.measurable else Verdict.UNMEASURED


def _yes_or_no(held: bool) -> Verdict:
    return Verdict.YES if held else Verdict.NO


_JUDGED = {
    Test.PROMISES: _promises,
    Test.SOLVED: _solved,
    Test.SATISFIED: _satisfied,
    Test.RETURNED: _returned,
    Test.CAME_BACK: _came_back,
}
