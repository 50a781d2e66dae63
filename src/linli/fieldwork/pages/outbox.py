"""What the doors answer to a phone that kept something while it had no net (docs/offline.md)."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases.pages import pocket
from linli.people.pages.ways import Asked


def marks(request: Asked, door: str) -> dict[str, Any]:
    """What a page tells the phone: whose this session is, and the doors it sends by."""
    return {
        "owner_mark": pocket.marked(request),
        "mark_door": reverse("cases:outbox"),
        "record_door": door,
    }


def somebody_elses(request: Asked) -> HttpResponse | None:
    """The refusal, where what was kept belongs to another session."""
    if request.POST.get("owner", "") == pocket.marked(request):
        return None
    told = _("Somebody else wrote this on this phone. It was not sent.")
    return said({"code": "other_owner", "words": told}, 409)


def place_gone() -> HttpResponse:
    """The refusal, where the household or the grid is none of the actor's."""
    return said({"code": "place_gone", "words": _("This household is not in a grid of yours.")}, 409)


def refused(form: Form) -> HttpResponse:
    """What is wrong with it, in words."""
    errors = [str(error) for some in form.errors.values() for error in some]
    return said(
        {"code": "refused", "words": _("Something in it has to be changed first."), "errors": errors}, 422
    )


def said(words: dict[str, Any], status: int) -> HttpResponse:
    """An answer as the phone reads it."""
    return JsonResponse(words, status=status, json_dumps_params={"ensure_ascii": False})
