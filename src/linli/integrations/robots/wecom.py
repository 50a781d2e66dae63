"""Robots in groups of WeCom (企业微信)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linli.integrations.robots.base import RobotCarrier, quiet
from linli.notices.ports import Letter
from linli.notices.queries.robots import OpenRobot
from linli.notices.rules.wording import cut_bytes

MOST_BYTES = 2048  # of a message's text


class WecomRobots(RobotCarrier):
    """Text of at most 2,048 bytes, cut between characters."""

    road = "wecom"
    LATER = frozenset({-1, 45009, 45033})
    NEVER = frozenset({93000, 40001, 40058, 41001, 44004})

    def request(self, robot: OpenRobot, letter: Letter, at: datetime) -> tuple[str, dict[str, Any]]:
        """As the base says."""
        words = cut_bytes(quiet(f"{letter.title}\n{letter.words}"), MOST_BYTES)
        return robot.address, {"msgtype": "text", "text": {"content": words}}
