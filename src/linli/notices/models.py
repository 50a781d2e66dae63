"""Tables of telling people: notices, tries, robots, and what communities and persons want. Private to the room."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from linli.kernel.sealed import SealedTextField
from linli.notices.rules.delivery import State
from linli.notices.rules.kinds import ROBOT_ROADS, Urgency


def _account(*, null: bool = True) -> models.ForeignKey[object, object]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=null, related_name="+", db_index=False
    )


class Robot(models.Model):
    """A robot in a group of colleagues: the community's own room, or one body's. What it is reached by is sealed."""

    walled = True

    class Road(models.TextChoices):
        WECOM = "wecom"
        DINGTALK = "dingtalk"
        FEISHU = "feishu"

    community_id = models.BigIntegerField()
    organisation = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, related_name="+", db_index=False
    )
    road = models.CharField(max_length=10, choices=Road.choices)
    name = models.CharField(max_length=40)
    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)
    address: SealedTextField[str, str] = SealedTextField()
    secret: SealedTextField[str | None, str | None] = SealedTextField(null=True)
    language = models.CharField(max_length=10, default="zh-hans")
    groups = models.JSONField(default=list)  # of `rules.kinds.Group`; none: all it can hear
    made_by = _account(null=False)
    made_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)  # kept for the log, and heard no more

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(road__in=list(ROBOT_ROADS)), name="notices_robot_road_known"),
            models.UniqueConstraint(
                fields=["community_id", "name"],
                condition=Q(stopped_at__isnull=True),
                name="notices_robot_name_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.road} {self.name}"


class Mailing(models.Model):
    """One announcement to everybody tied to a place or below it; spread step by step by the sweep."""

    walled = True

    community_id = models.BigIntegerField()
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    place_path = models.CharField(max_length=200)
    follows = models.CharField(
        max_length=80, blank=True, default=""
    )  # stem of mailings: only those whom they reached
    words = models.JSONField()  # language → title, words
    link = models.CharField(max_length=300, blank=True, default="")
    asked_by = _account()
    asked_at = models.DateTimeField()
    reached_id = models.BigIntegerField(default=0)  # everybody up to this account has been told
    told = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    stopped_by = _account()
    stopped = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "key"], name="notices_mailing_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community_id"], condition=Q(ended_at__isnull=True), name="notices_mailing_open"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Notice(models.Model):
    """That somebody is told of one fact: what, in which words, and how far it has come."""

    walled = True

    community_id = models.BigIntegerField()
    fact = models.CharField(max_length=120)  # the same fact, kind and recipient: told once
    kind = models.CharField(max_length=40)
    recipient = models.CharField(
        max_length=40
    )  # a12 account, b3 robot, c261123048213 contact of a case, s7 of a supporter
    account = _account()
    robot = models.ForeignKey(Robot, models.PROTECT, null=True, related_name="+", db_index=False)
    mailing = models.ForeignKey(Mailing, models.PROTECT, null=True, related_name="notices", db_index=False)
    subject = models.CharField(max_length=40, blank=True, default="")  # what it is about: a case's number
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    words = models.TextField()
    link = models.CharField(max_length=300, blank=True, default="")  # a path of our own
    fields = models.JSONField(default=dict)  # the words by name, for carriers with templates of their own
    urgency = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default=State.WAITING.value)
    roads = models.JSONField(default=list)  # still to be tried, the present one first
    road = models.CharField(max_length=10, blank=True, default="")  # by which it was last handed on
    tries = models.PositiveSmallIntegerField(default=0)  # by the present road
    made = models.PositiveSmallIntegerField(default=0)  # tries by all roads: the number of the last attempt
    turn = models.PositiveSmallIntegerField(
        default=0
    )  # how often somebody had it tried again: part of the key
    reason = models.CharField(
        max_length=60, blank=True, default=""
    )  # why a road was left, or it was given up
    told_at = models.DateTimeField()
    begun_at = models.DateTimeField()  # from when on it is worth carrying: told, or tried again
    next_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    into = models.ForeignKey("self", models.PROTECT, null=True, related_name="gathered", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "fact", "kind", "recipient"], name="notices_notice_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="notices_notice_state_known"
            ),
            models.CheckConstraint(
                condition=Q(urgency__in=[one.value for one in Urgency]), name="notices_notice_urgency_known"
            ),
            models.CheckConstraint(
                condition=Q(account__isnull=True) | Q(robot__isnull=True), name="notices_notice_one_recipient"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community_id", "next_at"],
                condition=Q(next_at__isnull=False),
                name="notices_notice_due",
            ),
            models.Index(
                fields=["account", "-id"], condition=Q(account__isnull=False), name="notices_notice_of_person"
            ),
            models.Index(
                fields=["account"],
                condition=Q(account__isnull=False, read_at__isnull=True),
                name="notices_notice_unread",
            ),
            models.Index(fields=["community_id", "-id"], name="notices_notice_newest"),
            models.Index(
                fields=["community_id", "subject"], condition=~Q(subject=""), name="notices_notice_subject"
            ),
            models.Index(fields=["into"], condition=Q(into__isnull=False), name="notices_notice_into"),
            models.Index(
                fields=["community_id", "told_at"],
                condition=Q(state="resting"),
                name="notices_notice_resting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient}"


class Attempt(models.Model):
    """One try by one road: what the carrier said, and what it says later."""

    walled = True

    class Receipt(models.TextChoices):
        ARRIVED = "arrived"
        FAILED = "failed"

    community_id = models.BigIntegerField()
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="attempts", db_index=False)
    road = models.CharField(max_length=10)
    n = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    result = models.CharField(max_length=10, blank=True, default="")  # empty: under way
    code = models.CharField(max_length=60, blank=True, default="")
    reference = models.CharField(max_length=120, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=10, choices=Receipt.choices, blank=True, default="")
    receipt_code = models.CharField(max_length=60, blank=True, default="")
    receipt_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "n"], name="notices_attempt_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["road", "reference"], condition=~Q(reference=""), name="notices_attempt_ref"
            ),
            models.Index(fields=["community_id", "-at"], name="notices_attempt_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.road} {self.n} of notice {self.notice_id}"


class KindChoice(models.Model):
    """What a community wants of a kind from a moment on: told at all, and by which roads."""

    community_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    on = models.BooleanField(default=True)
    roads = models.JSONField(default=list)
    valid_from = models.DateTimeField()
    set_by = _account(null=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "kind", "valid_from"], name="notices_kindchoice_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of community {self.community_id}"


class TemplateRow(models.Model):
    """A community's own words for a kind in one language, from a moment on; with `shipped` it takes back its own."""

    community_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=200, blank=True, default="")
    page = models.TextField(blank=True, default="")
    short = models.TextField(blank=True, default="")
    group = models.TextField(blank=True, default="")
    shipped = models.BooleanField(default=False)
    valid_from = models.DateTimeField()
    set_by = _account(null=False)

    class Meta:
        db_table = "notices_template"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "kind", "language", "valid_from"], name="notices_template_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} in {self.language} of community {self.community_id}"


class Preference(models.Model):
    """How a person wants to be told, wherever they belong."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    off = models.JSONField(default=list)  # ["cases:sms", …]
    on = models.JSONField(default=list)  # ["cases:email", …]
    quiet = models.CharField(
        max_length=11, blank=True, default=""
    )  # empty: the community's; none; 22:00-07:00
    digest = models.BooleanField(default=False)
    language = models.CharField(max_length=10, blank=True, default="")  # empty: the account's
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"wishes of account {self.account_id}"


class MailAddress(models.Model):
    """A person's e-mail address, proved by a code sent to it."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)
    address: SealedTextField[str, str] = SealedTextField()
    code_digest = models.BinaryField(max_length=32, null=True)
    code_sent_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    proved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"address of account {self.account_id}"
