"""What sounds like danger in a community and what to do then, kept in the process like all it has decided."""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Iterable
from datetime import datetime
from importlib import resources

from django.db.models.functions import Now, TruncDate

from linli.cases.models import AdviceRow, UrgentRow
from linli.cases.queries import reference
from linli.cases.rules import urgent_phrases
from linli.cases.rules.promises import Urgency
from linli.cases.rules.ringing import Advice
from linli.cases.rules.urgent_phrases import SHIPPED_VERSION, DangerKind, UrgentList, UrgentPhrase
from linli.grids import queries as places
from linli.kernel.clock import LOCAL


def listed(community_id: int) -> UrgentList:
    """The list in force today: the shipped lines, the community's versions of them, and its own."""

    def read() -> UrgentList:
        rows = _today(community_id)
        if not rows:
            return urgent_phrases.shipped()
        last = {row.code: as_line(row) for row in rows}
        shipped = urgent_phrases.shipped().phrases
        lines = [last.pop(line.code, line) for line in shipped]
        version = f"{SHIPPED_VERSION}+{max(row.pk for row in rows)}.{len(rows)}"
        return UrgentList((*lines, *last.values()), version)

    return reference.keep("urgent", community_id, read)


def _today(community_id: int) -> list[UrgentRow]:
    today = TruncDate(Now(), tzinfo=LOCAL)
    rows = UrgentRow.objects.filter(community_id=community_id).annotate(today=today)
    return [
        row
        for row in rows.order_by("valid_from", "pk")
        if row.valid_from <= row.today and (row.valid_to or row.today) >= row.today
    ]


def as_line(row: UrgentRow) -> UrgentPhrase:
    """A row as the rules read it."""
    return UrgentPhrase(
        code=row.code,
        kind=DangerKind(row.kind),
        level=Urgency(row.level),
        may_come=Urgency(row.may_come),
        phrase=row.phrase,
        inside=tuple(row.inside),
        beside=tuple(row.beside),
        on=row.on,
        own=True,
    )


def versions(community_id: int, code: str) -> list[UrgentRow]:
    """What the community said of a line and from when, the newest first."""
    return list(UrgentRow.objects.filter(community_id=community_id, code=code).order_by("-valid_from", "-pk"))


def to_come(community_id: int) -> list[UrgentRow]:
    """Lines that hold from a later day on."""
    today = TruncDate(Now(), tzinfo=LOCAL)
    rows = UrgentRow.objects.filter(community_id=community_id).annotate(today=today)
    return [row for row in rows.order_by("valid_from", "code") if row.valid_from > row.today]


@functools.cache
def shipped_advice() -> dict[DangerKind, Advice]:
    """What to do now, as it comes with the program: ``cases/data/urgent_advice.csv``."""
    text = resources.files("linli.cases").joinpath("data", "urgent_advice.csv").read_text(encoding="utf-8")
    found = {}
    for row in csv.DictReader(io.StringIO(text)):
        kind = DangerKind(row.pop("kind"))
        numbers = [one.split("|") for one in row.pop("numbers").split(";") if one]
        found[kind] = Advice(
            kind=kind,
            numbers=tuple((one[0], one[1], one[2]) for one in numbers),
            words_zh=row["words_zh"],
            words_en=row["words_en"],
            desk_zh=row["desk_zh"],
            desk_en=row["desk_en"],
        )
    return found


def every_advice(community_id: int) -> dict[DangerKind, Advice]:
    """What to do now in each kind of danger, the community's own words before the shipped ones."""

    def read() -> dict[DangerKind, Advice]:
        today = TruncDate(Now(), tzinfo=LOCAL)
        rows = AdviceRow.objects.filter(community_id=community_id).annotate(today=today)
        own = {
            DangerKind(row.kind): as_advice(row)
            for row in rows.order_by("valid_from", "pk")
            if row.valid_from <= row.today and (row.valid_to or row.today) >= row.today
        }
        return {**shipped_advice(), **own}

    return reference.keep("advice", community_id, read)


def as_advice(row: AdviceRow) -> Advice:
    """A row as pages use it."""
    numbers = tuple((one[0], one[1], one[2]) for one in row.numbers)
    kind = DangerKind(row.kind)
    return Advice(kind, numbers, row.words_zh, row.words_en, row.desk_zh, row.desk_en, own=True)


def advice(community_id: int, kinds: Iterable[DangerKind]) -> tuple[Advice, ...]:
    """What to do now in these kinds of danger, at most two; where none is known, the words for any."""
    held = every_advice(community_id)
    return tuple(held[kind] for kind in list(kinds)[:2]) or (held[DangerKind.HELP],)


def alarm_minutes(community_id: int, at: datetime) -> int:
    """After how many minutes an unanswered alarm goes on to more people."""
    return reference.keep(
        "alarm_minutes", community_id, lambda: int(places.setting(community_id, "alarm_minutes", at))
    )
