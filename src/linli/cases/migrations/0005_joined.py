from __future__ import annotations

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import linli.kernel.sealed
from linli.cases.sql import ALIKE_FUNCTION
from linli.kernel.walls import SCOPE_FUNCTION


class Migration(migrations.Migration):
    """Residents who join, decisions about two cases, and the function that finds what may be the same matter."""

    dependencies = [
        ("cases", "0004_callbacks_and_whistles"),
        ("grids", "0001_initial"),
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PairDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("community_id", models.BigIntegerField()),
                ("same", models.BooleanField()),
                ("certainty", models.FloatField(null=True)),
                ("version", models.CharField(blank=True, default="", max_length=20)),
                ("decided_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Supporter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("community_id", models.BigIntegerField()),
                ("person_key", models.BinaryField(max_length=32)),
                ("seal_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("contact_phone", linli.kernel.sealed.SealedTextField(null=True)),
                ("contact_index", models.BinaryField(max_length=32, null=True)),
                ("code_digest", models.BinaryField(max_length=32, null=True)),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("words", models.TextField(blank=True, default="")),
                ("joined_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
                ("solved", models.BooleanField(null=True)),
                ("stars", models.PositiveSmallIntegerField(null=True)),
                ("said", models.TextField(blank=True, default="")),
                ("said_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="case",
            name="split_from",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="split",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="supporters",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("split_from__isnull", False)),
                fields=["split_from"],
                name="cases_case_split",
            ),
        ),
        migrations.AddField(
            model_name="pairdecision",
            name="decided_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="pairdecision",
            name="first",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="pairdecision",
            name="second",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="supporter",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="supporter",
            name="case",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="joined",
                to="cases.case",
            ),
        ),
        migrations.AddField(
            model_name="supporter",
            name="merged",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.case",
            ),
        ),
        migrations.AddIndex(
            model_name="pairdecision",
            index=models.Index(fields=["second"], name="cases_pair_second"),
        ),
        migrations.AddConstraint(
            model_name="pairdecision",
            constraint=models.UniqueConstraint(
                fields=("community_id", "first", "second"), name="cases_pair_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="pairdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("first__lt", models.F("second"))), name="cases_pair_in_order"
            ),
        ),
        migrations.AddIndex(
            model_name="supporter",
            index=models.Index(
                condition=models.Q(("left_at__isnull", True)), fields=["case"], name="cases_supporter_of_case"
            ),
        ),
        migrations.AddIndex(
            model_name="supporter",
            index=models.Index(
                condition=models.Q(("account__isnull", False), ("left_at__isnull", True)),
                fields=["account", "-joined_at"],
                name="cases_supporter_of_person",
            ),
        ),
        migrations.AddIndex(
            model_name="supporter",
            index=models.Index(
                condition=models.Q(("contact_index__isnull", False)),
                fields=["community_id", "contact_index"],
                name="cases_supporter_by_contact",
            ),
        ),
        migrations.AddIndex(
            model_name="supporter",
            index=models.Index(
                condition=models.Q(("merged__isnull", False)),
                fields=["merged"],
                name="cases_supporter_merged",
            ),
        ),
        migrations.AddConstraint(
            model_name="supporter",
            constraint=models.UniqueConstraint(
                fields=("community_id", "case", "person_key"), name="cases_supporter_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="supporter",
            constraint=models.CheckConstraint(
                condition=models.Q(("stars__isnull", True), ("stars__range", (1, 5)), _connector="OR"),
                name="cases_supporter_stars",
            ),
        ),
        migrations.RunSQL(SCOPE_FUNCTION, migrations.RunSQL.noop),
        migrations.RunSQL(
            ALIKE_FUNCTION,
            "DROP FUNCTION IF EXISTS linli_alike_cases(bigint, tsquery, bigint, bigint, integer)",
        ),
    ]
