"""What a community may want of the work in its grids."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.grids import words
from linli.grids.rules.wishes import DECLARED, Wish

WISHES = {
    "team_police": (
        Wish("flag", True),
        _("The police officer belongs to the grid team"),
        _("Then he or she may read and write visits and patrols of the grid."),
    ),
    "team_assistant": (
        Wish("flag", True),
        _("Grid assistants belong to the grid team"),
        _("Then they may read and write visits and patrols of the grid."),
    ),
    "team_building_head": (
        Wish("flag", False),
        _("Heads of buildings belong to the grid team"),
        _("Then they may read and write visits of their building."),
    ),
    "care_health": (
        Wish("flag", False),
        _("Care plans for reasons of health"),
        _(
            "Off unless the community needs it and may keep it. Only the leader makes them; only the planned worker and"
            " the leader see them."
        ),
    ),
    "patrol_days": (
        Wish("whole", 7, least=1, most=30),
        _("Days that positions of a patrol are kept"),
        _("Only those that the worker sent. Each worker may delete them at any time."),
    ),
    "patrol_hours": (
        Wish("whole", 4, least=1, most=12),
        _("Hours until a forgotten patrol ends by itself"),
        _("Counted from the last thing that happened on it."),
    ),
    "visit_words_days": (
        Wish("whole", 730, least=90, most=1825),
        _("Days that the words of a visit are kept"),
        _("Then only that it was made, why and how it went stays."),
    ),
}


def declare() -> None:
    """Add them to what communities may want."""
    for key, (wish, label, help_text) in WISHES.items():
        DECLARED[key] = wish
        words.WISHES[key] = (label, help_text, {})
