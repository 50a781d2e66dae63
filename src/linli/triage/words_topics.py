"""Topics, repeat problems and lasting fixes in words, in both languages."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from linli.cases import words as cases
from linli.cases.words import Words
from linli.faces import words as faces
from linli.triage.queries.problems import FixRow, RepeatProblem

FIX_STATES: Words = {
    "planned": pgettext_lazy("lasting fix", "Planned"),
    "under_way": pgettext_lazy("lasting fix", "Under way"),
    "done": pgettext_lazy("lasting fix", "Done"),
    "given_up": pgettext_lazy("lasting fix", "Given up"),
}
WRONGS: Words = {
    "ends_before": _("It would end before it begins."),
    "tied_already": _("This case is tied to another lasting fix."),
    "over": _("This lasting fix is over; choose another or write a new one."),
    "itself": _("Choose another topic."),
    "head.unknown": _("Choose an open case of this topic."),
    "number.unknown": _("There is no case with this number here."),
    "into.unknown": _("That topic is no longer here."),
    "until_date.too_far": _("That is more than ten years."),
}
#: Why a case could not be merged, beyond what cases says.
HINDRANCES: Words = {"gone": _("It is no longer here.")}


def wrong(code: str, *, field: str = "", limit: str = "") -> str:
    """What is wrong with a field, in words."""
    held = WRONGS.get(f"{field}.{code}") or WRONGS.get(code)
    return str(held) if held else cases.wrong(code, field=field, limit=limit)


def why_not(code: str) -> str:
    """Why a case stays out of a joint case."""
    if code in HINDRANCES:
        return str(HINDRANCES[code])
    return cases.label(cases.HINDRANCES, code) if code in cases.HINDRANCES else wrong(code)


def fix_state(code: str) -> str:
    """How far a lasting fix is."""
    return cases.label(FIX_STATES, code)


def waits_for(fix: FixRow) -> str:
    """That a case is tied to a lasting fix."""
    said = gettext("Lasting fix: %(title)s (%(state)s, until %(day)s).")
    return said % {"title": fix.title, "state": fix_state(fix.state), "day": f"{fix.until_date}"}


def comes_back(one: RepeatProblem) -> str:
    """That a problem keeps coming back: how often, since when."""
    since = faces.exact_time(one.first_at).partition(" ")[0]
    said = ngettext(
        "This keeps coming back: %(n)s time since %(day)s.",
        "This keeps coming back: %(n)s times since %(day)s.",
        one.times,
    )
    return said % {"n": one.times, "day": since}


def many_write(words: str, cases: int) -> str:
    """That a case belongs to a hot topic."""
    said = ngettext(
        "Part of a hot topic: %(words)s (%(n)s report)",
        "Part of a hot topic: %(words)s (%(n)s reports)",
        cases,
    )
    return said % {"words": words, "n": cases}


def lasting(one: RepeatProblem) -> str:
    """What is done about it for good; empty when nothing is."""
    return waits_for(one.fix) if one.fix else ""
