"""Letters of supervision: opened with a number of the year, answered, lifted; the case keeps who watches it until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Max

from linli.cases.models import Case, Supervision
from linli.kernel.clock import LOCAL

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('linli.letters', %s))"


def next_serials(community_id: int, kind: str, year: int, how_many: int = 1) -> range:
    """Numbers nobody has yet; whoever else wants some of this community waits until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, (community_id,))
    held = Supervision.objects.filter(community_id=community_id, kind=kind, year=year)
    last = held.aggregate(last=Max("serial"))["last"] or 0
    return range(last + 1, last + 1 + how_many)


def open_letter(
    case: Case,
    *,
    kind: str,
    supervisor_id: int | None,
    words: str,
    due_at: datetime,
    opened_by_id: int | None,
    at: datetime,
) -> Supervision:
    """Put a case under supervision until a day; a letter of the same kind that still stands is replaced."""
    year = at.astimezone(LOCAL).year
    standing = Supervision.objects.filter(case=case, kind=kind, ended_at__isnull=True)
    standing.update(ended_at=at, ended_how=Supervision.Ended.REPLACED, ended_by_id=opened_by_id)
    made = Supervision.objects.create(
        community_id=case.community_id,
        case=case,
        kind=kind,
        year=year,
        serial=next_serials(case.community_id, kind, year)[0],
        supervisor_id=supervisor_id,
        organisation_id=case.organisation_id,
        handler_id=case.handler_id,
        words=words,
        opened_by_id=opened_by_id,
        opened_at=at,
        due_at=due_at,
    )
    watch(case)
    return made


def standing(case: Case) -> Sequence[Supervision]:
    """The letters of a case that still stand, the one due first before the others."""
    return list(Supervision.objects.filter(case=case, ended_at__isnull=True).order_by("due_at", "pk"))


def watch(case: Case) -> None:
    """Put on the case until when and by whom it is watched (not saved here)."""
    held = standing(case)
    case.supervised_until = held[0].due_at if held else None
    case.supervisor_id = held[0].supervisor_id if held else None


def end_all(case: Case, *, at: datetime) -> None:
    """The case has ended: nothing is left to watch (the case is not saved here)."""
    if case.supervised_until is None:
        return
    held = Supervision.objects.filter(case=case, ended_at__isnull=True)
    held.update(ended_at=at, ended_how=Supervision.Ended.SETTLED)
    case.supervised_until = case.supervisor_id = None
