from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Where the rooms are joined: wiring, reactions, timetable, journeys."""

    name = "linli.site"
    label = "site"

    def ready(self) -> None:
        """Plug adapters into ports and reactions into facts, once, on one visible page each."""
        from linli.site import reactions, wiring  # noqa: PLC0415  (models must be ready first)

        wiring.connect()
        reactions.connect()
