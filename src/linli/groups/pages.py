"""The directory of groups at the desk: which there are, how many they reach; opened, described, counted, closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.faces.words_media import told
from linli.grids import queries as grids
from linli.grids.access import PAGED
from linli.grids.pages.settings import community_of, served_places
from linli.grids.rows import PlaceRow
from linli.groups import access, actions, files, queries, rules, words
from linli.groups.forms import CountHeads, Describe, ShowCode
from linli.kernel.access import NotFound, policy, roles
from linli.kernel.media.kept import Turned
from linli.kernel.media.sending import stream
from linli.kernel.refusals import Outdated, Refused
from linli.people.pages.ways import Asked, language

KEEPERS = roles(*rules.KEEPERS)
COUNTS = 50
MOST_STORED = rules.PROOFS_MOST + 1  # one too many is enough to be refused


def _percent(share: float | None) -> int | None:
    return None if share is None else round(share * 100)


@policy("groups.desk", who=KEEPERS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """All groups of a community, and how many households they reach."""
    community, kept = community_of(request, rules.KEEPERS)
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
            {"id": place.id, "place": place.name(tongue), "reach": reach, "percent": _percent(reach.share)}
            for place, reach in queries.coverage(community, groups)
        ],
    }
    return render(request, "groups/desk.html", context)


@policy("groups.coverage", who=KEEPERS)
@require_safe
def coverage(request: Asked, place_id: int) -> HttpResponse:
    """How the coverage of one place came about, down to the groups and the counts behind it."""
    place = grids.place(place_id)
    ids = {grant.community_id for grant in request.actor.grants if grant.role in rules.KEEPERS}
    if place is None or place.community_id not in ids:
        raise NotFound
    tongue = language(request)
    community = grids.places([place.community_id])[place.community_id]
    shown = queries.explained(community, place, queries.in_community(community.id))
    above = [each for each in grids.ancestors(place) if each.level in PAGED and each.id != place.id]
    context = {
        "community": community,
        "place": place.name(tongue),
        "above": [(each.id, each.name(tongue)) for each in above],
        "made": shown.made,
        "percent": _percent(shown.made.reach.share),
        "groups": [(row, access.keeps(request.actor, row.place)) for row in shown.groups],
        "parts": [
            {"id": part.id, "place": part.name(tongue), "reach": reach, "percent": _percent(reach.share)}
            for part, reach in shown.parts
        ],
    }
    return render(request, "groups/coverage.html", context)


@policy("groups.new", who=KEEPERS)
@require_http_methods(["GET", "POST"])
def new(request: Asked) -> HttpResponse:
    """Put another one into the directory."""
    community, kept = community_of(request, rules.KEEPERS)
    form = Describe(
        request.POST or None,
        places=served_places(request, community, rules.KEEPERS),
        owners=_owners(request, community.id),
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
        except Refused as refused:
            _told(form, refused)
        else:
            messages.success(request, pgettext("chat group", "Saved. Now count who is in it."))
            return redirect("groups:group", made.pk)
    context = {"form": form, "kept": kept, "community": community}
    return render(request, "groups/new.html", context, status=422 if form.errors else 200)


def _owners(request: Asked, community_id: int) -> list[tuple[int, str]]:
    tongue = language(request)
    named: dict[int, str] = {}
    for duty in grids.duties(community_id, grids.day_of(request.now)):
        named.setdefault(duty.account_id, f"{duty.person} · {duty.place.name(tongue)}")
    return sorted(named.items(), key=lambda each: each[1])


def _told(form: Form, refused: Refused) -> None:
    for wrong in refused.wrongs:
        form.add_error(wrong.field, str(words.FAULTS[wrong.code]))


@policy("groups.group", who=KEEPERS)
@require_http_methods(["GET", "POST"])
def group(request: Asked, group_id: int) -> HttpResponse:
    """One of them: its code, its counts, and three forms: another code, count again, describe anew."""
    found, place = access.find(request.actor, group_id)
    today = grids.day_of(request.now)
    which = request.POST.get("form", "describe") if request.method == "POST" else ""
    initial: dict[str, Any] = {name: getattr(found, name) for name in rules.Sign.__dataclass_fields__}
    initial |= {"owner": found.owner_id, "version": found.version}
    owners = _owners(request, found.community_id)
    describe = Describe(request.POST if which == "describe" else None, owners=owners, initial=initial)
    sent = request.FILES
    count = CountHeads(
        *((request.POST, sent) if which == "count" else (None,)), initial={"counted_date": today}
    )
    last = today + min(rules.code_lasts(found.platform), rules.CODE_LASTS[rules.Platform.WECHAT])
    code = ShowCode(*((request.POST, sent) if which == "code" else (None,)), initial={"last_date": last})
    doing: dict[str, tuple[Form, Callable[[], object]]] = {
        "count": (count, lambda: _count(request, found.pk, count)),
        "code": (code, lambda: _show(request, found.pk, code)),
        "describe": (describe, lambda: _describe(request, found.pk, describe)),
    }
    if which in doing and _done(*doing[which]):
        messages.success(request, _("Saved."))
        return redirect("groups:group", found.pk)
    context = {
        "group": found,
        "community": grids.place(found.community_id),
        "place": place.name(language(request)),
        "kind": words.KINDS[rules.Kind(found.kind)],
        "describe": describe,
        "count": count,
        "code": code,
        "shown": queries.code_of(found.pk),
        "today": today,
        "rows": _rows(found.pk, place),
    }
    wrong = any(form.errors for form, _act in doing.values())
    return render(request, "groups/group.html", context, status=422 if wrong else 200)


def _rows(group_id: int, place: PlaceRow) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "evidence": words.EVIDENCE[rules.Evidence(row.evidence)],
            "percent": _percent(rules.Reach(row.households, place.households).share),
        }
        for row in queries.counts(group_id, most=COUNTS)
    ]


def _done(form: Form, act: Callable[[], object]) -> bool:
    """Whether what a form asks for was done; what is wrong stands in the form."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refused as refused:
        _told(form, refused)
    except Turned as why:
        field = "pictures" if "pictures" in form.fields else "picture"
        form.add_error(field, told(why.code, limit=why.limit, sent=why.sent))
    except Outdated:
        form.add_error(None, _("Somebody else changed it in the meantime. Look at it again before you save."))
    return not form.errors


def _count(request: Asked, group_id: int, form: CountHeads) -> None:
    actions.count_heads(
        actor=request.actor,
        group_id=group_id,
        count=form.count(),
        key=form.cleaned_data["key"] or uuid4(),
        at=request.now,
        pictures=[files.store(request.actor, one) for one in form.cleaned_data["pictures"][:MOST_STORED]],
    )


def _show(request: Asked, group_id: int, form: ShowCode) -> None:
    given = form.cleaned_data["picture"]
    actions.set_code(
        actor=request.actor,
        group_id=group_id,
        code=form.code(),
        at=request.now,
        picture=files.store(request.actor, given) if given else None,
    )


def _describe(request: Asked, group_id: int, form: Describe) -> None:
    actions.change_group(
        actor=request.actor,
        group_id=group_id,
        sign=form.sign(),
        version=form.cleaned_data["version"] or 0,
        at=request.now,
    )


@policy("groups.drop_code", who=KEEPERS)
@require_POST
def drop_code(request: Asked, group_id: int) -> HttpResponse:
    """Show no code any more."""
    actions.drop_code(actor=request.actor, group_id=group_id, at=request.now)
    messages.success(request, pgettext("chat group", "The code is no longer shown."))
    return redirect("groups:group", group_id)


@policy("groups.picture", who=KEEPERS)
@require_safe
def picture(request: Asked, ticket: UUID) -> HttpResponseBase:
    """A picture of a group, for those who keep it."""
    found = files.find(request.actor, ticket)
    return stream(request, found.path, f"group-{found.pk}")


@policy("groups.thumb", who=KEEPERS)
@require_safe
def thumb(request: Asked, ticket: UUID) -> HttpResponseBase:
    """The small one."""
    found = files.find(request.actor, ticket)
    return stream(request, found.thumb_path or found.path, f"group-{found.pk}-small")


@policy("groups.close", who=KEEPERS)
@require_POST
def close(request: Asked, group_id: int) -> HttpResponse:
    """It is no more."""
    row = actions.close_group(actor=request.actor, group_id=group_id, at=request.now)
    messages.success(request, pgettext("chat group", "Closed. Its counts stay in the history."))
    return redirect(f"/desk/groups/?community={row.community_id}")
