"""Patrols: what a worker started and ended; where they were, only if they sent it, and only for some days."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from linli.fieldwork.rules.words import PatrolEnd
from linli.kernel.sealed import SealedTextField

ACCOUNT = settings.AUTH_USER_MODEL


class Patrol(models.Model):
    """One round through a grid. Nobody has two open at once."""

    walled = True

    community_id = models.BigIntegerField()
    key = models.UUIDField()
    grid = models.ForeignKey("grids.Place", models.PROTECT, related_name="+", db_index=False)
    worker = models.ForeignKey(ACCOUNT, models.PROTECT, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(
        max_length=10, choices=[(one.value, one.value) for one in PatrolEnd], blank=True, default=""
    )
    points = models.PositiveIntegerField(
        default=0
    )  # so many were sent; the points themselves go after some days
    wiped_at = models.DateTimeField(null=True)  # its positions are gone: by time, or by the worker

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "key"], name="fieldwork_patrol_key_once"),
            models.UniqueConstraint(
                fields=["community_id", "worker"],
                condition=Q(ended_at__isnull=True),
                name="fieldwork_patrol_one_open",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "started_at"], name="fieldwork_patrol_at"),
            models.Index(
                fields=["community_id"], condition=Q(ended_at__isnull=True), name="fieldwork_patrol_open"
            ),
        ]

    def __str__(self) -> str:
        return f"patrol {self.pk}"


class PatrolPoint(models.Model):
    """A place ticked off on a patrol, or a position the worker sent. A position is sealed and goes after some days."""

    walled = True

    community_id = models.BigIntegerField()
    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)
    patrol = models.ForeignKey(Patrol, models.PROTECT, related_name="kept", db_index=False)
    at = models.DateTimeField()
    place = models.ForeignKey("grids.Place", models.PROTECT, null=True, related_name="+", db_index=False)
    position: SealedTextField[str | None, str | None] = SealedTextField(null=True)  # "106.630153,26.647661"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["patrol", "place", "at"], name="fieldwork_point_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(place__isnull=False) | Q(position__isnull=False), name="fieldwork_point_something"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community_id", "at"],
                condition=Q(position__isnull=False),
                name="fieldwork_point_to_wipe",
            ),
        ]

    def __str__(self) -> str:
        return f"point {self.pk}"


class PatrolFinding(models.Model):
    """A case that was made on a patrol."""

    walled = True

    community_id = models.BigIntegerField()
    patrol = models.ForeignKey(Patrol, models.PROTECT, related_name="findings", db_index=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patrol", "case"], name="fieldwork_finding_once"),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id}"
