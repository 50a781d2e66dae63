"""Settings of telling people: which kinds, by which roads, in which words; the robots of groups of colleagues."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings as house
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases.pages import desk_frame, settings
from linli.cases.pages.desk_frame import Frame
from linli.cases.rules.intake import Refused
from linli.faces import languages
from linli.kernel.access import NotFound, policy
from linli.kernel.text import whole
from linli.notices import ports, samples, words
from linli.notices.actions import deciding
from linli.notices.actions.deciding import PARTS, NewRobot, Words
from linli.notices.queries import choices, robots
from linli.notices.rules import kinds, wording
from linli.notices.rules.kinds import KINDS, PERSON_ROADS, ROBOT_ROADS, Group, Kind, Text
from linli.people.pages.ways import Asked

CURRENT = "notices:settings"


@policy("notices.settings", who=settings.KEEPERS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """The kinds by group, the roads that are open, the robots."""
    made = desk_frame.keeper_frame(request)
    by_group = [
        {
            "words": words.label(words.GROUPS, group.value),
            "kinds": [_kind_row(made, kind) for kind in kinds.chosen() if kind.group is group],
        }
        for group in Group
    ]
    context = {
        "by_group": by_group,
        "roads": [_road_row(road) for road in PERSON_ROADS],
        "robots": [_robot_row(made, one) for one in robots.standing(made.community_id)],
        "hours": choices.hours(made.community_id, request.now),
        "digest_hour": choices.digest_hour(made.community_id, request.now),
    }
    return settings.show(made, "notices/settings.html", CURRENT, context)


def _kind_row(made: Frame, kind: Kind) -> dict[str, Any]:
    chosen = choices.roads_of(made.community_id, kind.code)
    roads = chosen if chosen is not None else kind.roads + (ROBOT_ROADS if kind.robots else ())
    return {
        "code": kind.code,
        "words": words.label(words.KINDS, kind.code),
        "urgency": words.label(words.URGENCIES, kind.urgency.value),
        "on": choices.told_at_all(made.community_id, kind.code),
        "roads": [words.label(words.ROADS, road) for road in roads],
        "own": any(choices.own_text(made.community_id, kind.code, one.code) for one in languages.spoken()),
        "url": reverse("notices:settings_kind", args=[kind.code]),
    }


def _road_row(road: str) -> dict[str, Any]:
    return {"code": road, "words": words.label(words.ROADS, road), "open": ports.carrier(road) is not None}


def _robot_row(made: Frame, one: Any) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "road": words.label(words.ROADS, one.road),
        "body": made.body_name(one.organisation_id) if one.organisation_id else _("The community's own room"),
        "address": robots.masked(one.address),
        "signed": bool(one.secret),
        "groups": [words.label(words.GROUPS, group) for group in one.groups],
        "made_at": one.made_at,
    }


# -- one kind ----------------------------------------------------------------------------------------------------------


@policy("notices.settings_kind", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def kind(request: Asked, code: str) -> HttpResponse:
    """One kind: told or not, roads, and its words in both languages with a preview."""
    made = desk_frame.keeper_frame(request)
    if code not in KINDS or code in kinds.INNER:
        raise NotFound
    known = KINDS[code]
    if request.method == "POST" and "words" in request.POST:
        return _words_given(request, made, known)
    if request.method == "POST":
        try:
            deciding.choose_roads(
                actor=request.actor,
                community_id=made.community_id,
                kind=code,
                on=request.POST.get("on") == "on",
                roads=request.POST.getlist("roads"),
                at=request.now,
            )
        except Refused as refused:
            messages.error(request, words.wrong(refused.wrongs[0].code))
        else:
            messages.success(request, _("Saved."))
        return redirect("notices:settings_kind", code)
    return _show_kind(request, made, known)


def _words_given(request: Asked, made: Frame, known: Kind) -> HttpResponse:
    """Words sent: looked at first, kept when asked to."""
    language = request.POST.get("language", "")
    if not languages.is_spoken(language):
        raise NotFound
    given = {part: request.POST.get(part, "")[:4000] for part in PARTS}
    shipped = asdict(choices.shipped_text(known.code, language))
    if request.POST["words"] == "shipped":
        given = dict.fromkeys(PARTS, "")
    own = {
        part: "" if said.replace("\r\n", "\n").strip() == shipped[part] else said
        for part, said in given.items()
    }
    if request.POST["words"] == "look":
        wrongs = deciding.wrongs_of(known, Words(**own))
        said = {one.field: words.wrong(one.code, one.limit) for one in wrongs}
        return _show_kind(request, made, known, looked=(language, given, said), status=422 if said else 200)
    try:
        deciding.set_words(
            actor=request.actor,
            community_id=made.community_id,
            kind=known.code,
            language=language,
            words=Words(**own),
            at=request.now,
        )
    except Refused as refused:
        said = {one.field: words.wrong(one.code, one.limit) for one in refused.wrongs}
        return _show_kind(request, made, known, looked=(language, given, said), status=422)
    messages.success(request, _("From now on it is said like this."))
    return redirect("notices:settings_kind", known.code)


def _show_kind(
    request: Asked,
    made: Frame,
    known: Kind,
    *,
    looked: tuple[str, dict[str, str], dict[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    chosen = choices.roads_of(made.community_id, known.code)
    on = chosen if chosen is not None else known.roads + (ROBOT_ROADS if known.robots else ())
    context = {
        "kind": known,
        "row": _kind_row(made, known),
        "fixed": known.group in kinds.FIXED,
        "boxes": [
            {"value": road, "words": words.label(words.ROADS, road), "on": road in on}
            for road in known.possible_roads
        ],
        "tongues": [_tongue(request, made, known, one.code, looked) for one in languages.spoken()],
        "names": [(f"{{{name}}}", words.label(words.NAMES, name)) for name in (*known.names, "link")],
    }
    return settings.show(made, "notices/settings_kind.html", CURRENT, context, status=status)


def _tongue(
    request: Asked,
    made: Frame,
    known: Kind,
    language: str,
    looked: tuple[str, dict[str, str], dict[str, str]] | None,
) -> dict[str, Any]:
    held = asdict(choices.text(made.community_id, known.code, language))
    wrongs: dict[str, str] = {}
    if looked is not None and looked[0] == language:
        held, wrongs = {**held, **looked[1]}, looked[2]
    text = Text(**held)
    values = samples.sample(known, made.community_id, language, request.now)
    return {
        "code": language,
        "name": dict(languages.choices())[language],
        "own": choices.own_text(made.community_id, known.code, language) is not None,
        "parts": [
            {
                "name": part,
                "words": words.label(words.PARTS, part),
                "value": held[part],
                "error": wrongs.get(part, ""),
                "sample": wording.filled(held[part], values),
                "most": wording.LONGEST[part],
            }
            for part in PARTS
            if getattr(text, part) or _speaks(known, part)
        ],
    }


def _speaks(known: Kind, part: str) -> bool:
    """Whether a kind is said at all in this form."""
    if part == "group":
        return known.robots
    return part != "short" or "sms" in known.possible_roads


# -- robots ------------------------------------------------------------------------------------------------------------


@policy("notices.robot_new", who=settings.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def robot_new(request: Asked) -> HttpResponse:
    """A robot for a group of colleagues."""
    made = desk_frame.keeper_frame(request)
    wrongs: dict[str, str] = {}
    given = request.POST
    if request.method == "POST":
        try:
            deciding.add_robot(
                actor=request.actor,
                community_id=made.community_id,
                robot=_robot_given(request),
                at=request.now,
            )
        except Refused as refused:
            wrongs = {one.field: words.wrong(one.code, one.limit) for one in refused.wrongs}
        else:
            messages.success(request, _("The robot is added. Send a trial message to see that it works."))
            return redirect(f"{reverse('notices:settings')}#robots")
    context = {
        "roads": [(road, words.label(words.ROADS, road)) for road in ROBOT_ROADS],
        "bodies": [(str(pk), made.body_name(pk)) for pk in made.bodies],
        "languages": [(one.code, one.name) for one in languages.HOUSE],
        "groups": [
            (group.value, words.label(words.GROUPS, group.value))
            for group in Group
            if any(kind.robots and kind.group is group for kind in kinds.chosen())
        ],
        "hosts": house.LINLI_ROBOT_HOSTS,
        "wrongs": wrongs,
        "given": {name: given.get(name, "") for name in ("road", "name", "organisation", "language")},
        "given_groups": given.getlist("groups"),
    }
    return settings.show(made, "notices/robot_new.html", CURRENT, context, status=422 if wrongs else 200)


def _robot_given(request: Asked) -> NewRobot:
    given = request.POST
    body = given.get("organisation", "")
    return NewRobot(
        road=given.get("road", ""),
        name=given.get("name", "")[:200],
        address=given.get("address", "")[:2000],
        secret=given.get("secret", "")[:400],
        organisation_id=whole(body),
        language=given.get("language", ""),
        groups=tuple(given.getlist("groups")),
    )


@policy("notices.robot_try", who=settings.KEEPERS)
@require_POST
def robot_try(request: Asked, robot_id: int) -> HttpResponse:
    """A trial message by a robot."""
    made = desk_frame.keeper_frame(request)
    sent = deciding.try_robot(
        actor=request.actor, community_id=made.community_id, robot_id=robot_id, at=request.now
    )
    messages.success(request, _("A trial message is on its way; this page says how it went."))
    return redirect("notices:delivery", sent.pk)


@policy("notices.robot_stop", who=settings.KEEPERS)
@require_POST
def robot_stop(request: Asked, robot_id: int) -> HttpResponse:
    """A robot speaks no more."""
    made = desk_frame.keeper_frame(request)
    deciding.stop_robot(
        actor=request.actor, community_id=made.community_id, robot_id=robot_id, at=request.now
    )
    messages.success(request, _("The robot speaks no more."))
    return redirect(f"{reverse('notices:settings')}#robots")


@policy("notices.road_try", who=settings.KEEPERS)
@require_POST
def road_try(request: Asked, road: str) -> HttpResponse:
    """A trial message to myself by a road."""
    made = desk_frame.keeper_frame(request)
    sent = deciding.try_road(actor=request.actor, community_id=made.community_id, road=road, at=request.now)
    messages.success(request, _("A trial message is on its way; this page says how it went."))
    return redirect("notices:delivery", sent.pk)
