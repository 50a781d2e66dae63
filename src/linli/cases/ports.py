"""What the cases need from others, in their own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from linli.cases.queries.reference import CategoryRow
from linli.cases.rules.suggest import Suggestion


class Classifier(Protocol):
    """Proposes what a report is about; a person decides."""

    version: str

    def suggest(
        self, words: str, categories: Mapping[str, CategoryRow], community_id: int = 0
    ) -> tuple[Suggestion, ...]:
        """Up to three categories, surest first, or none below its threshold, as this community decides (0: any)."""


_filled: dict[str, Classifier] = {}


def classifier() -> Classifier:
    """The classifier plugged in by ``site/wiring.py``."""
    return _filled["classifier"]


def plug_classifier(adapter: Classifier) -> None:
    """Fill the port."""
    _filled["classifier"] = adapter
