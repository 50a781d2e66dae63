"""Where accepted files lie: on the disk, or in anything that speaks S3 (settings: `STORAGES["media"]`)."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages

SMALL = "_small"
BATCH = 500
_PATH = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}(?:_small)?\.[a-z0-9]{2,5}")
CONTENT_TYPES = {
    "jpg": "image/jpeg",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "aac": "audio/aac",
    "amr": "audio/amr",
    "ogg": "audio/ogg",
    "m4a": "audio/mp4",
    "weba": "audio/webm",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "pdf": "application/pdf",
}


class MediaMissing(Exception):
    """There is no such file."""


class DurableStorage(FileSystemStorage):
    """Files on the disk that are really there when `save` returns: bytes, name and folders are fsynced."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("file_permissions_mode", 0o600)
        options.setdefault("directory_permissions_mode", 0o700)
        super().__init__(**options)

    def _save(self, name: str, content: File[Any]) -> str:
        path = Path(self.path(name))
        self._make_folder(path.parent)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, self.file_permissions_mode or 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        return name

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(mode=self.directory_permissions_mode or 0o700, exist_ok=True)
        _sync_folder(folder.parent)


def store(data: bytes, extension: str, small: bytes | None = None) -> tuple[str, str | None]:
    """Keep a file, and its small picture if there is one, under a new random name; returns both paths.

    When this returns the bytes survive a crash, so the row that names them may be committed.
    """
    stem = secrets.token_hex(16)
    folder = stem[:2]
    path = _save(f"{folder}/{stem}.{extension}", data)
    return path, None if small is None else _save(f"{folder}/{stem}{SMALL}.jpg", small)


def keep(data: bytes, extension: str) -> str:
    """Keep what we made ourselves (a PDF to fetch later) under a new random name; returns its path."""
    return store(data, extension)[0]


def open_media(path: str) -> File[Any]:
    """Open a stored file for reading.

    :raises MediaMissing: when there is none, or the path is not one of ours.
    """
    try:
        return _media().open(_checked(path), "rb")
    except FileNotFoundError:
        raise MediaMissing(path) from None


def content_type(path: str) -> str:
    """What to tell the browser; send it with `nosniff`."""
    return CONTENT_TYPES[_checked(path).rpartition(".")[2]]


def remove(path: str) -> None:
    """Delete a file, for erasure; a file that is not there is fine."""
    _media().delete(_checked(path))


def sweep_orphans(known: Callable[[Sequence[str]], Collection[str]], *, older_than: datetime) -> int:
    """Delete files no row names, left behind where a transaction was rolled back; returns how many.

    :param known: of the paths given, those that some row names. Asked for 500 at a time.
    :param older_than: younger files are left alone: their row may not be committed yet (24 hours are ample).
    """
    removed = 0
    for paths in _batches(older_than):
        for path in set(paths) - set(known(paths)):
            remove(path)
            removed += 1
    return removed


def _batches(older_than: datetime) -> Iterator[list[str]]:
    media = _media()
    batch: list[str] = []
    for folder in _listing(media, "")[0]:
        for name in _listing(media, folder)[1]:
            path = f"{folder}/{name}"
            if _PATH.fullmatch(path) and media.get_modified_time(path) < older_than:
                batch.append(path)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _listing(media: Storage, folder: str) -> tuple[list[str], list[str]]:
    try:
        return media.listdir(folder)
    except FileNotFoundError:
        return [], []


def _media() -> Storage:
    return storages["media"]


def _save(path: str, data: bytes) -> str:
    return _media().save(path, ContentFile(data))


def _checked(path: str) -> str:
    if not _PATH.fullmatch(path):
        raise MediaMissing(path)
    return path


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
