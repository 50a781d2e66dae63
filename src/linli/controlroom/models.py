"""What a community decides about its figures, and the single cases it leaves out of them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class DefinitionRow(models.Model):
    """How one rate is counted, from a day to a day; what a row does not say is as shipped."""

    community_id = models.BigIntegerField()
    code = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # last day
    says = models.JSONField()  # as `rules.definitions.as_plain` writes it
    why = models.CharField(max_length=200, blank=True, default="")
    source = models.CharField(max_length=200, blank=True, default="")  # the decision it rests on
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    set_at = models.DateTimeField()

    class Meta:
        db_table = "controlroom_definition"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "code", "valid_from"], name="controlroom_definition_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="controlroom_definition_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} from {self.valid_from}"


class Exclusion(models.Model):
    """One case left out of rates (剔除): asked for with a reason, decided by a second person, lifted again or not."""

    walled = True

    community_id = models.BigIntegerField()
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", db_index=False)
    codes = ArrayField(
        models.CharField(max_length=40), default=list, blank=True
    )  # of rates; none: all of them
    reason = models.CharField(max_length=30)
    why = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    answer = models.TextField(blank=True, default="")  # why it was granted or refused
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "case"],
                condition=Q(lifted_at__isnull=True) & (Q(granted__isnull=True) | Q(granted=True)),
                name="controlroom_exclusion_one",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
                name="controlroom_exclusion_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(granted__isnull=True) | Q(decided_at__isnull=False),
                name="controlroom_exclusion_decided",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "-asked_at"], name="controlroom_exclusion_newest"),
            models.Index(
                fields=["case"],
                condition=Q(granted=True, lifted_at__isnull=True),
                name="controlroom_exclusion_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"exclusion of case {self.case_id}"


class WeatherNote(models.Model):
    """The weather of a day as staff entered it; the last row of a day holds, an empty sky takes it back."""

    community_id = models.BigIntegerField()
    day = models.DateField()
    sky = models.CharField(max_length=12, blank=True, default="")
    low = models.SmallIntegerField(null=True)  # °C
    high = models.SmallIntegerField(null=True)
    warnings = models.JSONField(default=list)  # [[danger, level], …]
    note = models.CharField(max_length=80, blank=True, default="")
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    set_at = models.DateTimeField()

    class Meta:
        db_table = "controlroom_weather"
        indexes: ClassVar = [
            models.Index(fields=["community_id", "day", "-set_at"], name="controlroom_weather_of_day")
        ]

    def __str__(self) -> str:
        return f"weather of {self.day}"


class Screen(models.Model):
    """A screen on a wall that looks without a person: a link that reads, for a time, until it is revoked."""

    walled = True

    community_id = models.BigIntegerField()
    name = models.CharField(max_length=40)
    digest = models.BinaryField(max_length=32)  # of the link's secret, which is shown once
    language = models.CharField(max_length=10)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    revoked_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # when it last looked, to some minutes

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "digest"], name="controlroom_screen_once"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")), name="controlroom_screen_lives"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BriefRow(models.Model):
    """A daily or weekly brief, as it was told: numbers and codes, never words, so that it reads in either language."""

    walled = True
    append_only = True

    community_id = models.BigIntegerField()
    kind = models.CharField(max_length=8)  # daily | weekly
    day = models.DateField()  # its last day
    told = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "controlroom_brief"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "kind", "day"], name="controlroom_brief_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} brief of {self.day}"
