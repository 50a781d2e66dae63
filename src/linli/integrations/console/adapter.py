"""The console as the carrier of codes: for the demo and for a developer's machine, never for real people.

Nothing is sent. Phone (masked) and code go to the process's error stream and, in a demo, to a short file that
the page
``/demo/codes/`` shows. Outside a demo it refuses, so that a server without a carrier says so instead of
writing codes to its log.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from linli.kernel import sealed
from linli.people import ports

KEPT = 20


class ConsoleSender:
    """Fills ``people.ports.CodeSender`` and ``LastCodes``.

    :param folder: the demo's data folder, or None to refuse (no carrier is set up).
    """

    def __init__(self, folder: Path | None) -> None:
        self._file = folder / "demo-codes.jsonl" if folder else None

    def send(self, phone: str, code: str, language: str) -> None:
        """Show the code.

        :raises ports.NotSent: outside a demo.
        """
        if self._file is None:
            raise ports.NotSent("no carrier for codes is set up")
        shown = sealed.mask_phone(phone)
        sys.stderr.write(f"Linli demo: the code for {shown} is {code}\n")
        self._remember(self._file, shown, code)

    def last_codes(self) -> Sequence[ports.SentCode]:
        """The last twenty codes, the newest first."""
        if self._file is None or not self._file.exists():
            return ()
        lines = self._file.read_text(encoding="utf-8").splitlines()[-KEPT:]
        return [ports.SentCode(*json.loads(line)) for line in reversed(lines)]

    def _remember(self, file: Path, shown: str, code: str) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as out:
            out.write(json.dumps([shown, code]) + "\n")
