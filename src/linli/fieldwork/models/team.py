"""A grid that goes from one worker to another, with what was open."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from linli.fieldwork.rules.words import ItemKind, WhyHandOver
from linli.kernel.sealed import SealedTextField

ACCOUNT = settings.AUTH_USER_MODEL


class HandOver(models.Model):
    """A worker's work in a grid offered to another one; accepted by the receiver, or not."""

    walled = True

    community_id = models.BigIntegerField()
    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)
    key = models.UUIDField()  # of the form it came from: a second click makes no second one
    grid = models.ForeignKey("grids.Place", models.PROTECT, related_name="+", db_index=False)
    giver = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    receiver = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    offered_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    why = models.CharField(max_length=12, choices=[(one.value, one.value) for one in WhyHandOver])
    words: SealedTextField[str | None, str | None] = SealedTextField(null=True)
    offered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)  # by the receiver, or taken back by who offered it

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "key"], name="fieldwork_handover_key_once"),
            models.UniqueConstraint(
                fields=["community_id", "grid", "giver"],
                condition=Q(accepted_at__isnull=True, declined_at__isnull=True),
                name="fieldwork_handover_one_open",
            ),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="fieldwork_handover_two_persons"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(declined_at__isnull=True),
                name="fieldwork_handover_one_end",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "offered_at"], name="fieldwork_handover_at"),
            models.Index(
                fields=["receiver"],
                condition=Q(accepted_at__isnull=True, declined_at__isnull=True),
                name="fieldwork_handover_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"hand-over {self.pk}"


class HandOverItem(models.Model):
    """One open thing of a hand-over: taken over by the receiver, or left with the giver."""

    walled = True

    community_id = models.BigIntegerField()
    handover = models.ForeignKey(HandOver, models.PROTECT, related_name="items", db_index=False)
    kind = models.CharField(max_length=12, choices=[(one.value, one.value) for one in ItemKind])
    record_id = models.BigIntegerField()
    taken_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["handover", "kind", "record_id"], name="fieldwork_handoveritem_once"
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(left_at__isnull=True),
                name="fieldwork_handoveritem_one_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id}"
