"""Whether two reports tell of the same matter: how certain, and what speaks for it and against it. Pure.

Both texts are read once (`gist.read`). `judge` weighs what they share and where they part, with where and when they were
said, in a logistic sum; its weights were fitted on the hand-written pairs of ``triage/tests/data/pairs.csv``
(docs/triage.md says how well).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime

from linli.triage.rules import gist as reading
from linli.triage.rules.gist import Gist, cosine, kin, weight
from linli.triage.rules.matters import FAULTS, NEAR, REACH, THINGS, TROUBLES

VERSION = "alike-2"
EARTH = 6_371_000.0  # metres
DAYS_OLD = 30.0  # by then an open case is half as likely to be the same, where the kind of matter passes


@dataclass(frozen=True, slots=True)
class Side:
    """One of two reports: its words, and where and when they were said."""

    gist: Gist
    at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    path: str = ""  # of the place tree; its last place is of this level:
    level: str = ""  # building | courtyard | grid | … ; empty: no more than the community is known
    category: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """One reason: its code, its weight in the sum (negative: it speaks against), and the value it names."""

    code: str
    weight: float
    value: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """How certain it is that two reports tell of the same matter, and why."""

    certainty: float
    why: tuple[Why, ...]
    meters: float | None = None


@dataclass(slots=True)
class _Sum:
    """The weighted sum under way."""

    total: float
    why: list[Why] = field(default_factory=list)

    def add(self, name: str, measure: float, code: str = "", value: str = "") -> None:
        counts = WEIGHTS[name] * measure
        self.total += counts
        if code and abs(counts) >= 0.15:
            self.why.append(Why(code, counts, value))


#: Fitted by logistic regression on the development pairs, drawn towards weights set by hand; a part of them was read a
#: second time with the word list as it was before them, for words are met that it does not know. A test holds the others.
WEIGHTS = {
    "bias": -0.8,
    "thing": 2.02,
    "other_thing": -4.47,
    "fault": 1.95,
    "other_fault": -7.04,
    "opposite": -6.08,
    "unsaid": -0.62,
    "half_said": -1.59,
    "more": -0.3,
    "words": 0.8,
    "words_alone": 4.34,
    "same_number": 0.86,
    "other_number": -5.33,
    "here": 0.8,
    "away": -6.65,
    "category": 0.5,
    "category_alone": 2.36,
    "danger": 1.51,
    "other_category": -1.03,
    "old": -6.05,
    "wish": -1.01,
    "nowhere": -2.81,
}


def judge(one: Side, two: Side) -> Judged:
    """How certain it is that both tell of the same matter."""
    found = measures(one, two)
    summed = _Sum(WEIGHTS["bias"])
    for name, (measure, code, value) in found.values.items():
        summed.add(name, measure, code, value)
    certainty = 1.0 / (1.0 + math.exp(-summed.total))
    why = tuple(sorted(summed.why, key=lambda each: -abs(each.weight)))
    return Judged(certainty, why, found.meters)


@dataclass(slots=True)
class Measures:
    """What two reports share and where they part: name -> (0 to 1, reason code, value)."""

    values: dict[str, tuple[float, str, str]] = field(default_factory=dict)
    meters: float | None = None

    def put(self, name: str, measure: float, code: str = "", value: str = "") -> None:
        if measure:
            self.values[name] = (measure, code, value)


def measures(one: Side, two: Side) -> Measures:
    """The measures of two reports, each from 0 to 1, before they are weighed."""
    found = Measures()
    reach = _things(found, one.gist, two.gist)
    _faults(found, one.gist, two.gist)
    _words(found, one.gist, two.gist)
    _numbers(found, one.gist, two.gist, reach)
    _places(found, one, two, reach)
    _categories(found, one, two)
    _times(found, one, two)
    return found


def _words(found: Measures, one: Gist, two: Gist) -> None:
    """Pieces of text they share; where they are written in two languages, the danger both sound like."""
    if one.foreign != two.foreign:
        shared = reading.dangers(one.text) & reading.dangers(two.text)
        found.put("danger", 1.0 if shared else 0.0, "same_danger")
        return
    alike = cosine(one, two)
    known = one.things and two.things
    found.put("words" if known else "words_alone", alike, "words", str(round(alike * 100)))


def _things(found: Measures, one: Gist, two: Gist) -> str:
    """How much of what they speak of is the same; returns how far a matter of this kind reaches."""
    if not one.things or not two.things:
        known = one.things or two.things
        return THINGS[max(known, key=weight)].reach if known else ""
    mine, theirs = _covered(one, two), _covered(two, one)
    share = 0.65 * max(mine, theirs) + 0.35 * min(mine, theirs)
    of_two = max(
        two.things, key=lambda thing: (max(kin(thing, each) for each in one.things) * weight(thing), thing)
    )
    if share >= 0.3:
        found.put("thing", share, "thing", two.things[of_two])
    found.put("more", max(_unshared(one, two), _unshared(two, one)) if share >= 0.3 else 0.0)
    other = max(two.things, key=lambda thing: (weight(thing), thing))
    found.put("other_thing", max(0.0, 1.0 - 1.4 * share), "other_thing", two.things[other])
    return THINGS[of_two].reach


def _unshared(one: Gist, two: Gist) -> float:
    """The weight of what one speaks of beside what both speak of."""
    return max(weight(thing) * (1 - max(kin(thing, other) for other in two.things)) for thing in one.things)


def _covered(one: Gist, two: Gist) -> float:
    """The share of what one speaks of that the other speaks of too, things that only say where it is weighing less."""
    whole = sum(weight(thing) for thing in one.things)
    return sum(weight(thing) * max(kin(thing, other) for other in two.things) for thing in one.things) / whole


def _faults(found: Measures, one: Gist, two: Gist) -> None:
    if not one.faults or not two.faults:
        if any(THINGS[thing].trouble for thing in one.things.keys() & two.things.keys()):
            return
        untold = _untold(one, two)
        half = one.faults or two.faults
        found.put("half_said" if half else "unsaid", 0.4 + 0.6 * untold, "half_said" if half else "unsaid")
        return
    best, code = max((_near(mine, theirs), theirs) for mine in one.faults for theirs in two.faults)
    against = next((fault for fault in two.faults if _contrary(fault, one, two)), "")
    if against:
        found.put("opposite", 1.0, "opposite", two.faults[against])
    elif best >= 0.5:
        found.put("fault", best, "fault", two.faults[code])
    if not against and best < 0.8:
        found.put("other_fault", 1.0 - best / 0.8, "other_fault", next(iter(two.faults.values())))
    if ("wish" in one.faults) != ("wish" in two.faults):
        found.put("wish", 1.0)


def _untold(one: Gist, two: Gist) -> float:
    """How much both say beyond what is known of them, and do not share: it may be another trouble."""
    if one.foreign != two.foreign or not one.rest or not two.rest:
        return 0.5 if one.foreign != two.foreign and (one.rest or two.rest) else 0.0
    small, large = sorted((one.rest, two.rest), key=len)
    return min(1.0, len(small) / 3) * (1.0 - len(small & large) / len(small))


def _contrary(theirs: str, one: Gist, two: Gist) -> bool:
    """Whether one report says the contrary of this, and only one: not-lit against dazzling, wished for against opposed."""
    if theirs in one.faults:
        return False
    against = FAULTS[theirs].opposites
    if theirs == "fixed":
        against = TROUBLES
    elif "fixed" in one.faults and theirs in TROUBLES:
        against = against | {"fixed"}
    return any(mine in against and mine not in two.faults for mine in one.faults)


def _near(one: str, two: str) -> float:
    return 1.0 if one == two else NEAR.get(frozenset((one, two)), 0.0)


def _numbers(found: Measures, one: Gist, two: Gist, reach: str) -> None:
    """House numbers and the like that both name: the same, or others; what reaches an area does not mind."""
    shared = [kind for kind in one.named if kind in two.named]
    if not shared:
        return
    same = [kind for kind in shared if one.named[kind] & two.named[kind]]
    other = [kind for kind in shared if kind not in same]
    minds = {"area": 0.25, "spot": 0.8}.get(reach, 1.0)
    if reach == "building":  # floors and rooms of one building share its lift and its stairs
        other = [kind for kind in other if kind in {"building", "unit", "road", "gate"}]
    if other:
        value = "、".join(sorted(two.named[other[0]]))
        found.put("other_number", minds, f"other_{other[0]}", value)
    elif same:
        value = "、".join(sorted(one.named[same[0]] & two.named[same[0]]))
        found.put("same_number", min(1.0, 0.6 + 0.4 * (len(same) - 1)), f"same_{same[0]}", value)


def meters(one: Side, two: Side) -> float | None:
    """How far the two points are from each other; None where one is not known."""
    if one.lon is None or one.lat is None or two.lon is None or two.lat is None:
        return None
    middle = math.radians((one.lat + two.lat) / 2)
    east = math.radians(two.lon - one.lon) * math.cos(middle)
    north = math.radians(two.lat - one.lat)
    return EARTH * math.hypot(east, north)


def _places(found: Measures, one: Side, two: Side, reach: str) -> None:
    found.meters = meters(one, two)
    both_houses = one.level == two.level == "building"
    if both_houses and _same_place(one, two):
        found.put("here", 1.0, "same_place", "building")
    elif both_houses and reach in {
        "home",
        "building",
    }:  # however near the next house is, its lift is another one
        found.put("away", 1.0, "other_place", "building")
    elif found.meters is not None:
        _by_distance(found, found.meters, reach)
    elif one.level and two.level:
        _by_path(found, one, two, reach)
    elif reach != "area" and "same_number" not in found.values:
        found.put("nowhere", 1.0, "nowhere")


def _by_distance(found: Measures, distance: float, reach: str) -> None:
    near = math.exp(-((distance / REACH[reach]) ** 2))
    if near >= 0.3:
        found.put("here", near, "near", str(round(distance)))
    else:
        found.put("away", min(1.0, (0.3 - near) / 0.3), "far", str(round(distance)))


def _by_path(found: Measures, one: Side, two: Side, reach: str) -> None:
    if _same_place(one, two):
        found.put("here", {"building": 1.0, "courtyard": 0.7}.get(one.level, 0.35), "same_place", one.level)
    elif one.path.startswith(two.path) or two.path.startswith(one.path):
        found.put("here", 0.25, "within")
    else:
        found.put("away", _apart(one, two, reach), "other_place", two.level)


def _same_place(one: Side, two: Side) -> bool:
    return bool(one.level) and one.path == two.path


def _apart(one: Side, two: Side, reach: str) -> float:
    """Places that lie side by side: another building of the same grid is nearer than one of another grid."""
    shared = 0
    for mine, theirs in zip(one.path.rstrip(".").split("."), two.path.rstrip(".").split("."), strict=False):
        if mine != theirs:
            break
        shared += 1
    siblings = shared >= min(one.path.count("."), two.path.count(".")) - 1 and shared > 1
    table = {"area": (0.1, 0.5), "spot": (0.5, 1.0)}.get(reach, (1.0, 1.0))
    return table[0] if siblings else table[1]


def _categories(found: Measures, one: Side, two: Side) -> None:
    if not one.category or not two.category:
        return
    alone = one.gist.foreign != two.gist.foreign and "thing" not in found.values
    if one.category == two.category:
        found.put("category_alone" if alone else "category", 1.0, "same_category", two.category)
    elif one.category.partition(".")[0] == two.category.partition(".")[0]:
        found.put("category", 0.4, "same_branch", two.category)
    else:
        found.put("other_category", 1.0, "other_category", two.category)


def _times(found: Measures, one: Side, two: Side) -> None:
    if one.at is None or two.at is None:
        return
    days = abs((one.at - two.at).total_seconds()) / 86400
    found.put("old", 1.0 - math.exp(-days / DAYS_OLD), "days_between" if days >= 2 else "", str(round(days)))
