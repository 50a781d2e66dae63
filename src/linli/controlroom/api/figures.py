"""Figures and the cases behind them, for programs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Path, Query

from linli.cases.api import rows as case_rows
from linli.cases.queries import queue
from linli.controlroom import access, words
from linli.controlroom.api.routers import READERS, figures, read_community
from linli.controlroom.queries import figures as asking
from linli.controlroom.rules.catalog import CATALOG
from linli.controlroom.rules.definitions import SHIPPED
from linli.controlroom.rules.figures import (
    BadFigure,
    Figure,
    Part,
    Period,
    named_period,
    period_of_days,
)
from linli.controlroom.schemas import FigureRows, FiguresOut, SpecOut
from linli.kernel.access import SIGNED_IN, NotFound
from linli.kernel.api import Unreadable, actor_of, answer, answer_page, answer_tagged, at, operation
from linli.kernel.api_types import Community, Cursor, Day, Size
from linli.kernel.clock import LOCAL

USUAL = "days30"
PeriodCode = Annotated[
    str,
    Query(
        pattern=r"^[a-z_0-9]{0,20}$", description="today, week, days30, month, last_month, quarter, year …"
    ),
]
Since = Annotated[Day | None, Query(description="first day, instead of a named period")]
Until = Annotated[Day | None, Query(description="last day")]
Breakdown = Annotated[
    str, Query(pattern=r"^[a-z]{0,20}$", description="organisation, category, grid, day, week or month")
]
Group = Annotated[str, Query(max_length=60, description="one group of the breakdown; `-` for none")]


@figures.get("/figures/catalog", response=list[SpecOut], summary="Which figures there are")
@operation("control.catalog", who=SIGNED_IN, scope="cases:read", tagged=True)
def catalog(request: HttpRequest) -> HttpResponse:
    """Every figure with its unit and formula in your language; docs/figures.md tells more."""
    with translation.override(actor_of(request).language):
        told = [
            {
                "code": spec.code,
                "unit": spec.unit,
                "of": spec.of.value,
                "defined": spec.code in SHIPPED,
                "name": words.label(words.FIGURES, spec.code),
                "formula": words.label(words.FORMULAS, spec.code),
            }
            for spec in CATALOG.values()
        ]
    return answer_tagged(request, told)


@figures.get("/figures", response=FiguresOut, summary="Figures of a period")
@operation("control.figures", who=READERS, scope="cases:read")
def index(
    request: HttpRequest,
    community: Community,
    codes: Annotated[str, Query(max_length=1000, description="separated by commas; empty: all")] = "",
    period: PeriodCode = "",
    since: Since = None,
    until: Until = None,
    by: Breakdown = "",
) -> HttpResponse:
    """Counted at this moment from the cases themselves; each group of a breakdown is a figure of its own."""
    where, now = read_community(actor_of(request), community), at(request)
    asked = _period(period, since, until, now)
    wanted = [code.strip() for code in codes.split(",") if code.strip()] or list(CATALOG)
    try:
        found = asking.figures(dict.fromkeys(wanted), community_id=where, period=asked, at=now, by=by)
    except BadFigure as error:
        raise _unknown(error) from error
    return answer(
        {
            "since": asked.start.astimezone(LOCAL).date(),
            "until": date.fromordinal(asked.end.astimezone(LOCAL).date().toordinal() - 1),
            "by": by,
            "at": now,
            "figures": [plain(one) for one in found],
        }
    )


def plain(one: Figure) -> dict[str, Any]:
    """A figure as programs read it."""
    return {**asdict(one), "reasons": dict(one.reasons), "marks": list(one.marks)}


@figures.get("/figures/{code}/rows", response=FigureRows, summary="The cases behind a figure")
@operation("control.figure_rows", who=READERS, scope="cases:read", paged=True)
def rows(
    request: HttpRequest,
    code: Annotated[str, Path(pattern=r"^[a-z_]{1,40}$")],
    community: Community,
    part: Part = Part.NUMERATOR,
    period: PeriodCode = "",
    since: Since = None,
    until: Until = None,
    by: Breakdown = "",
    group: Group = "",
    cursor: Cursor = "",
    size: Size = queue.PAGE,
) -> HttpResponse:
    """What is counted, what it is measured against (denominator), or what is left out (excluded); newest first."""
    actor, now = actor_of(request), at(request)
    where = read_community(actor, community)
    if code not in CATALOG:
        raise NotFound
    asked = _period(period, since, until, now)
    try:
        found = access.rows(
            actor, code, part.value, community_id=where, period=asked, at=now, by=by, group=group
        )
    except BadFigure as error:
        raise _unknown(error) from error
    cases = found.rows()
    judged = "verdict" in cases.query.annotations
    columns = (*case_rows.COLUMNS, "verdict") if judged else case_rows.COLUMNS
    values, following = queue.page_of(
        cases.order_by(*queue.ORDERS["newest"]), columns, order="newest", cursor=cursor, size=size
    )
    place = len(case_rows.COLUMNS)
    items = [
        {**shown, "verdict": row[place] if judged else None}
        for shown, row in zip(case_rows.rows(values, actor, now), values, strict=True)
    ]
    return answer_page(request, items, following, total=found.number())


def _period(code: str, since: date | None, until: date | None, now: datetime) -> Period:
    try:
        if since or until:
            first, last = since or until, until or since
            assert first is not None and last is not None  # noqa: PT018 (one of them is given)
            return period_of_days(first, last, LOCAL)
        return named_period(code or USUAL, now, LOCAL)
    except BadFigure as error:
        raise _unknown(error) from error


def _unknown(error: BadFigure) -> Unreadable:
    field = "codes" if error.field == "code" else error.field
    return Unreadable(422, "invalid", field=f"query.{field}")
