"""Tables of connected systems: whose program it is, and how much its keys ask. Private to this folder."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class ApiClient(models.Model):
    """A program of an organisation. What it may stands in its account's duty and its keys."""

    walled = True

    community_id = models.BigIntegerField()
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")  # answers for it
    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")  # its own
    duty_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=40)
    role = models.CharField(max_length=24, blank=True)
    place = models.ForeignKey("grids.Place", models.PROTECT, related_name="+")
    scopes = models.JSONField(default=list)
    per_minute = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community_id", "name"], condition=Q(ended_at=None), name="clients_client_name"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="clients_client_named"),
        ]

    def __str__(self) -> str:
        return self.name


class ApiUsage(models.Model):
    """What one key asked on one local day."""

    walled = True

    community_id = models.BigIntegerField()
    token_id = models.BigIntegerField()
    date = models.DateField()
    requests = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    limited = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community_id", "token_id", "date"], name="clients_usage_day")
        ]

    def __str__(self) -> str:
        return f"{self.token_id} {self.date}"
