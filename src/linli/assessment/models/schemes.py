"""Schemes of a community, their versions, and whether people are ranked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linli.assessment.models.columns import known, person
from linli.assessment.rules.periods import Period
from linli.assessment.rules.subjects import Level


class SchemeRow(models.Model):
    """A scheme of a community: one level, one period; what it says stands in its versions."""

    community_id = models.BigIntegerField()
    key = models.UUIDField()  # of the form it came from: a second click makes no second one
    level = models.CharField(max_length=12)
    period = models.CharField(max_length=8)
    made_by = person()
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)  # no more runs

    class Meta:
        db_table = "assessment_scheme"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "key"], name="assessment_scheme_key_once"),
            known("scheme", "level", Level),
            known("scheme", "period", Period),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.period} {self.pk}"


class SchemeVersion(models.Model):
    """What a scheme says from a day on. A draft holds from no day; a published one is never changed."""

    community_id = models.BigIntegerField()
    scheme = models.ForeignKey(SchemeRow, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    says = models.JSONField()  # as rules.scheme_text.as_plain writes it
    edits = models.PositiveIntegerField(default=1)  # of the draft; also its tag
    made_by = person()
    made_at = models.DateTimeField()
    valid_from = models.DateField(null=True)
    published_by = person()
    published_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True, default="")
    legal_basis = models.CharField(max_length=300, blank=True, default="")  # where it breaks a rule
    findings = models.JSONField(default=list)  # codes of the rules it breaks

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "scheme", "number"], name="assessment_schemeversion_once"
            ),
            models.UniqueConstraint(
                fields=["scheme"],
                condition=Q(published_at__isnull=True),
                name="assessment_schemeversion_one_draft",
            ),
            models.UniqueConstraint(
                fields=["scheme", "valid_from"],
                condition=Q(published_at__isnull=False),
                name="assessment_schemeversion_one_a_day",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, valid_from__isnull=True)
                | Q(published_at__isnull=False, valid_from__isnull=False),
                name="assessment_schemeversion_dated",
            ),
            models.CheckConstraint(
                condition=Q(findings=[]) | Q(published_at__isnull=True) | ~Q(legal_basis=""),
                name="assessment_schemeversion_lawful",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of scheme {self.scheme_id}"


class RankingSwitch(models.Model):
    """Whether a community ranks people, from a moment on: switched by the leader, with the legal basis."""

    append_only = True

    community_id = models.BigIntegerField()
    on = models.BooleanField()
    legal_basis = models.CharField(max_length=300, blank=True, default="")
    set_by = person()
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(on=False) | ~Q(legal_basis=""), name="assessment_rankingswitch_on_record"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "-set_at"], name="assessment_rankingswitch_last")
        ]

    def __str__(self) -> str:
        return f"ranking {'on' if self.on else 'off'} in {self.community_id}"
