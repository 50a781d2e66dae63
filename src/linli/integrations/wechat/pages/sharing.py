"""Which pages are shared through an official account: those that say what they are, opened in WeChat's own browser."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from linli.integrations.wechat import accounts
from linli.kernel import scope

BROWSER = "MicroMessenger"


class Accounts:
    """By community the key of its account, asked for by the head of a page; nothing outside WeChat."""

    def __init__(self, request: HttpRequest) -> None:
        self._inside = BROWSER in request.headers.get("User-Agent", "")
        self.script: str = settings.LINLI_WECHAT_SCRIPT

    def get(self, community_id: object) -> str:
        """The key under which addresses are signed; empty for none."""
        if not self._inside or not isinstance(community_id, int):
            return ""
        with scope.within([community_id]):
            account = accounts.of(community_id)
        return account.key if account is not None and account.on else ""
