"""Settings: who gets a case first. Rules in their order, drafts beside them, and a trial before anything holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.cases import words
from linli.cases.actions.settings import keeping as beats
from linli.cases.actions.settings import routing as keeping
from linli.cases.forms.settings import RuleForm
from linli.cases.models import RoutingRow
from linli.cases.pages import desk_frame, desk_offers, settings, telling
from linli.cases.pages.desk_frame import Frame
from linli.cases.pages.here import Asked
from linli.cases.pages.settings_calendar import weekday_choices
from linli.cases.queries import reference, routing_trial
from linli.cases.rules import routing as rules
from linli.cases.rules.intake import Refused
from linli.grids import queries as places
from linli.grids import words as grid_words
from linli.grids.rows import PlaceRow
from linli.grids.rules.words import Level
from linli.kernel.access import NotFound, policy
from linli.people import words as people_words

TRIAL_DAYS = 30
LEVELS = (Level.GRID, Level.COURTYARD, Level.BUILDING, Level.COMMUNITY)
CONDITIONS = (Level.GRID.value, Level.COURTYARD.value, Level.BUILDING.value)


@dataclass(frozen=True, slots=True)
class Said:
    """A rule read aloud: its conditions in words, and to whom it goes."""

    id: int
    name: str
    conditions: tuple[str, ...]
    target: str
    row: RoutingRow | None
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class Speech:
    """What is needed to read rules aloud: the names of places, fetched once."""

    made: Frame
    places: dict[str, PlaceRow]

    def rule(
        self, rule: rules.RoutingRule, row: RoutingRow | None = None, problems: Sequence[str] = ()
    ) -> Said:
        """A rule in words."""
        return Said(
            rule.id, rule.name, tuple(self._conditions(rule)), self.target(rule), row, tuple(problems)
        )

    def _conditions(self, rule: rules.RoutingRule) -> list[str]:
        place = self.places.get(rule.place_path or "")
        days = dict(weekday_choices())
        window = f"{rule.from_time:%H:%M}–{rule.to_time:%H:%M}" if rule.from_time and rule.to_time else ""
        said = [
            self.made.category(rule.category_code) if rule.category_code else "",
            place.name(self.made.language) if place else (rule.place_path or ""),
            "、".join(words.label(words.KINDS, kind) for kind in sorted(rule.kinds)),
            "、".join(days[day] for day in sorted(rule.weekdays or ())),
            window,
        ]
        return [part for part in said if part]

    def target(self, rule: rules.RoutingRule) -> str:
        """To whom a rule sends."""
        target = rule.target
        if target.organisation_id:
            return self.made.body_name(target.organisation_id) or _("a body that has closed")
        if target.organisation_kind:
            kind = words.label(people_words.KINDS, target.organisation_kind)
            return _("the nearest: %(kind)s") % {"kind": kind}
        level = words.label(grid_words.LEVELS, target.level or "")
        return _("%(role)s of the %(level)s") % {"role": words.role(target.role or ""), "level": level}


def _speech(made: Frame) -> Speech:
    wanted = (Level.COMMUNITY.value, Level.COMMITTEE.value, *CONDITIONS)
    return Speech(made, {row.path: row for row in places.subtree(f"{made.community_id}.", *wanted)})


def _rows(made: Frame) -> list[RoutingRow]:
    return list(keeping.current(made.community_id, beats.today(made.request.now)))


@policy("cases.settings_routing", who=settings.KEEPERS)
@require_safe
def routing(request: Asked) -> HttpResponse:
    """The rules in their order, each read aloud, with what is wrong in the set."""
    made = desk_frame.keeper_frame(request)
    speech, rows = _speech(made), _rows(made)
    in_force = [reference.routing_rule(row) for row in rows if not row.draft]
    wrong: dict[int, list[str]] = {}
    for problem in rules.check_all(in_force):
        wrong.setdefault(problem.rule_id, []).append(words.wrong(problem.code))
    said = [speech.rule(reference.routing_rule(row), row, wrong.get(row.pk, ())) for row in rows]
    context = {
        "rules": [one for one in said if one.row and not one.row.draft],
        "drafts": [one for one in said if one.row and one.row.draft],
        "today": beats.today(request.now),
        "days": TRIAL_DAYS,
    }
    return settings.show(made, "cases/desk/settings/routing.html", "routing", context)


@policy("cases.settings_routing_try", who=settings.KEEPERS)
@require_safe
def trial(request: Asked) -> HttpResponse:
    """What all drafts together would change, tried on the cases of the last days."""
    made = desk_frame.keeper_frame(request)
    proposed = routing_trial.on_trial(_rows(made))
    return _trial_page(made, proposed, _("All drafts together"))


def _trial_page(made: Frame, proposed: Sequence[rules.RoutingRule], title: str) -> HttpResponse:
    context = {"trial": _tried(made, proposed), "title": title, "days": _days(made)}
    return settings.show(made, "cases/desk/settings/routing_trial.html", "routing", context)


def _days(made: Frame) -> int:
    source = made.request.POST if made.request.method == "POST" else made.request.GET
    asked = source.get("days", "")
    return int(asked) if asked.isascii() and asked.isdigit() and 0 < int(asked[:4]) <= 366 else TRIAL_DAYS


def _tried(made: Frame, proposed: Sequence[rules.RoutingRule]) -> dict[str, Any]:
    speech = _speech(made)
    tried = routing_trial.run(made.community_id, proposed, days=_days(made), at=made.request.now)
    names = {rule.id: rule.name for rule in proposed}
    return {
        "tried": tried,
        "shown": [
            {
                "case": one.case,
                "title": telling.headline(one.case),
                "before": speech.rule(one.before) if one.before else None,
                "after": speech.rule(one.after) if one.after else None,
                "why": [
                    (words.label(words.ROUTING_WHY, reason.code), reason)
                    for reason in one.why
                    if reason.code != "in_force"
                ],
            }
            for one in tried.shown
        ],
        "problems": [
            (names.get(one.rule_id, ""), words.wrong(one.code), names.get(one.other_id or 0, ""))
            for one in tried.problems
        ],
    }


def _form(made: Frame, data: Any, initial: dict[str, Any] | None = None) -> RuleForm:
    form = RuleForm(data, initial=initial, auto_id="rule-%s")
    spots = places.subtree(f"{made.community_id}.", *CONDITIONS)
    form.offer(
        categories=desk_offers.category_choices(made),
        places=[(str(row.id), row.name(made.language)) for row in spots],
        bodies=[(str(pk), made.body_name(pk)) for pk in made.bodies],
        weekdays=weekday_choices(),
        levels=[(level.value, words.label(grid_words.LEVELS, level.value)) for level in LEVELS],
    )
    return form


@policy("cases.settings_routing_new", who=settings.KEEPERS)
@require_http_methods(["GET", "POST"])
def new(request: Asked) -> HttpResponse:
    """A new rule: tried, kept as a draft, or put in force."""
    made = desk_frame.keeper_frame(request)
    form = _form(made, request.POST or None, {"position": "first"})
    return _edit(made, form, None)


@policy("cases.settings_routing_rule", who=settings.KEEPERS)
@require_http_methods(["GET", "POST"])
def rule(request: Asked, rule_id: int) -> HttpResponse:
    """A rule as it stands: what it says from a day on, tried before it holds."""
    made = desk_frame.keeper_frame(request)
    row = next((row for row in _rows(made) if row.pk == rule_id), None)
    if row is None:
        raise NotFound
    form = _form(made, request.POST or None, _initial(row))
    del form.fields["position"]
    return _edit(made, form, row)


def _initial(row: RoutingRow) -> dict[str, Any]:
    kept = ("name", "category_code", "place_id", "kinds", "weekdays", "from_time", "to_time", "level")
    held = {name: getattr(row, name) for name in kept}
    if row.organisation_id:
        held["target"] = f"body:{row.organisation_id}"
    elif row.organisation_kind:
        held["target"] = f"kind:{row.organisation_kind}"
    else:
        held["target"] = f"role:{row.role}"
    return held


def _edit(made: Frame, form: RuleForm, row: RoutingRow | None) -> HttpResponse:
    request = made.request
    context: dict[str, Any] = {"form": form, "row": row, "days": _days(made)}
    if request.method == "POST" and form.is_valid():
        try:
            if "try" in request.POST:
                context["trial"] = _tried(made, _proposed(made, form, row))
            else:
                _save(made, form, row)
                messages.success(request, _("Saved."))
                return redirect("cases:settings_routing")
        except Refused as refused:
            form.say(refused.wrongs)
    status = 422 if form.errors else 200
    return settings.show(made, "cases/desk/settings/routing_rule.html", "routing", context, status=status)


def _proposed(made: Frame, form: RuleForm, row: RoutingRow | None) -> list[rules.RoutingRule]:
    """The rules in force, with the sheet in the place of the rule it changes, or last."""
    sheet = form.sheet()
    keeping.check(made.community_id, sheet)
    rows = _rows(made)
    shown = [one for one in rows if not one.draft or (row is not None and one.pk == row.pk)]
    last = max((one.order for one in rows), default=0) + 1
    order = row.order if row else -1 if form.first else last
    wanted = keeping.as_rule(sheet, rule_id=row.pk if row else 0, order=order)
    return routing_trial.instead(routing_trial.on_trial(shown), wanted)


def _save(made: Frame, form: RuleForm, row: RoutingRow | None) -> None:
    who: dict[str, Any] = {
        "actor": made.request.actor,
        "community_id": made.community_id,
        "at": made.request.now,
    }
    sheet, day = form.sheet(), form.cleaned_data["valid_from"]
    if row is None:
        keeping.add_rule(
            sheet=sheet, draft="draft" in made.request.POST, first=form.first, valid_from=day, **who
        )
    else:
        keeping.change_rule(rule_id=row.pk, sheet=sheet, valid_from=day, **who)


@policy("cases.settings_routing_act", who=settings.KEEPERS)
@require_POST
def act(request: Asked, rule_id: int) -> HttpResponse:
    """One push of a button beside a rule: up, down, in force, ended today."""
    made = desk_frame.keeper_frame(request)
    who: dict[str, Any] = {
        "actor": request.actor,
        "community_id": made.community_id,
        "rule_id": rule_id,
        "at": request.now,
    }
    wanted = request.POST.get("do", "")
    try:
        if wanted in {"up", "down"}:
            keeping.move_rule(up=wanted == "up", **who)
        elif wanted == "force":
            keeping.put_in_force(**who)
        elif wanted == "end":
            keeping.end_rule(last_day=beats.today(request.now), **who)
        else:
            raise NotFound
    except Refused as refused:
        wrong = refused.wrongs[0]
        messages.error(request, words.wrong(wrong.code, field=wrong.field, limit=wrong.limit))
    else:
        messages.success(request, _("Saved."))
    return redirect("cases:settings_routing")
