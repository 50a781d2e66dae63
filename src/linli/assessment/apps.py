from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AssessmentConfig(AppConfig):
    """The grid workers' league: indicators, schemes, runs, scores that explain themselves, appeals."""

    name = "linli.assessment"
    label = "assessment"

    def ready(self) -> None:
        """Lead from the workbench and the settings to this room's pages."""
        from linli.assessment.access import MOVERS  # noqa: PLC0415  (needs the tables of all rooms)
        from linli.assessment.rules.subjects import TEAM_ROLES  # noqa: PLC0415  (as above)
        from linli.cases.pages import desk_beside, settings_beside  # noqa: PLC0415  (as above)

        desk_beside.register("assessment:desk", _("The league"), icon="list", roles=MOVERS, order=35)
        desk_beside.register("assessment:mine", _("My score"), icon="person", roles=TEAM_ROLES, order=36)
        settings_beside.register(
            "assessment:settings",
            pgettext_lazy("settings", "The league"),
            _("Schemes, ranking, who reads results, the community's 七清七掌握."),
            icon="list",
            order=60,
        )
