"""The manifest: what a backup holds, and whether it still does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from linli.kernel.keyring import Keyring, KeyringRefused
from linli.runtime.backup.tables import TableDigest

FORMAT = 1
NAME = "manifest.json"
DUMP = "database.dump"
MEDIA = "media"
CHUNK = 1 << 20


class NotWhole(Exception):
    """The backup is damaged or incomplete; ``faults`` has a line for each finding."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Manifest:
    """Files by path relative to the backup (bytes, sha256), tables by name, and where it comes from."""

    made_at: str
    linli: str
    server: str
    media: str
    """``disk`` (in the backup) or ``elsewhere`` (an S3 bucket, which keeps its own copies)."""
    files: dict[str, tuple[int, str]]
    tables: dict[str, TableDigest]
    keys: dict[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write ``manifest.json``, sealed."""
        body = {"format": FORMAT, **asdict(self)}
        body["seal"] = _seal(body)
        text = json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True)
        (folder / NAME).write_text(text, encoding="utf-8")


def read(folder: Path) -> Manifest:
    """The manifest of the backup in ``folder``.

    :raises NotWhole: when it is missing, altered, or of a format that we do not know.
    """
    try:
        body: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
        seal = body.pop("seal")
        if body.pop("format") != FORMAT:
            raise NotWhole([f"{NAME} has a format that this version does not know"])
        files = {name: (int(size), str(digest)) for name, (size, digest) in body.pop("files").items()}
        tables = {name: TableDigest(**found) for name, found in body.pop("tables").items()}
        found = Manifest(files=files, tables=tables, **body)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotWhole([f"{NAME} cannot be read ({type(error).__name__})"]) from error
    if seal != _seal({"format": FORMAT, **asdict(found)}):
        raise NotWhole([f"{NAME} has been altered"])
    return found


def check_files(folder: Path, manifest: Manifest, step: Callable[[], None]) -> None:
    """Compare every file with the manifest; ``step`` is called after each.

    :raises NotWhole: naming each file that is missing, altered or not in the manifest.
    """
    faults = []
    for name, (size, digest) in manifest.files.items():
        path = folder / name
        if not path.is_file():
            faults.append(f"{name} is missing")
        elif path.stat().st_size != size or digest_of(path) != digest:
            faults.append(f"{name} has been altered")
        step()
    here = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {NAME}
    faults += [f"{name} is not in the manifest" for name in sorted(here - set(manifest.files))]
    if faults:
        raise NotWhole(faults)


def digest_of(path: Path) -> str:
    """The file's sha256."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            total.update(chunk)
    return total.hexdigest()


def describe(folder: Path, paths: Iterable[Path]) -> dict[str, tuple[int, str]]:
    """Size in bytes and digest of each file, by its path relative to ``folder``."""
    return {str(path.relative_to(folder)): (path.stat().st_size, digest_of(path)) for path in paths}


def key_marks(keyring: Path) -> dict[str, str]:
    """A digest of each key: enough to recognise the key, useless to open anything.

    Empty when there is no keyring to read.
    """
    try:
        ring = Keyring.load(keyring)
    except KeyringRefused:
        return {}
    return {
        f"{purpose}.{kid}": hashlib.sha256(b"linli backup names a key\0" + key).hexdigest()[:16]
        for purpose, keys in ring.sets.items()
        for kid, key in keys.keys.items()
    }


def _seal(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
