"""The hand-written pairs by which the likeness of reports is fitted and judged, and how well it does on them. Pure.

A pair says where and when its two reports were: ``same`` building, ``next`` (another building of the grid), ``other``
(another grid), ``grid`` (no more than the grid is known), ``near:25`` (metres between the points), else: no place. Each
report has the category that its words alone are given on the first day, as it has on the desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from linli.cases.rules import reference, suggest
from linli.triage.rules import similar
from linli.triage.rules.gist import read
from linli.triage.rules.similar import Side

AT = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
LON, LAT, DEGREE = 106.65, 26.65, 111_195.0  # metres of one degree of latitude
PLACES = {
    "same": ("1.2.30.301.", "1.2.30.301.", "building"),
    "next": ("1.2.30.301.", "1.2.30.302.", "building"),
    "other": ("1.2.30.301.", "1.2.40.401.", "building"),
    "grid": ("1.2.30.", "1.2.30.", "grid"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports, what a person says of them, and what the machine says."""

    group: str  # dev: the weights were fitted on it; held: they never saw it
    kind: str
    one: str
    two: str
    same: bool
    certainty: float


def weighed(rows: Iterable[Mapping[str, str]]) -> list[Pair]:
    """The pairs of a table, weighed."""
    return [_weighed(row) for row in rows]


def _weighed(row: Mapping[str, str]) -> Pair:
    judged = similar.judge(*sides(row))
    return Pair(
        row["set"], row["kind"], row["one"], row["two"], row["same"] == "1", round(judged.certainty, 3)
    )


def sides(row: Mapping[str, str]) -> tuple[Side, Side]:
    """The two reports of a row as the rules compare them."""
    earlier = AT - timedelta(days=float(row["days"]))
    one, two = read(row["one"]), read(row["two"])
    mine, theirs = category(row["one"]), category(row["two"])
    where = row["where"]
    if where.startswith("near:"):
        north = LAT + float(where.removeprefix("near:")) / DEGREE
        path, _, level = PLACES["grid"]
        return (
            Side(one, AT, LON, LAT, path, level, mine),
            Side(two, earlier, LON, north, path, level, theirs),
        )
    first, second, level = PLACES.get(where, ("1.", "1.", ""))
    return (
        Side(one, AT, path=first, level=level, category=mine),
        Side(two, earlier, path=second, level=level, category=theirs),
    )


@lru_cache(maxsize=1)
def _categories() -> tuple[reference.Category, ...]:
    return reference.read_categories(reference.shipped("categories"))


@lru_cache(maxsize=4096)
def category(words: str) -> str:
    """The category that words alone are given, by the shipped names and keywords; empty for none."""
    return next((one.code for one in suggest.suggest(words, _categories())), "")


@dataclass(frozen=True, slots=True)
class Scores:
    """How well the machine does on some pairs at a threshold; ``brier`` is the mean squared error of the certainty."""

    n: int
    precision: float
    recall: float
    brier: float


def scores(pairs: Iterable[Pair], threshold: float) -> Scores:
    """Precision and recall at a threshold."""
    held = list(pairs)
    said = [pair for pair in held if pair.certainty >= threshold]
    right = sum(1 for pair in said if pair.same)
    same = sum(1 for pair in held if pair.same)
    error = sum((pair.certainty - pair.same) ** 2 for pair in held)
    return Scores(
        n=len(held),
        precision=round(right / len(said), 3) if said else 1.0,
        recall=round(right / same, 3) if same else 1.0,
        brier=round(error / len(held), 4) if held else 0.0,
    )
