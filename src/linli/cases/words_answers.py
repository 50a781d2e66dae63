"""What there may be to say about an answer, in words; each says what would help."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.cases.ports import Remark
from linli.cases.words import Words, label
from linli.cases.words_wrongs import WRONGS

REMARKS: Words = {
    "personal_data": _("It holds personal data: take it out."),
    "placeholder": _("Something is still to be filled in: %(value)s"),
    "too_short": _("Too short to help: say what was found and what was done."),
    "too_long": _("Long: more than %(value)s characters are hardly read. Put the result first."),
    "off_topic": _("It does not speak of what was asked: %(value)s"),
    "copied": _("It repeats the resident's own words."),
    "no_action": _("It does not say what was done, or what holds."),
    "no_reason": _("It does not say why, or where else the resident can go."),
    "no_time": _("It does not say when."),
    "no_actor": _("It does not say who did it."),
    "empty_promise": _("A promise without a day: %(value)s"),
    "stock_phrases": _("%(value)s percent of it are set phrases."),
    "repeated": _("%(value)s others were told nearly the same lately."),
    "blame": _("It sounds like a reproach: %(value)s"),
    "shouting": _("It shouts: %(value)s"),
    "no_way_back": _("It does not say how to ask again."),
}


def say(remark: Remark) -> str:
    """A remark in the reader's language."""
    held = f"holds_{remark.value}"
    if remark.grave and held in WRONGS:
        return label(WRONGS, held)
    return label(REMARKS, remark.code).replace("%(value)s", remark.value).rstrip(" :：")
