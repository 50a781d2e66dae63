"""What a re-visit needs of the record it is about, and what a draw was made from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.cases.queries import handled
from linli.fieldwork.models import Draw, Patrol, Recheck, Service, Visit
from linli.fieldwork.rules import aiming
from linli.fieldwork.rules.rechecks import Standing
from linli.grids import queries as grids
from linli.grids.rows import PlaceRow
from linli.groups import queries as groups

Name = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Record:
    """What whoever goes again is told: what is said to have happened, where and when. Not whose record it is."""

    record: str
    id: int
    at: datetime
    place: PlaceRow | None
    what: str = ""  # code of the kind of service, of a visit's purpose; name of a group; number of a case
    words: str = ""
    people: int | None = None
    households: int | None = None
    has_phone: bool = False
    sealed: bool = False  # words about a household, read by `actions.reading` alone


def inputs(listed: Iterable[aiming.Candidate]) -> list[list[Any]]:
    """Candidates as a draw keeps them."""
    return [[one.record, one.record_id, one.worker_id, one.certainty, list(one.codes)] for one in listed]


def candidates(draw: Draw) -> list[aiming.Candidate]:
    """The candidates of a draw again."""
    return [aiming.Candidate(row[0], row[1], row[2], row[3], tuple(row[4])) for row in draw.inputs]


def repeats(draw: Draw) -> bool:
    """Whether the draw made again from its seed and inputs gives the same re-visits."""
    listed = candidates(draw)
    plan = aiming.Plan(draw.random_percent, draw.aimed_percent, draw.most_each)
    again = {
        (one.candidate.record, one.candidate.record_id, one.how, one.lot)
        for one in aiming.drawn(listed, draw.seed.seed, plan)
    }
    kept = set(Recheck.objects.filter(draw=draw).values_list("record", "record_id", "drawn", "lot"))
    return again == kept and aiming.digest(listed) == draw.digest


def standing(row: Recheck) -> Standing:
    """What of a re-visit the rules look at."""
    return Standing(
        worker_id=row.worker_id,
        visitor_id=row.visitor_id,
        found=row.found,
        answer_until=row.answer_until_date,
        answered=row.replied_at is not None,
        admitted=row.admitted,
        again_visitor_id=row.again_visitor_id,
        found_again=row.found_again,
        outcome=row.outcome,
        over=row.decided_at is not None,
    )


def grids_of(community_id: int, names: Sequence[Name]) -> dict[Name, int]:
    """In which grid each record was made, where that is known."""
    ids: dict[str, list[int]] = {}
    for record, key in names:
        ids.setdefault(record, []).append(key)
    found: dict[Name, int] = {}
    for record, table in (("visit", Visit), ("service", Service), ("patrol", Patrol)):
        rows = table._default_manager.filter(community_id=community_id, pk__in=ids.get(record, []))
        found |= {(record, key): grid for key, grid in rows.values_list("pk", "grid_id")}
    found |= {
        ("case", key): grid for key, grid in handled.grids_of(community_id, ids.get("case", [])).items()
    }
    return found


def record(row: Recheck) -> Record | None:
    """What is said to have happened; None when the record is gone."""
    read = {"visit": _visit, "service": _service, "patrol": _patrol, "head_count": _count, "case": _case}
    return read[row.record](row)


def _visit(row: Recheck) -> Record | None:
    held = Visit.objects.filter(pk=row.record_id, community_id=row.community_id).first()
    if held is None:
        return None
    return Record(
        "visit",
        held.pk,
        held.at,
        grids.place(held.dwelling_id),
        held.purpose,
        sealed=held.__dict__["words"] is not None,
    )


def _service(row: Recheck) -> Record | None:
    held = Service.objects.filter(pk=row.record_id, community_id=row.community_id).first()
    if held is None:
        return None
    place = grids.place(held.dwelling_id or held.grid_id)
    return Record(
        "service", held.pk, held.at, place, held.kind, held.words, has_phone=held.phone_index is not None
    )


def _patrol(row: Recheck) -> Record | None:
    held = Patrol.objects.filter(pk=row.record_id, community_id=row.community_id).first()
    return Record("patrol", held.pk, held.started_at, grids.place(held.grid_id)) if held else None


def _count(row: Recheck) -> Record | None:
    held = groups.one_count(row.community_id, row.record_id)
    if held is None:
        return None
    group = groups.one(row.community_id, held.group_id)
    name = group.name_zh if group else ""
    place = grids.place(held.place_id)
    return Record(
        "head_count", held.id, held.made_at, place, name, people=held.people, households=held.households
    )


def _case(row: Recheck) -> Record | None:
    held = handled.one(row.community_id, row.record_id)
    if held is None:
        return None
    place = grids.place(held.place_id) if held.place_id else None
    return Record("case", row.record_id, row.record_at, place, held.number)
