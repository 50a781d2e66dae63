from __future__ import annotations

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    """Work orders of the 12345 hotline, in and out."""

    name = "linli.integrations.hotline"
    label = "hotline"
