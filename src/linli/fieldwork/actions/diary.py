"""Own words of a day: added, struck out."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from linli.fieldwork.models import DiaryNote
from linli.fieldwork.queries import diary as queries
from linli.fieldwork.rules import diary as rules
from linli.grids import queries as grids
from linli.kernel import audit
from linli.kernel.access import Actor, NotFound
from linli.kernel.refusals import Refused, Wrong


def add(
    *, actor: Actor, community_id: int, day: date, kind: str, words: str, key: UUID, at: datetime
) -> DiaryNote:
    """Add own words to a day of one's own. The same key again gives what it made the first time.

    :raises NotFound: a community where the actor has no duty.
    :raises Refused: see `rules.wrong_note`; words: too_many.
    """
    if community_id not in actor.staff_communities:
        raise NotFound
    mine = DiaryNote.objects.filter(community_id=community_id, worker_id=actor.person_id)
    kept = mine.filter(key=key).first()
    if kept is not None:
        return kept
    earlier = queries.earlier(community_id, actor.person_id, rules.LOOKED_AT)
    found = list(rules.wrong_note(words, kind, day, today=grids.day_of(at), earlier=earlier))
    if mine.filter(day_date=day, struck_at__isnull=True).count() >= rules.NOTES_A_DAY:
        found.append(Wrong("words", "too_many", str(rules.NOTES_A_DAY)))
    if found:
        raise Refused(*found)
    with transaction.atomic():
        row, made = DiaryNote.objects.get_or_create(
            community_id=community_id,
            key=key,
            defaults={
                "worker_id": actor.person_id,
                "day_date": day,
                "kind": kind,
                "words": words.strip(),
                "made_at": at,
            },
        )
        if made:
            _record(actor, "fieldwork.add_note", row, at)
    return row


def strike(*, actor: Actor, note_id: int, at: datetime) -> DiaryNote:
    """Strike own words out. Twice changes nothing.

    :raises NotFound: absent, or somebody else's.
    """
    with transaction.atomic():
        row = (
            DiaryNote.objects.select_for_update()
            .filter(pk=note_id, worker_id=actor.person_id, community_id__in=actor.staff_communities)
            .first()
        )
        if row is None:
            raise NotFound
        if row.struck_at is None:
            row.struck_at = at
            row.save(update_fields=["struck_at"])
            _record(actor, "fieldwork.strike_note", row, at)
    return row


def _record(actor: Actor, verb: str, row: DiaryNote, at: datetime) -> None:
    audit.record(
        community_id=row.community_id,
        actor=actor,
        verb=verb,
        object=f"diary_note:{row.pk}",
        at=at,
        detail={"day": row.day_date.isoformat()},
    )
