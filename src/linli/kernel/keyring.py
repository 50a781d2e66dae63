"""The keys, in one file beside the database and never inside it.

A keyring holds four kinds of keys, so that losing one does not open the others: `data` seals fields, `index`
makes blind indexes and limiter keys, `receipt` digests look-up codes, `log` signs the audit chain.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PURPOSES = ("data", "index", "receipt", "log")
KEY_BYTES = 32
_KEY_ID = re.compile(r"^[a-z][a-z0-9]{0,15}$")


class KeyringRefused(Exception):
    """The keyring file is missing, readable by others, or not well formed; the text says which."""


@dataclass(frozen=True, slots=True)
class KeySet:
    """The keys of one purpose: new values use `current`, old values are read with whichever made them."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)

    @property
    def key(self) -> bytes:
        return self.keys[self.current]


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys of one installation. `path` is None for a ring that lives in memory only."""

    sets: Mapping[str, KeySet] = field(repr=False)
    path: Path | None = None
    stamp: int = 0

    @classmethod
    def ephemeral(cls) -> Keyring:
        """A ring with random keys that ends with the process: for tests."""
        return cls({purpose: KeySet("k1", {"k1": _new_key()}) for purpose in PURPOSES})

    @classmethod
    def create(cls, path: Path) -> Keyring:
        """Write a new keyring (0600, fsynced); refuses to replace one, because sealed data would be lost.

        :raises FileExistsError: when there is a file already.
        """
        fresh = cls.ephemeral()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        _write_and_sync(handle, path, fresh)
        return cls.load(path)

    @classmethod
    def load(cls, path: Path) -> Keyring:
        """Read a keyring file.

        :raises KeyringRefused: when it is missing, readable or writable by group or others, or not a keyring.
        """
        try:
            with open(path, "rb") as file:
                info = os.fstat(file.fileno())
                body = file.read(1_000_000)
        except OSError as error:
            raise KeyringRefused(f"cannot read the keyring {path}: {error.strerror}") from error
        if stat.S_IMODE(info.st_mode) & 0o077:
            raise KeyringRefused(f"the keyring {path} may be read by others; run: chmod 600 {path}")
        return cls(_parse(body, path), path, info.st_mtime_ns)

    def with_new_key(self, purpose: str) -> Keyring:
        """Add a random key to one purpose and make it the current one; saves the file if the ring has one."""
        old = self.sets[purpose]
        number = 1 + max(int(re.sub(r"\D", "", kid) or 0) for kid in old.keys)
        kid = f"k{number}"
        ring = Keyring({**self.sets, purpose: KeySet(kid, {**old.keys, kid: _new_key()})}, self.path)
        return ring._saved()

    def without_key(self, purpose: str, kid: str) -> Keyring:
        """Forget an old key, once nothing is sealed with it any more.

        :raises ValueError: when it is the current key, or unknown.
        """
        old = self.sets[purpose]
        if kid == old.current or kid not in old.keys:
            raise ValueError(f"{purpose} key {kid} is current or unknown")
        keys = {name: key for name, key in old.keys.items() if name != kid}
        return Keyring({**self.sets, purpose: KeySet(old.current, keys)}, self.path)._saved()

    def is_stale(self) -> bool:
        """Whether the file has changed since this ring was read (another process added a key)."""
        try:
            return self.path is not None and self.path.stat().st_mtime_ns != self.stamp
        except OSError:
            return False

    def _saved(self) -> Keyring:
        if self.path is None:
            return self
        beside = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        _write_and_sync(handle, beside, self)
        os.replace(beside, self.path)
        _sync_folder(self.path.parent)
        return Keyring.load(self.path)


def _new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def _write_and_sync(handle: int, path: Path, ring: Keyring) -> None:
    body = {
        purpose: {
            "current": keys.current,
            "keys": {kid: base64.b64encode(key).decode() for kid, key in keys.keys.items()},
        }
        for purpose, keys in ring.sets.items()
    }
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(body, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _parse(body: bytes, path: Path) -> dict[str, KeySet]:
    try:
        raw = json.loads(body)
        return {purpose: _parse_set(raw[purpose]) for purpose in PURPOSES}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        # `from None`: the cause could quote a key.
        reason = type(error).__name__
        raise KeyringRefused(f"the keyring {path} is not well formed ({reason})") from None


def _parse_set(raw: dict[str, object]) -> KeySet:
    current, encoded = raw["current"], raw["keys"]
    if not isinstance(current, str) or not isinstance(encoded, dict):
        raise TypeError("a key set needs current and keys")
    keys = {kid: base64.b64decode(text, validate=True) for kid, text in encoded.items()}
    for kid, key in keys.items():
        if not _KEY_ID.match(kid) or len(key) != KEY_BYTES:
            raise ValueError("bad key id or key length")
    if current not in keys:
        raise KeyError("current")
    return KeySet(current, keys)
