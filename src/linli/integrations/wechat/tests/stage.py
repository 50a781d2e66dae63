"""The stage of this room's tests: an account, the other side in the same process, and somebody who follows it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client

from linli.cases.models import Case
from linli.cases.tests.cast import Cast
from linli.integrations.wechat import platform
from linli.integrations.wechat.actions import sweeping
from linli.integrations.wechat.fake.platform import Account, Delivered, Platform
from linli.integrations.wechat.models import Follower, InboxMessage, OfficialAccount
from linli.kernel import outside, scope

APP_ID, KEY, ORIGINAL = "wx0123456789abcdef", "k3m9qwx0ab1zt2f7", "gh_0123456789ab"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TOKEN, SECRET = "a-token-of-tests", "a-secret-of-tests-0123456789"
ME = "oResident_0001"
AMR = b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50  # a second of silence


@dataclass
class Chat:
    """Somebody's chat with the account, and both sides of the wire."""

    cast: Cast
    account: OfficialAccount
    other: Platform
    now: datetime
    openid: str = ME

    def say(self, words: str) -> str:
        """Write a line; what is answered at once."""
        return self.other.text(APP_ID, self.openid, words).reply

    def picture(self, content: bytes) -> Delivered:
        """Send a picture."""
        return self.other.media(APP_ID, self.openid, "image", content, "image/jpeg")

    def follower(self, openid: str = "") -> Follower:
        """The row."""
        with self.inside():
            found = [row for row in Follower.objects.all() if row.openid == (openid or self.openid)]
        return found[0]

    def messages(self) -> list[InboxMessage]:
        """What was kept, in order."""
        with self.inside():
            return list(InboxMessage.objects.order_by("pk"))

    def cases(self) -> list[Case]:
        """What was reported by chat, the newest last."""
        with self.inside():
            return list(Case.objects.filter(channel="wechat").order_by("pk"))

    def sweep(self, **later: float) -> int:
        """Let the sweep run, perhaps later."""
        self.now += timedelta(**later)
        return sweeping.sweep(self.now)

    def told(self) -> list[str]:
        """Everything the account said, as the follower sees it."""
        return [words for _, mine, _, words, _ in self.other.chat(APP_ID, self.openid) if not mine]

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Work inside the community."""
        with scope.within([self.cast.here.id]):
            yield


def open_account(cast: Cast, *, mode: str = "aes", at: datetime) -> OfficialAccount:
    """The account's row."""
    with scope.within([cast.here.id]):
        return OfficialAccount.objects.create(
            community_id=cast.here.id,
            key=KEY,
            name="铝兴社区",
            original_id=ORIGINAL,
            app_id=APP_ID,
            secret=SECRET,
            token=TOKEN,
            aes_key=AES_KEY,
            mode=mode,
            changed_at=at,
        )


def other_side(client: Client, account: OfficialAccount, clock: Any, **more: Any) -> Platform:
    """The platform, which calls us by the test client and is called in the same process."""

    def asks(
        method: str, url: str, *, headers: Any, body: Any, seconds: float, most_bytes: int
    ) -> outside.Answer:
        parts = urlsplit(url)
        answer = client.generic(
            method, f"{parts.path}?{parts.query}", body or b"", content_type="text/xml", **more
        )
        return outside.Answer(answer.status_code, {}, answer.content)

    made = Platform(asks=asks, clock=clock)
    made.open_account(
        Account(
            APP_ID,
            SECRET,
            TOKEN,
            AES_KEY,
            account.mode,
            ORIGINAL,
            f"http://testserver/wechat/{KEY}/",
            account.name,
        )
    )
    platform.plug(way_to(made))
    return made


def way_to(made: Platform) -> Any:
    """Our way out, leading to the other side in this process."""

    def ask(
        method: str, url: str, *, headers: Any, body: Any, seconds: float, most_bytes: int
    ) -> outside.Answer:
        parts = urlsplit(url)
        answer = made.handle(method, parts.path, dict(parse_qsl(parts.query)), body or b"")
        if len(answer.body) > most_bytes:
            raise outside.Unreached("too_long", again=False)
        return answer

    return ask


def sound() -> bytes:
    """A voice as the platform keeps it."""
    return io.BytesIO(AMR).getvalue()
