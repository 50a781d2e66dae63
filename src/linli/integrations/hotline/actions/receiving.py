"""Orders of a hotline arrive: each becomes a case once, and whatever it says later reaches that case."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from linli.cases.actions import moves
from linli.cases.actions.moves import Conflict
from linli.cases.actions.report import report
from linli.cases.queries import reference, steps
from linli.cases.rules.intake import Channel, PlaceGiven, Refused, Report, Wrong
from linli.cases.rules.kinds import Kind
from linli.cases.rules.moves import Given
from linli.cases.rules.promises import Urgency
from linli.cases.rules.workflow import Verb
from linli.integrations.hotline.actions import outbox
from linli.integrations.hotline.models import Line, Order
from linli.integrations.hotline.rules import orders
from linli.integrations.hotline.rules.mapping import Mapping, Sends, Tells
from linli.integrations.hotline.rules.orders import Incoming, Standing, Way
from linli.kernel import audit, scope, text
from linli.kernel.access import SYSTEM, Actor, Forbidden

_PHONE = re.compile(r"\+?\d[\d -]{4,18}\d")
Row = tuple[int, Any]  # where it stood in what came (a line, a place in the list), and the order as it came


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one order that arrived: ``taken``, ``changed``, ``same``, ``refused``."""

    line: int
    number: str
    result: str
    our_number: str = ""
    wrongs: tuple[Wrong, ...] = ()


@dataclass(slots=True)
class Outcome:
    """What a delivery came to, order by order."""

    done: list[Done] = field(default_factory=list)

    def count(self, result: str) -> int:
        """How many orders came to this."""
        return sum(one.result == result for one in self.done)

    @property
    def counts(self) -> dict[str, int]:
        """All of it in numbers."""
        return {result: self.count(result) for result in ("taken", "changed", "same", "refused")}


def receive(
    *, line: Line, mapping: Mapping, rows: Iterable[Row], at: datetime, actor: Actor = SYSTEM
) -> Outcome:
    """Take every order in, each in a transaction of its own.

    An order that cannot be taken is kept with its reasons, so that a receipt can tell them; one without a number is only
    named in the outcome. The same order again changes nothing.
    """
    outcome = Outcome()
    with scope.within([line.community_id]):
        for place, row in rows:
            read = orders.read(row, mapping)
            if isinstance(read, tuple):
                number = orders.number_of(row, mapping)
                outcome.done.append(
                    _refuse(line, place, number, read, at) if number else Done(place, "", "refused", "", read)
                )
                continue
            outcome.done.append(_one(line, place, read, at))
        _record(line, outcome, actor, at)
    return outcome


def preview(*, mapping: Mapping, rows: Iterable[Row], line: Line | None = None) -> Outcome:
    """What `receive` would come to, as far as the orders themselves tell; nothing is written."""
    outcome = Outcome()
    known = _known(line) if line is not None else {}
    seen: set[str] = set()
    for place, row in rows:
        read = orders.read(row, mapping)
        if isinstance(read, tuple):
            number = orders.number_of(row, mapping)
            outcome.done.append(Done(place, number, "refused", "", read))
            continue
        result = "same" if known.get(read.number) == read.digest or read.number in seen else "taken"
        if read.number in known and result == "taken":
            result = "changed"
        seen.add(read.number)
        outcome.done.append(Done(place, read.number, result))
    return outcome


def _known(line: Line) -> dict[str, str]:
    with scope.within([line.community_id]):
        found = Order.objects.filter(community_id=line.community_id, line=line, way=Way.IN.value)
        return dict(found.values_list("number", "digest"))


def _refuse(line: Line, place: int, number: str, wrongs: tuple[Wrong, ...], at: datetime) -> Done:
    """Keep an order that cannot be read, and tell them so once for each fault."""
    told = [[wrong.field, wrong.code, wrong.limit] for wrong in wrongs]
    with transaction.atomic():
        order = _locked(line, number)
        if order is not None and (order.case_id is not None or order.wrongs == told):
            return Done(
                place, number, "refused" if order.case_id is None else "same", order.case_number, wrongs
            )
        if order is None:
            order = _new(line, number, at)
        order.standing, order.wrongs, order.changed_at = Standing.REFUSED.value, told, at
        order.save()
        outbox.put(
            order, Sends.RECEIPT, 0, {"outcome": "refused", "wrongs": _in_words(wrongs)}, at=at, again=True
        )
    return Done(place, number, "refused", "", wrongs)


def _in_words(wrongs: tuple[Wrong, ...]) -> str:
    return "; ".join(f"{wrong.field}: {wrong.code} {wrong.limit}".strip() for wrong in wrongs)


def _locked(line: Line, number: str) -> Order | None:
    found = Order.objects.filter(community_id=line.community_id, line=line, way=Way.IN.value, number=number)
    return found.select_for_update(of=("self",)).first()


def _new(line: Line, number: str, at: datetime) -> Order:
    """The order's row; of two that arrive at once the second waits for the first and then reads what it wrote."""
    order, _made = Order.objects.get_or_create(
        community_id=line.community_id,
        line=line,
        way=Way.IN.value,
        number=number,
        defaults={"standing": Standing.REFUSED.value, "received_at": at, "changed_at": at},
    )
    return Order.objects.select_for_update(of=("self",)).get(pk=order.pk)


def _one(line: Line, place: int, read: Incoming, at: datetime) -> Done:
    ours = _of_ours(line, read)
    if ours is not None:
        return _told_of_ours(place, ours, read, at)
    with transaction.atomic():
        order = _locked(line, read.number) or _new(line, read.number, at)
        if order.case_id is None:
            return _take(line, place, order, read, at)
        if order.digest == read.digest:
            return Done(place, read.number, "same", order.case_number)
        _change(order, read, at)
        return Done(place, read.number, "changed", order.case_number)


def _take(line: Line, place: int, order: Order, read: Incoming, at: datetime) -> Done:
    """A case for it, and the receipt.

    Our own reasons against a report (too short, a category of ours that has ended) come back as theirs would.
    """
    if order.digest == read.digest and order.standing == Standing.REFUSED.value and order.wrongs:
        wrongs = tuple(Wrong(*one) for one in order.wrongs)
        return Done(place, read.number, "refused", "", wrongs)
    try:
        with transaction.atomic():
            receipt = report(
                actor=SYSTEM,
                community_id=line.community_id,
                report=_report(line, read),
                at=at,
                key=f"hotline:{line.key}:{read.number}",
                limited=False,
            )
    except Refused as refused:
        order.standing, order.digest, order.changed_at = Standing.REFUSED.value, read.digest, at
        order.wrongs = [[wrong.field, wrong.code, wrong.limit] for wrong in refused.wrongs]
        order.save()
        told = {"outcome": "refused", "wrongs": _in_words(refused.wrongs)}
        outbox.put(order, Sends.RECEIPT, 0, told, at=at, again=True)
        return Done(place, read.number, "refused", "", refused.wrongs)
    order.case_id = steps.id_of(line.community_id, receipt.number)
    order.case_number, order.standing = receipt.number, Standing.OPEN.value
    order.wrongs, order.digest, order.words_digest = [], read.digest, _digest(read.words)
    order.category, order.called_at, order.due_at = read.category[:80], read.called_at, read.due_at
    order.received_at = order.changed_at = at
    order.save()
    values = {"outcome": "taken", "due": receipt.due_at.isoformat() if receipt.due_at else None}
    outbox.put(order, Sends.RECEIPT, 0, values, at=at, again=True)
    return Done(place, read.number, "taken", receipt.number)


def _report(line: Line, read: Incoming) -> Report:
    """The order as a report. A phone is taken out of what stands in its field; without one it is simply not known."""
    lon, lat = read.point or (None, None)
    phone = _PHONE.search(read.phone)
    known = reference.categories(line.community_id)
    return Report(
        words=read.words,
        channel=Channel.HOTLINE,
        kind=Kind(read.kind) if read.kind else Kind.HELP,
        place=PlaceGiven(lon=lon, lat=lat, address=read.address),
        category_code=_category(known, read.category),
        urgency=Urgency(read.urgency) if read.urgency else None,
        anonymous=read.anonymous,
        contact_name="" if read.anonymous else read.caller,
        contact_phone="" if read.anonymous or phone is None else phone.group(),
        outside_number=read.number,
        batch=f"hotline:{line.pk}",
    )


def _category(known: Any, word: str) -> str:
    if word in known:
        return word
    return next((row.code for row in known.values() if word and word in {row.name_zh, row.name_en}), "")


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _change(order: Order, read: Incoming, at: datetime) -> None:
    """What is new in an order that we have already."""
    if read.words and _digest(read.words) != order.words_digest:
        _tell(order, Given(Verb.ADD, words=read.words), at)
        order.words_digest = _digest(read.words)
    if read.tells is Tells.URGED:
        _tell(order, Given(Verb.URGE, note="12345"), at)
    elif read.tells is Tells.WITHDRAWN:
        _tell(order, Given(Verb.WITHDRAW, note="12345"), at)
        order.standing = Standing.GONE.value
    elif read.tells is Tells.RETURN_GRANTED:
        order.standing = Standing.GONE.value
    elif read.tells is Tells.RETURN_REFUSED and order.standing == Standing.RETURNED.value:
        note = read.answer or "12345"
        _tell(order, Given(Verb.REOPEN, reason="other", words=note, note=note), at)
        order.standing = Standing.OPEN.value
    order.digest, order.changed_at = read.digest, at
    order.due_at, order.category = read.due_at or order.due_at, read.category[:80] or order.category
    order.save()


def _tell(order: Order, given: Given, at: datetime) -> None:
    """Move the case; where it has gone on, a note says what they wanted, and a person decides."""
    try:
        with transaction.atomic():
            moves.take(actor=SYSTEM, number=order.case_number, given=given, at=at)
    except (Conflict, Refused, Forbidden):
        words = given.words or given.note
        note = f"12345 · {given.verb.value}: {words}"
        moves.take(actor=SYSTEM, number=order.case_number, given=Given(Verb.NOTE, note=note[:5000]), at=at)


def _of_ours(line: Line, read: Incoming) -> Order | None:
    """The order of ours that they speak of: by our number, or by theirs."""
    found = Order.objects.filter(community_id=line.community_id, line=line, way=Way.OUT.value)
    if read.our_number:
        return found.filter(case_number=read.our_number.replace("-", "")).order_by("-pk").first()
    return found.filter(number=read.number).first()


def _told_of_ours(place: int, order: Order, read: Incoming, at: datetime) -> Done:
    """They took it, refused it, or settled it: their words stand as a note beside the case, and a person decides."""
    after = {Tells.REFUSED: Standing.REFUSED, Tells.SETTLED: Standing.SETTLED}.get(read.tells, Standing.OPEN)
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
        if order.digest == read.digest:
            return Done(place, read.number, "same", order.case_number)
        said = text.mask_text(read.answer or read.words)
        if said or after.value != order.standing:
            note = f"12345 {read.number} · {after.value}: {said}".strip(": ")
            moves.take(
                actor=SYSTEM, number=order.case_number, given=Given(Verb.NOTE, note=note[:5000]), at=at
            )
        order.number, order.digest, order.standing, order.changed_at = (
            read.number,
            read.digest,
            after.value,
            at,
        )
        order.save()
    return Done(place, read.number, "changed", order.case_number)


def _record(line: Line, outcome: Outcome, actor: Actor, at: datetime) -> None:
    if all(one.result == "same" for one in outcome.done):
        return
    with transaction.atomic():
        audit.record(
            community_id=line.community_id,
            actor=actor,
            role="system" if actor.system else "staff",
            verb="hotline.receive",
            object=f"hotline:{line.pk}",
            at=at,
            detail=outcome.counts,
        )
