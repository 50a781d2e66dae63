"""Own words in a day's diary; what was done is not kept twice, it is read from its rows."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from linli.fieldwork.rules.diary import Kind
from linli.kernel.sealed import SealedTextField


class DiaryNote(models.Model):
    """A colleague's own words of a day. Struck out, never changed."""

    walled = True

    community_id = models.BigIntegerField()
    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)
    key = models.UUIDField()
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    day_date = models.DateField()
    kind = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Kind])
    words: SealedTextField[str, str] = SealedTextField()
    made_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "key"], name="fieldwork_diarynote_key_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "worker", "-day_date"], name="fieldwork_diarynote_day"),
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"
