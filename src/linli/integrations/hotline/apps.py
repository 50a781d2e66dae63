from __future__ import annotations

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class HotlineConfig(AppConfig):
    """Work orders of the 12345 hotline, in and out."""

    name = "linli.integrations.hotline"
    label = "hotline"

    def ready(self) -> None:
        """Lead from the workbench's head and from the settings to this room's pages."""
        from linli.cases.pages import desk_beside, settings_beside  # noqa: PLC0415  (needs the tables of all rooms)
        from linli.integrations.hotline.access import READERS  # noqa: PLC0415  (as above)
        from linli.people import demo_beside  # noqa: PLC0415  (as above)

        desk_beside.register("hotline:desk", _("Hotline 12345"), icon="phone", roles=READERS, order=50)
        settings_beside.register(
            "hotline:settings",
            _("Hotline 12345"),
            _("Work orders in and out: how the hotline writes them, where its server is."),
            icon="phone",
            order=70,
        )
        demo_beside.register(
            demo_beside.Trial(
                _("The city's hotline 12345"),
                _("Send an order in as the hotline does, and see what comes back."),
                "phone",
                lambda: reverse("hotline:demo"),
                order=30,
            )
        )
