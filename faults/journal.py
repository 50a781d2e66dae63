"""The outside journal: one line per receipt that a client holds in hand, on disk before the client goes on."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Line:
    """A receipt: the key under which it was asked for, and what was given."""

    key: str
    number: str
    code: str
    tries: int
    pictures: int = 0


class Journal:
    """An append-only file, fsynced per line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, line: Line) -> None:
        """Keep a receipt."""
        with self._lock:
            os.write(self._file, (json.dumps(asdict(line)) + "\n").encode())
            os.fsync(self._file)

    def read(self) -> list[Line]:
        """Every receipt kept."""
        return [Line(**json.loads(text)) for text in self.path.read_text(encoding="utf-8").splitlines()]

    def digest(self) -> str:
        """The file's sha256, to name it in a published figure."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()
