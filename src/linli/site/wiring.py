"""Need -> adapter: which part of the outside fills which port. One line each."""

from __future__ import annotations


def connect() -> None:
    """Plug every adapter into its port."""
