"""Repeat problems: the same kind at the same place coming back after closing, and the fix that is to last."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class LastingFix(models.Model):
    """What is done so that a problem does not come back: who owns it, the plan, the money, from when until when."""

    walled = True

    class State(models.TextChoices):
        PLANNED = "planned"
        UNDER_WAY = "under_way"
        DONE = "done"
        GIVEN_UP = "given_up"

    community_id = models.BigIntegerField()
    title = models.CharField(max_length=80)
    organisation = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, related_name="+", db_index=False
    )
    plan = models.TextField()
    budget = models.CharField(max_length=200, blank=True, default="")  # in words: how much, from which purse
    from_date = models.DateField()
    until_date = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    result = models.TextField(blank=True, default="")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until_date__gte=F("from_date")), name="triage_fix_ends_after")
        ]
        indexes: ClassVar = [models.Index(fields=["community_id", "state"], name="triage_fix_of_community")]

    def __str__(self) -> str:
        return self.title


class Repeat(models.Model):
    """A problem that came back at least once after it was closed."""

    walled = True

    community_id = models.BigIntegerField()
    category_code = models.CharField(max_length=60)
    place = models.ForeignKey("grids.Place", models.PROTECT, null=True, related_name="+", db_index=False)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    address = models.CharField(max_length=200, blank=True, default="")
    times = models.PositiveIntegerField()  # how often it was there, the first time among them
    returns = models.PositiveIntegerField()  # how often it came back after closing
    residents = models.PositiveIntegerField()
    hours = models.FloatField(null=True)  # working hours from sending to done, the mean of those measured
    cost = models.FloatField()
    open_cases = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    fix = models.ForeignKey(LastingFix, models.PROTECT, null=True, related_name="repeats", db_index=False)
    over_at = models.DateTimeField(null=True)  # the last run found it no longer coming back
    seen_at = models.DateTimeField()
    version = models.CharField(max_length=40)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["community_id", "-cost"],
                condition=Q(over_at__isnull=True),
                name="triage_repeat_dearest",
            )
        ]

    def __str__(self) -> str:
        return f"{self.category_code} × {self.times}"


class RepeatCase(models.Model):
    """One of the cases in which the problem showed."""

    walled = True

    community_id = models.BigIntegerField()
    repeat = models.ForeignKey(Repeat, models.CASCADE, related_name="members", db_index=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "case"], name="triage_repeat_case_once")
        ]
        indexes: ClassVar = [models.Index(fields=["repeat"], name="triage_repeat_case_of")]

    def __str__(self) -> str:
        return f"case {self.case_id} in repeat {self.repeat_id}"


class FixCase(models.Model):
    """A case tied to a lasting fix."""

    walled = True

    community_id = models.BigIntegerField()
    fix = models.ForeignKey(LastingFix, models.PROTECT, related_name="cases", db_index=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", db_index=False)
    tied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    tied_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "case"], name="triage_fix_case_once")
        ]
        indexes: ClassVar = [models.Index(fields=["fix"], name="triage_fix_case_of")]

    def __str__(self) -> str:
        return f"case {self.case_id} in fix {self.fix_id}"
