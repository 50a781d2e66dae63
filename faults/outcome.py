"""What a scenario found: figures, and a line for each promise that was not kept."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Outcome:
    """One scenario; good when no fault was noted."""

    name: str
    facts: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    skipped: str = ""

    @property
    def good(self) -> bool:
        """Whether every promise was kept, as far as it was tried."""
        return not self.faults

    def must(self, held: object, promise: str) -> bool:
        """Note a promise that was not kept."""
        if not held:
            self.faults.append(promise)
        return bool(held)

    @contextmanager
    def within(self, seconds: float, what: str) -> Iterator[None]:
        """What is waited for in the block must come, and in time."""
        began = time.monotonic()
        try:
            yield
        except TimeoutError:
            self.faults.append(f"{what}: not within {seconds:.0f} s")
        self.facts[what] = round(time.monotonic() - began, 1)
        if self.facts[what] > seconds:
            self.faults.append(f"{what}: {self.facts[what]} s, promised {seconds:.0f} s")

    def as_data(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "name": self.name,
            "good": self.good,
            "skipped": self.skipped,
            "faults": self.faults,
            **self.facts,
        }

    def as_text(self) -> str:
        """For people."""
        state = f"skipped: {self.skipped}" if self.skipped else ("held" if self.good else "BROKEN")
        lines = [f"{self.name}: {state}"]
        lines += [
            f"  {name:<28} {json.dumps(value, ensure_ascii=False)}" for name, value in self.facts.items()
        ]
        return "\n".join([*lines, *(f"  ✗ {fault}" for fault in self.faults)])
