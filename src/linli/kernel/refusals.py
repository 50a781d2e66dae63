"""What people or programs sent and cannot be taken, said field by field; and what somebody else was faster with. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong with what was sent: which field, and why as a code that templates put into words."""

    field: str
    code: str
    limit: str = ""


class Refused(Exception):
    """The input cannot be taken; nothing was written."""

    def __init__(self, *wrongs: Wrong) -> None:
        super().__init__(", ".join(f"{wrong.field}: {wrong.code}" for wrong in wrongs))
        self.wrongs = wrongs


class Outdated(Exception):
    """Somebody else changed it in the meantime."""
