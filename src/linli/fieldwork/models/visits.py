"""Visits to households, and plans of care for those who need it. Words are sealed."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from linli.fieldwork.rules.words import Ground, Need, Outcome, PlanEnd, Purpose
from linli.kernel.sealed import SealedTextField

ACCOUNT = settings.AUTH_USER_MODEL


class CarePlan(models.Model):
    """A household is looked in on every so many days, for a need, on a ground. Ended, never deleted."""

    walled = True

    community_id = models.BigIntegerField()
    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)
    key = models.UUIDField()
    dwelling = models.ForeignKey("grids.Place", models.PROTECT, related_name="+", db_index=False)
    grid = models.ForeignKey("grids.Place", models.PROTECT, related_name="+", db_index=False)
    need = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Need])
    every_days = models.PositiveSmallIntegerField()
    from_date = models.DateField()
    until_date = models.DateField()  # the last day; a plan is made anew from time to time, none runs for ever
    ground = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Ground])
    words: SealedTextField[str | None, str | None] = SealedTextField(null=True)  # what is to be seen to
    worker = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    made_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    due_date = models.DateField(null=True)  # when the next visit is due; null once it is over
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(
        max_length=20, choices=[(one.value, one.value) for one in PlanEnd], blank=True, default=""
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "key"], name="fieldwork_careplan_key_once"),
            models.UniqueConstraint(
                fields=["community_id", "dwelling", "need"],
                condition=Q(ended_at__isnull=True),
                name="fieldwork_careplan_one_open",
            ),
            models.CheckConstraint(
                condition=Q(every_days__gte=1, every_days__lte=366), name="fieldwork_careplan_every"
            ),
            models.CheckConstraint(
                condition=Q(until_date__gte=models.F("from_date")), name="fieldwork_careplan_days"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community_id", "worker", "due_date"],
                condition=Q(ended_at__isnull=True),
                name="fieldwork_careplan_due",
            ),
        ]

    def __str__(self) -> str:
        return f"care plan {self.pk}"


class CareTurn(models.Model):
    """Whose a care plan is from a day on: what was due is counted for who had it then."""

    walled = True

    community_id = models.BigIntegerField()
    plan = models.ForeignKey(CarePlan, models.PROTECT, related_name="turns", db_index=False)
    worker = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    from_date = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "from_date"], name="fieldwork_careturn_once"),
        ]

    def __str__(self) -> str:
        return f"care plan {self.plan_id} from {self.from_date}"


class Visit(models.Model):
    """Somebody went to a household: why, how it went, what comes next. Struck out by its maker, never changed."""

    walled = True

    community_id = models.BigIntegerField()
    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)
    key = models.UUIDField()  # of the form or the phone's outbox: sent again makes no second one
    dwelling = models.ForeignKey("grids.Place", models.PROTECT, related_name="+", db_index=False)
    grid = models.ForeignKey("grids.Place", models.PROTECT, related_name="+", db_index=False)
    worker = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    plan = models.ForeignKey(CarePlan, models.PROTECT, null=True, related_name="visits", db_index=False)
    need = models.CharField(
        max_length=20, choices=[(one.value, one.value) for one in Need], blank=True, default=""
    )
    purpose = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Purpose])
    outcome = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Outcome])
    words: SealedTextField[str | None, str | None] = SealedTextField(null=True)
    at = models.DateTimeField()  # when it took place, as its maker says
    made_at = models.DateTimeField()  # when it was written down here
    follow_up_date = models.DateField(null=True)
    follow_up_by = models.ForeignKey(ACCOUNT, models.PROTECT, null=True, related_name="+", db_index=False)
    followed_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+", db_index=False)
    struck_at = models.DateTimeField(null=True)  # taken back by its maker: it does not count

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "key"], name="fieldwork_visit_key_once"),
            models.CheckConstraint(
                condition=Q(follow_up_date__isnull=True, follow_up_by__isnull=True)
                | Q(follow_up_date__isnull=False, follow_up_by__isnull=False),
                name="fieldwork_visit_follow_up",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "at"], name="fieldwork_visit_at"),
            models.Index(fields=["community_id", "dwelling", "-at"], name="fieldwork_visit_dwelling"),
            models.Index(fields=["plan", "at"], condition=Q(plan__isnull=False), name="fieldwork_visit_plan"),
            models.Index(
                fields=["community_id", "follow_up_by", "follow_up_date"],
                condition=Q(follow_up_date__isnull=False, followed_by__isnull=True, struck_at__isnull=True),
                name="fieldwork_visit_to_follow",
            ),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk}"
