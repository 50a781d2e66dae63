"""How figures and definitions are said, in the reader's language; the words are made from the values themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from linli.controlroom import words
from linli.controlroom.rules.definitions import USES, Definition
from linli.controlroom.rules.figures import Figure


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a definition decides."""

    field: str
    label: str
    said: str


def value(figure: Figure) -> str:
    """The value with its unit; a dash where there is nothing to measure."""
    return amount(figure.value, figure.unit)


def amount(number: float | None, unit: str) -> str:
    """A number in its unit: 98.1 %, 12, 30.5 hours."""
    if number is None:
        return "–"
    if unit == "share":
        return f"{number * 100:.1f} %"
    return f"{number:,.0f}" if unit in {"cases", "people"} else f"{number:,.1f}"


def unit(code: str) -> str:
    """The unit behind the number, where the number does not say it."""
    return "" if code == "share" else words.label(words.UNITS, code)


def parts(figure: Figure) -> str:
    """What a share was made of: 31 of 40."""
    if figure.numerator is None or figure.denominator is None or figure.unit != "share":
        return ""
    return _("%(yes)s of %(all)s") % {"yes": f"{figure.numerator:,}", "all": f"{figure.denominator:,}"}


def marks(figure: Figure) -> list[str]:
    """What a reader must know of this value."""
    said = {
        "below_floor": _("%(rate)s is below its floor"),
        "rescaled": _("%(rate)s has nothing to measure; the others weigh more"),
        "not_measured": _("%(rate)s has nothing to measure, so there is no score"),
    }
    found = []
    for mark in figure.marks:
        what, _colon, code = mark.partition(":")
        found.append(said[what] % {"rate": words.label(words.FIGURES, code)})
    return found


def reasons(figure: Figure) -> list[tuple[str, int]]:
    """Why cases are left out, each with their number."""
    return [(words.label(words.REASONS, code), count) for code, count in figure.reasons]


def several(said: Iterable[str]) -> str:
    """A list as people write it."""
    return pgettext("between the items of a list", ", ").join(said)


def definition(one: Definition) -> list[Line]:
    """Everything a definition decides, in words, in the order of its fields."""
    said = {name: _SAID[name](one) for name in USES[one.code]}
    return [Line(name, words.label(words.DECIDED, name), text) for name, text in said.items() if text]


def _left_out(one: Definition) -> str:
    return several(words.label(words.LEFT_OUT, name) for name in one.leave_out) or _("nothing")


def _promises(one: Definition) -> str:
    kept = several(words.label(words.PROMISES, name) for name in one.promises)
    return kept if len(one.promises) == 1 else _("all of these: %(list)s") % {"list": kept}


def _weights(one: Definition) -> str:
    return several(f"{words.label(words.FIGURES, code)} {part} %" for code, part in one.weights)


def _floors(one: Definition) -> str:
    low = several(
        _("%(rate)s at least %(least)s %%") % {"rate": words.label(words.FIGURES, code), "least": least}
        for code, least in one.floors
    )
    return low or _("none")


def _floor_zeroes(one: Definition) -> str:
    if not one.floors:
        return ""
    return _("the score is 0") if one.floor_zeroes else _("the score is marked")


_SAID: dict[str, Callable[[Definition], str]] = {
    "counted_on": lambda one: words.label(words.COUNTED_ON, one.counted_on),
    "promises": _promises,
    "leave_out": _left_out,
    "approved_out": lambda one: _("left out") if one.approved_out else _("counted all the same"),
    "unreachable": lambda one: words.label(words.HANDLINGS, one.unreachable),
    "silent": lambda one: words.label(words.HANDLINGS, one.silent),
    "source": lambda one: words.label(words.SOURCES, one.source),
    "stars": lambda one: _("at least %(n)s of 5 stars") % {"n": one.stars},
    "window_days": lambda one: (
        ngettext(
            "settled within %(n)s day before the report",
            "settled within %(n)s days before the report",
            one.window_days,
        )
        % {"n": one.window_days}
    ),
    "owner": lambda one: words.label(words.OWNERS, one.owner),
    "weights": _weights,
    "floors": _floors,
    "floor_zeroes": _floor_zeroes,
    "rescale": lambda one: (
        _("it is left out and the others weigh more") if one.rescale else _("there is no score")
    ),
}
