from __future__ import annotations

from django.apps import AppConfig


class WechatConfig(AppConfig):
    """The WeChat official account: messages in, answers, notices, sign-in."""

    name = "linli.integrations.wechat"
    label = "wechat"
