"""What a community lets others read of its league, from a moment on, and what was published. Private to the room."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models

from linli.assessment.models.runs import Run
from linli.assessment.models.stars import ticket
from linli.assessment.rules.naming import Naming


class Audience(StrEnum):
    """Who reads the result beside those concerned."""

    NOBODY = "nobody"
    GROUP = "group"  # the colleagues' group, by robot
    RESIDENTS = "residents"  # the group, and a page for residents: grids, never persons


class PublishingRule(models.Model):
    """Decided by the community on a document; another row takes its place."""

    walled = True

    community_id = models.BigIntegerField()
    key = models.UUIDField()
    audience = models.CharField(max_length=9, choices=[(one.value, one.value) for one in Audience])
    naming = models.CharField(max_length=13, choices=[(one.value, one.value) for one in Naming])
    most = models.PositiveSmallIntegerField()  # how many places stand on the card, from the first
    hour = models.PositiveSmallIntegerField()  # of the day, local: never in the middle of the night
    when_final = models.BooleanField()  # only once nobody can appeal any more
    basis = models.CharField(max_length=300, blank=True, default="")  # document and number
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "key"], name="assessment_rule_key_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["community_id", "-made_at"], name="assessment_rule_latest")]

    def __str__(self) -> str:
        return f"{self.audience} {self.naming}"


class Publication(models.Model):
    """One run that was made known, under a rule, at an address nobody guesses; taken back when the run is superseded."""

    walled = True

    community_id = models.BigIntegerField()
    ticket = models.CharField(max_length=32, default=ticket)
    run = models.ForeignKey(Run, models.PROTECT, related_name="+", db_index=False)
    rule = models.ForeignKey(PublishingRule, models.PROTECT, related_name="+", db_index=False)
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "ticket"], name="assessment_publication_ticket"),
            models.UniqueConstraint(fields=["community_id", "run"], name="assessment_publication_once"),
        ]

    def __str__(self) -> str:
        return self.ticket
