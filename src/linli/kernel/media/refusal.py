"""Why a file is not accepted. The door makes the sentence; we give the reason and its figures."""

from __future__ import annotations

from collections.abc import Mapping

CODES = frozenset(
    {
        "empty",  # no bytes
        "too_large",  # limits: max_bytes
        "unknown_type",  # not one of the types we keep (SVG, programs …)
        "heic",  # an iPhone original; the phone can send JPEG instead
        "kind_not_wanted",  # a film where only pictures are asked for; limits: kinds
        "broken",  # truncated or damaged
        "too_many_pixels",  # limits: max_pixels
        "too_costly",  # opening it takes more memory or time than any honest file
        "hidden_content",  # another file hides in it
        "too_long",  # limits: max_seconds
        "active_content",  # a document that does something: scripts, programs, files inside
        "locked",  # a document that asks for a password
        "length_unclear",  # a voice that does not say how long it is, or says something impossible
    }
)


class MediaRefused(Exception):
    """A file that is not accepted.

    `code` is one of `CODES`; `limits` holds the figures the message may name.
    """

    def __init__(self, code: str, **limits: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.limits: Mapping[str, int | str] = limits

    @property
    def message_key(self) -> str:
        """The key of the sentence for people: `media.too_large`."""
        return f"media.{self.code}"

    def most(self) -> str:
        """The one figure the sentence names: seconds, or megabytes, or megapixels; empty for none."""
        for name in ("max_bytes", "max_pixels"):
            if name in self.limits:
                return mega(int(self.limits[name]))
        return str(next(iter(self.limits.values()), ""))


def mega(amount: int) -> str:
    """Millions, at least one."""
    return str(round(amount / 1_000_000)) if amount >= 950_000 else "1"
