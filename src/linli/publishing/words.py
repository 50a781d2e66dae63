"""What the codes of announcements are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.publishing.rules import State

STATES = {
    State.STANDING: pgettext_lazy("announcements", "Standing"),
    State.COMING: pgettext_lazy("announcements", "To come"),
    State.PAST: pgettext_lazy("announcements", "Over"),
    State.WITHDRAWN: pgettext_lazy("announcements", "Taken down"),
}
FAULTS = {
    "missing": _("Write this in Chinese at least."),
    "half_english": _("English needs both a title and words, or neither."),
    "too_long": _("This is too long."),
    "personal": _(
        "Here is a personal number: an identity card, a mobile phone, a bank card, a licence plate or a"
        " private mail address. Everybody reads this, so leave it out; the number of an office may stand."
    ),
    "ends_before_it_begins": _("The last day is before the first."),
    "too_many_days": _("At most a year. Publish it again when it is over."),
}
