"""Carry what is due: claim a batch, hand it to the carriers, note what they said. Three steps, two transactions.

A batch is claimed with SKIP LOCKED and noted as under way before any carrier hears of it; a worker that dies in between
leaves letters under way, which are taken up again after a lease, under the same key.
"""

from __future__ import annotations

import functools
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from linli.cases.queries import told
from linli.grids import queries as places
from linli.kernel import scope
from linli.kernel.clock import LOCAL
from linli.kernel.postgres import many
from linli.notices import ports
from linli.notices.models import Attempt, Notice
from linli.notices.ports import Carried, Letter, Result
from linli.notices.queries import choices
from linli.notices.rules import addressing, delivery, wording
from linli.notices.rules.delivery import NO_WISHES, Now, State, Step
from linli.notices.rules.kinds import KINDS, ROBOT_ROADS, Text, Urgency

log = logging.getLogger("linli.notices")

BATCH = 200
BUDGET_SECONDS = 8.0  # for one community, before the next one has its turn
STEPPED = ("state", "roads", "road", "tries", "made", "reason", "next_at", "sent_at", "ended_at")


@dataclass(slots=True)
class Going:
    """One letter under way."""

    notice: Notice
    attempt: Attempt
    address: str


def sweep(at: datetime, *, since: datetime | None = None) -> int:
    """Everything that is due, community by community; returns how many letters were handed to carriers.

    :param since: leave alone what was due before.
    """
    waiting = places.communities_with(due(at, since=since))
    return sum(sweep_community(one, at, since=since) for one in waiting)


def sweep_community(
    community_id: int, at: datetime, *, budget: float = BUDGET_SECONDS, since: datetime | None = None
) -> int:
    """What is due in one community, batch after batch."""
    done, until = 0, time.monotonic() + budget
    with scope.within([community_id]):
        while True:
            claimed, going = claim(community_id, at, since=since)
            note(going, carry(going, at), at)
            done += len(going)
            if claimed < BATCH or time.monotonic() > until:
                return done


# -- claim -------------------------------------------------------------------------------------------------------------


def due(at: datetime, *, since: datetime | None = None) -> QuerySet[Notice]:
    """What is to be carried now in the communities entered, what may save a life first; a lease that ran out is due."""
    pressing = Case(
        When(urgency=Urgency.CRITICAL.value, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    wanted = Notice.objects.filter(next_at__lte=at)
    wanted = wanted.filter(next_at__gte=since) if since else wanted
    ready = Q(state=State.WAITING.value) | Q(state=State.UNDER_WAY.value)
    return wanted.filter(ready).order_by(pressing, "next_at", "pk")


def claim(community_id: int, at: datetime, *, since: datetime | None = None) -> tuple[int, list[Going]]:
    """Take the next batch: how many rows were looked at, and the letters that go out now."""
    with transaction.atomic():
        mine = list(
            due(at, since=since)
            .filter(community_id=community_id)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("robot")[:BATCH]
        )
        if not mine:
            return 0, []
        going = set_out(mine, community_id, at)
        many.update(mine, STEPPED)
        Attempt.objects.bulk_create([one.attempt for one in going])
    return len(mine), going


def set_out(mine: Sequence[Notice], community_id: int, at: datetime) -> list[Going]:
    """The letters of these notices that go out at a moment; the others wait, move to their next road, or end."""
    wishes = choices.wishes([one.account_id for one in mine if one.account_id])
    community_hours = choices.hours(community_id, at)
    local = at.astimezone(LOCAL)
    fit = []
    for one in mine:
        now = now_of(one)
        own = wishes.get(one.account_id or 0, NO_WISHES)
        hours = delivery.hours_of(own, community_hours)
        if delivery.too_late(now, at=at):
            step(one, delivery.last(now, one.reason or "too_late"), at)
        elif not delivery.may_carry(now.urgency, hours, local):
            one.state, one.next_at = State.WAITING.value, delivery.earliest(now.urgency, hours, local)
        else:
            fit.append(one)
    return _by_the_first_open_road(fit, community_id, at)


def _by_the_first_open_road(fit: Sequence[Notice], community_id: int, at: datetime) -> list[Going]:
    """Each letter by the first road on which somebody carries and its recipient can be reached; else its road ends."""
    going: list[Going] = []
    left = list(fit)
    while left:
        found = _addresses(left, community_id, at)
        rest = []
        for one in left:
            address = found.get(one.pk)
            if address:
                going.append(_under_way(one, address, at))
                continue
            step(one, delivery.next_road(now_of(one), at=at, code="no_address"), at)
            if one.state == State.WAITING.value:
                rest.append(one)
        left = rest
    return going


def _addresses(notices: Sequence[Notice], community_id: int, at: datetime) -> dict[int, str]:
    """Where each is reached by its present road; asked for many at once where the carrier can."""
    found: dict[int, str] = {}
    by_road: dict[str, list[Notice]] = defaultdict(list)
    for one in notices:
        if one.roads and ports.carrier(one.roads[0]) is not None:
            by_road[one.roads[0]].append(one)
    for road, mine in by_road.items():
        found |= _on_road(road, mine, community_id, at)
    return found


def _on_road(road: str, mine: Sequence[Notice], community_id: int, at: datetime) -> dict[int, str]:
    carrier = ports.carrier(road)
    if carrier is None:
        return {}
    if road in ROBOT_ROADS:
        return {one.pk: str(one.robot_id) for one in mine if one.robot and one.robot.stopped_at is None}
    of_people = {one.account_id: one for one in mine if one.account_id}
    known = ports.addresses(carrier, community_id=community_id, account_ids=list(of_people), at=at)
    found = {one.pk: known[one.account_id] for one in mine if one.account_id and one.account_id in known}
    return found | {one.pk: _phone(one) for one in mine if one.account_id is None}


def _phone(one: Notice) -> str:
    """The phone left with a report: opened for the carrier, kept nowhere."""
    if one.recipient.startswith("c"):
        return told.phone_of_case(one.recipient[1:])
    return told.phone_of_neighbour(int(one.recipient[1:]))


def _under_way(one: Notice, address: str, at: datetime) -> Going:
    one.road, one.tries, one.made = one.roads[0], one.tries + 1, one.made + 1
    one.state, one.next_at = State.UNDER_WAY.value, at + delivery.LEASE
    attempt = Attempt(community_id=one.community_id, notice=one, road=one.road, n=one.made, at=at)
    return Going(one, attempt, address)


# -- carry -------------------------------------------------------------------------------------------------------------


def carry(going: Sequence[Going], at: datetime) -> list[Carried]:
    """Hand the letters to their carriers, road by road; a carrier that stumbles is asked again later."""
    said: dict[int, Carried] = {}
    by_road: dict[str, list[Going]] = defaultdict(list)
    for one in going:
        by_road[one.notice.road].append(one)
    for road, mine in by_road.items():
        answers = _ask(road, [(one.address, letter(one.notice)) for one in mine], at)
        said |= {one.notice.pk: answer for one, answer in zip(mine, answers, strict=True)}
    return [said[one.notice.pk] for one in going]


def _ask(road: str, letters: Sequence[tuple[str, Letter]], at: datetime) -> Sequence[Carried]:
    carrier = ports.carrier(road)
    if carrier is None:
        return [Carried(Result.CLOSED, "no_carrier")] * len(letters)
    try:
        answers = carrier.carry(letters, at=at)
    except Exception:
        log.exception("a carrier stumbled", extra={"code": road})
        return [Carried(Result.LATER, "stumbled")] * len(letters)
    if len(answers) != len(letters):
        log.error("a carrier gave another number of answers", extra={"code": road})
        return [Carried(Result.LATER, "stumbled")] * len(letters)
    return answers


def letter(one: Notice) -> Letter:
    """A notice as its road's carrier gets it."""
    link = absolute(one.link)
    values = {**one.fields, "link": link}
    known = one.kind in KINDS  # else of a room that is no longer there: its words stand in the row
    text = choices.text(one.community_id, one.kind, one.language) if known else Text(one.title, one.words)
    words = one.words
    if one.road == "sms":
        words = wording.filled(text.short, values) or f"{one.title}：{one.words}"[: wording.LONGEST["short"]]
    elif one.road in ROBOT_ROADS:
        words = wording.filled(text.group, values) or "\n".join(filter(None, (one.words, link)))
    return Letter(
        key=key_of(one),
        community_id=one.community_id,
        kind=one.kind,
        title=one.title,
        words=words,
        language=one.language,
        link=link,
        fields=values,
        draw=_drawn(one) if one.road in ROBOT_ROADS else None,
    )


def _drawn(one: Notice) -> Callable[[], bytes] | None:
    """What draws a notice, asked only by a carrier whose robots show pictures."""
    drawer = ports.drawer(one.kind)
    if drawer is None:
        return None
    return functools.partial(drawer, one.community_id, one.fact, one.language)


def key_of(one: Notice) -> str:
    """What names a letter to its carrier, the same over all tries by a road until a person has it tried again."""
    return f"linli-{one.pk}-{one.road}-{one.turn}"


def absolute(path: str) -> str:
    """Our page's whole address; empty where the house does not know its own."""
    base = str(settings.LINLI_BASE_URL).rstrip("/")
    return f"{base}{path}" if base and path else ""


# -- note --------------------------------------------------------------------------------------------------------------


def note(going: Sequence[Going], answers: Sequence[Carried], at: datetime) -> None:
    """Write down what the carriers said; what somebody else took over meanwhile stays theirs."""
    if not going:
        return
    said = {one.notice.pk: answer for one, answer in zip(going, answers, strict=True)}
    attempts = [_answered(one.attempt, said[one.notice.pk], at) for one in going]
    with transaction.atomic():
        many.update(attempts, ("result", "code", "reference", "answered_at"))
        held = Notice.objects.select_for_update(of=("self",)).filter(pk__in=list(said)).order_by("pk")
        made = {one.notice.pk: one.attempt.n for one in going}
        mine = [one for one in held if one.state == State.UNDER_WAY.value and one.made == made[one.pk]]
        for one in mine:
            answer = said[one.pk]
            step(one, _after(one, answer, at), at)
        many.update(mine, STEPPED)


def _answered(attempt: Attempt, said: Carried, at: datetime) -> Attempt:
    attempt.result, attempt.code = said.result.value, said.code[:60]
    attempt.reference, attempt.answered_at = said.reference[:120], at
    return attempt


def _after(one: Notice, said: Carried, at: datetime) -> Step:
    return delivery.after_answer(
        now_of(one), said.result, at=at, after=said.after, code=said.code[:60], salt=one.pk
    )


# -- shared with receipts and people's doors ---------------------------------------------------------------------------


def now_of(one: Notice) -> Now:
    """A notice as the rules read it."""
    return Now(
        urgency=Urgency(one.urgency),
        roads=tuple(one.roads),
        tries=one.tries,
        begun_at=one.begun_at,
        on_page=addressing.has_page(one.recipient),
    )


def step(one: Notice, next_: Step, at: datetime) -> None:
    """Put a step on a row; what was read on the page meanwhile has ended there."""
    one.roads, one.tries, one.reason = list(next_.roads), next_.tries, next_.reason
    one.state, one.next_at = next_.state.value, next_.next_at
    if next_.state is State.SENT:
        one.sent_at = one.sent_at or at
    elif one.read_at is not None:
        one.state, one.next_at = State.READ.value, None
    ended = State(one.state) in delivery.ENDED
    one.ended_at = (one.ended_at or at) if ended else None
    if one.next_at is not None:
        one.next_at = one.next_at.astimezone(UTC)
