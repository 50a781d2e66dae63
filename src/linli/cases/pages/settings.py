"""Settings: what there is to decide, and the way to each page. Only for those who keep the community."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.cases import words
from linli.cases.actions.settings import keeping
from linli.cases.actions.settings import routing as routing_rules
from linli.cases.forms.settings import LastDay
from linli.cases.pages import desk_frame, settings_beside
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.queries import callback_plan, chasing, reference, urgent, working_days
from linli.cases.rules.intake import Refused
from linli.kernel import access
from linli.kernel.access import policy
from linli.kernel.clock import LOCAL

KEEPERS = access.roles(*keeping.KEEPERS)


@dataclass(frozen=True, slots=True)
class Card:
    """One page of settings, with what it holds now in a word."""

    title: str
    words: str
    url: str
    icon: str
    held: str = ""


def show(
    made: Frame, template: str, current: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of settings with its menu."""
    brought = settings_beside.pages()
    whole = made.context(current=current, brought=brought, **context)
    return render(made.request, template, whole, status=status)


def end(request: Asked, back: str, act: Callable[..., object]) -> HttpResponse:
    """End a dated row after the day that the form gives, and say how it went.

    :param back: the name of the page the row stands on.
    :param act: the action, given all but who asks, where, the last day and now.
    """
    made = desk_frame.keeper_frame(request)
    form = LastDay(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the last day."))
        return redirect(back)
    try:
        act(
            actor=request.actor,
            community_id=made.community_id,
            last_day=form.cleaned_data["last_day"],
            at=request.now,
        )
    except Refused as refused:
        wrong = refused.wrongs[0]
        messages.error(request, words.wrong(wrong.code, field=wrong.field, limit=wrong.limit))
    else:
        messages.success(request, _("Saved."))
    return redirect(back)


@policy("cases.settings", who=KEEPERS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """All the pages of settings, each with what it holds now."""
    made = desk_frame.keeper_frame(request)
    return show(made, "cases/desk/settings/index.html", "", {"cards": _cards(made)})


def _cards(made: Frame) -> list[Card]:
    community, today = made.community_id, keeping.today(made.request.now)
    held = reference.categories(community)
    rules = routing_rules.current(community, today)
    listed = urgent.listed(community).phrases
    year = made.request.now.astimezone(LOCAL).year
    own = [day for day in working_days.special_days(community, year) if day.own]
    cards = [
        Card(
            _("Categories"),
            _("What a case is about; the words that point to it."),
            reverse("cases:settings_categories"),
            "tag",
            _("%(n)s in force") % {"n": len(held)},
        ),
        Card(
            _("Promises"),
            _("Within what time each stage is done, and what that rests on."),
            reverse("cases:settings_promises"),
            "clock",
            _("%(n)s in force")
            % {"n": sum(rule.holds_on(today) for rule in reference.promise_rules(community))},
        ),
        Card(
            _("Routing"),
            _("Who gets a case first, by category, place and time; try a change before it holds."),
            reverse("cases:settings_routing"),
            "split",
            _("%(n)s rules, %(drafts)s drafts")
            % {"n": rules.filter(draft=False).count(), "drafts": rules.filter(draft=True).count()},
        ),
        Card(
            _("Urgent words"),
            _("What sounds like danger, what to do then, whom to call; try a sentence."),
            reverse("cases:settings_urgent"),
            "bell",
            _("%(n)s lines, %(own)s of our own")
            % {"n": len(listed), "own": sum(1 for line in listed if line.own)},
        ),
        Card(
            _("Call-backs"),
            _("Who is called after closing, by lot; when somebody counts as not reached; what callers say."),
            reverse("cases:settings_callbacks"),
            "phone",
            _("%(n)s in force")
            % {"n": sum(rule.holds_on(today) for rule in callback_plan.read_rules(community))},
        ),
        Card(
            _("Working days and hours"),
            _("Holidays as announced, your own closing days, and office hours."),
            reverse("cases:settings_calendar"),
            "calendar",
            _("%(n)s days of your own this year") % {"n": len(own)},
        ),
    ]
    cards += _chasing_cards(community, today)
    brought = [
        (page.url_name, str(page.title), str(page.words), page.icon) for page in settings_beside.pages()
    ]
    found = (_elsewhere(*one) for one in (*_others(), *brought))
    return cards + [card for card in found if card is not None]


def _chasing_cards(community: int, today: date) -> list[Card]:
    rungs = sum(rule.holds_on(today) for rule in chasing.ladder_rules(community))
    paths = sum(row.holds_on(today) for row in chasing.approvals(community))
    return [
        Card(
            _("Ladder of escalation"),
            _("Who is reminded and told when a promise runs out; when a supervision opens."),
            reverse("cases:settings_ladder"),
            "up",
            _("%(n)s in force") % {"n": rungs},
        ),
        Card(
            _("Approvals and named people"),
            _("Who grants how much more time; who rules on second returns; who heads a body."),
            reverse("cases:settings_approvals"),
            "check",
            _("%(n)s in force") % {"n": paths},
        ),
    ]


def _others() -> tuple[tuple[str, str, str, str], ...]:  # noqa: N802
    return (
        (
            "control-definitions",
            _("How rates are counted"),
            _("Numerator, denominator, what is left out, from when."),
            "list",
        ),
        (
            "triage:learned",
            _("Proposed categories"),
            _("What the machine learned from your decisions, how good it is, one click back."),
            "search",
        ),
        ("grids:settings_places", _("Places"), _("Grids, buildings and their codes."), "pin"),
        ("grids:duties", _("Duties"), _("Who serves where, as what, from when until when."), "people"),
        ("people:organisations", _("Organisations"), _("The bodies that do the work here."), "building"),
        (
            "grids:settings_wishes",
            _("What the community wants"),
            _("How long a case may be reopened, what is published, quiet hours."),
            "settings",
        ),
    )


def _elsewhere(name: str, title: str, said: str, icon: str) -> Card | None:
    """A page of another room; rooms that are not installed have none."""
    try:
        return Card(title, said, reverse(name), icon)
    except NoReverseMatch:
        return None
