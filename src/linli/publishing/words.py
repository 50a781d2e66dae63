"""What the codes of announcements are called."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from linli.faces.words_media import told
from linli.publishing.ports import About
from linli.publishing.rules import State, Tell

STATES = {
    State.STANDING: pgettext_lazy("announcements", "Standing"),
    State.COMING: pgettext_lazy("announcements", "To come"),
    State.PAST: pgettext_lazy("announcements", "Over"),
    State.WITHDRAWN: pgettext_lazy("announcements", "Taken down"),
}
TELL = {
    Tell.NO: _("No message: it stands on the pages"),
    Tell.USUAL: _("A message by WeChat or e-mail, outside of quiet hours"),
    Tell.URGENT: _("Urgent: at any hour, and by SMS where nothing else reaches them"),
}
ABOUT = {
    About.FIRST: pgettext_lazy("announcements", "The announcement"),
    About.CORRECTION: pgettext_lazy("announcements", "The correction"),
    About.WITHDRAWAL: pgettext_lazy("announcements", "That it no longer holds"),
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
    "too_many_files": _("At most six files."),
    "not_yours": _("Only a leader, an administrator or a dispatcher may do this."),
    "too_many_days": _("At most a year. Publish it again when it is over."),
}


def corrected(title: str, language: str) -> str:
    """The title under which people are told of a correction."""
    with translation.override(language):
        return pgettext("announcements", "Correction: %(title)s") % {"title": title}


def withdrawn(title: str, language: str) -> tuple[str, str]:
    """Title and words by which people are told that an announcement no longer holds."""
    with translation.override(language):
        return (
            pgettext("announcements", "No longer holds: %(title)s") % {"title": title},
            pgettext("announcements", "What you were told before no longer holds."),
        )


def turned(code: str, *, limit: str = "", sent: str = "") -> str:
    """Why a file was not taken."""
    if code in {"media.unknown_type", "media.kind_not_wanted"}:
        return pgettext("announcements", "Pictures (JPG, PNG, WebP) and PDF can be taken.")
    return told(code, limit=limit, sent=sent)
