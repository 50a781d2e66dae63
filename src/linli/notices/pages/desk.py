"""Deliveries of a community: how each road goes, what failed, another try."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from linli.cases.pages import desk_frame
from linli.cases.pages.desk_frame import Frame
from linli.kernel.access import Forbidden, NotFound, policy, roles
from linli.kernel.text import whole
from linli.notices import access, words
from linli.notices.actions import keeping
from linli.notices.models import Mailing, Notice
from linli.notices.pages import saying
from linli.notices.queries import deliveries, inbox
from linli.notices.rules.delivery import State
from linli.notices.rules.kinds import LANGUAGES, ROADS
from linli.people.pages.ways import Asked

WATCHERS = roles(*access.WATCHERS)
MENDERS = roles(*access.MENDERS)


def _frame(request: Asked) -> Frame:
    """The workbench where the actor may look at deliveries.

    :raises Forbidden: not_your_door.
    """
    made = desk_frame.frame(request)
    if made.roles & set(access.WATCHERS):
        return made
    others = sorted(grant.community_id for grant in request.actor.grants if grant.role in access.WATCHERS)
    if not others or "community" in request.GET:
        raise Forbidden("not_your_door")
    return Frame(request, others[0], request.actor.roles(others[0]))


def _views() -> list[tuple[str, str]]:
    return [
        ("all", pgettext("deliveries", "All")),
        ("failed", pgettext("deliveries", "Did not get through")),
        ("waiting", pgettext("deliveries", "Waiting")),
        ("sent", pgettext("deliveries", "Sent")),
        ("page", pgettext("deliveries", "On the page alone")),
    ]


@policy("notices.deliveries", who=WATCHERS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """What was told here, by which road, and how it went."""
    made = _frame(request)
    asked = request.GET
    view = asked.get("view", "all") if asked.get("view") in deliveries.VIEWS else "all"
    road = asked.get("road", "") if asked.get("road") in ROADS else ""
    before = asked.get("before", "")
    at = whole(before) or 0
    rows = list(
        deliveries.listed(
            request.actor, made.community_id, view=view, road=road, kind=asked.get("kind", ""), before=at
        )
    )
    older = rows[deliveries.SHOWN - 1].pk if len(rows) > deliveries.SHOWN else 0
    kept = {"view": view, "road": road}
    context: dict[str, Any] = {
        "rows": [_row(one) for one in rows[: deliveries.SHOWN]],
        "older": f"?{urlencode({**kept, 'before': str(older)})}" if older else "",
        "views": [(code, said, f"?{urlencode({**kept, 'view': code})}") for code, said in _views()],
        "view": view,
        "road": road,
        "roads": [_road(one) for one in deliveries.by_road(made.community_id, request.now)],
        "days": deliveries.DAYS,
        "mailings": [(_title(one), one) for one in deliveries.mailings(made.community_id)],
        "may_keep": bool(made.roles & set(access.KEEPERS)),
    }
    return render(request, "notices/deliveries.html", made.context(**context))


def _title(one: Mailing) -> str:
    """The title of an announcement, in Chinese."""
    return str((one.words.get(LANGUAGES[0]) or [one.key])[0])


def _road(one: deliveries.Road) -> dict[str, Any]:
    return {
        "row": one,
        "words": words.label(words.ROADS, one.road),
        "url": f"?{urlencode({'road': one.road})}",
    }


def _row(one: Notice) -> dict[str, Any]:
    state = State(one.state)
    tried = one.made > 0 and one.sent_at is None and state is not State.READ
    return {
        "row": one,
        "kind": words.label(words.KINDS, one.kind),
        "to": saying.recipient(one),
        "road": words.label(words.ROADS, one.road or next(iter(one.roads), "page")),
        "state": words.label(words.STATES, one.state),
        "why": words.label(words.REASONS, one.reason) if one.reason else "",
        "bad": state is State.GIVEN_UP or tried,
        "url": reverse("notices:delivery", args=[one.pk]),
    }


@policy("notices.delivery", who=WATCHERS)
@require_safe
def one(request: Asked, notice_id: int) -> HttpResponse:
    """One delivery with every try; the words to a resident are the resident's own."""
    made = _frame(request)
    found = access.deliveries(request.actor, made.community_id).select_related("account", "robot")
    notice = found.filter(pk=notice_id).first()
    if notice is None:
        raise NotFound
    mend = bool(made.roles & set(access.MENDERS))
    context = {
        "one": _row(notice),
        "notice": notice,
        "words": notice.words
        if notice.robot_id or notice.kind.startswith(("work_", "alarm_", "trial"))
        else "",
        "tries": [saying.attempt(attempt) for attempt in inbox.attempts(notice)],
        "may_try": mend and State(notice.state) in keeping.AGAIN and notice.read_at is None,
        "case": reverse("cases:desk_case", args=[notice.subject]) if notice.subject else "",
    }
    return render(request, "notices/delivery.html", made.context(**context))


@policy("notices.again", who=MENDERS)
@require_POST
def again(request: Asked, notice_id: int) -> HttpResponse:
    """Once more, from its first road."""
    try:
        keeping.again(actor=request.actor, notice_id=notice_id, at=request.now)
    except Forbidden as problem:
        said = {
            "no_road": _("No road is open to this recipient."),
            "not_to_be_tried": _("It has arrived, was read, or is on its way."),
        }
        messages.error(request, said.get(problem.code, problem.code))
    else:
        messages.success(request, _("It is tried again now."))
    return redirect("notices:delivery", notice_id)
