"""Tables of the directory. Private to the room."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from linli.groups.rules import Evidence, Kind, Platform
from linli.kernel.media.kept import KeptFile


class ChatGroup(models.Model):
    """A chat group of a place. Closed, never deleted."""

    walled = True

    community_id = models.BigIntegerField()
    place = models.ForeignKey("grids.Place", models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField()  # of the form it came from: a second click makes no second one
    kind = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Kind])
    platform = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Platform])
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True, default="")
    join_zh = models.CharField(max_length=300)
    join_en = models.CharField(max_length=300, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "key"], name="groups_chatgroup_key_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["community_id", "place"], name="groups_chatgroup_place")]

    def __str__(self) -> str:
        return self.name_zh


class HeadCount(models.Model):
    """How many were in a group on a day, and how that is known. Corrected by another row, never changed."""

    walled = True

    community_id = models.BigIntegerField()
    group = models.ForeignKey(ChatGroup, models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField()
    counted_date = models.DateField()
    people = models.PositiveIntegerField()
    households = models.PositiveIntegerField()
    evidence = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Evidence])
    note = models.CharField(max_length=200, blank=True, default="")
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "key"], name="groups_headcount_key_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "group", "-counted_date"], name="groups_headcount_latest")
        ]

    def __str__(self) -> str:
        return f"{self.counted_date} {self.households}"


class GroupFile(KeptFile):
    """A picture: of a code by which people get in, or by which a count can be checked (only for those who keep it)."""

    group = models.ForeignKey(ChatGroup, models.PROTECT, related_name="+", db_index=False)
    count = models.ForeignKey(HeadCount, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["count"], condition=Q(count__isnull=False), name="groups_file_of_count"),
        ]

    def __str__(self) -> str:
        return str(self.ticket)


class GroupCode(models.Model):
    """A way into a group for some days: a picture or a link. Another one takes its place; what was stays."""

    walled = True

    community_id = models.BigIntegerField()
    group = models.ForeignKey(ChatGroup, models.PROTECT, related_name="+", db_index=False)
    ticket = models.UUIDField(default=uuid.uuid4, unique=True)  # its address: nobody guesses it
    picture = models.ForeignKey(GroupFile, models.PROTECT, null=True, related_name="+", db_index=False)
    link = models.CharField(max_length=300, blank=True, default="")
    last_date = models.DateField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "group"], condition=Q(ended_at__isnull=True), name="groups_code_one"
            ),
            models.CheckConstraint(
                condition=Q(picture__isnull=False, link="") | (Q(picture__isnull=True) & ~Q(link="")),
                name="groups_code_picture_or_link",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ticket)
