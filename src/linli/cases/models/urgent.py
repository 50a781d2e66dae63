"""What sounds like danger here, what to do then, and the alarms that rang."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from linli.cases.models.case import Case
from linli.cases.rules.urgent_phrases import MOST_PHRASE


class UrgentRow(models.Model):
    """A line of the community's list from a day on: its own, or its version of the shipped line with this code."""

    community_id = models.BigIntegerField()
    code = models.CharField(max_length=60)
    kind = models.CharField(max_length=12)
    level = models.CharField(max_length=10)
    may_come = models.CharField(max_length=10)
    phrase = models.CharField(max_length=MOST_PHRASE)
    inside = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    beside = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    on = models.BooleanField(default=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # last day
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "code", "valid_from"], name="cases_urgent_once")
        ]

    def __str__(self) -> str:
        return self.code


class AdviceRow(models.Model):
    """What to do now in a kind of danger, from a day on, in place of what is shipped."""

    community_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    numbers = models.JSONField(default=list)  # [[number, 中文, English], …]
    words_zh = models.CharField(max_length=600, blank=True, default="")
    words_en = models.CharField(max_length=900, blank=True, default="")
    desk_zh = models.CharField(max_length=600, blank=True, default="")
    desk_en = models.CharField(max_length=900, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "kind", "valid_from"], name="cases_advice_once")
        ]

    def __str__(self) -> str:
        return self.kind


class Alarm(models.Model):
    """A case that rings in the room until a person answers. It may ring again when its reporter adds to it."""

    walled = True

    community_id = models.BigIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="alarms")
    cause = models.CharField(max_length=8)  # words | tap | given | added
    kinds = models.CharField(max_length=160, blank=True, default="")  # with blanks between them
    codes = models.CharField(max_length=400, blank=True, default="")  # the lines of the list
    list_version = models.CharField(max_length=40, blank=True, default="")
    rung_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField(default=0)  # how often it went on to more people
    next_at = models.DateTimeField(null=True)  # when it does so next
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_role = models.CharField(max_length=24, blank=True, default="")
    answered_verb = models.CharField(
        max_length=12, blank=True, default=""
    )  # the move that answered it; empty: by hand

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(answered_at__isnull=True), name="cases_alarm_one_at_a_time"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community_id", "rung_at"],
                condition=Q(answered_at__isnull=True),
                name="cases_alarm_ringing",
            ),
            models.Index(
                fields=["community_id", "next_at"],
                condition=Q(next_at__isnull=False),
                name="cases_alarm_next",
            ),
        ]

    def __str__(self) -> str:
        return f"alarm {self.pk} of case {self.case_id}"
