"""What the codes of services are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.fieldwork.rules.services import Called, State, Way

STATES = {
    State.UNCONFIRMED: pgettext_lazy("service", "Not confirmed"),
    State.CONFIRMED: pgettext_lazy("service", "Confirmed"),
    State.DENIED: pgettext_lazy("service", "Denied by the resident"),
    State.WITHDRAWN: pgettext_lazy("service", "Taken back"),
}
WAYS = {
    Way.TAP: pgettext_lazy("service", "on the page"),
    Way.CODE: pgettext_lazy("service", "by a code read out"),
    Way.CALL_BACK: pgettext_lazy("service", "on the phone"),
}
SAID = {
    Called.YES: pgettext_lazy("service", "It happened"),
    Called.NO: pgettext_lazy("service", "It did not happen"),
    Called.NOT_REACHED: pgettext_lazy("service", "Nobody was reached"),
    Called.WONT_SAY: pgettext_lazy("service", "Does not want to say"),
}
FAULTS = {
    "missing": pgettext_lazy("service", "Write something here."),
    "too_long": pgettext_lazy("service", "This is too long."),
    "no_such_kind": _("Choose a kind of help that is given here now."),
    "door_or_phone": _("Say who was helped: a door or a phone, one of them."),
    "no_phone": _("This is not a mobile number."),
    "your_own": _("This is your own number."),
    "other_grid": _("This door lies in another grid."),
    "in_the_future": _("This has not come yet."),
    "too_long_ago": _("Help is written down within seven days."),
    "answered": _("The resident has answered already, or it was taken back."),
    "too_late": _("So long afterwards nothing is changed any more."),
    "no_code": _("A code has six digits."),
    "wrong": _("This code is wrong. Ask for it once more."),
    "over": _("There is no code that works now. Ask the resident to show a new one."),
    "not_drawn": _("This one was not drawn to be called."),
    "not_denied": _("The resident has not denied it."),
    "replied": _("You have answered already."),
    "back_dated": _("Nothing is changed for days that are over."),
    "before_it_begins": _("It would end before it begins."),
}


def said(code: str, limit: str = "") -> str:
    """What is wrong, in words."""
    return str(FAULTS[code])
