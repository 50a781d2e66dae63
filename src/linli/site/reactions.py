"""Fact -> functions: who reacts to what. One line each."""

from __future__ import annotations


def connect() -> None:
    """Connect every reaction to its fact."""
