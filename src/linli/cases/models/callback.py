"""Call-backs: the plan and the terms of a community, each closing with its lot, the calls made, what was said."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from linli.cases.models.case import Case
from linli.cases.rules import callback as rules


def _person() -> models.ForeignKey[object, object]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )


class CallbackRule(models.Model):
    """One line of the plan: which closings it is about, which share of them is called, at least how many a body."""

    community_id = models.BigIntegerField()
    category_code = models.CharField(max_length=60, blank=True, default="")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=12, blank=True, default="")
    trigger = models.CharField(max_length=12, blank=True, default="")
    share = models.DecimalField(max_digits=5, decimal_places=2)  # percent
    minimum = models.PositiveSmallIntegerField(default=0)  # a body and month
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    set_by = _person()
    example = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(share__range=(0, 100)), name="cases_callback_rule_share"),
            models.UniqueConstraint(
                fields=["community_id", "category_code", "organisation", "channel", "trigger", "valid_from"],
                name="cases_callback_rule_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.share} %"


class CallbackTerms(models.Model):
    """When somebody counts as not reached, when calls are made, and what callers say; dated."""

    community_id = models.BigIntegerField()
    tries = models.PositiveSmallIntegerField(default=3)
    days = models.PositiveSmallIntegerField(default=2)
    parts = models.PositiveSmallIntegerField(default=2)
    apart_hours = models.PositiveSmallIntegerField(default=2)
    from_time = models.TimeField(default=time(9))
    to_time = models.TimeField(default=time(20))
    script = models.JSONField(
        default=dict
    )  # {"greeting": {"zh": …, "en": …}, …}: only what differs from ours
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    set_by = _person()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "valid_from"], name="cases_callback_terms_once")
        ]

    def __str__(self) -> str:
        return f"terms since {self.valid_from}"


class CallbackSeed(models.Model):
    """The seed of a month's draw; its digest stands in the audit log since the month's first closing."""

    walled = True
    append_only = True

    community_id = models.BigIntegerField()
    month = models.CharField(max_length=7)
    seed = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "month"], name="cases_callback_seed_once")
        ]

    def __str__(self) -> str:
        return f"seed of {self.month}"


class CallBack(models.Model):
    """One closing of a case: its lot, whether it is called back, what came of it, what was answered to it."""

    walled = True

    class State(models.TextChoices):
        SKIPPED = "skipped"  # not drawn
        OPEN = "open"  # to be called
        DONE = "done"
        LAPSED = "lapsed"  # taken up again or archived before anybody called

    community_id = models.BigIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="callbacks")
    round = models.PositiveSmallIntegerField()
    last = models.BooleanField(default=True)  # of the case's closings
    closed_at = models.DateTimeField()
    month = models.CharField(max_length=7)  # of the closing, local
    category_code = models.CharField(max_length=60, blank=True, default="")
    organisation = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, related_name="+", db_index=False
    )
    channel = models.CharField(max_length=12, blank=True, default="")
    triggers = ArrayField(models.CharField(max_length=12), default=list)
    lot = models.PositiveIntegerField()
    share = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))
    rule_id = models.BigIntegerField(null=True)
    why = models.CharField(max_length=10, blank=True, default="")
    state = models.CharField(max_length=8, choices=State.choices)

    tries = models.PositiveSmallIntegerField(default=0)
    again_at = models.DateTimeField(null=True)  # not before: the resident asked for it, or it would not count
    held_by = _person()  # who has the number on the screen
    held_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True, default="")
    called_at = models.DateTimeField(null=True)
    called_by = _person()
    solved = models.BooleanField(null=True)
    satisfied = models.BooleanField(null=True)
    stars = models.PositiveSmallIntegerField(null=True)
    complaint = models.CharField(max_length=20, blank=True, default="")  # a code of rules.COMPLAINTS
    said = models.TextField(blank=True, default="")  # the resident's words; internal
    wants_reopening = models.BooleanField(null=True)
    reopened = models.BooleanField(default=False)  # the call took it up again

    answer = models.TextField(blank=True, default="")  # a reasoned answer, before and after it is approved
    answer_by = _person()
    answer_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    ruled_by = _person()
    ruled_at = models.DateTimeField(null=True)
    ruling_note = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "case", "round"], name="cases_callback_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(last=True), name="cases_callback_last"),
            models.CheckConstraint(
                condition=Q(stars__isnull=True) | Q(stars__range=(1, 5)), name="cases_callback_stars"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *(one.value for one in rules.Outcome)]),
                name="cases_callback_outcome",
            ),
            models.CheckConstraint(
                condition=Q(ruled_by__isnull=True) | ~Q(ruled_by=models.F("answer_by")),
                name="cases_callback_two_persons",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community_id", "closed_at"], condition=Q(state="open"), name="cases_callback_to_call"
            ),
            models.Index(
                fields=["community_id", "answer_at"],
                condition=Q(answer_at__isnull=False, approved__isnull=True),
                name="cases_callback_to_approve",
            ),
            models.Index(fields=["community_id", "month", "lot"], name="cases_callback_of_month"),
            models.Index(
                fields=["community_id", "called_at"],
                condition=Q(called_at__isnull=False),
                name="cases_callback_called",
            ),
        ]

    def __str__(self) -> str:
        return f"call-back {self.round} of case {self.case_id}"


class CallTry(models.Model):
    """One call that was made."""

    walled = True

    community_id = models.BigIntegerField()
    callback = models.ForeignKey(CallBack, models.PROTECT, related_name="calls")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = _person()
    outcome = models.CharField(max_length=12)
    note = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "callback", "number"], name="cases_call_try_once")
        ]

    def __str__(self) -> str:
        return f"call {self.number} of {self.callback_id}"
