"""The rows of work of a community and a time, asked of the rooms that keep them: one statement a source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linli.assessment.indicators import INDICATORS
from linli.assessment.rules.rows import Covered
from linli.assessment.rules.scheme import Scheme
from linli.assessment.rules.subjects import Subject
from linli.cases.queries import work
from linli.grids.queries import day_of
from linli.groups import queries as groups

#: So far back the cases go, so that what came back within thirty days of closing is seen.
WATCHED = timedelta(days=work.AGAIN_DAYS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of which community and time, and of whom."""

    community_id: int
    since: datetime
    until: datetime
    subjects: tuple[Subject, ...]


def _cases(wanted: Wanted) -> Iterable[Any]:
    return work.work(wanted.community_id, wanted.since - WATCHED, wanted.until)


def _groups(wanted: Wanted) -> Iterable[Covered]:
    """The coverage of each grid on the last day, and its people on the day before the first."""
    last, first = (day_of(moment - timedelta(days=1)) for moment in (wanted.until, wanted.since))
    before = {row.grid_id: row.heads for row in groups.coverage_on(wanted.community_id, first)}
    return [
        Covered(
            row.grid_id,
            row.grid_id,
            row.reached,
            row.households,
            row.heads,
            before.get(row.grid_id, 0),
            row.count_ids,
        )
        for row in groups.coverage_on(wanted.community_id, last)
    ]


GATHERED: Mapping[str, Callable[[Wanted], Iterable[Any]]] = {
    "cases": _cases,
    "groups": _groups,
}
#: What every run reads, whatever its scheme measures: proven falsehoods enter by rule.
ALWAYS = frozenset({"rechecks"})


def needed(scheme: Scheme) -> tuple[str, ...]:
    """The sources that a scheme's indicators are computed from."""
    found = {INDICATORS[item.indicator].source for item in scheme.items if item.indicator in INDICATORS}
    return tuple(sorted((found | ALWAYS) & set(GATHERED)))


def rows(scheme: Scheme, wanted: Wanted) -> dict[str, tuple[Any, ...]]:
    """The rows behind a scheme, by source."""
    return {name: tuple(GATHERED[name](wanted)) for name in needed(scheme)}
