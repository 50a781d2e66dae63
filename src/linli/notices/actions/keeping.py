"""What a person or a colleague does with notices: reads them, has them tried again; and what is forgotten in time."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from linli.grids import queries as places
from linli.kernel import audit, scope
from linli.kernel.access import Actor, Forbidden
from linli.kernel.clock import LOCAL
from linli.notices import access
from linli.notices.models import Attempt, MailAddress, Mailing, Notice, Preference
from linli.notices.queries import choices
from linli.notices.rules import addressing, delivery
from linli.notices.rules.delivery import State
from linli.notices.rules.kinds import KINDS, Urgency

#: What reading ends; what is under way ends when its carrier has answered.
READABLE = [state.value for state in State if state not in {State.UNDER_WAY, State.READ}]
AGAIN = frozenset({State.GIVEN_UP, State.RESTING, State.SENT})
CHUNK = 2000


def read(*, actor: Actor, notice_id: int, at: datetime) -> Notice:
    """Note that the person has read a notice; what was still to be carried stays here.

    :raises NotFound: not one of the person's own.
    """
    with access.entered(actor), transaction.atomic():
        one = access.find_own(actor, notice_id, lock=True)
        if one.read_at is None:
            _read(Notice.objects.filter(pk=one.pk), at)
            one.refresh_from_db()
        return one


def read_all(*, actor: Actor, at: datetime, up_to: int | None = None) -> int:
    """Note that the person has read everything so far (up to a notice they have seen)."""
    with access.entered(actor), transaction.atomic():
        unread = access.own(actor).filter(read_at__isnull=True)
        if up_to is not None:
            unread = unread.filter(pk__lte=up_to)
        return _read(unread, at)


def _read(unread: QuerySet[Notice], at: datetime) -> int:
    keys = list(unread.select_for_update().order_by("pk").values_list("pk", flat=True))
    mine = Notice.objects.filter(pk__in=keys)
    mine.filter(state__in=READABLE, ended_at__isnull=True).update(ended_at=at)
    mine.filter(state__in=READABLE).exclude(state=State.GATHERED.value).update(
        state=State.READ.value, next_at=None
    )
    return mine.update(read_at=at)


def again(*, actor: Actor, notice_id: int, at: datetime) -> Notice:
    """Have a notice tried again from its first road, under a new key.

    :raises NotFound: no such notice in the actor's community.
    :raises Forbidden: not_to_be_tried: it arrived, was read, or is on its way.
    """
    with access.entered(actor), transaction.atomic():
        one = access.find_delivery(actor, notice_id, lock=True)
        if State(one.state) not in AGAIN or one.read_at is not None:
            raise Forbidden("not_to_be_tried")
        one.roads = list(_roads(one))
        if not one.roads:
            raise Forbidden("no_road")
        one.turn, one.tries, one.reason, one.begun_at = one.turn + 1, 0, "", at
        hours = _hours(one, at)
        one.state, one.ended_at = State.WAITING.value, None
        one.next_at = delivery.earliest(Urgency(one.urgency), hours, at.astimezone(LOCAL))
        one.save()
        audit.record(
            community_id=one.community_id,
            actor=actor,
            verb="notices.again",
            object=f"notice:{one.pk}",
            at=at,
            detail={"kind": one.kind, "roads": list(one.roads)},
        )
        return one


def _roads(one: Notice) -> tuple[str, ...]:
    if one.robot is not None:
        return (one.robot.road,) if one.robot.stopped_at is None else ()
    kind, chosen = KINDS.get(one.kind), choices.roads_of(one.community_id, one.kind)
    if kind is None:  # of a room that is no longer there
        return ()
    if not addressing.has_page(one.recipient):
        return ("sms",) if chosen is None or "sms" in chosen else ()
    return delivery.roads(kind, chosen, choices.wishes_of(one.account_id or 0))


def _hours(one: Notice, at: datetime) -> str:
    return delivery.hours_of(choices.wishes_of(one.account_id or 0), choices.hours(one.community_id, at))


def held(account_id: int) -> dict[str, object]:
    """What we keep of a person, for their export."""
    with scope.within(places.community_ids()):
        told = Notice.objects.filter(account_id=account_id).order_by("pk")
        columns = ("kind", "title", "words", "told_at", "road", "state", "sent_at", "read_at")
        rows = [dict(zip(columns, row, strict=True)) for row in told.values_list(*columns)]
    own = Preference.objects.filter(account_id=account_id).first()
    mail = MailAddress.objects.filter(account_id=account_id).first()
    return {
        "notices": rows,
        "choices": {"off": own.off, "on": own.on, "quiet": own.quiet, "digest": own.digest} if own else None,
        "email": mail.address if mail else None,
    }


def erase(account_id: int, at: datetime) -> None:
    """Forget everything that was told to a person, and how they wanted it."""
    with scope.within(places.community_ids()):
        mine = Notice.objects.filter(account_id=account_id)
        Notice.objects.filter(into__in=mine).update(into=None)
        Attempt.objects.filter(notice__in=mine).delete()
        mine.delete()
        Mailing.objects.filter(asked_by_id=account_id).update(asked_by=None)
    Preference.objects.filter(account_id=account_id).delete()
    MailAddress.objects.filter(account_id=account_id).delete()


def forget(at: datetime) -> int:
    """Forget what ended long ago, by each community's own number of days; returns how many notices."""
    done = 0
    for place in places.communities():
        days = int(places.setting(place.id, "notices_days", at))
        with scope.within([place.id]), transaction.atomic():
            old = Notice.objects.filter(
                Q(ended_at__lt=at - timedelta(days=days)), community_id=place.id
            ).order_by("ended_at")
            keys = list(old.values_list("pk", flat=True)[:CHUNK])
            Notice.objects.filter(into__in=keys).update(into=None)
            Attempt.objects.filter(notice__in=keys).delete()
            done += Notice.objects.filter(pk__in=keys).delete()[0]
    return done
