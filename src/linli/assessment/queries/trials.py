"""Trying: another scheme on runs that were, each weight a little more and less; written nowhere."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from linli.assessment.models import Run
from linli.assessment.queries import schemes, sources, subjects
from linli.assessment.queries.runs import inputs_of
from linli.assessment.rules import rows, scheme_text, trying
from linli.assessment.rules.periods import Period, before, holding
from linli.assessment.rules.runs import State
from linli.assessment.rules.scheme import Scheme
from linli.assessment.rules.scoring import Result, score


@dataclass(frozen=True, slots=True)
class Tried:
    """What a scheme makes of one period, beside what held then (None: nothing did)."""

    since_date: date
    until_date: date
    after: Result
    before: Result | None
    moved: tuple[trying.Moved, ...]


def gathered(community_id: int, scheme: Scheme, since: date) -> rows.Inputs:
    """What a scheme would be computed from for the period that begins on this day, with ranks."""
    until = holding(scheme.period, since)[1]
    who = subjects.subjects(community_id, scheme, since, until)
    bare = rows.Inputs(since, until, True, who)
    wanted = sources.Wanted(community_id, bare.since, bare.until, who)
    return replace(bare, rows=sources.rows(scheme, wanted))


def periods_of_last_quarter(period: Period, today: date) -> list[tuple[date, date]]:
    """The periods of a scheme that ended in the last whole quarter; of a year the last one, the oldest first."""
    first, last = before(Period.QUARTER, holding(Period.QUARTER, today)[0])
    if period is Period.YEAR:
        return [before(Period.YEAR, holding(Period.YEAR, today)[0])]
    found = []
    since, until = before(period, holding(period, last)[0])
    while until > first:
        if until <= last:
            found.append((since, until))
        since, until = before(period, since)
    return found[::-1]


def dry_run(
    community_id: int, scheme: Scheme, *, today: date, scheme_id: int | None = None, most: int = 13
) -> list[Tried]:
    """What a scheme would have made of the last quarter, period by period; who would move against what held, and why.

    :param scheme_id: the scheme whose runs it is compared with.
    """
    return [
        _tried(community_id, scheme, since, scheme_id)
        for since, _ in periods_of_last_quarter(scheme.period, today)[-most:]
    ]


def _tried(community_id: int, scheme: Scheme, since: date, scheme_id: int | None) -> Tried:
    inputs = gathered(community_id, scheme, since)
    after = score(scheme, inputs)
    earlier = _held(community_id, scheme_id, inputs) if scheme_id is not None else None
    moved = trying.compare(earlier, after) if earlier is not None else ()
    return Tried(since, inputs.until_date, after, earlier, moved)


def _held(community_id: int, scheme_id: int, inputs: rows.Inputs) -> Result | None:
    """What the scheme in force then makes of the same period: of its run, or of today's rows where there was none."""
    version = schemes.version_on(scheme_id, inputs.since_date)
    if version is None or version.community_id != community_id:
        return None
    run = Run.objects.filter(scheme_id=scheme_id, since_date=inputs.since_date)
    held = run.exclude(state=State.SUPERSEDED.value).first()
    scheme = scheme_text.read(version.says)
    kept = inputs_of(held.pk) if held is not None else gathered(community_id, scheme, inputs.since_date)
    return score(scheme, replace(kept, ranked=True))


def sensitivity(run_id: int, *, by: int = 5) -> tuple[trying.Sensitivity, ...]:
    """Each weight of a run's scheme raised and lowered by so many percent: who would have changed places."""
    run = Run.objects.select_related("version").get(pk=run_id)
    inputs = replace(inputs_of(run_id), ranked=True)
    return trying.sensitivity(scheme_text.read(run.version.says), inputs, by=by)
