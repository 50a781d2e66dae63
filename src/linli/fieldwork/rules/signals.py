"""What in records of field work is unusual enough to look again. Pure.

A signal says nothing of anybody's honesty: it aims a re-visit, and that is all it can do. Each says which records it is
about, how certain the pattern itself is (0 to 1; not how likely a lie is), and the figures it was read from. Twice the work
is no signal, whatever the sum: nothing here looks at how much somebody does.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from linli.fieldwork.rules import likeness
from linli.kernel.worktime import SHANGHAI


class Code(StrEnum):
    """The patterns that are looked for."""

    TEXT_OWN = "text_own"  # words that the same person wrote of another record
    TEXT_OTHER = "text_other"  # words that somebody else wrote of another record
    PICTURE = "picture"  # a picture that another record has already
    OVERLAP = "overlap"  # at two doors at the same time
    TRAVEL = "travel"  # from door to door faster than anybody goes
    TOO_SHORT = "too_short"  # shorter than a talk at a door
    NIGHT = "night"  # when nobody is called on
    BURST = "burst"  # many written down within minutes, long after they are said to have been
    HEAPED = "heaped"  # times or counts that end on 0 and 5 far too often
    SAME_COUNT = "same_count"  # the count before, once more
    ONE_NUMBER = "one_number"  # one phone for several doors
    DENIED = "denied"  # the resident says it did not happen


@dataclass(frozen=True, slots=True)
class Terms:
    """From where on a pattern counts; as data, so that a test can say what each line does."""

    text_from: float = 0.7
    text_length: int = 12  # shorter words are said again by everybody
    phrase_workers: int = 3  # words that so many people use are a phrase of the house
    picture_bits: int = 6
    overlap: timedelta = timedelta(minutes=3)
    metres_a_second: float = 8.0  # an electric bicycle in a hurry
    travel_least: float = 150.0  # metres; below that places are not exact enough
    shortest: timedelta = timedelta(minutes=2)
    night_from: time = time(22)
    night_to: time = time(6)
    burst: int = 6
    burst_within: timedelta = timedelta(minutes=10)
    burst_late: timedelta = timedelta(hours=3)
    heap_least: int = 30  # values, before anything is said of their last digits
    heap_share: float = 0.6
    same_counts: int = 3
    doors: int = 3


TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Done:
    """A record as the signals see it: of whom, when, where, in which words. ``key`` is its own in this reckoning."""

    key: int
    record: str
    record_id: int
    worker_id: int
    at: datetime
    until: datetime | None = None
    made_at: datetime | None = None
    spot_id: int | None = None  # the dwelling or place it was at
    lon: float | None = None
    lat: float | None = None
    text: str = ""
    counts: tuple[int, ...] = ()
    series: int | None = None  # what is counted again and again
    looks: tuple[int, ...] = ()
    number: str = ""  # a digest of the phone left
    denied: bool = False


@dataclass(frozen=True, slots=True)
class Signal:
    """One pattern: its code, the keys of the records it is about, how certain it is, the figures in it."""

    code: Code
    keys: tuple[int, ...]
    certainty: float
    figures: Mapping[str, int] = field(default_factory=dict)


def find(done: Sequence[Done], terms: Terms = TERMS) -> tuple[Signal, ...]:
    """Every signal in a community's records of some time, in a fixed order."""
    by_worker: dict[int, list[Done]] = defaultdict(list)
    for one in sorted(done, key=lambda each: (each.at, each.key)):
        by_worker[one.worker_id].append(one)
    found: list[Signal] = [*_texts(done, terms), *_pictures(done, terms), *_numbers(done, terms)]
    finders: tuple[Callable[[Sequence[Done], Terms], Iterable[Signal]], ...] = (
        _ways, _short, _night, _bursts, _heaps, _same_counts, _denials,
    )  # fmt: skip
    for worker in sorted(by_worker):
        for finder in finders:
            found.extend(finder(by_worker[worker], terms))
    return tuple(sorted(found, key=lambda one: (one.code, one.keys)))


def _texts(done: Sequence[Done], terms: Terms) -> Iterator[Signal]:
    """Words that stand in several records, unless they are a phrase that many people use."""
    plain = {one.key: likeness.plain(one.text) for one in done}
    long = {one.key: one for one in done if len(plain[one.key]) >= terms.text_length}
    for keys in _same_texts({key: plain[key] for key in long}, terms.text_from):
        of: dict[int, list[int]] = defaultdict(list)
        for key in keys:
            of[long[key].worker_id].append(key)
        if len(of) < terms.phrase_workers:
            yield from _said_again(of, keys, max(len(plain[key]) for key in keys))


def _same_texts(plain: Mapping[int, str], least: float) -> Iterator[list[int]]:
    """The keys of texts that are alike, group by group; equal ones are compared as one."""
    same: dict[str, list[int]] = defaultdict(list)
    for key, text in plain.items():
        same[text].append(key)
    first = {keys[0]: likeness.shingles(text) for text, keys in same.items()}
    group = _joined(first, ((a, b) for a, b, _share in likeness.near_pairs(first, least)))
    whole: dict[int, list[int]] = defaultdict(list)
    for keys in same.values():
        whole[group[keys[0]]].extend(keys)
    return (sorted(keys) for keys in whole.values())


def _said_again(of: Mapping[int, Sequence[int]], keys: Sequence[int], length: int) -> Iterator[Signal]:
    """What one group of like texts says of each who wrote some, and of several."""
    for mine in of.values():
        if len(mine) > 1:
            figures = {"records": len(mine), "signs": length}
            yield Signal(Code.TEXT_OWN, tuple(mine), _of_text(len(mine), length), figures)
    if len(of) > 1:
        figures = {"records": len(keys), "people": len(of), "signs": length}
        yield Signal(Code.TEXT_OTHER, tuple(keys), _of_text(len(keys), length), figures)


def _of_text(records: int, length: int) -> float:
    """Two records with the same dozen signs may be chance; five with the same forty are not."""
    return round((1 - 1 / records) * min(1.0, length / 40), 3)


def _joined(keys: Iterable[int], pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Of each key the first of its group, where pairs hold groups together."""
    root = {key: key for key in keys}

    def top(key: int) -> int:
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    for one, other in pairs:
        a, b = sorted((top(one), top(other)))
        root[b] = a
    return {key: top(key) for key in root}


def _pictures(done: Sequence[Done], terms: Terms) -> Iterator[Signal]:
    """A picture that belongs to several records."""
    looks = [(at, look) for at, one in enumerate(done) for look in one.looks]
    nearest: dict[tuple[int, int], int] = {}
    for one, other, bits in likeness.near_looks(looks, terms.picture_bits):
        if one != other:
            pair = min(one, other), max(one, other)
            nearest[pair] = min(bits, nearest.get(pair, 64))
    for (one, other), bits in sorted(nearest.items()):
        keys = tuple(sorted((done[one].key, done[other].key)))
        yield Signal(Code.PICTURE, keys, round(0.95 - 0.05 * bits, 3), {"bits": bits})


def _ways(mine: Sequence[Done], terms: Terms) -> Iterator[Signal]:
    """Two doors at once, or one after the other faster than anybody goes."""
    placed = [one for one in mine if one.spot_id is not None]
    for one, other in pairwise(placed):
        if one.spot_id == other.spot_id:
            continue
        end = one.until or one.at
        keys = (one.key, other.key)
        if end - other.at > terms.overlap:
            minutes = int((end - other.at).total_seconds() // 60)
            yield Signal(Code.OVERLAP, keys, min(0.95, 0.6 + minutes / 100), {"minutes": minutes})
            continue
        metres = _metres(one, other)
        seconds = max(1.0, (other.at - end).total_seconds())
        if metres >= terms.travel_least and metres / seconds > terms.metres_a_second:
            figures = {"metres": round(metres), "seconds": round(seconds)}
            yield Signal(Code.TRAVEL, keys, min(0.9, 0.3 * metres / seconds / terms.metres_a_second), figures)


def _metres(one: Done, other: Done) -> float:
    """How far apart, on a plain of a few kilometres; 0 where it is not known."""
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return 0.0
    east = (one.lon - other.lon) * 111_320 * math.cos(math.radians((one.lat + other.lat) / 2))
    return math.hypot(east, (one.lat - other.lat) * 110_574)


def _short(mine: Sequence[Done], terms: Terms) -> Iterator[Signal]:
    """Over before anybody has come to the door: by its own times, or because the next one began."""
    for one in mine:
        if one.until is not None and one.spot_id is not None and one.until - one.at < terms.shortest:
            seconds = int((one.until - one.at).total_seconds())
            yield Signal(Code.TOO_SHORT, (one.key,), 0.5, {"seconds": seconds})
    placed = [one for one in mine if one.spot_id is not None and one.until is None]
    for one, other in pairwise(placed):
        if one.spot_id != other.spot_id and other.at - one.at < terms.shortest:
            seconds = int((other.at - one.at).total_seconds())
            yield Signal(Code.TOO_SHORT, (one.key, other.key), 0.5, {"seconds": seconds})


def _night(mine: Sequence[Done], terms: Terms) -> Iterator[Signal]:
    for one in mine:
        hour = one.at.astimezone(SHANGHAI).time()
        if one.spot_id is not None and (hour >= terms.night_from or hour < terms.night_to):
            yield Signal(Code.NIGHT, (one.key,), 0.4, {"hour": hour.hour})


def _bursts(mine: Sequence[Done], terms: Terms) -> Iterator[Signal]:
    """Many records that came into being together, long after what they tell of."""
    late = [one for one in mine if one.made_at is not None and one.made_at - one.at >= terms.burst_late]
    late.sort(key=lambda one: (one.made_at or one.at, one.key))
    run: list[Done] = []
    for one in [*late, None]:
        made = one.made_at if one is not None else None
        if run and (made is None or made - (run[0].made_at or run[0].at) > terms.burst_within):
            if len(run) >= terms.burst:
                hours = min(
                    int(((each.made_at or each.at) - each.at).total_seconds() // 3600) for each in run
                )
                certainty = round(min(0.6, 0.05 * len(run)), 3)
                keys = tuple(sorted(each.key for each in run))
                yield Signal(Code.BURST, keys, certainty, {"records": len(run), "hours": hours})
            run = []
        if one is not None:
            run.append(one)


def _heaps(mine: Sequence[Done], terms: Terms) -> Iterator[Signal]:
    """Last digits of counts: of ten digits 0 and 5 are two. A normal approximation to the binomial says how far off."""
    values = [(one.key, count) for one in mine for count in one.counts if count >= 10]
    if len(values) < terms.heap_least:
        return
    heaped = [(key, count) for key, count in values if count % 5 == 0]
    share = len(heaped) / len(values)
    if share < terms.heap_share:
        return
    z = (share - 0.2) / math.sqrt(0.2 * 0.8 / len(values))
    keys = tuple(sorted({key for key, _count in heaped}))
    certainty = round(min(0.5, 0.05 * z), 3)
    yield Signal(Code.HEAPED, keys, certainty, {"values": len(values), "heaped": len(heaped)})


def _same_counts(mine: Sequence[Done], terms: Terms) -> Iterator[Signal]:
    """The same count of the same thing again and again, where it could have moved."""
    series: dict[int, list[Done]] = defaultdict(list)
    for one in mine:
        if one.series is not None and one.counts:
            series[one.series].append(one)
    for counted in series.values():
        run = counted[:1]
        for one in counted[1:]:
            if one.counts == run[-1].counts:
                run.append(one)
                continue
            yield from _same_run(run, terms)
            run = [one]
        yield from _same_run(run, terms)


def _same_run(run: Sequence[Done], terms: Terms) -> Iterator[Signal]:
    if len(run) >= terms.same_counts and max(run[-1].counts) >= 10:
        keys = tuple(one.key for one in run[1:])
        yield Signal(Code.SAME_COUNT, keys, round(min(0.6, 0.15 * len(run)), 3), {"times": len(run)})


def _numbers(done: Sequence[Done], terms: Terms) -> Iterator[Signal]:
    """One phone that is left at several doors."""
    doors: dict[str, set[int]] = defaultdict(set)
    keys: dict[str, list[int]] = defaultdict(list)
    for one in done:
        if one.number:
            keys[one.number].append(one.key)
            doors[one.number].add(one.spot_id or -one.key)
    for number in sorted(keys):
        if len(doors[number]) >= terms.doors:
            figures = {"records": len(keys[number])}
            certainty = round(min(0.8, 0.15 * len(keys[number])), 3)
            yield Signal(Code.ONE_NUMBER, tuple(sorted(keys[number])), certainty, figures)


def _denials(mine: Sequence[Done], _terms: Terms) -> Iterator[Signal]:
    for one in mine:
        if one.denied:
            yield Signal(Code.DENIED, (one.key,), 0.9)


def together(certainties: Iterable[float]) -> float:
    """Several signals about one record as one certainty: 1 − Π(1 − c)."""
    left = 1.0
    for certainty in certainties:
        left *= 1 - certainty
    return round(1 - left, 3)


def by_record(found: Iterable[Signal]) -> dict[int, tuple[Signal, ...]]:
    """The signals about each record."""
    of: dict[int, list[Signal]] = defaultdict(list)
    for signal in found:
        for key in signal.keys:
            of[key].append(signal)
    return {key: tuple(signals) for key, signals in of.items()}
