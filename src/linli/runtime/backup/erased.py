"""Erases again, after a restore, the people who were erased since the backup was made (or before, which changes nothing).

``python -m linli.runtime.backup.erased FILE`` does it, as the application's role; prints how many it erased.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from linli.runtime import inside
from linli.runtime.backup.make import BackupFailed


def read(path: Path) -> list[tuple[int, datetime]]:
    """The list of erased people: account and moment, each once.

    :raises BackupFailed: when there is no list, or it cannot be read; an unfinished last line is left out.
    """
    try:
        lines = path.read_text(encoding="ascii").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BackupFailed(
            f"{path} cannot be read. It is the list of erased people: without it they would be back. Copy the "
            "erased.jsonl of the machine that was in use last there (or restore --without-erased)."
        ) from error
    try:
        rows = [json.loads(line) for line in lines[:-1] if line]
        found = {int(row["account"]): datetime.fromisoformat(row["at"]) for row in rows}
    except (ValueError, KeyError, TypeError) as error:
        raise BackupFailed(f"{path} is damaged: {type(error).__name__}.") from error
    return sorted(found.items())


def main() -> None:
    """Erase everybody on the list who is back."""
    stones = read(Path(sys.argv[1]))
    inside.set_up_django()
    from linli.people.actions import erasure  # noqa: PLC0415  (needs the tables, hence django.setup)

    at = datetime.now(UTC)  # noqa: TID251  (this command is the door)
    sys.stdout.write(str(erasure.replay_tombstones(tombstones=stones, at=at)))


if __name__ == "__main__":
    main()
