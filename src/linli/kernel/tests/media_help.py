"""What the tests of media share: a folder of their own, made-up pictures, refusals with a known code."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from pytest_django import Settings

from linli.kernel import media
from linli.kernel.media import MediaRefused


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    place = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "media": {
            "BACKEND": "linli.kernel.media.storage.DurableStorage",
            "OPTIONS": {"location": str(place)},
        },
    }
    return place


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **how: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 0x808080 if mode == "RGB" else 1).save(out, kind, **how)
    return out.getvalue()


def refused(data: bytes, purpose: str = "report", name: str = "x.jpg") -> MediaRefused:
    with pytest.raises(MediaRefused) as caught:
        media.accept(data, name, purpose=purpose)
    assert caught.value.code in media.CODES
    assert caught.value.message_key == f"media.{caught.value.code}"
    return caught.value


def stored_bytes(path: str) -> bytes:
    with media.open_media(path) as file:
        body: bytes = file.read()
        return body
