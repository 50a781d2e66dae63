"""The Django application of the places."""

from __future__ import annotations

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class GridsConfig(AppConfig):
    """Places, duties, memberships and the community's own settings."""

    name = "linli.grids"
    label = "grids"
    verbose_name = _("Places and duties")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Lead from a demo's front door to a poster."""
        from linli.people import demo_beside  # noqa: PLC0415  (tables are known only now)

        demo_beside.register(
            demo_beside.Trial(
                _("A building's poster"),
                _("The link in its code: it opens here as on the phone of somebody who scans it."),
                "qr",
                _some_poster,
                order=10,
            )
        )


def _some_poster() -> str:
    """The address in the code of the first building; empty while there are no places."""
    from linli.grids import queries  # noqa: PLC0415  (as above)

    held = queries.communities()
    found = next((one for one in queries.buildings(held[-1].id) if one.qr_code), None) if held else None
    return reverse("grids:scan", args=[found.qr_code]) if found else ""
