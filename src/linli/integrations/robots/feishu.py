"""Robots in groups of Feishu (飞书), signed where the robot has a secret."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from linli.integrations.robots.base import RobotCarrier, quiet
from linli.notices.ports import Letter
from linli.notices.queries.robots import OpenRobot
from linli.notices.rules.wording import cut_bytes

MOST_BYTES = 16_000


def signature(secret: str, seconds: int) -> str:
    """HMAC-SHA256 over nothing, keyed by time and secret; base64."""
    return base64.b64encode(hmac.digest(f"{seconds}\n{secret}".encode(), b"", "sha256")).decode()


class FeishuRobots(RobotCarrier):
    """Text; time and signature in the body."""

    road = "feishu"
    LATER = frozenset({9499, 11232})
    NEVER = frozenset({19001, 19002, 19021, 19022, 19024})

    def request(self, robot: OpenRobot, letter: Letter, at: datetime) -> tuple[str, dict[str, Any]]:
        """As the base says."""
        words = cut_bytes(quiet(f"{letter.title}\n{letter.words}"), MOST_BYTES)
        body: dict[str, Any] = {"msg_type": "text", "content": {"text": words}}
        if robot.secret:
            now = int(at.timestamp())
            body |= {"timestamp": str(now), "sign": signature(robot.secret, now)}
        return robot.address, body

    def code_of(self, said: Mapping[str, Any]) -> int | None:
        """As the base says; the older form of the answer too."""
        code = said.get("code", said.get("StatusCode"))
        return code if isinstance(code, int) else None
