from __future__ import annotations

from django.apps import AppConfig


class Open311Config(AppConfig):
    """Open311 GeoReport v2: a server, and a client of other cities' servers."""

    name = "linli.integrations.open311"
    label = "open311"
