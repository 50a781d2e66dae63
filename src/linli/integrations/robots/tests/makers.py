"""The makers' side of a robot: checks what it is sent as strictly as they do, and answers with their codes."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from linli.integrations.robots import dingtalk, feishu
from linli.kernel.tests.other_side import Call, serving

FRESH_SECONDS = 3600


@dataclass
class Makers:
    """A server for the robots of all three. ``secret`` is what they sign with; ``say``: answers to give."""

    secret: str = "SEC-fake"
    now: float = 0.0
    say: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    heard: list[tuple[str, str]] = field(default_factory=list)
    base: str = ""

    def url(self, road: str) -> str:
        """A robot's address at this maker."""
        paths = {
            "wecom": "/cgi-bin/webhook/send?key=K",
            "dingtalk": "/robot/send?access_token=T",
            "feishu": "/open-apis/bot/v2/hook/H",
        }
        return f"{self.base}{paths[road]}"

    @contextmanager
    def running(self) -> Iterator[Makers]:
        """It, while it listens."""

        def said(call: Call) -> None:
            status, told = self.answer(call.path, json.loads(call.body))
            call.say(told, status=status)

        with serving(said) as self.base:
            yield self

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """What the maker says."""
        if self.say:
            return self.say.pop(0)
        parts = urlsplit(path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if parts.path == "/cgi-bin/webhook/send":
            return 200, self._wecom(query, body)
        if parts.path == "/robot/send":
            return 200, self._dingtalk(query, body)
        return 200, self._feishu(body)

    def _wecom(self, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        if body["msgtype"] == "image":
            return self._wecom_picture(body["image"])
        words = body["text"]["content"]
        if query.get("key") != "K":
            return {"errcode": 93000, "errmsg": "invalid webhook url"}
        if body["msgtype"] != "text" or len(words.encode()) > 2048:
            return {"errcode": 40058, "errmsg": "text.content exceed max length 2048"}
        self.heard.append(("wecom", words))
        return {"errcode": 0, "errmsg": "ok"}

    def _wecom_picture(self, image: dict[str, str]) -> dict[str, Any]:
        held = base64.b64decode(image["base64"], validate=True)
        if hashlib.md5(held, usedforsecurity=False).hexdigest() != image["md5"]:
            return {"errcode": 301019, "errmsg": "media content not match"}
        if len(held) > 2 * 1024 * 1024 or not held.startswith((b"\x89PNG", b"\xff\xd8")):
            return {"errcode": 40009, "errmsg": "invalid image size"}
        self.heard.append(("wecom picture", image["md5"]))
        return {"errcode": 0, "errmsg": "ok"}

    def _dingtalk(self, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        at = int(query.get("timestamp", "0"))
        right = dingtalk.signature(self.secret, at)
        if abs(at / 1000 - self.now) > FRESH_SECONDS or query.get("sign") != right:
            return {"errcode": 310000, "errmsg": "sign not match"}
        self.heard.append(("dingtalk", body["text"]["content"]))
        return {"errcode": 0, "errmsg": "ok"}

    def _feishu(self, body: dict[str, Any]) -> dict[str, Any]:
        at = int(body.get("timestamp", "0"))
        if abs(at - self.now) > FRESH_SECONDS or body.get("sign") != feishu.signature(self.secret, at):
            return {
                "code": 19021,
                "msg": "sign match fail or timestamp is not within one hour from current time",
            }
        self.heard.append(("feishu", body["content"]["text"]))
        return {"code": 0, "msg": "success"}
