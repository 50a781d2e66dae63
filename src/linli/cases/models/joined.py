"""Several people, one matter: who else says the same, and what a person decided about two cases."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from linli.cases.models.case import Case
from linli.kernel.sealed import SealedTextField


class Supporter(models.Model):
    """Somebody other than the reporter who says the same (我也遇到), or who reported it in a case that was merged."""

    walled = True

    community_id = models.BigIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="joined", db_index=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    person_key = models.BinaryField(max_length=32)  # blind: of the account, else the phone, else this browser
    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)
    contact_phone: SealedTextField[str | None, str | None] = SealedTextField(null=True)
    contact_index = models.BinaryField(max_length=32, null=True)
    code_digest = models.BinaryField(max_length=32, null=True)  # of their own look-up code
    merged = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+", db_index=False)
    level = models.PositiveSmallIntegerField(default=0)  # identity level when they joined
    words = models.TextField(blank=True, default="")  # read by staff alone
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    solved = models.BooleanField(null=True)  # their own word, once it is settled
    stars = models.PositiveSmallIntegerField(null=True)
    said = models.TextField(blank=True, default="")
    said_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "case", "person_key"], name="cases_supporter_once"
            ),
            models.CheckConstraint(
                condition=Q(stars__isnull=True) | Q(stars__range=(1, 5)), name="cases_supporter_stars"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case"], condition=Q(left_at__isnull=True), name="cases_supporter_of_case"),
            models.Index(
                fields=["account", "-joined_at"],
                condition=Q(account__isnull=False, left_at__isnull=True),
                name="cases_supporter_of_person",
            ),
            models.Index(
                fields=["community_id", "contact_index"],
                condition=Q(contact_index__isnull=False),
                name="cases_supporter_by_contact",
            ),
            models.Index(fields=["merged"], condition=Q(merged__isnull=False), name="cases_supporter_merged"),
        ]

    def __str__(self) -> str:
        return f"supporter {self.pk} of case {self.case_id}"


class PairDecision(models.Model):
    """What a person decided about two cases: the same matter (并案), or not (另案). The latest word stands."""

    walled = True

    community_id = models.BigIntegerField()
    first = models.ForeignKey(
        Case, models.PROTECT, related_name="+", db_index=False
    )  # the older row of the two
    second = models.ForeignKey(Case, models.PROTECT, related_name="+", db_index=False)
    same = models.BooleanField()
    certainty = models.FloatField(null=True)  # what the machine thought at that moment
    version = models.CharField(max_length=20, blank=True, default="")  # of the machine
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "first", "second"], name="cases_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="cases_pair_in_order"),
        ]
        indexes: ClassVar = [models.Index(fields=["second"], name="cases_pair_second")]

    def __str__(self) -> str:
        return f"{self.first_id} {'=' if self.same else '≠'} {self.second_id}"
