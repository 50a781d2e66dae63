from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class ControlRoomConfig(AppConfig):
    """The wall, the figures with their definitions, and the reports."""

    name = "linli.controlroom"
    label = "controlroom"

    def ready(self) -> None:
        """Lead from the workbench's head to the figures."""
        from linli.cases.pages import desk_beside  # noqa: PLC0415  (tables are known only now)
        from linli.controlroom.access import READERS  # noqa: PLC0415  (as above)

        desk_beside.register(
            "control-figures", pgettext_lazy("control room", "Figures"), icon="list", roles=READERS, order=20
        )
