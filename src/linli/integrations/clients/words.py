"""What the codes of this room are called on pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.cases import words as cases
from linli.grids import words as grids
from linli.people import words as people

Words = Mapping[str, str | Lazy]

NO_ROLE = pgettext_lazy("client", "None: what everybody may, and what it reported itself")
WRONGS: Words = {
    "name.missing": pgettext_lazy("client", "Give it a name."),
    "name.taken": _("A connected system of this name is there already."),
    "organisation.unknown": _("Choose the organisation whose system it is."),
    "owner.unknown": _("Choose somebody who serves here."),
    "place.unknown": _("Choose a place of this community."),
    "place.whole_community": _(
        "This role is not bounded by a place: choose the whole community, or the role of an assistant."
    ),
    "role.unknown": _("A program cannot have this role."),
    "scopes.unknown": _("Choose at least one thing it may do."),
    "days.unknown": _("Choose how long the key works."),
    "hours.unknown": _("Choose how long former keys still work."),
    "per_minute.unknown": _("Choose how often it may ask."),
    "clients.too_many": _("At most %(limit)s connected systems at a time. End one first."),
}
OVERLAPS: Words = {
    "0": _("Not at all: they are void now"),
    "24": _("For one day"),
    "168": _("For seven days"),
}


def role(code: str) -> str:
    """What a program's role is called."""
    return str(people.ROLES[code]) if code else str(NO_ROLE)


def wrong(code: str, *, field: str = "", limit: str = "") -> str:
    """What is wrong with a field, in words."""
    own = WRONGS.get(f"{field}.{code}")
    if own:
        return str(own) % {"limit": limit}
    return str(grids.FAULTS[code]) if code in grids.FAULTS else cases.wrong(code, field=field, limit=limit)
