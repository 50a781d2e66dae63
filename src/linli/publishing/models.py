"""The tables of what everybody reads. Private to the room."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from linli.kernel.media.kept import KeptFile
from linli.publishing.rules import Tell
from linli.publishing.rules_services import Topic


class Announcement(models.Model):
    """What everybody at a place and below it is told, from a day to a day. Never deleted."""

    walled = True

    community_id = models.BigIntegerField()
    place = models.ForeignKey("grids.Place", models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField()  # of the form it came from: a second click makes no second one
    title_zh = models.CharField(max_length=60)
    title_en = models.CharField(max_length=60, blank=True, default="")
    words_zh = models.TextField()
    words_en = models.TextField(blank=True, default="")
    from_date = models.DateField()
    last_date = models.DateField()
    pinned = models.BooleanField(default=False)
    tell = models.CharField(
        max_length=8, choices=[(one.value, one.value) for one in Tell], blank=True, default=Tell.NO.value
    )
    begun_at = models.DateTimeField(
        null=True
    )  # since when it is known to stand; from then on people are told
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "key"], name="publishing_announcement_key_once"),
            models.CheckConstraint(
                condition=Q(last_date__gte=F("from_date")), name="publishing_announcement_days_in_order"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "place", "from_date"], name="publishing_announcement_place"),
            models.Index(
                fields=["community_id", "from_date"],
                condition=Q(begun_at__isnull=True, withdrawn_at__isnull=True),
                name="publishing_announcement_ahead",
            ),
        ]

    def __str__(self) -> str:
        return self.title_zh


class AnnouncementFile(KeptFile):
    """A picture or a document (PDF) of an announcement; taken off it stays in the history."""

    announcement = models.ForeignKey(
        Announcement, models.PROTECT, null=True, related_name="files", db_index=False
    )
    name = models.CharField(max_length=80)  # what it was called where it came from, for people alone
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["announcement", "id"], name="publishing_file_of"),
            models.Index(
                fields=["uploaded_at"], condition=Q(announcement__isnull=True), name="publishing_file_loose"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ticket}"


class Service(models.Model):
    """Something that can be got done; without a last day it stands until it is taken down. Never deleted."""

    walled = True

    community_id = models.BigIntegerField()
    place = models.ForeignKey("grids.Place", models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField()  # of the form it came from: a second click makes no second one
    topic = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Topic])
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True, default="")
    words_zh = models.TextField()
    words_en = models.TextField(blank=True, default="")
    whom_zh = models.CharField(max_length=300, blank=True, default="")
    whom_en = models.CharField(max_length=300, blank=True, default="")
    papers_zh = models.TextField(blank=True, default="")
    papers_en = models.TextField(blank=True, default="")
    hours_zh = models.CharField(max_length=300, blank=True, default="")
    hours_en = models.CharField(max_length=300, blank=True, default="")
    where_zh = models.CharField(max_length=300, blank=True, default="")
    where_en = models.CharField(max_length=300, blank=True, default="")
    phone = models.CharField(max_length=30, blank=True, default="")
    link = models.CharField(max_length=300, blank=True, default="")
    online = models.BooleanField(default=False)
    rank = models.PositiveSmallIntegerField(default=50)  # lower stands higher
    from_date = models.DateField()
    last_date = models.DateField(null=True)
    example = models.BooleanField(default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "key"], name="publishing_service_key_once"),
            models.CheckConstraint(
                condition=Q(last_date__isnull=True) | Q(last_date__gte=F("from_date")),
                name="publishing_service_days_in_order",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["community_id", "place"], name="publishing_service_place")]

    def __str__(self) -> str:
        return self.name_zh
