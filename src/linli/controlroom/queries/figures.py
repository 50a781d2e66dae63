"""Figures and the rows behind them: counted by the database from the same conditions, at the moment they are asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    FloatField,
)
from django.db.models.functions import Extract

from linli.cases.queries import facts
from linli.controlroom.queries import conditions, definitions, groups
from linli.controlroom.queries.groups import Asked
from linli.controlroom.rules import catalog
from linli.controlroom.rules import definitions as defining
from linli.controlroom.rules.catalog import CATALOG, Of, Spec, Test
from linli.controlroom.rules.definitions import RATES, SHIPPED, Definition
from linli.controlroom.rules.figures import (
    IN_TIME,
    Figure,
    Period,
    bucket,
    buckets,
)
from linli.controlroom.rules.verdicts import EXCLUDED, Verdict
from linli.kernel.clock import LOCAL

Counts = dict[str, dict[str, int]]  # group -> verdict -> cases


class Median(Aggregate):
    """The middle of all values."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def figures(
    codes: Iterable[str],
    *,
    community_id: int,
    period: Period,
    at: datetime,
    by: str = "",
    trial: Definition | None = None,
) -> tuple[Figure, ...]:
    """These figures, in the order asked; broken down, one for each group that has cases (time: for each bucket).

    :param by: organisation, category, grid, day, week or month; empty for the community as one.
    :param trial: count one rate by this definition, whatever the community decided.
    :raises BadFigure: code or by.
    """
    wanted = [catalog.spec(code) for code in codes]
    held = definitions.held(community_id, trial=trial)
    asked = Asked(community_id, period, at, catalog.breakdown(by), held)
    found: dict[str, list[Figure]] = {}
    simple = [spec for spec in wanted if spec.of not in {Of.DEFINED, Of.SCORE}]
    for _, alike in groupby(sorted(simple, key=_population), key=_population):
        _simple(list(alike), asked, found)
    for spec in wanted:
        if spec.of is Of.DEFINED and spec.code not in found:
            found[spec.code] = _defined(spec, asked)
    for spec in wanted:
        if spec.of is Of.SCORE:
            found[spec.code] = _score(spec, asked, found)
    return tuple(figure for spec in wanted for figure in found[spec.code])


def _population(spec: Spec) -> tuple[str, ...]:
    return (spec.of.value, spec.from_state, *(verb.value for verb in spec.verbs))


# -- figures that nobody defines -----------------------------------------------------------------------------


def _simple(specs: list[Spec], asked: Asked, found: dict[str, list[Figure]]) -> None:
    """Figures that look at the same cases, in one statement."""
    stepwise = groups.stepwise(specs[0], asked)
    cases, moment = groups.population_of(specs[0], None, asked)
    grouped = cases.annotate(group=groups.key(moment, specs[0], None, asked)).values("group")
    distinct = stepwise and specs[0].in_steps
    columns: dict[str, Any] = {"looked_at": Count("pk", distinct=distinct)}
    for spec in specs:
        held = conditions.counted(spec, asked.community_id, asked.period, asked.at, stepwise=stepwise)
        columns[f"n_{spec.code}"] = Count("pk", distinct=distinct, filter=held or None)
        if spec.test is Test.HOURS:
            hours = Extract(facts.HOURS_TO_SETTLE, "epoch", output_field=FloatField()) / 3600.0
            columns[f"v_{spec.code}"] = Median(hours, filter=held)
    rows = {str(row["group"]): row for row in grouped.annotate(**columns).order_by()}
    for spec in specs:
        found[spec.code] = [
            _counted(spec, group, rows.get(group), asked) for group in groups.told(rows, asked)
        ]


def _counted(spec: Spec, group: str, row: dict[str, Any] | None, asked: Asked) -> Figure:
    looked_at, counted = (row["looked_at"], row[f"n_{spec.code}"]) if row else (0, 0)
    blank = Figure(spec.code, None, spec.unit, counted, looked_at, 0, asked.at, "", group)
    if spec.counts:
        return replace(blank, value=float(counted))
    if spec.test is Test.HOURS:
        value = row[f"v_{spec.code}"] if row else None
        left = looked_at - counted
        reasons = (("reopened", left),) if left else ()
        return replace(blank, value=value, denominator=counted, excluded=left, reasons=reasons)
    return replace(blank, value=counted / looked_at if looked_at else None)


# -- rates that the community defines ------------------------------------------------------------------------


def _defined(spec: Spec, asked: Asked) -> list[Figure]:
    if asked.by not in IN_TIME:
        return _judged(spec, asked.definition(spec.code) or SHIPPED[spec.code], asked)
    found = []
    for one, stretch in _stretches(spec.code, asked):
        found += _judged(spec, one, replace(asked, period=stretch))
    return found


def _stretches(code: str, asked: Asked) -> Iterator[tuple[Definition, Period]]:
    """The period in parts: neighbouring buckets that share a definition are counted together."""
    assert asked.by is not None
    each = [
        (replace(asked, period=one).definition(code) or SHIPPED[code], one)
        for one in buckets(asked.period, asked.by, LOCAL)
    ]
    for one, alike in groupby(each, key=lambda pair: pair[0]):
        parts = [part for _, part in alike]
        yield one, Period(asked.period.code, parts[0].start, parts[-1].end)


def _judged(spec: Spec, one: Definition, asked: Asked) -> list[Figure]:
    cases, moment = groups.population_of(spec, one, asked)
    said = conditions.verdict(spec, one, asked.community_id, asked.at)
    grouped = cases.annotate(group=groups.key(moment, spec, one, asked), verdict=said)
    counts: Counts = {}
    for row in grouped.values("group", "verdict").annotate(cases=Count("pk")).order_by():
        counts.setdefault(str(row["group"]), {})[row["verdict"]] = row["cases"]
    return [_rate(spec, one, group, counts.get(group, {}), asked.at) for group in groups.told(counts, asked)]


def _rate(spec: Spec, one: Definition, group: str, counts: dict[str, int], at: datetime) -> Figure:
    yes, no = counts.get(Verdict.YES, 0), counts.get(Verdict.NO, 0)
    reasons = tuple((each.value, counts[each]) for each in EXCLUDED if counts.get(each))
    return Figure(
        code=spec.code,
        value=yes / (yes + no) if yes + no else None,
        unit=spec.unit,
        numerator=yes,
        denominator=yes + no,
        excluded=sum(count for _, count in reasons),
        at=at,
        definition=one.id,
        group=group,
        reasons=reasons,
    )


# -- the score of the three rates ----------------------------------------------------------------------------


def _score(spec: Spec, asked: Asked, found: dict[str, list[Figure]]) -> list[Figure]:
    needed = sorted({*RATES, *(code for each in _scorings(spec, asked) for code, _ in each.floors)})
    rates = {code: found.get(code) or _defined(CATALOG[code], asked) for code in needed}
    for code in RATES:
        found.setdefault(code, rates[code])
    shares = {code: {figure.group: figure.value for figure in each} for code, each in rates.items()}
    keys = groups.told({group for each in shares.values() for group in each}, asked)
    return [_scored(spec, group, {code: shares[code].get(group) for code in needed}, asked) for group in keys]


def _scorings(spec: Spec, asked: Asked) -> list[Definition]:
    own = [definitions.read(row) for row in asked.held.rows.get(spec.code, ())]
    trial = asked.held.trial
    return [*own, trial] if trial is not None and trial.code == spec.code else own


def _scored(spec: Spec, group: str, rates: dict[str, float | None], asked: Asked) -> Figure:
    here = asked
    if asked.by in IN_TIME and asked.by is not None:
        here = replace(asked, period=bucket(asked.period, asked.by, group, LOCAL))
    one = here.definition(spec.code) or SHIPPED[spec.code]
    value, marks = defining.score(one, rates)
    return Figure(spec.code, value, spec.unit, None, None, 0, asked.at, one.id, group, marks=marks)
