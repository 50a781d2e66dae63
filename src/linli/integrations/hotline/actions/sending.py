"""Messages leave: each by itself, in their words, tried again with growing pauses until they take it."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.db.models import QuerySet

from linli.grids import queries as places
from linli.integrations.hotline.models import Line, Message, Order
from linli.integrations.hotline.rules import mapping as mappings
from linli.integrations.hotline.rules import orders
from linli.integrations.hotline.rules.mapping import BadMapping, Mapping, Sends
from linli.integrations.hotline.rules.orders import Standing
from linli.kernel import outside, scope
from linli.kernel.outside import Unreached

BATCH = 50
LEASE = timedelta(minutes=2)  # a message taken by a worker that died is due again after this
SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Sent:
    """What one try came to: an empty code is success."""

    code: str = ""
    number: str = ""  # theirs, where their answer names it
    again: bool = True


def sweep(at: datetime) -> int:
    """Send what is due, community by community; how many messages were tried."""
    return sum(_sweep_community(one, at) for one in places.communities_with(_due(at)))


def _due(at: datetime) -> QuerySet[Message]:
    return Message.objects.filter(state=Message.State.WAITING, next_at__lte=at, order__line__active=True)


def _sweep_community(community_id: int, at: datetime) -> int:
    tried = 0
    with scope.within([community_id]):
        while True:
            taken = _claim(community_id, at)
            for message in taken:
                _note(message, send(message), at)
            tried += len(taken)
            if len(taken) < BATCH:
                return tried


def _claim(community_id: int, at: datetime) -> list[Message]:
    """Take some of what is due; nobody else takes it while the lease runs. Of one order, the oldest message first."""
    with transaction.atomic():
        found = _due(at).filter(community_id=community_id)
        rows = found.select_for_update(skip_locked=True, of=("self",)).select_related("order__line")
        taken = list(rows.order_by("pk")[:BATCH])
        Message.objects.filter(pk__in=[one.pk for one in taken]).update(next_at=at + LEASE)
    return taken


def send(message: Message) -> Sent:
    """One try. The key that goes along is the same for every try, so that their side can know a repeat."""
    line = message.order.line
    try:
        mapping = mappings.load(line.mapping)
    except BadMapping:
        return Sent("bad_mapping", again=False)
    road = mapping.messages.get(Sends(message.kind))
    if road is None or not line.address:
        return Sent("no_road", again=False)
    said = mappings.message(mapping, road.fields, values_of(message))
    body = json.dumps(said, ensure_ascii=False).encode()
    path = road.path.format(number=quote(message.order.number, safe=""), since="", until="", page="")
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": f"linli-{message.community_id}-{message.pk}",
        **signed(line, mapping, body, message.next_at or message.made_at),
    }
    try:
        answer = outside.ask(
            road.method, line.address.rstrip("/") + path, headers=headers, body=body, seconds=SECONDS
        )
        return _read(mapping, answer)
    except Unreached as error:
        return Sent(error.code, again=error.again)


def values_of(message: Message) -> dict[str, Any]:
    """Our values for a message: what was noted with it, and both numbers."""
    order = message.order
    return {**message.values, "number": order.number or None, "our_number": order.case_number or None}


def signed(line: Line, mapping: Mapping, body: bytes, at: datetime) -> dict[str, str]:
    """The headers by which they know us."""
    token = line.token or ""
    if not token:
        return {}
    if mapping.auth == "bearer":
        return {"Authorization": f"Bearer {token}"}
    if mapping.auth == "hmac":
        stamp = str(int(at.timestamp()))
        return {"X-Timestamp": stamp, "X-Signature": signature(token, stamp, body)}
    return {mapping.auth.removeprefix("header:"): token}


def signature(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the moment (Unix seconds), a full stop and the body, in hex."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _read(mapping: Mapping, answer: outside.Answer) -> Sent:
    if not answer.good:
        return Sent(
            f"http_{answer.status}", again=answer.status >= 500 or answer.status in {408, 409, 425, 429}
        )
    if not (mapping.ok_path or mapping.number_path):
        return Sent()
    said = answer.json()
    if not mappings.taken(mapping, said):
        return Sent(f"said_{str(mappings.at_path(said, mapping.ok_path))[:40]}", again=True)
    number = mappings.at_path(said, mapping.number_path) if mapping.number_path else ""
    return Sent(number=str(number or "")[: orders.LONGEST_NUMBER])


def _note(message: Message, sent: Sent, at: datetime) -> None:
    with transaction.atomic():
        message.tries += 1
        message.said = sent.code[:60]
        if not sent.code:
            message.state, message.sent_at, message.next_at = Message.State.SENT.value, at, None
            if message.kind == Sends.ORDER.value:
                _told_number(message.order, sent.number, at)
        else:
            message.next_at = orders.next_try(message.tries, at) if sent.again else None
            if message.next_at is None:
                message.state = Message.State.DEAD.value
        message.save(update_fields=["tries", "said", "state", "sent_at", "next_at"])


def _told_number(order: Order, number: str, at: datetime) -> None:
    order.number, order.standing, order.changed_at = number or order.number, Standing.OPEN.value, at
    order.save(update_fields=["number", "standing", "changed_at"])


def send_again(message: Message, at: datetime) -> None:
    """A person sends what was given up once more, from the first try."""
    Message.objects.filter(pk=message.pk, state=Message.State.DEAD).update(
        state=Message.State.WAITING, tries=0, next_at=at, said=""
    )
