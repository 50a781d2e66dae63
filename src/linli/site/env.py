"""The only place that reads the environment: four typed readers that fail loudly."""

from __future__ import annotations

import os
from pathlib import Path


class BadSetting(Exception):
    """An environment variable holds something that cannot be used; the message says what to do."""


def text(name: str, default: str | None = None) -> str:
    """The variable's text; ``NAME_FILE`` may name a file that holds it (for secrets).

    :raises BadSetting: when it is unset and there is no default.
    """
    held_in = os.environ.get(f"{name}_FILE")
    if held_in:
        return Path(held_in).read_text(encoding="utf-8").strip()
    value = os.environ.get(name, default)
    if value is None:
        raise BadSetting(f"Set {name} (or {name}_FILE).")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """A yes/no variable: 1, true, yes, on or 0, false, no, off."""
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    lowered = value.lower()
    if lowered in {"1", "true", "yes", "on"}:
        return True
    if lowered in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(f"{name}={value!r}: use 1 or 0.")


def number(name: str, default: int) -> int:
    """A whole number."""
    value = os.environ.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except ValueError as error:
        raise BadSetting(f"{name}={value!r}: use a whole number.") from error


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list; blanks are dropped."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]
