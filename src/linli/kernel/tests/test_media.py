from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages
from pytest_django import Settings

from linli.kernel import media
from linli.kernel.media import MediaMissing, MediaRefused
from linli.kernel.tests import recordings
from linli.kernel.tests.media_help import folder, picture, refused, stored_bytes

__all__ = ["folder"]
pytestmark = pytest.mark.usefixtures("folder")


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("evil.html", "<b>")
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        picture("JPEG") + _zip(),
        picture("PNG") + _zip(),
        picture("GIF") + b"<script>alert(1)</script>",
        picture("JPEG", comment=b"<?php system($_GET[0]); ?>"),
        picture("JPEG", comment=b"%PDF-1.7 obj"),
        picture("JPEG", comment=b"<svg onload=alert(1)>"),
        b"GIF89a/*" + picture("GIF")[8:] + b"*/=1;alert(1)",
        picture("PNG") + b"Rar!\x1a\x07\x00",
        recordings.mp3() + _zip(),
        recordings.mp4() + _zip(),
        recordings.opus(comment=b"<html><script>"),
    ],
    ids=[
        "jpeg+zip",
        "png+zip",
        "gif+script",
        "jpeg+php",
        "jpeg+pdf",
        "jpeg+svg",
        "gif as script",
        "png+rar",
        "mp3+zip",
        "mp4+zip",
        "opus+html",
    ],
)
def test_a_file_that_is_also_another_file_is_refused(data: bytes) -> None:
    assert refused(data).code == "hidden_content"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\x00", "unknown_type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "unknown_type"),
        (b"<?xml version='1.0'?><svg/>", "unknown_type"),
        (b"%PDF-1.7", "unknown_type"),
        (b"MZ\x90\x00" + bytes(100), "unknown_type"),
        (_zip(), "unknown_type"),
        (b"BM" + bytes(100), "unknown_type"),
        (b"II*\x00" + bytes(100), "unknown_type"),
        (b"%!PS-Adobe", "unknown_type"),
        (recordings.box(b"ftyp", b"heic", bytes(4), b"mif1heic") + bytes(50), "heic"),
        (recordings.box(b"ftyp", b"mif1", bytes(4), b"mif1avif") + bytes(50), "heic"),
        (b"\xff\xd8\xff" + bytes(50), "broken"),
        (b"\x89PNG\r\n\x1a\n", "broken"),
    ],
)
def test_what_we_do_not_keep_is_refused_with_a_reason(data: bytes, code: str) -> None:
    assert refused(data).code == code


def test_a_name_is_neither_believed_nor_kept(folder: Path) -> None:
    for name in ("../../etc/passwd", "x" * 100_000, "a\x00.php", "x.svg", "", "照片.exe"):
        stored = media.accept(picture(), name, purpose="report")
        assert stored.path.endswith(".jpg")
        assert len(stored.path) == 39
    assert {file.suffix for file in folder.rglob("*.*")} == {".jpg"}


def test_too_many_bytes_are_refused_before_they_are_opened() -> None:
    refusal = refused(picture() + bytes(10_000_001))
    assert (refusal.code, refusal.limits) == ("too_large", {"max_bytes": 10_000_000})

    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            assert 0 < size < 40_000_000
            return bytes(size)

    with pytest.raises(MediaRefused, match="too_large"):
        media.accept(Endless(), purpose="report")  # type: ignore[arg-type]


def test_a_film_is_no_portrait() -> None:
    refusal = refused(recordings.mp4(), purpose="portrait")
    assert (refusal.code, refusal.limits) == ("kind_not_wanted", {"kinds": "picture"})
    with pytest.raises(KeyError):
        media.accept(picture(), purpose="nonsense")


@pytest.mark.parametrize(
    ("data", "kind", "seconds"),
    [
        (recordings.mp4(), "video", 5.0),
        (recordings.webm(video=False), "voice", 3.0),
        (recordings.amr(), "voice", 1.0),
    ],
)
def test_recordings_are_stored_clean(data: bytes, kind: str, seconds: float) -> None:
    stored = media.accept(data, purpose="report")
    assert (stored.kind, stored.thumb_path) == (kind, None)
    assert stored.seconds == pytest.approx(seconds)
    assert stored.wiped
    body = stored_bytes(stored.path)
    assert b"CANARY" not in body
    assert stored.sha256 == hashlib.sha256(body).digest()
    assert media.content_type(stored.path) == stored.content_type


def test_a_long_recording_is_refused() -> None:
    refusal = refused(recordings.mp4(seconds=121))
    assert (refusal.code, refusal.limits) == ("too_long", {"max_seconds": 120})
    assert refused(recordings.amr(frames=50 * 301)).limits == {"max_seconds": 300}


def test_damage_inside_a_recording_is_a_refusal() -> None:
    for data in (recordings.mp3()[:300], recordings.wav()[:30], recordings.amr()[:8], recordings.webm()[:60]):
        assert refused(data).code == "broken"


def test_bytes_and_names_are_on_the_disk_before_we_go_on(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    synced: list[str] = []
    real = os.fsync

    def spy(handle: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{handle}"))
        real(handle)

    monkeypatch.setattr(os, "fsync", spy)
    stored = media.accept(recordings.amr(), purpose="report")
    assert str(folder / stored.path) in synced
    assert synced.index(str(folder / stored.path)) < synced.index(str((folder / stored.path).parent), 2)
    assert str(folder) in synced
    assert str(folder.parent) in synced


def test_a_failed_write_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    def full(handle: int) -> None:
        if os.readlink(f"/proc/self/fd/{handle}").endswith(".amr"):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        media.accept(recordings.amr(), purpose="report")
    assert not list(folder.rglob("*.amr"))


@pytest.mark.parametrize(
    "path", ["../settings.py", "/etc/passwd", "aa/../../x.jpg", "", "aa/" + "0" * 32 + ".jpg"]
)
def test_only_our_own_paths_are_opened(path: str) -> None:
    with pytest.raises(MediaMissing):
        media.open_media(path)


def test_files_nobody_names_are_swept_after_a_day(folder: Path) -> None:
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    named, orphan, young = (media.accept(picture(), purpose="report") for _ in range(3))
    (folder / "note.txt").write_text("not ours")
    for stored, hours in ((named, 30), (orphan, 30), (young, 1)):
        for path in (stored.path, stored.thumb_path or ""):
            then = (now - timedelta(hours=hours)).timestamp()
            os.utime(folder / path, (then, then))
    known = {named.path, named.thumb_path}
    removed = media.sweep_orphans(
        lambda paths: [path for path in paths if path in known], older_than=now - timedelta(hours=24)
    )
    assert removed == 2
    left = {str(file.relative_to(folder)) for file in folder.rglob("*.*")}
    assert left == {named.path, named.thumb_path, young.path, young.thumb_path, "note.txt"}


def test_an_erased_file_is_gone(folder: Path) -> None:
    stored = media.accept(picture(), purpose="report")
    media.remove(stored.path)
    media.remove(stored.path)
    with pytest.raises(MediaMissing):
        media.open_media(stored.path)
    assert len(list(folder.rglob("*.*"))) == 1


@pytest.fixture
def s3(folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same storage on an S3 server of our own on this machine."""
    boto3 = pytest.importorskip("boto3", reason="the [s3] extra is not installed")
    server_module = pytest.importorskip("moto.server", reason="moto is not installed")
    pytest.importorskip("storages", reason="the [s3] extra is not installed")
    for name, value in (
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    server = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    boto3.client("s3", endpoint_url=address).create_bucket(Bucket="linli")
    settings.STORAGES = {
        **settings.STORAGES,
        "media": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {"bucket_name": "linli", "endpoint_url": address},
        },
    }
    yield
    server.stop()


@pytest.mark.usefixtures("s3")
def test_the_same_on_s3() -> None:
    stored, orphan = (media.accept(picture(), purpose="report") for _ in range(2))
    assert type(storages["media"]).__name__ == "S3Storage"
    assert hashlib.sha256(stored_bytes(stored.path)).digest() == stored.sha256
    known = {stored.path, stored.thumb_path}
    removed = media.sweep_orphans(
        lambda paths: [path for path in paths if path in known], older_than=datetime(2999, 1, 1, tzinfo=UTC)
    )
    assert removed == 2
    with pytest.raises(MediaMissing):
        media.open_media(orphan.path)
    assert stored_bytes(stored.path)


@pytest.mark.parametrize(
    "data",
    [
        recordings.mp4(handlers=(b"soun",), seconds=1) + recordings.box(b"mdat", bytes(900_000)),
        recordings.mp4(handlers=(b"soun",), seconds=0),
    ],
    ids=["a second that would be a minute", "no length at all"],
)
def test_a_voice_whose_length_cannot_be_true_is_refused(data: bytes) -> None:
    assert refused(data).code == "length_unclear"
