"""Why two cases look alike, or unlike, in words; the codes come from the machine behind the port `Likeness`."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from linli.cases.ports import Reason
from linli.cases.words import Words, label

#: Why the machine takes two cases for the same matter (or what speaks against it); ``%(value)s`` is filled in.
ALIKE_WHY: Words = {
    "thing": _("the same thing: %(value)s"),
    "other_thing": _("another thing: %(value)s"),
    "fault": _("the same trouble: %(value)s"),
    "other_fault": _("other trouble: %(value)s"),
    "half_said": _("only one of them says what is wrong"),
    "unsaid": _("neither says what is wrong"),
    "opposite": _("says the contrary: %(value)s"),
    "same_danger": _("both sound like the same danger"),
    "words": _("%(value)s %% of the words agree"),
    "same_building": _("both name building %(value)s"),
    "same_unit": _("both name unit %(value)s"),
    "same_floor": _("both name floor %(value)s"),
    "same_room": _("both name room %(value)s"),
    "same_gate": _("both name the gate %(value)s"),
    "same_side": _("both name the side %(value)s"),
    "same_road": _("both name %(value)s"),
    "same_level": _("both name level %(value)s"),
    "same_spot": _("both name spot %(value)s"),
    "same_lift": _("both name lift %(value)s"),
    "other_building": _("names building %(value)s"),
    "other_unit": _("names unit %(value)s"),
    "other_floor": _("names floor %(value)s"),
    "other_room": _("names room %(value)s"),
    "other_gate": _("names the gate %(value)s"),
    "other_side": _("names the side %(value)s"),
    "other_road": _("names %(value)s"),
    "other_level": _("names level %(value)s"),
    "other_spot": _("names spot %(value)s"),
    "other_lift": _("names lift %(value)s"),
    "near": _("%(value)s m apart"),
    "far": _("%(value)s m apart"),
    "same_place": _("the same place"),
    "within": _("one place lies within the other"),
    "other_place": _("another place"),
    "nowhere": _("the place is not known"),
    "same_category": _("the same category: %(value)s"),
    "same_branch": _("the same branch of categories"),
    "other_category": _("another category: %(value)s"),
    "days_between": _("%(value)s days between them"),
}


#: Reasons whose value is a category's code.
OF_CATEGORY = frozenset({"same_category", "same_branch", "other_category"})


def why_alike(reason: Reason, category: Callable[[str], str] = str) -> str:
    """A reason for or against two cases being the same matter, in words.

    :param category: gives the name of a category's code.
    """
    said = label(ALIKE_WHY, reason.code)
    value = category(reason.value) if reason.code in OF_CATEGORY else reason.value
    return said % {"value": value} if "%(" in said else said
