from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TriageConfig(AppConfig):
    """Machine help for the desk: proposals with their reason, certainty and version; a person decides."""

    name = "linli.triage"
    label = "triage"

    def ready(self) -> None:
        """Lead from the workbench's head to this room's pages."""
        from linli.cases.pages import desk_beside  # noqa: PLC0415  (needs the tables of all rooms)
        from linli.triage.access import READERS  # noqa: PLC0415  (as above)

        desk_beside.register("triage:topics", _("Hot topics"), icon="speak", roles=READERS, order=20)
        desk_beside.register(
            "triage:repeats", _("What keeps coming back"), icon="return", roles=READERS, order=21
        )
        desk_beside.register(
            "triage:answers", _("Our answers"), icon="eye", roles=READERS | {"verifier"}, order=30
        )
        desk_beside.register(
            "triage:assistant", _("The assistant"), icon="settings", roles=READERS | {"admin"}, order=90
        )
