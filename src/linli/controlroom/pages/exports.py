"""Figures and their cases as files: CSV, XLSX and JSON, in which no cell is ever run as a program."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from linli.cases import words as case_words
from linli.controlroom import words
from linli.controlroom.api.figures import plain
from linli.controlroom.pages.frame import Room
from linli.controlroom.rules.catalog import Spec
from linli.controlroom.rules.figures import Figure
from linli.faces import words as face_words
from linli.kernel import exports
from linli.kernel.access import NotFound
from linli.kernel.api import answer

FORMATS = ("csv", "xlsx", "json")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 100_000
COLUMNS = (
    "number", "kind", "category_code", "urgency", "channel", "state", "organisation_id", "grid__name_zh", "grid__name_en",
    "building__name_zh", "building__name_en", "reported_at", "closed_at", "due_at", "solved", "stars", "returns",
    "reopenings", "urges",
)  # fmt: skip


def figures(room: Room, name: str, found: Sequence[Figure], *, by: str = "") -> HttpResponse:
    """Figures as a file: one row each, with numerator, denominator, what is left out, moment and definition."""
    form = _form(room)
    if form == "json":
        return _as_json(name, {**_head(room, name), "by": by, "figures": [plain(one) for one in found]})
    return _as_table(name, form, _figure_rows(room, found, by))


def told(room: Room, form: str, name: str, found: Sequence[Figure], days: tuple[str, str]) -> HttpResponse:
    """Figures that were kept, of the days they were kept for."""
    if form == "json":
        head = {"name": name, "community": room.desk.community.code, "from": days[0], "to": days[1]}
        return _as_json(name, {**head, "figures": [plain(one) for one in found]})
    rows = _figure_rows(room, found, "", days=days)
    return _as_table(name, form, rows)


def _head(room: Room, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "community": room.desk.community.code,
        "from": room.looking.first_date,
        "to": room.looking.last_date,
        "at": room.request.now,
    }


def _figure_rows(
    room: Room, found: Sequence[Figure], by: str, *, days: tuple[str, str] | None = None
) -> Iterator[list[object]]:
    first, last = days or (room.looking.first_date, room.looking.last_date)
    group = words.label(words.BREAKDOWNS, by) if by else _("Group")
    yield [
        _("Figure"), pgettext("figure", "Code"), group, _("Value"), pgettext("figure", "Unit"), _("Numerator"),
        _("Denominator"), _("Left out"), _("As of"), _("From"), _("To"), _("Definition"), _("Formula"),
    ]  # fmt: skip
    for one in found:
        yield [
            words.label(words.FIGURES, one.code), one.code, room.group(by, one.group) if one.group else "",
            None if one.value is None else round(one.value, 4), words.label(words.UNITS, one.unit), one.numerator,
            one.denominator, one.excluded, one.at, first, last, one.definition,
            words.label(words.FORMULAS, one.code),
        ]  # fmt: skip


def cases(room: Room, spec: Spec, part: str, found: Any) -> HttpResponse:
    """The cases behind a figure as a file, without the residents' words, names or addresses."""
    form = _form(room)
    name = f"{spec.code}-{part}"
    columns = (*COLUMNS, "verdict") if "verdict" in found.query.annotations else COLUMNS
    values = found.order_by("-reported_at", "-id").values_list(*columns)[:MOST_ROWS].iterator(chunk_size=2000)
    if form == "json":
        rows = [dict(zip(columns, row, strict=True)) for row in values]
        return _as_json(name, {**_head(room, name), "figure": spec.code, "part": part, "cases": rows})
    return _as_table(name, form, _case_rows(room, columns, values))


def _case_rows(room: Room, columns: Sequence[str], values: Iterable[Any]) -> Iterator[list[object]]:
    heads = [
        _("Number"), pgettext("case", "Kind"), _("Category"), _("Urgency"), _("Channel"), _("State"), _("Body"), _("Grid"),
        _("Building"), _("Reported at"), _("Settled at"), _("Due at"), _("Solved"), _("Stars"), _("Times returned"),
        _("Times reopened"), _("Times urged"),
    ]  # fmt: skip
    yield [*heads, *([_("Why left out")] if "verdict" in columns else [])]
    english = room.desk.language == "en"
    for values_of in values:
        row = dict(zip(columns, values_of, strict=True))
        yield [
            row["number"],
            case_words.label(case_words.KINDS, row["kind"]),
            room.desk.category(row["category_code"]) if row["category_code"] else "",
            case_words.label(case_words.URGENCIES, row["urgency"]),
            case_words.label(case_words.CHANNELS, row["channel"]),
            case_words.label(case_words.STATES, row["state"]),
            room.bodies.get(row["organisation_id"] or 0, ""),
            (english and row["grid__name_en"]) or row["grid__name_zh"],
            (english and row["building__name_en"]) or row["building__name_zh"],
            _moment(row["reported_at"]),
            _moment(row["closed_at"]),
            _moment(row["due_at"]),
            {True: _("yes"), False: _("no"), None: ""}[row["solved"]],
            row["stars"],
            row["returns"],
            row["reopenings"],
            row["urges"],
            *([words.REASONS.get(row["verdict"], "")] if "verdict" in columns else []),
        ]


def _moment(at: Any) -> str:
    return face_words.exact_time(at) if at else ""


def _form(room: Room) -> str:
    form = room.request.GET.get("format", "")
    if form not in FORMATS or room.looking.wrong:  # a file of other days than were asked for would mislead
        raise NotFound
    return form


def _file(name: str, form: str) -> str:
    return exports.content_disposition(f"linli-{name}.{form}")


def _as_json(name: str, data: dict[str, Any]) -> HttpResponse:
    response = answer(data)
    response["Content-Disposition"] = _file(name, "json")
    return response


def _as_table(name: str, form: str, rows: Iterator[list[object]]) -> HttpResponse:
    if form == "csv":
        # Written before the answer begins: a stream would be read outside the community it was asked in.
        found = HttpResponse(b"".join(exports.write_csv(rows)), content_type="text/csv; charset=utf-8")
    else:
        held = io.BytesIO()
        exports.write_xlsx(rows, held, sheet=name)
        found = HttpResponse(held.getvalue(), content_type=XLSX)
    found["Content-Disposition"] = _file(name, form)
    found["Cache-Control"] = "private, no-store"
    return found
