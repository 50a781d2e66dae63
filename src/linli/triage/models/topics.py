"""Hot topics: what many residents write about, which cases belong to it, and what a person decided about it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Topic(models.Model):
    """A matter of several cases. It keeps its identity and its name from one run to the next."""

    walled = True

    class State(models.TextChoices):
        OPEN = "open"
        KNOWN = "known"  # looked at by a person: it is on its way, nobody needs to be told again
        MERGED = "merged"  # a person found it to be the same as another one

    community_id = models.BigIntegerField()
    phrase = models.CharField(max_length=80)  # the members' best phrase, found by the machine, masked
    named = models.CharField(max_length=80, blank=True, default="")  # what a person calls it
    place = models.ForeignKey("grids.Place", models.PROTECT, null=True, related_name="+", db_index=False)
    category_code = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    head = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+", db_index=False)
    note = models.CharField(max_length=200, blank=True, default="")  # why it is known
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    version = models.CharField(max_length=40)  # of the rules that found it

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="triage_topic_merged_into_one",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["community_id", "state"], name="triage_topic_of_community")]

    def __str__(self) -> str:
        return self.named or self.phrase


class TopicMember(models.Model):
    """A case of a topic; or one that a person took out, which no later run puts back."""

    walled = True

    community_id = models.BigIntegerField()
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="members", db_index=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", db_index=False)
    certainty = models.FloatField()  # 0 to 1, how near it stands to the others
    by_hand = models.BooleanField(default=False)
    kept_out = models.BooleanField(default=False)
    joined_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "topic", "case"], name="triage_member_once"),
            models.UniqueConstraint(
                fields=["community_id", "case"],
                condition=Q(kept_out=False),
                name="triage_member_of_one_topic",
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} in topic {self.topic_id}"


class TopicRun(models.Model):
    """One working out of topics and repeat problems: as of when, over how many cases, by which rules."""

    walled = True

    community_id = models.BigIntegerField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    finished_at = models.DateTimeField(null=True)
    cases = models.PositiveIntegerField(default=0)
    topics = models.PositiveIntegerField(default=0)
    repeats = models.PositiveIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)
    version = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id"],
                condition=Q(finished_at__isnull=True),
                name="triage_run_one_waiting",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["community_id", "-asked_at"], name="triage_run_newest")]

    def __str__(self) -> str:
        return f"run of {self.asked_at:%Y-%m-%d %H:%M}"
