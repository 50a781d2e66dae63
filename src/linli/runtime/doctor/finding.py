"""What one check found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """The check's name, its verdict, what was seen, and, unless it is ok, what to do."""

    name: str
    state: State
    seen: str
    mend: str = ""


def judged(name: str, good: bool, seen: str, mend: str, *, otherwise: State = "bad") -> Finding:
    """A finding that is ok when ``good``, else ``otherwise`` with the way to mend it."""
    return Finding(name, "ok", seen) if good else Finding(name, otherwise, seen, mend)
