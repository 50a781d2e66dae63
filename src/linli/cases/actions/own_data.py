"""A person's own data among the cases: taken away by the person, and erased with the account."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import Func, Q, Value

from linli.cases.models import Attachment, Case, Move
from linli.cases.queries.story import PUBLIC_VERBS
from linli.grids import queries as places
from linli.kernel import access, audit, media, scope, sealed, text
from linli.people import queries as people


def held(account_id: int) -> dict[str, object]:
    """Everything the cases hold about a person, as plain JSON: what they reported and what became of it."""
    with scope.within(place.id for place in places.communities()):
        found = Case.objects.filter(reporter_id=account_id).order_by("reported_at", "pk")
        return {"cases": [_case(case) for case in found]}


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
        "files": [{"kind": file.kind, "address": f"/files/{file.ticket}/"} for file in files],
    }


def _plain(move: Move) -> dict[str, Any]:
    """Of a move's record only what the reporter is told as well."""
    return {key: value for key, value in move.data.items() if key in {"category", "solved", "stars"}}


def erase(account_id: int, at: datetime) -> None:
    """This function will take a person out of the cases: no name, no phone, no address, no publication.

    The matter itself stays, with the numbers in its words masked: others acted on it and are judged by it. Runs
    inside the erasing transaction, while the account can still be read.
    """
    person = people.account(account_id)
    indexes = sealed.blind_indexes("phone", person.phone) if person and person.phone else ()
    with scope.within(place.id for place in places.communities()):
        theirs = Case.objects.filter(Q(reporter_id=account_id) | Q(contact_index__in=indexes))
        touched = Counter(theirs.values_list("community_id", flat=True))
        for case in theirs.filter(reporter_id=account_id).select_for_update(of=("self",)):
            _mask(case)
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
        _erase_files(account_id)
        for community_id, how_many in sorted(touched.items()):
            audit.record(
                community_id=community_id,
                actor=access.Actor(account_id=account_id),
                verb="cases.erase_reporter",
                object=f"account:{account_id}",
                at=at,
                detail={"cases": how_many},
            )


def _mask(case: Case) -> None:
    words = text.mask_text(case.words)
    vector = Func(Value("simple"), Value(text.vector_text(words)), function="to_tsvector")
    Case.objects.filter(pk=case.pk).update(words=words, address="", lon=None, lat=None, search=vector)


def _erase_files(account_id: int) -> None:
    """What was uploaded and never sent is deleted; what hangs at a case stays, without its uploader."""
    loose = Attachment.objects.filter(uploaded_by_id=account_id, case__isnull=True)
    paths = [path for pair in loose.values_list("path", "thumb_path") for path in pair if path]
    loose.delete()
    Attachment.objects.filter(uploaded_by_id=account_id).update(uploaded_by_id=None)
    for path in paths:
        media.remove(path)
