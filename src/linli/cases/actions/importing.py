"""Bringing in messages that another system exported: through the same actions, at their own times, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from linli.cases.actions import moves
from linli.cases.actions.report import report
from linli.cases.models import Case
from linli.cases.queries import reference
from linli.cases.rules.intake import Channel, Refused, Report, Wrong
from linli.cases.rules.kinds import Kind
from linli.cases.rules.messages import Message
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import Verb
from linli.kernel import audit, scope, text
from linli.kernel.access import SYSTEM

BATCH = 50


@dataclass(slots=True)
class Outcome:
    """What an import did."""

    imported: int = 0
    replied: int = 0
    already_here: int = 0
    refused: list[tuple[int, tuple[Wrong, ...]]] = field(default_factory=list)  # line, why


def import_messages(
    *,
    community_id: int,
    batch: str,
    rows: Iterable[tuple[int, Message | tuple[Wrong, ...]]],
    at: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> Outcome:
    """Take each message in as a case and close it with its reply, both at their own times.

    Rows are committed fifty at a time; a row that is already here (same batch, same number) is passed over, so a
    crashed import is simply run again. Telephone and identity numbers in replies are masked, for replies are public.

    :param batch: the name of the import; with each row's own number it makes the row unique.
    """
    outcome = Outcome()
    with scope.within([community_id]):
        codes = _codes(community_id)
        waiting: list[tuple[int, Message]] = []
        for line, message in rows:
            if isinstance(message, tuple):
                outcome.refused.append((line, message))
                continue
            waiting.append((line, message))
            if len(waiting) == BATCH:
                _commit(community_id, batch, waiting, codes, outcome)
                progress(len(waiting))
                waiting = []
        _commit(community_id, batch, waiting, codes, outcome)
        progress(len(waiting))
        _record(community_id, batch, outcome, at)
    return outcome


def _codes(community_id: int) -> dict[str, str]:
    """Category names and codes, as a file may write them, to codes."""
    found: dict[str, str] = {}
    for row in reference.categories(community_id).values():
        found |= {row.name_zh: row.code, row.name_en.lower(): row.code, row.code: row.code}
    return found


def _commit(
    community_id: int, batch: str, waiting: list[tuple[int, Message]], codes: dict[str, str], outcome: Outcome
) -> None:
    if not waiting:
        return
    with transaction.atomic():
        here = set(
            Case.objects.filter(
                community_id=community_id, batch=batch, outside_number__in=[one.key for _, one in waiting]
            ).values_list("outside_number", flat=True)
        )
        for line, message in waiting:
            if message.key in here:
                outcome.already_here += 1
                continue
            here.add(message.key)
            _one(community_id, batch, line, message, codes, outcome)


def _one(
    community_id: int, batch: str, line: int, message: Message, codes: dict[str, str], outcome: Outcome
) -> None:
    try:
        with transaction.atomic():
            receipt = report(
                actor=SYSTEM,
                community_id=community_id,
                report=Report(
                    words=message.words,
                    channel=Channel.IMPORT,
                    kind=Kind.HELP,
                    category_code=codes.get(message.category.lower(), codes.get(message.category, "")),
                    outside_number=message.key,
                    batch=batch,
                ),
                at=message.at,
                limited=False,
            )
            if message.replied_at is not None:
                given = Given(Verb.REPLY, answer=text.mask_text(message.reply))
                moves.take(actor=SYSTEM, number=receipt.number, given=given, at=message.replied_at)
                outcome.replied += 1
            outcome.imported += 1
    except Refused as refused:
        outcome.refused.append((line, refused.wrongs))


def _record(community_id: int, batch: str, outcome: Outcome, at: datetime) -> None:
    with transaction.atomic():
        audit.record(
            community_id=community_id,
            actor=SYSTEM,
            role="system",
            verb="cases.import",
            object=f"batch:{batch}"[:80],
            at=at,
            detail={
                "imported": outcome.imported,
                "replied": outcome.replied,
                "already_here": outcome.already_here,
                "refused": len(outcome.refused),
            },
        )
