"""Homes: a resident says where they live; two members of staff vouch for it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.grids import access as doors
from linli.grids import actions, forms, queries
from linli.grids.actions import members
from linli.grids.models import Residence
from linli.grids.pages.scan import SESSION_PLACE
from linli.grids.rows import PlaceRow, ResidenceRow
from linli.grids.rules import homes as rules
from linli.grids.rules.duties import VOUCHERS
from linli.grids.rules.words import Basis, Ended, EndReason, Level
from linli.grids.words import FAULTS, end_reason
from linli.kernel import access
from linli.people.actions import contact
from linli.people.pages.ways import Asked, language

WHO_VOUCHES = access.roles(*VOUCHERS)
PAST = 5  # ended ones that a resident sees


@access.policy("grids.home", who=access.SIGNED_IN)
@require_http_methods(["GET", "POST"])
def home(request: Asked) -> HttpResponse:
    """My home: what was asked for and proved, and a form to ask."""
    building = _building(request)
    follows = building is None or building.community_id in request.actor.communities
    dwellings = queries.subtree(building.path, Level.DWELLING.value) if building and follows else []
    form = forms.MyHome(request.POST or None, dwellings=_doors(dwellings, language(request)))
    if request.method == "POST" and form.is_valid():
        _ask(request, form.cleaned_data["dwelling"])
        return redirect("grids:home")
    found = queries.residences_of(request.actor.account_id or 0)
    anew = {row.dwelling.id for row in found if row.ended_at is None and row.bound_at is None}
    today = queries.day_of(request.now)
    shown = [_told(row, request) for row in found]
    for told in shown:
        row = told["row"]
        told["renewable"] = (
            told["state"] == "bound"
            and row.dwelling.id not in anew
            and rules.renewable(row.expires_date, today)
        )
    context = {
        "homes": [told for told in shown if told["state"] != "ended"],
        "past": [told for told in shown if told["state"] == "ended"][:PAST],
        "building": building,
        "building_way": queries.ancestors(building) if building else [],
        "follows": follows,
        "has_doors": bool(dwellings),
        "buildings": _buildings(request),
        "form": form,
        "tab": "me",
    }
    return render(request, "grids/home.html", context, status=422 if form.errors else 200)


def _ask(request: Asked, dwelling_id: int) -> None:
    asked = actions.ask_residence(actor=request.actor, dwelling_id=dwelling_id, at=request.now)
    if asked.bound_at is not None:
        messages.success(request, _("This home is proved already."))
    elif actions.prove_by_register(actor=request.actor, residence_id=asked.id, at=request.now):
        messages.success(request, _("Your home is proved: the register has you there."))
    else:
        messages.success(request, _("Noted. Two members of staff will confirm it; you need not come by."))


@access.policy("grids.home_begin", who=access.SIGNED_IN)
@require_POST
def begin(request: Asked) -> HttpResponse:
    """I live in this building: its community becomes one of mine, and its doors are shown."""
    if not request.POST.get("building"):
        return redirect("grids:home")
    building = doors.find_public(request.POST["building"])
    actions.follow(actor=request.actor, place_id=building.id, at=request.now)
    return redirect(f"{reverse('grids:home')}?building={building.id}")


@access.policy("grids.home_renew", who=access.SIGNED_IN)
@require_POST
def renew(request: Asked, residence_id: int) -> HttpResponse:
    """I still live there."""
    found = _own(request, residence_id)
    _ask(request, found.dwelling_id)
    return redirect("grids:home")


def _own(request: Asked, residence_id: int) -> Residence:
    found = doors.find_residence(request.actor, residence_id)
    if found.account_id != request.actor.account_id:
        raise access.NotFound
    return found


def _building(request: Asked) -> PlaceRow | None:
    """The building chosen, else the one where the person is (a scanned code) or which they follow.

    :raises access.NotFound: a place that is none, or has no doors.
    """
    chosen = request.GET.get("building", "")
    found: PlaceRow | None
    if chosen:
        found = doors.find_public(chosen)
    else:
        here = request.session.get(SESSION_PLACE)
        scanned = queries.place(here) if isinstance(here, int) else None
        found = scanned or queries.home(request.actor.account_id or 0)
    if found and found.level == Level.UNIT.value and found.parent_id:
        found = queries.place(found.parent_id)
    if found is None or found.valid_to is not None or found.level != Level.BUILDING.value:
        if chosen:
            raise access.NotFound
        return None
    return found


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


def _told(row: ResidenceRow, request: Asked) -> dict[str, Any]:
    today = queries.day_of(request.now)
    way = queries.ancestors(row.dwelling)
    ran_out = row.expires_date is not None and rules.has_run_out(row.expires_date, today)
    state = "ended" if row.ended_at or ran_out else "bound" if row.bound_at else "waiting"
    shown = [each for each in way if each.level not in ("committee", "grid")]
    why = Ended.RAN_OUT if ran_out and not row.ended_why else row.ended_why
    return {
        "row": row,
        "way": shown,
        "state": state,
        "why": why,
        "reason": end_reason(why, row.ended_reason, row.ended_words),
    }


@access.policy("grids.home_end", who=access.SIGNED_IN)
@require_POST
def end_home(request: Asked, residence_id: int) -> HttpResponse:
    """I live there no more."""
    found = _own(request, residence_id)
    actions.end_residence(actor=request.actor, residence_id=found.pk, at=request.now)
    messages.success(request, _("Taken off. You can ask for another home."))
    return redirect("grids:home")


@access.policy("grids.residences", who=WHO_VOUCHES)
@require_safe
def residences(request: Asked) -> HttpResponse:
    """The homes that wait for a word of mine; or those that are proved, the first to run out first."""
    proved = request.GET.get("show") == "proved"
    rows = [
        _told(row, request)
        for community_id in sorted(request.actor.staff_communities)
        for row in queries.residences(community_id, waiting=not proved)
        if _reaches(request.actor, row.community_id, row.dwelling.path)
    ]
    context = {
        "rows": rows,
        "me": request.actor.account_id,
        "proved": proved,
        "keeps": bool(doors.kept_communities(request.actor)),
    }
    return render(request, "grids/residences.html", context)


def _reaches(actor: access.Actor, community_id: int, path: str) -> bool:
    return actor.has(*VOUCHERS, community_id=community_id, place_path=path)


@access.policy("grids.residence", who=WHO_VOUCHES)
@require_http_methods(["GET", "POST"])
def residence(request: Asked, residence_id: int) -> HttpResponse:
    """One of them: see who it is (which is written down), vouch, refuse, or take back."""
    found = _to_vouch(request, residence_id)
    verb = request.POST.get("verb", "")
    refuse = forms.Refusal(request.POST if verb == "refuse" else None)
    if verb == "vouch":
        return _vouched(request, found)
    if verb == "refuse" and refuse.is_valid() and _refused(request, found, refuse):
        return redirect("grids:residences")
    row = queries.residence(residence_id)
    assert row is not None
    context: dict[str, Any] = {
        "told": _told(row, request),
        "me": request.actor.account_id,
        "refuse": refuse,
        "by_register": row.basis == Basis.REGISTER,
    }
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
    return render(request, "grids/residence.html", context, status=422 if refuse.errors else 200)


def _to_vouch(request: Asked, residence_id: int) -> Residence:
    found = doors.find_residence(request.actor, residence_id)
    if not doors.may_vouch(request.actor, found):
        raise access.NotFound
    return found


def _vouched(request: Asked, found: Residence) -> HttpResponse:
    try:
        row = actions.vouch_residence(actor=request.actor, residence_id=found.pk, at=request.now)
        bound = row.bound_at is not None
        messages.success(request, _("The home is proved.") if bound else _("Noted. One more colleague."))
    except access.Forbidden as refused:
        messages.error(request, str(FAULTS.get(refused.code, refused.code)))
    return redirect("grids:residences")


def _refused(request: Asked, found: Residence, form: forms.Refusal) -> bool:
    reason = members.Reason(EndReason(form.cleaned_data["reason"]), form.cleaned_data["words"])
    try:
        actions.end_residence(actor=request.actor, residence_id=found.pk, at=request.now, reason=reason)
    except members.BadReason as bad:
        form.add_error("words", str(FAULTS[bad.code]))
        return False
    told = (
        _("Taken back. The person is told why.") if found.bound_at else _("Refused. The person is told why.")
    )
    messages.success(request, told)
    return True
