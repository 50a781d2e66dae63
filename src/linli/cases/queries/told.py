"""What a case's news is told from, and to whom: frozen rows of codes and numbers, in few statements.

Words and names of residents are not among them; a phone is opened only where a message is about to be carried to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from linli.cases.models import Alarm, Call, Case, ClockRow, Move, Supervision, Supporter, Whistle
from linli.cases.queries import reference
from linli.cases.rules.urgent_phrases import DISCREET
from linli.kernel import text


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody who joined a case, or whose report was merged into it."""

    id: int
    account_id: int | None
    has_phone: bool


@dataclass(frozen=True, slots=True)
class News:
    """A case as its news tell it. ``discreet``: a family's quarrel, violence; nothing of it belongs on a lock screen."""

    id: int
    community_id: int
    number: str
    kind: str
    category_code: str
    urgency: str
    discreet: bool
    quarantined: bool
    imported: bool
    channel: str
    reporter_id: int | None
    has_phone: bool
    neighbours: tuple[Neighbour, ...]
    organisation_id: int | None
    handler_id: int | None
    supervisor_id: int | None
    grid_id: int | None
    building_id: int | None
    place_path: str
    state: str
    answer: str  # what the resident reads, personal numbers masked
    urges: int
    due: Mapping[str, datetime] = field(default_factory=dict)  # of its running promises, by stage

    @property
    def place_id(self) -> int | None:
        """The nearest place it is shown by: its building, else its grid."""
        return self.building_id or self.grid_id


@dataclass(frozen=True, slots=True)
class MoveNews:
    """One move as its news tell it."""

    verb: str
    reason: str
    answer: str
    organisation_id: int | None
    actor_id: int | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WhistleNews:
    """A whistle as its news tell it."""

    caller_id: int | None
    place: str
    meet_at: datetime
    bodies: tuple[int, ...]
    public_words: str


_FIELDS = (
    "pk", "community_id", "number", "kind", "category_code", "urgency", "quarantined", "batch", "channel", "reporter_id",
    "contact_index", "organisation_id", "handler_id", "supervisor_id", "grid_id", "building_id", "place_path", "state",
    "answer", "urges",
)  # fmt: skip


def case(community_id: int, number: str) -> News | None:
    """The case of this number in a community that has been entered; three statements."""
    row = Case.objects.filter(community_id=community_id, number=number).values(*_FIELDS).first()
    return _news(row) if row else None


def _news(row: dict[str, Any]) -> News:
    clocks = ClockRow.objects.filter(case_id=row["pk"], task__isnull=True, stopped_at__isnull=True)
    joined = Supporter.objects.filter(case_id=row["pk"], left_at__isnull=True).order_by("pk")
    neighbours = tuple(
        Neighbour(pk, account, phone is not None)
        for pk, account, phone in joined.values_list("pk", "account_id", "contact_index")
    )
    plain = (
        "community_id", "number", "kind", "category_code", "urgency", "quarantined", "channel", "reporter_id",
        "organisation_id", "handler_id", "supervisor_id", "grid_id", "building_id", "place_path", "state", "urges",
    )  # fmt: skip
    return News(
        id=row["pk"],
        discreet=_discreet(row["community_id"], row["category_code"]) or _whispers(row["pk"]),
        imported=bool(row["batch"]),
        has_phone=row["contact_index"] is not None,
        neighbours=neighbours,
        answer=text.mask_text(row["answer"]),
        due={stage: due for stage, due in clocks.values_list("stage", "due_at") if due is not None},
        **{name: row[name] for name in plain},
    )


def _discreet(community_id: int, category_code: str) -> bool:
    row = reference.every_category(community_id).get(category_code)
    return row is not None and row.sensitive


def _whispers(case_id: int) -> bool:
    """Whether it rang for something that only those who help should know of."""
    discreet = {kind.value for kind in DISCREET}
    rang = Alarm.objects.filter(case_id=case_id).values_list("kinds", flat=True)
    return any(discreet & set(kinds.split()) for kinds in rang)


def move(case_id: int, seq: int) -> MoveNews | None:
    """One move of a case."""
    columns = ("verb", "reason", "answer", "organisation_id", "actor_id", "data")
    row = Move.objects.filter(case_id=case_id, seq=seq).values_list(*columns).first()
    if row is None:
        return None
    verb, reason, answer, organisation_id, actor_id, data = row
    return MoveNews(verb, reason, text.mask_text(answer), organisation_id, actor_id, data)


def whistle(whistle_id: int) -> WhistleNews | None:
    """A whistle and whom it calls."""
    row = Whistle.objects.filter(pk=whistle_id).first()
    if row is None:
        return None
    calls = Call.objects.filter(whistle_id=whistle_id, excused_at__isnull=True).order_by("pk")
    bodies = tuple(calls.values_list("organisation_id", flat=True))
    return WhistleNews(row.caller_id, row.place, row.meet_at, bodies, text.mask_text(row.public_words))


def rings_for(case_id: int) -> str:
    """The kinds of danger of a case's last alarm, with blanks between them."""
    last = Alarm.objects.filter(case_id=case_id).order_by("-pk").values_list("kinds", flat=True).first()
    return last or ""


def letter(letter_id: int) -> tuple[str, int, int, int] | None:
    """Kind, year, serial and supervisor of a letter."""
    columns = ("kind", "year", "serial", "supervisor_id")
    return Supervision.objects.filter(pk=letter_id).values_list(*columns).first()


def phone_of_case(number: str) -> str:
    """The phone that was left with a report; empty when there is none. For the carrier alone."""
    found = Case.objects.filter(number=number).only("seal_id", "community_id", "contact_phone").first()
    return (found.contact_phone or "") if found else ""


def phone_of_neighbour(supporter_id: int) -> str:
    """The phone that somebody who joined a case left; empty when there is none. For the carrier alone."""
    rows = Supporter.objects.filter(pk=supporter_id, left_at__isnull=True)
    found = rows.only("seal_id", "community_id", "contact_phone").first()
    return (found.contact_phone or "") if found else ""
