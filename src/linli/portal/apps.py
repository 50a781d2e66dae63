from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PortalConfig(AppConfig):
    """The residents' home and the pages of places, put together from the rooms below."""

    name = "linli.portal"
    label = "portal"

    def ready(self) -> None:
        """Lead from the workbench to what the rooms beside the cases keep."""
        from linli.cases.pages import desk_beside  # noqa: PLC0415  (tables are known only now)
        from linli.grids.pages.nameplates import SHOWN  # noqa: PLC0415  (as above)
        from linli.grids.rules.duties import HANGERS  # noqa: PLC0415  (as above)
        from linli.groups.rules import KEEPERS  # noqa: PLC0415  (as above)
        from linli.kernel.access import STAFF_ROLES  # noqa: PLC0415  (as above)
        from linli.publishing.rules import AUTHORS  # noqa: PLC0415  (as above)

        desk_beside.register("publishing:desk", _("Announcements"), icon="document", roles=AUTHORS, order=55)
        desk_beside.register(
            "publishing:services",
            pgettext_lazy("services", "Services"),
            icon="document",
            roles=AUTHORS,
            order=54,
        )
        desk_beside.register("grids:nameplates", _("Nameplates"), icon="person", roles=SHOWN, order=57)
        desk_beside.register("grids:posters", _("Posters"), icon="qr", roles=HANGERS, order=58)
        desk_beside.register("groups:desk", _("Chat groups"), icon="people", roles=KEEPERS, order=56)
        desk_beside.register(
            "training:handbook", _("Handbook of grid work"), icon="document", roles=STAFF_ROLES, order=59
        )
        desk_beside.register("training:mine", _("Training"), icon="check", roles=STAFF_ROLES, order=60)
