"""Tables of the places: one tree for all levels, dated; the codes that hang there; what a community wants."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from linli.grids.rules.words import DivisionLevel, GridKind, Level

DIVISION_CODE = r"^\d{12}$"
PLACE_CODE = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,47}$"
_COMMUNITY, _GRID = Level.COMMUNITY.value, Level.GRID.value


def values(words: type[StrEnum]) -> list[str]:
    """What such a column may hold, for its constraint."""
    return [each.value for each in words]


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    """The values of a column that holds one of these words."""
    return [(each.value, each.value) for each in words]


class Division(models.Model):
    """An administrative division by its 12-digit statistical code, from a day to a day."""

    code = models.CharField(max_length=12)
    level = models.CharField(max_length=12, choices=choices(DivisionLevel))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True, default="")
    urban_class = models.CharField(max_length=3, blank=True, default="")
    boundary = models.JSONField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code__regex=DIVISION_CODE), name="grids_division_code_shape"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="grids_division_valid_days",
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_to__isnull=True), name="grids_division_code_once"
            ),
            models.UniqueConstraint(fields=["code", "valid_from"], name="grids_division_code_dated"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class Place(models.Model):
    """A node of the tree. For a community ``community_id`` is its own id; ``path`` lists ids from the top."""

    community = models.ForeignKey("self", models.PROTECT, related_name="+", db_index=False)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    level = models.CharField(max_length=12, choices=choices(Level))
    kind = models.CharField(max_length=12, choices=choices(GridKind), blank=True, default="")
    code = models.CharField(max_length=48)
    number = models.CharField(max_length=20, blank=True, default="")
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True, default="")
    aliases = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    path = models.CharField(max_length=200)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    boundary = models.JSONField(null=True, blank=True)
    households = models.PositiveIntegerField(null=True, blank=True)
    qr_code = models.CharField(max_length=24, unique=True, null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    example = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["path"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(level=_COMMUNITY, code__regex=DIVISION_CODE)
                | (~Q(level=_COMMUNITY) & Q(code__regex=PLACE_CODE)),
                name="grids_place_code_shape",
            ),
            models.CheckConstraint(
                condition=Q(level=_COMMUNITY, parent__isnull=True, community=F("id"))
                | (~Q(level=_COMMUNITY) & Q(parent__isnull=False) & ~Q(community=F("id"))),
                name="grids_place_community_is_root",
            ),
            models.CheckConstraint(
                condition=Q(level=_GRID, kind__in=values(GridKind)) | (~Q(level=_GRID) & Q(kind="")),
                name="grids_place_kind_of_grids",
            ),
            models.CheckConstraint(condition=Q(path__regex=r"^(\d+\.)+$"), name="grids_place_path_shape"),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(
                    lon__isnull=False,
                    lat__isnull=False,
                    lon__gte=-180,
                    lon__lte=180,
                    lat__gte=-90,
                    lat__lte=90,
                ),
                name="grids_place_point_range",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="grids_place_valid_days",
            ),
            models.UniqueConstraint(
                fields=["community", "code"], condition=Q(valid_to__isnull=True), name="grids_place_code_once"
            ),
            models.UniqueConstraint(
                fields=["community", "code", "valid_from"], name="grids_place_code_dated"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "level"], name="grids_place_by_level"),
            models.Index(fields=["path"], name="grids_place_subtree", opclasses=["text_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class QrCode(models.Model):
    """A code that hangs or hung at a place. A lost one is replaced; its row stays, with the day."""

    community = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="qr_codes")
    code = models.CharField(max_length=24, unique=True)
    issued_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(replaced_at__isnull=True), name="grids_qrcode_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class BoundaryVersion(models.Model):
    """One row: counts every change of a boundary, so that each process knows when to reload its tree."""

    version = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="grids_boundary_version_one_row"),
        ]

    def __str__(self) -> str:
        return str(self.version)


class CommunitySetting(models.Model):
    """What a community wants, as dated rows: the newest row not in the future holds."""

    community = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=40)
    value = models.JSONField()
    valid_from = models.DateTimeField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community", "key", "valid_from"], name="grids_communitysetting_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} of community {self.community_id}"
