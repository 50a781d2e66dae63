"""Who may read topics, repeat problems and lasting fixes, and who decides on them; hidden and absent look the same."""

from __future__ import annotations

from linli.kernel.access import Actor, Forbidden, NotFound
from linli.triage.models import LastingFix, Repeat, Topic

DECIDERS = frozenset({"dispatcher", "community_leader"})
READERS = DECIDERS | {"auditor"}


def require_reader(actor: Actor, community_id: int) -> None:
    """Nothing, when the actor may read them in this community.

    :raises NotFound: the actor has nothing to do with it there.
    """
    if not actor.system and not actor.roles(community_id) & READERS:
        raise NotFound


def may_decide(actor: Actor, community_id: int) -> bool:
    """Whether the actor decides on them there."""
    return actor.system or bool(actor.roles(community_id) & DECIDERS)


def require_decider(actor: Actor, community_id: int) -> None:
    """Nothing, when the actor decides on them in this community.

    :raises NotFound: the actor may not even read them.
    :raises Forbidden: readers_only.
    """
    require_reader(actor, community_id)
    if not may_decide(actor, community_id):
        raise Forbidden("readers_only")


def topic(actor: Actor, topic_id: int, *, lock: bool = False) -> Topic:
    """The topic, for this actor.

    :raises NotFound: there is none, or it is not for this actor to see.
    """
    found = Topic.objects.select_for_update(of=("self",)) if lock else Topic.objects.select_related("head")
    row = found.filter(pk=topic_id).first()
    if row is None:
        raise NotFound
    require_reader(actor, row.community_id)
    return row


def repeat(actor: Actor, repeat_id: int, *, lock: bool = False) -> Repeat:
    """The repeat problem, for this actor.

    :raises NotFound: there is none, or it is not for this actor to see.
    """
    found = Repeat.objects.select_for_update(of=("self",)) if lock else Repeat.objects.select_related("fix")
    row = found.filter(pk=repeat_id).first()
    if row is None:
        raise NotFound
    require_reader(actor, row.community_id)
    return row


def fix(actor: Actor, fix_id: int, *, lock: bool = False) -> LastingFix:
    """The lasting fix, for this actor.

    :raises NotFound: there is none, or it is not for this actor to see.
    """
    found = LastingFix.objects.select_for_update(of=("self",)) if lock else LastingFix.objects.all()
    row = found.filter(pk=fix_id).first()
    if row is None:
        raise NotFound
    require_reader(actor, row.community_id)
    return row
