"""The post: what is due is claimed, carried by threads of its own, and what came of it is written down.

`Post.go` never waits for the outside. A claim is a lease: when the process dies, another sends the same event again
after it, under the same id. Nothing is sent within a transaction.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from linli.grids import queries as places
from linli.integrations.webhooks import telling
from linli.integrations.webhooks.models import Attempt, Delivery, Endpoint
from linli.integrations.webhooks.rules import documents, retrying, signing
from linli.integrations.webhooks.rules.retrying import End, Why
from linli.kernel import audit, outside, scope
from linli.kernel.access import SYSTEM

THREADS = 8
SECONDS = 10.0
MOST_ANSWER = 2000  # bytes of an answer that are kept
MOST_HEAD = 2000
BATCH = 200
LOOK_AT = 200  # endpoints a round
PLACES_SECONDS = 30.0
OLD_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Letter:
    """One delivery, ready to be carried."""

    delivery_id: int
    endpoint_id: int
    community_id: int
    url: str
    headers: dict[str, str]
    body: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try."""

    letter: Letter
    status: int | None
    why: str
    address: str
    milliseconds: int
    head: str = ""
    body: str = ""
    retry_after: str = ""


def carry(letter: Letter) -> Outcome:
    """Send one delivery; never raises for its sake."""
    began = time.monotonic()
    try:
        answer = outside.ask(
            "POST", letter.url, headers=letter.headers, body=letter.body, seconds=SECONDS, most_bytes=MOST_ANSWER, cut=True
        )  # fmt: skip
    except outside.Unreached as unreached:
        return Outcome(letter, None, unreached.code, "", _since(began))
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return Outcome(
        letter=letter,
        status=answer.status,
        why="",
        address=answer.address,
        milliseconds=_since(began),
        head=_plain(head)[:MOST_HEAD],
        body=_plain(answer.body.decode("utf-8", "replace")),
        retry_after=answer.headers.get("retry-after", ""),
    )


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _plain(text: str) -> str:
    return text.replace("\x00", "")


class Post:
    """The post of one process."""

    def __init__(self, threads: int = THREADS) -> None:
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None
        self._under_way: dict[Future[Outcome], Letter] = {}
        self._communities: tuple[float, list[int]] = (0.0, [])
        self._looked_at: datetime | None = None  # for what is too old

    def go(self, at: datetime) -> int:
        """One round: write down what came back, give up what is too old, send what is due; returns how many came back."""
        with scope.within(self._everywhere()):
            done = self._collect(at)
            if self._looked_at is None or at - self._looked_at >= OLD_EVERY:
                self._looked_at = at
                give_up_old(at)
            self._send(at)
        return done

    def settle(self, at: datetime, *, seconds: float = 15.0) -> int:
        """Go round until nothing is under way any more: for tests, and for the command that sends once."""
        done = self.go(at)
        until = time.monotonic() + seconds
        while self._under_way and time.monotonic() < until:
            wait(self._under_way, timeout=max(0.0, until - time.monotonic()))
            done += self.go(at)
        return done

    def _everywhere(self) -> list[int]:
        """All communities; read anew now and then."""
        read, known = self._communities
        if not known or time.monotonic() - read > PLACES_SECONDS:
            known = places.community_ids()
            self._communities = (time.monotonic(), known)
        return known

    def _collect(self, at: datetime) -> int:
        finished = [future for future in self._under_way if future.done()][:BATCH]
        if finished:
            write_down([future.result() for future in finished], at)
        for future in finished:
            del self._under_way[future]
        return len(finished)

    def _send(self, at: datetime) -> None:
        busy = Counter(letter.endpoint_id for letter in self._under_way.values())
        room = self._threads * 2 - len(self._under_way)
        for letter in claim(at, busy=busy, room=room):
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="webhooks")
            self._under_way[self._pool.submit(carry, letter)] = letter


POST = Post()


def _due(at: datetime) -> QuerySet[Delivery]:
    """What may be sent now: not claimed by somebody else, to endpoints that are awake; tries by hand to paused ones too."""
    free = Q(claimed_until_at__isnull=True) | Q(claimed_until_at__lt=at)
    rested = Q(endpoint__rest_until_at__isnull=True) | Q(endpoint__rest_until_at__lte=at)
    awake = Q(endpoint__state=Endpoint.State.ACTIVE) | Q(
        endpoint__state=Endpoint.State.PAUSED, fact=documents.PING
    )
    return Delivery.objects.filter(free, rested, awake, state=Delivery.State.WAITING, next_at__lte=at)


def claim(at: datetime, *, busy: Counter[int], room: int) -> list[Letter]:
    """Claim what is due, a few for each endpoint, for as long as a lease lasts."""
    if room <= 0:
        return []
    due = _due(at).order_by().values_list("endpoint_id", flat=True).distinct()[:LOOK_AT]
    letters: list[Letter] = []
    for endpoint_id in list(due):
        if len(letters) < room:
            letters += _claim_of(endpoint_id, at, busy[endpoint_id], room - len(letters))
    return letters


def _claim_of(endpoint_id: int, at: datetime, busy: int, room: int) -> list[Letter]:
    with transaction.atomic():
        endpoint = Endpoint.objects.get(pk=endpoint_id)
        most = retrying.AT_ONCE_FAILING if endpoint.failures else retrying.AT_ONCE
        free = min(most - busy, room)
        if free <= 0:
            return []
        mine = _due(at).filter(endpoint_id=endpoint_id).select_for_update(skip_locked=True, of=("self",))
        rows = list(mine.order_by("next_at", "pk")[:free])
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(claimed_until_at=at + retrying.LEASE)
    return [written(endpoint, row, at) for row in rows]


def written(endpoint: Endpoint, row: Delivery, at: datetime) -> Letter:
    """A delivery as it goes out, signed for this moment."""
    body = row.body.encode()
    held = [endpoint.secret]
    if endpoint.former_secret and endpoint.former_until_at and endpoint.former_until_at > at:
        held.append(endpoint.former_secret)
    headers = {
        "Content-Type": documents.CONTENT_TYPE,
        "User-Agent": "Linli-Webhooks/1",
        "Linli-Event": row.fact,
        "Linli-Event-Id": row.event_id,
        "Linli-Try": str(row.tries + 1),
        signing.HEADER: signing.header(held, moment=int(at.timestamp()), body=body),
    }
    return Letter(row.pk, endpoint.pk, row.community_id, endpoint.url, headers, body, at)


def write_down(outcomes: Sequence[Outcome], at: datetime) -> None:
    """What came of tries: the log, the delivery, the endpoint; each endpoint in a transaction of its own."""
    for endpoint_id in dict.fromkeys(one.letter.endpoint_id for one in outcomes):
        with transaction.atomic():
            endpoint = Endpoint.objects.select_for_update().get(pk=endpoint_id)
            for one in outcomes:
                if one.letter.endpoint_id == endpoint_id:
                    _note(endpoint, one, at)
            endpoint.save(
                update_fields=[
                    "state", "paused_why", "failures", "failing_since_at", "rest_until_at", "delivered_at"
                ]
            )  # fmt: skip


def _note(endpoint: Endpoint, one: Outcome, at: datetime) -> None:
    row = Delivery.objects.select_for_update().get(pk=one.letter.delivery_id)
    asked = retrying.asked_rest(one.retry_after, at=at) if one.status in {429, 503} else None
    verdict = retrying.after(
        status=one.status, why=one.why, tries=row.tries + 1, failures=endpoint.failures,
        failing_since=endpoint.failing_since_at, begun_at=row.begun_at, at=at, asked_rest=asked,
    )  # fmt: skip
    head = "\n".join(f"{name}: {value}" for name, value in one.letter.headers.items())
    Attempt.objects.create(
        community_id=row.community_id, delivery=row, at=one.letter.at, milliseconds=one.milliseconds, status=one.status,
        why=verdict.why or one.why, address=one.address[:60], request_head=head, answer_head=one.head, answer_body=one.body,
    )  # fmt: skip
    _move(row, verdict, at)
    _learn(endpoint, verdict, at)


def _move(row: Delivery, verdict: retrying.Verdict, at: datetime) -> None:
    row.claimed_until_at = None
    row.tries += 1
    if row.state != Delivery.State.WAITING and verdict.end is not End.DELIVERED:
        pass  # its endpoint ended meanwhile
    elif verdict.end is End.AGAIN:
        row.why, row.next_at = verdict.why, verdict.next_at or at
    else:
        delivered = verdict.end is End.DELIVERED
        row.state = Delivery.State.DELIVERED if delivered else Delivery.State.DEAD
        row.why, row.ended_at = verdict.why, at
    row.save(update_fields=["claimed_until_at", "tries", "why", "next_at", "state", "ended_at"])


def _learn(endpoint: Endpoint, verdict: retrying.Verdict, at: datetime) -> None:
    if verdict.end is End.DELIVERED:
        endpoint.failures, endpoint.failing_since_at, endpoint.rest_until_at = 0, None, None
        endpoint.delivered_at = at
        return
    endpoint.failures += 1
    endpoint.failing_since_at = endpoint.failing_since_at or at
    if verdict.rest_until_at:
        endpoint.rest_until_at = max(endpoint.rest_until_at or at, verdict.rest_until_at)
    if verdict.pause and endpoint.state == Endpoint.State.ACTIVE:
        endpoint.state, endpoint.paused_why = Endpoint.State.PAUSED, verdict.pause
        audit.record(
            community_id=endpoint.community_id,
            actor=SYSTEM,
            verb="webhooks.pause_endpoint",
            object=f"endpoint:{endpoint.pk}",
            at=at,
            detail={"why": verdict.pause},
        )
        telling.tell_of_pause(endpoint, at)


def give_up_old(at: datetime) -> int:
    """Give up what has waited for three days, in the communities entered; returns how many."""
    old = Delivery.objects.filter(
        Q(claimed_until_at__isnull=True) | Q(claimed_until_at__lt=at),
        state=Delivery.State.WAITING,
        begun_at__lt=at - retrying.GIVEN_UP_AFTER - timedelta(hours=1),
    )
    return old.update(state=Delivery.State.DEAD, why=Why.TOO_OLD, ended_at=at)


def forget(at: datetime, *, communities: Iterable[int] | None = None) -> int:
    """Forget deliveries a month after their end, with their tries, some thousands a time; returns how many."""
    where = places.community_ids() if communities is None else list(communities)
    with scope.within(where), transaction.atomic():
        old = Delivery.objects.filter(ended_at__lt=at - retrying.KEPT).order_by()
        chosen = list(old.values_list("pk", flat=True)[:5000])
        Attempt.objects.filter(delivery_id__in=chosen).delete()
        Delivery.objects.filter(pk__in=chosen).delete()
        former = Endpoint.objects.filter(former_until_at__lt=at)
        former.update(former_secret=None, former_until_at=None)
    return len(chosen)
