"""Robots in groups of DingTalk (钉钉), signed where the robot has a secret."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

from linli.integrations.robots.base import RobotCarrier, quiet
from linli.notices.ports import Letter
from linli.notices.queries.robots import OpenRobot
from linli.notices.rules.wording import cut_bytes

MOST_BYTES = 8000


def signature(secret: str, milliseconds: int) -> str:
    """HMAC-SHA256 over time and secret, keyed by the secret; base64."""
    said = f"{milliseconds}\n{secret}".encode()
    return base64.b64encode(hmac.digest(secret.encode(), said, "sha256")).decode()


class DingtalkRobots(RobotCarrier):
    """Text; time and signature in the address."""

    road = "dingtalk"
    LATER = frozenset({-1, 130101, 410100})
    NEVER = frozenset({310000, 300001, 300005, 40035, 400013, 400101, 400102, 400105, 400106})

    def request(self, robot: OpenRobot, letter: Letter, at: datetime) -> tuple[str, dict[str, Any]]:
        """As the base says."""
        url = robot.address
        if robot.secret:
            now = int(at.timestamp() * 1000)
            url += f"&timestamp={now}&sign={quote_plus(signature(robot.secret, now))}"
        words = cut_bytes(quiet(f"{letter.title}\n{letter.words}"), MOST_BYTES)
        return url, {"msgtype": "text", "text": {"content": words}}
