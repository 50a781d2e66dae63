"""Settings for those who keep a community: its places, who serves where, what it wants."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.grids import access as doors
from linli.grids import actions, forms, queries
from linli.grids.actions.places import NameMissing, Sign
from linli.grids.rows import PlaceRow
from linli.grids.rules import wishes
from linli.grids.rules.duties import KEEPERS
from linli.grids.rules.words import Level
from linli.grids.words import FAULTS, KINDS, LEVELS, WISHES
from linli.kernel import access
from linli.people import words as people_words
from linli.people.pages.ways import Asked, language

WORKS_IN = "linli.desk"  # of a session: the community that the workbench stands in
WHO = access.roles(*KEEPERS)
SHOWN_IN_TREE = tuple(level.value for level in doors.PAGED)


def community_of(request: Asked, roles: Collection[str] = KEEPERS) -> tuple[PlaceRow, list[PlaceRow]]:
    """The community being kept now (``?community=id``, else the one the workbench stands in), and all that the actor keeps.

    :param roles: the duties in which one keeps what the page is about.
    :raises access.NotFound: one that the actor does not keep.
    """
    kept = sorted(
        queries.places(doors.communities_of(request.actor, roles)).values(), key=lambda each: each.code
    )
    wanted = request.GET.get("community", "")
    working = request.session.get(WORKS_IN)
    chosen = [each for each in kept if str(each.id) == wanted or (not wanted and each.id == working)]
    if not kept or (wanted and not chosen):
        raise access.NotFound
    return (chosen or kept)[0], kept


def served_places(request: Asked, community: PlaceRow, roles: Collection[str]) -> list[tuple[int, str]]:
    """The places of a community with a page that the actor serves in these duties, to choose from: by id and name."""
    tongue = language(request)
    names: dict[int, str] = {}
    choices = []
    for each in queries.subtree(community.path, *[level.value for level in doors.PAGED]):
        names[each.id] = each.name(tongue)
        above = names.get(each.parent_id or 0, "") if each.parent_id != community.id else ""
        if doors.serves(request.actor, each, roles):
            choices.append((each.id, f"{above} {names[each.id]}".strip()))
    return choices


@access.policy("grids.settings_places", who=WHO)
@require_safe
def places(request: Asked) -> HttpResponse:
    """The tree of places, down to the buildings."""
    community, kept = community_of(request)
    rows = queries.subtree(community.path, *SHOWN_IN_TREE)
    children: dict[int | None, list[PlaceRow]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    context = {
        "community": community,
        "kept": kept,
        "tree": _branches(children, community.id),
        "counts": _counts(rows),
        "levels": LEVELS,
        "kinds": KINDS,
        "current": "places",
    }
    return render(request, "grids/settings_places.html", context)


def _branches(children: dict[int | None, list[PlaceRow]], parent_id: int) -> list[dict[str, Any]]:
    return [
        {"row": row, "below": _branches(children, row.id), "open": row.level == Level.COMMITTEE.value}
        for row in children.get(parent_id, ())
    ]


def _counts(rows: list[PlaceRow]) -> list[tuple[Any, int]]:
    return [
        (LEVELS[level], sum(row.level == level for row in rows))
        for level in SHOWN_IN_TREE
        if level not in ("community", "committee")
    ]


@access.policy("grids.settings_place", who=WHO)
@require_http_methods(["GET", "POST"])
def place(request: Asked, place_id: int) -> HttpResponse:
    """One place: its names, its code, what lies below, who serves there."""
    row = doors.find_kept(request.actor, place_id)
    held = {
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "aliases": "\n".join(row.aliases),
        "households": row.households,
    }
    form = forms.PlaceSign(request.POST or None, initial=held)
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_place(
                actor=request.actor, place_id=place_id, sign=Sign(**form.cleaned_data), at=request.now
            )
        except NameMissing:
            form.add_error("name_zh", str(FAULTS["name_missing"]))
        else:
            messages.success(request, _("Saved."))
            return redirect("grids:settings_place", place_id)
    return _show_place(request, row, form, forms.LostCode())


def _show_place(request: Asked, row: PlaceRow, form: forms.PlaceSign, lost: forms.LostCode) -> HttpResponse:
    team = queries.grid_team(row, queries.day_of(request.now))
    context = {
        "row": row,
        "way": queries.ancestors(row, with_itself=False),
        "below": queries.children(row.id),
        "team": [(people_words.ROLES[role], duties) for role, duties in team.items()],
        "form": form,
        "lost": lost,
        "level": LEVELS[row.level],
        "kind": KINDS.get(row.kind, ""),
        "levels": LEVELS,
        "current": "places",
    }
    wrong = form.errors or lost.errors
    return render(request, "grids/settings_place.html", context, status=422 if wrong else 200)


@access.policy("grids.replace_qr", who=WHO)
@require_POST
def replace_qr(request: Asked, place_id: int) -> HttpResponse:
    """The code at the door is lost: hang another one."""
    row = doors.find_kept(request.actor, place_id)
    lost = forms.LostCode(request.POST)
    if not lost.is_valid():
        held = {"name_zh": row.name_zh, "name_en": row.name_en, "aliases": "\n".join(row.aliases)}
        return _show_place(
            request, row, forms.PlaceSign(initial={**held, "households": row.households}), lost
        )
    actions.replace_qr(
        actor=request.actor, place_id=place_id, reason=lost.cleaned_data["reason"], at=request.now
    )
    messages.success(request, _("The old code no longer works. Print the new one and hang it up."))
    return redirect("grids:settings_place", place_id)


@access.policy("grids.settings_wishes", who=WHO)
@require_http_methods(["GET", "POST"])
def community_wishes(request: Asked) -> HttpResponse:
    """What the community wants: every setting on one page; a change holds from now on."""
    community, kept = community_of(request)
    held = queries.settings(community.id, request.now)
    values = {key: row.value for key, row in held.items()}
    form = forms.Wishes(request.POST or None, initial=values, wishes=wishes.DECLARED, texts=WISHES)
    if request.method == "POST" and form.is_valid() and _set_all(request, community.id, form):
        messages.success(request, _("Saved. It holds from now on."))
        here = reverse("grids:settings_wishes")
        return HttpResponseRedirect(f"{here}?community={community.id}")
    context = {"community": community, "kept": kept, "form": form, "held": held, "current": "wishes"}
    return render(request, "grids/settings_wishes.html", context, status=422 if form.errors else 200)


def _set_all(request: Asked, community_id: int, form: forms.Wishes) -> bool:
    """Check every value before the first is written."""
    checked: dict[str, Any] = {}
    for key, value in list(form.cleaned_data.items()):
        try:
            checked[key] = wishes.checked(key, value)
        except wishes.BadWish as bad:
            form.add_error(key, str(FAULTS[bad.code]))
    if form.errors:
        return False
    actions.set_settings(actor=request.actor, community_id=community_id, values=checked, at=request.now)
    return True
