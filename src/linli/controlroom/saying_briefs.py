"""A brief in words: its sentences, its message text; made from what was kept, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.controlroom import saying, words
from linli.controlroom.rules.briefs import Kind, Sentence, sentences

Values = Mapping[str, Any]


class Names(Protocol):
    """What bodies and categories are called here."""

    def category(self, code: str) -> str: ...
    def body(self, key: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the brief; ``figure`` opens its cases, ``grave`` wants attention."""

    text: str
    figure: str
    grave: bool


def title(kind: str, day: date, community: str) -> str:
    """铝兴社区 2026-11-22 日报."""
    if kind == Kind.DAILY:
        return _("%(community)s: daily brief of %(day)s") % {"community": community, "day": day.isoformat()}
    first = (day - timedelta(days=6)).isoformat()
    return _("%(community)s: weekly brief of %(first)s to %(last)s") % {
        "community": community,
        "first": first,
        "last": day.isoformat(),
    }


def said(told: Values, names: Names) -> list[Said]:
    """Every sentence that the numbers support."""
    return [Said(_SAY[one.code](one, names), one.figure, one.grave) for one in sentences(told)]


def message(kind: str, day: date, community: str, told: Values, names: Names, address: str) -> str:
    """The brief as a message: title, sentences, the way to the page."""
    lines = [title(kind, day, community), *(f"· {one.text}" for one in said(told, names))]
    return "\n".join([*lines, address])


def _flow(one: Sentence, names: Names) -> str:
    return (
        _("%(reported)s cases were reported (%(before)s in the time before), %(settled)s settled.")
        % one.values
    )


def _standing(one: Sentence, names: Names) -> str:
    return _("%(open)s are open: %(open_at_risk)s due soon, %(open_broken)s overdue.") % one.values


def _rates(one: Sentence, names: Names) -> str:
    parts = [
        f"{words.label(words.FIGURES, code)} {saying.amount(value, 'share')}"
        for code, value in one.values.items()
        if value is not None
    ]
    return _("%(rates)s.") % {"rates": saying.several(parts)}


def _fell(one: Sentence, names: Names) -> str:
    return _("%(rate)s fell from %(before)s to %(now)s.") % {
        "rate": words.label(words.FIGURES, one.values["figure"]),
        "before": saying.amount(one.values["before"], "share"),
        "now": saying.amount(one.values["now"], "share"),
    }


def _top(one: Sentence, names: Names) -> str:
    values = {**one.values, "category": names.category(one.values["category"])}
    return _("Most were about %(category)s: %(count)s of %(all)s.") % values


def _overdue(one: Sentence, names: Names) -> str:
    values = {**one.values, "body": names.body(one.values["body"])}
    return _("Most of the overdue lie with %(body)s: %(count)s of %(all)s.") % values


def _hot(one: Sentence, names: Names) -> str:
    spot = f"{one.values['place']} · {one.values['topic']}" if one.values["place"] else one.values["topic"]
    return _("Most talked about: %(topic)s (%(count)s cases).") % {
        "topic": spot,
        "count": one.values["count"],
    }


def _repeat(one: Sentence, names: Names) -> str:
    values = {**one.values, "category": names.category(one.values["category"])}
    return _("Keeps coming back: %(category)s at %(place)s, %(count)s times.") % values


_SAY: dict[str, Callable[[Sentence, Names], str]] = {
    "quiet": lambda one, names: _("Nothing was reported and nothing settled."),
    "flow": _flow,
    "more": lambda one, names: _("That is %(more)s more than before (%(before)s).") % one.values,
    "rise": lambda one, names: _("That is %(times)s times as many as before (%(before)s).") % one.values,
    "top_category": _top,
    "standing": _standing,
    "overdue": _overdue,
    "open_urgent": lambda one, names: (
        ngettext("%(count)s open case is urgent.", "%(count)s open cases are urgent.", one.values["count"])
        % one.values
    ),
    "joint_open": lambda one, names: (
        ngettext(
            "In %(count)s case other bodies still have their part to do.",
            "In %(count)s cases other bodies still have their part to do.",
            one.values["count"],
        )
        % one.values
    ),
    "supervised_open": lambda one, names: (
        ngettext(
            "%(count)s case is under supervision.",
            "%(count)s cases are under supervision.",
            one.values["count"],
        )
        % one.values
    ),
    "rates": _rates,
    "fell": _fell,
    "returned": lambda one, names: (
        ngettext("%(count)s case was returned.", "%(count)s cases were returned.", one.values["count"])
        % one.values
    ),
    "reopened": lambda one, names: (
        ngettext("%(count)s case was reopened.", "%(count)s cases were reopened.", one.values["count"])
        % one.values
    ),
    "urged": lambda one, names: (
        ngettext("%(count)s case was urged.", "%(count)s cases were urged.", one.values["count"]) % one.values
    ),
    "hot": _hot,
    "repeat": _repeat,
}
