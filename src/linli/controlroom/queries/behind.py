"""The cases behind a figure: which stand in each of its parts, page by page, and how many there are.

A rate says one word of each case it looks at, the score one number; a part is some of these. A page asks for the cases of
a part. Their number is counted word by word over all cases, as the figure itself is: asked of the cases of the part alone
the database would look each one up, which serves the fifty of a page and not a hundred thousand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Case as Choice
from django.db.models import Count, IntegerField, QuerySet, Value, When
from django.db.models.expressions import Combinable

from linli.cases.queries import facts
from linli.controlroom.queries import conditions, definitions, groups
from linli.controlroom.queries.groups import Asked
from linli.controlroom.rules import catalog
from linli.controlroom.rules.catalog import CATALOG, Of, Spec, Test
from linli.controlroom.rules.definitions import RATES, SHIPPED, Definition
from linli.controlroom.rules.figures import IN_TIME, BadFigure, Part, Period, bucket
from linli.controlroom.rules.verdicts import EXCLUDED, Verdict
from linli.kernel.clock import LOCAL

COUNTED = (Verdict.YES, Verdict.NO)
VERDICTS = {Part.NUMERATOR: (Verdict.YES,), Part.DENOMINATOR: COUNTED, Part.EXCLUDED: EXCLUDED}
# What one of the three rates says of a case, so that the sum tells what all three say: 120 is against, for and for.
AGAINST, FOR, LEFT = 100, 10, 1
SUMS = tuple(
    (against, yes, left)
    for against in range(len(RATES) + 1)
    for yes in range(len(RATES) + 1 - against)
    for left in range(len(RATES) + 1 - against - yes)
)


@dataclass(frozen=True, slots=True)
class Behind:
    """The cases a figure looks at, the column that says what it makes of each, and what that says of one of its parts."""

    cases: QuerySet[Any]
    said: str = ""
    wanted: frozenset[str | int] = frozenset()

    def rows(self) -> QuerySet[Any]:
        """The cases of the part; those of a rate with what it says of them as ``verdict``."""
        return self.cases.filter(**{f"{self.said}__in": sorted(self.wanted)}) if self.said else self.cases

    def number(self) -> int:
        """How many there are."""
        if not self.said:
            return self.cases.count()
        counted = self.cases.order_by().values_list(self.said).annotate(number=Count("pk"))
        return sum(number for said, number in counted if said in self.wanted)

    def none(self) -> Behind:
        """The same question by somebody who may see no case."""
        return replace(self, cases=self.cases.none())


def behind(
    code: str, part: str, *, community_id: int, period: Period, at: datetime, group: str = "", by: str = ""
) -> Behind:
    """The cases that a figure counts (numerator), measures against (denominator) or leaves out (excluded).

    :param group: of the breakdown ``by``; empty for all groups.
    :raises BadFigure: code, part, by or group.
    """
    spec = catalog.spec(code)
    wanted = _part(part)
    asked = Asked(community_id, period, at, catalog.breakdown(by), definitions.held(community_id))
    if group and asked.by is None:
        raise BadFigure("group")
    if group and asked.by in IN_TIME and asked.by is not None:
        asked = replace(asked, period=bucket(period, asked.by, group, LOCAL), by=None, aged=True)
        group = ""
    if spec.of is Of.SCORE:
        return _of_score(wanted, asked, group)
    if spec.of is Of.DEFINED:
        return _of_rate(spec, wanted, asked, group)
    return _of_count(spec, wanted, asked, group)


def _part(part: str) -> Part:
    try:
        return Part(part)
    except ValueError as error:
        raise BadFigure("part") from error


def _of_rate(spec: Spec, part: Part, asked: Asked, group: str) -> Behind:
    one = asked.definition(spec.code) or SHIPPED[spec.code]
    cases = conditions.looked_at(spec, one, asked.community_id, asked.period)
    judged: QuerySet[Any] = cases.filter(groups.in_group(group, spec, one, asked)).annotate(
        verdict=conditions.verdict(spec, one, asked.community_id, asked.at)
    )
    return Behind(judged, "verdict", frozenset(each.value for each in VERDICTS[part]))


def _of_score(part: Part, asked: Asked, group: str) -> Behind:
    """Cases that count in one of the three rates (denominator), in none (excluded), or with no rate against (numerator)."""
    used = {code: asked.definition(code) or SHIPPED[code] for code in RATES}
    cases, alike = facts.of(asked.community_id), len({one.counted_on for one in used.values()}) == 1
    if alike:  # the three look at the same cases: look for them once
        one = used[RATES[0]]
        cases = conditions.looked_at(CATALOG[RATES[0]], one, asked.community_id, asked.period)
    said: Combinable = Value(0)
    for code, one in used.items():
        said = said + _said(CATALOG[code], one, asked, group, everywhere=alike)
    counted: QuerySet[Any] = cases.annotate(said=said)
    return Behind(counted, "said", frozenset(_sums(part)))


def _said(spec: Spec, one: Definition, asked: Asked, group: str, *, everywhere: bool) -> Choice:
    mine = groups.in_group(group, spec, one, asked)
    if not everywhere:
        mine &= conditions.looks_at(spec, one, asked.community_id, asked.period)
    marks = {Verdict.YES: FOR, Verdict.NO: AGAINST}
    made = conditions.verdicts(spec, one, asked.community_id, asked.at)
    whens = [When(held, then=Value(marks.get(verdict, LEFT))) for held, verdict in made]
    number = Choice(*whens, default=Value(AGAINST), output_field=IntegerField())
    if not mine:
        return number
    return Choice(When(mine, then=number), default=Value(0), output_field=IntegerField())


def _sums(part: Part) -> Iterator[int]:
    """What the three rates may say together of the cases of a part."""
    for against, yes, left in SUMS:
        held = {
            Part.NUMERATOR: yes and not against,
            Part.DENOMINATOR: yes or against,
            Part.EXCLUDED: left and not yes and not against,
        }
        if held[part]:
            yield against * AGAINST + yes * FOR + left * LEFT


def _of_count(spec: Spec, part: Part, asked: Asked, group: str) -> Behind:
    cases = conditions.looked_at(spec, None, asked.community_id, asked.period)
    if asked.aged and spec.of is Of.OPEN:
        cases = cases.filter(conditions.reported_in(asked.period))
    cases = cases.filter(groups.in_group(group, spec, None, asked))
    held = conditions.counted(spec, asked.community_id, asked.period, asked.at)
    measured = spec.test is Test.HOURS
    if part is Part.NUMERATOR or (part is Part.DENOMINATOR and measured):
        return Behind(cases.filter(held))
    if part is Part.DENOMINATOR:
        return Behind(cases)
    return Behind(cases.exclude(held) if measured else cases.none())
