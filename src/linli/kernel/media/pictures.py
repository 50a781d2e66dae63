"""Pictures are never kept as they came: a bounded process opens each and writes it anew, without any
metadata.
"""

from __future__ import annotations

import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore

from linli.kernel.media.refusal import MediaRefused

MAX_PIXELS = 40_000_000
MAX_WEBP_PIXELS = 20_000_000  # its decoder holds four copies
SIDE, SMALL_SIDE = 2000, 400
WALL_SECONDS = 30
FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}
_WORKER = Path(__file__).with_name("picture_worker.py")
_HEAD = struct.Struct(">5I")
# Each may need a few hundred megabytes for a moment: never many at once in one process.
_at_once = BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and its small one, both JPEG; width and height in pixels."""

    large: bytes
    small: bytes
    width: int
    height: int


def renew(data: bytes, kind: str) -> Picture:
    """Open and write anew: upright, sRGB, at most 2000 pixels long, and a small one of at most 400.

    :param kind: a key of `FORMATS`. Of moving pictures the first frame is kept.
    :raises MediaRefused: `broken`, `too_many_pixels` or `too_costly`.
    """
    # -I: no user folders, not the current folder. The empty environment keeps our secrets out.
    max_pixels = MAX_WEBP_PIXELS if kind == "webp" else MAX_PIXELS
    arguments = [FORMATS[kind], str(max_pixels), str(SIDE), str(SMALL_SIDE)]
    command = [sys.executable, "-I", str(_WORKER), *arguments]
    with _at_once:
        try:
            done = subprocess.run(
                command, input=data, capture_output=True, timeout=WALL_SECONDS, env={}, cwd="/", check=False
            )
        except subprocess.TimeoutExpired:
            raise MediaRefused("too_costly") from None
    if done.returncode:
        raise _refusal(done.returncode, max_pixels, done.stderr)
    width, height, large, small, _ = _HEAD.unpack_from(done.stdout)
    body = done.stdout[_HEAD.size :]
    return Picture(body[:large], body[large : large + small], width, height)


def _refusal(code: int, max_pixels: int, errors: bytes) -> Exception:
    if code == 3:
        return MediaRefused("too_many_pixels", max_pixels=max_pixels)
    if code == 4:
        return MediaRefused("broken")
    if code == 5 or code < 0:  # below 0: ended by a signal, which is how the limits end it
        return MediaRefused("too_costly")
    return RuntimeError(f"the picture worker does not run: {errors[-500:].decode('ascii', 'replace')}")
