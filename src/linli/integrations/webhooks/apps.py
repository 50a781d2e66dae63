from __future__ import annotations

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    """Facts go out to other systems, signed."""

    name = "linli.integrations.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        """Lead from the settings to this room's pages."""
        from linli.cases.pages import settings_beside  # noqa: PLC0415  (needs the tables of all rooms)
        from linli.integrations.webhooks import telling  # noqa: PLC0415  (as above)
        from linli.notices.rules import kinds  # noqa: PLC0415  (as above)
        from linli.people import demo_beside  # noqa: PLC0415  (as above)

        settings_beside.register(
            "webhooks:endpoints",
            _("Webhooks"),
            _("Which other systems hear at once what happens here."),
            icon="send",
            order=60,
        )
        kinds.register(telling.PAUSED, telling.TEXTS)
        demo_beside.register(
            demo_beside.Trial(
                _("What webhooks deliver"),
                _("Each event on its way to another system, signed; come in as a leader first."),
                "send",
                lambda: reverse("webhooks:endpoints"),
                order=50,
            )
        )
