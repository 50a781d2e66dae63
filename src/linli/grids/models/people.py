"""Tables of the people at their places: duties and nameplates, memberships, residences."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from linli.grids.models.places import Place, choices, values
from linli.grids.rules.words import Basis, Ended, EndReason, Role


def _one(expression: str | Func) -> Func:
    """A value as a range of one, so that a plain GiST index excludes equals without any extension."""
    return Func(expression, expression, template="int8range(%(expressions)s, '[]')")


class Duty(models.Model):
    """A role at a place from a day to a day. ``until_date`` is the first day it no longer holds."""

    community = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="duties")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="duties")
    organisation = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, blank=True, related_name="duties"
    )
    role = models.CharField(max_length=24, choices=choices(Role))
    title = models.CharField(max_length=60, blank=True, default="")
    from_date = models.DateField()
    until_date = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "duties"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")),
                name="grids_duty_days",
            ),
            models.CheckConstraint(condition=Q(role__in=values(Role)), name="grids_duty_role_known"),
            ExclusionConstraint(
                name="grids_duty_not_twice",
                expressions=[
                    (_one("account"), RangeOperators.OVERLAPS),
                    (_one("place"), RangeOperators.OVERLAPS),
                    (
                        _one(Func("role", template="hashtext(%(expressions)s)::bigint")),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func("from_date", "until_date", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "role"], name="grids_duty_by_role"),
        ]

    def __str__(self) -> str:
        return f"{self.role} of account {self.account_id} at place {self.place_id}"


class Membership(models.Model):
    """Which community a scan or a report ties an account to, and (if known) the place there."""

    community = models.ForeignKey(Place, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", db_index=False
    )
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "community"], name="grids_membership_once"),
        ]

    def __str__(self) -> str:
        return f"account {self.account_id} in community {self.community_id}"


class Residence(models.Model):
    """An account bound to a dwelling: the proof behind identity level L3. It expires."""

    walled = True

    community = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    dwelling = models.ForeignKey(Place, models.PROTECT, related_name="residences")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="residences")
    basis = models.CharField(max_length=16, choices=choices(Basis), blank=True, default="")
    asked_at = models.DateTimeField()
    first_approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    bound_at = models.DateTimeField(null=True, blank=True)
    expires_date = models.DateField(null=True, blank=True)
    reminded_days = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # so long before its end, the last time
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=12, choices=choices(Ended), blank=True, default="")
    ended_reason = models.CharField(max_length=12, choices=choices(EndReason), blank=True, default="")
    ended_words = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            # Who lives on where they are proved asks anew beside the old proof, which ends when the new one holds.
            models.UniqueConstraint(
                fields=["community", "account", "dwelling"],
                condition=Q(ended_at__isnull=True, bound_at__isnull=True),
                name="grids_residence_asked_once",
            ),
            models.UniqueConstraint(
                fields=["community", "account", "dwelling"],
                condition=Q(ended_at__isnull=True, bound_at__isnull=False),
                name="grids_residence_bound_once",
            ),
            models.CheckConstraint(
                condition=Q(second_approver__isnull=True)
                | (Q(first_approver__isnull=False) & ~Q(second_approver=F("first_approver"))),
                name="grids_residence_two_people",
            ),
            models.CheckConstraint(
                condition=Q(bound_at__isnull=True, expires_date__isnull=True)
                | Q(bound_at__isnull=False, expires_date__isnull=False, basis=Basis.REGISTER.value)
                | Q(
                    bound_at__isnull=False,
                    expires_date__isnull=False,
                    basis=Basis.TWO_APPROVALS.value,
                    second_approver__isnull=False,
                ),
                name="grids_residence_bound_on_proof",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community", "expires_date"],
                condition=Q(ended_at__isnull=True, bound_at__isnull=False),
                name="grids_residence_expiring",
            ),
        ]

    def __str__(self) -> str:
        return f"residence {self.pk}"


class HouseholdEntry(models.Model):
    """That a phone lives behind a door, as the community's register has it: its keyed index, never the phone."""

    walled = True

    community = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    dwelling = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    phone_index = models.BinaryField()
    listed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "dwelling", "phone_index"], name="grids_householdentry_once"
            ),
        ]

    def __str__(self) -> str:
        return f"household of dwelling {self.dwelling_id}"


class Nameplate(models.Model):
    """How one who serves in a community is shown there: face, hours, languages, the number of the desk, who stands in."""

    walled = True

    community = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    ticket = models.UUIDField(
        null=True, blank=True, unique=True
    )  # the address of the picture; another picture, another
    path = models.CharField(max_length=60, blank=True, default="")
    thumb_path = models.CharField(max_length=60, blank=True, default="")
    hours_zh = models.CharField(max_length=120, blank=True, default="")
    hours_en = models.CharField(max_length=120, blank=True, default="")
    phone = models.CharField(max_length=30, blank=True, default="")
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    away_from_date = models.DateField(null=True, blank=True)
    away_last_date = models.DateField(null=True, blank=True)
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community", "account"], name="grids_nameplate_once"),
            models.CheckConstraint(
                condition=Q(away_from_date__isnull=True, away_last_date__isnull=True)
                | Q(away_from_date__isnull=False, away_last_date__gte=F("away_from_date")),
                name="grids_nameplate_away_days",
            ),
        ]

    def __str__(self) -> str:
        return f"nameplate of account {self.account_id}"
