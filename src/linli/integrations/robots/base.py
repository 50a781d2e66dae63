"""What the robots of all makers share: whose address it is, how often it may speak, and what an answer means.

An address is a secret: it is opened for one request, and never logged. Only hosts of the makers are asked
(``LINLI_ROBOT_HOSTS``), by `kernel.outside`, so that nobody can point a robot into our own network.
"""

from __future__ import annotations

import json
import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from linli.kernel import limits, outside
from linli.kernel.outside import Unreached
from linli.notices.ports import Carried, Letter, Result
from linli.notices.queries import robots
from linli.notices.queries.robots import OpenRobot

log = logging.getLogger("linli.robots")
SECONDS = 8.0
PAUSE = timedelta(seconds=60)  # after a maker said: too often


class RobotCarrier(ABC):
    """One maker's robots. Fills ``notices.ports.Carrier``; an address is the number of our row.

    :param hosts: the names a robot's address may have.
    :param per_minute: how often one robot may speak; default 20, check with the maker.
    """

    road = ""
    #: The maker's codes that a later try may mend, and those it never will; others are tried so often.
    LATER: frozenset[int] = frozenset()
    NEVER: frozenset[int] = frozenset()

    def __init__(self, hosts: Sequence[str], per_minute: int = 20) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._per_minute = per_minute

    def address(
        self, *, community_id: int, account_id: int | None, organisation_id: int | None, at: datetime
    ) -> str | None:
        """As the port says; a robot speaks to a group, so no person is reached by it."""
        if account_id is not None:
            return None
        found = robots.first_of(community_id, self.road, organisation_id)
        return str(found) if found else None

    def carry(self, letters: Sequence[tuple[str, Letter]], *, at: datetime) -> Sequence[Carried]:
        """As the port says."""
        return [self._one(address, letter, at) for address, letter in letters]

    def _one(self, address: str, letter: Letter, at: datetime) -> Carried:
        robot = robots.opened(int(address))
        if robot is None:
            return Carried(Result.CLOSED, "stopped")
        if (urlsplit(robot.address).hostname or "").lower() not in self._hosts:
            return Carried(Result.REFUSED, "host")
        key = f"robot:{robot.id}"
        if not limits.take(key, capacity=self._per_minute, per_seconds=60):
            wait = limits.wait_seconds(key, capacity=self._per_minute, per_seconds=60)
            return Carried(Result.LATER, "own_limit", after=timedelta(seconds=max(wait, 1)))
        return self._speak(robot, letter, at)

    def _speak(self, robot: OpenRobot, letter: Letter, at: datetime) -> Carried:
        """The picture, where there is one that this maker shows, and then the way to its page; else the words.

        The picture is the message: once it is there, words that fail are not tried again, or the group would see it twice.
        A maker who will never take it gets the words.
        """
        shown = self.picture(robot, _drawn(letter), at)
        if shown is not None:
            said = self._ask(*shown)
            if said.result is Result.SENT and letter.link:
                self._ask(*self.request(robot, replace(letter, words=letter.link), at))
            if said.result is not Result.REFUSED:
                return said
        return self._ask(*self.request(robot, letter, at))

    def picture(self, robot: OpenRobot, png: bytes, at: datetime) -> tuple[str, dict[str, Any]] | None:
        """Address and body of the request that shows a picture (empty: there is none); None where it cannot be shown.

        Robots of DingTalk and Feishu carry no picture's bytes: an address that the maker fetches, or an application of
        one's own, would be needed. Their groups read the words with the way to the page.
        """
        return None

    def _ask(self, url: str, body: dict[str, Any]) -> Carried:
        try:
            answer = outside.ask(
                "POST",
                url,
                headers={"Content-Type": "application/json; charset=utf-8"},
                body=json.dumps(body, ensure_ascii=False).encode(),
                seconds=SECONDS,
                most_bytes=64 * 1024,
            )
            if answer.status == 429 or answer.status >= 500:
                return Carried(Result.LATER, f"http_{answer.status}", after=PAUSE)
            if not answer.good:
                return Carried(Result.REFUSED, f"http_{answer.status}")
            return self.judge(answer.json())
        except Unreached as problem:
            return Carried(Result.LATER if problem.again else Result.REFUSED, problem.code)

    def judge(self, said: Any) -> Carried:
        """What the maker's answer means."""
        code = self.code_of(said) if isinstance(said, Mapping) else None
        if code is None:
            return Carried(Result.LATER, "garbled")
        if code == 0:
            return Carried(Result.SENT)
        if code in self.NEVER:
            return Carried(Result.REFUSED, str(code))
        return Carried(Result.LATER, str(code), after=PAUSE if code in self.LATER else None)

    def code_of(self, said: Mapping[str, Any]) -> int | None:
        """The maker's own code in its answer."""
        code = said.get("errcode")
        return code if isinstance(code, int) else None

    @abstractmethod
    def request(self, robot: OpenRobot, letter: Letter, at: datetime) -> tuple[str, dict[str, Any]]:
        """Address and body of the request."""


def _drawn(letter: Letter) -> bytes:
    """A letter's picture; empty where it has none, or where drawing it fails: then its words go out."""
    if letter.draw is None:
        return b""
    try:
        return letter.draw()
    except Exception:
        log.exception("a picture could not be drawn", extra={"code": letter.kind})
        return b""


def quiet(words: str) -> str:
    """The words without what would call people by name or be read as markup of the maker's own."""
    return words.replace("<", "＜").replace(">", "＞").replace("@", "＠")
