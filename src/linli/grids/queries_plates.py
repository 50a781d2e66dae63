"""Who serves, and how it is shown at the door: to everybody, so inside the community's own scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from linli.grids.models import Duty, Nameplate, PosterRun, Residence
from linli.grids.queries import communities, duty_rows, in_force
from linli.grids.rows import DutyRow, PlateRow
from linli.grids.rules.nameplates import Plate
from linli.kernel import scope


def serving(community_id: int, on: date) -> set[int]:
    """The accounts that serve in a community on the day."""
    return set(
        Duty.objects.filter(in_force(on), community_id=community_id).values_list("account_id", flat=True)
    )


def plates(community_id: int, account_ids: Iterable[int]) -> dict[int, PlateRow]:
    """The nameplates of those who serve in a community, by account, for everybody; in one statement."""
    with scope.within([community_id]):
        found = Nameplate.objects.filter(community_id=community_id, account_id__in=set(account_ids))
        return {each.account_id: _plate(each) for each in found.annotate(other=F("stand_in__short_name"))}


def _plate(each: Any) -> PlateRow:
    said = {field.name: getattr(each, field.name) for field in fields(Plate)}
    return PlateRow(
        account_id=each.account_id,
        ticket=each.ticket,
        plate=Plate(**{**said, "languages": tuple(each.languages)}),
        stand_in=each.other or "",
    )


def portrait(community_id: int, ticket: UUID, on: date) -> str:
    """Where the small picture of a nameplate is stored; empty when its bearer does not serve there on this day."""
    with scope.within([community_id]):
        row = Nameplate.objects.filter(community_id=community_id, ticket=ticket).first()
        if row is None:
            return ""
        serves = Duty.objects.filter(in_force(on), community_id=community_id, account_id=row.account_id)
        return (row.thumb_path or row.path) if serves.exists() else ""


def stored_files(paths: Sequence[str]) -> set[str]:
    """Those of these stored files that a nameplate or a print run names: for `media.sweep_orphans`."""
    with scope.within(each.id for each in communities()):
        faces = Nameplate.objects.filter(Q(path__in=paths) | Q(thumb_path__in=paths))
        found = {path for pair in faces.values_list("path", "thumb_path") for path in pair}
    return found | set(PosterRun.objects.filter(path__in=paths).values_list("path", flat=True))


def residents_of(community_id: int, dwelling_id: int) -> list[int]:
    """The accounts that are proved to live in a dwelling, by id. Walled by the scope entered."""
    found = Residence.objects.filter(
        community_id=community_id, dwelling_id=dwelling_id, bound_at__isnull=False, ended_at__isnull=True
    )
    return sorted(set(found.values_list("account_id", flat=True)))


def duties_stood_in_for(community_id: int, account_id: int, on: date) -> list[DutyRow]:
    """The duties of those who are away on this day and for whom this account stands in."""
    with scope.within([community_id]):
        away = Nameplate.objects.filter(
            community_id=community_id,
            stand_in_id=account_id,
            away_from_date__lte=on,
            away_last_date__gte=on,
        )
        absent = list(away.values_list("account_id", flat=True))
        if not absent:  # nearly always
            return []
        return duty_rows(Duty.objects.filter(in_force(on), community_id=community_id, account_id__in=absent))
