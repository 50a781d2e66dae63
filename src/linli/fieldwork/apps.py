from __future__ import annotations

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    """The daily work in the grids: visits, patrols, hand-overs, services."""

    name = "linli.fieldwork"
    label = "fieldwork"
