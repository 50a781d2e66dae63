"""Opens one picture in a process of its own and writes it anew. Run as a script; imports only Pillow.

A hostile picture can at worst kill this process: memory and time are bounded, there are no secrets in its
environment, and it may not write files. Bytes come on stdin; on stdout go five big-endian numbers (width,
height, length of the picture, length of the small one, 0) and both JPEGs. Exit codes: 0 done · 3 too many
pixels · 4 broken · 5 too costly.
"""

from __future__ import annotations

import io
import resource
import struct
import sys

MEMORY_BYTES = 500_000_000
CPU_SECONDS = 20
TOO_MANY_PIXELS, BROKEN, TOO_COSTLY = 3, 4, 5
ORIENTATION_TAG = 0x0112
QUALITY = 82
BAND = 256

resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

from PIL import Image, ImageCms  # noqa: E402  (only now, inside the limits)

TURNS = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}


class TooManyPixels(Exception):
    """More than was allowed."""


def renew(data: bytes, kind: str, *, max_pixels: int, side: int, small_side: int) -> bytes:
    """The answer for stdout: the picture upright, in sRGB, at most `side` pixels long, and a small one."""
    Image.MAX_IMAGE_PIXELS = max_pixels
    with Image.open(io.BytesIO(data), formats=[kind]) as picture:
        if picture.width * picture.height > max_pixels:
            raise TooManyPixels
        picture.draft("RGB", (side, side))
        turn = TURNS.get(_orientation(picture), ())
        profile = picture.info.get("icc_profile")
        picture.load()
        image = _opaque(picture, side)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    image = _in_srgb(image, profile)
    for step in turn:
        image = image.transpose(step)
    small = image.copy()
    small.thumbnail((small_side, small_side), Image.Resampling.LANCZOS)
    large_bytes, small_bytes = _as_jpeg(image), _as_jpeg(small)
    head = struct.pack(">5I", image.width, image.height, len(large_bytes), len(small_bytes), 0)
    return head + large_bytes + small_bytes


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(ORIENTATION_TAG, 1))
    except Exception:  # damaged EXIF of a good picture; it is thrown away anyway
        return 1


def _opaque(picture: Image.Image, side: int) -> Image.Image:
    """The picture without transparency, roughly scaled down.

    Made band by band: a second copy of forty million pixels would be too much.
    """
    factor = max(1, int(max(picture.size) / (1.5 * side)))
    width, height = (-(-length // factor) for length in picture.size)
    whole = Image.new("CMYK" if picture.mode == "CMYK" else "RGB", (width, height))
    for top in range(0, picture.height, BAND * factor):
        band = picture.crop((0, top, picture.width, min(picture.height, top + BAND * factor)))
        whole.paste(_on_white(_plain_mode(band)).reduce(factor), (0, top // factor))
    return whole


def _plain_mode(picture: Image.Image) -> Image.Image:
    """A mode that can be scaled smoothly: RGB, RGBA or CMYK."""
    if picture.mode == "CMYK":
        return picture
    if picture.mode.startswith("I"):  # 16 bits of grey
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    has_alpha = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
    return picture.convert("RGBA" if has_alpha else "RGB")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile and image.mode in {"RGB", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            turned = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
            image = turned if turned is not None else image
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a damaged or foreign profile: the numbers are taken as they are
    return image if image.mode == "RGB" else image.convert("RGB")


def _as_jpeg(image: Image.Image) -> bytes:
    image.info.clear()  # Pillow would carry a comment over
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def main(kind: str, max_pixels: str, side: str, small_side: str) -> int:
    """Answer on stdout; the exit code says what went wrong."""
    data = sys.stdin.buffer.read()
    try:
        answer = renew(data, kind, max_pixels=int(max_pixels), side=int(side), small_side=int(small_side))
    except (TooManyPixels, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return TOO_MANY_PIXELS
    except MemoryError:
        return TOO_COSTLY
    except Exception:  # decoders raise whatever they like on damaged bytes
        return BROKEN
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
