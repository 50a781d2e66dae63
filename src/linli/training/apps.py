from __future__ import annotations

from django.apps import AppConfig


class TrainingConfig(AppConfig):
    """The handbook of those who serve in the grids, courses, tests and certificates."""

    name = "linli.training"
    label = "training"
