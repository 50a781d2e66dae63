"""Carries out a plan without problems: rows in bulk, parents before children, paths kept right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat, Substr

from linli.grids import sql
from linli.grids.access import PUBLIC_LEVELS
from linli.grids.actions.places import new_code
from linli.grids.models import Division, Place, QrCode
from linli.grids.rules import geometry
from linli.grids.rules.plan import Change, Plan
from linli.grids.rules.words import Level

BATCH = 1000
Progress = Callable[[int], None]


def write(plan: Plan, at: datetime, progress: Progress) -> None:
    """Write everything the plan says; the caller holds the transaction."""
    _divisions(plan.divisions, progress)
    _places(plan.places, at, progress)
    _outlines(plan, progress)


def _new_ids(table: str, how_many: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql.NEW_IDS, (table, how_many))
        return [row[0] for row in cursor.fetchall()]


# Divisions


def _divisions(changes: Sequence[Change], progress: Progress) -> None:
    added = [change for change in changes if change.what == "added"]
    ids = dict(Division.objects.filter(valid_to__isnull=True).values_list("code", "pk")) if changes else {}
    new = _new_ids("grids_division", len(added))
    ids |= {change.code: pk for change, pk in zip(added, new, strict=True)}
    rows = [
        Division(
            pk=pk, code=change.code, level=change.level.value, **_division_values(change.values, ids),
            parent_id=ids.get(change.parent_code),
        )
        for change, pk in zip(added, new, strict=True)
    ]  # fmt: skip
    for start in range(0, len(rows), BATCH):
        Division.objects.bulk_create(rows[start : start + BATCH])
        progress(len(rows[start : start + BATCH]))
    for change in changes:
        if change.what != "added":
            Division.objects.filter(pk=ids[change.code]).update(**_division_values(change.values, ids))
            progress(1)


def _division_values(values: Any, ids: dict[str, int]) -> dict[str, Any]:
    """The columns of a division: codes of parent and successor become ids."""
    columns = dict(values)
    for key in ("successor", "parent_code"):
        if key in columns:
            column = "parent_id" if key == "parent_code" else "successor_id"
            columns[column] = ids.get(columns.pop(key))
    return columns


# Places


class _Tree:
    """Where the places in force stand: id, path and community by code."""

    def __init__(self, communities: set[str]) -> None:
        found = Place.objects.filter(community__code__in=communities, valid_to__isnull=True)
        self.by_code: dict[str, tuple[int, str, int]] = {
            code: (pk, path, community)
            for code, pk, path, community in found.values_list("code", "pk", "path", "community_id")
        }

    def add(self, change: Change, pk: int) -> tuple[str, int, int | None]:
        """Path, community id and parent id of a new place."""
        if change.level is Level.COMMUNITY:
            stands = (pk, f"{pk}.", pk)
            parent_id = None
        else:
            parent_id, above, community = self.by_code[change.parent_code]
            stands = (pk, f"{above}{pk}.", community)
        self.by_code[change.code] = stands
        return stands[1], stands[2], parent_id


def _places(changes: Sequence[Change], at: datetime, progress: Progress) -> None:
    tree = _Tree({change.code[:12] for change in changes})
    added = [change for change in changes if change.what == "added"]
    new = _new_ids("grids_place", len(added))
    rows = [_new_place(tree, change, pk) for change, pk in zip(added, new, strict=True)]
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        Place.objects.bulk_create(batch)
        QrCode.objects.bulk_create(
            QrCode(community_id=row.community_id, place_id=row.pk, code=row.qr_code, issued_at=at)
            for row in batch
            if row.qr_code
        )
        progress(len(batch))
    for change in changes:
        if change.what != "added":
            _change_place(tree, change)
            progress(1)


def _new_place(tree: _Tree, change: Change, pk: int) -> Place:
    path, community_id, parent_id = tree.add(change, pk)
    return Place(
        pk=pk,
        code=change.code,
        level=change.level.value,
        path=path,
        community_id=community_id,
        parent_id=parent_id,
        qr_code=new_code() if change.level.value in PUBLIC_LEVELS else None,
        **change.values,
    )


def _change_place(tree: _Tree, change: Change) -> None:
    pk, path, community = tree.by_code[change.code]
    values = dict(change.values)
    if "parent_code" in values:
        parent_id, above, _ = tree.by_code[values.pop("parent_code")]
        moved = f"{above}{pk}."
        _move_subtree(path, moved)
        _note_move(tree, path, moved)
        values["parent_id"] = parent_id
    if values:
        Place.objects.filter(pk=pk).update(**values)


def _move_subtree(path: str, moved: str) -> None:
    below = Place.objects.filter(path__startswith=path)
    below.update(path=Concat(Value(moved), Substr("path", len(path) + 1)))


def _note_move(tree: _Tree, path: str, moved: str) -> None:
    for code, (pk, old, community) in tree.by_code.items():
        if old.startswith(path):
            tree.by_code[code] = (pk, moved + old[len(path) :], community)


# Outlines


def _outlines(plan: Plan, progress: Progress) -> None:
    in_force = Place.objects.filter(code__in=plan.outlines, valid_to__isnull=True)
    places = {place.code: place for place in in_force.only("code", "lon", "lat")}
    for code, outline in plan.outlines.items():
        place = places.get(code)
        if place is None:
            Division.objects.filter(code=code, valid_to__isnull=True).update(boundary=outline)
        else:
            point = geometry.stored(outline).point_on_surface()
            lon, lat = (round(point.x, 7), round(point.y, 7)) if place.lon is None else (place.lon, place.lat)
            Place.objects.filter(pk=place.pk).update(boundary=outline, lon=lon, lat=lat)
        progress(1)
