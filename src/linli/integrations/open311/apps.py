from __future__ import annotations

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Open311Config(AppConfig):
    """Open311 GeoReport v2: a server, and a client of other cities' servers."""

    name = "linli.integrations.open311"
    label = "open311"

    def ready(self) -> None:
        """Lead from the settings to this room's pages."""
        from linli.cases.pages import settings_beside  # noqa: PLC0415  (needs the tables of all rooms)
        from linli.people import demo_beside  # noqa: PLC0415  (as above)

        settings_beside.register(
            "open311:settings",
            "Open311",
            _("Other apps report here; cases go on to other cities."),
            icon="globe",
            order=65,
        )
        demo_beside.register(
            demo_beside.Trial(
                _("Open311 for other apps"),
                _("The services and the address; the key stands where the demo was started."),
                "globe",
                lambda: reverse("open311:about"),
                order=40,
            )
        )
