"""How a list would have rung in the past, before it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.cases import access
from linli.cases.models import Case
from linli.cases.queries.queue import HEAVY
from linli.cases.rules.promises import Urgency
from linli.cases.rules.urgent_phrases import UrgentList, UrgentPhrase
from linli.cases.rules.urgent_words import SAID_SOON, Look, look
from linli.kernel.access import Actor

DAYS, MOST, SHOWN = 90, 3000, 12


@dataclass(frozen=True, slots=True)
class PastTrial:
    """How many past cases a line would make ring, and the newest of those that did not ring before."""

    tried: int
    hit: int  # cases in which the line finds something that rings
    new: int  # of them those that nothing else of the list makes ring
    shown: tuple[tuple[Case, Look], ...]
    days: int = DAYS


def past(
    actor: Actor, community_id: int, line: UrgentPhrase, listed: UrgentList, *, at: datetime
) -> PastTrial:
    """Try a line on the newest cases of the last 90 days that the actor sees."""
    seen = access.staff_view(actor).filter(
        community_id=community_id, reported_at__gte=at - timedelta(days=DAYS), reported_at__lte=at
    )
    alone = UrgentList((line,), "trial")
    others = UrgentList(tuple(one for one in listed.phrases if one.code != line.code), "trial")
    tried = hit = 0
    new: list[tuple[Case, Look]] = []
    for case in seen.defer(*HEAVY).order_by("-reported_at")[:MOST]:
        tried += 1
        found = look(case.words[: 2 * SAID_SOON], alone)
        if found.urgency is Urgency.CRITICAL:
            hit += 1
            if look(case.words[: 2 * SAID_SOON], others).urgency is not Urgency.CRITICAL:
                new.append((case, found))
    return PastTrial(tried, hit, len(new), tuple(new[:SHOWN]))
