"""A person's own data in services, the diary and re-visits; part of `own_data`, in the communities it has entered."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from linli.fieldwork.models import DiaryNote, Recheck, Service, ServiceAnswer


def held(account_id: int) -> dict[str, object]:
    """Help that was written down for the person and what was said of it; own notes; what was found of own records."""
    return {
        "help_for_me": [_service(row) for row in _for(account_id).order_by("at")],
        "help_i_gave": Service.objects.filter(worker_id=account_id).count(),
        "diary_notes": [
            {"day": row.day_date.isoformat(), "kind": row.kind, "words": row.words}
            for row in DiaryNote.objects.filter(worker_id=account_id).order_by("day_date", "id")
        ],
        "records_looked_at_again": [
            _recheck(row)
            for row in Recheck.objects.filter(worker_id=account_id).exclude(found="").order_by("id")
        ],
    }


def _for(account_id: int) -> QuerySet[Service]:
    return Service.objects.filter(account_id=account_id)


def _service(row: Service) -> dict[str, Any]:
    return {
        "at": row.at.isoformat(),
        "kind": row.kind,
        "words": row.words,
        "answers": [
            {"said": one.said, "way": one.way, "at": one.at.isoformat(), "words": one.words or ""}
            for one in ServiceAnswer.objects.filter(service=row).order_by("at", "id")
        ],
    }


def _recheck(row: Recheck) -> dict[str, Any]:
    return {
        "record": row.record,
        "at": row.record_at.isoformat(),
        "found": row.found,
        "words": row.found_words or "",
        "my_answer": row.reply or "",
        "outcome": row.outcome,
        "reason": row.reason or "",
    }


def erase(account_id: int) -> set[int]:
    """Take out phone and words of help for the person, what they said of it, own notes; returns where that was."""
    touched: set[int] = set()
    mine = _for(account_id)
    touched |= set(mine.values_list("community_id", flat=True))
    answers = ServiceAnswer.objects.filter(Q(service__in=mine) | Q(by_id=account_id))
    touched |= set(answers.values_list("community_id", flat=True))
    answers.filter(words__isnull=False).update(words=None)
    for row in mine:
        row.words, row.phone, row.phone_index, row.code_digest = "", None, None, None
        row.save(update_fields=["words", "phone", "phone_index", "code_digest"])
    notes = DiaryNote.objects.filter(worker_id=account_id)
    touched |= set(notes.values_list("community_id", flat=True))
    notes.delete()
    own = Recheck.objects.filter(worker_id=account_id, reply__isnull=False)
    touched |= set(own.values_list("community_id", flat=True))
    own.update(reply=None)
    return touched
