"""Fetching pictures that came as addresses: later, a few times, and never from inside our own network."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from linli.cases.actions import attaching, upload
from linli.grids import queries as places
from linli.integrations.open311.models import LinkedFile
from linli.integrations.open311.ports import Line
from linli.kernel import access, backoff, media, outside, scope

BATCH = 10
MOST_TRIES = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=64)
MOST_BYTES = 10_000_000
CLAIMED = timedelta(minutes=5)


def fetch_waiting(at: datetime, line: Line | None = None) -> int:
    """Fetch what waits; returns how many were tried. Safe in two workers at once."""
    count = 0
    for community_id in places.communities_with(_waiting(at)):
        with scope.within([community_id]):
            for row in _claimed(community_id, at):
                _fetch(row, at, line)
                count += 1
    return count


def _waiting(at: datetime) -> QuerySet[LinkedFile]:
    return LinkedFile.objects.filter(state="waiting", next_at__lte=at)


def _claimed(community_id: int, at: datetime) -> list[LinkedFile]:
    with transaction.atomic():
        due = _waiting(at).filter(community_id=community_id)
        rows = list(due.select_for_update(skip_locked=True).order_by("next_at")[:BATCH])
        for row in rows:
            row.tries, row.next_at = row.tries + 1, at + CLAIMED
            row.save(update_fields=["tries", "next_at"])
    return rows


def _fetch(row: LinkedFile, at: datetime, line: Line | None) -> None:
    try:
        answer = (line or _ask)("GET", row.url, headers={"User-Agent": "Linli Open311"})
    except outside.Unreached as lost:
        _failed(row, lost.code, again=lost.again, at=at)
        return
    if not answer.good:
        _failed(row, "status", again=answer.status >= 500 or answer.status == 429, at=at)
        return
    try:
        stored = media.accept(io.BytesIO(answer.body), purpose="report")
    except media.MediaRefused:
        _failed(row, "media", again=False, at=at)
        return
    with transaction.atomic():
        held = LinkedFile.objects.select_for_update().filter(pk=row.pk, state="waiting").first()
        if held is None:
            return  # another worker was faster; the file is swept away
        ticket = upload.keep(
            actor=access.ANONYMOUS, community_id=row.community_id, stored=stored, at=at
        ).ticket
        attaching.attach(row.community_id, row.number, (str(ticket),), purpose="report", seq=1)
        held.state, held.next_at, held.trouble = "kept", None, ""
        held.save(update_fields=["state", "next_at", "trouble"])


def _ask(method: str, url: str, *, headers: dict[str, str]) -> outside.Answer:
    return outside.ask(method, url, headers=headers, seconds=20.0, most_bytes=MOST_BYTES)


def _failed(row: LinkedFile, trouble: str, *, again: bool, at: datetime) -> None:
    ends = not again or row.tries >= MOST_TRIES
    wait = backoff.wait(row.tries, first=FIRST_WAIT, longest=LONGEST_WAIT, factor=4)
    LinkedFile.objects.filter(pk=row.pk, state="waiting").update(
        trouble=trouble,
        state="failed" if ends else "waiting",
        next_at=None if ends else at + wait,
    )
