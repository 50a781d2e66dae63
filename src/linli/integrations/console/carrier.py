"""The console as a carrier of messages: for the demo and for a developer's machine, never for real people.

Nothing leaves the machine. Where a message went (masked) and what it said goes into a short file of the data folder, and
the page ``/demo/messages/`` shows it as a phone and a group would.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from linli.integrations.robots.base import RobotCarrier
from linli.kernel import sealed
from linli.notices.by_phone import ByPhone
from linli.notices.ports import Carried, Letter, Result
from linli.notices.queries import robots

KEPT = 200
DEMO_HOST = "robot.demo.invalid"  # robots of the demo; no real host can have this name


class ConsoleSms(ByPhone):
    """Fills ``notices.ports.Carrier`` for the road ``sms`` in a demo."""

    road = "sms"

    def __init__(self, folder: Path) -> None:
        self._notes = Notes(folder)

    def carry(self, letters: Sequence[tuple[str, Letter]], *, at: datetime) -> Sequence[Carried]:
        """As the port says; everything is taken, under a number by which its receipt comes."""
        self._notes.add(("sms", sealed.mask_phone(phone), letter, at) for phone, letter in letters)
        return [Carried(Result.SENT, reference=letter.key) for _phone, letter in letters]


class ConsoleRobots:
    """Robots of the demo speak to the console; real ones of the same maker are asked as ever."""

    def __init__(self, real: RobotCarrier, folder: Path) -> None:
        self.road = real.road
        self._real, self._notes = real, Notes(folder)

    def address(
        self, *, community_id: int, account_id: int | None, organisation_id: int | None, at: datetime
    ) -> str | None:
        """As the port says."""
        return self._real.address(
            community_id=community_id, account_id=account_id, organisation_id=organisation_id, at=at
        )

    def carry(self, letters: Sequence[tuple[str, Letter]], *, at: datetime) -> Sequence[Carried]:
        """As the port says."""
        return [self._one(address, letter, at) for address, letter in letters]

    def _one(self, address: str, letter: Letter, at: datetime) -> Carried:
        robot = robots.opened(int(address))
        if robot is None or DEMO_HOST not in robot.address:
            return self._real.carry([(address, letter)], at=at)[0]
        self._notes.add([(self.road, robot.address.rpartition("/")[2], letter, at)])
        return Carried(Result.SENT, reference=letter.key)


class Notes:
    """The last messages, one line of JSON each; only their owner reads the file."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "demo-messages.jsonl"

    def add(self, said: Iterable[tuple[str, str, Letter, datetime]]) -> None:
        """Write messages down: road, to whom (masked), letter, moment."""
        lines = []
        for road, to, letter, at in said:
            row = {
                "road": road,
                "to": to,
                "title": letter.title,
                "words": letter.words,
                "at": at.isoformat(),
                "language": letter.language,
            }
            lines.append(json.dumps(row, ensure_ascii=False) + "\n")
        self._file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as out:
            out.writelines(lines)

    def last(self) -> list[dict[str, str]]:
        """The last two hundred, the newest first."""
        if not self._file.exists():
            return []
        with self._file.open("rb") as held:
            held.seek(max(0, self._file.stat().st_size - KEPT * 2000))
            lines = held.read().decode("utf-8", "ignore").splitlines()[-KEPT:]
        found = []
        for line in reversed(lines):
            try:
                found.append(json.loads(line))
            except ValueError:
                continue  # the first line may be cut
        return found
