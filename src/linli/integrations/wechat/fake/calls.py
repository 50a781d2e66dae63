"""The calls the other side takes: tokens, files, messages, notices, menus, codes, signing in."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from linli.integrations.wechat.fake import wire
from linli.integrations.wechat.fake.books import Books, No
from linli.kernel import outside

TOKEN_SECONDS = 7200


class Desk(Books):
    """Answers the account's server, as strictly as the platform."""

    calls: list[tuple[str, dict[str, Any]]]

    # --- the calls it takes --------------------------------------------------------------------------------------------

    def handle(self, method: str, path: str, query: Mapping[str, str], body: bytes) -> outside.Answer:
        """Answer one call of the account's server."""
        from_body = json.loads(body) if body else {}
        self.calls.append((path, dict(from_body)))
        if self.takes("slow_api"):
            time.sleep(0.2)
        if self.takes("down"):
            return outside.Answer(502, {}, b"bad gateway")
        try:
            told = self._answer(path, query, from_body)
        except No as no:
            told = {"errcode": no.code, "errmsg": no.said}
        if isinstance(told, outside.Answer):
            return told
        return outside.Answer(
            200, {"content-type": "application/json; charset=utf-8"}, json.dumps(told).encode()
        )

    def _answer(
        self, path: str, query: Mapping[str, str], body: dict[str, Any]
    ) -> dict[str, Any] | outside.Answer:
        for name, value in self.faults().items():
            if name.startswith("code:") and path.endswith(name[5:]):
                code, _, times = value.partition("x")
                left = int(times or 1) - 1
                self.fault(name, f"{code}x{left}" if left > 0 else "")
                raise No(int(code), "fault")
        if path in {"/cgi-bin/stable_token", "/cgi-bin/token"}:
            return self._token({**query, **body})
        if path == "/sns/oauth2/access_token":
            return self._signed_in(query)
        app_id = self._caller(query.get("access_token", ""))
        found = CALLS.get(path)
        if found is None:
            raise No(-1, "no such interface")
        return found(self, app_id, query, body)

    def _token(self, told: dict[str, Any]) -> dict[str, Any]:
        account = self.account(str(told.get("appid", "")))
        if told.get("secret") != account.secret:
            raise No(40125, "invalid appsecret")
        if not self.rows("SELECT allowed FROM account WHERE app_id=?", account.app_id)[0][0]:
            raise No(40164, "invalid ip, not in whitelist")
        held = self.rows(
            "SELECT value, until FROM token WHERE app_id=? AND kind='access' AND dead=0 AND until>? ORDER BY until DESC",
            account.app_id, self.clock() + 300,
        )  # fmt: skip
        if held and not told.get("force_refresh"):
            return {"access_token": held[0][0], "expires_in": int(held[0][1] - self.clock())}
        self.rows("UPDATE token SET dead=1 WHERE app_id=? AND kind='access'", account.app_id)
        return {"access_token": self._issue(account.app_id, "access"), "expires_in": TOKEN_SECONDS}

    def _issue(self, app_id: str, kind: str) -> str:
        value = secrets.token_urlsafe(60)
        self.rows(
            "INSERT INTO token (value, app_id, kind, until) VALUES (?,?,?,?)",
            value,
            app_id,
            kind,
            self.clock() + TOKEN_SECONDS,
        )
        return value

    def kill_tokens(self) -> None:
        """All tokens given so far are no good any more."""
        self.rows("UPDATE token SET dead=1")

    def _caller(self, token: str) -> str:
        rows = self.rows("SELECT app_id, until, dead FROM token WHERE value=? AND kind='access'", token)
        if not rows or rows[0][2]:
            raise No(40001, "invalid credential, access_token is invalid or not latest")
        if rows[0][1] < self.clock():
            raise No(42001, "access_token expired")
        verified, allowed = self.rows("SELECT verified, allowed FROM account WHERE app_id=?", rows[0][0])[0]
        if not allowed:
            raise No(40164, "invalid ip, not in whitelist")
        if not verified:
            raise No(48001, "api unauthorized")
        return str(rows[0][0])

    def _ticket(self, app_id: str, query: Mapping[str, str], body: dict[str, Any]) -> dict[str, Any]:
        if query.get("type") != "jsapi":
            raise No(40097, "invalid args")
        return {
            "errcode": 0,
            "errmsg": "ok",
            "ticket": self._issue(app_id, "jsapi"),
            "expires_in": TOKEN_SECONDS,
        }

    def _media_get(self, app_id: str, query: Mapping[str, str], body: dict[str, Any]) -> outside.Answer:
        rows = self.rows(
            "SELECT kind, content FROM media WHERE id=? AND app_id=? AND until>?",
            query.get("media_id", ""),
            app_id,
            self.clock(),
        )
        if not rows:
            raise No(40007, "invalid media_id")
        return outside.Answer(200, {"content-type": rows[0][0]}, rows[0][1])

    def _custom(self, app_id: str, query: Mapping[str, str], body: dict[str, Any]) -> dict[str, Any]:
        openid = str(body.get("touser", ""))
        words = str((body.get("text") or {}).get("content", "")) if body.get("msgtype") == "text" else ""
        if not words or len(words.encode()) > 2048:
            raise No(45002 if words else 44004, "content size out of limit")
        rows = self.rows(
            "SELECT follows, open_until, left FROM follower WHERE app_id=? AND openid=?", app_id, openid
        )
        if not rows:
            raise No(40003, "invalid openid")
        follows, until, left = rows[0]
        if not follows:
            raise No(43004, "require subscribe")
        if until < self.clock():
            raise No(45015, "response out of time limit")
        if left <= 0:
            raise No(45047, "out of response count limit")
        self.rows("UPDATE follower SET left=left-1 WHERE app_id=? AND openid=?", app_id, openid)
        self.note(app_id, openid, False, "text", words)
        return {"errcode": 0, "errmsg": "ok"}

    def _notice(self, app_id: str, query: Mapping[str, str], body: dict[str, Any]) -> dict[str, Any]:
        openid, template = str(body.get("touser", "")), str(body.get("template_id", ""))
        rows = self.rows("SELECT title, fields FROM template WHERE app_id=? AND id=?", app_id, template)
        if not rows:
            raise No(40037, "invalid template_id")
        if not self.follows(app_id, openid):
            raise No(43004, "require subscribe")
        data = body.get("data") or {}
        values = {name: str((data.get(name) or {}).get("value", "")) for name in json.loads(rows[0][1])}
        if set(data) != set(values) or not all(wire.fits(name, value) for name, value in values.items()):
            raise No(47003, "argument invalid")
        if self.consents(app_id, openid).get(template, 0) <= 0:
            raise No(43101, "user refuse to accept the msg")
        self.rows(
            "UPDATE consent SET left=left-1 WHERE app_id=? AND openid=? AND template=?",
            app_id,
            openid,
            template,
        )
        shown = "\n".join([rows[0][0], *values.values(), str(body.get("page", ""))])
        self.note(app_id, openid, False, "notice", shown.strip())
        return {"errcode": 0, "errmsg": "ok", "msgid": secrets.randbelow(10**15)}

    def _menu(self, app_id: str, query: Mapping[str, str], body: dict[str, Any]) -> dict[str, Any]:
        code = wire.menu_fault(body)
        if code:
            raise No(code, "invalid menu")
        self.keep_menu(app_id, body)
        return {"errcode": 0, "errmsg": "ok"}

    def _menu_get(self, app_id: str, query: Mapping[str, str], body: dict[str, Any]) -> dict[str, Any]:
        held = self.menu(app_id)
        if not held:
            raise No(46003, "menu no exist")
        return {"menu": held}

    def _menu_delete(self, app_id: str, query: Mapping[str, str], body: dict[str, Any]) -> dict[str, Any]:
        self.keep_menu(app_id, {})
        return {"errcode": 0, "errmsg": "ok"}

    def _scene(self, app_id: str, query: Mapping[str, str], body: dict[str, Any]) -> dict[str, Any]:
        scene = str(((body.get("action_info") or {}).get("scene") or {}).get("scene_str", ""))
        lives = int(body.get("expire_seconds", 60) or 60)
        if (
            body.get("action_name") not in {"QR_STR_SCENE", "QR_LIMIT_STR_SCENE"}
            or not 1 <= len(scene) <= 64
            or lives > 2592000
        ):
            raise No(40053, "invalid action info")
        ticket = secrets.token_urlsafe(40)
        self.rows("INSERT INTO scene VALUES (?,?,?,?)", ticket, app_id, scene, self.clock() + lives)
        return {
            "ticket": ticket,
            "expire_seconds": lives,
            "url": f"http://weixin.qq.com/q/{secrets.token_urlsafe(12)}",
        }

    # --- signing in ------------------------------------------------------------------------------------------------------

    def authorize(self, query: Mapping[str, str], openid: str) -> str:
        """The address to which somebody who agrees is sent back, with a code that is good once, for five minutes.

        :raises No: a request that the platform would not show.
        """
        account = self.account(query.get("appid", ""))
        back = query.get("redirect_uri", "")
        if query.get("response_type") != "code" or query.get("scope") not in {
            "snsapi_base",
            "snsapi_userinfo",
        }:
            raise No(10005, "scope")
        if wire.host(back) != wire.host(account.callback):
            raise No(10003, "redirect_uri")
        code = secrets.token_urlsafe(24)
        self.rows("INSERT INTO code VALUES (?,?,?,?)", code, account.app_id, openid, self.clock() + 300)
        joint = "&" if "?" in back else "?"
        return f"{back}{joint}{urlencode({'code': code, 'state': query.get('state', '')})}"

    def confirm(self, query: Mapping[str, str], openid: str, *, yes: bool) -> str:
        """The address to which somebody is sent back from the page that asks for consent to one notice."""
        account = self.account(query.get("appid", ""))
        back = query.get("redirect_url", "")
        if query.get("action") != "get_confirm" or wire.host(back) != wire.host(account.callback):
            raise No(10003, "redirect_url")
        if yes:
            self.agreed(account.app_id, openid, query.get("template_id", ""))
        told = {
            "openid": openid if yes else "",
            "template_id": query.get("template_id", ""),
            "action": "confirm" if yes else "cancel",
            "scene": query.get("scene", ""),
            "reserved": query.get("reserved", ""),
        }
        return f"{back}{'&' if '?' in back else '?'}{urlencode(told)}"

    def _signed_in(self, query: Mapping[str, str]) -> dict[str, Any]:
        account = self.account(query.get("appid", ""))
        if query.get("secret") != account.secret:
            raise No(40125, "invalid appsecret")
        rows = self.rows(
            "SELECT openid, until FROM code WHERE value=? AND app_id=?", query.get("code", ""), account.app_id
        )
        self.rows("DELETE FROM code WHERE value=?", query.get("code", ""))
        if not rows or rows[0][1] < self.clock():
            raise No(40029, "invalid code")
        return {
            "access_token": secrets.token_hex(20),
            "expires_in": 7200,
            "openid": rows[0][0],
            "scope": "snsapi_base",
        }


CALLS: dict[
    str, Callable[[Desk, str, Mapping[str, str], dict[str, Any]], dict[str, Any] | outside.Answer]
] = {
    "/cgi-bin/ticket/getticket": Desk._ticket,
    "/cgi-bin/media/get": Desk._media_get,
    "/cgi-bin/message/custom/send": Desk._custom,
    "/cgi-bin/message/subscribe/bizsend": Desk._notice,
    "/cgi-bin/menu/create": Desk._menu,
    "/cgi-bin/menu/get": Desk._menu_get,
    "/cgi-bin/menu/delete": Desk._menu_delete,
    "/cgi-bin/qrcode/create": Desk._scene,
}
