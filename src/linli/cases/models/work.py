"""What happens while a case is worked on: running promises, requests for time, sub-tasks of joint work."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from linli.cases.models.case import Case


class Task(models.Model):
    """A part of a case that another body does (协同), with its own clock."""

    walled = True

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        CANCELLED = "cancelled"

    community_id = models.BigIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="tasks")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    words = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    done_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["community_id", "organisation"],
                condition=Q(state="open"),
                name="cases_task_open_of_body",
            )
        ]

    def __str__(self) -> str:
        return f"task {self.pk} of case {self.case_id}"


class ClockRow(models.Model):
    """One promise running, or run, for one stage of a case (or of a sub-task): the ledger is computed from this row."""

    walled = True

    community_id = models.BigIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="clocks", db_index=False)
    task = models.ForeignKey(Task, models.PROTECT, null=True, related_name="clocks")
    stage = models.CharField(max_length=16)
    round = models.PositiveSmallIntegerField(default=1)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    unit = models.CharField(max_length=16)
    start_rule = models.CharField(max_length=20)
    promise_id = models.BigIntegerField(null=True)  # the promise row it was taken from
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    met = models.BooleanField(null=True)  # once stopped: in time or late; null when it was dropped, not met
    due_at = models.DateTimeField(null=True)  # null while paused
    at_risk_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True)  # when the sweep found it broken and said so, once
    reminded_at = models.DateTimeField(null=True)  # when the sweep said that little is left, once
    # When the sweep looks which rung of the ladder is due: at once after whatever touches the time, then at the next rung.
    ladder_at = models.DateTimeField(null=True)
    ladder_level = models.PositiveSmallIntegerField(default=0, db_default=0)  # the highest rung climbed
    pauses = models.JSONField(default=list)  # [{"from", "until", "move"}]
    extensions = models.JSONField(default=list)  # [{"amount", "asked_at", "move"}]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "task", "stage", "round"], name="cases_clock_once", nulls_distinct=False
            )
        ]
        indexes: ClassVar = [
            models.Index(  # with what a figure asks of a promise, so that it need not read the row
                fields=["community_id", "stage", "started_at"],
                include=["case", "task", "met", "stopped_at", "due_at"],
                name="cases_clock_counted",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(stopped_at__isnull=True, broken_at__isnull=True, due_at__isnull=False),
                name="cases_clock_to_sweep",
            ),
            models.Index(
                fields=["at_risk_at"],
                condition=Q(stopped_at__isnull=True, reminded_at__isnull=True, at_risk_at__isnull=False),
                name="cases_clock_to_remind",
            ),
            models.Index(
                fields=["ladder_at"],
                condition=Q(stopped_at__isnull=True, ladder_at__isnull=False),
                name="cases_clock_to_climb",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} of case {self.case_id}"


class Request(models.Model):
    """More time, a pause or a hang that was asked for, and what was decided by another person."""

    walled = True

    class Kind(models.TextChoices):
        EXTEND = "extend"  # 延期
        PAUSE = "pause"  # waiting for somebody outside
        HANG = "hang"  # 挂账

    community_id = models.BigIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    amount = models.DecimalField(
        max_digits=8, decimal_places=2, null=True
    )  # extend: in the promise's own unit
    until = models.DateTimeField(null=True)  # pause and hang: when we look again
    why = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    days = models.DecimalField(max_digits=8, decimal_places=2, null=True)  # working days longer: its size
    decider = models.CharField(max_length=24, default="dispatcher", db_default="dispatcher")
    basis = models.BooleanField(default=False, db_default=False)  # granting it takes a written basis

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(decided_at__isnull=True), name="cases_request_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
                name="cases_request_two_persons",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["until"],
                condition=Q(granted=True, until__isnull=False),
                name="cases_request_until",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} for case {self.case_id}"
