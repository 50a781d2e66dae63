"""Messages of the demo: its past is told at its own times, receipts come in, and its groups have robots.

Nothing leaves the machine: SMS and robots of the demo speak to the console (`integrations/console`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.integrations.console.carrier import DEMO_HOST
from linli.kernel import scope
from linli.notices.actions import carrying
from linli.notices.actions.receipts import receive
from linli.notices.models import Attempt, Notice, Robot
from linli.notices.rules.delivery import State
from linli.people import queries as people

LONG_AGO = timedelta(minutes=10)
BATCH = 400
MOMENT = timedelta(seconds=4)  # from fact to carrier
UNREAD = timedelta(days=3)
READ_AFTER = timedelta(hours=2)


def give_robots(community: PlaceRow, leader_id: int, at: datetime) -> None:
    """A robot in the room's group and one in the property company's."""
    companies = (
        people.organisations([community.id]).filter(kind="property_company").values_list("pk", "name_zh")
    )
    rows: list[tuple[str, str, int | None]] = [("wecom", "调度大厅群", None)]
    rows += [("dingtalk", f"{name}工作群", pk) for pk, name in companies[:1]]
    for road, name, body in rows:
        Robot.objects.create(
            community_id=community.id,
            organisation_id=body,
            road=road,
            name=name,
            address=f"https://{DEMO_HOST}/{name}",
            made_by_id=leader_id,
            made_at=at,
        )


def carry(at: datetime) -> int:
    """What is due, the past at its own times and the present now, and the receipts of what was sent."""
    done = 0
    for community_id in places.communities_with(carrying.due(at), _unanswered()):
        caught = catch_up(community_id, at)
        if caught:
            leave_read(community_id, at)
        # While there is more of the past, what is due now need not wait for it.
        since = at - LONG_AGO if caught == BATCH else None
        done += caught + carrying.sweep_community(community_id, at, since=since)
        done += bring_receipts(community_id, at)
    return done


def catch_up(community_id: int, at: datetime) -> int:
    """Carry what the demo's past told at the times it was told; returns how much."""
    with scope.within([community_id]):
        past = carrying.due(at).filter(
            community_id=community_id, state=State.WAITING.value, next_at__lt=at - LONG_AGO, made=0
        )
        rows = list(past.order_by("next_at").select_related("robot")[:BATCH])
        for one in rows:
            moment = (one.next_at or one.told_at) + MOMENT
            going = carrying.set_out([one], community_id, moment)
            note_past(one, going, moment)
    return len(rows)


def leave_read(community_id: int, at: datetime) -> int:
    """Whoever lived in the demo's past read what they were told, but for the last days; returns how much."""
    with scope.within([community_id]):
        unread = Notice.objects.filter(
            community_id=community_id, account__isnull=False, read_at__isnull=True, told_at__lt=at - UNREAD
        )
        return unread.update(read_at=F("told_at") + READ_AFTER)


def note_past(one: Notice, going: list[carrying.Going], moment: datetime) -> None:
    """Write one letter of the past down, carried and answered at its own moment."""
    one.save()
    for letter in going:
        letter.attempt.save()
    carrying.note(going, carrying.carry(going, moment), moment)


def _unanswered() -> QuerySet[Attempt]:
    """The SMS that were sent and of which no receipt has come."""
    return Attempt.objects.filter(road="sms", result="sent", receipt="").exclude(reference="")


def bring_receipts(community_id: int, at: datetime) -> int:
    """The SMS of the demo arrive; returns how many did."""
    with scope.within([community_id]):
        sent = _unanswered().filter(community_id=community_id)
        waiting = list(sent.values_list("reference", "answered_at")[:BATCH])
    for reference, answered_at in waiting:
        receive(
            road="sms",
            reference=reference,
            arrived=True,
            code="DELIVRD",
            at=min(at, (answered_at or at) + MOMENT),
        )
    return len(waiting)
