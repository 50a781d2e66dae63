"""Settings: who serves where, as what, for whom, until when."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.grids import access as doors
from linli.grids import actions, forms, queries
from linli.grids.actions.duties import BadDuty, DutyHeld, Term
from linli.grids.pages.settings import WHO, community_of
from linli.grids.rows import DutyRow, PlaceRow
from linli.grids.rules import duties as rules
from linli.grids.rules.words import Level, Role
from linli.grids.words import FAULTS, LEVELS
from linli.kernel import access
from linli.people import queries as people
from linli.people import words as people_words
from linli.people.actions import accounts
from linli.people.pages.ways import Asked, language

PLACES = tuple(
    level.value for level in (Level.COMMUNITY, Level.COMMITTEE, Level.GRID, Level.COURTYARD, Level.BUILDING)
)
#: Which field of the form a fault belongs to.
FIELD_OF = {
    "role_not_at_this_level": "place",
    "organisation_missing": "organisation",
    "organisation_elsewhere": "organisation",
    "ends_before_it_begins": "until_date",
    "unknown_role": "role",
    "admins_only": "role",
}


@access.policy("grids.duties", who=WHO)
@require_http_methods(["GET", "POST"])
def duties(request: Asked) -> HttpResponse:
    """Who serves in the community today, and a form for another duty."""
    community, kept = community_of(request)
    places = queries.subtree(community.path, *PLACES)
    form = _form(request, community, places)
    if request.method == "POST" and form.is_valid() and _grant(request, form):
        messages.success(request, _("Saved. The duty holds from its first day."))
        return HttpResponseRedirect(f"{reverse('grids:duties')}?community={community.id}")
    every = request.GET.get("show") == "all"
    found = queries.duties(community.id, None if every else queries.day_of(request.now))
    names = people.names({duty.account_id for duty in found})
    context = {
        "community": community,
        "kept": kept,
        "form": form,
        "rows": [_row(request, duty, names) for duty in _wanted(request, found)],
        "roles": [(role.value, people_words.ROLES[role.value]) for role in Role],
        "every": every,
        "total": len(found),
        "current": "duties",
    }
    return render(request, "grids/duties.html", context, status=422 if form.errors else 200)


def _wanted(request: Asked, found: list[DutyRow]) -> list[DutyRow]:
    role = request.GET.get("role", "")
    return [duty for duty in found if not role or duty.role == role]


def _row(request: Asked, duty: DutyRow, names: dict[int, str]) -> dict[str, Any]:
    tongue, today = language(request), queries.day_of(request.now)
    return {
        "duty": duty,
        "name": names.get(duty.account_id) or duty.person,
        "role": people_words.ROLES[duty.role],
        "place": duty.place.name(tongue),
        "level": LEVELS[duty.place.level],
        "organisation": duty.organisation(tongue),
        "ended": duty.until_date is not None and duty.until_date <= today,
        "may_end": rules.may_grant(request.actor.roles(duty.place.community_id), Role(duty.role)),
    }


def _form(request: Asked, community: PlaceRow, places: list[PlaceRow]) -> forms.NewDuty:
    tongue, own = language(request), request.actor.roles(community.id)
    roles = [role.value for role in Role if role is not Role.RESIDENT and rules.may_grant(own, role)]
    bodies = people.organisations([community.id])
    return forms.NewDuty(
        request.POST or None,
        initial={"from_date": queries.day_of(request.now), "place": community.id},
        roles=roles,
        places=_grouped(places, tongue),
        bodies=[
            (body.pk, body.name_en if tongue == "en" and body.name_en else body.name_zh) for body in bodies
        ],
    )


def _grouped(places: list[PlaceRow], tongue: str) -> list[tuple[Any, Any]]:
    """The places of a select: the upper ones first, then each grid with what stands in it."""
    top = [each for each in places if each.level in ("community", "committee")]
    grids = [each for each in places if each.level == Level.GRID.value]
    groups: list[tuple[Any, Any]] = [(each.id, each.name(tongue)) for each in [*top, *grids]]
    for grid in grids:
        inside = [
            (each.id, f"{LEVELS[each.level]} {each.name(tongue)}")
            for each in places
            if each.path.startswith(grid.path) and each.id != grid.id
        ]
        if inside:
            groups.append((grid.name(tongue), inside))
    return groups


def _grant(request: Asked, form: forms.NewDuty) -> bool:
    given = form.cleaned_data
    account_id = _account(request, form)
    if account_id is None:
        return False
    try:
        actions.grant_duty(
            actor=request.actor,
            account_id=account_id,
            role=given["role"],
            place_id=given["place"],
            organisation_id=given["organisation"],
            title=given["title"],
            term=Term(given["from_date"], given["until_date"]),
            at=request.now,
        )
    except (BadDuty, access.Forbidden) as refused:
        form.add_error(FIELD_OF.get(refused.code), str(FAULTS.get(refused.code, refused.code)))
    except DutyHeld:
        form.add_error(None, str(FAULTS["held_already"]))
    return not form.errors


def _account(request: Asked, form: forms.NewDuty) -> int | None:
    """The account of the phone; opened now if the person's name is given."""
    given = form.cleaned_data
    found = people.account_by_phone(given["phone"])
    if found is not None:
        return found.pk
    if not given["name"]:
        form.add_error("name", str(FAULTS["no_such_person"]))
        return None
    profile = accounts.Profile(given["name"], language="zh-hans", elder=False)
    return accounts.open_account(
        actor=request.actor, phone=given["phone"], profile=profile, at=request.now
    ).pk


@access.policy("grids.end_duty", who=WHO)
@require_POST
def end_duty(request: Asked, duty_id: int) -> HttpResponse:
    """End a duty today."""
    community_id = doors.find_duty(request.actor, duty_id).community_id
    try:
        actions.end_duty(actor=request.actor, duty_id=duty_id, at=request.now)
    except access.Forbidden as refused:
        messages.error(request, str(FAULTS.get(refused.code, refused.code)))
    else:
        messages.success(request, _("Ended. From now on it opens no door."))
    return HttpResponseRedirect(f"{reverse('grids:duties')}?community={community_id}")
