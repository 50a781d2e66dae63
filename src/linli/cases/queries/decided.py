"""What people decided a case is about: what a learner may learn from. Frozen rows, one statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from linli.cases.models import Case, Move
from linli.cases.rules.workflow import State, Verb

DECIDING = (Verb.ACCEPT.value, Verb.CLASSIFY.value, Verb.DISPATCH.value, Verb.REPLY.value, Verb.SETTLE.value)
UNDECIDED = (State.REPORTED.value, State.WITHDRAWN.value, State.VOIDED.value, State.MERGED.value)


@dataclass(frozen=True, slots=True)
class Decided:
    """A report and the category a person gave it."""

    number: str
    words: str
    category_code: str


def decided(community_id: int, *, most: int) -> list[Decided]:
    """The newest so many reports whose category stands by a person's move, the oldest of them first."""
    rows = _decided(community_id).order_by("-id").values_list("number", "words", "category_code")[:most]
    return [Decided(*row) for row in reversed(rows)]


def how_many(community_id: int) -> int:
    """How many there are."""
    return _decided(community_id).count()


@dataclass(frozen=True, slots=True)
class Followed:
    """How people decided on reports for which the machine had proposed something."""

    cases: int
    first: int  # they took the first proposal
    among: int  # they took one of those shown


def followed(community_id: int, *, since: datetime, most: int = 5000) -> Followed:
    """Proposals and decisions side by side, for the newest so many reports since a moment."""
    rows = _decided(community_id).filter(reported_at__gte=since, suggestion__isnull=False)
    pairs = [
        ([one.get("code") for one in (proposed or {}).get("options", [])], code)
        for proposed, code in rows.order_by("-id").values_list("suggestion", "category_code")[:most]
    ]
    pairs = [(codes, code) for codes, code in pairs if codes]
    return Followed(
        cases=len(pairs),
        first=sum(codes[0] == code for codes, code in pairs),
        among=sum(code in codes for codes, code in pairs),
    )


def _decided(community_id: int) -> QuerySet[Case]:
    by_a_person = Move.objects.filter(
        case=OuterRef("pk"), verb__in=DECIDING, actor_id__isnull=False, community_id=community_id
    )
    return (
        Case.objects.filter(community_id=community_id, quarantined=False)
        .exclude(category_code="")
        .exclude(state__in=UNDECIDED)
        .filter(Exists(by_a_person))
    )
