"""Learned models of categories: each with what it learned from, how good it was, and its bytes."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class LearnedModel(models.Model):
    """One version of what was learned in a community. At most one is in use; none means the words alone."""

    walled = True

    class Verdict(models.TextChoices):
        BETTER = "better"  # than what was in use, on decisions neither had learned from: it is in use
        NOT_BETTER = "not_better"
        BY_HAND = "by_hand"  # a person put it in use

    community_id = models.BigIntegerField()
    version = models.CharField(max_length=40)
    trained_at = models.DateTimeField()
    trained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    source = models.CharField(max_length=80, blank=True, default="")  # a file's name; empty: decisions here
    examples = models.PositiveIntegerField()  # learned from
    held_out = models.PositiveIntegerField()  # judged on, not learned from
    decisions = models.PositiveIntegerField()  # there were then; more later, and it is time to learn again
    macro_f1 = models.FloatField()
    accuracy = models.FloatField()
    before = models.CharField(max_length=40)  # the version it was compared with
    before_macro_f1 = models.FloatField()  # of that one, on the same decisions
    per_class = models.JSONField(default=dict)  # code -> precision, recall, f1, n
    words = models.JSONField(default=dict)  # code -> the words that speak most for it
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    promoted_at = models.DateTimeField(null=True)
    promoted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    retired_at = models.DateTimeField(null=True)
    artefact = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "version"], name="triage_model_version_once"),
            models.UniqueConstraint(
                fields=["community_id"],
                condition=Q(promoted_at__isnull=False, retired_at__isnull=True),
                name="triage_model_one_in_use",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["community_id", "-trained_at"], name="triage_model_newest")]

    def __str__(self) -> str:
        return self.version

    @property
    def in_use(self) -> bool:
        """Whether proposals come from it now."""
        return self.promoted_at is not None and self.retired_at is None
