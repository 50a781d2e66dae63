"""Settings: the programs that work here, how much they ask, another key, the end. Only for those who keep the community."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases.pages import desk_frame, settings
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.rules.intake import Refused
from linli.grids import queries as places
from linli.grids.rules.words import Level
from linli.integrations.clients import access, queries, rules, words
from linli.integrations.clients.actions import keeping
from linli.integrations.clients.forms import ClientForm
from linli.integrations.clients.models import ApiClient
from linli.kernel.access import policy
from linli.kernel.clock import LOCAL
from linli.people import queries as people
from linli.people import words as people_words

CURRENT = "clients:clients"
PLACES = (Level.COMMUNITY.value, Level.GRID.value)


def _form(made: Frame, data: Any = None) -> ClientForm:
    """The form with what there is to choose from."""
    request, tongue = made.request, made.language
    duties = places.duties(made.community_id, places.day_of(request.now))
    names = people.names({duty.account_id for duty in duties})
    return ClientForm(
        data,
        initial={"owner": request.actor.account_id, "place": made.community_id, "days": 365, "per_minute": 600},
        organisations=[(pk, made.body_name(pk)) for pk in made.bodies],
        owners=[(pk, name) for pk, name in sorted(names.items(), key=lambda one: one[1]) if name],
        places=[(row.id, row.name(tongue)) for row in places.subtree(made.community.path, *PLACES)],
    )  # fmt: skip


@policy("clients.clients", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Asked) -> HttpResponse:
    """The programs, and a form for another; its key is on the page once."""
    made = desk_frame.keeper_frame(request)
    form = _form(made, request.POST or None)
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            client, key = keeping.make(
                actor=request.actor, community_id=made.community_id, wanted=form.wanted(), at=request.now
            )
            context = {"key": key, "client": client}
            form = _form(made)
        except Refused as refused:
            form.say(refused.wrongs)
    rows = list(queries.clients(made.community_id))
    held = queries.keys(row.account_id for row in rows)
    told = [_row(made, row, held.get(row.account_id, [])) for row in rows]
    context |= {
        "form": form,
        "rows": [one for one in told if not one["row"].ended_at],
        "ended": [one for one in told if one["row"].ended_at],
    }
    return settings.show(made, "clients/index.html", CURRENT, context, status=422 if form.errors else 200)


def _row(made: Frame, row: ApiClient, keys: list[queries.Key]) -> dict[str, Any]:
    at = made.request.now
    held = [key for key in keys if key.holds(at)]
    body = row.organisation
    english = made.language == "en"
    return {
        "row": row,
        "url": reverse("clients:client", args=[row.pk]),
        "body": body.name_en if english and body.name_en else body.name_zh,
        "place": row.place.name_en if english and row.place.name_en else row.place.name_zh,
        "role": words.role(row.role),
        "keys": held,
        "until": max((key.expires_at for key in held), default=None),
        "soon": bool(held) and max(key.expires_at for key in held) - at < rules.SOON,
        "last_at": max((key.last_at for key in keys if key.last_at), default=None),
    }


@policy("clients.client", who=settings.KEEPERS)
@require_safe
def client(request: Asked, client_id: int) -> HttpResponse:
    """One program: what it may, its keys, its use by day."""
    return _show(request, access.client(request.actor, client_id))


def _show(request: Asked, found: ApiClient, *, key: str = "") -> HttpResponse:
    made = desk_frame.frame(request, found.community_id)
    keys = queries.keys([found.account_id]).get(found.account_id, [])
    days = queries.usage(found, today=request.now.astimezone(LOCAL).date())
    context = {
        "client": found,
        "told": _row(made, found, keys),
        "owner": people.names([found.owner_id]).get(found.owner_id, ""),
        "scopes": [people_words.SCOPES[code] for code in found.scopes],
        "keys": [{"row": one, "holds": one.holds(request.now)} for one in keys],
        "key": key,
        "days": days,
        "asked": sum(day.requests for day in days),
        "lives": [(n, _("%(n)s days") % {"n": n}) for n in rules.DAYS],
        "overlaps": [(str(hours), words.OVERLAPS[str(hours)]) for hours in rules.OVERLAPS],
    }
    return settings.show(made, "clients/client.html", CURRENT, context)


@policy("clients.key", who=settings.KEEPERS)
@require_POST
def exchange(request: Asked, client_id: int) -> HttpResponse:
    """Another key, on the page once."""
    try:
        key = keeping.exchange_key(
            actor=request.actor,
            client_id=client_id,
            days=_number(request.POST.get("days", "")),
            hours=_number(request.POST.get("hours", "")),
            at=request.now,
        )
    except Refused as refused:
        wrong = refused.wrongs[0]
        messages.error(request, words.wrong(wrong.code, field=wrong.field, limit=wrong.limit))
        return redirect("clients:client", client_id)
    return _show(request, access.client(request.actor, client_id), key=key)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1


@policy("clients.end", who=settings.KEEPERS)
@require_POST
def end(request: Asked, client_id: int) -> HttpResponse:
    """The end of a program."""
    keeping.end(actor=request.actor, client_id=client_id, at=request.now)
    messages.success(request, _("Ended. Its keys work no more."))
    return redirect("clients:client", client_id)
