"""A staff member's own views of the queue, kept under a name."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from linli.cases.models import SavedFilter
from linli.cases.rules.intake import Refused, Wrong
from linli.kernel import audit
from linli.kernel.access import Actor, Forbidden, NotFound

MOST = 20
#: What of a queue's address a saved filter keeps; a search for words or a phone is not kept.
KEYS = ("tab", "category", "urgency", "place", "organisation", "period", "order")


def save_filter(*, actor: Actor, community_id: int, name: str, query: str, at: datetime) -> SavedFilter:
    """Keep a view of the queue under a name; the same name again replaces it.

    :raises Forbidden: the actor does not serve in the community.
    :raises Refused: no name, too long a name, or too many filters.
    """
    if actor.account_id is None or community_id not in actor.staff_communities:
        raise Forbidden("not_staff_here")
    name = name.strip()
    if not name or len(name) > 40:
        raise Refused(Wrong("name", "too_long" if name else "missing", "40"))
    own = SavedFilter.objects.filter(account_id=actor.account_id, community_id=community_id)
    if own.exclude(name=name).count() >= MOST:
        raise Refused(Wrong("name", "too_many_filters", str(MOST)))
    kept = urlencode({key: value for key, value in parse_qsl(query) if key in KEYS})[:500]
    with transaction.atomic():
        row, _ = SavedFilter.objects.update_or_create(
            account_id=actor.account_id, community_id=community_id, name=name, defaults={"query": kept}
        )
        _record(actor, "save_filter", row, at)
    return row


def drop_filter(*, actor: Actor, filter_id: int, at: datetime) -> None:
    """Forget one of the actor's own filters.

    :raises NotFound: none of this id is the actor's.
    """
    if actor.account_id is None:
        raise NotFound
    with transaction.atomic():
        row = SavedFilter.objects.filter(pk=filter_id, account_id=actor.account_id).first()
        if row is None:
            raise NotFound
        _record(actor, "drop_filter", row, at)
        row.delete()


def _record(actor: Actor, verb: str, row: SavedFilter, at: datetime) -> None:
    audit.record(
        community_id=row.community_id,
        actor=actor,
        verb=f"cases.{verb}",
        object=f"filter:{row.pk}",
        at=at,
        detail={"query": row.query},
    )
