"""The directory of groups at the desk: which there are, how many they reach; opened, described, counted, closed."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.grids import queries as grids
from linli.grids.rows import PlaceRow
from linli.groups import access, actions, queries, rules, words
from linli.groups.forms import CountHeads, Describe
from linli.kernel.access import NotFound, policy, roles
from linli.people.pages.ways import Asked, language

KEEPERS = roles(*rules.KEEPERS)
COUNTS = 50


def _kept(request: Asked) -> tuple[list[PlaceRow], PlaceRow]:
    """The communities whose groups the actor keeps, and the one this page is about."""
    ids = {grant.community_id for grant in request.actor.grants if grant.role in rules.KEEPERS}
    kept = sorted(grids.places(ids).values(), key=lambda place: place.code)
    chosen = request.GET.get("community", str(kept[0].id))
    found = [place for place in kept if str(place.id) == chosen]
    if not found:
        raise NotFound
    return kept, found[0]


def _percent(share: float | None) -> int | None:
    return None if share is None else round(share * 100)


@policy("groups.desk", who=KEEPERS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """All groups of a community, and how many households they reach."""
    kept, community = _kept(request)
    tongue = language(request)
    groups = queries.in_community(community.id)
    context = {
        "kept": kept,
        "community": community,
        "rows": [
            {
                "row": row,
                "place": row.place.name(tongue),
                "kind": words.KINDS[rules.Kind(row.kind)],
                "percent": _percent(row.share),
                "mine": access.keeps(request.actor, row.place),
            }
            for row in groups
        ],
        "coverage": [
            {"place": place.name(tongue), "reach": reach, "percent": _percent(reach.share)}
            for place, reach in queries.coverage(community, groups)
        ],
    }
    return render(request, "groups/desk.html", context)


@policy("groups.new", who=KEEPERS)
@require_http_methods(["GET", "POST"])
def new(request: Asked) -> HttpResponse:
    """Put another one into the directory."""
    kept, community = _kept(request)
    form = Describe(
        request.POST or None, places=_places(request, community), owners=_owners(request, community.id)
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_group(
                actor=request.actor,
                place_id=form.cleaned_data["place"],
                sign=form.sign(),
                key=form.cleaned_data["key"] or uuid4(),
                at=request.now,
            )
        except actions.Refused as refused:
            _told(form, refused)
        else:
            messages.success(request, pgettext("chat group", "Saved. Now count who is in it."))
            return redirect("groups:group", made.pk)
    context = {"form": form, "kept": kept, "community": community}
    return render(request, "groups/new.html", context, status=422 if form.errors else 200)


def _places(request: Asked, community: PlaceRow) -> list[tuple[int, str]]:
    tongue = language(request)
    names: dict[int, str] = {}
    choices = []
    for place in grids.subtree(community.path, *[level.value for level in access.LEVELS]):
        names[place.id] = place.name(tongue)
        above = names.get(place.parent_id or 0, "") if place.parent_id != community.id else ""
        if access.keeps(request.actor, place):
            choices.append((place.id, f"{above} {names[place.id]}".strip()))
    return choices


def _owners(request: Asked, community_id: int) -> list[tuple[int, str]]:
    tongue = language(request)
    named: dict[int, str] = {}
    for duty in grids.duties(community_id, grids.day_of(request.now)):
        named.setdefault(duty.account_id, f"{duty.person} · {duty.place.name(tongue)}")
    return sorted(named.items(), key=lambda each: each[1])


def _told(form: Form, refused: actions.Refused) -> None:
    for fault in refused.faults:
        form.add_error(fault.field, str(words.FAULTS[fault.code]))


@policy("groups.group", who=KEEPERS)
@require_http_methods(["GET", "POST"])
def group(request: Asked, group_id: int) -> HttpResponse:
    """One of them: its counts, and two forms: count again, describe anew."""
    found, place = access.find(request.actor, group_id)
    counting = request.POST.get("form") == "count"
    initial: dict[str, Any] = {name: getattr(found, name) for name in rules.Sign.__dataclass_fields__}
    initial |= {"owner": found.owner_id, "version": found.version}
    owners = _owners(request, found.community_id)
    describe = Describe(
        request.POST if request.POST and not counting else None, owners=owners, initial=initial
    )
    count = CountHeads(
        request.POST if counting else None, initial={"counted_date": grids.day_of(request.now)}
    )
    if request.method == "POST":
        done = _counted(request, found.pk, count) if counting else _described(request, found.pk, describe)
        if done:
            messages.success(request, _("Saved."))
            return redirect("groups:group", found.pk)
    rows = queries.counts(found.pk, most=COUNTS)
    context = {
        "group": found,
        "community": grids.place(found.community_id),
        "place": place.name(language(request)),
        "kind": words.KINDS[rules.Kind(found.kind)],
        "describe": describe,
        "count": count,
        "rows": [
            {
                "row": row,
                "evidence": words.EVIDENCE[rules.Evidence(row.evidence)],
                "percent": _percent(rules.Reach(row.households, place.households).share),
            }
            for row in rows
        ],
    }
    wrong = describe.errors or count.errors
    return render(request, "groups/group.html", context, status=422 if wrong else 200)


def _counted(request: Asked, group_id: int, form: CountHeads) -> bool:
    if not form.is_valid():
        return False
    try:
        actions.count_heads(
            actor=request.actor,
            group_id=group_id,
            count=form.count(),
            key=form.cleaned_data["key"] or uuid4(),
            at=request.now,
        )
    except actions.Refused as refused:
        _told(form, refused)
    return not form.errors


def _described(request: Asked, group_id: int, form: Describe) -> bool:
    if not form.is_valid():
        return False
    try:
        actions.change_group(
            actor=request.actor,
            group_id=group_id,
            sign=form.sign(),
            version=form.cleaned_data["version"] or 0,
            at=request.now,
        )
    except actions.Refused as refused:
        _told(form, refused)
    except actions.Outdated:
        form.add_error(None, _("Somebody else changed it in the meantime. Look at it again before you save."))
    return not form.errors


@policy("groups.close", who=KEEPERS)
@require_POST
def close(request: Asked, group_id: int) -> HttpResponse:
    """It is no more."""
    row = actions.close_group(actor=request.actor, group_id=group_id, at=request.now)
    messages.success(request, pgettext("chat group", "Closed. Its counts stay in the history."))
    return redirect(f"/desk/groups/?community={row.community_id}")
