from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from linli.grids.rules import wishes
from linli.kernel.access import STAFF_ROLES

CALLED_BY = frozenset({"verifier", "dispatcher", "community_leader", "auditor"})


class CasesConfig(AppConfig):
    """A resident's word, from the report to the settled case."""

    name = "linli.cases"
    label = "cases"

    def ready(self) -> None:
        """Add what a community may want of its cases to the settings, and pages to the head of the workbench."""
        from linli.cases.pages import desk_beside  # noqa: PLC0415  (tables are known only now)

        desk_beside.register(
            "cases:whistles", _("Whistles"), icon="bell", roles=STAFF_ROLES - {"admin"}, order=20
        )
        desk_beside.register("cases:callbacks", _("Call-backs"), icon="phone", roles=CALLED_BY, order=21)
        wishes.DECLARED["archive_days"] = wishes.Wish("whole", 180, least=30, most=3650)
        # How long a reporter waits before asking again how it goes.
        wishes.DECLARED["urge_hours"] = wishes.Wish("whole", 24, least=1, most=240)
        # How often more time, a pause, a hang may be granted under one promise.
        wishes.DECLARED["extend_times"] = wishes.Wish("whole", 2, least=0, most=20)
        wishes.DECLARED["pause_times"] = wishes.Wish("whole", 3, least=0, most=20)
        wishes.DECLARED["hang_times"] = wishes.Wish("whole", 2, least=0, most=20)
        # After how many minutes an alarm nobody answered goes on to more people.
        wishes.DECLARED["alarm_minutes"] = wishes.Wish("whole", 3, least=1, most=60)
        wishes.DECLARED["whistle_grace_minutes"] = wishes.Wish("whole", 15, least=0, most=120)
