"""A machine's draft beside the form, and the page that tells what the assistant is and what it was asked for."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from linli.cases import words
from linli.cases.pages import desk, desk_frame, here
from linli.cases.pages.here import Asked
from linli.cases.queries import people_to_send
from linli.kernel.access import STAFF, policy, roles
from linli.triage import ports, words_assisting
from linli.triage.actions import assisting
from linli.triage.ports import Unavailable
from linli.triage.queries import assisting as asked


@policy("triage.assist", who=STAFF)
@require_POST
def propose(request: Asked, number: str, kind: str) -> HttpResponse:
    """A draft or a summary: a part beside the form for htmx, a page of its own otherwise."""
    context: dict[str, object] = {"number": number, "kind": kind}
    status = 200
    try:
        draft = assisting.propose(
            actor=request.actor, number=number, kind=kind, language=here.language(), at=request.now
        )
        context |= {"draft": draft, "kind_words": words.label(words_assisting.KINDS, kind)}
    except Unavailable as why:
        context |= {"why": words.label(words_assisting.OUTCOMES, why.code)}
        status = 200 if desk.by_htmx(request) else 503
    if desk.by_htmx(request):
        answer = render(request, "triage/draft.html", context, status=status)
    else:
        made, case = desk.find(request, number)
        context |= made.context(case=case)
        answer = render(request, "triage/draft_page.html", context, status=status)
    answer["Cache-Control"] = "private, no-store"
    return answer


@policy("triage.assistant", who=roles("community_leader", "admin", "auditor", "dispatcher"))
@require_safe
def about(request: Asked) -> HttpResponse:
    """What the assistant is, what leaves the house and what never does, what it was asked for and what that cost."""
    made = desk_frame.frame(request)
    machine = ports.assistant()
    rows = [
        {
            "at": one.asked_at,
            "number": one.case.number,
            "kind": words.label(words_assisting.KINDS, one.kind),
            "model": one.model,
            "who": people_to_send.name_of(one.asked_by_id) if one.asked_by_id else "",
            "ms": one.ms,
            "tokens": one.tokens_in + one.tokens_out,
            "outcome": words.label(words_assisting.OUTCOMES, one.outcome),
        }
        for one in asked.calls(made.community_id)
    ]
    context = made.context(
        on=machine is not None,
        model=machine.version if machine else "",
        where=urlsplit(settings.LINLI_ASSISTANT_URL).hostname or "",
        budget=settings.LINLI_ASSISTANT_TOKENS,
        used=asked.used(made.community_id, at=request.now),
        calls=rows,
    )
    return render(request, "triage/assistant.html", context)
