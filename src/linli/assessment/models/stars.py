"""Stars by run, honours, and the papers that prove them. Private to the room."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from linli.assessment.models.runs import Run
from linli.assessment.rules.naming import Naming
from linli.assessment.rules.stars import Step


def ticket() -> str:
    """An address nobody guesses."""
    return secrets.token_urlsafe(16)


class StarRow(models.Model):
    """Where somebody stands after a final run. One row a run and person: the history is the rows."""

    walled = True

    community_id = models.BigIntegerField()
    run = models.ForeignKey(Run, models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    ends_date = models.DateField()  # the last day of the run's period
    stars = models.PositiveSmallIntegerField()
    before = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Step])
    above = models.PositiveSmallIntegerField()
    below = models.PositiveSmallIntegerField()
    grace = models.PositiveSmallIntegerField()
    until_date = models.DateField(null=True)
    points = models.IntegerField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "run", "account"], name="assessment_star_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "account", "-ends_date"], name="assessment_star_latest")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.stars}"


class Honour(models.Model):
    """What somebody is thanked for, in words everybody may read; given by a person, taken back by one."""

    walled = True

    community_id = models.BigIntegerField()
    key = models.UUIDField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    title_zh = models.CharField(max_length=40)
    title_en = models.CharField(max_length=80, blank=True, default="")
    reason = models.CharField(max_length=200)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "key"], name="assessment_honour_key_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["community_id", "account"], name="assessment_honour_of")]

    def __str__(self) -> str:
        return self.title_zh


class Certificate(models.Model):
    """A paper for stars or an honour that proves itself at its address. The name is read when it is asked for."""

    walled = True

    community_id = models.BigIntegerField()
    ticket = models.CharField(max_length=32, default=ticket)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    star = models.ForeignKey(StarRow, models.PROTECT, null=True, related_name="+", db_index=False)
    honour = models.ForeignKey(Honour, models.PROTECT, null=True, related_name="+", db_index=False)
    naming = models.CharField(max_length=13, choices=[(one.value, one.value) for one in Naming])
    issued_at = models.DateTimeField()
    until_date = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "ticket"], name="assessment_certificate_ticket"),
            models.UniqueConstraint(
                fields=["community_id", "star"],
                condition=Q(star__isnull=False, revoked_at__isnull=True),
                name="assessment_certificate_of_star",
            ),
            models.UniqueConstraint(
                fields=["community_id", "honour"],
                condition=Q(honour__isnull=False, revoked_at__isnull=True),
                name="assessment_certificate_of_honour",
            ),
            models.CheckConstraint(
                condition=Q(star__isnull=True) ^ Q(honour__isnull=True), name="assessment_certificate_of_one"
            ),
        ]

    def __str__(self) -> str:
        return self.ticket
