"""What the codes of re-visits are called, and what a signal says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.fieldwork.rules.aiming import RANDOM, SIGNAL
from linli.fieldwork.rules.rechecks import Found, State
from linli.fieldwork.rules.signals import Code

RECORDS = {
    "visit": pgettext_lazy("record", "Visit"),
    "service": pgettext_lazy("record", "Service"),
    "patrol": pgettext_lazy("record", "Patrol"),
    "head_count": pgettext_lazy("record", "Count of a group"),
    "case": pgettext_lazy("record", "Handled case"),
}
DRAWN = {
    RANDOM: pgettext_lazy("re-visit", "by lot"),
    SIGNAL: pgettext_lazy("re-visit", "something unusual"),
}
FOUND = {
    Found.TRUE: pgettext_lazy("re-visit", "As it was written"),
    Found.MISTAKEN: pgettext_lazy("re-visit", "A mistake that nobody meant"),
    Found.FALSE: pgettext_lazy("re-visit", "It seems not to have happened"),
    Found.UNCLEAR: pgettext_lazy("re-visit", "Could not be found out"),
}
OUTCOMES = {
    Found.TRUE: pgettext_lazy("re-visit", "The record is right"),
    Found.MISTAKEN: pgettext_lazy("re-visit", "A mistake, not held against anybody"),
    Found.FALSE: pgettext_lazy("re-visit", "The record is false"),
}
STATES = {
    State.TO_VISIT: pgettext_lazy("re-visit", "To visit"),
    State.TO_ANSWER: pgettext_lazy("re-visit", "The worker may answer"),
    State.TO_VISIT_AGAIN: pgettext_lazy("re-visit", "To visit by a second person"),
    State.TO_DECIDE: pgettext_lazy("re-visit", "To decide"),
    State.OVER: pgettext_lazy("re-visit", "Over"),
}
SIGNALS = {
    Code.TEXT_OWN: _("%(records)s records of the same person have nearly the same words (%(signs)s signs)."),
    Code.TEXT_OTHER: _(
        "%(records)s records of %(people)s people have nearly the same words (%(signs)s signs)."
    ),
    Code.PICTURE: _("A picture looks like one of another record (%(bits)s of 64 points differ)."),
    Code.OVERLAP: _("At two doors at the same time, for %(minutes)s minutes."),
    Code.TRAVEL: _("%(metres)s metres from one door to the next in %(seconds)s seconds."),
    Code.TOO_SHORT: _("Over after %(seconds)s seconds."),
    Code.NIGHT: _("In the night, about %(hour)s o'clock."),
    Code.BURST: _("%(records)s records written within minutes, %(hours)s hours and more afterwards."),
    Code.HEAPED: _("%(heaped)s of %(values)s counts end on 0 or 5."),
    Code.SAME_COUNT: _("The same count %(times)s times in a row."),
    Code.ONE_NUMBER: _("One phone is left at several doors (%(records)s records)."),
    Code.DENIED: _("The resident says that it did not happen."),
}
FAULTS = {
    "too_few_words": _("Say it in at least six signs."),
    "too_long": pgettext_lazy("re-visit", "This is too long."),
    "not_yet": _("Not at this point: look again at what comes next."),
    "over": _("This is over."),
    "answered": _("You have answered already."),
    "not_able": _("This person cannot go: of the same team, or there already."),
    "no_such_outcome": _("Choose how it ends."),
    "not_found_false": _("Nobody found it false."),
    "nobody_was_there": _("Nobody other than the worker was there."),
    "not_found_twice": _(
        "The worker does not agree, and a second person has not found it false: so it cannot be called false."
    ),
}


def said(code: str) -> str:
    """What is wrong, in words."""
    return str(FAULTS[code])


def of_signal(row: Sequence[Any]) -> tuple[str, int]:
    """A signal in words, and how certain the pattern is, in percent."""
    code, certainty, figures = row[0], row[1], row[2]
    held: Mapping[str, Any] = figures if isinstance(figures, dict) else {}
    return str(SIGNALS[Code(code)]) % held, round(100 * certainty)
