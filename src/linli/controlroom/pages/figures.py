"""All figures of a period, one figure with its formula and breakdowns, and the cases behind any part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.cases import words as case_words
from linli.cases.pages import desk_frame, telling
from linli.cases.pages.here import Asked
from linli.cases.queries import queue
from linli.cases.queries.queue import BadFilter
from linli.controlroom import access, saying, words
from linli.controlroom.pages import exports, frame, trends
from linli.controlroom.pages.frame import Room
from linli.controlroom.queries import definitions, figures
from linli.controlroom.rules import catalog, exclusions
from linli.controlroom.rules.catalog import CATALOG, SECTIONS, Of
from linli.controlroom.rules.definitions import SHIPPED
from linli.controlroom.rules.figures import IN_TIME, BadFigure, By, Figure, Part
from linli.kernel.access import NotFound, policy

BREAKDOWNS = (By.ORGANISATION, By.CATEGORY, By.GRID)


@dataclass(frozen=True, slots=True)
class Card:
    """One figure of the list."""

    figure: Figure
    name: str
    formula: str
    value: str
    unit: str
    parts: str
    excluded_url: str
    rows_url: str
    url: str
    spark: str = ""  # points of a line in a field of 100 by 24
    marks: tuple[str, ...] = ()


@policy("control.figures", who=frame.READERS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """Every figure of a period, by section, each with its formula, its line and the way to its cases."""
    room = frame.room(request)
    found = {one.code: one for one in figures.figures(CATALOG, **room.asked)}
    if request.GET.get("format"):
        return exports.figures(room, "figures", list(found.values()))
    flowing = [code for code, spec in CATALOG.items() if spec.of is not Of.OPEN]
    lines: dict[str, list[Figure]] = {}
    for one in figures.figures(flowing, **room.asked, by=room.looking.trend.value):
        lines.setdefault(one.code, []).append(one)
    sections = [
        (words.label(words.SECTIONS, name), [_card(room, found[code], lines.get(code, [])) for code in codes])
        for name, codes in SECTIONS.items()
    ]
    context = {"sections": sections, "looking": room.looking, "address": reverse("control-figures")}
    return room.show("controlroom/figures.html", "figures", context)


def _card(room: Room, figure: Figure, line: Sequence[Figure]) -> Card:
    return Card(
        figure=figure,
        name=words.label(words.FIGURES, figure.code),
        formula=words.label(words.FORMULAS, figure.code),
        value=saying.value(figure),
        unit=saying.unit(figure.unit),
        parts=saying.parts(figure),
        excluded_url=room.rows(figure.code, "excluded") if figure.excluded else "",
        rows_url=room.rows(figure.code, "numerator" if figure.numerator is not None else "denominator"),
        url=room.url("control-figure", figure.code),
        spark=trends.spark(line),
        marks=tuple(saying.marks(figure)),
    )


@policy("control.figure", who=frame.READERS)
@require_safe
def one(request: Asked, code: str) -> HttpResponse:
    """One figure: value, formula, definition with its history, what is left out and why, breakdowns, and its line."""
    room = frame.room(request)
    spec = _known(code)
    by = _breakdown(request)
    parts = figures.figures([code], **room.asked, by=by.value)
    if request.GET.get("format"):
        return exports.figures(room, code, list(parts), by=by.value)
    (whole,) = (one for one in figures.figures([code], **room.asked) if one.code == code)
    line = (
        figures.figures([code], **room.asked, by=room.looking.trend.value) if spec.of is not Of.OPEN else ()
    )
    context = {
        "card": _card(room, whole, line),
        "simple": spec.counts,
        "parts": _parts(room, spec, whole),
        "made_of": _made_of(room, whole) if spec.of is Of.SCORE else (),
        "reasons": saying.reasons(whole),
        "by": by.value,
        "breakdowns": _ways(room, code, by),
        "table": trends.breakdown(room, code, by, parts),
        "trend": trends.chart(room, code, line) if line else None,
        "looking": room.looking,
        "address": reverse("control-figure", args=[code]),
        **_defined(room, whole),
    }
    return room.show("controlroom/figure.html", "figures", context)


def _parts(room: Room, spec: catalog.Spec, whole: Figure) -> list[tuple[str, str, str, int | None]]:
    """The parts of a figure with the way to their cases; a plain count is its cases and nothing else."""
    if spec.counts:
        return [(Part.NUMERATOR, _("Cases"), room.rows(spec.code), whole.numerator)]
    return [
        (part, words.label(words.PARTS, part), room.rows(spec.code, part), getattr(whole, part.value)
         if spec.of is not Of.SCORE else None)
        for part in Part
    ]  # fmt: skip


def _made_of(room: Room, whole: Figure) -> list[dict[str, Any]]:
    """The rates a score is made of, with their weights."""
    held = definitions.held(room.community_id, [whole.code])
    rows = held.rows.get(whole.code, ())
    used = next((definitions.read(row) for row in rows if str(row.pk) == whole.definition), None)
    weights = dict((used or SHIPPED[whole.code]).weights)
    return [
        {
            "name": words.label(words.FIGURES, one.code),
            "value": saying.value(one),
            "parts": saying.parts(one),
            "weight": weights[one.code],
            "url": room.url("control-figure", one.code),
        }
        for one in figures.figures(weights, **room.asked)
    ]


def _known(code: str) -> catalog.Spec:
    try:
        return catalog.spec(code)
    except BadFigure as error:
        raise NotFound from error


def _breakdown(request: Asked) -> By:
    asked = request.GET.get("by") or By.ORGANISATION
    found = [one for one in BREAKDOWNS if one == asked]
    if not found:
        raise NotFound
    return found[0]


def _ways(room: Room, code: str, by: By) -> list[dict[str, Any]]:
    return [
        {
            "words": words.label(words.BREAKDOWNS, one),
            "url": room.url("control-figure", code, by=one.value),
            "now": one is by,
        }
        for one in BREAKDOWNS
    ]


def _defined(room: Room, figure: Figure) -> dict[str, Any]:
    """The definition used, in words, and every version the community decided."""
    if figure.code not in SHIPPED:
        return {"definition": None}
    held = definitions.held(room.community_id, [figure.code])
    versions = held.rows.get(figure.code, ())
    used = next((definitions.read(row) for row in versions if str(row.pk) == figure.definition), None)
    return {
        "definition": saying.definition(used or SHIPPED[figure.code]),
        "versions": versions,
        "used": figure.definition,
        "settings": reverse("control-definition", args=[figure.code]),
    }


@policy("control.figure_rows", who=frame.READERS)
@require_safe
def rows(request: Asked, code: str) -> HttpResponse:
    """The cases a figure counts, measures against or leaves out; the same conditions as the count."""
    room = frame.room(request)
    if room.looking.wrong:
        raise NotFound
    spec = _known(code)
    part, by, group = (request.GET.get(name, "") for name in ("part", "by", "group"))
    part = part or Part.NUMERATOR.value
    try:
        found = access.rows(request.actor, code, part, **room.asked, by=by, group=group)
        if request.GET.get("format"):
            return exports.cases(room, spec, part, found.rows())
        total = found.number()
        page = queue.page(
            found.rows().order_by("-reported_at", "-id"), order="newest", cursor=request.GET.get("cursor", "")
        )
    except (BadFigure, BadFilter) as error:
        raise NotFound from error
    context = {
        "spec": spec,
        "name": words.label(words.FIGURES, code),
        "part": words.label(words.PARTS, part),
        "group": f"{words.label(words.BREAKDOWNS, by)} · {room.group(by, group)}" if group else "",
        "total": total,
        "cases": [_row(room, case) for case in page.cases],
        "older": room.url("control-figure-rows", code, part=part, by=by, group=group, cursor=page.cursor)
        if page.cursor
        else "",
        "newer": room.rows(code, part, by=by, group=group) if request.GET.get("cursor") else "",
        "part_tabs": _part_tabs(room, spec, part, by, group),
        "back": room.url("control-figure", code, by=by if by not in IN_TIME else ""),
        "excludable": code in exclusions.EXCLUDABLE and part != Part.EXCLUDED,
        "looking": room.looking,
    }
    return room.show("controlroom/rows.html", "figures", context)


def _part_tabs(room: Room, spec: catalog.Spec, part: str, by: str, group: str) -> list[dict[str, Any]]:
    if spec.counts:
        return []
    return [
        {
            "words": words.label(words.PARTS, one),
            "url": room.rows(spec.code, one.value, by=by, group=group),
            "now": one.value == part,
        }
        for one in Part
    ]


def _row(room: Room, case: Any) -> dict[str, Any]:
    verdict = getattr(case, "verdict", "")
    return {
        "case": case,
        "title": telling.headline(case),
        "category": room.desk.category(case.category_code) if case.category_code else "",
        "place": desk_frame.place_of(case, room.desk.language),
        "body": room.bodies.get(case.organisation_id or 0, ""),
        "state": case_words.label(case_words.STATES, case.state),
        "why": words.label(words.REASONS, verdict) if verdict in words.REASONS else "",
    }
