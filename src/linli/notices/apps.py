from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Telling people: who hears what, when, by which road, and how it went."""

    name = "linli.notices"
    label = "notices"
