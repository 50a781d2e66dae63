"""What people say against a score, and what two of them change."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.assessment.models.columns import known, person
from linli.assessment.models.runs import Run
from linli.assessment.models.schemes import SchemeRow
from linli.assessment.rules.runs import Ruling
from linli.kernel.sealed import SealedTextField


class Adjustment(models.Model):
    """Points given or taken with a reason and evidence, once a second person agrees; holds for a period's run."""

    walled = True

    community_id = models.BigIntegerField()
    key = models.UUIDField()
    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)
    scheme = models.ForeignKey(SchemeRow, models.PROTECT, related_name="+", db_index=False)
    since_date = models.DateField()
    subject_id = models.BigIntegerField()
    points = models.IntegerField()
    reason = models.CharField(max_length=20)
    why: SealedTextField[str, str] = SealedTextField()
    evidence = models.CharField(max_length=200)  # a case's number, a record, a paper's reference
    asked_by = person(null=False)
    asked_at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    decided_by = person()
    decided_at = models.DateTimeField(null=True)
    answer: SealedTextField[str | None, str | None] = SealedTextField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "key"], name="assessment_adjustment_key_once"),
            models.CheckConstraint(condition=~Q(points=0), name="assessment_adjustment_points"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="assessment_adjustment_two_persons",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "scheme", "since_date"], name="assessment_adjustment_of_run")
        ]

    def __str__(self) -> str:
        return f"adjustment {self.pk}"


class Appeal(models.Model):
    """A subject says that a part of its score is wrong, and about which row; somebody who did not score it decides."""

    walled = True

    community_id = models.BigIntegerField()
    key = models.UUIDField()
    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)
    run = models.ForeignKey(Run, models.PROTECT, related_name="appeals", db_index=False)
    subject_id = models.BigIntegerField()
    indicator = models.CharField(max_length=40)
    source = models.CharField(max_length=20, blank=True, default="")
    row_id = models.BigIntegerField(null=True)
    words: SealedTextField[str, str] = SealedTextField()
    made_by = person(null=False)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=Ruling.OPEN.value)
    corrections = models.JSONField(default=list)  # [[source, row, column, value], …] of a won one
    answer: SealedTextField[str | None, str | None] = SealedTextField(null=True)
    decided_by = person()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "key"], name="assessment_appeal_key_once"),
            models.UniqueConstraint(
                fields=["run", "subject_id", "indicator"],
                condition=Q(state="open"),
                name="assessment_appeal_open_once",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("made_by")) | Q(state="withdrawn"),
                name="assessment_appeal_other_person",
            ),
            known("appeal", "state", Ruling),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "state", "made_at"], name="assessment_appeal_waiting")
        ]

    def __str__(self) -> str:
        return f"appeal {self.pk}"
