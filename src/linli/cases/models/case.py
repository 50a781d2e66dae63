"""The case itself, its dated moves and its pictures and voices."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from linli.cases.rules.intake import Channel, PlaceHow
from linli.cases.rules.kinds import Kind
from linli.cases.rules.promises import Urgency
from linli.cases.rules.workflow import ENDED, State
from linli.kernel.sealed import SealedTextField

#: Moves that returns, figures and briefs are counted from.
COUNTED_VERBS = (
    "accept", "dispatch", "return", "rule", "settle", "reply", "decline", "merge", "withdraw", "close", "redo", "reopen",
    "follow_up", "rate", "urge", "supervise", "escalate", "archive",
)  # fmt: skip
OPEN_STATES = sorted(state.value for state in State if state not in ENDED)


def _known(field: str, values: type) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": [value.value for value in values]}),  # type: ignore[attr-defined]  # enums
        name=f"cases_case_{field}_known",
    )


class Case(models.Model):
    """One appeal or event. What changes over time is in its moves; the columns here are the present standing."""

    walled = True

    community_id = models.BigIntegerField()
    number = models.CharField(max_length=12)
    code_digest = models.BinaryField(max_length=32)  # of the secret look-up code
    seal_id = models.UUIDField(default=uuid.uuid4, editable=False)

    kind = models.CharField(max_length=12)
    category_code = models.CharField(max_length=60, blank=True, default="")
    urgency = models.CharField(max_length=10, default=Urgency.NORMAL)
    channel = models.CharField(max_length=12)
    words = models.TextField()
    suggestion = models.JSONField(
        null=True
    )  # what the machine proposed, with its reason, certainty and version

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    assisted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    anonymous = models.BooleanField(default=False)
    contact_name: SealedTextField[str | None, str | None] = SealedTextField(null=True)
    contact_phone: SealedTextField[str | None, str | None] = SealedTextField(null=True)
    contact_index = models.BinaryField(max_length=32, null=True)
    publish = models.BooleanField(default=False)  # the reporter agrees that the settled case is shown
    quarantined = models.BooleanField(default=False)  # over the limit: stored and read, not yet in the queue

    place_how = models.CharField(max_length=8)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    address = models.CharField(max_length=200, blank=True, default="")
    grid = models.ForeignKey("grids.Place", models.PROTECT, null=True, related_name="+", db_index=False)
    building = models.ForeignKey("grids.Place", models.PROTECT, null=True, related_name="+", db_index=False)
    place_path = models.CharField(max_length=200, blank=True, default="")

    state = models.CharField(max_length=12, default=State.REPORTED)
    organisation = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, related_name="+", db_index=False
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    bound = models.BooleanField(default=False)  # a ruling binds the body
    routed_by = models.JSONField(null=True)  # the rule that proposed the body, and why
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", db_index=False)
    split_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="split", db_index=False)
    supporters = models.PositiveIntegerField(
        default=0, db_default=0
    )  # other people who say the same, counted once each
    answer = models.TextField(blank=True, default="")  # what the resident reads
    public_words = models.TextField(blank=True, default="")  # what the neighbours read once it is published
    published_at = models.DateTimeField(null=True)

    reported_at = models.DateTimeField()
    state_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # of the next running clock
    due_stage = models.CharField(max_length=16, blank=True, default="")
    at_risk_at = models.DateTimeField(null=True)
    solved = models.BooleanField(null=True)  # the resident's own word
    stars = models.PositiveSmallIntegerField(null=True)
    returns = models.PositiveSmallIntegerField(default=0)
    reopenings = models.PositiveSmallIntegerField(default=0)
    urges = models.PositiveSmallIntegerField(default=0)
    supervised_until = models.DateTimeField(null=True)  # the next day of the letters that stand
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    escalated = models.BooleanField(default=False)
    outside_number = models.CharField(max_length=60, blank=True, default="")
    batch = models.CharField(max_length=60, blank=True, default="")  # the import it came with
    example = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)  # moves made; also the ETag
    search = SearchVectorField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community_id", "number"], name="cases_case_number_once"),
            models.UniqueConstraint(
                fields=["community_id", "batch", "outside_number"],
                condition=~Q(batch=""),
                name="cases_case_imported_once",
            ),
            models.CheckConstraint(condition=Q(number__regex=r"^\d{12}$"), name="cases_case_number_shape"),
            models.CheckConstraint(
                condition=Q(stars__isnull=True) | Q(stars__range=(1, 5)), name="cases_case_stars"
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="cases_case_point",
            ),
            _known("kind", Kind),
            _known("urgency", Urgency),
            _known("state", State),
            _known("channel", Channel),
            _known("place_how", PlaceHow),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "-reported_at", "-id"], name="cases_case_newest"),
            models.Index(
                fields=["community_id", "-reported_at", "-id"],
                condition=Q(state__in=OPEN_STATES),
                name="cases_case_open_newest",
            ),
            models.Index(
                fields=["community_id", "due_at"], condition=Q(state__in=OPEN_STATES), name="cases_case_due"
            ),
            models.Index(
                fields=["community_id", "organisation", "-reported_at"],
                condition=Q(organisation__isnull=False),
                name="cases_case_by_body",
            ),
            models.Index(
                fields=["handler", "-reported_at"],
                condition=Q(handler__isnull=False),
                name="cases_case_by_handler",
            ),
            models.Index(
                fields=["reporter", "-reported_at"],
                condition=Q(reporter__isnull=False),
                name="cases_case_by_reporter",
            ),
            models.Index(
                fields=["grid", "-reported_at"],
                condition=Q(state__in=OPEN_STATES),
                name="cases_case_open_here",
            ),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="cases_case_merged"
            ),
            models.Index(
                fields=["split_from"], condition=Q(split_from__isnull=False), name="cases_case_split"
            ),
            models.Index(
                fields=["community_id", "-published_at"],
                condition=Q(published_at__isnull=False),
                name="cases_case_published",
            ),
            models.Index(
                fields=["community_id", "contact_index"],
                condition=Q(contact_index__isnull=False),
                name="cases_case_by_contact",
            ),
            models.Index(
                fields=["community_id", "outside_number"],
                condition=~Q(outside_number=""),
                name="cases_case_by_outside",
            ),
            models.Index(
                fields=["community_id", "building", "category_code", "closed_at"],
                condition=Q(building__isnull=False, closed_at__isnull=False),
                name="cases_case_came_back",
            ),
            GinIndex(fields=["search"], name="cases_case_search"),
        ]

    def __str__(self) -> str:
        return self.number


class Move(models.Model):
    """One thing that was done to a case: the history is these rows, in order."""

    walled = True
    append_only = True
    cuttable = ("note", "answer")

    community_id = models.BigIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="moves", db_index=False)
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=12)
    from_state = models.CharField(max_length=12, blank=True, default="")
    to_state = models.CharField(max_length=12)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_role = models.CharField(max_length=24, blank=True, default="")
    organisation_id = models.BigIntegerField(
        null=True
    )  # the body for which the actor acted, or to which it went
    reason = models.CharField(max_length=30, blank=True, default="")
    note = models.TextField(blank=True, default="")  # internal
    answer = models.TextField(blank=True, default="")  # public: the resident reads it
    data = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "seq"], name="cases_move_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community_id", "at"], name="cases_move_when"),
            models.Index(  # what is counted and listed; the commonest moves are not among them
                fields=["community_id", "verb", "at"],
                include=["case", "seq", "from_state", "organisation_id"],
                condition=Q(verb__in=COUNTED_VERBS),
                name="cases_move_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}.{self.seq} {self.verb}"


class Attachment(models.Model):
    """A picture, voice note or short video. Uploaded first under a ticket, then tied to a case by a move."""

    walled = True

    community_id = models.BigIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="attachments")
    ticket = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=8)  # picture | voice | video
    purpose = models.CharField(max_length=10, blank=True, default="")  # report | before | proof | added
    move_seq = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    thumb_path = models.CharField(max_length=200, blank=True, default="")
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    seconds = models.FloatField(null=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    uploaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["uploaded_at"], condition=Q(case__isnull=True), name="cases_attachment_loose"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ticket}"
