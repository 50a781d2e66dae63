"""The records of a community as the signals look at them: who, when, where, in which words, with which pictures.

Sealed words are opened here and go no further than the reckoning: what comes out of it are ids, codes and figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from linli.cases.queries import handled
from linli.fieldwork.models import Patrol, PictureLook, Service, Visit
from linli.fieldwork.rules.services import Answer
from linli.fieldwork.rules.signals import Done
from linli.grids import queries as grids
from linli.groups import queries as groups
from linli.kernel.media.looks import unsigned

#: Whose handling of a case is field work.
ROLES = ("grid_worker", "police", "assistant", "building_head")


def texts(community_id: int, since: datetime, until: datetime) -> list[Done]:
    """Every record written down in some time (until exclusive), by kind and id; ``key`` counts them through."""
    found = [
        *_visits(community_id, since, until),
        *_services(community_id, since, until),
        *_patrols(community_id, since, until),
        *_head_counts(community_id, since, until),
        *_cases(community_id, since, until),
    ]
    return _placed([replace(one, key=key) for key, one in enumerate(found)])


def _visits(community_id: int, since: datetime, until: datetime) -> Iterable[Done]:
    rows = Visit.objects.filter(
        community_id=community_id, made_at__gte=since, made_at__lt=until, struck_at__isnull=True
    ).order_by("id")
    for row in rows:
        yield Done(0, "visit", row.pk, row.worker_id, row.at, made_at=row.made_at, spot_id=row.dwelling_id,
                   text=row.words or "")  # fmt: skip


def _services(community_id: int, since: datetime, until: datetime) -> Iterable[Done]:
    rows = Service.objects.filter(
        community_id=community_id, made_at__gte=since, made_at__lt=until, withdrawn_at__isnull=True
    ).order_by("id")
    for row in rows:
        yield Done(
            0, "service", row.pk, row.worker_id, row.at, made_at=row.made_at, spot_id=row.dwelling_id, text=row.words,
            number=bytes(row.phone_index).hex() if row.phone_index else "", denied=row.answer == Answer.NO,
        )  # fmt: skip


def _patrols(community_id: int, since: datetime, until: datetime) -> Iterable[Done]:
    rows = Patrol.objects.filter(community_id=community_id, ended_at__gte=since, ended_at__lt=until).order_by(
        "id"
    )
    for row in rows.values_list("id", "worker_id", "started_at", "ended_at"):
        yield Done(0, "patrol", row[0], row[1], row[2], until=row[3])


def _head_counts(community_id: int, since: datetime, until: datetime) -> Iterable[Done]:
    for row in groups.counted(community_id, since, until):
        if row.counted_by_id is not None:
            yield Done(
                0, "head_count", row.id, row.counted_by_id, row.made_at, made_at=row.made_at,
                counts=(row.people, row.households), series=row.group_id,
            )  # fmt: skip


def _cases(community_id: int, since: datetime, until: datetime) -> Iterable[Done]:
    rows = handled.by_roles(community_id, ROLES, since, until)
    looks = _looks(community_id, [ticket for row in rows for ticket in row.pictures])
    for row in rows:
        yield Done(
            0, "case", row.case_id, row.worker_id, row.at, text=row.words,
            looks=tuple(looks[ticket] for ticket in row.pictures if ticket in looks),
        )  # fmt: skip


def _looks(community_id: int, tickets: Iterable[object]) -> dict[object, int]:
    rows = PictureLook.objects.filter(community_id=community_id, ticket__in=list(tickets))
    return {ticket: unsigned(look) for ticket, look in rows.values_list("ticket", "look")}


def _placed(found: list[Done]) -> list[Done]:
    """With where each was: of a dwelling that has no point of its own that of the building."""
    doors = grids.places({one.spot_id for one in found if one.spot_id})
    above = {int(part) for door in doors.values() for part in door.path.split(".") if part}
    every = grids.places(above) if above else {}
    points: dict[int, tuple[float | None, float | None]] = {}
    for key, door in doors.items():
        way = [every[int(part)] for part in reversed(door.path.split(".")) if part and int(part) in every]
        spot = next(
            (one for one in way if one.level in ("dwelling", "unit", "building") and one.lon is not None),
            None,
        )
        points[key] = (spot.lon, spot.lat) if spot else (None, None)
    return [
        replace(one, lon=points[one.spot_id][0], lat=points[one.spot_id][1]) if one.spot_id in points else one
        for one in found
    ]
