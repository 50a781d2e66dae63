"""What a community decides about its cases: categories, promises, routing; and the saved filters of its staff."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


class Category(models.Model):
    """A node of the community's category tree; the code says where it hangs (``environment.garbage``)."""

    community_id = models.BigIntegerField()
    code = models.CharField(max_length=60)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, blank=True, default="")
    keywords = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    sensitive = models.BooleanField(default=False)
    order = models.PositiveIntegerField(default=0)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # last day
    example = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "code", "valid_from"], name="cases_category_once"
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"), name="cases_category_code"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PromiseRow(models.Model):
    """How long a stage may take, for a category's subtree and an urgency, from a day to a day."""

    community_id = models.BigIntegerField()
    category_code = models.CharField(max_length=60, blank=True, default="")
    urgency = models.CharField(max_length=10, blank=True, default="")
    stage = models.CharField(max_length=16)
    amount = models.DecimalField(max_digits=8, decimal_places=2)
    unit = models.CharField(max_length=16)
    start_rule = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    source = models.CharField(
        max_length=200, blank=True, default=""
    )  # the regulation or decision it rests on
    example = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "category_code", "urgency", "stage", "valid_from"],
                name="cases_promise_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="cases_promise_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.amount} {self.unit}"


class RoutingRow(models.Model):
    """Who gets a case first; rows are tried in order and the first match wins."""

    community_id = models.BigIntegerField()
    order = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    category_code = models.CharField(max_length=60, blank=True, default="")
    place = models.ForeignKey("grids.Place", models.PROTECT, null=True, related_name="+")
    kinds = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    weekdays = ArrayField(models.SmallIntegerField(), null=True)
    from_time = models.TimeField(null=True)
    to_time = models.TimeField(null=True)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, related_name="+")
    organisation_kind = models.CharField(max_length=20, blank=True, default="")
    role = models.CharField(max_length=24, blank=True, default="")
    level = models.CharField(max_length=12, blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    draft = models.BooleanField(default=False)  # on trial: not in force
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    example = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["community_id", "order"], name="cases_routing_order")]

    def __str__(self) -> str:
        return self.name


class SavedFilter(models.Model):
    """A staff member's own view of the queue."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    community_id = models.BigIntegerField()
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "community_id", "name"], name="cases_filter_once")
        ]

    def __str__(self) -> str:
        return self.name
