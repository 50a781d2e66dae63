"""Help that was written down for me: it happened, or it did not, with one tap each."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from linli.fieldwork import access_services, words_services
from linli.fieldwork.actions import services as actions
from linli.fieldwork.forms_services import SayWords
from linli.fieldwork.pages.services import rows_of
from linli.fieldwork.queries import services as queries
from linli.fieldwork.rules import services as rules
from linli.kernel.access import SIGNED_IN, policy
from linli.kernel.refusals import Refused
from linli.people.pages.ways import Asked

MOST = 100


@policy("fieldwork.my_services", who=SIGNED_IN)
@require_safe
def index(request: Asked) -> HttpResponse:
    """What was written down for me, what I have not answered first."""
    found = access_services.for_resident(request.actor).order_by("-at", "-id")[:MOST]
    rows = rows_of(request, queries.shown(found))
    rows.sort(key=lambda item: item["state"] != "unconfirmed")
    return render(request, "fieldwork/services/mine.html", {"rows": rows, "tab": "me"})


@policy("fieldwork.my_service", who=SIGNED_IN)
@require_http_methods(["GET", "POST"])
def one(request: Asked, help_id: int) -> HttpResponse:
    """One of them: yes, no, or a code to read out."""
    row = access_services.find_for_resident(request.actor, help_id)
    said, code = request.POST.get("said", ""), ""
    form = SayWords(request.POST if said == "no" else None, needed=False)
    if said in set(rules.Answer) and (said == "yes" or form.is_valid()):
        words = form.cleaned_data["words"] if said == "no" else ""
        try:
            actions.answer(
                actor=request.actor, service_id=row.pk, said=rules.Answer(said), words=words, at=request.now
            )
            messages.success(request, pgettext("service", "Thank you. Your answer is on record."))
        except Refused as refused:
            messages.error(request, words_services.said(refused.wrongs[0].code))
        return redirect("fieldwork:my_services")
    if said == "code":
        code = actions.show_code(actor=request.actor, service_id=row.pk, at=request.now)
    context = {
        "item": rows_of(request, queries.shown([row]))[0],
        "form": form,
        "code": code,
        "minutes": int(rules.CODE_LASTS.total_seconds() // 60),
        "over": (request.now - row.at).days > rules.ANSWER_DAYS,
        "tab": "me",
    }
    return render(request, "fieldwork/services/my.html", context, status=422 if form.errors else 200)
