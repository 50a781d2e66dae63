"""What I was told, and how I want to be told."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases.pages import here
from linli.cases.rules.intake import Refused
from linli.faces import languages
from linli.grids import queries as places
from linli.kernel.access import SIGNED_IN, policy
from linli.kernel.text import whole
from linli.notices import access, ports, words
from linli.notices.actions import choosing, keeping
from linli.notices.actions.choosing import Choice
from linli.notices.models import Notice
from linli.notices.pages import saying
from linli.notices.queries import choices, inbox, mail
from linli.notices.rules import delivery
from linli.notices.rules.kinds import FIXED, PERSON_ROADS, STAFF_GROUPS, Group
from linli.people.pages.ways import Asked


@policy("notices.inbox", who=SIGNED_IN)
@require_safe
def index(request: Asked) -> HttpResponse:
    """Everything I was told, the newest first."""
    only_unread = request.GET.get("unread") == "1"
    before = request.GET.get("before", "")
    at = whole(before) or 0
    with access.entered(request.actor):
        page = inbox.page(request.actor, unread=only_unread, before=at)
        count = inbox.unread(request.actor)
    context = {
        "rows": [saying.line(one) for one in page.rows],
        "newest": page.rows[0].pk if page.rows and not at else 0,
        "older": page.older,
        "only_unread": only_unread,
        "unread_count": count,
        "tab": "me",
    }
    return render(request, "notices/inbox.html", context)


@policy("notices.notice", who=SIGNED_IN)
@require_safe
def one(request: Asked, notice_id: int) -> HttpResponse:
    """One notice, and by which roads it came; opening it is reading it."""
    if request.method == "GET":
        keeping.read(actor=request.actor, notice_id=notice_id, at=request.now)
    with access.entered(request.actor):
        found = access.find_own(request.actor, notice_id)
        tries = [saying.attempt(attempt) for attempt in inbox.attempts(found)]
        gathered = [saying.line(each) for each in Notice.objects.filter(into=found).order_by("pk")]
    community = places.place(found.community_id)
    context = {
        "line": saying.line(found),
        "tries": tries,
        "gathered": gathered,
        "community": community.name(here.language()) if community else "",
        "lead": found.link if url_has_allowed_host_and_scheme(found.link, allowed_hosts=None) else "",
        "tab": "me",
    }
    return render(request, "notices/notice.html", context)


@policy("notices.read_all", who=SIGNED_IN)
@require_POST
def read_all(request: Asked) -> HttpResponse:
    """Everything so far is read, up to the newest that the page showed."""
    newest = request.POST.get("newest", "")
    up_to = whole(newest)
    keeping.read_all(actor=request.actor, at=request.now, up_to=up_to)
    return redirect("notices:inbox")


@policy("notices.choices", who=SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def my_choices(request: Asked) -> HttpResponse:
    """By which roads, at which hours, in which language."""
    wrongs: dict[str, str] = {}
    if request.method == "POST":
        wrongs = _choose(request)
        if not wrongs:
            return redirect("notices:choices")
    return _show_choices(request, wrongs)


def _choose(request: Asked) -> dict[str, str]:
    given = request.POST
    quiet = {"none": delivery.ASLEEP, "own": f"{given.get('from', '')}-{given.get('until', '')}"}
    try:
        choosing.choose(
            actor=request.actor,
            choice=Choice(
                on=given.getlist("on"),
                quiet=quiet.get(given.get("quiet", ""), ""),
                digest=given.get("digest") == "on",
                language=given.get("language", ""),
            ),
            at=request.now,
        )
    except Refused as refused:
        return {one.field: words.wrong(one.code, one.limit) for one in refused.wrongs}
    messages.success(request, _("Saved."))
    return {}


def _show_choices(request: Asked, wrongs: dict[str, str]) -> HttpResponse:
    account_id = request.actor.person_id
    wishes = choices.wishes_of(account_id)
    first, _dash, last = (wishes.quiet if wishes.quiet != delivery.ASLEEP else "").partition("-")
    home = request.actor.home_id
    context: dict[str, Any] = {
        "groups": _groups(request, wishes),
        "roads": [(road, words.label(words.ROADS, road)) for road in _roads()],
        "quiet": "none" if wishes.quiet == delivery.ASLEEP else "own" if wishes.quiet else "",
        "from": first or "22:00",
        "until": last or "07:00",
        "community_hours": choices.hours(home, request.now) if home else "",
        "digest": wishes.digest,
        "digest_hour": choices.digest_hour(home, request.now) if home else 18,
        "language": choices.languages([account_id]).get(account_id, ""),
        "languages": languages.choices(),
        "mail": mail.of_person(account_id),
        "mail_possible": ports.carrier("email") is not None,
        "wrongs": wrongs,
        "typed_email": request.POST.get("email", ""),
        "tab": "me",
    }
    return render(request, "notices/choices.html", context, status=422 if wrongs else 200)


def _roads() -> list[str]:
    """The roads that are open in this house; WeChat first."""
    return [road for road in PERSON_ROADS if ports.carrier(road) is not None]


def _groups(request: Asked, wishes: delivery.Wishes) -> list[dict[str, Any]]:
    return [
        {
            "code": group.value,
            "words": words.label(words.GROUPS, group.value),
            "fixed": group in FIXED,
            "boxes": [
                {
                    "value": f"{group.value}:{road}",
                    "words": words.label(words.ROADS, road),
                    "on": choosing.is_on(wishes, group, road),
                }
                for road in _roads()
            ],
        }
        for group in Group
        if group not in STAFF_GROUPS or request.actor.staff
    ]


@policy("notices.mail", who=SIGNED_IN)
@require_POST
def my_mail(request: Asked) -> HttpResponse:
    """An e-mail address: asked for, proved, forgotten."""
    try:
        if "drop" in request.POST:
            choosing.drop_mail(actor=request.actor)
            messages.success(request, _("The address is forgotten."))
        elif "code" in request.POST:
            choosing.prove_mail(actor=request.actor, code=request.POST["code"][:20], at=request.now)
            messages.success(request, _("The address is proved. Switch e-mail on above where you want it."))
        else:
            typed = request.POST.get("email", "")[:300]
            choosing.ask_mail(actor=request.actor, address=typed, at=request.now)
            messages.success(request, _("We sent a code to this address."))
    except Refused as refused:
        return _show_choices(request, {one.field: words.wrong(one.code) for one in refused.wrongs})
    return redirect(f"{reverse('notices:choices')}#mail")
