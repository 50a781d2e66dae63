"""A letter, a neighbour who joined, a decision about two cases and a brief, planted in both communities of the stage."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from linli.cases.models import Case, PairDecision, Supervision, Supporter
from linli.cases.tests.cast import Community
from linli.controlroom.models import BriefRow
from linli.controlroom.queries import briefs
from linli.controlroom.rules.briefs import Kind
from linli.kernel import clock
from linli.kernel.clock import LOCAL

#: Briefs go by the same names and days everywhere; what stands behind them is of one community.
KINDS = ("control-brief.kind", "control-brief-now.kind")


def _yesterday(at: datetime) -> str:
    return (at.astimezone(LOCAL).date() - timedelta(days=1)).isoformat()


def fill(community: Community, number: str, settled: str, *, at: datetime) -> dict[str, Any]:
    """A row in each of these walled tables; the ids as the parameters of addresses name them."""
    own: dict[str, Any] = {"community_id": community.id}
    case, other = (Case.objects.get(number=each, **own) for each in (number, settled))
    letter = Supervision.objects.create(
        case=case,
        year=2099,
        serial=1,
        supervisor_id=community.people["leader"].account_id,
        words="请限时办结",
        opened_at=at,
        due_at=at + timedelta(days=2),
        **own,
    )
    Supporter.objects.create(
        case=case, person_key=b"neighbour" + bytes(23), words="我也遇到", joined_at=at, **own
    )
    first, second = sorted((case, other), key=lambda each: each.pk)
    PairDecision.objects.create(first=first, second=second, same=False, decided_at=at, **own)
    day = date.fromisoformat(_yesterday(at))
    told = briefs.gather(community.id, Kind.DAILY, day, at=at)
    BriefRow.objects.create(kind=Kind.DAILY, day=day, told=told, made_at=at, **own)
    return {"letter_id": letter.pk, **dict.fromkeys(KINDS, "daily"), "day": _yesterday(at)}


def absent() -> dict[str, Any]:
    """What there is none of."""
    return {"letter_id": 999_999_999, **dict.fromkeys(KINDS, "daily"), "day": _yesterday(clock.now())}
