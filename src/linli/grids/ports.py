"""What the places ask of the rest of the house. ``site/wiring.py`` plugs in who answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class HouseholdRegister(Protocol):
    """The register of households: whether it has this person in this dwelling."""

    def __call__(self, account_id: int, dwelling_code: str) -> bool: ...


class NotWired(Exception):
    """No register has been plugged in; a residence then needs the word of two members of staff."""


@dataclass(slots=True)
class _Sockets:
    register: HouseholdRegister | None = None


_sockets = _Sockets()


def wire(*, register: HouseholdRegister | None) -> None:
    """Plug in the register, or none."""
    _sockets.register = register


def register_has(account_id: int, dwelling_code: str) -> bool:
    """Whether the register has this person in this dwelling.

    :raises NotWired: when there is no register.
    """
    if _sockets.register is None:
        raise NotWired("register")
    return _sockets.register(account_id, dwelling_code)
