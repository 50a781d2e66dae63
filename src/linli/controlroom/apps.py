from __future__ import annotations

from django.apps import AppConfig


class ControlRoomConfig(AppConfig):
    """The wall, the figures with their definitions, and the reports."""

    name = "linli.controlroom"
    label = "controlroom"
