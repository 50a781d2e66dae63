"""How long calls stand in line before we take them up, told from the moment at which the platform signed them. Pure.

Two clocks are never the same: the shortest age of a call in the last minutes is what an idle house shows, and whatever
is above it was spent waiting. The platform's moment is a whole second, so up to one second is not known.
"""

from __future__ import annotations

import threading

WINDOW_SECONDS = 300.0
GRAIN_SECONDS = 1.0
#: From so long a line on messages are only kept and worked off by the sweep: keeping costs a third of answering, so the
#: line grows shorter before the platform stops waiting for those at its end.
BUSY_SECONDS = 1.0


class Line:
    """What the calls of one process show."""

    def __init__(self) -> None:
        self._least: tuple[float, float] | None = None  # of this window and of the one before it
        self._ends = 0.0
        self._lock = threading.Lock()

    def waited(self, signed: float, now: float, *, steady: float) -> float:
        """Seconds that a call has waited at least.

        :param signed: when the platform signed it, seconds since 1970 by its clock.
        :param now: seconds since 1970 by ours.
        :param steady: a clock that only goes forward.
        """
        age = now - signed
        with self._lock:
            if self._least is None or steady - self._ends > WINDOW_SECONDS:
                self._least, self._ends = (age, age), steady + WINDOW_SECONDS
            elif steady > self._ends:
                self._least, self._ends = (age, self._least[0]), steady + WINDOW_SECONDS
            self._least = (min(age, self._least[0]), self._least[1])
            least = min(self._least)
        return max(0.0, age - least - GRAIN_SECONDS)
