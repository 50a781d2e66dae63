"""Adding to a request by the app that filed it (an extension): more words, taking it up again, withdrawing it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.cases.actions import moves
from linli.cases.rules import intake
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import OPEN, State, Verb
from linli.integrations.open311.models import AppKey, Filed
from linli.integrations.open311.rules.faults import Fault, Refused, unknown, wrong
from linli.kernel import access, idempotency

MOST_WORDS = 4000
REOPENED_FOR = "not_solved"


def add(
    *, key: AppKey, number: str, words: str, status: str, update_id: str, state: str, at: datetime
) -> None:
    """Write an update into the case, as its reporter's own word; the same ``update_id`` is written once.

    :param status: ``open`` takes a closed request up again, ``closed`` withdraws one that nobody works on yet.
    :param state: where the case stands now.
    :raises Refused: not filed with this key, nothing to add, or it does not fit.
    """
    filed = Filed.objects.filter(community_id=key.community_id, number=number).first() if number else None
    if filed is None or filed.key_id != key.pk:
        raise Refused(unknown("request_unknown", number) if filed is None else Fault(403, "not_yours"))
    verb = _verb(words, status, state)

    def make() -> str:
        _move(filed, Given(verb=verb, words=words, reason=REOPENED_FOR if verb is Verb.REOPEN else ""), at)
        return number

    with transaction.atomic():
        if not update_id:
            make()
            return
        digest = idempotency.key_digest(f"open311:{key.pk}", f"update:{number}:{update_id}")
        idempotency.once(digest, idempotency.body_digest(words, status), make)


def _verb(words: str, status: str, state: str) -> Verb:
    if len(words) > MOST_WORDS:
        raise Refused(wrong("too_long", f"description {MOST_WORDS}"))
    if status not in {"", "open", "closed"}:
        raise Refused(wrong("status_unknown", status[:40]))
    is_open = State(state) in OPEN
    if status == "closed" and is_open:
        return Verb.WITHDRAW
    if status == "open" and not is_open:
        return Verb.REOPEN
    if intake.meaning_length(words) < 1:
        raise Refused(wrong("nothing_to_add"))
    return Verb.ADD


def _move(filed: Filed, given: Given, at: datetime) -> None:
    try:
        moves.take(actor=access.ANONYMOUS, number=filed.number, given=given, at=at, code=filed.code or "")
    except (moves.Conflict, access.Forbidden, access.NotFound) as refused:
        raise Refused(wrong("cannot_now")) from refused
    except intake.Refused as refused:
        raise Refused(*(wrong(f"report.{one.code}", one.limit) for one in refused.wrongs)) from refused
