"""The daily and weekly brief as page, paper, message and table; and as it would read now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from linli.cases import words as case_words
from linli.cases.pages.here import Asked
from linli.controlroom import saying, saying_briefs, words
from linli.controlroom.models import BriefRow
from linli.controlroom.pages import brief_pdf, frame
from linli.controlroom.pages import exports as tables
from linli.controlroom.pages.frame import Room
from linli.controlroom.queries import briefs as gathering
from linli.controlroom.rules import briefs
from linli.controlroom.rules.briefs import Kind
from linli.controlroom.rules.figures import By, Figure
from linli.faces import words as face_words
from linli.faces.charts import Cell, Chart, Column, Row
from linli.kernel import exports
from linli.kernel.access import NotFound, policy
from linli.kernel.clock import LOCAL

FILES = ("pdf", "text", "csv", "xlsx", "json")


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief on its way to paper or screen."""

    kind: str
    day: date
    told: dict[str, Any]
    made_at: datetime
    kept: bool  # made in the morning and kept; otherwise as it would read now


@dataclass(frozen=True, slots=True)
class Names:
    """What bodies and categories are called, for the words of a brief."""

    room: Room

    def category(self, code: str) -> str:
        """A category's or branch's name."""
        return self.room.group(By.CATEGORY, code)

    def body(self, key: str) -> str:
        """A body's name."""
        return self.room.group(By.ORGANISATION, key)


@policy("control.briefs", who=frame.READERS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """The briefs that were made, newest first, and how today and this week read so far."""
    room = frame.room(request)
    rows = [
        {
            "title": saying_briefs.title(row.kind, row.day, _here(room)),
            "url": reverse("control-brief", args=[row.kind, row.day.isoformat()]),
            "made_at": row.made_at,
            "said": saying_briefs.said(row.told, Names(room))[:2],
        }
        for row in gathering.newest(room.community_id)
    ]
    return room.show("controlroom/briefs.html", "briefs", {"rows": rows, "kinds": _so_far()})


def _so_far() -> list[dict[str, str]]:
    words_of = {Kind.DAILY: _("Today so far"), Kind.WEEKLY: _("The last seven days so far")}
    return [
        {"words": said, "url": reverse("control-brief-now", args=[kind.value])}
        for kind, said in words_of.items()
    ]


def _here(room: Room) -> str:
    return str(room.desk.community.name(room.desk.language))


@policy("control.brief", who=frame.READERS)
@require_safe
def one(request: Asked, kind: str, day: str) -> HttpResponse:
    """One brief as it was kept."""
    room = frame.room(request)
    try:
        row = gathering.kept(room.community_id, Kind(kind), date.fromisoformat(day))
    except ValueError as error:
        raise NotFound from error
    if row is None:
        raise NotFound
    return _answer(room, _of(row))


def _of(row: BriefRow) -> Brief:
    return Brief(row.kind, row.day, row.told, row.made_at, kept=True)


@policy("control.brief_now", who=frame.READERS)
@require_safe
def now(request: Asked, kind: str) -> HttpResponse:
    """What a brief would say at this moment; it is not kept."""
    room = frame.room(request)
    try:
        wanted = Kind(kind)
    except ValueError as error:
        raise NotFound from error
    today = request.now.astimezone(LOCAL).date()
    told = gathering.gather(room.community_id, wanted, today, at=request.now)
    return _answer(room, Brief(kind, today, told, request.now, kept=False))


def _answer(room: Room, brief: Brief) -> HttpResponse:
    form = room.request.GET.get("format", "")
    if form and form not in FILES:
        raise NotFound
    if not form:
        return room.show("controlroom/brief.html", "briefs", _context(room, brief))
    name = f"linli-brief-{brief.kind}-{brief.day.isoformat()}.{'txt' if form == 'text' else form}"
    made = _file(room, brief, form)
    made["Content-Disposition"] = exports.content_disposition(name)
    made["Cache-Control"] = "private, no-store"
    return made


def _file(room: Room, brief: Brief, form: str) -> HttpResponse:
    if form == "pdf":
        return HttpResponse(brief_pdf.draw(_paper(room, brief)), content_type="application/pdf")
    if form == "text":
        return HttpResponse(_message(room, brief), content_type="text/plain; charset=utf-8")
    days = brief.told["from"], brief.told["to"]
    return tables.told(room, form, f"brief-{brief.kind}", told_figures(brief), days)


def _message(room: Room, brief: Brief) -> str:
    address = room.request.build_absolute_uri(room.request.path)
    return saying_briefs.message(brief.kind, brief.day, _here(room), brief.told, Names(room), address)


def told_figures(brief: Brief) -> list[Figure]:
    """The figures of a brief as figures."""
    return [
        Figure(
            code, held["value"], held["unit"], held["numerator"], held["denominator"], held["excluded"],
            brief.made_at, held["definition"],
        )
        for code, held in brief.told["figures"].items()
    ]  # fmt: skip


def _context(room: Room, brief: Brief) -> dict[str, Any]:
    first, last = brief.told["from"], brief.told["to"]
    days = {"from": first, "to": last}

    def rows_of(code: str) -> str:
        return f"{reverse('control-figure-rows', args=[code])}?from={first}&to={last}" if code else ""

    sentences = [
        {"text": one.text, "grave": one.grave, "url": rows_of(one.figure) if _opens(one.figure) else ""}
        for one in saying_briefs.said(brief.told, Names(room))
    ]
    return {
        "brief": brief,
        "title": saying_briefs.title(brief.kind, brief.day, _here(room)),
        "sentences": sentences,
        "sections": _sections(brief, rows_of),
        "chart": _chart(brief),
        "late": _late(room, brief),
        "groups": _groups(room, brief),
        "message": _message(room, brief),
        "days": days,
        "files": [(form, f"{room.request.path}?format={form}") for form in FILES],
    }


def _opens(code: str) -> bool:
    return bool(code) and code != "three_rates_score"


def _sections(brief: Brief, rows_of: Any) -> list[tuple[str, list[dict[str, Any]]]]:
    found = {one.code: one for one in told_figures(brief)}
    parts = (("rates", briefs.RATES), ("flow", briefs.FLOW), ("now", briefs.STANDING))
    return [
        (
            words.label(words.SECTIONS, name),
            [
                {
                    "name": words.label(words.FIGURES, code),
                    "value": saying.value(found[code]),
                    "unit": saying.unit(found[code].unit),
                    "before": _before(brief, code),
                    "parts": saying.parts(found[code]),
                    "url": rows_of(code) if _opens(code) else "",
                }
                for code in codes
            ],
        )
        for name, codes in parts
    ]


def _before(brief: Brief, code: str) -> str:
    held = brief.told["figures"][code]
    return "" if held["before"] is None else saying.amount(held["before"], held["unit"])


def _chart(brief: Brief) -> Chart:
    names = [words.label(words.FIGURES, code) for code in ("reported", "settled")]
    rows = reverse("control-figure-rows", args=["reported"]), reverse("control-figure-rows", args=["settled"])
    return Chart(
        name="brief-days",
        caption=_("Reported and settled by day"),
        kind="bars",
        first=words.label(words.BREAKDOWNS, By.DAY),
        columns=(Column(names[0]), Column(names[1], "soft")),
        rows=tuple(
            Row(
                day["day"],
                tuple(
                    Cell(day.get(code, 0), "", f"{rows[place]}?from={day['day']}&to={day['day']}")
                    for place, code in enumerate(("reported", "settled"))
                ),
            )
            for day in brief.told["days"]
        ),
    )


def _late(room: Room, brief: Brief) -> list[dict[str, str]]:
    return [
        {
            "number": one["number"],
            "url": reverse("cases:desk_case", args=[one["number"]]),
            "category": room.desk.category(one["category"]) if one["category"] else _("not yet sorted"),
            "body": room.bodies.get(one["body"] or 0, "–"),
            "stage": case_words.label(case_words.STAGES, one["stage"]),
            "due": face_words.exact_time(datetime.fromisoformat(one["due_at"])),
        }
        for one in brief.told["late"]
    ]


def _groups(room: Room, brief: Brief) -> list[tuple[str, list[tuple[str, int]]]]:
    names = Names(room)
    return [
        (
            _("Reported by category"),
            [(names.category(one["key"]), one["count"]) for one in brief.told["categories"]],
        ),
        (_("Overdue by body"), [(names.body(one["key"]), one["count"]) for one in brief.told["overdue"]]),
        (
            _("Hot topics"),
            [
                (" · ".join(filter(None, (one["place"], one["topic"]))), one["count"])
                for one in brief.told["hot"]
            ],
        ),
        (
            _("Problems that keep coming back"),
            [
                (f"{one['place']} · {names.category(one['category'])}", one["count"])
                for one in brief.told["repeats"]
            ],
        ),
    ]


def _paper(room: Room, brief: Brief) -> brief_pdf.Paper:
    late = [
        (f"{one['number']}  {one['category']} · {one['body']}", f"{one['stage']} {one['due']}")
        for one in _late(room, brief)
    ]
    groups = [(title, [(name, str(count)) for name, count in rows]) for title, rows in _groups(room, brief)]
    return brief_pdf.Paper(
        title=saying_briefs.title(brief.kind, brief.day, _here(room)),
        subtitle=_("As of %(at)s. Every number can be opened on the page.")
        % {"at": face_words.exact_time(brief.made_at)},
        sentences=[(one.text, one.grave) for one in saying_briefs.said(brief.told, Names(room))],
        heads=(_("Figure"), _("Value"), pgettext("brief", "Before"), _("Made of")),
        figures=[
            (words.label(words.FIGURES, one.code), f"{saying.value(one)} {saying.unit(one.unit)}".strip(),
             _before(brief, one.code), saying.parts(one))
            for one in told_figures(brief)
        ],
        curve_title=_("Reported and settled by day"),
        series=[words.label(words.FIGURES, code) for code in ("reported", "settled")],
        days=[(day["day"], day.get("reported", 0), day.get("settled", 0)) for day in brief.told["days"]],
        lists=[(_("Longest overdue"), late), *groups],
        foot=room.request.build_absolute_uri(room.request.path),
    )  # fmt: skip
