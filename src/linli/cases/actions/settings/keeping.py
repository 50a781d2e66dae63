"""The beats every change of a setting shares: who may, the dated row, the record, the fact."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import QuerySet

from linli.cases.events import ReferenceChanged
from linli.cases.models import AdviceRow, Category, PromiseRow, RoutingRow, UrgentRow
from linli.cases.queries import reference
from linli.cases.rules.intake import Refused, Wrong
from linli.kernel import audit, events
from linli.kernel.access import Actor, Forbidden, NotFound
from linli.kernel.clock import LOCAL

KEEPERS = ("community_leader", "admin")
Dated = TypeVar("Dated", Category, PromiseRow, RoutingRow, UrgentRow, AdviceRow)
Kept = TypeVar("Kept", bound=models.Model)


def kept_communities(actor: Actor) -> frozenset[int]:
    """The communities whose settings the actor may change."""
    return frozenset(grant.community_id for grant in actor.grants if grant.role in KEEPERS)


def require(actor: Actor, community_id: int) -> None:
    """Nothing, when the actor leads or administers the community.

    :raises NotFound: the actor has nothing to do with it.
    :raises Forbidden: keepers_only.
    """
    if community_id in kept_communities(actor) or actor.superuser:
        return
    if community_id not in actor.staff_communities:
        raise NotFound
    raise Forbidden("keepers_only")


def find(actor: Actor, rows: QuerySet[Kept], pk: int, *, locked: bool = False) -> Kept:
    """One of these rows, of a community that the actor keeps. Hidden and absent look the same.

    :param rows: of a model with a ``community_id``.
    :raises NotFound: none of this id.
    """
    mine = rows.filter(pk=pk)
    if not actor.superuser:
        mine = mine.filter(community_id__in=kept_communities(actor))
    found = (mine.select_for_update(of=("self",)) if locked else mine).first()
    if found is None:
        raise NotFound
    return found


def today(at: datetime) -> date:
    """The local day of a moment."""
    return at.astimezone(LOCAL).date()


def from_day(wanted: date | None, at: datetime, *, field: str = "valid_from") -> date:
    """The day from which a change holds: today unless a later one is wanted; the past stays as it was.

    :raises Refused: for a day in the past.
    """
    if wanted is not None and wanted < today(at):
        raise Refused(Wrong(field, "in_the_past"))
    return wanted or today(at)


def renew(row: Dated, day: date, changes: dict[str, Any]) -> Dated:
    """Let a row have other values from a day on.

    A row that begins on that day or later is amended; any other keeps what it said, ends the day before,
    and a new row follows it.
    """
    if row.valid_from < day:
        last_day, row.valid_to = row.valid_to, day - timedelta(days=1)
        row.save(update_fields=["valid_to"])
        row = type(row)(**{**_values(row), "valid_from": day, "valid_to": last_day})
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    return row


def _values(row: Category | PromiseRow | RoutingRow | UrgentRow | AdviceRow) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.fields if not field.primary_key}


def note(
    *,
    community_id: int,
    actor: Actor,
    verb: str,
    thing: str,
    at: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write the audit entry of what a keeper changed, with the duty by which they may."""
    roles = sorted(actor.roles(community_id) & set(KEEPERS))
    audit.record(
        community_id=community_id,
        actor=actor,
        role=roles[0] if roles else "",
        verb=verb,
        object=thing,
        at=at,
        detail=detail,
    )


def record(
    *,
    community_id: int,
    actor: Actor,
    verb: str,
    thing: str,
    at: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write the audit entry, tell the house, and let every cache of this process read afresh."""
    note(community_id=community_id, actor=actor, verb=f"cases.{verb}", thing=thing, at=at, detail=detail)
    events.publish(ReferenceChanged(community_id=community_id, at=at, what=verb))
    reference.forget(community_id)
    transaction.on_commit(lambda: reference.forget(community_id))


def plain(
    row: Category | PromiseRow | RoutingRow | UrgentRow | AdviceRow, names: Iterable[str]
) -> dict[str, Any]:
    """Some of a row's values as the audit keeps them."""
    kept = {}
    for name in names:
        value = getattr(row, name)
        kept[name] = value if isinstance(value, (str, int, bool, list, type(None))) else str(value)
    return kept
