from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The residents' home and the pages of places, put together from the rooms below."""

    name = "linli.portal"
    label = "portal"
