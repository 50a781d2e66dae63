"""What can be wrong with what a program asks: a status of the standard, a code that words are found for, a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. ``value`` is what the words name: an argument, a code, a limit."""

    status: int  # 404 unknown, 403 the key, 400 everything else
    code: str
    value: str = ""


class Refused(Exception):
    """What was asked cannot be done; nothing was written. All faults are told together."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(", ".join(f"{fault.code} {fault.value}".strip() for fault in faults))
        self.faults = faults

    @property
    def status(self) -> int:
        """Of the answer as a whole: who may not, before what is not there, before what is wrong."""
        held = {fault.status for fault in self.faults}
        return next((status for status in (429, 403, 404) if status in held), 400)


def wrong(code: str, value: str = "") -> Fault:
    """Something in what was sent."""
    return Fault(400, code, value)


def unknown(code: str, value: str = "") -> Fault:
    """Something that is not there."""
    return Fault(404, code, value)
