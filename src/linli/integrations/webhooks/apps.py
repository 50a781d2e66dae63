from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Facts go out to other systems, signed."""

    name = "linli.integrations.webhooks"
    label = "webhooks"
