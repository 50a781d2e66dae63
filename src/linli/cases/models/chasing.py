"""What keeps a case moving: supervisions with their letters, and what a community decided about ladders and approvals."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from linli.cases.models.case import Case
from linli.cases.models.work import Request


class Supervision(models.Model):
    """A case watched by a named person until a day (督办), or talked over with the body (约谈): one numbered letter."""

    walled = True

    class Kind(models.TextChoices):
        LETTER = "letter"  # 督办
        TALK = "talk"  # 约谈

    class Ended(models.TextChoices):
        LIFTED = "lifted"  # by the supervisor
        REPLACED = "replaced"  # by a later letter
        SETTLED = "settled"  # the case ended

    community_id = models.BigIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="supervisions")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.LETTER)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()  # of the year: 督〔2026〕3号
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )  # null: nobody led the community when the ladder was climbed; its leader of the day stands in
    organisation = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, related_name="+", db_index=False
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    words = (
        models.TextField()
    )  # what is demanded; empty for a ladder's letter, whose text is made from its rung
    level = models.PositiveSmallIntegerField(null=True)  # of the ladder; null: opened by a person
    stage = models.CharField(max_length=16, blank=True, default="")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    overdue_at = models.DateTimeField(null=True)  # when the sweep found it unanswered past its day, once
    answer = models.TextField(blank=True, default="")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=8, choices=Ended.choices, blank=True, default="")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    outcome = models.TextField(blank=True, default="")  # why it was lifted; what came of a talk

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "kind", "year", "serial"], name="cases_supervision_number"
            ),
            models.UniqueConstraint(
                fields=["case", "kind"], condition=Q(ended_at__isnull=True), name="cases_supervision_one_open"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "-opened_at"], name="cases_supervision_newest"),
            models.Index(
                fields=["due_at"],
                condition=Q(ended_at__isnull=True, overdue_at__isnull=True, answered_at__isnull=True),
                name="cases_supervision_to_sweep",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}-{self.serial}"

    @property
    def open(self) -> bool:
        """Whether it still stands."""
        return self.ended_at is None


class LadderRow(models.Model):
    """One rung of a ladder: for a category's branch, an urgency and a stage, from a day to a day."""

    community_id = models.BigIntegerField()
    category_code = models.CharField(max_length=60, blank=True, default="")
    urgency = models.CharField(max_length=10, blank=True, default="")
    stage = models.CharField(max_length=16)
    level = models.PositiveSmallIntegerField()
    when = models.CharField(max_length=8)
    percent = models.PositiveSmallIntegerField(default=0)
    amount = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    unit = models.CharField(max_length=16)
    act = models.CharField(max_length=12)
    days = models.DecimalField(max_digits=5, decimal_places=2, default=1)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    source = models.CharField(max_length=200, blank=True, default="")
    example = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "category_code", "urgency", "stage", "level", "valid_from"],
                name="cases_ladder_once",
            ),
            models.CheckConstraint(condition=Q(level__range=(1, 9)), name="cases_ladder_level"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.level} {self.act}"


class ApprovalRow(models.Model):
    """Whom it takes to grant a request of a kind up to a size, from a day to a day."""

    community_id = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Request.Kind.choices)
    up_to = models.DecimalField(max_digits=6, decimal_places=2, null=True)  # working days; null: any size
    decider = models.CharField(max_length=24)
    basis = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    source = models.CharField(max_length=200, blank=True, default="")
    example = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "kind", "up_to", "valid_from"],
                name="cases_approval_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(up_to__isnull=True) | Q(up_to__gt=0), name="cases_approval_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} up to {self.up_to}"


class Appointment(models.Model):
    """A person named for something: who rules on second returns, who heads a body; from a day to a day."""

    class What(models.TextChoices):
        ARBITER = "arbiter"
        HEAD = "head"

    community_id = models.BigIntegerField()
    what = models.CharField(max_length=10, choices=What.choices)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, related_name="+")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "what", "organisation", "account", "valid_from"],
                name="cases_appointment_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(what="arbiter", organisation__isnull=True)
                | Q(what="head", organisation__isnull=False),
                name="cases_appointment_whose",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.account_id}"
