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
    "service_call_percent": (
        Wish("whole", 20, least=0, most=100),
        _("Services called back, in percent"),
        _("By lot, where the resident has not answered within two days; by somebody other than the helper."),
    ),
    "recheck_random_percent": (
        Wish("whole", 3, least=1, most=50),
        _("Records looked at again by lot, in percent"),
        _("Of each week's records, whoever made them and whatever they look like."),
    ),
    "recheck_aimed_percent": (
        Wish("whole", 3, least=0, most=20),
        _("Records looked at again where something is unusual, in percent"),
        _("At most so many of each week's records, beside those drawn by lot."),
    ),
    "recheck_aimed_each": (
        Wish("whole", 3, least=1, most=10),
        _("At most so many of one person and week"),
        _("Of the records looked at again because something is unusual: nobody is besieged."),
    ),
    "recheck_answer_days": (
        Wish("whole", 5, least=3, most=20),
        _("Working days to answer what a re-visit found"),
        _("Until then nobody decides anything."),
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
