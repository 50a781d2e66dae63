"""What a carrier says later of a letter it took: it arrived, or it did not and the next road is tried."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.grids import queries as places
from linli.kernel import scope
from linli.notices.actions import carrying
from linli.notices.models import Attempt, Notice
from linli.notices.rules import delivery
from linli.notices.rules.delivery import State

LONGEST_CODE = 60


def receive(*, road: str, reference: str, arrived: bool, code: str = "", at: datetime) -> bool:
    """Note a receipt; the same one twice changes nothing.

    :param reference: the carrier's number of the message, as `Carried.reference` gave it.
    :returns: whether we know the message.
    """
    if not reference:
        return False
    with scope.within(places.community_ids()), transaction.atomic():
        attempt = (
            Attempt.objects.select_for_update(of=("self",))
            .filter(road=road, reference=reference)
            .order_by("-pk")
            .first()
        )
        if attempt is None:
            return False
        if not attempt.receipt:
            _note(attempt, arrived=arrived, code=code, at=at)
        return True


def _note(attempt: Attempt, *, arrived: bool, code: str, at: datetime) -> None:
    attempt.receipt = Attempt.Receipt.ARRIVED if arrived else Attempt.Receipt.FAILED
    attempt.receipt_code, attempt.receipt_at = code[:LONGEST_CODE], at
    attempt.save(update_fields=["receipt", "receipt_code", "receipt_at"])
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=attempt.notice_id)
    if notice.made != attempt.n or State(notice.state) is not State.SENT:
        return
    if arrived:
        notice.state = State.ARRIVED.value
        notice.save(update_fields=["state"])
        return
    now = carrying.now_of(notice)
    carrying.step(notice, delivery.next_road(now, at=at, code=attempt.receipt_code or "not_arrived"), at)
    notice.save(update_fields=list(carrying.STEPPED))
