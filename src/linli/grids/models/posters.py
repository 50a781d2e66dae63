"""The table of print runs: posters for a place and all below it, drawn by the worker."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from linli.grids.models.places import Place, choices
from linli.grids.rules.posters import Layout


class PosterRun(models.Model):
    """A print run: asked for, being drawn, drawn, kept for some days. What hangs at doors anybody reads: not walled."""

    community = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    layout = models.CharField(max_length=12, choices=choices(Layout))
    base = models.CharField(
        max_length=200
    )  # the address that phones open, as it was when the run was asked for
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    lapses_at = models.DateTimeField(null=True, blank=True)  # a worker draws it; when this passes it died
    tries = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    failed = models.CharField(max_length=40, blank=True, default="")  # why, as a code
    path = models.CharField(max_length=60, blank=True, default="")
    bytes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="grids_posterrun_done"),
            # The same again while it is being drawn is the same.
            models.UniqueConstraint(
                fields=["place", "layout"],
                condition=Q(finished_at__isnull=True),
                name="grids_posterrun_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.layout} of place {self.place_id}"
