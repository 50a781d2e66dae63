"""Homes: a resident says where they live; two members of staff vouch for it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.grids import access as doors
from linli.grids import actions, forms, queries
from linli.grids.models import Residence
from linli.grids.rows import PlaceRow
from linli.grids.rules.duties import VOUCHERS
from linli.grids.rules.words import Level
from linli.grids.words import FAULTS
from linli.kernel import access
from linli.people.actions import contact
from linli.people.pages.ways import Asked, language

WHO_VOUCHES = access.roles(*VOUCHERS)


@access.policy("grids.home", who=access.SIGNED_IN)
@require_http_methods(["GET", "POST"])
def home(request: Asked) -> HttpResponse:
    """My home: what was asked for and proved, and a form to ask."""
    building = _building(request)
    dwellings = queries.subtree(building.path, Level.DWELLING.value) if building else []
    form = forms.MyHome(request.POST or None, dwellings=_doors(dwellings, language(request)))
    if request.method == "POST" and form.is_valid():
        actions.ask_residence(actor=request.actor, dwelling_id=form.cleaned_data["dwelling"], at=request.now)
        messages.success(request, _("Noted. Two members of staff will confirm it; you need not come by."))
        return redirect("grids:home")
    context = {
        "homes": [_told(row, request) for row in queries.residences_of(request.actor.account_id or 0)],
        "building": building,
        "has_doors": bool(dwellings),
        "buildings": _buildings(request),
        "form": form,
        "tab": "me",
    }
    return render(request, "grids/home.html", context, status=422 if form.errors else 200)


def _building(request: Asked) -> PlaceRow | None:
    """The building chosen, else the one the person follows.

    :raises access.NotFound: one of a community that the person does not follow.
    """
    chosen = request.GET.get("building", "")
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 18:
        return doors.find(request.actor, int(chosen))
    followed = queries.home(request.actor.account_id or 0)
    return followed if followed and followed.level == Level.BUILDING.value else None


def _buildings(request: Asked) -> list[tuple[str, list[PlaceRow]]]:
    """The buildings of the communities followed, by community."""
    communities = queries.places(request.actor.communities).values()
    return [(each.name(language(request)), queries.buildings(each.id)) for each in communities]


def _doors(dwellings: list[PlaceRow], tongue: str) -> list[tuple[int, str]]:
    units = queries.places({row.parent_id for row in dwellings if row.parent_id})
    named = []
    for row in dwellings:
        unit = units.get(row.parent_id or 0)
        before = f"{unit.name(tongue)} " if unit and unit.level == Level.UNIT.value else ""
        named.append((row.id, f"{before}{row.name(tongue)}"))
    return named


def _told(row: Any, request: Asked) -> dict[str, Any]:
    today = queries.day_of(request.now)
    way = queries.ancestors(row.dwelling)
    ran_out = row.expires_date is not None and row.expires_date < today
    state = "ended" if row.ended_at else "ran_out" if ran_out else "bound" if row.bound_at else "waiting"
    shown = [each for each in way if each.level not in ("committee", "grid")]
    return {"row": row, "way": shown, "state": state}


@access.policy("grids.home_end", who=access.SIGNED_IN)
@require_POST
def end_home(request: Asked, residence_id: int) -> HttpResponse:
    """I live there no more."""
    if doors.find_residence(request.actor, residence_id).account_id != request.actor.account_id:
        raise access.NotFound
    actions.end_residence(actor=request.actor, residence_id=residence_id, at=request.now)
    messages.success(request, _("Taken off. You can ask for another home."))
    return redirect("grids:home")


@access.policy("grids.residences", who=WHO_VOUCHES)
@require_safe
def residences(request: Asked) -> HttpResponse:
    """The homes that wait for a word of mine."""
    rows = [
        _told(row, request)
        for community_id in sorted(request.actor.staff_communities)
        for row in queries.residences(community_id, waiting=True)
        if _reaches(request.actor, row.community_id, row.dwelling.path)
    ]
    return render(request, "grids/residences.html", {"rows": rows, "me": request.actor.account_id})


def _reaches(actor: access.Actor, community_id: int, path: str) -> bool:
    return actor.has(*VOUCHERS, community_id=community_id, place_path=path)


@access.policy("grids.residence", who=WHO_VOUCHES)
@require_http_methods(["GET", "POST"])
def residence(request: Asked, residence_id: int) -> HttpResponse:
    """One of them: see who it is (which is written down), vouch, or refuse."""
    found = _to_vouch(request, residence_id)
    verb = request.POST.get("verb", "")
    if verb in ("vouch", "refuse"):
        return _decide(request, found, verb)
    row = queries.residence(residence_id)
    context: dict[str, Any] = {"told": _told(row, request), "me": request.actor.account_id}
    if verb == "show":
        try:
            context["contact"] = contact.reveal_contact(
                actor=request.actor,
                account_id=found.account_id,
                community_id=found.community_id,
                why=contact.WhyRead.OWN_REQUEST,
                task=f"residence:{found.pk}",
                at=request.now,
            )
        except contact.TooManyReveals:
            messages.error(request, _("You have looked at many people within the hour. Try again later."))
    return render(request, "grids/residence.html", context)


def _to_vouch(request: Asked, residence_id: int) -> Residence:
    found = doors.find_residence(request.actor, residence_id)
    if not doors.may_vouch(request.actor, found):
        raise access.NotFound
    return found


def _decide(request: Asked, found: Residence, verb: str) -> HttpResponse:
    try:
        if verb == "refuse":
            actions.end_residence(actor=request.actor, residence_id=found.pk, at=request.now)
            messages.success(request, _("Refused. The person can ask again."))
        else:
            row = actions.vouch_residence(actor=request.actor, residence_id=found.pk, at=request.now)
            bound = row.bound_at is not None
            messages.success(request, _("The home is proved.") if bound else _("Noted. One more colleague."))
    except access.Forbidden as refused:
        messages.error(request, str(FAULTS.get(refused.code, refused.code)))
    return redirect("grids:residences")
