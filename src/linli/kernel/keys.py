"""The keyring of this process. (The file itself is `keyring`, which does not need Django.)"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from time import monotonic

from django.conf import settings

from linli.kernel.keyring import Keyring, KeyringRefused

LOOK_AGAIN_SECONDS = 2.0
_lock = Lock()
_held: dict[str, Keyring] = {}
_looked: dict[str, float] = {}


def keyring(*, fresh: bool = False) -> Keyring:
    """The ring named by the setting LINLI_KEYRING_FILE; a changed file is noticed within two seconds.

    Without that setting a test run gets random keys that end with it; anything else is refused.

    :param fresh: look at once whether the file has changed (when a sealed value names an unknown key).
    :raises KeyringRefused: see `Keyring.load`.
    """
    source = str(settings.LINLI_KEYRING_FILE or "")
    ring = _held.get(source)
    if ring is not None and not _should_read_again(ring, source, fresh):
        return ring
    with _lock:
        if source not in _held or _held[source] is ring:
            _held[source] = _read(source)
        return _held[source]


def _should_read_again(ring: Keyring, source: str, fresh: bool) -> bool:
    moment = monotonic()
    if not fresh and moment - _looked.get(source, 0.0) < LOOK_AGAIN_SECONDS:
        return False
    _looked[source] = moment
    return ring.is_stale()


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
        raise KeyringRefused("set LINLI_KEYRING_FILE; `linli serve` makes the file in its data folder")
    return Keyring.ephemeral()
