from __future__ import annotations

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class WechatConfig(AppConfig):
    """The WeChat official account: messages in, answers, notices, sign-in."""

    name = "linli.integrations.wechat"
    label = "wechat"

    def ready(self) -> None:
        """Lead from the settings to this room's pages."""
        from linli.cases.pages import settings_beside  # noqa: PLC0415  (needs the tables of all rooms)
        from linli.integrations.wechat.fake import house  # noqa: PLC0415  (as above)
        from linli.people import demo_beside  # noqa: PLC0415  (as above)

        settings_beside.register(
            "wechat:settings",
            _("Official account"),
            _("The WeChat account, its menu, its notice templates, its own answers; what is wrong with it."),
            icon="speak",
            order=60,
        )
        demo_beside.register(
            demo_beside.Trial(
                _("The chat of the official account"),
                _("Scan a building's code, report, ask how far it is, give your mark."),
                "speak",
                lambda: reverse("wechat:demo") if house.is_open() else "",
                order=20,
            )
        )
