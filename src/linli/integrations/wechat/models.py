"""Tables of the official account: the account itself, its followers, what they say, what is said to them. All walled."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from linli.kernel.sealed import SealedTextField


class OfficialAccount(models.Model):
    """The official account of a community; at most one."""

    walled = True

    class Mode(models.TextChoices):
        PLAIN = "plain"
        AES = "aes"

    community_id = models.BigIntegerField()
    key = models.CharField(max_length=32, unique=True)  # in the address of its callback; tells nothing
    seal_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=60)
    original_id = models.CharField(max_length=64, blank=True)  # gh_…: to whom followers write
    app_id = models.CharField(max_length=64)
    secret = SealedTextField(null=True)
    token = SealedTextField()
    aes_key = SealedTextField(null=True)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.AES)
    datum = models.CharField(max_length=10, default="gcj02")  # of the places it sends
    fresh_seconds = models.PositiveIntegerField(default=600)
    on = models.BooleanField(default=True)
    menu = models.JSONField(default=list)
    menu_pushed_at = models.DateTimeField(null=True)
    menu_changed_at = models.DateTimeField(null=True)
    proved_at = models.DateTimeField(null=True)  # the platform asked for its echo
    heard_at = models.DateTimeField(null=True)  # the last message
    trouble = models.CharField(max_length=40, blank=True)  # the last refusal that takes a person
    trouble_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id"], name="wechat_account_one"),
            models.CheckConstraint(condition=Q(datum__in=("gcj02", "wgs84")), name="wechat_account_datum"),
        ]

    def __str__(self) -> str:
        return self.name


class PlatformToken(models.Model):
    """A token or ticket the platform gave for a while; whoever renews it holds the row's lock."""

    walled = True

    class Kind(models.TextChoices):
        ACCESS = "access"
        PAGES = "pages"  # jsapi

    community_id = models.BigIntegerField()
    account = models.ForeignKey(OfficialAccount, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    seal_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    value = SealedTextField(null=True)
    fetched_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    fetches_date = models.DateField(null=True)
    fetches = models.PositiveIntegerField(default=0)  # on that day

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "account", "kind"], name="wechat_token_one")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.account_id}"


class Follower(models.Model):
    """Somebody who speaks with an account. The openid is sealed and found by its index."""

    walled = True
    community_id = models.BigIntegerField()
    account = models.ForeignKey(OfficialAccount, on_delete=models.PROTECT, related_name="+")
    seal_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    openid = SealedTextField(null=True)
    openid_index = models.BinaryField(max_length=32)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    bound_at = models.DateTimeField(null=True)
    follows = models.BooleanField(default=True)
    follows_at = models.DateTimeField(null=True)  # when that became so, by the platform's clock
    language = models.CharField(max_length=10, blank=True)
    place_id = models.BigIntegerField(null=True)  # where the last code was scanned
    place_at = models.DateTimeField(null=True)
    talk = SealedTextField(null=True)  # JSON of rules.talk.Talk
    talk_at = models.DateTimeField(null=True)  # of a draft that waits; None: none does
    reminded = models.BooleanField(default=False)
    busy_ends_at = models.DateTimeField(null=True)  # one message at a time
    window_ends_at = models.DateTimeField(null=True)
    window_left = models.PositiveSmallIntegerField(default=0)
    first_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "account", "openid_index"], name="wechat_follower_once"
            ),
            models.UniqueConstraint(
                fields=["community_id", "account", "person"],
                condition=Q(person__isnull=False),
                name="wechat_follower_person",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community_id", "talk_at"],
                condition=Q(talk_at__isnull=False),
                name="wechat_follower_draft",
            )
        ]

    def __str__(self) -> str:
        return f"follower {self.pk}"


class InboxMessage(models.Model):
    """What a follower sent, kept before anything else happens; the same message is kept once."""

    walled = True

    class State(models.TextChoices):
        WAITING = "waiting"
        WORKING = "working"
        FETCHING = "fetching"  # answered; its picture or voice is still to be fetched
        DONE = "done"
        FAILED = "failed"

    community_id = models.BigIntegerField()
    account = models.ForeignKey(OfficialAccount, on_delete=models.PROTECT, related_name="+")
    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    seal_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = SealedTextField(null=True)  # JSON of the fields; wiped once it is done for long
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(null=True)  # when the sweep looks at it
    tries = models.PositiveSmallIntegerField(default=0)
    deliveries = models.PositiveSmallIntegerField(default=1)
    late = models.BooleanField(default=False)  # the platform has stopped waiting: the answer goes by itself
    reply = SealedTextField(null=True)
    ticket = models.UUIDField(null=True)  # of the fetched file
    case_number = models.CharField(max_length=20, blank=True)
    joined = models.BooleanField(default=False)  # the case is a neighbour's that was joined
    trouble = models.CharField(max_length=40, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "account", "key"], name="wechat_inbox_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community_id", "due_at"], condition=Q(due_at__isnull=False), name="wechat_inbox_due"
            ),
            models.Index(fields=["community_id", "received_at"], name="wechat_inbox_old"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Outgoing(models.Model):
    """One message from the account to a follower, under a key that is used once."""

    walled = True

    class Road(models.TextChoices):
        CHAT = "chat"  # a customer-service message
        NOTICE = "notice"  # a subscription notice

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    community_id = models.BigIntegerField()
    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    road = models.CharField(max_length=10, choices=Road.choices, blank=True)
    seal_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    words = SealedTextField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    code = models.CharField(max_length=40, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "key"], name="wechat_outgoing_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community_id", "due_at"],
                condition=Q(due_at__isnull=False),
                name="wechat_outgoing_due",
            ),
            models.Index(fields=["community_id", "made_at"], name="wechat_outgoing_old"),
        ]

    def __str__(self) -> str:
        return f"outgoing {self.pk}"


class NoticeTemplate(models.Model):
    """Which of the platform's templates carries a kind of notice, and what goes into its fields."""

    walled = True
    community_id = models.BigIntegerField()
    account = models.ForeignKey(OfficialAccount, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    template_id = models.CharField(max_length=64)
    fields = models.JSONField(default=dict)  # their field → ours, or words in quotes
    long_term = models.BooleanField(default=False)  # one consent serves for good
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "account", "kind"], name="wechat_template_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.template_id}"


class Subscription(models.Model):
    """How often a follower has agreed to be told by one template, less what was sent."""

    walled = True
    community_id = models.BigIntegerField()
    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="consents")
    template_id = models.CharField(max_length=64)
    left = models.PositiveIntegerField(default=0)
    for_good = models.BooleanField(default=False)
    refused_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "follower", "template_id"], name="wechat_subscription_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.template_id}: {self.left}"


class ChatAnswer(models.Model):
    """The community's own answer to a frequent question, found by words."""

    walled = True
    community_id = models.BigIntegerField()
    words = models.JSONField(default=list)  # each a phrase; all parts of "低保+申请" must be there
    answer_zh = models.TextField()
    answer_en = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    on = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["community_id", "on"], name="wechat_answer_on")]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class SceneCode(models.Model):
    """A code of the platform that leads somebody who scans it to this account, and tells at which place they stand."""

    walled = True

    class State(models.TextChoices):
        WAITING = "waiting"
        MADE = "made"
        FAILED = "failed"

    community_id = models.BigIntegerField()
    account = models.ForeignKey(OfficialAccount, on_delete=models.CASCADE, related_name="+")
    place = models.ForeignKey("grids.Place", models.PROTECT, related_name="+", db_index=False)
    scene = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    url = models.CharField(max_length=300, blank=True)  # what the code says
    ticket = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=40, blank=True)  # why it was not made
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "account", "scene"], name="wechat_scene_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community_id", "due_at"],
                condition=Q(due_at__isnull=False),
                name="wechat_scene_due",
            ),
        ]

    def __str__(self) -> str:
        return self.scene
