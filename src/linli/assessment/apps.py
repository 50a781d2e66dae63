from __future__ import annotations

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    """The grid workers' league: indicators, schemes, runs, scores that explain themselves, appeals."""

    name = "linli.assessment"
    label = "assessment"
