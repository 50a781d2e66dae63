"""Whether the code has changed since a database was migrated: in milliseconds, without Django."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
# Packages whose migrations we run, besides our own.
MIGRATED_PACKAGES = ("django", "procrastinate")
SUFFIXES = {".py", ".json", ".csv", ".toml", ".sql"}
#: Where a freshly migrated database begins: what these files import belongs to it, and nothing else.
ROOTS = ("*/migrations/*.py", "integrations/*/migrations/*.py", "*/models.py", "*/models/*.py",
         "integrations/*/models.py", "kernel/walls.py", "kernel/postgres/*.py", "site/settings.py",
         "*/data/**/*", "runtime/testing/kept.py")  # fmt: skip
_IMPORTS = re.compile(
    r"^\s*(?:from (linli[\w.]*) import ([^(\n]+|\([^)]*\))|import (linli[\w.]*))", re.MULTILINE
)
_WORD = re.compile(r"\w+")


@cache
def of_code() -> str:
    """Sixteen characters that change when any code or reference data, tests and looks apart, changes."""
    return _digest(
        path
        for path in PACKAGE.rglob("*")
        if "tests" not in (parts := path.relative_to(PACKAGE).parts) and parts[0] not in {"faces", "runtime"}
    )


@cache
def of_database() -> str:
    """Sixteen characters that change when what makes a migrated database changes: migrations, models, walls, reference
    data, and whatever these import. A page, a template or a sweep changes nothing of it. For the database of the tests;
    a real one is migrated again whenever :func:`of_code` changes.
    """
    return _digest(_reached())


def _digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256(" ".join(version(name) for name in MIGRATED_PACKAGES).encode())
    for path in sorted(paths):
        if path.suffix in SUFFIXES:
            total.update(str(path.relative_to(PACKAGE)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]


def _reached() -> set[Path]:
    """The roots and, again and again, what they import of ours."""
    found: set[Path] = set()
    ahead = [path for pattern in ROOTS for path in PACKAGE.glob(pattern) if path.is_file()]
    while ahead:
        path = ahead.pop()
        if path not in found:
            found.add(path)
            ahead += _imported(path) if path.suffix == ".py" else ()
    return found


def _imported(path: Path) -> Iterator[Path]:
    for module, names, plain in _IMPORTS.findall(path.read_text(encoding="utf-8")):
        base = PACKAGE.joinpath(*(module or plain).split(".")[1:])
        folders = [base, *(base / name for name in _WORD.findall(names))]
        for candidate in (
            one for folder in folders for one in (folder / "__init__.py", folder.with_suffix(".py"))
        ):
            if candidate.is_file():
                yield candidate
