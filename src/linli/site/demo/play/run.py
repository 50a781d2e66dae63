"""The play's clock: troubles begin as the day goes, each is looked at again when its time has come."""

from __future__ import annotations

import heapq
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from linli.site.demo.play import lives
from linli.site.demo.play.cast import Cast
from linli.site.demo.play.door import Refused, Unreachable
from linli.site.demo.words import MATTERS

log = logging.getLogger("linli.play")
FIRST_HOUR = 8  # the played day begins when the office opens
#: New troubles an hour of the played day, from midnight on: mornings, noon, and most of all evenings.
A_DAY = (1, 1, 0.5, 0.5, 0.5, 1, 2, 4, 7, 7, 6, 5, 4, 5, 6, 6, 6, 7, 8, 9, 9, 7, 4, 2)
AGAIN_SECONDS = 3.0  # real: when nobody answers


@dataclass
class Play:
    """One community's day at a speed: so many played minutes pass in a real one.

    :param now: seconds of a clock that only goes forward.
    :param sleep: waits so many real seconds.
    """

    cast: Cast
    speed: float
    seed: int
    now: Callable[[], float]
    sleep: Callable[[float], None]
    begun: int = 0
    refused: int = 0
    _waiting: list[tuple[float, int, Iterator[float]]] = field(default_factory=list, init=False)

    def go(self, *, minutes: float | None = None) -> None:
        """Play until stopped, or for so many played minutes."""
        chance = Random(self.seed)
        sore = [(chance.choice(self.cast.buildings), chance.choice(MATTERS)) for _ in range(4)]
        began, next_at = self.now(), 0.0
        while minutes is None or next_at < minutes:
            at = min(next_at, self._waiting[0][0] if self._waiting else next_at)
            self._wait_until(began, at)
            if at < next_at:
                self._look(heapq.heappop(self._waiting))
                continue
            hour = hour_of(at)
            self.begun += 1
            self._look((at, self.begun, lives.live(lives.begin(self.cast, chance, hour=hour, sore=sore))))
            next_at = at + chance.expovariate(A_DAY[hour] / 60)

    def _wait_until(self, began: float, at: float) -> None:
        left = at * 60 / self.speed - (self.now() - began)
        if left > 0:
            self.sleep(left)

    def _look(self, due: tuple[float, int, Iterator[float]]) -> None:
        at, number, life = due
        try:
            heapq.heappush(self._waiting, (at + next(life), number, life))
        except StopIteration:
            return
        except Refused as refused:  # this trouble ends here; the others go on
            self.refused += 1
            log.warning("the API refused: %s", refused)
        except Unreachable:
            log.warning("nobody answers; trying again")
            self.sleep(AGAIN_SECONDS)


def hour_of(minutes: float) -> int:
    """The hour of the played day after so many minutes of play."""
    return int(FIRST_HOUR + minutes // 60) % 24


def told(play: Play) -> dict[str, Any]:
    """What was done, for whoever started it."""
    return {"community": play.cast.code, "begun": play.begun, "refused": play.refused, "speed": play.speed}
