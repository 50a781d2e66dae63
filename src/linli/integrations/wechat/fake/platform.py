"""The other side, played strictly: accounts, followers, tokens, the calls it takes and the calls it makes.

It keeps its own books, knows nothing of our tables, and refuses what the platform refuses. Faults are switched on for a
test or from the demo's page.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from linli.integrations.wechat.fake import wire
from linli.integrations.wechat.fake.books import Account, No
from linli.integrations.wechat.fake.calls import Desk
from linli.kernel import outside

__all__ = ["FAULTS", "Account", "Delivered", "No", "Platform"]

RETRIES = 3
WAITS_SECONDS = 5.0
SORRY = "该公众号暂时无法提供服务，请稍后再试"
Asks = Callable[..., outside.Answer]
#: What can be switched on. A number says how often it strikes; ``code:<end of a path>`` holds ``40001x2``: that, twice.
FAULTS = ("slow_api", "down", "duplicate", "lost_answer", "wrong_signature", "skew")


@dataclass(slots=True)
class Delivered:
    """What became of one message to the account: every answer it gave, and the passive reply that was shown."""

    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    reply: str = ""


class Platform(Desk):
    """The other side.

    :param where: a file for its books; None keeps them in memory.
    :param asks: how it calls; the way out of the kernel unless a test gives another.
    """

    def __init__(
        self, where: Path | None = None, *, asks: Asks | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__(where, clock=clock)
        self._asks = asks or outside.ask
        self.calls = []

    # --- what a person does ------------------------------------------------------------------------------------------

    def text(self, app_id: str, openid: str, words: str) -> Delivered:
        """Somebody writes a line."""
        return self._message(app_id, openid, "text", words, {"Content": words})

    def media(
        self, app_id: str, openid: str, kind: str, content: bytes, type_: str, name: str = ""
    ) -> Delivered:
        """Somebody sends a picture or a voice (``image``, ``voice``)."""
        media_id = self.keep(app_id, content, type_)
        more = {"PicUrl": f"https://mmbiz.example/{media_id}"} if kind == "image" else {"Format": "amr"}
        return self._message(app_id, openid, kind, name or media_id, {"MediaId": media_id, **more})

    def keep(self, app_id: str, content: bytes, type_: str) -> str:
        """A file on the platform for three days; gives its id."""
        media_id = secrets.token_urlsafe(24)
        self.rows(
            "INSERT INTO media VALUES (?,?,?,?,?)", media_id, app_id, type_, content, self.clock() + 3 * 86400
        )
        return media_id

    def location(self, app_id: str, openid: str, lon: float, lat: float, label: str = "") -> Delivered:
        """Somebody sends a position (GCJ-02)."""
        point = {"Location_X": f"{lat:.6f}", "Location_Y": f"{lon:.6f}", "Scale": "16", "Label": label}
        return self._message(app_id, openid, "location", label or f"{lon:.5f}, {lat:.5f}", point)

    def other(self, app_id: str, openid: str, kind: str) -> Delivered:
        """Somebody sends something else: ``video``, ``link`` …"""
        return self._message(app_id, openid, kind, kind, {"MediaId": "x", "ThumbMediaId": "y"})

    def follow(self, app_id: str, openid: str, scene: str = "") -> Delivered:
        """Somebody follows the account, perhaps by scanning a parametric code."""
        self.know(app_id, openid)
        self.rows("UPDATE follower SET follows=1 WHERE app_id=? AND openid=?", app_id, openid)
        self.open_window(app_id, openid, 3)
        ticket = {"Ticket": secrets.token_hex(16)} if scene else {}
        return self._event(
            app_id, openid, "subscribe", {"EventKey": f"qrscene_{scene}" if scene else "", **ticket}
        )

    def unfollow(self, app_id: str, openid: str) -> Delivered:
        """Somebody leaves."""
        self.rows(
            "UPDATE follower SET follows=0, left=0, open_until=0 WHERE app_id=? AND openid=?", app_id, openid
        )
        return self._event(app_id, openid, "unsubscribe", {"EventKey": ""})

    def scan(self, app_id: str, openid: str, scene: str) -> Delivered:
        """Somebody scans a parametric code: a follower scans, others follow by it."""
        if not self.follows(app_id, openid):
            return self.follow(app_id, openid, scene)
        self.open_window(app_id, openid, 3)
        return self._event(app_id, openid, "SCAN", {"EventKey": scene, "Ticket": secrets.token_hex(16)})

    def click(self, app_id: str, openid: str, key: str, kind: str = "CLICK", **more: str) -> Delivered:
        """Somebody taps the menu; what opens a page is told as well and answers nothing."""
        if kind != "VIEW":
            self.open_window(app_id, openid, 3)
        return self._event(app_id, openid, kind, {"EventKey": key, **more})

    def scan_in_menu(self, app_id: str, openid: str, result: str, key: str = "scan") -> Delivered:
        """Somebody scans a code out of the menu: what it says goes to the account."""
        self.open_window(app_id, openid, 3)
        info = {"ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": result}}
        return self._event(app_id, openid, "scancode_waitmsg", {"EventKey": key, **info})

    def agree(self, app_id: str, openid: str, template_id: str, *, yes: bool = True) -> Delivered:
        """Somebody answers the window that asks for consent."""
        if yes:
            self.agreed(app_id, openid, template_id)
        inner = {
            "TemplateId": template_id,
            "SubscribeStatusString": "accept" if yes else "reject",
            "PopupScene": "1",
        }
        return self._event(
            app_id, openid, "subscribe_msg_popup_event", {"SubscribeMsgPopupEvent": {"List": inner}}
        )

    def _message(self, app_id: str, openid: str, kind: str, shown: str, fields: dict[str, Any]) -> Delivered:
        self.open_window(app_id, openid, 5)
        self.rows("UPDATE follower SET follows=1 WHERE app_id=? AND openid=?", app_id, openid)
        self.note(app_id, openid, True, kind, shown)
        number = str(secrets.randbelow(9 * 10**17) + 10**17)
        return self._deliver(app_id, openid, {"MsgType": kind, **fields, "MsgId": number})

    def _event(self, app_id: str, openid: str, name: str, fields: dict[str, Any]) -> Delivered:
        self.note(app_id, openid, True, f"event:{name}", str(fields.get("EventKey", "")))
        return self._deliver(app_id, openid, {"MsgType": "event", "Event": name, **fields})

    # --- delivering ---------------------------------------------------------------------------------------------------

    def _deliver(self, app_id: str, openid: str, fields: dict[str, Any]) -> Delivered:
        """Call the account until it answers in time: once, and three times more."""
        account = self.account(app_id)
        whole = {
            "ToUserName": account.original_id,
            "FromUserName": openid,
            "CreateTime": str(int(self.clock())),
            **fields,
        }
        done = Delivered()
        for _ in range(1 + RETRIES):
            answer = self._post(account, whole, done)
            if answer is None:
                continue
            if self.takes("duplicate"):
                self._post(account, whole, done)
            self._show(account, openid, answer, done)
            return done
        self.note(app_id, openid, False, "sorry", SORRY)
        return done

    def _post(self, account: Account, fields: dict[str, Any], done: Delivered) -> outside.Answer | None:
        skew = int(self.faults().get("skew", "0") or 0)
        url, body = wire.signed(
            account, wire.xml(fields), at=self.clock() + skew, wrong=self.takes("wrong_signature")
        )
        started = time.monotonic()
        try:
            answer = self._asks(
                "POST",
                url,
                headers={"Content-Type": "text/xml"},
                body=body.encode(),
                seconds=WAITS_SECONDS,
                most_bytes=65536,
            )
        except outside.Unreached:
            done.statuses.append(0)
            done.seconds.append(time.monotonic() - started)
            return None
        done.statuses.append(answer.status)
        done.seconds.append(time.monotonic() - started)
        return None if self.takes("lost_answer") or not answer.good else answer

    def _show(self, account: Account, openid: str, answer: outside.Answer, done: Delivered) -> None:
        try:
            words = wire.reply(account, answer.body.decode(), openid)
        except (ValueError, KeyError):
            self.note(account.app_id, openid, False, "sorry", SORRY)
            return
        if words:
            done.reply = words
            self.note(account.app_id, openid, False, "text", words)

    def prove(self, app_id: str) -> bool:
        """Ask the account's callback for its echo, as saving its address at the platform does."""
        account = self.account(app_id)
        echo = secrets.token_hex(8)
        url = wire.echo_url(account, echo, at=self.clock())
        try:
            answer = self._asks("GET", url, headers={}, body=None, seconds=WAITS_SECONDS, most_bytes=1000)
        except outside.Unreached:
            return False
        return answer.status == 200 and answer.body.decode() == echo
