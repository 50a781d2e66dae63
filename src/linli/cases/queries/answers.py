"""What residents were answered lately, and how good the answers were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from linli.cases import access
from linli.cases.models import Case, Move
from linli.cases.rules.workflow import Verb
from linli.kernel.access import Actor

#: Moves whose answer the resident reads as the end of the matter.
ANSWERING = frozenset({Verb.HANDLED, Verb.SETTLE, Verb.CLOSE, Verb.REPLY, Verb.DECLINE})


def given_lately(community_id: int, *, since: datetime, but: str, most: int) -> list[str]:
    """The newest answers of other cases of a community; the words only."""
    found = Case.objects.filter(community_id=community_id, reported_at__gte=since).exclude(answer="")
    newest = found.exclude(number=but).order_by("-reported_at", "-id")
    return list(newest.values_list("answer", flat=True)[:most])


@dataclass(frozen=True, slots=True)
class ToldCase:
    """What a colleague reads of a case and its public steps, as far as it may be put into other words."""

    id: int
    community_id: int
    words: str
    category_code: str
    steps: tuple[tuple[str, datetime, str], ...]  # verb, when, what the resident reads


def told(actor: Actor, number: str) -> ToldCase:
    """A case on the actor's workbench, without internal notes.

    :raises NotFound: there is none, or no duty opens it.
    """
    case = access.find_at_work(actor, number)
    moves = Move.objects.filter(case=case).exclude(verb=Verb.NOTE.value).order_by("seq")
    steps = tuple(moves.values_list("verb", "at", "answer"))
    return ToldCase(case.pk, case.community_id, case.words, case.category_code, steps)


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """An answer as it left: of which case and body, and what had been remarked."""

    number: str
    organisation_id: int | None
    at: datetime
    remarks: tuple[str, ...]
    version: str


def read_answers(community_id: int, *, start: datetime, end: datetime) -> list[ReadAnswer]:
    """The answers that ended matters in [start, end), each as it was read; imported ones were not."""
    moves = Move.objects.filter(
        community_id=community_id, at__gte=start, at__lt=end, verb__in=[verb.value for verb in ANSWERING]
    )
    rows = moves.filter(data__has_key="answer").order_by("at", "pk")
    return [
        ReadAnswer(number, body, at, tuple(data["answer"]["remarks"]), data["answer"]["version"])
        for number, body, at, data in rows.values_list("case__number", "organisation_id", "at", "data")
    ]


def remark_counts(rows: list[ReadAnswer]) -> Mapping[str, int]:
    """How often each remark was made."""
    return Counter(code for row in rows for code in row.remarks)
