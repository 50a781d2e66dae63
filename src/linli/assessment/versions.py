"""Which program computed a run: the digest of the sources that decide what comes out."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
#: Files of ``rules`` from which points and ranks follow; the others may change without changing a score.
DECIDING = ("indicator", "rows", "scheme", "scheme_text", "scoring", "shares", "stars", "subjects")


@functools.cache
def code_version() -> str:
    """SHA-256 over indicators and scoring, in the order of their names."""
    files = sorted((HERE / "indicators").glob("*.py")) + [HERE / "rules" / f"{name}.py" for name in DECIDING]
    files.append(HERE.parent / "cases" / "rules" / "work.py")
    found = hashlib.sha256()
    for file in files:
        found.update(file.name.encode() + b"\x00" + file.read_bytes() + b"\x00")
    return found.hexdigest()
