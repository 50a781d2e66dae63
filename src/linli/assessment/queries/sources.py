"""The rows of work of a community and a time, asked of the rooms that keep them: one statement a source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linli.assessment.indicators import INDICATORS
from linli.assessment.queries import evaluating
from linli.assessment.rules import rows as rows_
from linli.assessment.rules.rows import Covered
from linli.assessment.rules.scheme import Scheme
from linli.assessment.rules.subjects import Subject
from linli.cases.queries import work
from linli.fieldwork.queries import records as fieldwork
from linli.grids.queries import day_of
from linli.groups import queries as groups
from linli.training import queries as training
from linli.training.queries import courses, held

#: So far back the cases go, so that what came back within thirty days of closing is seen.
WATCHED = timedelta(days=work.AGAIN_DAYS)
#: So far back the visits go, so that what they promised is seen when it falls due.
PROMISED = timedelta(days=92)
#: More than there are days in any calendar we meet: a plan's id and a day make one number.
DAYS = 10_000_000
#: More than a community has courses: an account's id and a course make one number.
COURSES = 10_000


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


def _visits(wanted: Wanted) -> Iterable[Any]:
    """With those of earlier days: what they promised may fall due now."""
    found = fieldwork.visits(wanted.community_id, wanted.since - PROMISED, wanted.until)
    return [rows_.cut(rows_.Visited, row) for row in found]


def _visits_due(wanted: Wanted) -> Iterable[Any]:
    found = fieldwork.visits_due(wanted.community_id, wanted.since, wanted.until)
    return [rows_.cut(rows_.Due, row, id=row.plan_id * DAYS + row.due_date.toordinal()) for row in found]


def _patrols(wanted: Wanted) -> Iterable[Any]:
    found = fieldwork.patrols(wanted.community_id, wanted.since, wanted.until)
    return [rows_.cut(rows_.Patrolled, row) for row in found]


def _handovers(wanted: Wanted) -> Iterable[Any]:
    found = fieldwork.handovers(wanted.community_id, wanted.since, wanted.until)
    return [rows_.cut(rows_.HandedOver, row) for row in found]


def _peer_help(wanted: Wanted) -> Iterable[Any]:
    found = fieldwork.peer_help(wanted.community_id, wanted.since, wanted.until)
    return [rows_.cut(rows_.Helped, row, id=row.id * 2 + (row.record == "item")) for row in found]


def _services(wanted: Wanted) -> Iterable[Any]:
    found = fieldwork.services(wanted.community_id, wanted.since, wanted.until)
    return [rows_.cut(rows_.Served, row) for row in found]


def _rechecks(wanted: Wanted) -> Iterable[Any]:
    """With those of earlier records: what was decided in the time counts in it, and only there."""
    found = fieldwork.rechecks(wanted.community_id, wanted.since - PROMISED, wanted.until)
    return [rows_.cut(rows_.Rechecked, row) for row in found]


def _quizzes(wanted: Wanted) -> Iterable[Any]:
    found = training.results(wanted.community_id, wanted.since, wanted.until)
    return [rows_.cut(rows_.Passed, row) for row in found]


def _courses(wanted: Wanted) -> Iterable[rows_.Holding]:
    """Every course that somebody's duty asks for on the last day, held or not."""
    every = sorted(courses.courses(wanted.community_id), key=lambda one: one.code)
    for member in held.team(wanted.community_id, wanted.until - timedelta(seconds=1)):
        for number, course in enumerate(every):
            if set(course.terms.roles) & set(member.roles):
                yield rows_.Holding(
                    member.account_id * COURSES + number,
                    member.account_id,
                    course.code,
                    held=course.code not in member.lacks,
                )


def _evaluations(wanted: Wanted) -> Iterable[Any]:
    found = evaluating.sheets(wanted.community_id, wanted.since, wanted.until)
    return [rows_.cut(rows_.Evaluated, row) for row in found]


GATHERED: Mapping[str, Callable[[Wanted], Iterable[Any]]] = {
    "cases": _cases,
    "groups": _groups,
    "visits": _visits,
    "visits_due": _visits_due,
    "patrols": _patrols,
    "handovers": _handovers,
    "peer_help": _peer_help,
    "evaluations": _evaluations,
    "services": _services,
    "rechecks": _rechecks,
    "quizzes": _quizzes,
    "courses": _courses,
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
