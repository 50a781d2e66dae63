from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OidcConfig(AppConfig):
    """Staff sign in through an identity provider of their own."""

    name = "linli.integrations.oidc"
    label = "oidc"

    def ready(self) -> None:
        """Lead from the settings to this room's pages."""
        from linli.cases.pages import settings_beside  # noqa: PLC0415  (needs the tables of all rooms)

        settings_beside.register(
            "oidc:providers",
            _("Sign-in of staff"),
            _("Identity providers through which those who serve here come in."),
            icon="shield",
            order=62,
        )
