"""A category as a service of the standard."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from linli.integrations.open311.rules.questions import Question


class Type(StrEnum):
    """What a created request answers with."""

    REALTIME = "realtime"  # its number at once
    BATCH = "batch"  # a token, with which the number is asked for later
    BLACKBOX = "blackbox"  # neither: it is never told


@dataclass(frozen=True, slots=True)
class Service:
    """A service in one language."""

    code: str
    name: str
    description: str
    type: Type
    keywords: tuple[str, ...]
    group: str
    sensitive: bool
    kind: str = ""
    questions: tuple[Question, ...] = field(default=())

    def as_told(self) -> dict[str, object]:
        """As the list has it."""
        return {
            "service_code": self.code,
            "service_name": self.name,
            "description": self.description,
            "metadata": bool(self.questions),
            "type": self.type.value,
            "keywords": ",".join(word.replace(",", " ") for word in self.keywords),
            "group": self.group,
        }
