"""Lines to hotlines, their orders beside our cases, and the outbox of messages that go back."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from linli.faces.languages import reads_english
from linli.integrations.hotline.rules.mapping import Sends
from linli.integrations.hotline.rules.orders import Standing, Way
from linli.kernel.sealed import SealedTextField


class Line(models.Model):
    """A hotline that a community is connected to."""

    walled = True

    community_id = models.BigIntegerField()
    key = models.CharField(max_length=40, unique=True)  # in the address at which they push
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=160, blank=True, default="")
    mapping = models.TextField()
    address = models.CharField(max_length=500, blank=True, default="")  # of their server; empty: tables only
    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)
    token: SealedTextField[str | None, str | None] = SealedTextField(null=True)  # what we show them
    secret: SealedTextField[str | None, str | None] = SealedTextField(null=True)  # what they show us
    pull_minutes = models.PositiveSmallIntegerField(default=0)  # 0: we do not ask by ourselves
    pulled_at = models.DateTimeField(null=True)
    pull_said = models.CharField(
        max_length=60, blank=True, default=""
    )  # why the last pull failed; empty: it did not
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "name_zh"], name="hotline_line_name_once"),
        ]

    def __str__(self) -> str:
        return self.name_zh

    def name(self, language: str) -> str:
        """Its name in this language."""
        return self.name_en if reads_english(language) and self.name_en else self.name_zh


class Order(models.Model):
    """An order of a hotline and the case it belongs to."""

    walled = True

    community_id = models.BigIntegerField()
    line = models.ForeignKey(Line, models.PROTECT, related_name="orders", db_index=False)
    way = models.CharField(max_length=3)
    number = models.CharField(max_length=60, blank=True, default="")  # theirs; empty until they told it
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+", db_index=False)
    case_number = models.CharField(max_length=12, blank=True, default="")
    standing = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, blank=True, default="")  # of the order as it last arrived
    words_digest = models.CharField(max_length=64, blank=True, default="")
    category = models.CharField(max_length=80, blank=True, default="")  # their word for it
    called_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # their day
    wrongs = models.JSONField(default=list)  # why it was refused: [field, code, limit]
    received_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "line", "way", "number"],
                condition=~Q(number=""),
                name="hotline_order_once",
            ),
            models.CheckConstraint(condition=Q(way__in=[way.value for way in Way]), name="hotline_order_way"),
            models.CheckConstraint(
                condition=Q(standing__in=[one.value for one in Standing]), name="hotline_order_standing"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community_id", "case"], condition=Q(case__isnull=False), name="hotline_order_of_case"
            ),
            models.Index(fields=["community_id", "-changed_at", "-id"], name="hotline_order_newest"),
        ]

    def __str__(self) -> str:
        return self.number or self.case_number


class Message(models.Model):
    """Something that goes to them: an outbox row. ``values`` are our values; their words are made when it leaves."""

    walled = True

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        DEAD = "dead"  # given up; a person may send it again
        TABLE = "table"  # waits for the next table, for their side takes none by itself

    community_id = models.BigIntegerField()
    order = models.ForeignKey(Order, models.CASCADE, related_name="messages", db_index=False)
    kind = models.CharField(max_length=12)
    seq = models.PositiveIntegerField()  # the case's move that it tells of; 0 for receipts and orders of ours
    values = models.JSONField()
    state = models.CharField(max_length=8, choices=State.choices)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=60, blank=True, default="")  # what the last try came to
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    batch = models.CharField(max_length=20, blank=True, default="")  # the table it left with

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "kind", "seq"], name="hotline_message_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Sends]), name="hotline_message_kind"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="hotline_message_due"),
            models.Index(
                fields=["community_id", "order"], condition=Q(state="table"), name="hotline_message_table"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.seq}"
