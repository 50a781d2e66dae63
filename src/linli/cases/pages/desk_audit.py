"""The audit log of one case, for those who look after it: every act, who, when, and whether it is sealed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.cases import access, words
from linli.cases.pages import desk_frame, telling
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.queries import history, people_to_send
from linli.cases.queries.history import Line
from linli.kernel.access import Forbidden, policy, roles
from linli.people import words as people_words

READERS = ("auditor", "community_leader", "admin")
SILENT = frozenset({"seq", "from", "to"})  # told by the order of the lines, and as one step


@policy("cases.desk_audit", who=roles(*READERS))
@require_safe
def audit(request: Asked, number: str) -> HttpResponse:
    """Everything the log holds about one case, and who read the reporter's contact."""
    case = access.find_at_work(request.actor, number)
    if not request.actor.has(*READERS, community_id=case.community_id):
        raise Forbidden("not_your_door")
    made = desk_frame.frame(request, case.community_id)
    lines = history.lines(case)
    context = {
        "case": case,
        "title": telling.headline(case),
        "lines": [_line(made, line) for line in lines],
        "sealed": sum(line.sealed for line in lines),
        "reads": [_read(read) for read in history.reads(case)],
    }
    return render(request, "cases/desk/audit.html", made.context(**context))


def _line(made: Frame, line: Line) -> dict[str, Any]:
    said, codes = _details(made, line.detail)
    return {
        "line": line,
        "words": words.label(words.DONE, line.verb),
        "role": words.role(line.role) if line.role in people_words.ROLES else "",
        "reporter": line.role == "reporter",
        "said": said,
        "codes": codes,
    }


def _read(read: history.Read) -> dict[str, Any]:
    return {
        "read": read,
        "role": ", ".join(words.role(role) for role in read.role.split(",") if role),
        "purpose": words.label({**people_words.REASONS, **words.REVEAL_FOR}, read.purpose),
        "fields": [words.label(people_words.FIELDS, name) for name in read.fields],
    }


def _details(made: Frame, detail: dict[str, Any]) -> tuple[list[str], list[tuple[str, Any]]]:
    """What an entry holds: in words where there are words, else as it is kept."""
    say: dict[str, Callable[[Any], str]] = {
        "reason": lambda code: words.label(words.REASONS, code),
        "category": made.category,
        "organisation": made.body_name,
        "handler": people_to_send.name_of,
        "channel": lambda code: words.label(words.CHANNELS, code),
        "ruling": lambda code: words.label(words.RULINGS, code),
        "request": lambda code: words.label(words.REQUESTS, code),
    }
    said = [] if detail.get("from") == detail.get("to") else [_step(detail)]
    codes = []
    for key, value in sorted(detail.items()):
        if key in SILENT or value in (None, "", {}):
            continue
        spoken = say[key](value) if key in say else ""
        if spoken:
            said.append(spoken)
        else:
            codes.append((key, value))
    return said, codes


def _step(detail: dict[str, Any]) -> str:
    before, after = (words.label(words.STATES, detail[key]) for key in ("from", "to"))
    return _("%(before)s → %(after)s") % {"before": before, "after": after}
