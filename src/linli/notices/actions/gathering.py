"""Several notices in one: a person's daily digest, and a group of colleagues to which much comes at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from linli.grids import queries as places
from linli.kernel import scope
from linli.kernel.clock import LOCAL
from linli.notices import saying
from linli.notices.actions.telling import tell
from linli.notices.models import Notice
from linli.notices.queries import choices
from linli.notices.rules import delivery
from linli.notices.rules.addressing import To
from linli.notices.rules.delivery import State
from linli.notices.rules.kinds import Urgency

BATCH = 500
LISTED = 12  # lines of a digest; the rest is on the page
GATHER_FROM = 6  # so many at once to one group become one message
#: Surely not sent yet: not tried, or kept back by our own limit.
UNSENT = Q(tries=0) | Q(reason="own_limit")
INBOX = "/me/notices/"


def sweep(at: datetime) -> int:
    """Send every digest that is due, and gather what comes in heaps; returns how many notices went into others."""
    done = 0
    for community_id in places.communities_with(_held(at), _to_groups(at)):
        with scope.within([community_id]):
            done += digests(community_id, at) + heaps(community_id, at)
    return done


def _held(at: datetime) -> QuerySet[Notice]:
    """What waits for a digest that is due."""
    return Notice.objects.filter(state=State.HELD.value, next_at__lte=at)


def _to_groups(at: datetime) -> QuerySet[Notice]:
    """What is due to groups of colleagues and can be gathered. What may save a life stays alone."""
    waiting = Notice.objects.filter(state=State.WAITING.value, next_at__lte=at, robot__isnull=False)
    return waiting.filter(UNSENT).exclude(urgency=Urgency.CRITICAL.value).exclude(kind="gathered")


def digests(community_id: int, at: datetime) -> int:
    """The daily digests of one community."""
    done = 0
    while True:
        with transaction.atomic():
            held = list(
                _held(at)
                .filter(community_id=community_id)
                .select_for_update(skip_locked=True)
                .order_by("account", "pk")[:BATCH]
            )
            by_person: dict[int, list[Notice]] = defaultdict(list)
            for one in held:
                by_person[one.account_id or 0].append(one)
            for account_id, mine in by_person.items():
                _digest(community_id, account_id, mine, at)
        done += len(held)
        if len(held) < BATCH:
            return done


def _digest(community_id: int, account_id: int, mine: Sequence[Notice], at: datetime) -> None:
    if len(mine) == 1:
        _let_go(mine[0], at)
        return
    fact = f"notices.digest:{at.astimezone(LOCAL).date().isoformat()}:{mine[0].pk}"
    tell(
        community_id=community_id,
        kind="digest",
        fact=fact,
        to=[To.person(account_id)],
        values=lambda language: _listed(community_id, language, mine),
        link=INBOX,
        at=at,
    )
    _into(community_id, fact, mine, at)


def _let_go(one: Notice, at: datetime) -> None:
    """A single one needs no digest."""
    hours = delivery.hours_of(choices.wishes_of(one.account_id or 0), choices.hours(one.community_id, at))
    one.next_at = delivery.earliest(Urgency(one.urgency), hours, at.astimezone(LOCAL)) if one.roads else None
    one.state = (State.WAITING if one.roads else State.RESTING).value
    one.begun_at = at
    one.save(update_fields=["next_at", "state", "begun_at"])


def heaps(community_id: int, at: datetime) -> int:
    """Groups of colleagues to which much is due at once: one message instead."""
    here = _to_groups(at).filter(community_id=community_id)
    full = here.values("robot").annotate(n=Count("pk")).filter(n__gte=GATHER_FROM)
    return sum(_gather(community_id, row["robot"], at) for row in full.order_by())


def _gather(community_id: int, robot_id: int, at: datetime) -> int:
    with transaction.atomic():
        mine = list(
            _to_groups(at)
            .filter(community_id=community_id, robot_id=robot_id)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("robot")
            .order_by("pk")[:BATCH]
        )
        if len(mine) < GATHER_FROM or mine[0].robot is None:
            return 0
        robot = mine[0].robot
        fact = f"notices.gathered:{robot_id}:{mine[0].pk}"
        to = [To.body(robot.organisation_id) if robot.organisation_id else To.room()]
        tell(
            community_id=community_id,
            kind="gathered",
            fact=fact,
            to=to,
            values=lambda language: _listed(community_id, language, mine),
            link="/desk/",
            at=at,
            only_robot=robot_id,
        )
        _into(community_id, fact, mine, at)
    return len(mine)


def _listed(community_id: int, language: str, mine: Sequence[Notice]) -> dict[str, str]:
    lines = [f"· {one.title}　{one.fields.get('number', '')}".rstrip() for one in mine[:LISTED]]
    more = len(mine) - LISTED
    return {
        "community": saying.community_name(community_id, language),
        "count": str(len(mine)),
        "list": "\n".join([*lines, *([f"… +{more}"] if more > 0 else [])]),
    }


def _into(community_id: int, fact: str, mine: Sequence[Notice], at: datetime) -> None:
    made = Notice.objects.filter(community_id=community_id, fact=fact).order_by("pk").first()
    if made is None:  # the community does not tell of this kind: each goes by itself
        for one in mine:
            _let_go(one, at)
        return
    Notice.objects.filter(pk__in=[one.pk for one in mine]).update(
        state=State.GATHERED.value, into=made, next_at=None, ended_at=at
    )


def rest(at: datetime) -> int:
    """Give up what nobody read for so long; returns how many."""
    done = 0
    for place in places.communities():
        with scope.within([place.id]):
            old = Notice.objects.filter(
                community_id=place.id, state=State.RESTING.value, told_at__lt=at - delivery.REST
            )
            done += old.update(state=State.GIVEN_UP.value, reason="not_read", ended_at=at, next_at=None)
    return done
