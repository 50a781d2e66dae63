"""Whether the code has changed since a database was migrated: in milliseconds, without Django."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
# Packages whose migrations we run, besides our own.
MIGRATED_PACKAGES = ("django", "procrastinate")
SUFFIXES = {".py", ".json", ".csv", ".toml", ".sql"}


@cache
def of_code() -> str:
    """Sixteen characters that change when any code or reference data, tests and looks apart, changes."""
    total = hashlib.sha256(" ".join(version(name) for name in MIGRATED_PACKAGES).encode())
    for path in sorted(PACKAGE.rglob("*")):
        parts = path.relative_to(PACKAGE).parts
        if path.suffix in SUFFIXES and "tests" not in parts and parts[0] not in {"faces", "runtime"}:
            total.update(str(path.relative_to(PACKAGE)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]
