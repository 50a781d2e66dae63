"""Tables of the kernel's machines. Private to the kernel: rooms call the machines, not the tables."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class AuditEntry(models.Model):
    """What was done, by whom, when. Rows are only ever added (a trigger refuses change)."""

    append_only = True

    community_id = models.BigIntegerField(default=0)  # 0: the platform itself
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_role = models.CharField(max_length=40, blank=True)
    verb = models.CharField(max_length=60)
    object = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)
    request_id = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["community_id", "id"], name="kernel_audit_community"),
            models.Index(fields=["community_id", "object"], name="kernel_audit_object"),
        ]


class AuditSeal(models.Model):
    """An entry's place in its community's hash chain: ``hash = SHA256(prev ‖ canonical entry)``."""

    append_only = True

    entry = models.OneToOneField(AuditEntry, models.PROTECT, primary_key=True, related_name="seal")
    community_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    prev = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["community_id", "seq"], name="kernel_auditseal_once")]


class AccessLog(models.Model):
    """Somebody looked at somebody's personal data: who, whose, which fields, why. Shown to the person."""

    walled = True
    append_only = True

    community_id = models.BigIntegerField()
    at = models.DateTimeField()
    reader_id = models.BigIntegerField()
    reader_role = models.CharField(max_length=40, blank=True)
    subject_account_id = models.BigIntegerField(null=True)
    subject = models.CharField(max_length=80)  # "case:261123048213" or "account:17"
    fields = models.JSONField(default=list)
    purpose = models.CharField(max_length=40)
    task = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_account_id", "at"], name="kernel_accesslog_subject"),
            models.Index(fields=["reader_id", "at"], name="kernel_accesslog_reader"),
        ]


class Idempotency(models.Model):
    """The first answer to a creating request, kept so that a retry gets the same answer."""

    digest = models.BinaryField(primary_key=True)  # HMAC of (who, key)
    body = models.BinaryField()  # digest of the request's meaning: another body under the same key is refused
    receipt = models.JSONField()
    at = models.DateTimeField(db_default=Now(), db_index=True)


class Bucket(models.Model):
    """A token bucket of the rate limiter; the database's clock counts."""

    key = models.BinaryField(primary_key=True)
    tokens = models.FloatField()
    updated = models.DateTimeField()


class CalendarDay(models.Model):
    """A community's (or, without one, everybody's) word on one day: working or not, against the built-in calendar."""

    community_id = models.BigIntegerField(null=True)
    date = models.DateField()
    working = models.BooleanField()
    note = models.CharField(max_length=80, blank=True)
    set_by_id = models.BigIntegerField(null=True)
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community_id", "date"], name="kernel_calendarday_once", nulls_distinct=False
            )
        ]


class WorkHours(models.Model):
    """Local office hours of a weekday from a day on, as spans ``[["09:00","12:00"],["13:30","17:30"]]``."""

    community_id = models.BigIntegerField(null=True)
    weekday = models.SmallIntegerField()  # Monday is 0
    from_date = models.DateField()
    spans = models.JSONField()
    set_by_id = models.BigIntegerField(null=True)
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community_id", "weekday", "from_date"],
                name="kernel_workhours_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(weekday__range=(0, 6)), name="kernel_workhours_weekday"
            ),
        ]


class Heartbeat(models.Model):
    """When a timed duty last ran, so that `linli doctor` and /readyz can say what stands still."""

    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)
