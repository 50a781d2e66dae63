from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """Telling people: who hears what, when, by which road, and how it went."""

    name = "linli.notices"
    label = "notices"

    def ready(self) -> None:
        """Say what a community may want of being told."""
        from linli.cases.pages import desk_beside, settings_beside  # noqa: PLC0415  (tables are known only now)
        from linli.grids import words as grid_words  # noqa: PLC0415  (as above)
        from linli.grids.rules import wishes  # noqa: PLC0415  (as above)
        from linli.notices.access import WATCHERS  # noqa: PLC0415  (as above)

        desk_beside.register("notices:deliveries", _("What was told"), icon="bell", roles=WATCHERS, order=60)
        settings_beside.register(
            "notices:settings",
            _("Telling people"),
            _("Who hears what, by which road, in which words; robots in groups of colleagues."),
            icon="bell",
            order=40,
        )

        wishes.DECLARED["digest_hour"] = wishes.Wish("whole", 18, least=6, most=21)
        grid_words.WISHES["digest_hour"] = (
            _("Hour of the daily digest"),
            _("Who wants their messages once a day gets them from this hour on."),
            {},
        )
        wishes.DECLARED["notices_days"] = wishes.Wish("whole", 365, least=30, most=1095)
        grid_words.WISHES["notices_days"] = (
            _("Keep what was told"),
            _("For so many days people and the desk can look up what was told to whom, and how it went."),
            {},
        )
