from __future__ import annotations

import hashlib
import io
import os
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from linli.kernel import media
from linli.kernel.media import MediaRefused, pictures
from linli.kernel.tests.media_help import folder, picture, refused, stored_bytes

__all__ = ["folder"]
pytestmark = pytest.mark.usefixtures("folder")
CANARY = "CANARY-26.6470-106.6302"


def _png(width: int, height: int, body: bytes = b"", *, extra: bytes = b"") -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010E] = CANARY
    exif[0x013B] = CANARY
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[29] = "N", (26.0, 38.0, 49.2), CANARY
    return exif


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_is_written_anew_with_a_small_one(kind: str, folder: Path) -> None:
    stored = media.accept(picture(kind, (3000, 1500)), "照片.jpg", purpose="report")
    assert (stored.kind, stored.width, stored.height, stored.seconds) == ("picture", 2000, 1000, None)
    body = stored_bytes(stored.path)
    assert (stored.bytes, stored.sha256) == (len(body), hashlib.sha256(body).digest())
    assert stored.thumb_path is not None
    for path, size in ((stored.path, (2000, 1000)), (stored.thumb_path, (400, 200))):
        with Image.open(io.BytesIO(stored_bytes(path))) as image:
            assert (image.format, image.size, image.mode) == ("JPEG", size, "RGB")
        assert (folder / path).stat().st_mode & 0o777 == 0o600
    assert media.content_type(stored.path) == stored.content_type == "image/jpeg"


def test_a_small_picture_is_not_blown_up() -> None:
    stored = media.accept(picture(size=(30, 20)), purpose="report")
    assert (stored.width, stored.height) == (30, 20)


def test_an_open_file_is_taken_too() -> None:
    assert media.accept(io.BytesIO(picture()), purpose="report").kind == "picture"


@pytest.mark.parametrize(
    "made",
    [
        lambda: picture("JPEG", exif=_exif(), comment=CANARY.encode(), icc_profile=_profile(), xmp=_xmp()),
        lambda: picture("PNG", exif=_exif(), pnginfo=_png_notes(), icc_profile=_profile()),
        lambda: picture("WEBP", exif=_exif(), icc_profile=_profile(), xmp=_xmp()),
        lambda: picture("GIF", comment=CANARY.encode()),
        lambda: picture("JPEG") + CANARY.encode(),
    ],
    ids=["jpeg", "png", "webp", "gif", "behind the end"],
)
def test_no_metadata_survives(made: object) -> None:
    assert callable(made)
    data = made()
    assert CANARY.encode() in data
    stored = media.accept(data, f"{CANARY}.jpg", purpose="report")
    for path in (stored.path, stored.thumb_path):
        assert path is not None
        body = stored_bytes(path)
        assert CANARY.encode() not in body
        with Image.open(io.BytesIO(body)) as image:
            assert set(image.info) <= {
                "jfif",
                "jfif_version",
                "jfif_unit",
                "jfif_density",
                "progressive",
                "progression",
            }
            assert not image.getexif()


def _profile() -> bytes:
    profile: bytes = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile + CANARY.encode()


def _xmp() -> bytes:
    return f"<x:xmpmeta>{CANARY}</x:xmpmeta>".encode()


def _png_notes() -> PngImagePlugin.PngInfo:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", CANARY)
    notes.add_itxt("XML:com.adobe.xmp", CANARY)
    return notes


def test_a_picture_taken_sideways_is_turned_upright() -> None:
    image = Image.new("RGB", (80, 40), "white")
    image.paste("red", (0, 0, 20, 40))
    exif = Image.Exif()
    exif[0x0112] = 6  # the left edge belongs on top
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=95)
    stored = media.accept(out.getvalue(), purpose="report")
    assert (stored.width, stored.height) == (40, 80)
    with Image.open(io.BytesIO(stored_bytes(stored.path))) as upright:
        top, bottom = upright.getpixel((20, 5)), upright.getpixel((20, 70))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200
    assert top[1] < 80
    assert min(bottom) > 200


def test_transparency_becomes_white_and_colour_spaces_become_srgb() -> None:
    for kind, mode in (
        ("PNG", "RGBA"),
        ("PNG", "LA"),
        ("PNG", "P"),
        ("PNG", "I;16"),
        ("PNG", "1"),
        ("JPEG", "CMYK"),
        ("JPEG", "L"),
    ):
        out = io.BytesIO()
        Image.new(mode, (9, 9)).save(out, kind, **({"transparency": 0} if mode == "P" else {}))
        stored = media.accept(out.getvalue(), purpose="report")
        with Image.open(io.BytesIO(stored_bytes(stored.path))) as image:
            assert image.mode == "RGB"
            pixel = image.getpixel((4, 4))
            assert pixel == ((255, 255, 255) if mode in {"RGBA", "LA", "P", "CMYK"} else (0, 0, 0)), mode


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue", "green")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    stored = media.accept(out.getvalue(), purpose="report")
    with Image.open(io.BytesIO(stored_bytes(stored.path))) as image:
        pixel = image.getpixel((10, 10))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200
    assert pixel[2] < 60


@pytest.mark.parametrize(
    "bomb",
    [
        lambda: _png(20_000, 20_000, bytes(2501 * 20_000)),
        lambda: _png(2_000_000_000, 2_000_000_000),
        lambda: (
            b"GIF89a"
            + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0)
            + b",\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x00;"
        ),
        lambda: picture("WEBP", (5000, 4200)),
        lambda: picture("JPEG", (10_000, 4_100)),
    ],
    ids=["png", "png of nothing", "gif", "webp", "jpeg"],
)
def test_a_small_file_with_too_many_pixels_is_refused(bomb: object) -> None:
    assert callable(bomb)
    data = bomb()
    assert len(data) < 1_000_000
    refusal = refused(data)
    assert refusal.code in {"too_many_pixels", "broken"}
    if refusal.code == "too_many_pixels":
        assert refusal.limits["max_pixels"] in {pictures.MAX_PIXELS, pictures.MAX_WEBP_PIXELS}


def test_text_that_unpacks_to_gigabytes_is_refused() -> None:
    bomb = zlib.compress(bytes(200_000_000), 9)
    note = b"zTXt" + b"Comment\x00\x00" + bomb
    extra = struct.pack(">I", len(note) - 4) + note + struct.pack(">I", zlib.crc32(note))
    assert refused(_png(8, 8, bytes(16), extra=extra)).code in {"broken", "too_costly"}


def test_memory_and_time_of_the_worker_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PIXELS", 10**10)
    assert refused(_png(22_000, 22_000, bytes(2751 * 22_000))).code == "too_costly"
    monkeypatch.setattr(pictures, "WALL_SECONDS", 0.001)
    assert refused(picture()).code == "too_costly"


def test_the_worker_knows_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    spy = tmp_path / "worker.py"
    spy.write_text("import os, sys; sys.exit(4 if not os.environ.get('LINLI_HOME') else 1)")
    monkeypatch.setattr(pictures, "_WORKER", spy)
    assert "LINLI_HOME" in os.environ
    assert refused(picture()).code == "broken"


def test_a_worker_that_does_not_run_is_our_fault_not_the_senders(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pictures, "_WORKER", tmp_path / "none.py")
    with pytest.raises(RuntimeError, match="does not run"):
        media.accept(picture(), purpose="report")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_cut_picture_is_refused(kind: str) -> None:
    out = io.BytesIO()
    Image.effect_noise((300, 300), 90).convert("RGB").save(out, kind)
    assert refused(out.getvalue()[: len(out.getvalue()) // 2]).code == "broken"


def test_a_damaged_picture_is_refused_or_cleaned_but_never_fails() -> None:
    data = bytearray(picture("PNG", (40, 40)))
    found = set()
    for place in range(8, len(data), 17):
        damaged = bytes(data[:place]) + bytes([data[place] ^ 0xFF]) + bytes(data[place + 1 :])
        try:
            found.add(media.accept(damaged, purpose="report").kind)
        except MediaRefused as refusal:
            found.add(refusal.code)
    assert found <= {"picture", "broken", "too_many_pixels", "unknown_type", "too_costly"}
