"""What a community says to other cities' programs, what came from them, and what was sent to them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from linli.integrations.open311.rules.following import Stand
from linli.integrations.open311.rules.questions import DataType
from linli.integrations.open311.rules.services import Type
from linli.kernel.sealed import SealedTextField


class Shows(models.TextChoices):
    """When everybody may read a request that came by a key."""

    NOW = "now"  # the app says on its form that requests are public
    READ = "read"  # once a person here has read it
    NEVER = "never"  # until it is settled and published as any other


class AppKey(models.Model):
    """A key with which an app of another maker reports here."""

    walled = True

    community_id = models.BigIntegerField()
    name = models.CharField(max_length=60)  # of the app and who is behind it
    mark = models.CharField(max_length=16)  # how the key begins, to tell one from another
    digest = models.BinaryField(max_length=32)
    shows = models.CharField(max_length=8, choices=Shows.choices, default=Shows.NEVER)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_date = models.DateField(null=True)

    class Meta:
        db_table = "open311_app_key"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "digest"], name="open311_app_key_once")
        ]

    def __str__(self) -> str:
        return self.name


class OfferedService(models.Model):
    """What differs from the shipped way of offering a category: all but sensitive ones, their number at once."""

    community_id = models.BigIntegerField()
    category_code = models.CharField(max_length=60)
    offered = models.BooleanField(default=True)
    type = models.CharField(
        max_length=10, choices=[(one.value, one.value) for one in Type], default=Type.REALTIME.value
    )
    description_zh = models.CharField(max_length=400, blank=True, default="")
    description_en = models.CharField(max_length=400, blank=True, default="")
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "open311_service"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "category_code"], name="open311_service_once")
        ]

    def __str__(self) -> str:
        return self.category_code


class Question(models.Model):
    """What is asked beside the description: an attribute of the standard."""

    community_id = models.BigIntegerField()
    category_code = models.CharField(max_length=60)
    code = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField()
    datatype = models.CharField(max_length=20, choices=[(one.value, one.value) for one in DataType])
    required = models.BooleanField(default=False)
    variable = models.BooleanField(default=True)  # no: a text that is only shown
    description_zh = models.CharField(max_length=200)
    description_en = models.CharField(max_length=200, blank=True, default="")
    hint_zh = models.CharField(max_length=200, blank=True, default="")
    hint_en = models.CharField(max_length=200, blank=True, default="")
    choices = models.JSONField(default=list, blank=True)  # [{"key", "zh", "en"}]
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "open311_question"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "category_code", "code"], name="open311_question_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.category_code} {self.code}"


class Filed(models.Model):
    """A request that came by a key, and the case it became."""

    walled = True

    community_id = models.BigIntegerField()
    number = models.CharField(max_length=12)  # of the case
    key = models.ForeignKey(AppKey, models.PROTECT, related_name="+")
    type = models.CharField(max_length=10)
    token = models.CharField(max_length=40, blank=True, default="")
    shows = models.CharField(max_length=8)
    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)
    code: SealedTextField[str | None, str | None] = SealedTextField(
        null=True
    )  # with which the app adds to it
    filed_at = models.DateTimeField()

    class Meta:
        db_table = "open311_filed"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "number"], name="open311_filed_once"),
            models.UniqueConstraint(
                fields=["community_id", "token"], condition=~Q(token=""), name="open311_filed_token"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class LinkedFile(models.Model):
    """A picture that came as an address: fetched after the request was taken in, never before."""

    walled = True

    community_id = models.BigIntegerField()
    number = models.CharField(max_length=12)
    url = models.CharField(max_length=2000)
    state = models.CharField(
        max_length=8, choices=[(one, one) for one in ("waiting", "kept", "failed")], default="waiting"
    )
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.CharField(max_length=40, blank=True, default="")  # a code
    asked_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "open311_linked_file"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "number", "url"], name="open311_linked_file_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community_id", "next_at"], condition=Q(state="waiting"), name="open311_file_to_fetch"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class CatalogStand(models.Model):
    """Since when a community's list of services is as it is: the standard's changeset."""

    community_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "open311_catalog"

    def __str__(self) -> str:
        return f"{self.community_id} since {self.changed_at}"


class Endpoint(models.Model):
    """Another city's server."""

    walled = True

    community_id = models.BigIntegerField()
    name = models.CharField(max_length=60)
    url = models.CharField(max_length=400)  # what stands before /services.xml
    jurisdiction = models.CharField(max_length=100, blank=True, default="")
    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)
    api_key: SealedTextField[str | None, str | None] = SealedTextField(null=True)
    organisation = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, related_name="+", db_index=False
    )  # a case dispatched to this body goes there by itself
    service_code = models.CharField(
        max_length=100, blank=True, default=""
    )  # what such a case is reported as there
    repeats = models.BooleanField(default=False)  # it knows Idempotency-Key: asking again is harmless
    answers = models.BooleanField(
        default=False
    )  # its result answers the resident where the case still waits here
    services = models.JSONField(default=list)  # its list, as last read
    services_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True, default="")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "open311_endpoint"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "name"],
                condition=Q(ended_at__isnull=True),
                name="open311_endpoint_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Forward(models.Model):
    """A case of ours at another city's server."""

    walled = True

    community_id = models.BigIntegerField()
    number = models.CharField(max_length=12)
    endpoint = models.ForeignKey(Endpoint, models.PROTECT, related_name="forwards")
    key = models.UUIDField(default=uuid.uuid4)  # the same for every try
    service_code = models.CharField(max_length=100)
    service_name = models.CharField(max_length=200, blank=True, default="")
    words = models.TextField()  # what leaves, as the person who sent it saw it
    attributes = models.JSONField(default=dict)  # {code: [value]}
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    address = models.CharField(max_length=200, blank=True, default="")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField()
    reporter_id = models.BigIntegerField(null=True)  # whose word it was, so that it can be erased with them
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Stand])
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=400, blank=True, default="")
    sent_at = models.DateTimeField(null=True)
    remote_id = models.CharField(max_length=100, blank=True, default="")
    token = models.CharField(max_length=200, blank=True, default="")
    remote_status = models.CharField(max_length=20, blank=True, default="")
    remote_notes = models.CharField(max_length=2000, blank=True, default="")
    agency = models.CharField(max_length=200, blank=True, default="")
    expected_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # when it was last asked about
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "open311_forward"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "number", "endpoint"],
                condition=~Q(state__in=[Stand.REFUSED.value, Stand.WITHDRAWN.value]),
                name="open311_forward_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["community_id", "next_at"],
                condition=Q(next_at__isnull=False),
                name="open311_forward_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.state}"
