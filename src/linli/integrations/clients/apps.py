from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClientsConfig(AppConfig):
    """Programs of other systems, with keys of their own."""

    name = "linli.integrations.clients"
    label = "clients"

    def ready(self) -> None:
        """Lead from the settings to this room's pages."""
        from linli.cases.pages import settings_beside  # noqa: PLC0415  (needs the tables of all rooms)

        settings_beside.register(
            "clients:clients",
            _("Connected systems"),
            _("Programs that work here with keys of their own: what they may, how much they ask."),
            icon="key",
            order=61,
        )
