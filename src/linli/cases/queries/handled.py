"""Who handled which cases, with the words and pictures of the proof: for those who look at records again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.cases.models import Attachment, Case, Move
from linli.cases.rules.workflow import Verb


@dataclass(frozen=True, slots=True)
class Handled:
    """A case as one person handled it."""

    case_id: int
    worker_id: int
    at: datetime
    words: str
    pictures: tuple[UUID, ...]


def by_roles(community_id: int, roles: Collection[str], since: datetime, until: datetime) -> list[Handled]:
    """The cases that people in these roles handled in some time (until exclusive), each as handled last; two statements."""
    moves = Move.objects.filter(
        community_id=community_id,
        verb__in=(Verb.HANDLED, Verb.SETTLE),
        actor_role__in=roles,
        actor_id__isnull=False,
        at__gte=since,
        at__lt=until,
    ).order_by("case_id", "seq")
    last = {row[0]: row for row in moves.values_list("case_id", "seq", "actor_id", "at", "answer", "note")}
    pictures: dict[tuple[int, int], list[UUID]] = {}
    proofs = Attachment.objects.filter(case_id__in=last, kind="picture", move_seq__isnull=False).order_by(
        "id"
    )
    for case_id, seq, ticket in proofs.values_list("case_id", "move_seq", "ticket"):
        pictures.setdefault((case_id, seq or 0), []).append(ticket)
    return [
        Handled(case_id, worker, at, answer or note, tuple(pictures.get((case_id, seq), ())))
        for case_id, seq, worker, at, answer, note in last.values()
        if worker is not None
    ]


def small_pictures(community_id: int, since: datetime, until: datetime) -> list[tuple[UUID, str]]:
    """The pictures tied to cases that came in some time: ticket, and the path of the small one."""
    rows = Attachment.objects.filter(
        community_id=community_id,
        kind="picture",
        case__isnull=False,
        uploaded_at__gte=since,
        uploaded_at__lt=until,
    ).exclude(thumb_path="")
    return list(rows.order_by("id").values_list("ticket", "thumb_path"))


@dataclass(frozen=True, slots=True)
class WhichCase:
    """A case as somebody sent to look at its place needs it."""

    number: str
    place_id: int | None


def one(community_id: int, case_id: int) -> WhichCase | None:
    """Its number and the nearest place."""
    row = (
        Case.objects.filter(community_id=community_id, pk=case_id)
        .values_list("number", "building_id", "grid_id")
        .first()
    )
    return WhichCase(row[0], row[1] or row[2]) if row else None


def grids_of(community_id: int, case_ids: Collection[int]) -> dict[int, int]:
    """The grid of each case that has one."""
    rows = Case.objects.filter(community_id=community_id, pk__in=case_ids, grid_id__isnull=False)
    return dict(rows.values_list("pk", "grid_id"))


@dataclass(frozen=True, slots=True)
class Moved:
    """A step that one person took on a case."""

    number: str
    verb: str
    at: datetime
    place: str


#: Steps by which a case is worked on, other than telling of it.
WORKED = (Verb.HANDLED, Verb.SETTLE, Verb.CHECK, Verb.SIGN, Verb.CONTACT, Verb.REPORT)


def by_person(community_id: int, account_id: int, since: datetime, until: datetime) -> list[Moved]:
    """What one person did on cases in some time (until exclusive), in order; one statement."""
    rows = Move.objects.filter(
        community_id=community_id, actor_id=account_id, verb__in=WORKED, at__gte=since, at__lt=until
    ).order_by("at", "id")
    return [Moved(*row) for row in rows.values_list("case__number", "verb", "at", "case__building__name_zh")]
