"""From rows to points and ranks: exact, the same whenever and wherever it is computed. Pure.

Each indicator gives a part of its weight by its curve. What could not be measured shares its weight out or counts as the
middle of one's peers, as the scheme says. Points are whole thousandths; the parts add up to the total exactly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from linli.assessment.indicators import INDICATORS
from linli.assessment.rules.indicator import Asked, Measured
from linli.assessment.rules.rows import Inputs, Rechecked, digest
from linli.assessment.rules.scheme import POINTS, Item, Missing, Scheme, Ties
from linli.assessment.rules.shares import largest_remainder, rounded
from linli.assessment.rules.subjects import Belonging, Subject

FALSE_RECORD, ADJUSTED = "false_record", "adjusted"
NOTHING = Measured(0, 0)
#: Percent of the weight that must have been measured of somebody; below it there is no score to be fair about.
LEAST_MEASURED = 50


@dataclass(frozen=True, slots=True)
class Part:
    """What one indicator (or a deduction, or an adjustment) gave one subject, and why."""

    code: str
    points: int  # thousandths, as they add up to the total
    most: int  # thousandths it could have given here
    measured: Measured
    value: Fraction | None
    attained: Fraction | None  # of its weight, 0 to 1
    weight: Fraction  # percent it carries here, after what others could not be measured by
    why: str = ""  # "" | too_few | nothing_there | not_computed | information: why it gave nothing of its own


@dataclass(frozen=True, slots=True)
class Scored:
    """One subject's result. ``total`` is None when too little could be measured."""

    subject: Subject
    total: int | None
    rank: int | None
    peers: int  # how many are ranked with it
    band: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A whole run, by subject."""

    scores: tuple[Scored, ...]

    def of(self, subject_id: int) -> Scored | None:
        """The result of one subject."""
        return next((one for one in self.scores if one.subject.id == subject_id), None)


@dataclass(frozen=True, slots=True)
class _Found:
    item: Item
    measured: Measured
    value: Fraction | None
    attained: Fraction | None
    why: str


def score(scheme: Scheme, inputs: Inputs) -> Result:
    """Compute a scheme over a run's inputs."""
    found = measure(scheme, inputs)
    bands = {subject: scheme.peers.band(subject.load) for subject in inputs.subjects}
    middles = _middles(scheme, found, bands)
    untrue = _proven_false(inputs)
    adjusted: dict[int, list[int]] = defaultdict(list)
    for one in inputs.adjusted:
        adjusted[one.subject_id].append(one.points)
    scores = [
        _scored(scheme, subject, found[subject], middles.get(bands[subject], {}), bands[subject],
                untrue.get(subject, ()), sum(adjusted[subject.id]))
        for subject in sorted(inputs.subjects)
    ]  # fmt: skip
    return Result(tuple(_ranked(scores, scheme.ties) if inputs.ranked else _unranked(scores)))


# -- measuring -----------------------------------------------------------------------------------------------


def measure(scheme: Scheme, inputs: Inputs) -> dict[Subject, list[_Found]]:
    """What every indicator of the scheme says of every subject."""
    rows = inputs.put_right()
    untrue, mistaken = (_with_outcome(rows.get("rechecks", ()), outcome) for outcome in ("false", "mistaken"))
    asked = {
        subject: Asked(subject, inputs.since, inputs.until, untrue, mistaken) for subject in inputs.subjects
    }
    found: dict[Subject, list[_Found]] = {subject: [] for subject in inputs.subjects}
    for item in scheme.items:
        one = INDICATORS.get(item.indicator)
        belonging = Belonging(rows.get(one.source, ()), one.whose) if one else None
        for subject in inputs.subjects:
            measured = one.measure(belonging.of(subject), asked[subject]) if one and belonging else NOTHING
            found[subject].append(_found(item, measured))
    return found


def _with_outcome(rows: Iterable[Rechecked], outcome: str) -> frozenset[tuple[str, int]]:
    return frozenset((row.record, row.record_id) for row in rows if row.outcome == outcome)


def _found(item: Item, measured: Measured) -> _Found:
    one = INDICATORS.get(item.indicator)
    value = measured.value
    if one is None:
        return _Found(item, measured, None, None, "not_computed")
    if not item.weight:
        return _Found(item, measured, value, None, "information")
    if value is None:
        return _Found(item, measured, None, None, "nothing_there")
    if measured.sample < one.minimum:
        return _Found(item, measured, value, None, "too_few")
    return _Found(item, measured, value, item.attained(value, one.direction), "")


def _proven_false(inputs: Inputs) -> dict[Subject, tuple[int, ...]]:
    """The re-checks that proved a subject's record false, decided in this time."""
    rows = Belonging(inputs.put_right().get("rechecks", ()), "worker_id")
    return {
        subject: tuple(
            row.id
            for row in rows.of(subject)
            if row.outcome == "false" and row.decided_at and inputs.since <= row.decided_at < inputs.until
        )
        for subject in inputs.subjects
    }


def _middles(
    scheme: Scheme, found: Mapping[Subject, Sequence[_Found]], bands: Mapping[Subject, int]
) -> dict[int, dict[str, Fraction]]:
    """The median attainment of each indicator among the peers of each band."""
    if scheme.missing is not Missing.NEUTRAL:
        return {}
    values: dict[int, dict[str, list[Fraction]]] = defaultdict(lambda: defaultdict(list))
    for subject, ones in found.items():
        for one in ones:
            if one.attained is not None:
                values[bands[subject]][one.item.indicator].append(one.attained)
    return {band: {code: _median(held) for code, held in by_code.items()} for band, by_code in values.items()}


def _median(values: Iterable[Fraction]) -> Fraction:
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


# -- points --------------------------------------------------------------------------------------------------


def _scored(
    scheme: Scheme, subject: Subject, found: Sequence[_Found], middles: Mapping[str, Fraction], band: int,
    untrue: tuple[int, ...], adjusted: int,
) -> Scored:  # fmt: skip
    reached = {
        one.item.indicator: one.attained if one.attained is not None else middles.get(one.item.indicator)
        for one in found
        if one.item.weight
    }
    carried = sum(one.item.weight for one in found if reached.get(one.item.indicator) is not None)
    own = sum(one.item.weight for one in found if one.attained is not None)
    if not own or own < LEAST_MEASURED:
        parts = tuple(_part(one, None, Fraction(0), 0) for one in found)
        return Scored(subject, None, None, 0, band, parts)
    weights = {
        one.item.indicator: Fraction(one.item.weight * 100, carried)
        if reached.get(one.item.indicator) is not None
        else Fraction(0)
        for one in found
    }
    exact = {code: weights[code] * POINTS * held for code, held in reached.items() if held is not None}
    points = largest_remainder(exact)
    parts = tuple(
        _part(
            one,
            reached.get(one.item.indicator),
            weights[one.item.indicator],
            points.get(one.item.indicator, 0),
        )
        for one in found
    )
    total = sum(points.values())
    taken = _taken(scheme, total, untrue)
    more = max(adjusted, -(total + sum(part.points for part in taken)))
    taken += (_extra(ADJUSTED, more),) if adjusted else ()
    return Scored(subject, total + sum(part.points for part in taken), None, 0, band, parts + taken)


def _part(one: _Found, reached: Fraction | None, weight: Fraction, points: int) -> Part:
    most = max(points, rounded(weight * POINTS))
    return Part(one.item.indicator, points, most, one.measured, one.value, reached, weight, one.why)


def _taken(scheme: Scheme, total: int, untrue: tuple[int, ...]) -> tuple[Part, ...]:
    """What records proven false cost: never more than there is."""
    cost = min(len(untrue) * scheme.deduction.points, scheme.deduction.most, total)
    return (_extra(FALSE_RECORD, -cost, untrue),) if untrue else ()


def _extra(code: str, points: int, counted: tuple[int, ...] = ()) -> Part:
    measured = Measured(len(counted), 1, counted)
    return Part(code, points, 0, measured, None, None, Fraction(0))


# -- ranks ---------------------------------------------------------------------------------------------------


def _ranked(scores: Sequence[Scored], ties: Ties) -> list[Scored]:
    """With ranks among the peers of each band; equal points share a rank."""
    totals: dict[int, list[int]] = defaultdict(list)
    for one in scores:
        if one.total is not None:
            totals[one.band].append(one.total)
    ranks = {band: _ranks(held, ties) for band, held in totals.items()}
    return [
        one
        if one.total is None
        else replace(one, rank=ranks[one.band][one.total], peers=len(totals[one.band]))
        for one in scores
    ]


def _unranked(scores: Sequence[Scored]) -> list[Scored]:
    return list(scores)


def _ranks(totals: Sequence[int], ties: Ties) -> dict[int, int]:
    ranks: dict[int, int] = {}
    for place, total in enumerate(sorted(totals, reverse=True), start=1):
        if total not in ranks:
            ranks[total] = place if ties is Ties.SKIP else len(ranks) + 1
    return ranks


# -- proof ---------------------------------------------------------------------------------------------------


def as_plain(result: Result) -> list[dict[str, Any]]:
    """The result as JSON carries it, for its digest and for comparing."""
    return [
        {
            "subject": one.subject.id,
            "total": one.total,
            "rank": one.rank,
            "peers": one.peers,
            "band": one.band,
            "parts": [told(part) for part in one.parts],
        }
        for one in result.scores
    ]


def told(part: Part) -> dict[str, Any]:
    """A part as it is kept: its fraction, its points, and every row behind it."""
    return {
        "code": part.code,
        "numerator": part.measured.numerator,
        "denominator": part.measured.denominator,
        "points": part.points,
        "most": part.most,
        "why": part.why,
        "attained": part.attained,
        "weight": part.weight,
        "counted": part.measured.counted,
        "rest": part.measured.rest,
        "excluded": part.measured.excluded,
    }


def result_digest(result: Result) -> str:
    """SHA-256 over the whole result."""
    return digest(as_plain(result))
