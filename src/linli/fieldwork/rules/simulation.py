"""Simulated workers, to say how well re-visits find false records and whom they trouble. Pure; a seed says all of it.

A community's grid workers go about their quarter: honest ones, an honest one with twice the work, a sloppy one, and
those who make records up, each in another way. Signals, draw and decision are the real ones. A re-visit is a person's:
it takes a false record for a true one and a true one for a false one with the rates given.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from linli.fieldwork.rules import aiming, rechecks, signals

MONDAY = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)  # 8:30 in Guiyang
DOORS, SIDE = 400, 0.006  # in degrees: some six hundred metres
WHO = "张家奶奶 李师傅一家 新搬来的租户 独居的王爷爷 开小卖部的夫妻 三楼的年轻妈妈 退休的陈老师 在家休养的刘姐".split()
WHAT = (
    "问了血压和吃药的情况 说了楼道里不能停电动车 看了煤气软管和阳台 帮着把医保缴费弄好 "
    "听了对物业的意见 提醒防范冒充公检法的电话 登记了要换的灯泡 约好下周带去体检"
).split()
HOW = (
    "情绪稳定 很热情留我喝茶 有点不耐烦 孩子在外地工作 家里刚装修完 "
    "最近腿脚不太好 想参加合唱队 问起加装电梯 答应周末清理杂物"
).split()
PLAIN = ("已走访，情况正常，无异常情况发生。", "入户走访，一切正常，居民生活稳定。")


class Kind(StrEnum):
    """How somebody works."""

    HONEST = "honest"
    TWICE = "twice"  # honest, with twice the work of the others
    SLOPPY = "sloppy"  # honest, writes in the evening, short and the same again, rounds everything
    COPIER = "copier"  # makes records up from old words
    SITTER = "sitter"  # makes them up at the table: doors at random, all written down at once
    PICTURES = "pictures"  # sends the same photos again
    COUNTER = "counter"  # invents counts
    CAREFUL = "careful"  # invents so that nothing shows


HONEST = frozenset({Kind.HONEST, Kind.TWICE, Kind.SLOPPY})
CREW = (
    *[Kind.HONEST] * 9,
    Kind.TWICE,
    *[Kind.SLOPPY] * 2,
    Kind.COPIER,
    Kind.SITTER,
    Kind.PICTURES,
    Kind.COUNTER,
    Kind.CAREFUL,
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is assumed of people."""

    weeks: int = 13
    records: int = 25  # of one person and week
    false_share: float = 0.3  # of the records of who makes some up
    missed: float = 0.15  # false records that a re-visit takes for true
    mistaken: float = (
        0.01  # true records that a re-visit takes for false: the resident forgets, the wrong door
    )
    admit: float = 0.5  # of those who made it up, once it is found; who did not never does


PLAN, TERMS = aiming.Plan(), Terms()


@dataclass(frozen=True, slots=True)
class Made:
    """A simulated record and whether it is true."""

    done: signals.Done
    false: bool


@dataclass(slots=True)
class Tally:
    """What became of the workers of one kind."""

    workers: int = 0
    records: int = 0
    false: int = 0
    random: int = 0
    aimed: int = 0
    aimed_false: int = 0
    proven: int = 0
    proven_wrongly: int = 0
    workers_proven: int = 0
    weeks_to_first: list[int] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        for name in ("workers", "records", "false", "random", "aimed", "aimed_false", "proven", "proven_wrongly",
                     "workers_proven"):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.weeks_to_first += other.weeks_to_first


class Crew:
    """One community's workers through a quarter."""

    def __init__(self, seed: int, terms: Terms) -> None:
        self._dice = random.Random(seed)  # noqa: S311  (a play that must come out the same again)
        self._terms = terms
        self._key = 0
        self._old: dict[int, list[str]] = defaultdict(list)
        self._photos: dict[int, list[int]] = defaultdict(list)
        self._count: dict[int, int] = {}
        self._spots = [(self._dice.random() * SIDE, self._dice.random() * SIDE) for _ in range(DOORS)]

    def week(self, number: int) -> list[Made]:
        """All records of one week."""
        made: list[Made] = []
        for worker, kind in enumerate(CREW, 1):
            amount = self._terms.records * (2 if kind is Kind.TWICE else 1)
            for day in range(5):
                part = amount // 5 + (day < amount % 5)
                made += self._day(worker, kind, MONDAY + timedelta(weeks=number, days=day), part)
        return made

    def _day(self, worker: int, kind: Kind, start: datetime, amount: int) -> list[Made]:
        dice = self._dice
        made: list[Made] = []
        moment = start + timedelta(minutes=dice.randrange(40))
        home = dice.randrange(DOORS)
        pace = (6, 14) if kind is Kind.TWICE else (12, 40)
        evening = start + timedelta(hours=9, minutes=dice.randrange(30))
        for _ in range(amount):
            lie = kind not in HONEST and dice.random() < self._terms.false_share
            spot = self._next_door(home) if not (lie and kind is Kind.SITTER) else dice.randrange(DOORS)
            gap = 2 if lie and kind is Kind.SITTER else dice.randrange(*pace)
            at = moment
            if kind is Kind.SLOPPY:
                at = moment.replace(minute=moment.minute // 5 * 5, second=0)
            late = kind is Kind.SLOPPY or (lie and kind is Kind.SITTER)
            written = (
                evening + timedelta(seconds=20 * len(made))
                if late
                else at + timedelta(minutes=dice.randrange(5, 90))
            )
            made.append(self._record(worker, kind, lie, spot, at, written))
            moment += timedelta(minutes=gap, seconds=dice.randrange(60))
        return made

    def _next_door(self, home: int) -> int:
        """A door not far from where the day began."""
        x, y = self._spots[home]
        near = self._dice.sample(range(DOORS), 12)
        return min(near, key=lambda one: (self._spots[one][0] - x) ** 2 + (self._spots[one][1] - y) ** 2)

    def _record(self, worker: int, kind: Kind, lie: bool, spot: int, at: datetime, written: datetime) -> Made:
        self._key += 1
        lon, lat = self._spots[spot]
        done = signals.Done(
            key=self._key,
            record="visit",
            record_id=self._key,
            worker_id=worker,
            at=at,
            until=at + timedelta(minutes=self._dice.randrange(3, 6 if kind is Kind.TWICE else 12)),
            made_at=max(written, at + timedelta(minutes=1)),
            spot_id=spot,
            lon=106.6 + lon,
            lat=26.6 + lat,
            text=self._words(worker, kind, lie),
            counts=self._counts(worker, kind, lie),
            series=worker,
            looks=self._looks(worker, kind, lie),
        )
        return Made(done, lie)

    def _words(self, worker: int, kind: Kind, lie: bool) -> str:
        dice, old = self._dice, self._old[worker]
        if lie and kind is Kind.COPIER and old:
            return dice.choice(old[-20:])
        if kind is Kind.SLOPPY and dice.random() < 0.5:
            return dice.choice(PLAIN)
        words = "".join(f"{dice.choice(WHO)}{dice.choice(HOW)}，{dice.choice(WHAT)}。" for _ in range(2))
        old.append(words)
        return words

    def _counts(self, worker: int, kind: Kind, lie: bool) -> tuple[int, ...]:
        dice = self._dice
        if kind is Kind.COUNTER and lie:
            return (self._count.get(worker, 10 * dice.randrange(2, 20)),)
        if dice.random() < 0.8:
            return ()
        value = dice.randrange(20, 200)
        self._count[worker] = value // 5 * 5 if kind in {Kind.SLOPPY, Kind.COUNTER} else value
        return (self._count[worker],)

    def _looks(self, worker: int, kind: Kind, lie: bool) -> tuple[int, ...]:
        dice, photos = self._dice, self._photos[worker]
        if lie and kind is Kind.PICTURES and photos:
            return (dice.choice(photos) ^ (1 << dice.randrange(64)),)
        if kind is not Kind.PICTURES and dice.random() < 0.7:
            return ()
        photos.append(dice.getrandbits(64))
        return (photos[-1],)


def run(seed: int, plan: aiming.Plan = PLAN, terms: Terms = TERMS) -> dict[Kind, Tally]:
    """One quarter of one community; what became of each kind of worker."""
    crew, people = Crew(seed, terms), random.Random(seed + 1_000_003)  # noqa: S311  (see above)
    found = {kind: Tally(workers=CREW.count(kind)) for kind in Kind}
    first: dict[int, int] = {}
    for number in range(terms.weeks):
        made = crew.week(number)
        truth = {one.done.record_id: one for one in made}
        for one in made:
            tally = found[CREW[one.done.worker_id - 1]]
            tally.records += 1
            tally.false += one.false
        done = [one.done for one in made]
        listed = aiming.candidates(done, signals.find(done))
        for chosen in aiming.drawn(listed, f"{seed}:{number}", plan):
            one = truth[chosen.candidate.record_id]
            tally = found[CREW[one.done.worker_id - 1]]
            tally.random += chosen.how == aiming.RANDOM
            tally.aimed += chosen.how == aiming.SIGNAL
            tally.aimed_false += chosen.how == aiming.SIGNAL and one.false
            if _proven(one.false, people, terms):
                tally.proven += 1
                tally.proven_wrongly += not one.false
                first.setdefault(one.done.worker_id, number + 1)
    for worker, week in first.items():
        tally = found[CREW[worker - 1]]
        tally.workers_proven += 1
        tally.weeks_to_first.append(week)
    return found


def _proven(false: bool, people: random.Random, terms: Terms) -> bool:
    """Whether a record comes out of a re-visit, the worker's answer and the decision as false, by the real rules."""
    found_false = 1 - terms.missed if false else terms.mistaken
    if people.random() >= found_false:
        return False
    admitted = false and people.random() < terms.admit
    again = not admitted and people.random() < found_false
    standing = rechecks.Standing(
        worker_id=1,
        visitor_id=2,
        found=rechecks.Found.FALSE,
        answered=True,
        admitted=admitted,
        again_visitor_id=None if admitted else 3,
        found_again=rechecks.Found.FALSE if again else "" if admitted else rechecks.Found.TRUE,
    )
    return not rechecks.may_be_false(standing)


def many(seeds: Iterable[int], plan: aiming.Plan = PLAN, terms: Terms = TERMS) -> dict[Kind, Tally]:
    """Several quarters together."""
    every = {kind: Tally() for kind in Kind}
    for seed in seeds:
        for kind, tally in run(seed, plan, terms).items():
            every[kind].add(tally)
    return every


def figures(found: Mapping[Kind, Tally]) -> dict[str, dict[str, float | int | None]]:
    """What is reported: of each kind counts and rates, rounded to a tenth of a percent."""
    return {kind.value: _figures(tally) for kind, tally in found.items()}


def _figures(tally: Tally) -> dict[str, float | int | None]:
    weeks = Counter(tally.weeks_to_first)
    half = sorted(weeks.elements())
    return {
        "workers": tally.workers,
        "records": tally.records,
        "false": tally.false,
        "revisits_random": tally.random,
        "revisits_aimed": tally.aimed,
        "aimed_share_of_records": _rate(tally.aimed, tally.records),
        "aimed_at_false": _rate(tally.aimed_false, tally.aimed),
        "proven": tally.proven,
        "proven_wrongly": tally.proven_wrongly,
        "workers_proven": _rate(tally.workers_proven, tally.workers),
        "weeks_to_first_median": half[len(half) // 2] if half else None,
    }


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
