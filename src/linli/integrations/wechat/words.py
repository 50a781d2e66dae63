"""Codes of this room in words."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

HINDRANCES: dict[str, Callable[[], str]] = {
    "bound_to_another": lambda: _("This WeChat identity belongs to another account with a phone of its own. Untie it "
            "there first."),
    "only_way_in": lambda: _("WeChat is the only way into this account. Add your phone first, then untie it."),
    "bound_already": lambda: _("This WeChat identity is tied to an account already."),
    "nobody": lambda: _("Please sign in again."),
    "on_duty": lambda: _("The other account holds a duty; it has to end first."),
}  # fmt: skip


def hindrance(code: str) -> str:
    """Why something cannot be done."""
    told = HINDRANCES.get(code)
    return told() if told else code
