from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WechatConfig(AppConfig):
    """The WeChat official account: messages in, answers, notices, sign-in."""

    name = "linli.integrations.wechat"
    label = "wechat"

    def ready(self) -> None:
        """Lead from the settings to this room's pages."""
        from linli.cases.pages import settings_beside  # noqa: PLC0415  (needs the tables of all rooms)

        settings_beside.register(
            "wechat:settings",
            _("Official account"),
            _("The WeChat account, its menu, its notice templates, its own answers; what is wrong with it."),
            icon="speak",
            order=60,
        )
