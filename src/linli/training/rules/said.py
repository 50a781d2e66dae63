"""Words in the two languages that the house keeps. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """The same in Chinese and, if somebody wrote it, in English."""

    zh: str = ""
    en: str = ""

    def told(self, *, english: bool) -> str:
        """For a reader of English or not; Chinese where there is no English."""
        return self.en if english and self.en else self.zh
