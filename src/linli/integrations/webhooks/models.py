"""Tables of the webhooks: where facts are sent, each fact on its way, each try. Private to this folder."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from linli.kernel.sealed import SealedTextField


class Endpoint(models.Model):
    """An address that hears facts of a community. Address and secrets are sealed: addresses often hold a key."""

    class State(models.TextChoices):
        ACTIVE = "active"
        PAUSED = "paused"  # facts go on being noted, nothing is sent
        ENDED = "ended"

    walled = True

    community_id = models.BigIntegerField()
    seal_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=60)
    host = models.CharField(max_length=260)  # what lists show of the address
    url = SealedTextField()
    secret = SealedTextField()
    former_secret = SealedTextField(null=True)
    former_until_at = models.DateTimeField(null=True)
    facts = models.JSONField(default=list)  # names of facts, or ["*"]
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    paused_why = models.CharField(max_length=20, blank=True)  # person | gone | failing
    made_by_id = models.BigIntegerField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    failing_since_at = models.DateTimeField(null=True)
    rest_until_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)  # the last success

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="webhooks_endpoint_named"),
            models.CheckConstraint(
                condition=Q(state="ended", ended_at__isnull=False)
                | (~Q(state="ended") & Q(ended_at__isnull=True)),
                name="webhooks_endpoint_ended",
            ),
        ]
        indexes = [models.Index(fields=["community_id", "state"], name="webhooks_endpoint_state")]

    def __str__(self) -> str:
        return f"endpoint {self.pk}"


class Delivery(models.Model):
    """One fact for one endpoint. The body is kept as it is signed and sent; it never changes."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        DEAD = "dead"

    walled = True

    community_id = models.BigIntegerField()
    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="deliveries")
    event_id = models.CharField(max_length=32)
    fact = models.CharField(max_length=60)
    subject = models.CharField(max_length=40, blank=True)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=20, blank=True)  # of the last try that failed
    tries = models.PositiveSmallIntegerField(default=0)
    replays = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    begun_at = models.DateTimeField()  # made, or sent again by hand
    next_at = models.DateTimeField()
    claimed_until_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # A reaction that runs twice notes nothing new.
            models.UniqueConstraint(
                fields=["community_id", "endpoint", "event_id"], name="webhooks_delivery_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="webhooks_delivery_ended",
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_at"], condition=Q(state="waiting"), name="webhooks_delivery_due"
            ),
            models.Index(fields=["endpoint", "-id"], name="webhooks_delivery_newest"),
            models.Index(fields=["ended_at"], name="webhooks_delivery_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.event_id}"


class Attempt(models.Model):
    """One try to deliver: what went out and what came back, at its beginning."""

    walled = True

    community_id = models.BigIntegerField()
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True)
    why = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=60, blank=True)
    request_head = models.TextField()
    answer_head = models.TextField(blank=True)
    answer_body = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["delivery", "id"], name="webhooks_attempt_delivery")]

    def __str__(self) -> str:
        return f"try {self.pk}"
