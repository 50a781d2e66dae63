"""Whether two reports tell of the same matter: how certain, and what speaks for it and against it. Pure.

Both texts are read once (`read`): the things they speak of, what is wrong with them, house numbers and the like, and
their pairs and triples of characters. `judge` weighs what they share and where they part, with where and when they were
said, in a logistic sum; its weights were fitted on the hand-written pairs of ``triage/tests/data/pairs.csv``
(docs/triage.md says how well).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import combinations, pairwise

from linli.kernel.text import search_query
from linli.kernel.text.tokens import tokens
from linli.triage.rules import matters, numbers
from linli.triage.rules.matters import CALLED, FAULTS, NEAR, REACH, THINGS, TROUBLES, WHERE, plain

VERSION = "alike-1"
MOST_READ = 400  # characters: what it is about is said at the beginning
MOST_THINGS, MOST_NAMES, MOST_TELLING = 3, 40, 7  # of what is looked for
EARTH = 6_371_000.0  # metres
DAYS_OLD = 30.0  # by then an open case is half as likely to be the same, where the kind of matter passes

#: What everybody writes, whatever it is about.
_COURTESY = re.compile(
    "你好|您好|请问|麻烦|尽快|谢谢|感谢|希望|我们|小区|社区|有关部门|领导|居民|业主|物业|解决|处理|反映|情况|问题|"
    "已经|一直|没有|现在|今天|昨天|昨晚|今早|这个|那个|的话|因为|所以|但是|而且|非常|严重|影响|请|了|的|吗|呢|吧|啊|"
    r"\b(?:please|the|a|an|is|are|was|of|in|at|on|to|and|it|this|that|there|hello|our|my|we|i|for|has|have|been)\b"
)
_RUN = re.compile(r"[一-鿿㐀-䶿]+|[a-z][a-z'-]*")


@dataclass(frozen=True, slots=True)
class Gist:
    """A text, read: what it is about, what is wrong, which numbers it names, and its pieces."""

    things: dict[str, str]
    faults: dict[str, str]
    named: dict[str, frozenset[str]]  # building, unit, floor, room, gate, road … -> which
    grams: dict[str, float]
    norm: float
    length: int


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


@lru_cache(maxsize=4096)
def read(words: str, address: str = "") -> Gist:
    """What a report says, as `judge` compares it."""
    text = plain(words)[:MOST_READ]
    counted = _grams(_COURTESY.sub(" ", text))
    grams = {gram: 1.0 + math.log(times) for gram, times in counted.items()}
    norm = math.sqrt(sum(weight * weight for weight in grams.values()))
    said = f"{text} {plain(address)[:200]}" if address else text
    return Gist(matters.things(text), matters.faults(text), numbers.read(said), grams, norm, len(text))


def looked_for(words: str) -> str | None:
    """The tsquery that finds what may be the same matter; None where the words say nothing that could be looked for.

    By the names of the things they speak of, in both languages, or by any two of their telling pairs of characters.
    """
    text = plain(words)[:MOST_READ]
    known = sorted(matters.things(text), key=lambda thing: (-_weight(thing), thing))[:MOST_THINGS]
    if any(_weight(thing) == 1.0 for thing in known):
        known = [thing for thing in known if _weight(thing) == 1.0]
    names = [search_query(name) for thing in known for name in _names(thing)]
    telling = [token.text for token in tokens(_COURTESY.sub(" ", text)) if len(token.text) > 1]
    telling = list(dict.fromkeys(telling))[:MOST_TELLING]
    pairs = [f"('{one}' & '{two}')" for one, two in combinations(telling, 2)]
    terms = [term for term in names if term] + (pairs or [f"'{one}'" for one in telling])
    return " | ".join(terms) or None


def _names(thing: str) -> tuple[str, ...]:
    """What a thing, its kinds and what it is a kind of are called."""
    kin = [
        code
        for code in CALLED
        if code == thing or code.startswith(f"{thing}.") or thing.startswith(f"{code}.")
    ]
    kin += [code for code in CALLED if frozenset((code, thing)) in _SAME_MATTER]
    return tuple(name for code in kin for name in CALLED[code])[:MOST_NAMES]


def _grams(text: str) -> Counter[str]:
    """Pairs and triples of Chinese characters; English words and pairs of words."""
    found: Counter[str] = Counter()
    words: list[str] = []
    for run in _RUN.findall(text):
        if run[0].isascii():
            words.append(run[:-1] if len(run) > 3 and run.endswith("s") else run)
            continue
        found.update(run[start : start + 2] for start in range(len(run) - 1))
        found.update(run[start : start + 3] for start in range(len(run) - 2))
    found.update(words)
    found.update(f"{one} {two}" for one, two in pairwise(words))
    return found


@dataclass(slots=True)
class _Sum:
    """The weighted sum under way."""

    total: float
    why: list[Why] = field(default_factory=list)

    def add(self, name: str, measure: float, code: str = "", value: str = "") -> None:
        weight = WEIGHTS[name] * measure
        self.total += weight
        if code and abs(weight) >= 0.15:
            self.why.append(Why(code, weight, value))


#: Fitted by logistic regression on the development pairs, drawn towards weights set by hand; a test holds the others.
WEIGHTS = {
    "bias": -1.85,
    "thing": 3.72,
    "other_thing": -4.12,
    "fault": 1.06,
    "other_fault": -5.07,
    "opposite": -5.3,
    "unsaid": -0.9,
    "words": 1.2,
    "words_alone": 4.73,
    "same_number": 1.23,
    "other_number": -4.6,
    "here": 1.0,
    "away": -5.3,
    "category": 0.7,
    "other_category": -0.9,
    "old": -4.6,
    "wish": -0.91,
    "nowhere": -2.38,
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
    alike = cosine(one.gist, two.gist)
    known = one.gist.things and two.gist.things
    found.put("words" if known else "words_alone", alike, "words", str(round(alike * 100)))
    _numbers(found, one.gist, two.gist, reach)
    _places(found, one, two, reach)
    _categories(found, one.category, two.category)
    _times(found, one, two)
    return found


def cosine(one: Gist, two: Gist) -> float:
    """How much of their pieces two texts share."""
    if not one.norm or not two.norm:
        return 0.0
    small, large = sorted((one.grams, two.grams), key=len)
    return sum(weight * large[gram] for gram, weight in small.items() if gram in large) / (
        one.norm * two.norm
    )


def _things(found: Measures, one: Gist, two: Gist) -> str:
    """How much of what they speak of is the same; returns how far a matter of this kind reaches."""
    if not one.things or not two.things:
        known = one.things or two.things
        return THINGS[max(known, key=_weight)].reach if known else ""
    mine, theirs = _covered(one, two), _covered(two, one)
    share = 0.65 * max(mine, theirs) + 0.35 * min(mine, theirs)
    of_two = max(
        two.things, key=lambda thing: (max(_kin(thing, each) for each in one.things) * _weight(thing), thing)
    )
    if share >= 0.3:
        found.put("thing", share, "thing", two.things[of_two])
    other = max(two.things, key=lambda thing: (_weight(thing), thing))
    found.put("other_thing", max(0.0, 1.0 - 1.4 * share), "other_thing", two.things[other])
    return THINGS[of_two].reach


def _covered(one: Gist, two: Gist) -> float:
    """The share of what one speaks of that the other speaks of too, things that only say where it is weighing less."""
    whole = sum(_weight(thing) for thing in one.things)
    return (
        sum(_weight(thing) * max(_kin(thing, other) for other in two.things) for thing in one.things) / whole
    )


def _weight(thing: str) -> float:
    return WHERE.get(thing, 1.0)


def _kin(one: str, two: str) -> float:
    if one == two:
        return 1.0
    if one.startswith(f"{two}.") or two.startswith(f"{one}."):
        return 0.75
    if one.partition(".")[0] == two.partition(".")[0]:
        return 0.2
    return 0.6 if frozenset((one, two)) in _SAME_MATTER else 0.0


#: Different things by name that people mean by the same matter.
_SAME_MATTER = frozenset(
    frozenset(pair.split("~"))
    for pair in (
        "drain~puddle drain~manhole drain~toilet_home dance~speaker ktv~speaker roof~ceiling ceiling~upstairs pipe~water"
        " wall~roof ebike~charge_wire stair~clutter stair~light.stair fire_lane~parking fire_lane~clutter parking~gate"
        " garage~parking site~renovation gas~fumes door~intercom guard~gate stall~bbq tree~green wires~tree dog~green"
        " wall~window garage~light.garage puddle~road manhole~road bike~stair fumes~bbq parking~truck ktv~dance"
        " clutter~garbage.bulky ebike~stair ebike~lift upstairs~toilet_home toilet_home~ceiling site~truck"
    ).split()
)


def _faults(found: Measures, one: Gist, two: Gist) -> None:
    if not one.faults or not two.faults:
        found.put("unsaid", 1.0)
        return
    best, code = max((_near(mine, theirs), theirs) for mine in one.faults for theirs in two.faults)
    against = next((fault for fault in two.faults if _contrary(fault, one, two)), "")
    if against:
        found.put("opposite", 1.0, "opposite", two.faults[against])
    elif best:
        found.put("fault", best, "fault", two.faults[code])
    else:
        found.put("other_fault", 1.0, "other_fault", next(iter(two.faults.values())))
    if ("wish" in one.faults) != ("wish" in two.faults):
        found.put("wish", 1.0)


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


def _categories(found: Measures, one: str, two: str) -> None:
    if not one or not two:
        return
    if one == two:
        found.put("category", 1.0, "same_category", two)
    elif one.partition(".")[0] == two.partition(".")[0]:
        found.put("category", 0.4, "same_branch", two)
    else:
        found.put("other_category", 1.0, "other_category", two)


def _times(found: Measures, one: Side, two: Side) -> None:
    if one.at is None or two.at is None:
        return
    days = abs((one.at - two.at).total_seconds()) / 86400
    found.put("old", 1.0 - math.exp(-days / DAYS_OLD), "days_between" if days >= 2 else "", str(round(days)))
