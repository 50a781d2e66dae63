import datetime
from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_chasing"),
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CallBack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("community_id", models.BigIntegerField()),
                ("round", models.PositiveSmallIntegerField()),
                ("last", models.BooleanField(default=True)),
                ("closed_at", models.DateTimeField()),
                ("month", models.CharField(max_length=7)),
                ("category_code", models.CharField(blank=True, default="", max_length=60)),
                ("channel", models.CharField(blank=True, default="", max_length=12)),
                (
                    "triggers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), default=list, size=None
                    ),
                ),
                ("lot", models.PositiveIntegerField()),
                ("share", models.DecimalField(decimal_places=2, default=Decimal("0"), max_digits=5)),
                ("rule_id", models.BigIntegerField(null=True)),
                ("why", models.CharField(blank=True, default="", max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("skipped", "Skipped"),
                            ("open", "Open"),
                            ("done", "Done"),
                            ("lapsed", "Lapsed"),
                        ],
                        max_length=8,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("again_at", models.DateTimeField(null=True)),
                ("held_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, default="", max_length=12)),
                ("called_at", models.DateTimeField(null=True)),
                ("solved", models.BooleanField(null=True)),
                ("satisfied", models.BooleanField(null=True)),
                ("stars", models.PositiveSmallIntegerField(null=True)),
                ("complaint", models.CharField(blank=True, default="", max_length=20)),
                ("said", models.TextField(blank=True, default="")),
                ("wants_reopening", models.BooleanField(null=True)),
                ("reopened", models.BooleanField(default=False)),
                ("answer", models.TextField(blank=True, default="")),
                ("answer_at", models.DateTimeField(null=True)),
                ("approved", models.BooleanField(null=True)),
                ("ruled_at", models.DateTimeField(null=True)),
                ("ruling_note", models.TextField(blank=True, default="")),
                (
                    "answer_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "called_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="callbacks", to="cases.case"
                    ),
                ),
                (
                    "held_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
                (
                    "ruled_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["community_id", "closed_at"],
                        name="cases_callback_to_call",
                    ),
                    models.Index(
                        condition=models.Q(("answer_at__isnull", False), ("approved__isnull", True)),
                        fields=["community_id", "answer_at"],
                        name="cases_callback_to_approve",
                    ),
                    models.Index(fields=["community_id", "month", "lot"], name="cases_callback_of_month"),
                    models.Index(
                        condition=models.Q(("called_at__isnull", False)),
                        fields=["community_id", "called_at"],
                        name="cases_callback_called",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("community_id", "case", "round"), name="cases_callback_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("last", True)), fields=("case",), name="cases_callback_last"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stars__isnull", True), ("stars__range", (1, 5)), _connector="OR"
                        ),
                        name="cases_callback_stars",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                ["", "reached", "unreachable", "refused", "wrong_number", "no_contact"],
                            )
                        ),
                        name="cases_callback_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ruled_by__isnull", True),
                            models.Q(("ruled_by", models.F("answer_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="cases_callback_two_persons",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallbackRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("community_id", models.BigIntegerField()),
                ("category_code", models.CharField(blank=True, default="", max_length=60)),
                ("channel", models.CharField(blank=True, default="", max_length=12)),
                ("trigger", models.CharField(blank=True, default="", max_length=12)),
                ("share", models.DecimalField(decimal_places=2, max_digits=5)),
                ("minimum", models.PositiveSmallIntegerField(default=0)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("example", models.BooleanField(default=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("share__range", (0, 100))), name="cases_callback_rule_share"
                    ),
                    models.UniqueConstraint(
                        fields=(
                            "community_id",
                            "category_code",
                            "organisation",
                            "channel",
                            "trigger",
                            "valid_from",
                        ),
                        name="cases_callback_rule_once",
                        nulls_distinct=False,
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="CallbackSeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("community_id", models.BigIntegerField()),
                ("month", models.CharField(max_length=7)),
                ("seed", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("community_id", "month"), name="cases_callback_seed_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CallbackTerms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("community_id", models.BigIntegerField()),
                ("tries", models.PositiveSmallIntegerField(default=3)),
                ("days", models.PositiveSmallIntegerField(default=2)),
                ("parts", models.PositiveSmallIntegerField(default=2)),
                ("apart_hours", models.PositiveSmallIntegerField(default=2)),
                ("from_time", models.TimeField(default=datetime.time(9, 0))),
                ("to_time", models.TimeField(default=datetime.time(20, 0))),
                ("script", models.JSONField(default=dict)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                (
                    "set_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("community_id", "valid_from"), name="cases_callback_terms_once"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="CallTry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("community_id", models.BigIntegerField()),
                ("number", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("outcome", models.CharField(max_length=12)),
                ("note", models.TextField(blank=True, default="")),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "callback",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="cases.callback"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("community_id", "callback", "number"), name="cases_call_try_once"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Whistle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("community_id", models.BigIntegerField()),
                ("key", models.CharField(blank=True, default="", max_length=64)),
                ("place", models.CharField(max_length=200)),
                ("lon", models.FloatField(null=True)),
                ("lat", models.FloatField(null=True)),
                ("meet_at", models.DateTimeField()),
                ("words", models.TextField()),
                ("caller_role", models.CharField(blank=True, default="", max_length=24)),
                ("called_at", models.DateTimeField()),
                ("grace_minutes", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("concluded", "Concluded"),
                            ("called_off", "Called Off"),
                            ("lapsed", "Lapsed"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=30)),
                ("conclusion", models.TextField(blank=True, default="")),
                ("public_words", models.TextField(blank=True, default="")),
                (
                    "caller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="whistles", to="cases.case"
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["community_id", "-meet_at"], name="cases_whistle_by_time")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("community_id", "case"),
                        name="cases_whistle_one_open",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        fields=("community_id", "caller", "key"),
                        name="cases_whistle_sent_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NextStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("community_id", models.BigIntegerField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="step", to="cases.task"
                    ),
                ),
                (
                    "whistle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="cases.whistle"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("community_id", "whistle", "task"), name="cases_step_once"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("community_id", models.BigIntegerField()),
                ("called_at", models.DateTimeField()),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("coming", "Coming"), ("declined", "Declined")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=30)),
                ("words", models.TextField(blank=True, default="")),
                ("answered_at", models.DateTimeField(null=True)),
                ("excused_at", models.DateTimeField(null=True)),
                ("arrived_at", models.DateTimeField(null=True)),
                ("arrival_noted_at", models.DateTimeField(null=True)),
                ("by_caller", models.BooleanField(default=False)),
                ("left_at", models.DateTimeField(null=True)),
                ("agrees", models.BooleanField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "arrival_noted_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "excused_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="call", to="cases.task"
                    ),
                ),
                (
                    "whistle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="cases.whistle"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["community_id", "organisation", "-called_at"], name="cases_call_of_body"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("community_id", "whistle", "organisation"), name="cases_call_body_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left_at__isnull", True),
                            ("left_at__gte", models.F("arrived_at")),
                            _connector="OR",
                        ),
                        name="cases_call_left_after",
                    ),
                ],
            },
        ),
    ]
