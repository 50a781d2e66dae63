"""Screens on a wall: links that the leader makes and revokes, and the wall as such a screen sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases.pages import desk_frame
from linli.cases.rules.intake import Refused
from linli.cases.words import wrong
from linli.controlroom.actions import screens
from linli.controlroom.pages import wall as walls
from linli.controlroom.pages import wall_alarm
from linli.controlroom.pages.wall_frame import Frame
from linli.controlroom.rules.screens import LIVES_DAYS, LONGEST_NAME
from linli.faces.languages import HOUSE
from linli.grids import queries as places
from linli.kernel import scope
from linli.kernel.access import PUBLIC, Forbidden, NotFound, policy, roles
from linli.people.pages.ways import Asked

COOKIE = "linli-screen"
LANGUAGES = {one.code: one.name for one in HOUSE}  # the wall is in these
LEADERS = roles(*screens.MAKERS)


@policy("controlroom.screens", who=LEADERS)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Asked) -> HttpResponse:
    """The links that hold; making a new one shows it once."""
    made = _leaders_frame(request)
    given = {"name": "", "days": "30", "language": "zh-hans"}
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        given = {key: request.POST.get(key, "") for key in given}
        try:
            _made, token = screens.make_screen(
                actor=request.actor,
                community_id=made.community_id,
                name=given["name"],
                days=int(given["days"]) if given["days"].isdecimal() and len(given["days"]) < 4 else 0,
                language=given["language"] if given["language"] in LANGUAGES else HOUSE[0].code,
                at=request.now,
            )
            context["link"] = request.build_absolute_uri(reverse("controlroom:screen_enter", args=[token]))
            given["name"] = ""
        except Refused as refused:
            status = 422
            context["wrongs"] = {
                one.field: _wrong_words(one.field, one.code, one.limit) for one in refused.wrongs
            }
    context |= {
        "given": given,
        "screens": screens.held(made.community_id, at=request.now),
        "lives": [
            (str(days), _("%(n)s days") % {"n": days} if days > 1 else _("One day")) for days in LIVES_DAYS
        ],
        "languages": LANGUAGES.items(),
        "longest": LONGEST_NAME,
        "wall_url": f"{reverse('controlroom:wall')}?community={made.community_id}",
    }
    return render(request, "controlroom/wall_screens.html", made.context(**context), status=status)


def _wrong_words(field: str, code: str, limit: str) -> str:
    if code == "too_many":
        return _("At most %(n)s links at a time. Revoke one first.") % {"n": limit}
    return wrong(code, field=field, limit=limit)


@policy("controlroom.screen_revoke", who=LEADERS)
@require_POST
def revoke(request: Asked, screen_id: int) -> HttpResponse:
    """End a link."""
    made = _leaders_frame(request)
    screens.revoke_screen(
        actor=request.actor, community_id=made.community_id, screen_id=screen_id, at=request.now
    )
    messages.success(request, _("The link has ended. The screen learns it within a minute."))
    return redirect(f"{reverse('controlroom:screens')}?community={made.community_id}")


def _leaders_frame(request: Asked) -> desk_frame.Frame:
    made = desk_frame.frame(request)
    if not request.actor.has(*screens.MAKERS, community_id=made.community_id):
        raise Forbidden("leaders_only")
    return made


# -- what the screen itself asks --------------------------------------------------------------------------------------


@policy("controlroom.screen_enter", who=PUBLIC)
@require_safe
def enter(request: Asked, token: str) -> HttpResponse:
    """The link: keep its token in a cookie of the screen's own pages, and take it out of the address."""
    try:
        screen = screens.open_screen(token, at=request.now)
    except NotFound:
        return _ended(request)
    answer = redirect("controlroom:screen_wall")
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int((screen.expires_at - request.now).total_seconds()),
        path=reverse("controlroom:screen_wall"),
        secure=settings.LINLI_HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _as_screen(request: Asked, show: Callable[[Frame], HttpResponse]) -> HttpResponse:
    """Show something as the screen of the cookie, in its language, in the scope of its community."""
    try:
        screen = screens.open_screen(request.COOKIES.get(COOKIE, ""), at=request.now)
    except NotFound:
        return _ended(request)
    community = places.place(screen.community_id)
    if community is None:
        return _ended(request)
    with scope.within([screen.community_id]), translation.override(screen.language):
        return show(Frame(request, community, screen))


def _ended(request: Asked) -> HttpResponse:
    answer = render(request, "controlroom/wall_ended.html", status=403)
    answer.delete_cookie(COOKIE, path=reverse("controlroom:screen_wall"), samesite="Lax")
    return answer


@policy("controlroom.screen_wall", who=PUBLIC)
@require_safe
def wall(request: Asked) -> HttpResponse:
    """The wall, as a screen without a person sees it."""
    return _as_screen(request, walls.show)


@policy("controlroom.screen_panels", who=PUBLIC)
@require_safe
def panels(request: Asked) -> HttpResponse:
    """The parts again."""
    return _as_screen(request, walls.show_panels)


@policy("controlroom.screen_list", who=PUBLIC)
@require_safe
def full_list(request: Asked) -> HttpResponse:
    """The full list, without ways to the cases."""
    return _as_screen(request, walls.show_list)


@policy("controlroom.screen_alarm", who=PUBLIC)
@require_safe
def alarm(request: Asked) -> HttpResponse:
    """What rings in the room; it is answered at the workbench."""
    return _as_screen(request, wall_alarm.show)
