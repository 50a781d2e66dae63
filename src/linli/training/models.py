"""Tables of handbook and training. Private to the room. No table says how long somebody read or took a test."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from linli.training.rules.certificates import WORDS_MOST, Revoking, Shown
from linli.training.rules.handbook import REASON_MOST, SLUG_MOST, TITLE_MOST, PageKind


class _Words(models.Model):
    """What a page says."""

    chapter_zh = models.CharField(max_length=TITLE_MOST)
    chapter_en = models.CharField(max_length=TITLE_MOST, blank=True, default="")
    title_zh = models.CharField(max_length=TITLE_MOST)
    title_en = models.CharField(max_length=TITLE_MOST, blank=True, default="")
    words_zh = models.TextField()
    words_en = models.TextField(blank=True, default="")
    rank = models.PositiveSmallIntegerField(default=500)

    class Meta:
        abstract = True


class PageDraft(_Words):
    """A page that somebody is writing; one of each page, gone once it is published."""

    walled = True

    community_id = models.BigIntegerField()
    slug = models.CharField(max_length=SLUG_MOST)
    based_on = models.PositiveIntegerField(default=0)  # the shipped version that was there when it was begun
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "slug"], name="training_pagedraft_one"),
        ]

    def __str__(self) -> str:
        return self.slug


class PageVersion(_Words):
    """What a page of a community's handbook says since a day. Never changed; another one follows it."""

    walled = True
    append_only = True

    community_id = models.BigIntegerField()
    slug = models.CharField(max_length=SLUG_MOST)
    number = models.PositiveIntegerField()
    key = models.UUIDField()  # of the form it came from: a second click makes no second one
    kind = models.CharField(max_length=8, choices=[(one.value, one.value) for one in PageKind])
    based_on = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=REASON_MOST)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "slug", "number"], name="training_pageversion_number"
            ),
            models.UniqueConstraint(fields=["community_id", "key"], name="training_pageversion_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.number}"


class CourseDraft(models.Model):
    """A course that somebody is writing; one of each, gone once it is published."""

    walled = True

    community_id = models.BigIntegerField()
    code = models.CharField(max_length=SLUG_MOST)
    content = models.JSONField()
    based_on = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "code"], name="training_coursedraft_one"),
        ]

    def __str__(self) -> str:
        return self.code


class CourseVersion(models.Model):
    """A course as it was taken or published: what a test asked can be read for good. Never changed."""

    walled = True
    append_only = True

    community_id = models.BigIntegerField()
    code = models.CharField(max_length=SLUG_MOST)
    number = models.PositiveIntegerField()
    key = models.UUIDField()
    content = models.JSONField()
    shipped = models.PositiveIntegerField(
        default=0
    )  # the shipped version that this is; 0: the community's own
    based_on = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=REASON_MOST, blank=True, default="")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "code", "number"], name="training_courseversion_number"
            ),
            models.UniqueConstraint(fields=["community_id", "key"], name="training_courseversion_key_once"),
            models.UniqueConstraint(
                fields=["community_id", "code", "shipped"],
                condition=Q(shipped__gt=0),
                name="training_courseversion_shipped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"


class CourseTerms(models.Model):
    """How a community tests a course and of whom it expects it, since a moment. Never changed; another row follows."""

    walled = True
    append_only = True

    community_id = models.BigIntegerField()
    code = models.CharField(max_length=SLUG_MOST)
    offered = models.BooleanField(default=True)
    questions = models.PositiveSmallIntegerField()
    passing = models.PositiveSmallIntegerField()
    tries = models.PositiveSmallIntegerField()
    wait_hours = models.PositiveSmallIntegerField()
    valid_months = models.PositiveSmallIntegerField()
    roles = models.JSONField(default=list)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["community_id", "code", "-id"], name="training_terms_latest")
        ]

    def __str__(self) -> str:
        return self.code


class Attempt(models.Model):
    """A test that somebody took or is taking. ``begun_date`` is a day on purpose: nobody is timed."""

    walled = True

    community_id = models.BigIntegerField()
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    course = models.ForeignKey(CourseVersion, models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=SLUG_MOST)
    seed = models.BigIntegerField()
    paper = models.JSONField()
    passing = models.PositiveSmallIntegerField()
    begun_date = models.DateField()
    ended_at = models.DateTimeField(null=True)
    right = models.PositiveSmallIntegerField(null=True)
    asked = models.PositiveSmallIntegerField()
    passed = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community_id", "account", "code"],
                condition=Q(ended_at__isnull=True),
                name="training_attempt_one_open",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "account", "code"], name="training_attempt_of"),
            models.Index(fields=["community_id", "code", "-ended_at"], name="training_attempt_of_course"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.pk}"


class Certificate(models.Model):
    """Who passed a course holds it until a day, unless it is revoked. Whoever has its code can ask whether it holds."""

    walled = True

    community_id = models.BigIntegerField()
    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="certificate")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=16, unique=True)  # 80 random bits: nobody guesses it
    course = models.CharField(max_length=SLUG_MOST)
    shown = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Shown])
    issued_at = models.DateTimeField()
    until_date = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    revoked_why = models.CharField(
        max_length=12, choices=[(one.value, one.value) for one in Revoking], blank=True, default=""
    )
    revoked_words = models.CharField(max_length=WORDS_MOST, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["community_id", "issued_at"], name="training_certificate_issued"),
            models.Index(fields=["community_id", "account"], name="training_certificate_of"),
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.pk}"
