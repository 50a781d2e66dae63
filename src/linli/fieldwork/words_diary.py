"""What stands in a diary, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from linli.cases import words as case_words
from linli.fieldwork import words
from linli.fieldwork.rules.diary import Item, Kind
from linli.fieldwork.rules.words import Outcome, Purpose

KINDS = {
    Kind.PATROL: pgettext_lazy("diary", "Patrol"),
    Kind.VISIT: pgettext_lazy("diary", "Visit"),
    Kind.PUBLICITY: pgettext_lazy("diary", "Publicity"),
    Kind.HANDLING: pgettext_lazy("diary", "Handling"),
    Kind.SEARCH: pgettext_lazy("diary", "Looking for somebody"),
}
FAULTS = {
    "missing": pgettext_lazy("diary", "Write something here."),
    "too_long": pgettext_lazy("diary", "This is too long."),
    "copied": pgettext_lazy(
        "diary",
        "These are the words of %(limit)s again. What was done stands above already; write what was different.",
    ),
    "too_many": _("A day has room for twelve notes."),
    "no_such_kind": _("Choose what it was."),
    "in_the_future": pgettext_lazy("diary", "This day has not come yet."),
    "too_long_ago": _("Words are added within three days."),
}


def said(code: str, limit: str = "") -> str:
    """What is wrong, in words."""
    return str(FAULTS[code]) % {"limit": limit} if code == "copied" else str(FAULTS[code])


def of_item(item: Item, services: Mapping[str, str], courses: Mapping[str, str]) -> str:
    """One thing that was done.

    :param services: what kinds of help are called.
    :param courses: what courses are called.
    """
    what, _colon, rest = item.what.partition(":")
    if what == "visit":
        purpose, _colon, outcome = rest.partition(":")
        return f"{words.PURPOSES[Purpose(purpose)]} · {words.OUTCOMES[Outcome(outcome)]}"
    if what == "service":
        return services.get(rest, rest)
    if what == "case":
        return f"{case_words.label(case_words.VERBS, rest)} · {item.ref.partition(':')[2]}"
    if what == "course":
        return pgettext("diary", "Passed the course: %(course)s") % {"course": courses.get(rest, rest)}
    if what == "patrol":
        return pgettext("diary", "Patrol, findings: %(n)s") % {"n": item.count or 0}
    if what == "handover":
        return (
            pgettext("diary", "Handed work over") if rest == "given" else pgettext("diary", "Took work over")
        )
    return rest
