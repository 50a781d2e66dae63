"""The audit log: append-only entries, sealed by the worker into one hash chain per community.

Entries are written in the transaction of the act; a sweep seals them a moment later, so that writers of one community
never wait for each other. An entry that stays unsealed, a changed entry and a missing one are all found by `verify`.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from linli.kernel import access, logs
from linli.kernel.models import AccessLog, AuditEntry, AuditSeal
from linli.kernel.postgres import many

GENESIS = b"\x00" * 32
BATCH = 1000
BACK_SECONDS = 60.0
FAR_BACK_SECONDS, FAR_EVERY_SECONDS = 3600.0, 120.0


def record(
    *,
    community_id: int,
    actor: access.Actor,
    verb: str,
    object: str,
    at: datetime,
    detail: dict[str, Any] | None = None,
    role: str = "",
) -> None:
    """Write down an act, in the transaction of the act. ``detail`` holds ids and codes, never personal data."""
    AuditEntry.objects.create(
        community_id=community_id,
        at=at,
        actor_id=actor.account_id,
        actor_role=role,
        verb=verb,
        object=object,
        detail=detail or {},
        request_id=logs.request_id(),
    )


@dataclass(frozen=True, slots=True)
class Act:
    """One of many acts of the house itself: what was done to which object."""

    verb: str
    object: str
    detail: dict[str, Any]


def record_many(
    *, community_id: int, actor: access.Actor, role: str, acts: Iterable[Act], at: datetime
) -> None:
    """Write down many acts of one moment, in their transaction: as `record`, in few statements."""
    request = logs.request_id()
    many.insert(
        [
            AuditEntry(
                community_id=community_id,
                at=at,
                actor_id=actor.account_id,
                actor_role=role,
                verb=act.verb,
                object=act.object,
                detail=act.detail,
                request_id=request,
            )
            for act in acts
        ]
    )


def reveal(
    *,
    community_id: int,
    actor: access.Actor,
    subject: str,
    subject_account_id: int | None,
    fields: list[str],
    purpose: str,
    at: datetime,
    task: str = "",
    role: str = "",
) -> None:
    """Write down that personal data was read, in the transaction that reads it: no log, no data."""
    AccessLog.objects.create(
        community_id=community_id,
        at=at,
        reader_id=actor.person_id,
        reader_role=role,
        subject_account_id=subject_account_id,
        subject=subject,
        fields=fields,
        purpose=purpose,
        task=task,
    )


@dataclass(frozen=True, slots=True)
class Look:
    """One time somebody read a person's data."""

    at: datetime
    community_id: int
    reader_id: int
    reader_role: str
    fields: tuple[str, ...]
    purpose: str
    task: str


def looks_at(account_id: int, *, limit: int) -> list[Look]:
    """Who read this person's data, the newest first, in the communities entered now."""
    rows = AccessLog.objects.filter(subject_account_id=account_id).order_by("-at", "-pk")[:limit]
    return [_look(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Entry:
    """An audit entry as pages show it; ``seq`` and ``digest`` once it is sealed into its community's chain."""

    id: int
    at: datetime
    actor_id: int | None
    role: str
    verb: str
    detail: dict[str, Any]
    request_id: str
    seq: int | None
    digest: str


def entries(*, community_id: int, object: str) -> list[Entry]:
    """What was done to one object, oldest first."""
    found = AuditEntry.objects.filter(community_id=community_id, object=object).order_by("id")
    return [
        Entry(
            id=row.pk,
            at=row.at,
            actor_id=row.actor_id,
            role=row.actor_role,
            verb=row.verb,
            detail=row.detail,
            request_id=row.request_id,
            seq=row.seal.seq if hasattr(row, "seal") else None,
            digest=bytes(row.seal.hash).hex() if hasattr(row, "seal") else "",
        )
        for row in found.select_related("seal")
    ]


def looks_at_subject(*, community_id: int, subject: str) -> list[Look]:
    """Who read the personal data of one subject (``case:…``), oldest first."""
    rows = AccessLog.objects.filter(community_id=community_id, subject=subject).order_by("at", "pk")
    return [_look(row) for row in rows]


def _look(row: AccessLog) -> Look:
    return Look(
        row.at, row.community_id, row.reader_id, row.reader_role, tuple(row.fields), row.purpose, row.task
    )


def canonical(entry: AuditEntry) -> bytes:
    """The entry's bytes as the chain covers them; the times in UTC with microseconds."""
    return json.dumps(
        [
            entry.pk,
            entry.community_id,
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.actor_id,
            entry.actor_role,
            entry.verb,
            entry.object,
            entry.detail,
            entry.request_id,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()


class Sealer:
    """Seals, second by second, in one process, and looks each time only at entries that can be unsealed.

    To look at all of them costs more the longer the log is. So it is looked back to what was the newest entry a minute
    ago, now and then to the newest of an hour ago, and at all when the process begins. An entry appears late, beneath
    ones already sealed, by as much as its transaction lasted: one that lasted for an hour is found by the next process.
    """

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque()  # when (steady seconds), the newest entry then
        self._looked_back = 0.0
        self._unfinished: int | None = None  # after which entry there are still more than one pass seals

    def go(self) -> int:
        """Seal what is there; returns how many."""
        now = time.monotonic()
        if not self._marks or now - self._marks[-1][0] >= BACK_SECONDS:
            self._mark(now)
        far = now - self._looked_back >= FAR_EVERY_SECONDS
        if far:
            self._looked_back = now
        after = self._newest(now - (FAR_BACK_SECONDS if far else BACK_SECONDS))
        if self._unfinished is not None:
            after = min(after, self._unfinished)
        done = seal_pending(BATCH, after=after)
        self._unfinished = after if done == BATCH else None
        return done

    def _newest(self, before: float) -> int:
        """The newest entry as of then; 0 where that is not known any more, or not yet."""
        return max((newest for when, newest in self._marks if when <= before), default=0)

    def _mark(self, now: float) -> None:
        newest = AuditEntry.objects.aggregate(newest=Max("pk"))["newest"]
        self._marks.append((now, newest or 0))
        while len(self._marks) > 1 and self._marks[1][0] <= now - FAR_BACK_SECONDS:
            self._marks.popleft()


SEALER = Sealer()


def _pending(after: int) -> QuerySet[AuditEntry]:
    sealed = AuditSeal.objects.filter(entry_id=OuterRef("pk"), entry_id__gt=after)
    return AuditEntry.objects.filter(~Exists(sealed), pk__gt=after).order_by("id")


def seal_pending(limit: int = BATCH, *, after: int = 0) -> int:
    """Chain the oldest unsealed entries, one community's head at a time; returns how many were sealed.

    Entries younger than a second may still be overtaken by a slower transaction with a smaller id, which is then simply
    sealed later: the chain's order is the order of sealing.

    :param after: leave alone entries up to this one.
    """
    if not _pending(after).exists():
        return 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('linli.audit.seal'))")
            if not cursor.fetchone()[0]:
                return 0
        pending = list(_pending(after)[:limit])
        heads: dict[int, tuple[int, bytes]] = {}
        seals = []
        for entry in pending:
            seq, prev = heads.get(entry.community_id) or _head(entry.community_id)
            digest = hashlib.sha256(prev + canonical(entry)).digest()
            seals.append(
                AuditSeal(entry=entry, community_id=entry.community_id, seq=seq + 1, prev=prev, hash=digest)
            )
            heads[entry.community_id] = (seq + 1, digest)
        AuditSeal.objects.bulk_create(seals)
    return len(seals)


def _head(community_id: int) -> tuple[int, bytes]:
    last = (
        AuditSeal.objects.filter(community_id=community_id)
        .order_by("-seq")
        .values_list("seq", "hash")
        .first()
    )
    return (0, GENESIS) if last is None else (last[0], bytes(last[1]))


@dataclass(frozen=True, slots=True)
class Head:
    """The last seal of a chain. Kept outside of the database it proves that nothing before it was cut off or redone."""

    community_id: int
    seq: int
    hash: str  # hexadecimal


def heads() -> list[Head]:
    """The last seal of every chain, to be printed, posted or kept elsewhere."""
    last = AuditSeal.objects.order_by("community_id", "-seq").distinct("community_id")
    return [Head(seal.community_id, seal.seq, bytes(seal.hash).hex()) for seal in last]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with the chain. ``entry_id`` is 0 where a known head, and with it the entry, is gone."""

    community_id: int
    entry_id: int
    code: str  # changed | missing | broken_link | gap | unsealed | cut


def verify(
    *, at: datetime, known: Iterable[Head] = (), patience: timedelta = timedelta(minutes=5)
) -> Iterator[Fault]:
    """Recompute every chain; yields each fault with the entry it is at, nothing if all is well.

    :param known: heads kept outside; without them entries cut off from the end of a chain leave no trace.
    """
    yield from _broken()
    there = AuditEntry.objects.filter(pk=OuterRef("entry_id"))
    for orphan in AuditSeal.objects.filter(~Exists(there)).order_by("community_id", "seq"):
        yield Fault(orphan.community_id, orphan.entry_id, "missing")
    for head in known:
        sealed = AuditSeal.objects.filter(community_id=head.community_id, seq=head.seq)
        if not sealed.filter(hash=bytes.fromhex(head.hash)).exists():
            yield Fault(head.community_id, next(iter(sealed.values_list("entry_id", flat=True)), 0), "cut")
    late = AuditEntry.objects.filter(seal__isnull=True, at__lt=at - patience).order_by("id")[:100]
    for entry in late:
        yield Fault(entry.community_id, entry.pk, "unsealed")


def _broken() -> Iterator[Fault]:
    """Where a chain does not follow from its own beginning."""
    ends: dict[int, tuple[int, bytes]] = {}
    for seal in (
        AuditSeal.objects.select_related("entry").order_by("community_id", "seq").iterator(chunk_size=2000)
    ):
        seq, prev = ends.get(seal.community_id, (0, GENESIS))
        if seal.seq != seq + 1:
            yield Fault(seal.community_id, seal.entry_id, "gap")
        elif bytes(seal.prev) != prev:
            yield Fault(seal.community_id, seal.entry_id, "broken_link")
        if hashlib.sha256(bytes(seal.prev) + canonical(seal.entry)).digest() != bytes(seal.hash):
            yield Fault(seal.community_id, seal.entry_id, "changed")
        ends[seal.community_id] = (seal.seq, bytes(seal.hash))
