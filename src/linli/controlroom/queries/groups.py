"""What one question for figures shares, and how its cases fall into groups: bodies, categories, grids, days."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, DateField, F, Func, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, NullIf, Trunc
from django.db.models.lookups import Exact, IsNull

from linli.cases.queries import facts
from linli.cases.rules.workflow import Verb
from linli.controlroom.queries import conditions
from linli.controlroom.queries.definitions import Held
from linli.controlroom.rules.catalog import Spec
from linli.controlroom.rules.definitions import SHIPPED, Definition, Owner
from linli.controlroom.rules.figures import IN_TIME, NONE, BadFigure, By, Period, buckets
from linli.kernel.clock import LOCAL

WHOLE = re.compile(r"[0-9]{1,18}")
BRANCH = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


@dataclass(frozen=True, slots=True)
class Asked:
    """What one question for figures shares."""

    community_id: int
    period: Period
    at: datetime
    by: By | None
    held: Held
    aged: bool = False  # open cases: only those reported in the period

    def definition(self, code: str) -> Definition | None:
        """The definition of the last day of the period, or of today in a period that goes on."""
        if code not in SHIPPED:
            return None
        last = min(self.period.end, max(self.at, self.period.start)) - timedelta(microseconds=1)
        return self.held.on(code, last.astimezone(LOCAL).date())


def stepwise(spec: Spec, asked: Asked) -> bool:
    """Whether the groups are told by the steps that brought the cases in, so that a case may come more than once."""
    return asked.by in IN_TIME or by_who_did_it(spec, asked.by)


def by_who_did_it(spec: Spec, by: By | None) -> bool:
    """A return belongs to the body that returned, not to the one that has the case now."""
    return by is By.ORGANISATION and spec.verbs == (Verb.RETURN,)


def population_of(spec: Spec, one: Definition | None, asked: Asked) -> tuple[QuerySet[Any], str]:
    """The cases a figure looks at, by step where the groups need it, and the column of their moment."""
    if stepwise(spec, asked):
        return conditions.in_steps(spec, one, asked.community_id, asked.period)
    return conditions.looked_at(spec, one, asked.community_id, asked.period), "reported_at"


def key(moment: str, spec: Spec, one: Definition | None, asked: Asked) -> Any:
    """The group of each case as text (times as their first day)."""
    if asked.by is None:
        return Value("")
    if asked.by in IN_TIME:
        return Trunc(moment, asked.by.value, output_field=DateField(), tzinfo=LOCAL)
    if asked.by is By.CATEGORY:
        return Coalesce(NullIf(_Branch("category_code", Value("."), Value(1)), Value("")), Value(NONE))
    return Coalesce(Cast(_holder(spec, one, asked), CharField()), Value(NONE))


class _Branch(Func):
    """The part of a dotted code before its first dot."""

    function = "SPLIT_PART"
    output_field = CharField()


def _holder(spec: Spec, one: Definition | None, asked: Asked) -> Any:
    if asked.by is By.GRID:
        return F("grid_id")
    if by_who_did_it(spec, asked.by):
        return F("step_body")
    if one is not None and one.owner is Owner.FIRST:
        return Subquery(facts.first_body(asked.community_id))
    return F("organisation_id")


def in_group(group: str, spec: Spec, one: Definition | None, asked: Asked) -> Q:
    """Of the cases a figure looks at, those of a group of bodies, categories or grids; all without a group."""
    if not group:
        return Q()
    if asked.by is By.CATEGORY:
        return _of_branch(group)
    if group != NONE and not WHOLE.fullmatch(group):
        raise BadFigure("group")
    holder = None if group == NONE else int(group)
    if asked.by is By.GRID:
        return Q(grid_id=holder) if holder else Q(grid__isnull=True)
    if by_who_did_it(spec, asked.by):
        when = (asked.community_id, spec.verbs, asked.period.start, asked.period.end)
        body = {"organisation_id": holder} if holder else {"organisation_id__isnull": True}
        return Q(facts.moved(*when, **body))
    if one is not None and one.owner is Owner.FIRST:
        first = Subquery(facts.first_body(asked.community_id))
        return Q(Exact(first, holder)) if holder else Q(IsNull(first, True))  # noqa: FBT003  (Django's own signature)
    return Q(organisation_id=holder) if holder else Q(organisation__isnull=True)


def _of_branch(group: str) -> Q:
    if group == NONE:
        return Q(category_code="")
    if not BRANCH.fullmatch(group):
        raise BadFigure("group")
    return Q(category_code=group) | Q(category_code__startswith=f"{group}.")


def told(found: Iterable[str], asked: Asked) -> list[str]:
    """The groups to tell of: every bucket of the time that has begun, else those that have cases, in a fixed order."""
    if asked.by is None:
        return [""]
    if asked.by in IN_TIME:
        return [one.code for one in buckets(asked.period, asked.by, LOCAL) if one.start <= asked.at]
    return sorted(found, key=lambda group: (group == NONE, len(group) if group.isdigit() else 0, group))
