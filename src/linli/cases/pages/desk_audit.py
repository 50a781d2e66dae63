"""The audit log of one case, for those who look after it: every act, who, when, and whether it is sealed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.cases import access, words
from linli.cases.pages import desk_frame, telling
from linli.cases.pages.here import Asked
from linli.cases.queries import history
from linli.kernel.access import Forbidden, policy, roles
from linli.people import words as people_words

READERS = ("auditor", "community_leader", "admin")


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
        "lines": [
            {
                "line": line,
                "words": words.label(words.DONE, line.verb),
                "role": words.role(line.role) if line.role in people_words.ROLES else "",
                "reporter": line.role == "reporter",
            }
            for line in lines
        ],
        "sealed": sum(line.sealed for line in lines),
        "reads": [
            {
                "read": read,
                "role": ", ".join(words.role(role) for role in read.role.split(",") if role),
                "purpose": words.label({**people_words.REASONS, **words.REVEAL_FOR}, read.purpose),
                "fields": [words.label(people_words.FIELDS, name) for name in read.fields],
            }
            for read in history.reads(case)
        ],
    }
    return render(request, "cases/desk/audit.html", made.context(**context))
