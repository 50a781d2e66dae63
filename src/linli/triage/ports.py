"""What the machine help asks of the outside, in its own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from linli.triage.rules.assisting import Material


class Unavailable(Exception):
    """The assistant gave nothing that can be shown; ``code`` says why (``words_assisting.OUTCOMES``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Completion:
    """What came back, and what it cost."""

    text: str
    tokens_in: int
    tokens_out: int


class Assistant(Protocol):
    """Proposes summaries and drafts from masked material; a person edits and decides."""

    version: str  # the model's name

    def summarise(self, material: Material, *, language: str) -> Completion:
        """A case in a few sentences for a colleague who takes it over.

        :raises Unavailable: nothing that can be shown.
        """

    def draft_answer(self, material: Material, *, language: str) -> Completion:
        """A draft of what the resident will read.

        :raises Unavailable: nothing that can be shown.
        """


_filled: list[Assistant] = []


def assistant() -> Assistant | None:
    """The assistant plugged in by ``site/wiring.py``; None where none is."""
    return _filled[-1] if _filled else None


def plug_assistant(adapter: Assistant | None) -> None:
    """Fill the port, or leave it empty."""
    _filled[:] = [adapter] if adapter is not None else []
