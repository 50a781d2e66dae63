"""Which communities there are, and in which of them there is something to do. Told by `queries`, as all answers are."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from linli.grids import sql
from linli.kernel import scope


def community_ids() -> list[int]:
    """The ids of all communities in force: for work that goes on in each of them."""
    fetch = partial(connection.fetch_prepared, walled=False)  # type: ignore[attr-defined]  # our own backend
    listed = fetch(sql.COMMUNITY_IDS, {})
    return [int(one) for one in listed[0].split(",")] if listed and listed[0] else []


def communities_with(*found: QuerySet[Any]) -> list[int]:
    """The communities in which one of these finds a row, in one statement: most passes of a sweep find nothing.

    :param found: rows with a ``community_id``, in all communities; such as an index answers.
    """
    first, *others = (each.order_by().values_list("community_id", flat=True).distinct() for each in found)
    with scope.within(community_ids()):
        return sorted(first.union(*others) if others else first)
