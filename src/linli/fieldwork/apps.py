from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from linli.fieldwork import wishes


class FieldworkConfig(AppConfig):
    """The daily work in the grids: visits, patrols, hand-overs, services."""

    name = "linli.fieldwork"
    label = "fieldwork"

    def ready(self) -> None:
        """Add what a community may want of it to the settings, and pages to the head of the workbench."""
        from linli.cases.pages import desk_beside, settings_beside  # noqa: PLC0415  (tables are known only now)
        from linli.fieldwork.access import CREW  # noqa: PLC0415  (as above)
        from linli.fieldwork.pages import diary, rechecks, services  # noqa: PLC0415  (as above)

        wishes.declare()
        desk_beside.register("fieldwork:today", _("My day"), icon="calendar", roles=CREW.roles, order=10)
        desk_beside.register("fieldwork:visits", _("Visits"), icon="home", roles=CREW.roles, order=30)
        desk_beside.register("fieldwork:patrol", _("Patrol"), icon="pin", roles=CREW.roles, order=31)
        desk_beside.register(
            "fieldwork:handovers", _("Hand-overs"), icon="people", roles=CREW.roles, order=32
        )
        desk_beside.register("fieldwork:diary", _("Diary"), icon="list", roles=diary.WHO.roles, order=33)
        desk_beside.register(
            "fieldwork:services",
            _("Help given to residents"),
            icon="people",
            roles=services.WHO.roles,
            order=34,
        )
        desk_beside.register(
            "fieldwork:rechecks", _("Re-visits"), icon="check", roles=rechecks.WHO.roles, order=35
        )
        settings_beside.register(
            "fieldwork:service_kinds",
            _("Kinds of help"),
            _("What colleagues may write down as help to residents."),
            icon="people",
        )
