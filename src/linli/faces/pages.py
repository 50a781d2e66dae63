from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from linli.faces import languages, style

YEAR_SECONDS = 60 * 60 * 24 * 365
ELDER_COOKIE = "linli-elder"
#: Told what a reader chose: the request, "language" or "elder", the choice.
Keeper = Callable[[HttpRequest, str, str], None]
_keepers: list[Keeper] = []


def keep_choices(keeper: Keeper) -> None:
    """Let a room that knows the reader keep what they choose here; in its ``AppConfig.ready``."""
    _keepers.append(keeper)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the page the reader came from, never to another site."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(wanted if safe and wanted.startswith("/") else "/")


def remember(response: HttpResponse, request: HttpRequest, name: str, value: str) -> HttpResponse:
    """Let this browser keep a choice for a year."""
    response.set_cookie(
        name, value, max_age=YEAR_SECONDS, secure=request.is_secure(), httponly=True, samesite="Lax", path="/"
    )
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the reader's language, here and in their account; an unknown one changes nothing."""
    wanted = request.POST.get("language", "")
    response = _back(request)
    if not languages.is_spoken(wanted):
        return response
    _keep(request, "language", wanted)
    return remember(response, request, settings.LANGUAGE_COOKIE_NAME, wanted)


@require_POST
def elder(request: HttpRequest) -> HttpResponse:
    """Turn 长辈版 on or off, here and in the account."""
    wanted = "1" if request.POST.get("on") == "1" else "0"
    _keep(request, "elder", wanted)
    return remember(_back(request), request, ELDER_COOKIE, wanted)


def _keep(request: HttpRequest, name: str, value: str) -> None:
    for keeper in _keepers:
        keeper(request, name, value)


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
