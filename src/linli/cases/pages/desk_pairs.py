"""What the desk decides about two cases, beside merging them: that they are different matters."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.cases import access
from linli.cases.actions import pairs
from linli.cases.pages import desk, taking
from linli.cases.pages.here import Asked
from linli.cases.rules.intake import Refused
from linli.kernel.access import STAFF, policy


@policy("cases.desk_another", who=STAFF)
@require_POST
def another_matter(request: Asked, number: str) -> HttpResponse:
    """Another matter (另案): kept, and not asked again; or taken back."""
    made, case = desk.find(request, number)
    undo = bool(request.POST.get("undo"))
    try:
        pairs.say_another_matter(
            actor=request.actor,
            number=case.number,
            other=request.POST.get("other", ""),
            at=request.now,
            undo=undo,
        )
    except Refused as refused:
        messages.error(request, taking.in_words(refused.wrongs[0]))
    else:
        done = _("It will be asked again.") if undo else _("Kept as another matter; it is not asked again.")
        messages.success(request, done)
    if desk.by_htmx(request):
        return desk.show(made, access.find_at_work(request.actor, case.number))
    return redirect(reverse("cases:desk_case", args=[case.number]) + made.query)
