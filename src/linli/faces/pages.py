from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST, require_safe

from linli.faces import style

YEAR_SECONDS = 60 * 60 * 24 * 365
ELDER_COOKIE = "linli-elder"


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the reader came from, never to another site."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(wanted if safe and wanted.startswith("/") else "/")


def _remember(response: HttpResponse, request: HttpRequest, name: str, value: str) -> HttpResponse:
    response.set_cookie(
        name, value, max_age=YEAR_SECONDS, secure=request.is_secure(), httponly=True, samesite="Lax", path="/"
    )
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the reader's language; an unknown one changes nothing."""
    wanted = request.POST.get("language", "")
    response = _back(request)
    if wanted in dict(settings.LANGUAGES) and check_for_language(wanted):
        return _remember(response, request, settings.LANGUAGE_COOKIE_NAME, wanted)
    return response


@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """Turn 长辈版 on or off for this browser."""
    return _remember(_back(request), request, ELDER_COOKIE, "1" if request.POST.get("on") == "1" else "0")


def _only_in_demo() -> None:
    if not (settings.DEBUG or getattr(settings, "LINLI_DEMO", False)):
        raise Http404("The style page is shown in a demo only.")


@require_safe
def style_page(request: HttpRequest, sheet: str = "resident") -> HttpResponse:
    """Every component on one page, for us to look at; only in a demo."""
    _only_in_demo()
    if sheet not in style.SHEETS:
        raise Http404(f"No sheet {sheet!r}.")
    context: dict[str, Any] = style.context(sheet, request.now, request.GET.get("case", ""))  # type: ignore[attr-defined]
    if "live" in request.GET:
        context["live_address"] = "/live/"
    return render(request, f"faces/style/{sheet}.html", context)
