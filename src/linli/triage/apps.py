from __future__ import annotations

from django.apps import AppConfig


class TriageConfig(AppConfig):
    """Machine help for the desk: proposals with their reason, certainty and version; a person decides."""

    name = "linli.triage"
    label = "triage"
