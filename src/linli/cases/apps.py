from __future__ import annotations

from django.apps import AppConfig

from linli.grids.rules import wishes


class CasesConfig(AppConfig):
    """A resident's word, from the report to the settled case."""

    name = "linli.cases"
    label = "cases"

    def ready(self) -> None:
        """Add what a community may want of its cases to the list of settings."""
        wishes.DECLARED["archive_days"] = wishes.Wish("whole", 180, least=30, most=3650)
