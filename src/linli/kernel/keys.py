"""The keyring of this process. (The file itself is `keyring`, which does not need Django.)"""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from django.conf import settings

from linli.kernel.keyring import Keyring, KeyringRefused

_lock = Lock()
_held: dict[str, Keyring] = {}


def keyring(*, fresh: bool = False) -> Keyring:
    """The ring named by the setting LINLI_KEYRING_FILE, read once.

    Without that setting a test run gets random keys that end with it; anything else is refused.

    :param fresh: look whether the file has changed (used when a sealed value names an unknown key).
    :raises KeyringRefused: see `Keyring.load`.
    """
    source = str(settings.LINLI_KEYRING_FILE or "")
    ring = _held.get(source)
    if ring is not None and not (fresh and ring.is_stale()):
        return ring
    with _lock:
        if source not in _held or fresh:
            _held[source] = _read(source)
        return _held[source]


def use(ring: Keyring | None) -> None:
    """Replace the ring of this process (after adding a key, and in tests); None reads it again later."""
    source = str(settings.LINLI_KEYRING_FILE or "")
    with _lock:
        if ring is None:
            _held.pop(source, None)
        else:
            _held[source] = ring


def _read(source: str) -> Keyring:
    if source:
        return Keyring.load(Path(source))
    if not getattr(settings, "TESTING", False):
        raise KeyringRefused("set LINLI_KEYRING_FILE; `linli keys create` makes the file")
    return Keyring.ephemeral()
