"""Announcements at the desk: what stands, what comes, what is over; written, changed, taken down."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.grids import queries as grids
from linli.grids.pages.settings import community_of, served_places
from linli.grids.rows import PlaceRow
from linli.kernel.access import Actor, NotFound, policy, roles
from linli.kernel.media.sending import stream
from linli.kernel.refusals import Outdated, Refused
from linli.people.pages.ways import Asked, language
from linli.publishing import access, actions, files, ports, queries, rules, words, writing
from linli.publishing.forms import Announce, TakeDown

AUTHORS = roles(*rules.AUTHORS)
PAGE = 100
USUAL = timedelta(days=14)


def _state(request: Asked) -> rules.State:
    try:
        return rules.State(request.GET.get("state", rules.State.STANDING))
    except ValueError as error:
        raise NotFound from error


@policy("publishing.desk", who=AUTHORS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """The announcements of a community by state."""
    community, kept = community_of(request, rules.AUTHORS)
    state, today = _state(request), grids.day_of(request.now)
    found = queries.in_state(access.visible(request.actor, community.id), state, today)
    counts = queries.counts(community.id, today)
    tongue = language(request)
    context = {
        "kept": kept,
        "community": community,
        "rows": [
            {
                "row": row,
                "title": row.title(tongue),
                "place": row.place.name(tongue),
                "mine": access.writes(request.actor, row.place),
            }
            for row in queries.rows(found.order_by("-pinned", "-from_date", "-id")[:PAGE])
        ],
        "states": [(each.value, words.STATES[each], counts[each], each is state) for each in rules.State],
        "taken_down": state is rules.State.WITHDRAWN,
    }
    return render(request, "publishing/desk.html", context)


@policy("publishing.new", who=AUTHORS)
@require_http_methods(["GET", "POST"])
def new(request: Asked) -> HttpResponse:
    """Write another one; where people are to be told, how many is asked first."""
    community, kept = community_of(request, rules.AUTHORS)
    today = grids.day_of(request.now)
    initial = {"from_date": today, "last_date": today + USUAL}
    form = Announce(
        request.POST or None,
        places=served_places(request, community, rules.AUTHORS),
        urgent=_may_be_urgent(request.actor),
        initial=initial,
    )
    held = writing.held(request, community.id)
    asked = None
    if request.method == "POST" and form.is_valid() and not held.turned:
        try:
            place = actions.check(
                actor=request.actor,
                place_id=form.cleaned_data["place"],
                draft=form.draft(),
                tell=form.telling(),
            )
            asked = writing.question(request, place, form.telling())
            if asked is None:
                return _published(request, form, held, place)
        except Refused as refused:
            _told(form, refused)
    context = {"form": form, "kept": kept, "community": community, "held": held, "asked": asked}
    wrong = form.errors or held.turned
    return render(request, "publishing/new.html", context, status=422 if wrong else 200)


def _published(request: Asked, form: Announce, held: writing.Held, place: PlaceRow) -> HttpResponse:
    row = actions.publish(
        actor=request.actor,
        place_id=place.id,
        draft=form.draft(),
        key=form.cleaned_data["key"] or uuid4(),
        at=request.now,
        tell=form.telling(),
        tickets=held.tickets,
    )
    messages.success(request, _("Published."))
    if row.tell:
        return redirect("publishing:announcement", row.pk)
    state = "coming" if row.from_date > grids.day_of(request.now) else "standing"
    return redirect(f"/desk/announcements/?community={place.community_id}&state={state}")


def _may_be_urgent(actor: Actor) -> bool:
    return any(grant.role in rules.URGENT_AUTHORS for grant in actor.grants)


def _told(form: Announce, refused: Refused) -> None:
    for wrong in refused.wrongs:
        form.add_error(wrong.field, str(words.FAULTS[wrong.code]))


@policy("publishing.announcement", who=AUTHORS)
@require_http_methods(["GET", "POST"])
def announcement(request: Asked, announcement_id: int) -> HttpResponse:
    """One of them: change it while it is not taken down; how people were told of it."""
    found = access.find(request.actor, announcement_id)
    told = actions.told(found)
    initial: dict[str, Any] = {name: getattr(found, name) for name in rules.Draft.__dataclass_fields__}
    initial |= {"version": found.version, "tell": found.tell}
    form = Announce(request.POST or None, told=told, urgent=_may_be_urgent(request.actor), initial=initial)
    held = writing.held(request, found.community_id, files.of([found.pk]).get(found.pk, []))
    asked = None
    if request.method == "POST" and form.is_valid() and not held.turned:
        tell = rules.Tell(found.tell) if form.once_more() else form.telling()
        try:
            place = actions.check(
                actor=request.actor, place_id=found.place_id, draft=form.draft(), tell=form.telling()
            )
            new_choice = told or tell.value != found.tell
            asked = writing.question(request, place, tell, again=told) if new_choice else None
            if asked is None and _changed(request, form, held, found.pk):
                return redirect("publishing:announcement", found.pk)
        except Refused as refused:
            _told(form, refused)
    context = _shown(request, found.community_id, found.pk)
    context |= {"form": form, "held": held, "asked": asked, "told": told}
    wrong = form.errors or held.turned
    return render(request, "publishing/announcement.html", context, status=422 if wrong else 200)


def _changed(request: Asked, form: Announce, held: writing.Held, announcement_id: int) -> bool:
    try:
        actions.change(
            actor=request.actor,
            announcement_id=announcement_id,
            draft=form.draft(),
            version=form.cleaned_data["version"] or 0,
            at=request.now,
            tell=form.telling() if "tell" in form.fields else None,
            again=form.once_more(),
            tickets=held.tickets,
        )
    except Outdated:
        form.add_error(None, _("Somebody else changed it in the meantime. Look at it again before you save."))
        return False
    messages.success(request, _("Saved."))
    return True


def _shown(request: Asked, community_id: int, announcement_id: int) -> dict[str, Any]:
    mine = access.visible(request.actor, community_id).filter(pk=announcement_id)
    row = queries.rows(mine, with_files=True)[0]
    state = rules.state(
        from_date=row.from_date,
        last_date=row.last_date,
        withdrawn=row.withdrawn,
        today=grids.day_of(request.now),
    )
    return {
        "row": row,
        "community": grids.place(community_id),
        "place": row.place.name(language(request)),
        "state": words.STATES[state],
        "withdrawn": row.withdrawn,
        "readable": state in (rules.State.STANDING, rules.State.PAST),
        "tell": words.TELL[row.tell],
        "mailed": [(words.ABOUT[one.about], one) for one in ports.mailed(community_id, row.id)],
        "then": [TakeDown(auto_id="take-%s")["tell"]],
    }


@policy("publishing.withdraw", who=AUTHORS)
@require_POST
def withdraw(request: Asked, announcement_id: int) -> HttpResponse:
    """Take it down; who was told of it hears so where its author wants it."""
    row = actions.withdraw(
        actor=request.actor,
        announcement_id=announcement_id,
        at=request.now,
        tell=bool(request.POST.get("tell")),
    )
    messages.success(request, _("Taken down. Nobody reads it any more; it stays in the history."))
    return redirect(f"/desk/announcements/?community={row.community_id}")


@policy("publishing.file", who=AUTHORS)
@require_safe
def file(request: Asked, ticket: UUID) -> HttpResponseBase:
    """A file of an announcement, for those who write them."""
    found = files.find(request.actor, ticket)
    return stream(request, found.path, f"{found.kind}-{found.pk}")


@policy("publishing.thumb", who=AUTHORS)
@require_safe
def thumb(request: Asked, ticket: UUID) -> HttpResponseBase:
    """The small picture of a picture, for those who write announcements."""
    found = files.find(request.actor, ticket)
    if not found.thumb_path:
        raise NotFound
    return stream(request, found.thumb_path, f"{found.kind}-{found.pk}-small")
