"""Records that are looked at again: the draw of a week, each re-visit from the draw to its end, looks of pictures."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from linli.fieldwork.rules.aiming import RANDOM, SIGNAL
from linli.fieldwork.rules.rechecks import Found
from linli.kernel.sealed import SealedTextField

ACCOUNT = settings.AUTH_USER_MODEL
FOUND = [(one.value, one.value) for one in Found]


class DrawSeed(models.Model):
    """The seed of a lottery of a community and period; its digest is in the audit log from when it was made."""

    walled = True

    community_id = models.BigIntegerField()
    purpose = models.CharField(max_length=10)  # services | rechecks
    period_date = models.DateField()
    seed = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "purpose", "period_date"], name="fieldwork_drawseed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.period_date}"


class Draw(models.Model):
    """The draw of a week, with all it was made from: anybody with its seed can repeat it."""

    walled = True

    community_id = models.BigIntegerField()
    week_date = models.DateField()  # its Monday
    seed = models.ForeignKey(DrawSeed, models.PROTECT, related_name="+", db_index=False)
    random_percent = models.PositiveSmallIntegerField()
    aimed_percent = models.PositiveSmallIntegerField()
    most_each = models.PositiveSmallIntegerField()
    inputs = models.JSONField()  # [record, id, worker, certainty, codes], one a record
    digest = models.CharField(max_length=64)  # of the inputs
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "week_date"], name="fieldwork_draw_once"),
        ]

    def __str__(self) -> str:
        return f"draw of {self.week_date}"


class Recheck(models.Model):
    """A record looked at again by somebody else. What was found, what the worker says, what a person decided."""

    walled = True

    community_id = models.BigIntegerField()
    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="+", db_index=False)
    record = models.CharField(max_length=12)  # visit | service | patrol | head_count | case
    record_id = models.BigIntegerField()
    record_at = models.DateTimeField()
    worker = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    grid = models.ForeignKey("grids.Place", models.PROTECT, null=True, related_name="+", db_index=False)
    drawn = models.CharField(max_length=6, choices=[(RANDOM, RANDOM), (SIGNAL, SIGNAL)])
    lot = models.PositiveIntegerField()
    signals = models.JSONField(
        default=list
    )  # [code, certainty, figures]; for the leader, not for who goes there
    made_at = models.DateTimeField()
    visitor = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", db_index=False)
    due_date = models.DateField()
    found = models.CharField(max_length=8, choices=FOUND, blank=True, default="")
    found_words: SealedTextField[str | None, str | None] = SealedTextField(null=True)
    found_at = models.DateTimeField(null=True)
    answer_until_date = models.DateField(null=True)
    admitted = models.BooleanField(default=False)
    reply: SealedTextField[str | None, str | None] = SealedTextField(null=True)
    replied_at = models.DateTimeField(null=True)
    again_visitor = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", db_index=False)
    found_again = models.CharField(max_length=8, choices=FOUND, blank=True, default="")
    again_words: SealedTextField[str | None, str | None] = SealedTextField(null=True)
    again_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=FOUND, blank=True, default="")
    decided_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", db_index=False)
    reason: SealedTextField[str | None, str | None] = SealedTextField(null=True)
    decided_at = models.DateTimeField(null=True)  # it is over, by a decision or because nothing was wrong

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "record", "record_id"], name="fieldwork_recheck_once"
            ),
            models.CheckConstraint(
                condition=Q(visitor__isnull=True) | ~Q(visitor=F("worker")),
                name="fieldwork_recheck_not_by_oneself",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="false")
                | (
                    Q(
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                        found="false",
                        visitor__isnull=False,
                    )
                    & ~Q(decided_by=F("worker"))
                    & ~Q(decided_by=F("visitor"))
                    & (Q(admitted=True) | Q(found_again="false"))
                ),
                name="fieldwork_recheck_false_is_proven",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "record_at"], name="fieldwork_recheck_at"),
            models.Index(fields=["community_id", "worker", "-made_at"], name="fieldwork_recheck_worker"),
            models.Index(
                fields=["community_id"], condition=Q(decided_at__isnull=True), name="fieldwork_recheck_open"
            ),
        ]

    def __str__(self) -> str:
        return f"re-visit {self.pk}"


class PictureLook(models.Model):
    """What a picture of a case looks like, in 64 bits: found again, it looks the same though its bytes differ."""

    walled = True

    community_id = models.BigIntegerField()
    ticket = models.UUIDField()
    look = models.BigIntegerField()  # of its 64 bits as a signed number
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "ticket"], name="fieldwork_picturelook_once"),
        ]

    def __str__(self) -> str:
        return str(self.ticket)
