"""Whistles: bodies called to a place at a time about a case, who came, and what was agreed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from linli.cases.models.case import Case
from linli.cases.models.work import Task
from linli.cases.rules import whistle as rules


def _person(*, null: bool = False) -> models.ForeignKey[object, object]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=null, related_name="+", db_index=False
    )


class Whistle(models.Model):
    """One call of several bodies to a place at a time (吹哨)."""

    walled = True

    class State(models.TextChoices):
        OPEN = rules.State.OPEN.value
        CONCLUDED = rules.State.CONCLUDED.value
        CALLED_OFF = rules.State.CALLED_OFF.value
        LAPSED = rules.State.LAPSED.value

    community_id = models.BigIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="whistles")
    key = models.CharField(max_length=64, blank=True, default="")  # of the form: sent twice, it is one
    place = models.CharField(max_length=rules.LONGEST_PLACE)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    meet_at = models.DateTimeField()
    words = models.TextField()  # what is asked of all; the bodies read it, residents do not
    caller = _person()
    caller_role = models.CharField(max_length=24, blank=True, default="")
    called_at = models.DateTimeField()
    grace_minutes = models.PositiveSmallIntegerField()  # as it held when they were called
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    ended_at = models.DateTimeField(null=True)
    ended_by = _person(null=True)  # who signed the conclusion or called it off
    reason = models.CharField(max_length=30, blank=True, default="")  # of calling it off
    conclusion = models.TextField(blank=True, default="")  # what was found and agreed; the bodies read it
    public_words = models.TextField(blank=True, default="")  # what the resident reads of it

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "case"], condition=Q(state="open"), name="cases_whistle_one_open"
            ),
            models.UniqueConstraint(
                fields=["community_id", "caller", "key"], condition=~Q(key=""), name="cases_whistle_sent_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "-meet_at"], name="cases_whistle_by_time"),
        ]

    def __str__(self) -> str:
        return f"whistle {self.pk} of case {self.case_id}"


class Call(models.Model):
    """One body that was called: what it answered, when it was there, and whether it agrees."""

    walled = True

    class Answer(models.TextChoices):
        COMING = rules.Answer.COMING.value
        DECLINED = rules.Answer.DECLINED.value

    community_id = models.BigIntegerField()
    whistle = models.ForeignKey(Whistle, models.PROTECT, related_name="calls")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+", db_index=False)
    task = models.OneToOneField(Task, models.PROTECT, related_name="call")
    called_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True, default="")
    reason = models.CharField(max_length=30, blank=True, default="")
    words = models.TextField(blank=True, default="")  # what the body says to it
    answered_at = models.DateTimeField(null=True)
    answered_by = _person(null=True)
    excused_at = models.DateTimeField(null=True)
    excused_by = _person(null=True)
    arrived_at = models.DateTimeField(null=True)
    arrival_noted_at = models.DateTimeField(null=True)
    arrival_noted_by = _person(null=True)
    by_caller = models.BooleanField(default=False)  # the arrival was written down for the body
    left_at = models.DateTimeField(null=True)
    agrees = models.BooleanField(null=True)  # with the conclusion, as its signer wrote it down

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "whistle", "organisation"], name="cases_call_body_once"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=models.F("arrived_at")),
                name="cases_call_left_after",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "organisation", "-called_at"], name="cases_call_of_body"),
        ]

    def __str__(self) -> str:
        return f"call {self.pk} of whistle {self.whistle_id}"


class NextStep(models.Model):
    """A next step of a conclusion: a part of the case for a body, with the day agreed."""

    walled = True

    community_id = models.BigIntegerField()
    whistle = models.ForeignKey(Whistle, models.PROTECT, related_name="steps")
    task = models.OneToOneField(Task, models.PROTECT, related_name="step")
    until = models.DateTimeField(null=True)  # null: within the community's promise

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "whistle", "task"], name="cases_step_once")
        ]

    def __str__(self) -> str:
        return f"step {self.pk} of whistle {self.whistle_id}"
