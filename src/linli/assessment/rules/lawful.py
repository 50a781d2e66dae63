"""Which rules a scheme breaks, each with its source and how certain that source is. Pure.

The measures of 2026 and the opinions on 指尖上的形式主义 before them say what a government app may not make a basis of
assessment (china-rules section 12, as the press reports them); further findings follow from the law on personal information
(section 13, not confirmed, no legal advice) and from what this product has decided. A finding that ``binds`` keeps a scheme
from being published until somebody has written down on which legal basis it rests; the others are told, and left to the
reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from linli.assessment.indicators import INDICATORS
from linli.assessment.rules.indicator import FORBIDDEN, Kind, Unit
from linli.assessment.rules.naming import Naming
from linli.assessment.rules.scheme import Item, Scheme

HEAVY = 40  # percent: more than that on one thing alone invites people to serve the number
MANY_DAYS = 3  # working days to appeal at least


class Certainty(StrEnum):
    """How well a source is known."""

    SOURCED = "sourced"  # read in a public source
    UNCONFIRMED = "unconfirmed"  # general knowledge or inference
    DECISION = "decision"  # what this product decided, no rule of law


class Source(StrEnum):
    """Where a rule stands; the words are in `assessment.words_lawful`."""

    MEASURES_2 = "measures_2026_2"  # check-ins, point rankings, online time as mandatory functions
    MEASURES_4 = (
        "measures_2026_4"  # the app as main carrier; likes, votes, shares, study time; forced uploads
    )
    PIPL_24 = "pipl_24"  # automated decisions
    PIPL_13 = "pipl_13"  # a ground for publishing personal information
    HOUSE = "house"  # china-rules section 12, "Decisions"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, by its code."""

    code: str
    source: Source
    certainty: Certainty
    binds: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is broken, and by what: the indicator (empty: the scheme) with its weight in percent."""

    rule: Rule
    indicator: str = ""
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Weighed:
    """One indicator of a scheme as the checker sees it."""

    code: str
    kind: str
    weight: int
    pair: str = ""
    minimum: int = 0
    chance: bool = (
        True  # whether few rows make a value by chance: not so for counts, and for a grid's own coverage
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """A scheme as the checker sees it.

    ``naming``: how names stand on what is published; ``published``: whether anybody beside those concerned reads it;
    ``ranking``: whether the community has switched the ranking on, on record; ``consented``: whether it decided on names.
    """

    items: tuple[Weighed, ...]
    level: str = "worker"
    period: str = "week"
    ranking: bool = False
    published: bool = False
    naming: str = Naming.NONE
    consented: bool = False
    appeal_days: int = MANY_DAYS
    reviewed: bool = True


_KINDS = {
    "online_activity": Rule("online_time", Source.MEASURES_2, Certainty.SOURCED),
    "check_in": Rule("check_in", Source.MEASURES_2, Certainty.SOURCED),
    "reactions": Rule("reactions", Source.MEASURES_4, Certainty.SOURCED),
    "study_time": Rule("study_time", Source.MEASURES_4, Certainty.SOURCED),
    "photo_upload": Rule("photo_upload", Source.MEASURES_4, Certainty.SOURCED),
    "growth": Rule("growth", Source.HOUSE, Certainty.DECISION),
}
RANKING = Rule("ranking", Source.MEASURES_2, Certainty.SOURCED)
CARRIER = Rule("carrier", Source.MEASURES_4, Certainty.SOURCED, binds=False)
NAMES = Rule("names", Source.PIPL_13, Certainty.UNCONFIRMED)
HEAVY_ALONE = Rule("heavy_alone", Source.HOUSE, Certainty.DECISION)
NO_PAIR = Rule("no_pair", Source.HOUSE, Certainty.DECISION, binds=False)
NO_MINIMUM = Rule("no_minimum", Source.HOUSE, Certainty.DECISION)
NO_REVIEW = Rule("no_review", Source.PIPL_24, Certainty.UNCONFIRMED)
SHORT_APPEAL = Rule("short_appeal", Source.PIPL_24, Certainty.UNCONFIRMED)
RULES = {
    rule.code: rule
    for rule in (*_KINDS.values(), RANKING, CARRIER, NAMES, HEAVY_ALONE, NO_PAIR, NO_MINIMUM,
                 NO_REVIEW, SHORT_APPEAL)
}  # fmt: skip
#: Kinds that carry no weight unless somebody answers for it.
WEIGHTLESS = frozenset(_KINDS)


def findings(scheme: Reading) -> tuple[Finding, ...]:
    """Every rule that the scheme breaks, those that bind first."""
    found = [*_of_items(scheme.items), *_of_scheme(scheme)]
    return tuple(sorted(found, key=lambda one: not one.rule.binds))


def of_scheme(
    scheme: Scheme,
    *,
    ranking: bool,
    published: bool = False,
    naming: str = Naming.NONE,
    consented: bool = False,
) -> tuple[Finding, ...]:
    """What a scheme breaks, as the community publishes and ranks today.

    :param ranking: whether the community has switched ranking on.
    :param published: whether anybody beside those concerned reads results, under names as ``naming`` says.
    :param consented: whether a decision about names is on record.
    """
    return findings(
        Reading(
            items=tuple(_weighed(item) for item in scheme.items),
            level=scheme.level,
            period=scheme.period,
            ranking=ranking,
            published=published,
            naming=naming,
            consented=consented,
            appeal_days=scheme.appeal_days,
        )
    )


def _weighed(item: Item) -> Weighed:
    one = INDICATORS.get(item.indicator)
    if one is None:
        kind = FORBIDDEN.get(item.indicator)
        return Weighed(item.indicator, kind or "", item.weight, chance=False)
    chance = one.unit is not Unit.COUNT and one.kind is not Kind.COVERAGE
    return Weighed(item.indicator, one.kind, item.weight, one.pair, one.minimum, chance)


def binding(found: Iterable[Finding]) -> bool:
    """Whether the scheme needs a recorded legal basis before it is published."""
    return any(one.rule.binds for one in found)


def _of_items(items: Sequence[Weighed]) -> Iterator[Finding]:
    there = {item.code for item in items if item.weight > 0}
    for item in items:
        if item.weight <= 0:
            continue
        if item.kind in _KINDS:
            yield Finding(_KINDS[item.kind], item.code, item.weight)
        if item.minimum < 2 and item.chance:
            yield Finding(NO_MINIMUM, item.code, item.weight)
        if item.pair and item.pair not in there:
            heavy = item.weight > HEAVY
            yield Finding(HEAVY_ALONE if heavy else NO_PAIR, item.code, item.weight)
        elif not item.pair and item.weight > HEAVY:
            yield Finding(HEAVY_ALONE, item.code, item.weight)


def _of_scheme(scheme: Reading) -> Iterator[Finding]:
    if scheme.published and scheme.level == "worker" and not scheme.ranking:
        yield Finding(RANKING)
    if scheme.published and scheme.naming in {Naming.FULL, Naming.SURNAME} and not scheme.consented:
        yield Finding(NAMES)
    if scheme.level == "worker" and scheme.period == "week":
        yield Finding(CARRIER)
    if not scheme.reviewed:
        yield Finding(NO_REVIEW)
    if scheme.appeal_days < MANY_DAYS:
        yield Finding(SHORT_APPEAL)
