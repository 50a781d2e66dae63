"""Calls of the assistant outside: what kind, what it cost, what came of it; never a text."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class AssistantCall(models.Model):
    """One call."""

    walled = True

    community_id = models.BigIntegerField()
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)  # summary | answer
    model = models.CharField(max_length=80)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    ms = models.PositiveIntegerField()
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=12)  # done, or the code of why not

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["community_id", "-asked_at"], name="triage_assistant_newest")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome}"
