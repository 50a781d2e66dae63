"""A person's own data among the cases: taken away by the person, and erased with the account."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from linli.cases.actions import cutting, own_joined, upload
from linli.cases.actions.cutting import Marks
from linli.cases.models import (
    Attachment,
    Call,
    CallBack,
    CallTry,
    Case,
    Move,
    Request,
    SavedFilter,
    Supervision,
    Supporter,
    Task,
    Whistle,
)
from linli.cases.queries.story import PUBLIC_VERBS
from linli.grids import queries as places
from linli.kernel import access, audit, media, scope, sealed, text
from linli.people import queries as people


def held(account_id: int) -> dict[str, object]:
    """Everything the cases hold about a person, as plain JSON: what they reported and what became of it."""
    with scope.within(places.community_ids()):
        found = Case.objects.filter(reporter_id=account_id).order_by("reported_at", "pk")
        return {"cases": [_case(case) for case in found], "joined": own_joined.held(account_id)}


def _case(case: Case) -> dict[str, Any]:
    verbs = [verb.value for verb in PUBLIC_VERBS]
    moves = Move.objects.filter(case=case, verb__in=verbs).order_by("seq")
    files = Attachment.objects.filter(case=case, move_seq__in=moves.values("seq")).order_by("pk")
    return {
        "number": case.number,
        "community": case.community_id,
        "kind": case.kind,
        "words": case.words,
        "address": case.address,
        "longitude": case.lon,
        "latitude": case.lat,
        "anonymous": case.anonymous,
        "contact_name": case.contact_name,
        "contact_phone": case.contact_phone,
        "may_be_published": case.publish,
        "state": case.state,
        "reported_at": case.reported_at.isoformat(),
        "closed_at": case.closed_at and case.closed_at.isoformat(),
        "answer": case.answer,
        "solved": case.solved,
        "stars": case.stars,
        "timeline": [
            {"at": move.at.isoformat(), "what": move.verb, "words": move.answer, "data": _plain(move)}
            for move in moves
        ],
        "call_backs": [_call(row) for row in CallBack.objects.filter(case=case).order_by("round")],
        "files": [{"kind": file.kind, "address": f"/files/{file.ticket}/"} for file in files],
    }


def _call(row: CallBack) -> dict[str, Any]:
    """What was said when the person was called back."""
    return {
        "closed_at": row.closed_at.isoformat(),
        "drawn": bool(row.why),
        "called_at": row.called_at and row.called_at.isoformat(),
        "outcome": row.outcome,
        "solved": row.solved,
        "stars": row.stars,
        "said": row.said,
    }


def _plain(move: Move) -> dict[str, Any]:
    """Of a move's record only what the reporter is told as well."""
    return {key: value for key, value in move.data.items() if key in {"category", "solved", "stars"}}


def erase(account_id: int, at: datetime) -> None:
    """Take a person out of the cases: no name, phone, address or picture, no publication.

    The matter itself stays, without names and numbers, in the words of everybody who wrote on it: others acted on it
    and are judged by it. Runs inside the erasing transaction, while the account can still be read.
    """
    SavedFilter.objects.filter(account_id=account_id).delete()
    person = people.account(account_id)
    indexes = sealed.blind_indexes("phone", person.phone) if person and person.phone else ()
    with scope.within(places.community_ids()):
        theirs = Case.objects.filter(Q(reporter_id=account_id) | Q(contact_index__in=indexes))
        touched = Counter(theirs.values_list("community_id", flat=True))
        for case in theirs.select_for_update(of=("self",)):
            names = [person.name if person else None, case.contact_name]
            phones = [person.phone if person else None, case.contact_phone]
            _cut(case, Marks.of(names, phones), own=case.reporter_id == account_id)
            _cut_history(case, Marks.of(names, phones), account_id)
        own_joined.erase(account_id, indexes)
        _erase_files(account_id, theirs.filter(reporter_id=account_id))
        theirs.update(
            contact_name=None,
            contact_phone=None,
            contact_index=None,
            publish=False,
            published_at=None,
            public_words="",
            anonymous=True,
            reporter_id=None,
        )
        for community_id, how_many in sorted(touched.items()):
            audit.record(
                community_id=community_id,
                actor=access.Actor(account_id=account_id),
                verb="cases.erase_reporter",
                object=f"account:{account_id}",
                at=at,
                detail={"cases": how_many},
            )


def _cut(case: Case, marks: Marks, *, own: bool) -> None:
    """The words of the case itself, of its parts and of what was asked for it."""
    words = cutting.cut(case.words, marks, own=own)
    address = "" if own else cutting.cut(case.address, marks, own=False)
    changes: dict[str, Any] = {
        "words": words,
        "address": address,
        "answer": cutting.cut(case.answer, marks, own=False),
        "search": RawSQL("%s::tsvector", [text.vector_of(words, address)]),
    }
    if own:
        changes |= {"lon": None, "lat": None}
    Case.objects.filter(pk=case.pk).update(**changes)
    for rows, columns in _others_words(case):
        for row in rows:
            for column in columns:
                setattr(row, column, cutting.cut(getattr(row, column), marks, own=False))
            row.save(update_fields=columns)


def _others_words(case: Case) -> tuple[tuple[QuerySet[Any], tuple[str, ...]], ...]:
    """What others wrote about the case: rows and their columns of words."""
    return (
        (Task.objects.filter(case=case), ("words", "result")),
        (Request.objects.filter(case=case), ("why",)),
        (Supervision.objects.filter(case=case), ("words", "answer", "outcome")),
        (Supporter.objects.filter(case=case), ("words", "said")),
        (Whistle.objects.filter(case=case), ("place", "words", "conclusion", "public_words")),
        (Call.objects.filter(whistle__case=case), ("words",)),
        (CallBack.objects.filter(case=case), ("said", "answer", "ruling_note")),
        (CallTry.objects.filter(callback__case=case), ("note",)),
    )


def _cut_history(case: Case, marks: Marks, account_id: int) -> None:
    """Moves are history: of their words only what is to go can be cut out, by the database's own function."""
    pieces: set[str] = set()
    ids: list[int] = []
    for move in Move.objects.filter(case=case):
        own = move.actor_role == "reporter" and move.actor_id in {account_id, None}
        found = [*cutting.strings(move.note, marks, own=own), *cutting.strings(move.answer, marks, own=own)]
        pieces.update(found)
        if found:
            ids.append(move.pk)
    if ids:
        with connection.cursor() as cursor:
            longest_first = sorted(pieces, key=lambda piece: (-len(piece), piece))
            cursor.execute("SELECT linli_cut_cases_move(%s, %s)", [ids, longest_first])


def _erase_files(account_id: int, own_cases: QuerySet[Case]) -> None:
    """What the person uploaded is deleted, sent or not; proofs of work stay, without their uploader."""
    theirs = Q(uploaded_by_id=account_id) & ~Q(purpose="proof")
    by_receipt = Q(case__in=own_cases, uploaded_by__isnull=True, purpose__in=("report", "added"))
    gone = Attachment.objects.filter(theirs | by_receipt)
    paths = [path for pair in gone.values_list("path", "thumb_path") for path in pair if path]
    gone.delete()
    Attachment.objects.filter(uploaded_by_id=account_id).update(uploaded_by_id=None)
    transaction.on_commit(lambda: _remove(paths))


def _remove(paths: list[str]) -> None:
    """Files that no other row names."""
    for path in set(paths) - upload.known_paths(paths):
        media.remove(path)


def hand_over(*, from_id: int, to_id: int, at: datetime) -> int:
    """Give what one account reported and joined to another of the same person; returns how many cases.

    For whoever first wrote without a phone and proves later which account is theirs. History stays as it was written.
    """
    with scope.within(places.community_ids()), transaction.atomic():
        touched = Counter(Case.objects.filter(reporter_id=from_id).values_list("community_id", flat=True))
        Case.objects.filter(reporter_id=from_id).update(reporter_id=to_id)
        Attachment.objects.filter(uploaded_by_id=from_id).update(uploaded_by_id=to_id)
        own_joined.hand_over(from_id=from_id, to_id=to_id)
        for community_id, how_many in sorted(touched.items()):
            audit.record(
                community_id=community_id,
                actor=access.Actor(account_id=to_id),
                verb="cases.hand_over",
                object=f"account:{to_id}",
                at=at,
                detail={"from": from_id, "cases": how_many},
            )
    return sum(touched.values())
