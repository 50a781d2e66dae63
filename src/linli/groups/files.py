"""Pictures of groups: of codes for those who live there, of counts for those who keep the group."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from linli.groups import access
from linli.groups.models import ChatGroup, GroupCode, GroupFile, HeadCount
from linli.kernel.access import Actor, NotFound
from linli.kernel.media import Stored, kept


def store(actor: Actor, file: kept.Upload) -> Stored:
    """Check, clean and store a picture; before the action that writes it down.

    :raises Turned: it cannot be taken.
    """
    return kept.store(actor, file, purpose="group")


def keep(
    actor: Actor, group: ChatGroup, stored: Stored, *, at: datetime, count: HeadCount | None = None
) -> GroupFile:
    """Write a stored picture down."""
    return kept.keep(
        GroupFile,
        stored,
        actor=actor,
        community_id=group.community_id,
        at=at,
        group=group,
        count=count,
    )


def of_counts(count_ids: Iterable[int]) -> dict[int, list[uuid.UUID]]:
    """The tickets of the pictures of counts, by count."""
    found: dict[int, list[uuid.UUID]] = {}
    rows = GroupFile.objects.filter(count_id__in=list(count_ids)).order_by("pk")
    for count_id, ticket in rows.values_list("count_id", "ticket"):
        found.setdefault(count_id or 0, []).append(ticket)
    return found


def find(actor: Actor, ticket: uuid.UUID) -> GroupFile:
    """A picture for those who keep its group.

    :raises NotFound: none such, or of a group that is not the actor's affair.
    """
    found = GroupFile.objects.filter(community_id__in=actor.staff_communities, ticket=ticket).first()
    if found is None:
        raise NotFound
    access.find(actor, found.group_id)
    return found


def find_code(actor: Actor, ticket: uuid.UUID, today: date) -> GroupCode:
    """A way into a group, while it works, for somebody who belongs to its community.

    :raises NotFound: none such, over, replaced, or of a community that is not the actor's.
    """
    mine = actor.communities | actor.staff_communities
    found = (
        GroupCode.objects.select_related("group", "picture")
        .filter(
            community_id__in=mine,
            ticket=ticket,
            ended_at__isnull=True,
            last_date__gte=today,
            group__closed_at__isnull=True,
        )
        .first()
    )
    if found is None:
        raise NotFound
    return found


def known(paths: Sequence[str]) -> set[str]:
    """Those of the paths that some row names; the communities are entered by the caller."""
    return kept.known(GroupFile, paths)
