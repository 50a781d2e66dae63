"""Robots in groups of WeCom (企业微信)."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from typing import Any

from linli.integrations.robots.base import RobotCarrier, quiet
from linli.notices.ports import Letter
from linli.notices.queries.robots import OpenRobot
from linli.notices.rules.wording import cut_bytes

MOST_BYTES = 2048  # of a message's text
MOST_PICTURE = 2 * 1024 * 1024  # of a picture, before base64


class WecomRobots(RobotCarrier):
    """Text of at most 2,048 bytes, cut between characters; pictures."""

    road = "wecom"
    LATER = frozenset({-1, 45009, 45033})
    NEVER = frozenset({93000, 40001, 40009, 40058, 41001, 44004, 301019})

    def request(self, robot: OpenRobot, letter: Letter, at: datetime) -> tuple[str, dict[str, Any]]:
        """As the base says."""
        words = cut_bytes(quiet(f"{letter.title}\n{letter.words}"), MOST_BYTES)
        return robot.address, {"msgtype": "text", "text": {"content": words}}

    def picture(self, robot: OpenRobot, png: bytes, at: datetime) -> tuple[str, dict[str, Any]] | None:
        """As the base says: base64 with its MD5, of at most 2 MB."""
        if not png or len(png) > MOST_PICTURE:
            return None
        digest = hashlib.md5(png, usedforsecurity=False).hexdigest()
        image = {"base64": base64.b64encode(png).decode(), "md5": digest}
        return robot.address, {"msgtype": "image", "image": image}
