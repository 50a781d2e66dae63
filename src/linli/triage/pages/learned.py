"""Settings: what the machine learned about categories, how good it is, by which words; a sentence tried; one click back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from linli.cases import ports
from linli.cases.pages import desk_frame, settings
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.queries import decided, reference
from linli.kernel.access import policy
from linli.people import queries as people
from linli.triage.actions import learning
from linli.triage.queries import learned
from linli.triage.queries.learned import BY_WORDS, Learned
from linli.triage.rules import promoting

CURRENT = "triage"
LONGEST_TRIED = 2000
DAYS = 30


@policy("triage.learned", who=settings.KEEPERS)
@require_http_methods(["GET", "POST"])
def index(request: Asked) -> HttpResponse:
    """What is in use, what it learned from, how well each category is found; a sentence tried."""
    made = desk_frame.keeper_frame(request)
    community = made.community_id
    versions = learned.versions(community)
    now = learned.in_use(community)
    there = decided.how_many(community)
    tried = request.POST.get("words", "").strip()[:LONGEST_TRIED]
    context = {
        "held": now,
        "in_use": now.version if now else BY_WORDS,
        "by_words": BY_WORDS,
        "back_to": _back_to(now, versions),
        "who": _who(now),
        "versions": [(one, _points(one.macro_f1 - one.before_macro_f1)) for one in versions],
        "per_class": _per_class(made, now) if now else [],
        "decisions": there,
        "days": DAYS,
        "followed": decided.followed(community, since=request.now - timedelta(days=DAYS)),
        "missing": max(promoting.LEAST_DECISIONS - there, 0),
        "least": promoting.LEAST_DECISIONS,
        "least_new": promoting.LEAST_NEW,
        "gain": promoting.GAIN * 100,
        "tried": tried,
        "proposals": _proposals(made, tried) if tried else [],
    }
    return settings.show(made, "triage/learned.html", CURRENT, context)


@policy("triage.learn", who=settings.KEEPERS)
@require_POST
def learn(request: Asked) -> HttpResponse:
    """Have a version learned now, without waiting for the night."""
    made = desk_frame.keeper_frame(request)
    try:
        learning.ask(actor=request.actor, community_id=made.community_id, at=request.now)
        messages.success(
            request, _("It is learning. The new version stands here in a minute; reload the page then.")
        )
    except learning.TooLittle as few:
        lacking = promoting.LEAST_DECISIONS - few.decisions
        messages.warning(
            request,
            ngettext(
                "There is too little to learn from: %(n)s more decision is needed.",
                "There is too little to learn from: %(n)s more decisions are needed.",
                lacking,
            )
            % {"n": lacking},
        )
    return _back(made)


@policy("triage.use", who=settings.KEEPERS)
@require_POST
def use(request: Asked) -> HttpResponse:
    """Put a version in use, or none: the words alone."""
    made = desk_frame.keeper_frame(request)
    version = request.POST.get("version", "")
    learning.use(actor=request.actor, community_id=made.community_id, version=version, at=request.now)
    messages.success(request, _("Proposals come from %(version)s now.") % {"version": name(version)})
    return _back(made)


def name(version: str) -> str:
    """What a version is called."""
    return _("names and keywords alone") if version == BY_WORDS else version


def _back(made: Frame) -> HttpResponse:
    return redirect(f"/desk/settings/triage/?community={made.community_id}")


def _back_to(now: Learned | None, versions: list[Learned]) -> str:
    """The version that was in use before this one, if it is still there; else the words alone."""
    if now is None:
        return ""
    earlier = [one for one in versions if one.retired_at is not None and one.id != now.id]
    last = max(earlier, key=lambda one: str(one.retired_at), default=None)
    return last.version if last else BY_WORDS


def _who(now: Learned | None) -> str:
    """Who put it in use; empty when it got there by being better."""
    if now is None or now.promoted_by_id is None:
        return ""
    return people.names([now.promoted_by_id]).get(now.promoted_by_id, "")


def _points(share: float) -> str:
    """A difference of shares in points of a hundred."""
    return f"{share * 100:+.1f}"


def _per_class(made: Frame, now: Learned) -> list[dict[str, Any]]:
    """Each category it learned, those most often decided first."""
    codes = dict.fromkeys((*now.per_class, *now.words))
    rows = [
        {
            "name": made.category(code),
            "mark": now.per_class.get(code, {}),
            "words": now.words.get(code, []),
            "low": _is_low(now.per_class.get(code, {})),
        }
        for code in codes
    ]
    return sorted(rows, key=lambda row: -int(row["mark"].get("n", 0)))


def _is_low(mark: Mapping[str, Any]) -> bool:
    return bool(mark) and float(mark.get("f1", 0)) < 0.5


def _proposals(made: Frame, words: str) -> list[dict[str, Any]]:
    """What would be proposed for a sentence now."""
    found = ports.classifier().suggest(words, reference.categories(made.community_id), made.community_id)
    return [
        {
            "name": made.category(one.code),
            "percent": round(one.certainty * 100),
            "words": one.words,
            "version": name(one.version),
        }
        for one in found
    ]
