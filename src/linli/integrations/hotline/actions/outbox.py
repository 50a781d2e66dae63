"""Putting a message for them into the outbox, once for each step, in the transaction of the step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linli.integrations.hotline.models import Message, Order
from linli.integrations.hotline.rules import mapping
from linli.integrations.hotline.rules.mapping import BadMapping, Sends


def put(
    order: Order, kind: Sends, seq: int, values: dict[str, Any], *, at: datetime, again: bool = False
) -> Message | None:
    """Write the message down, if this line wants such messages.

    :param seq: the case's move that it tells of; the same kind and move are told once.
    :param again: say it anew although it was said before (another receipt for an order that was mended).
    """
    state = _state(order, kind)
    if state is None:
        return None
    told = {
        "at": at.isoformat(),
        "kind": kind.value,
        **{key: held for key, held in values.items() if held is not None},
    }
    fresh: dict[str, Any] = {
        "values": told,
        "state": state,
        "next_at": at,
        "made_at": at,
        "tries": 0,
        "said": "",
        "sent_at": None,
        "batch": "",
    }
    keys: dict[str, Any] = {
        "community_id": order.community_id,
        "order": order,
        "kind": kind.value,
        "seq": seq,
    }
    if again:
        return Message.objects.update_or_create(**keys, defaults=fresh)[0]
    return Message.objects.get_or_create(**keys, defaults=fresh)[0]


def _state(order: Order, kind: Sends) -> str | None:
    """Whether it goes by itself, with the next table, or not at all (a mapping that knows no such message)."""
    try:
        told = mapping.load(order.line.mapping)
    except BadMapping:
        return Message.State.TABLE.value
    if order.line.address and kind in told.messages:
        return Message.State.WAITING.value
    return Message.State.TABLE.value if told.table and kind is not Sends.PROGRESS else None
