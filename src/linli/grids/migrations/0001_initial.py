import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BoundaryVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.BigIntegerField(default=0)),
                ("changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="grids_boundary_version_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("community", "community"),
                            ("committee", "committee"),
                            ("grid", "grid"),
                            ("courtyard", "courtyard"),
                            ("building", "building"),
                            ("unit", "unit"),
                            ("dwelling", "dwelling"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("base", "base"), ("dedicated", "dedicated")],
                        default="",
                        max_length=12,
                    ),
                ),
                ("code", models.CharField(max_length=48)),
                ("number", models.CharField(blank=True, default="", max_length=20)),
                ("name_zh", models.CharField(max_length=120)),
                ("name_en", models.CharField(blank=True, default="", max_length=120)),
                (
                    "aliases",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("path", models.CharField(max_length=200)),
                ("lon", models.FloatField(blank=True, null=True)),
                ("lat", models.FloatField(blank=True, null=True)),
                ("boundary", models.JSONField(blank=True, null=True)),
                ("households", models.PositiveIntegerField(blank=True, null=True)),
                ("qr_code", models.CharField(blank=True, max_length=24, null=True, unique=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("example", models.BooleanField(default=False)),
                (
                    "community",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.place",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="grids.place",
                    ),
                ),
            ],
            options={
                "ordering": ["path"],
                "indexes": [
                    models.Index(fields=["community", "level"], name="grids_place_by_level"),
                    models.Index(fields=["path"], name="grids_place_subtree", opclasses=["text_pattern_ops"]),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code__regex", "^\\d{12}$"), ("level", "community")),
                            models.Q(
                                models.Q(("level", "community"), _negated=True),
                                ("code__regex", "^[0-9A-Za-z][0-9A-Za-z._-]{0,47}$"),
                            ),
                            _connector="OR",
                        ),
                        name="grids_place_code_shape",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("community", models.F("id")),
                                ("level", "community"),
                                ("parent__isnull", True),
                            ),
                            models.Q(
                                models.Q(("level", "community"), _negated=True),
                                ("parent__isnull", False),
                                models.Q(("community", models.F("id")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="grids_place_community_is_root",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["base", "dedicated"]), ("level", "grid")),
                            models.Q(models.Q(("level", "grid"), _negated=True), ("kind", "")),
                            _connector="OR",
                        ),
                        name="grids_place_kind_of_grids",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("path__regex", "^(\\d+\\.)+$")), name="grids_place_path_shape"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lat__isnull", True), ("lon__isnull", True)),
                            models.Q(
                                ("lat__gte", -90),
                                ("lat__isnull", False),
                                ("lat__lte", 90),
                                ("lon__gte", -180),
                                ("lon__isnull", False),
                                ("lon__lte", 180),
                            ),
                            _connector="OR",
                        ),
                        name="grids_place_point_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="grids_place_valid_days",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("community", "code"),
                        name="grids_place_code_once",
                    ),
                    models.UniqueConstraint(
                        fields=("community", "code", "valid_from"), name="grids_place_code_dated"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="grids.place"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.place",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "community"), name="grids_membership_once")
                ]
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("resident", "resident"),
                            ("grid_worker", "grid_worker"),
                            ("police", "police"),
                            ("assistant", "assistant"),
                            ("building_head", "building_head"),
                            ("dispatcher", "dispatcher"),
                            ("verifier", "verifier"),
                            ("department_handler", "department_handler"),
                            ("property_handler", "property_handler"),
                            ("community_leader", "community_leader"),
                            ("auditor", "auditor"),
                            ("admin", "admin"),
                        ],
                        max_length=24,
                    ),
                ),
                ("title", models.CharField(blank=True, default="", max_length=60)),
                ("from_date", models.DateField()),
                ("until_date", models.DateField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="people.organisation",
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.place",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="duties", to="grids.place"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "duties",
                "indexes": [models.Index(fields=["community", "role"], name="grids_duty_by_role")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_date__isnull", True),
                            ("until_date__gte", models.F("from_date")),
                            _connector="OR",
                        ),
                        name="grids_duty_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "resident",
                                    "grid_worker",
                                    "police",
                                    "assistant",
                                    "building_head",
                                    "dispatcher",
                                    "verifier",
                                    "department_handler",
                                    "property_handler",
                                    "community_leader",
                                    "auditor",
                                    "admin",
                                ],
                            )
                        ),
                        name="grids_duty_role_known",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (
                                models.Func(
                                    "account", "account", template="int8range(%(expressions)s, '[]')"
                                ),
                                "&&",
                            ),
                            (
                                models.Func("place", "place", template="int8range(%(expressions)s, '[]')"),
                                "&&",
                            ),
                            (
                                models.Func(
                                    models.Func("role", template="hashtext(%(expressions)s)::bigint"),
                                    models.Func("role", template="hashtext(%(expressions)s)::bigint"),
                                    template="int8range(%(expressions)s, '[]')",
                                ),
                                "&&",
                            ),
                            (
                                models.Func(
                                    "from_date",
                                    "until_date",
                                    function="daterange",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="grids_duty_not_twice",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommunitySetting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                ("value", models.JSONField()),
                ("valid_from", models.DateTimeField()),
                (
                    "set_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.place",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("community", "key", "valid_from"), name="grids_communitysetting_dated"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="QrCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=24, unique=True)),
                ("issued_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
                (
                    "community",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.place",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="qr_codes", to="grids.place"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)),
                        fields=("place",),
                        name="grids_qrcode_one_in_force",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Residence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[("register", "register"), ("two_approvals", "two_approvals")],
                        default="",
                        max_length=16,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("bound_at", models.DateTimeField(blank=True, null=True)),
                ("expires_date", models.DateField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="residences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grids.place",
                    ),
                ),
                (
                    "dwelling",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="residences",
                        to="grids.place",
                    ),
                ),
                (
                    "first_approver",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second_approver",
                    models.ForeignKey(
                        blank=True,
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
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("community", "account", "dwelling"),
                        name="grids_residence_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_approver__isnull", True),
                            models.Q(
                                ("first_approver__isnull", False),
                                models.Q(("second_approver", models.F("first_approver")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="grids_residence_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bound_at__isnull", True), ("expires_date__isnull", True)),
                            models.Q(
                                ("basis", "register"),
                                ("bound_at__isnull", False),
                                ("expires_date__isnull", False),
                            ),
                            models.Q(
                                ("basis", "two_approvals"),
                                ("bound_at__isnull", False),
                                ("expires_date__isnull", False),
                                ("second_approver__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="grids_residence_bound_on_proof",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Division",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=12)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("province", "province"),
                            ("city", "city"),
                            ("county", "county"),
                            ("street", "street"),
                            ("community", "community"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name_zh", models.CharField(max_length=120)),
                ("name_en", models.CharField(blank=True, default="", max_length=120)),
                ("urban_class", models.CharField(blank=True, default="", max_length=3)),
                ("boundary", models.JSONField(blank=True, null=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="grids.division",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="grids.division",
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^\\d{12}$")), name="grids_division_code_shape"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="grids_division_valid_days",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("code",),
                        name="grids_division_code_once",
                    ),
                    models.UniqueConstraint(fields=("code", "valid_from"), name="grids_division_code_dated"),
                ],
            },
        ),
    ]
