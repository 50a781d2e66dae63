"""What people decided a case is about: what a learner may learn from. Frozen rows, one statement."""

from __future__ import annotations

from dataclasses import dataclass

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
