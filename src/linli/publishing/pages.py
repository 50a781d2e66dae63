"""Announcements at the desk: what stands, what comes, what is over; written, changed, taken down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.grids import queries as grids
from linli.grids.rows import PlaceRow
from linli.kernel.access import Actor, NotFound, policy, roles
from linli.people.pages.ways import Asked, language
from linli.publishing import access, actions, queries, rules, words
from linli.publishing.forms import Announce

AUTHORS = roles(*rules.AUTHORS)
PAGE = 100
USUAL = timedelta(days=14)


def _kept(actor: Actor) -> list[PlaceRow]:
    ids = {grant.community_id for grant in actor.grants if grant.role in rules.AUTHORS}
    return sorted(grids.places(ids).values(), key=lambda place: place.code)


def _community(request: Asked, kept: list[PlaceRow]) -> PlaceRow:
    chosen = request.GET.get("community", "")
    if not chosen:
        return kept[0]
    found = [place for place in kept if str(place.id) == chosen]
    if not found:
        raise NotFound
    return found[0]


def _state(request: Asked) -> rules.State:
    try:
        return rules.State(request.GET.get("state", rules.State.STANDING))
    except ValueError as error:
        raise NotFound from error


@policy("publishing.desk", who=AUTHORS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """The announcements of a community by state."""
    kept = _kept(request.actor)
    community, state, today = _community(request, kept), _state(request), grids.day_of(request.now)
    found = queries.in_state(access.visible(request.actor, community.id), state, today)
    counts = queries.counts(community.id, today)
    tongue = language(request)
    context = {
        "kept": kept,
        "community": community,
        "rows": [
            {"row": row, "place": row.place.name(tongue), "mine": access.writes(request.actor, row.place)}
            for row in queries.rows(found.order_by("-pinned", "-from_date", "-id")[:PAGE])
        ],
        "tabs": [(each.value, words.STATES[each], counts[each], each is state) for each in rules.State],
        "taken_down": state is rules.State.WITHDRAWN,
    }
    return render(request, "publishing/desk.html", context)


@policy("publishing.new", who=AUTHORS)
@require_http_methods(["GET", "POST"])
def new(request: Asked) -> HttpResponse:
    """Write another one."""
    kept = _kept(request.actor)
    community, today = _community(request, kept), grids.day_of(request.now)
    initial = {"from_date": today, "last_date": today + USUAL}
    form = Announce(request.POST or None, places=_places(request, community), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.publish(
                actor=request.actor,
                place_id=form.cleaned_data["place"],
                draft=form.draft(),
                key=form.cleaned_data["key"] or uuid4(),
                at=request.now,
            )
        except actions.Refused as refused:
            _told(form, refused)
        else:
            messages.success(request, _("Published."))
            state = "coming" if form.cleaned_data["from_date"] > today else "standing"
            return redirect(f"/desk/announcements/?community={community.id}&state={state}")
    context = {"form": form, "kept": kept, "community": community}
    return render(request, "publishing/new.html", context, status=422 if form.errors else 200)


def _places(request: Asked, community: PlaceRow) -> list[tuple[int, str]]:
    levels = [level.value for level in access.LEVELS]
    tongue = language(request)
    names: dict[int, str] = {}
    choices = []
    for place in grids.subtree(community.path, *levels):
        names[place.id] = place.name(tongue)
        above = names.get(place.parent_id or 0, "") if place.parent_id != community.id else ""
        if access.writes(request.actor, place):
            choices.append((place.id, f"{above} {names[place.id]}".strip()))
    return choices


def _told(form: Announce, refused: actions.Refused) -> None:
    for fault in refused.faults:
        form.add_error(fault.field, str(words.FAULTS[fault.code]))


@policy("publishing.announcement", who=AUTHORS)
@require_http_methods(["GET", "POST"])
def announcement(request: Asked, announcement_id: int) -> HttpResponse:
    """One of them: change it while it is not taken down."""
    found = access.find(request.actor, announcement_id)
    today = grids.day_of(request.now)
    state = rules.state(
        from_date=found.from_date,
        last_date=found.last_date,
        withdrawn=found.withdrawn_at is not None,
        today=today,
    )
    initial: dict[str, Any] = {name: getattr(found, name) for name in rules.Draft.__dataclass_fields__}
    form = Announce(request.POST or None, initial={**initial, "version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(
                actor=request.actor,
                announcement_id=found.pk,
                draft=form.draft(),
                version=form.cleaned_data["version"] or 0,
                at=request.now,
            )
        except actions.Refused as refused:
            _told(form, refused)
        except actions.Outdated:
            form.add_error(
                None, _("Somebody else changed it in the meantime. Look at it again before you save.")
            )
        else:
            messages.success(request, _("Saved."))
            return redirect("publishing:announcement", found.pk)
    row = queries.rows(access.visible(request.actor, found.community_id).filter(pk=found.pk))[0]
    context = {
        "form": form,
        "row": row,
        "community": grids.place(found.community_id),
        "place": row.place.name(language(request)),
        "state": words.STATES[state],
        "withdrawn": state is rules.State.WITHDRAWN,
        "readable": state in (rules.State.STANDING, rules.State.PAST),
    }
    return render(request, "publishing/announcement.html", context, status=422 if form.errors else 200)


@policy("publishing.withdraw", who=AUTHORS)
@require_POST
def withdraw(request: Asked, announcement_id: int) -> HttpResponse:
    """Take it down."""
    row = actions.withdraw(actor=request.actor, announcement_id=announcement_id, at=request.now)
    messages.success(request, _("Taken down. Nobody reads it any more; it stays in the history."))
    return redirect(f"/desk/announcements/?community={row.community_id}")
