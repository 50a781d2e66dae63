"""Whose work is assessed: the four levels, and which rows of work belong to whom. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

#: 一警两员: the duties of a grid's team; a scheme names those whose work it measures.
TEAM_ROLES = ("police", "grid_worker", "assistant")
#: The two 员 of 一警两员: whom a scheme measures unless it names others. The police are assessed by their own house.
MEASURED_ROLES = ("grid_worker", "assistant")


class Level(StrEnum):
    """Whose work counts."""

    WORKER = "worker"  # an account with a duty of the grid team
    GRID_TEAM = "grid_team"  # the people of one grid, their own work there
    GRID_STATION = "grid_station"  # the grid as a place: all that happened in it, whoever did it
    COMMITTEE = "committee"  # a committee with all its grids


#: Levels at which a row belongs to whoever did it; at the others to the place in which it happened.
OF_PEOPLE = frozenset({Level.WORKER, Level.GRID_TEAM})


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """One who is assessed. ``id`` is the account's (worker) or the place's (all others)."""

    level: Level
    id: int
    account_ids: tuple[int, ...]
    grid_ids: tuple[int, ...]
    load: int = 0  # households looked after


class Belonging:
    """The rows of one source, found by whoever did them or by the grid in which they happened.

    :param whose: the column that names the person, or several; empty where nobody did it (the groups of a grid).
    """

    def __init__(self, rows: Iterable[Any], whose: str) -> None:
        self._whose = whose
        self._by_person: dict[int | None, list[Any]] = defaultdict(list)
        self._by_grid: dict[int | None, list[Any]] = defaultdict(list)
        self._placed = True
        for row in rows:
            self._placed = hasattr(row, "grid_id")
            if whose:
                held = getattr(row, whose)
                for one in held if isinstance(held, tuple) else (held,):
                    self._by_person[one].append(row)
            if self._placed:
                self._by_grid[row.grid_id].append(row)

    def of(self, subject: Subject) -> Sequence[Any]:
        """The rows that belong to a subject, in the order of their ids."""
        if self._whose and (subject.level in OF_PEOPLE or not self._placed):
            found = [row for one in subject.account_ids for row in self._by_person.get(one, ())]
            if subject.level is Level.GRID_TEAM and self._placed:
                found = [row for row in found if row.grid_id in subject.grid_ids]
        else:
            found = [row for one in subject.grid_ids for row in self._by_grid.get(one, ())]
        return sorted({row.id: row for row in found}.values(), key=lambda row: row.id)
