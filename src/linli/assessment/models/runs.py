"""Runs, what they were computed from, and what they came to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linli.assessment.models.columns import known, person
from linli.assessment.models.schemes import SchemeRow, SchemeVersion
from linli.assessment.rules.runs import Cause, State


class Run(models.Model):
    """A scheme computed for one period. Another version of the same period supersedes it; both stay readable."""

    walled = True

    community_id = models.BigIntegerField()
    scheme = models.ForeignKey(SchemeRow, models.PROTECT, related_name="runs", db_index=False)
    version = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="+", db_index=False)
    since_date = models.DateField()
    until_date = models.DateField()  # the first day after it
    number = models.PositiveSmallIntegerField()  # of the versions of this period
    state = models.CharField(max_length=12, default=State.COMPUTED.value)
    cause = models.CharField(max_length=12)
    ranked = models.BooleanField()
    digest = models.CharField(max_length=64)  # of the inputs
    code_version = models.CharField(max_length=64)  # of the program that computed it
    result_digest = models.CharField(max_length=64)
    subjects = models.PositiveIntegerField()
    computed_by = person()
    computed_at = models.DateTimeField()
    reviewed_by = person()
    reviewed_at = models.DateTimeField(null=True)
    review_note = models.CharField(max_length=300, blank=True, default="")
    announced_by = person()
    announced_at = models.DateTimeField(null=True)
    appeals_until = models.DateTimeField(null=True)
    final_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)
    late = models.JSONField(default=dict)  # what came late: why it was computed again, or after it was final

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "scheme", "since_date", "number"], name="assessment_run_once"
            ),
            models.UniqueConstraint(
                fields=["community_id", "scheme", "since_date"],
                condition=~Q(state=State.SUPERSEDED.value),
                name="assessment_run_one_holds",
            ),
            models.CheckConstraint(condition=Q(until_date__gt=F("since_date")), name="assessment_run_days"),
            models.CheckConstraint(
                condition=Q(state__in=[State.COMPUTED.value, State.SUPERSEDED.value])
                | Q(reviewed_at__isnull=False),
                name="assessment_run_reviewed_first",
            ),
            known("run", "state", State),
            known("run", "cause", Cause),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "-until_date", "-id"], name="assessment_run_newest"),
            models.Index(
                fields=["community_id", "appeals_until"],
                condition=Q(state="announced"),
                name="assessment_run_to_finish",
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.pk}: {self.since_date} version {self.number}"


class RunInput(models.Model):
    """What a run was computed from, so that it can be computed again: compressed canonical JSON."""

    walled = True
    append_only = True

    community_id = models.BigIntegerField()
    run = models.OneToOneField(Run, models.PROTECT, related_name="input")
    packed = models.BinaryField()

    def __str__(self) -> str:
        return f"inputs of run {self.run_id}"


class Score(models.Model):
    """What one subject came to in a run. Points are thousandths; rank and total are empty where there is none."""

    walled = True
    append_only = True

    community_id = models.BigIntegerField()
    run = models.ForeignKey(Run, models.PROTECT, related_name="scores", db_index=False)
    subject_kind = models.CharField(max_length=12)
    subject_id = models.BigIntegerField()
    total = models.IntegerField(null=True)
    rank = models.PositiveIntegerField(null=True)
    peers = models.PositiveIntegerField(default=0)
    band = models.PositiveSmallIntegerField(default=0)
    load = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "subject_id"], name="assessment_score_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community_id", "subject_kind", "subject_id", "-run"],
                name="assessment_score_of_subject",
            ),
            models.Index(fields=["run", "band", "rank"], name="assessment_score_ranked"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} in run {self.run_id}"


class Part(models.Model):
    """One part of a score: its fraction, its points, and in ``explanation`` every row behind it."""

    walled = True
    append_only = True

    community_id = models.BigIntegerField()
    run = models.ForeignKey(Run, models.PROTECT, related_name="parts", db_index=False)
    subject_id = models.BigIntegerField()
    order = models.PositiveSmallIntegerField()
    indicator = models.CharField(max_length=40)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    points = models.IntegerField()
    most = models.PositiveIntegerField()
    why = models.CharField(max_length=20, blank=True, default="")
    explanation = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "subject_id", "indicator"], name="assessment_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator} of {self.subject_id} in run {self.run_id}"
