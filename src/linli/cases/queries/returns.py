"""Who bounced what, how often: returns per body with what was ruled on them, and the ping-pong of single cases.

A dispatch counts for the body it went to, also where a ruling named it; a return for the body that returned; a ruling for
the body whose return it ruled on. Every number opens its cases (`rows`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform

from linli.cases.models import Case, ClockRow, Move
from linli.cases.rules.promises import Stage
from linli.cases.rules.workflow import ARBITRATED_FROM, Verb

PARTS = ("dispatched", "returned", "upheld", "overruled", "waiting")
RIGHT = ("upheld", "assigned")  # the return was right


@dataclass(frozen=True, slots=True)
class BodyReturns:
    """One body in a period; ``organisation_id`` is None for cases sent to people on the ground."""

    organisation_id: int | None
    dispatched: int
    returned: int
    upheld: int
    overruled: int
    waiting: int  # for a ruling

    @property
    def share(self) -> float | None:
        """Returned of dispatched; None where nothing was dispatched."""
        return self.returned / self.dispatched if self.dispatched else None


@dataclass(frozen=True, slots=True)
class PingPong:
    """A case that was returned more than once in a period."""

    number: str
    returns: int
    bodies: int  # how many different ones returned it
    last_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Ruled:
    """How the promise to rule was kept on the returns of a period."""

    in_time: int
    late: int
    running: int


def _moves(community_id: int, since: datetime, until: datetime) -> QuerySet[Move]:
    return Move.objects.filter(community_id=community_id, at__gte=since, at__lt=until)


def _sent(community_id: int, since: datetime, until: datetime) -> QuerySet[Move]:
    named = Q(verb=Verb.RULE.value, data__ruling="assigned")
    return _moves(community_id, since, until).filter(
        Q(verb=Verb.DISPATCH.value) | named, verb__in=[Verb.DISPATCH.value, Verb.RULE.value]
    )


def _returned(community_id: int, since: datetime, until: datetime) -> QuerySet[Any]:
    """The returns, each with what was ruled on it: the next ruling of the case."""
    next_ruling = Move.objects.filter(
        case_id=OuterRef("case_id"), verb=Verb.RULE.value, seq__gt=OuterRef("seq")
    )
    ruled = next_ruling.order_by("seq").annotate(said=KeyTextTransform("ruling", "data")).values("said")[:1]
    # Only what the case itself still waits for: a return that ended with its case waits for nobody.
    return (
        _moves(community_id, since, until)
        .filter(verb=Verb.RETURN.value)
        .annotate(ruled=Subquery(ruled), now=F("case__state"))
    )


def _part(found: QuerySet[Any], part: str) -> QuerySet[Any]:
    wanted = {
        "returned": Q(),
        "upheld": Q(ruled__in=RIGHT),
        "overruled": Q(ruled="overruled"),
        "waiting": Q(ruled__isnull=True, now="returned"),
    }
    return found.filter(wanted[part])


def bodies(community_id: int, *, since: datetime, until: datetime) -> tuple[BodyReturns, ...]:
    """Every body that was sent something or returned something in [since, until), the most returns first."""
    sent = _sent(community_id, since, until).order_by().values_list("organisation_id").annotate(n=Count("pk"))
    counts: dict[int | None, dict[str, int]] = {}
    for body, n in sent:
        counts.setdefault(body, {})["dispatched"] = n
    for body, ruled, now in _returned(community_id, since, until).values_list(
        "organisation_id", "ruled", "now"
    ):
        held = counts.setdefault(body, {})
        held["returned"] = held.get("returned", 0) + 1
        part = "upheld" if ruled in RIGHT else ruled or ("waiting" if now == "returned" else "")
        if part:
            held[part] = held.get(part, 0) + 1
    made = [BodyReturns(body, *(held.get(part, 0) for part in PARTS)) for body, held in counts.items()]
    return tuple(sorted(made, key=lambda one: (-one.returned, -one.dispatched, one.organisation_id or 0)))


def reasons(community_id: int, *, since: datetime, until: datetime) -> tuple[tuple[str, int], ...]:
    """Why things were returned, the most frequent first."""
    found = _returned(community_id, since, until).order_by().values_list("reason").annotate(n=Count("pk"))
    return tuple(sorted(found, key=lambda one: (-one[1], one[0])))


def ping_pong(community_id: int, *, since: datetime, until: datetime, most: int = 50) -> tuple[PingPong, ...]:
    """The cases returned at least twice in the period, the most often returned first."""
    found = (
        _moves(community_id, since, until)
        .filter(verb=Verb.RETURN.value)
        .order_by()
        .values("case_id", "case__number", "case__state")
        .annotate(n=Count("pk"), bodies=Count("organisation_id", distinct=True), last=Max("at"))
        .filter(n__gte=ARBITRATED_FROM)
    )
    return tuple(
        PingPong(one["case__number"], one["n"], one["bodies"], one["last"], one["case__state"])
        for one in found.order_by("-n", "-last", "case_id")[:most]
    )


def ruled(community_id: int, *, since: datetime, until: datetime) -> Ruled:
    """Whether returns of the period were ruled on within their promise."""
    clocks = ClockRow.objects.filter(
        community_id=community_id, stage=Stage.RULE.value, started_at__gte=since, started_at__lt=until
    )
    found: dict[str, Any] = clocks.aggregate(
        in_time=Count("pk", filter=Q(met=True)),
        late=Count("pk", filter=Q(met=False)),
        running=Count("pk", filter=Q(stopped_at__isnull=True)),
    )
    return Ruled(**found)


def rows(
    seen: QuerySet[Case],
    part: str,
    *,
    community_id: int,
    since: datetime,
    until: datetime,
    organisation_id: int | None = None,
    every_body: bool = True,
    reason: str = "",
) -> QuerySet[Case]:
    """The cases behind a number, of those that the reader sees.

    :param part: one of `PARTS`.
    :param every_body: of all bodies; otherwise of ``organisation_id`` alone, None being people on the ground.
    """
    found: QuerySet[Any] = (
        _sent(community_id, since, until)
        if part == "dispatched"
        else _part(_returned(community_id, since, until), part)
    )
    if not every_body:
        found = found.filter(organisation_id=organisation_id)
    if reason:
        found = found.filter(reason=reason)
    return seen.filter(community_id=community_id, pk__in=found.order_by().values("case_id"))
