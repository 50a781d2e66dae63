"""Help given to residents, and what they say of it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from linli.fieldwork.rules.services import Answer, Called, Way
from linli.kernel.sealed import SealedTextField

ACCOUNT = settings.AUTH_USER_MODEL


class ServiceKind(models.Model):
    """A kind of help as a community has it, from a day to a day. Shipped kinds are data of the rules."""

    walled = True

    community_id = models.BigIntegerField()
    code = models.CharField(max_length=24)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=40)
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    set_by = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "code", "from_date"], name="fieldwork_servicekind_once"
            ),
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(until_date__gt=F("from_date")),
                name="fieldwork_servicekind_days",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Service(models.Model):
    """Somebody helped a household or a person. Taken back by its maker, never changed; the last answer counts."""

    walled = True

    community_id = models.BigIntegerField()
    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)
    key = models.UUIDField()  # of the form it came from: a second click makes no second one
    kind = models.CharField(max_length=24)
    worker = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    grid = models.ForeignKey("grids.Place", models.PROTECT, related_name="+", db_index=False)
    dwelling = models.ForeignKey("grids.Place", models.PROTECT, null=True, related_name="+", db_index=False)
    account = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", db_index=False)
    phone: SealedTextField[str | None, str | None] = SealedTextField(null=True)
    phone_index = models.BinaryField(null=True)
    words: SealedTextField[str, str] = SealedTextField()
    at = models.DateTimeField()
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    # What the resident says; the story of it is in ServiceAnswer.
    answer = models.CharField(max_length=4, blank=True, default="")
    answered_by = models.CharField(max_length=10, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    # A code that the resident sees and the worker types.
    code_digest = models.BinaryField(null=True)
    code_over_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    code_for = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", db_index=False)
    # The lot of its call-back.
    lot = models.PositiveIntegerField()
    drawn = models.BooleanField()
    calls = models.PositiveSmallIntegerField(default=0)
    called_out_at = models.DateTimeField(null=True)  # nobody is called any more
    # The worker's word to a denial.
    reply: SealedTextField[str | None, str | None] = SealedTextField(null=True)
    replied_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "key"], name="fieldwork_service_key_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_by="", answered_at__isnull=True)
                | Q(
                    answer__in=[one.value for one in Answer],
                    answered_by__in=[one.value for one in Way],
                    answered_at__isnull=False,
                ),
                name="fieldwork_service_answer_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "at"], name="fieldwork_service_at"),
            models.Index(fields=["community_id", "worker", "-at"], name="fieldwork_service_worker"),
            models.Index(
                fields=["community_id", "made_at"],
                condition=Q(drawn=True, answer="", called_out_at__isnull=True, withdrawn_at__isnull=True),
                name="fieldwork_service_to_call",
            ),
            models.Index(
                fields=["account"], condition=Q(account__isnull=False), name="fieldwork_service_for"
            ),
            models.Index(
                fields=["dwelling"], condition=Q(dwelling__isnull=False), name="fieldwork_service_door"
            ),
        ]

    def __str__(self) -> str:
        return f"service {self.pk}"


class ServiceAnswer(models.Model):
    """One answer of the resident, or one call: by which way, written down by whom. Never changed."""

    walled = True

    community_id = models.BigIntegerField()
    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="answers")
    said = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Called])
    way = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Way])
    by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", db_index=False)
    words: SealedTextField[str | None, str | None] = SealedTextField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.said} of service {self.service_id}"
