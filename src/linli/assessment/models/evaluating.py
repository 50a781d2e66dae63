"""七清七掌握: the community's own list with how it is asked, the rounds, and what evaluators wrote. Private to the room."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from linli.kernel.sealed import SealedTextField


class ChecklistRow(models.Model):
    """Seven and seven items from a moment on, and how they are asked. Another row takes its place; rounds keep theirs."""

    walled = True

    community_id = models.BigIntegerField()
    key = models.UUIDField()
    items = models.JSONField()  # code, words_zh, words_en, example
    asked = models.PositiveSmallIntegerField()  # items on a sheet
    homes = models.PositiveSmallIntegerField()  # households on a sheet
    sheets = models.PositiveSmallIntegerField()  # evaluators of one person
    on = models.BooleanField()  # whether rounds are opened by themselves
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "key"], name="assessment_checklist_key_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "-made_at"], name="assessment_checklist_latest")
        ]

    def __str__(self) -> str:
        return f"{self.community_id} {self.made_at:%Y-%m-%d}"


class EvaluationRound(models.Model):
    """One quarter's evaluation. The seed was written down when it was opened: what it drew can be drawn again."""

    walled = True

    community_id = models.BigIntegerField()
    checklist = models.ForeignKey(ChecklistRow, models.PROTECT, related_name="+", db_index=False)
    since_date = models.DateField()
    until_date = models.DateField()  # the first day after the quarter
    seed = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    last_date = models.DateField()  # sheets may be written until the end of this day
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "since_date"], name="assessment_round_once"),
        ]

    def __str__(self) -> str:
        return f"{self.community_id} {self.since_date}"


class EvaluationSheet(models.Model):
    """What one evaluator is to ask about one person, and wrote. Words are sealed; marks are numbers by item."""

    walled = True

    community_id = models.BigIntegerField()
    round = models.ForeignKey(EvaluationRound, models.PROTECT, related_name="+", db_index=False)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    grid = models.ForeignKey("grids.Place", models.PROTECT, related_name="+", db_index=False)
    evaluator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    drawn_items = models.JSONField()  # codes, in the order of the list
    drawn_homes = models.JSONField()  # ids of dwellings
    marks = models.JSONField(default=dict)
    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)
    evidence: SealedTextField[str | None, str | None] = SealedTextField(null=True)  # JSON: words by item
    written_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "round", "worker", "evaluator"], name="assessment_sheet_once"
            ),
            models.CheckConstraint(
                condition=~Q(worker=models.F("evaluator")), name="assessment_sheet_not_oneself"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "evaluator", "-round"], name="assessment_sheet_mine"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.pk}"
