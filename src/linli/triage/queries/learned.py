"""Which models a community has, which is in use, and how it came to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from linli.triage.models import LearnedModel
from linli.triage.rules import model as models
from linli.triage.rules.model import Model

BY_WORDS = "keywords-1"  # what is in use before anything was learned
KEPT = 12  # versions shown


@dataclass(frozen=True, slots=True)
class Learned:
    """One version, without its bytes."""

    id: int
    version: str
    trained_at: datetime
    source: str
    examples: int
    held_out: int
    decisions: int
    macro_f1: float
    accuracy: float
    before: str
    before_macro_f1: float
    per_class: Mapping[str, Mapping[str, Any]]
    words: Mapping[str, list[str]]
    verdict: str
    promoted_at: datetime | None
    promoted_by_id: int | None
    retired_at: datetime | None

    @property
    def in_use(self) -> bool:
        """Whether proposals come from it now."""
        return self.promoted_at is not None and self.retired_at is None


FIELDS = tuple(Learned.__dataclass_fields__)


def versions(community_id: int) -> list[Learned]:
    """The newest versions, newest first."""
    rows = LearnedModel.objects.filter(community_id=community_id).order_by("-trained_at", "-id")
    return [Learned(*row) for row in rows.values_list(*FIELDS)[:KEPT]]


def in_use(community_id: int) -> Learned | None:
    """The version proposals come from now; None while the words alone propose."""
    row = _in_use(community_id).values_list(*FIELDS).first()
    return Learned(*row) if row else None


def id_in_use(community_id: int) -> int | None:
    """Its id alone."""
    return _in_use(community_id).values_list("id", flat=True).first()


def load(community_id: int, model_id: int) -> tuple[str, Model] | None:
    """Version and model; None when it is gone or was written by another version of the program."""
    row = (
        LearnedModel.objects.filter(community_id=community_id, pk=model_id)
        .values_list("version", "artefact")
        .first()
    )
    if row is None:
        return None
    try:
        return row[0], models.from_bytes(bytes(row[1]))
    except models.OtherForm:
        return None


def _in_use(community_id: int) -> QuerySet[LearnedModel]:
    return LearnedModel.objects.filter(
        community_id=community_id, promoted_at__isnull=False, retired_at__isnull=True
    )
