"""What everybody may read of cases while they run and afterwards: for open interfaces, where whoever asks is unknown.

A case is here or it is absent; nothing tells one that is hidden from one that is not there. Numbers of persons are masked
on the way out, and places are told no finer than their building unless they came over an open interface themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case as Choice
from django.db.models import DateTimeField, Expression, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from linli.cases.models import Case, ClockRow, Move
from linli.cases.queries import reference
from linli.cases.rules.intake import Channel
from linli.cases.rules.promises import Stage
from linli.cases.rules.workflow import OPEN, SETTLED, State, Verb
from linli.kernel import text

OPEN_STATES = sorted(state.value for state in OPEN)
#: States in which a case that was told openly can be read although it was not published after settling.
STILL_TOLD = sorted({*OPEN_STATES, State.DECLINED.value, State.MERGED.value})
ANSWERING = frozenset({Verb.CLOSE.value, Verb.REPLY.value, Verb.DECLINE.value})
PLACES = ("building", "grid")
COLUMNS = (
    "number", "state", "category_code", "channel", "words", "public_words", "answer", "reported_at", "lon", "lat",
    "address", "merged_into__number",
    *(f"{one}__name_{tongue}" for one in (*PLACES, "organisation") for tongue in ("zh", "en")),
    "building__code", "building__lon", "building__lat", "supporters",
)  # fmt: skip
Numbers = QuerySet[Any, Any]  # of one column: numbers of cases


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of them is wanted; empty and None: no matter."""

    numbers: tuple[str, ...] | None = None
    category_codes: tuple[str, ...] = ()
    open: bool | None = None
    since: datetime | None = None  # of the report
    until: datetime | None = None
    updated_since: datetime | None = None
    updated_until: datetime | None = None
    most: int = 1000
    skip: int = 0


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case as everybody may read it."""

    number: str
    state: str
    category_code: str
    words: str
    answer: str
    organisation: tuple[str, str]  # Chinese, English
    building: tuple[str, str]
    grid: tuple[str, str]
    building_code: str
    address: str
    lon: float | None
    lat: float | None
    reported_at: datetime
    updated_at: datetime
    expected_at: datetime | None
    merged_into: str
    supporters: int


@dataclass(frozen=True, slots=True)
class Happened:
    """A step of a case that everybody may read."""

    number: str
    seq: int
    at: datetime
    state: str
    answer: str


def seen(community_id: int, *, also: Numbers | None = None, unread: Numbers | None = None) -> QuerySet[Case]:
    """The cases of a community that everybody may read, and those the asker filed.

    :param also: the numbers of what the asker filed.
    :param unread: the numbers of what is told only once a person has read it.
    """
    reach = _told(community_id, unread) if reference.publishing(community_id) != "never" else Q(pk__in=[])
    if also is not None:
        reach |= Q(number__in=also)
    return Case.objects.filter(reach, community_id=community_id)


def _told(community_id: int, unread: Numbers | None) -> Q:
    ended = [*(state.value for state in SETTLED), State.ARCHIVED.value]
    from_outside = Q(channel=Channel.OPEN311.value, publish=True, quarantined=False)
    from_outside &= Q(state__in=STILL_TOLD) | Q(state=State.ARCHIVED.value, published_at__isnull=False)
    if unread is not None:
        from_outside &= ~Q(state=State.REPORTED.value, number__in=unread)
    published = Q(published_at__isnull=False, state__in=ended[:-1])
    return (published | from_outside) & ~Q(category_code__in=_sensitive(community_id))


def _sensitive(community_id: int) -> list[str]:
    """The codes of sensitive categories and of all that hang on one."""
    rows = reference.every_category(community_id)
    grave = {code for code, row in rows.items() if row.sensitive}
    return sorted(code for code in rows if any(code == one or code.startswith(f"{one}.") for one in grave))


def listed(found: QuerySet[Case], wanted: Wanted) -> list[OpenCase]:
    """What is wanted of them, the newest first, in one statement."""
    found = _wanted(found.annotate(updated=_updated(), expected=_expected()), wanted)
    rows = found.order_by("-reported_at", "-id").values(*COLUMNS, "updated", "expected")
    return [_row(row) for row in rows[wanted.skip : wanted.skip + wanted.most]]


def _wanted(found: QuerySet[Case], wanted: Wanted) -> QuerySet[Case]:
    plain: dict[str, Any] = {
        "number__in": wanted.numbers,
        "category_code__in": wanted.category_codes or None,
        "reported_at__gte": wanted.since,
        "reported_at__lte": wanted.until,
        "updated__gte": wanted.updated_since,
        "updated__lte": wanted.updated_until,
    }
    found = found.filter(**{name: value for name, value in plain.items() if value is not None})
    if wanted.open is None:
        return found
    return found.filter(state__in=OPEN_STATES) if wanted.open else found.exclude(state__in=OPEN_STATES)


def _updated() -> Expression:
    """When it last came to stand as it does; of an ended case the moment it ended."""
    ended = Coalesce("closed_at", "state_at")
    return Choice(
        When(state__in=OPEN_STATES, then=F("state_at")), default=ended, output_field=DateTimeField()
    )


def _expected() -> Expression:
    """Until when it is to be resolved; before that is promised, until when the next step is."""
    promised = ClockRow.objects.filter(
        case=OuterRef("pk"), stage=Stage.RESOLVE.value, task__isnull=True
    ).order_by("-round")
    return Coalesce(Subquery(promised.values("due_at")[:1]), F("due_at"), Value(None, DateTimeField()))


def _row(row: dict[str, Any]) -> OpenCase:
    from_outside = row["channel"] == Channel.OPEN311.value
    return OpenCase(
        number=row["number"],
        state=row["state"],
        category_code=row["category_code"],
        words=text.mask_text(row["public_words"] or (row["words"] if from_outside else "")),
        answer=text.mask_text(row["answer"]) if row["state"] not in OPEN_STATES else "",
        organisation=_named(row, "organisation"),
        building=_named(row, "building"),
        grid=_named(row, "grid"),
        building_code=row["building__code"] or "",
        address=text.mask_text(row["address"]) if from_outside and not row["building__code"] else "",
        lon=row["lon"] if from_outside else row["building__lon"],
        lat=row["lat"] if from_outside else row["building__lat"],
        reported_at=row["reported_at"],
        updated_at=row["updated"],
        expected_at=row["expected"],
        merged_into=row["merged_into__number"] or "",
        supporters=row["supporters"],
    )


def _named(row: dict[str, Any], what: str) -> tuple[str, str]:
    return row[f"{what}__name_zh"] or "", row[f"{what}__name_en"] or row[f"{what}__name_zh"] or ""


def happened(
    found: QuerySet[Case], *, numbers: Sequence[str] = (), since: datetime, until: datetime, most: int = 1000
) -> list[Happened]:
    """The steps of these cases that changed where they stand, the oldest first, in one statement."""
    wanted = found.filter(number__in=numbers) if numbers else found
    moves = Move.objects.filter(case__in=wanted.values("pk"), at__gte=since, at__lte=until)
    rows = moves.exclude(from_state=F("to_state")).order_by("at", "pk")
    named = rows.values_list("case__number", "seq", "at", "verb", "to_state", "answer")[:most]
    return [
        Happened(number, seq, at, state, text.mask_text(answer) if verb in ANSWERING else "")
        for number, seq, at, verb, state, answer in named
    ]


def waits(community_id: int, number: str) -> bool:
    """Whether a person has still to let this case in: it came over the limit of its reporter."""
    return Case.objects.filter(community_id=community_id, number=number, quarantined=True).exists()
