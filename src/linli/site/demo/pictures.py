"""A few drawn pictures for the demo's reports and proofs: plain scenes, marked as examples, of no real place."""

from __future__ import annotations

import io
from datetime import datetime
from random import Random

from PIL import Image, ImageDraw

from linli.cases.actions import upload
from linli.kernel import access, media

SCENES = 6


def draw(number: int) -> bytes:
    """A small JPEG: sky, a wall, windows, a lamp; lit or dark, by the number."""
    chance = Random(number)
    lit = number % 2 == 0
    image = Image.new("RGB", (960, 720), (148, 178, 205) if lit else (46, 56, 74))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 520, 960, 720), fill=(120, 124, 118) if lit else (60, 62, 62))
    for tower in range(3):
        left = 60 + tower * 290 + chance.randrange(40)
        top = 120 + chance.randrange(120)
        pen.rectangle((left, top, left + 220, 540), fill=(203 - tower * 18, 190 - tower * 10, 170))
        for row in range(5):
            for column in range(4):
                window = (left + 22 + column * 48, top + 26 + row * 62)
                glow = (250, 226, 150) if chance.random() < 0.4 else (96, 116, 132)
                pen.rectangle((*window, window[0] + 28, window[1] + 36), fill=glow)
    pen.line((806, 560, 806, 250), fill=(70, 74, 76), width=10)
    pen.line((806, 252, 742, 240), fill=(70, 74, 76), width=8)
    pen.ellipse((716, 226, 752, 254), fill=(255, 236, 170) if lit else (40, 42, 44))
    pen.text((24, 684), "EXAMPLE", fill=(235, 238, 236))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


class Album:
    """The demo's pictures, kept once and shown in many cases."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.stored = [media.accept(io.BytesIO(draw(number)), purpose="report") for number in range(SCENES)]

    def ticket(self, community_id: int, at: datetime) -> str:
        """The ticket of an upload, ready to be tied to a case."""
        kept = upload.keep(
            actor=access.SYSTEM, community_id=community_id, stored=self.chance.choice(self.stored), at=at
        )
        return str(kept.ticket)
