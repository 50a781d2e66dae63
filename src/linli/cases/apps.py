from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """A resident's word, from the report to the settled case."""

    name = "linli.cases"
    label = "cases"
