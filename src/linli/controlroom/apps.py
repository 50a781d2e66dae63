from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ControlRoomConfig(AppConfig):
    """The wall, the figures with their definitions, and the reports."""

    name = "linli.controlroom"
    label = "controlroom"

    def ready(self) -> None:
        """Lead from the workbench's head to the wall and the figures."""
        from linli.cases.pages import desk_beside  # noqa: PLC0415  (tables are known only now)
        from linli.controlroom.access import READERS  # noqa: PLC0415  (as above)
        from linli.grids import words as grid_words  # noqa: PLC0415  (as above)
        from linli.grids.rules import wishes  # noqa: PLC0415  (as above)

        watchers = ("dispatcher", "community_leader", "auditor", "police")
        desk_beside.register(
            "controlroom:wall",
            pgettext_lazy("control room", "The wall"),
            icon="map",
            roles=watchers,
            order=10,
        )
        desk_beside.register(
            "control-figures", pgettext_lazy("control room", "Figures"), icon="list", roles=READERS, order=20
        )
        desk_beside.register("control-briefs", _("Briefs"), icon="calendar", roles=READERS, order=25)
        desk_beside.register("control-what-if", _("What if"), icon="split", roles=READERS, order=26)
        desk_beside.register("control-exclusions", _("Cases left out"), icon="cross", roles=READERS, order=27)
        wishes.DECLARED["brief_hour"] = wishes.Wish("whole", 7, least=0, most=23)
        grid_words.WISHES["brief_hour"] = (
            _("Hour of the morning's brief"),
            _("From this hour on, yesterday's brief can be read; on Mondays the week's as well."),
            {},
        )
