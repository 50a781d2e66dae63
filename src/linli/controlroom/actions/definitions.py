"""Deciding how a rate is counted, from a day on. The past keeps what it was counted by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from linli.cases.rules.intake import Refused, Wrong
from linli.controlroom import access
from linli.controlroom.actions.recording import record
from linli.controlroom.models import DefinitionRow
from linli.controlroom.rules import definitions
from linli.controlroom.rules.definitions import Definition
from linli.kernel.access import Actor, NotFound
from linli.kernel.clock import LOCAL

LONGEST_LINE = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """A definition as it is to be, from a day on (None: today)."""

    definition: Definition
    valid_from: date | None = None
    why: str = ""
    source: str = ""


def check(wanted: Wanted, *, at: datetime) -> date:
    """The day from which the definition would hold.

    :raises Refused: with everything that is wrong with it.
    """
    today = at.astimezone(LOCAL).date()
    wrong = [Wrong(fault.field, fault.code, fault.limit) for fault in definitions.faults(wanted.definition)]
    if wanted.valid_from is not None and wanted.valid_from < today:
        wrong.append(Wrong("valid_from", "in_the_past"))
    if not wanted.why.strip():
        wrong.append(Wrong("why", "missing"))
    for name in ("why", "source"):
        if len(getattr(wanted, name)) > LONGEST_LINE:
            wrong.append(Wrong(name, "too_long", str(LONGEST_LINE)))
    if wrong:
        raise Refused(*wrong)
    return wanted.valid_from or today


def set_definition(*, actor: Actor, community_id: int, wanted: Wanted, at: datetime) -> DefinitionRow:
    """Let a rate be counted so from a day on; the version before it ends the day before.

    A version that begins on the same day is amended; one that begins later stays and follows.

    :raises Forbidden: the actor keeps no settings here.
    :raises Refused: a value is unknown, the day is past, or no reason is given.
    """
    access.require(actor, community_id, access.KEEPERS)
    day = check(wanted, at=at)
    code = wanted.definition.code
    with transaction.atomic():
        _one_at_a_time(community_id, code)
        rows = list(DefinitionRow.objects.filter(community_id=community_id, code=code).order_by("valid_from"))
        row = next((row for row in rows if row.valid_from == day), None)
        before = dict(row.says) if row else None
        row = row or DefinitionRow(community_id=community_id, code=code, valid_from=day)
        _end_before(rows, day)
        later = next((other for other in rows if other.valid_from > day), None)
        row.valid_to = later.valid_from - timedelta(days=1) if later else None
        row.says = definitions.as_plain(wanted.definition)
        row.why, row.source = wanted.why.strip(), wanted.source.strip()
        row.set_by_id, row.set_at = actor.account_id, at
        row.save()
        detail = {"code": code, "from": day.isoformat(), "before": before, "now": row.says}
        _record(actor, row, "set_definition", at, detail)
    return row


def drop_definition(*, actor: Actor, community_id: int, definition_id: int, at: datetime) -> None:
    """Take back a version that does not hold yet; the one before it goes on.

    :raises NotFound: none of this id that is still to come.
    """
    access.require(actor, community_id, access.KEEPERS)
    today = at.astimezone(LOCAL).date()
    with transaction.atomic():
        row = (
            DefinitionRow.objects.select_for_update()
            .filter(pk=definition_id, community_id=community_id, valid_from__gt=today)
            .first()
        )
        if row is None:
            raise NotFound
        _one_at_a_time(community_id, row.code)
        earlier = DefinitionRow.objects.filter(
            community_id=community_id, code=row.code, valid_to=row.valid_from - timedelta(days=1)
        )
        earlier.update(valid_to=row.valid_to)
        detail = {"code": row.code, "from": row.valid_from.isoformat(), "said": row.says}
        _record(actor, row, "drop_definition", at, detail)
        row.delete()


def _one_at_a_time(community_id: int, code: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"definition {community_id} {code}"])


def _end_before(rows: list[DefinitionRow], day: date) -> None:
    for row in rows:
        if row.valid_from < day and (row.valid_to is None or row.valid_to >= day):
            row.valid_to = day - timedelta(days=1)
            row.save(update_fields=["valid_to"])


def _record(actor: Actor, row: DefinitionRow, verb: str, at: datetime, detail: dict[str, object]) -> None:
    record(
        community_id=row.community_id,
        actor=actor,
        roles=access.KEEPERS,
        verb=verb,
        thing=f"definition:{row.pk}",
        at=at,
        detail=detail,
    )
