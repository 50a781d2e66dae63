"""Which records are looked at again: a share by lot, whatever anybody thinks, and a share where signals point. Pure.

Anybody with the seed can repeat the draw: `drawn` is a function of what it is given and of nothing else. The seed's
digest is in the audit log before the records of its week are looked at.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from linli.fieldwork.rules import signals
from linli.fieldwork.rules.services import lot

RANDOM, SIGNAL = "random", "signal"
#: Below this certainty a pattern aims nothing.
LEAST_CERTAIN = 0.3


@dataclass(frozen=True, slots=True)
class Plan:
    """How much a community looks at again, in percent of the records of a week."""

    random_percent: int = 3
    aimed_percent: int = 3
    most_each: int = 3  # aimed ones a person and week: nobody is besieged


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record of the week, with what its signals say together."""

    record: str
    record_id: int
    worker_id: int
    certainty: float = 0.0
    codes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What its lot is drawn by."""
        return f"{self.record}:{self.record_id}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A record that is looked at again, and how it came to that."""

    candidate: Candidate
    how: str
    lot: int


def candidates(done: Sequence[signals.Done], found: Iterable[signals.Signal]) -> tuple[Candidate, ...]:
    """The records with their signals, in order."""
    of = signals.by_record(found)
    listed = [
        Candidate(
            one.record,
            one.record_id,
            one.worker_id,
            signals.together(signal.certainty for signal in of.get(one.key, ())),
            tuple(sorted({signal.code.value for signal in of.get(one.key, ())})),
        )
        for one in done
    ]
    return tuple(sorted(listed, key=lambda one: (one.record, one.record_id)))


def share_of(percent: int, number: int) -> int:
    """How many of so many; of a few at least one, where anything is wanted."""
    return -(-percent * number // 100)


def drawn(listed: Sequence[Candidate], seed: str, plan: Plan) -> tuple[Drawn, ...]:
    """The week's draw.

    By lot: the lowest lots of all records, those with signals as likely as those without. Then, among the rest, the most
    certain signals, of equal ones the lower lot; of one person at most so many.
    """
    lots = {one.name: lot(seed, one.name) for one in listed}
    row = sorted(listed, key=lambda one: (lots[one.name], one.name))
    cut = share_of(plan.random_percent, len(row))
    taken = [Drawn(one, RANDOM, lots[one.name]) for one in row[:cut]]
    pointed = [one for one in row[cut:] if one.certainty >= LEAST_CERTAIN]
    pointed.sort(key=lambda one: (-one.certainty, lots[one.name], one.name))
    each: Counter[int] = Counter()
    room = share_of(plan.aimed_percent, len(row))
    for one in pointed:
        if room == 0:
            break
        if each[one.worker_id] < plan.most_each:
            each[one.worker_id] += 1
            room -= 1
            taken.append(Drawn(one, SIGNAL, lots[one.name]))
    return tuple(taken)


def digest(listed: Sequence[Candidate]) -> str:
    """What the draw was made from, as SHA-256 over canonical JSON: codes and ids alone."""
    rows = [[one.record, one.record_id, one.worker_id, one.certainty, list(one.codes)] for one in listed]
    return hashlib.sha256(json.dumps(rows, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who could go again: in which grids they serve, how many re-visits they have open."""

    account_id: int
    grids: frozenset[int]
    open: int = 0


def visitor(
    worker_id: int,
    grids: frozenset[int],
    able: Iterable[Visitor],
    seed: str,
    name: str,
    but: frozenset[int] = frozenset(),
) -> int | None:
    """Who goes: not the worker, nobody of the same grid team, those with the fewest open first, then by lot.

    :param grids: the grids where the worker serves, and that of the record.
    :param but: who has been there already.
    """
    free = [
        one
        for one in able
        if one.account_id != worker_id and one.account_id not in but and not (one.grids & grids)
    ]
    if not free:
        return None
    return min(free, key=lambda one: (one.open, lot(seed, f"{name}:{one.account_id}"))).account_id


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def due_date(start: date, days: int, is_working_day: Callable[[date], bool]) -> date:
    """The last day of a term of so many working days, the first counted being the day after the start."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def shares(rows: Iterable[tuple[str, str]]) -> Mapping[str, tuple[int, int]]:
    """Of (how drawn, outcome) pairs: how many were looked at and how many proven false, by how they were drawn."""
    seen: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for how, outcome in rows:
        if outcome:
            seen[how] += 1
            false[how] += outcome == "false"
    return {how: (seen[how], false[how]) for how in (RANDOM, SIGNAL)}
