"""The list of urgent words and what to do then, changed by dated rows over the shipped ones."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from linli.cases.actions.settings import keeping
from linli.cases.models import AdviceRow, UrgentRow
from linli.cases.rules import urgent_phrases
from linli.cases.rules.intake import Refused, Wrong
from linli.cases.rules.promises import Urgency
from linli.cases.rules.urgent_phrases import MOST_PHRASE, MOST_WORDS, DangerKind
from linli.kernel.access import Actor, NotFound

KEPT = ("kind", "phrase", "level", "may_come", "inside", "beside", "on", "valid_from")
ADVICE_KEPT = ("kind", "numbers", "words_zh", "words_en", "desk_zh", "desk_en")
MOST_LINES = 500  # a community's own
MOST_NUMBERS = 4
OWN = "own."
_PHONE = re.compile(r"\+?[\d -]{3,20}")


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of a line."""

    kind: str
    phrase: str
    level: str = "critical"
    may_come: str = "normal"
    inside: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    on: bool = True

    def values(self) -> dict[str, Any]:
        """As the row keeps it."""
        return asdict(self) | {
            "phrase": self.phrase.strip(),
            "inside": list(self.inside),
            "beside": list(self.beside),
        }


@dataclass(frozen=True, slots=True)
class AdviceSheet:
    """What is said of a kind of danger: numbers with whom one reaches, words for residents and for the desk."""

    numbers: tuple[tuple[str, str, str], ...] = ()
    words_zh: str = ""
    words_en: str = ""
    desk_zh: str = ""
    desk_en: str = ""


def add_line(
    *, actor: Actor, community_id: int, line: Line, at: datetime, valid_from: date | None = None
) -> UrgentRow:
    """Add a line of the community's own.

    :raises Refused: a phrase that cannot work, an unknown kind or level, a day in the past, too many lines.
    """
    keeping.require(actor, community_id)
    day = keeping.from_day(valid_from, at)
    check(line)
    with transaction.atomic():
        own = UrgentRow.objects.filter(community_id=community_id, code__startswith=OWN)
        taken = set(own.select_for_update().values_list("code", flat=True))
        if len(taken) >= MOST_LINES:
            raise Refused(Wrong("phrase", "too_many_lines", str(MOST_LINES)))
        code = f"{OWN}{max((int(one.removeprefix(OWN)) for one in taken), default=0) + 1}"
        row = UrgentRow.objects.create(
            community_id=community_id,
            code=code,
            valid_from=day,
            set_by_id=actor.account_id,
            **line.values(),
        )
        _record(actor, "add_urgent", row, at, {"now": keeping.plain(row, KEPT)})
    return row


def change_line(
    *, actor: Actor, community_id: int, code: str, line: Line, at: datetime, valid_from: date | None = None
) -> UrgentRow:
    """Let a line say something else from a day on; a shipped one becomes the community's version.

    :raises NotFound: no line of this code.
    :raises Refused: as `add_line`.
    """
    keeping.require(actor, community_id)
    day = keeping.from_day(valid_from, at)
    check(line)
    with transaction.atomic():
        row: UrgentRow | None = _in_force(UrgentRow.objects.filter(community_id=community_id, code=code), day)
        if row is None and urgent_phrases.shipped().of(code) is None:
            raise NotFound
        before = keeping.plain(row, KEPT) if row else None
        if row is None:
            row = UrgentRow(community_id=community_id, code=code, valid_from=day, **line.values())
            row.set_by_id = actor.account_id
            row.save()
        else:
            row = keeping.renew(row, day, line.values() | {"set_by_id": actor.account_id})
        _record(actor, "change_urgent", row, at, {"before": before, "now": keeping.plain(row, KEPT)})
    return row


def drop_line(*, actor: Actor, community_id: int, code: str, at: datetime) -> None:
    """End the community's own line, or its version of a shipped one, from now on.

    :raises NotFound: the community has nothing of its own under this code.
    """
    keeping.require(actor, community_id)
    with transaction.atomic():
        _drop(UrgentRow.objects.filter(community_id=community_id, code=code), keeping.today(at))
        keeping.record(
            community_id=community_id, actor=actor, verb="drop_urgent", thing=f"urgent:{code}", at=at
        )


def set_advice(*, actor: Actor, community_id: int, kind: str, sheet: AdviceSheet, at: datetime) -> AdviceRow:
    """Let the community say in its own words what to do in a kind of danger, from today on.

    :raises NotFound: no such kind of danger.
    :raises Refused: no Chinese words, too long ones, or a number that is none.
    """
    keeping.require(actor, community_id)
    kind = _kind(kind).value
    _check_advice(sheet)
    day = keeping.today(at)
    values = asdict(sheet) | {"numbers": [list(one) for one in sheet.numbers], "set_by_id": actor.account_id}
    with transaction.atomic():
        row: AdviceRow | None = _in_force(AdviceRow.objects.filter(community_id=community_id, kind=kind), day)
        if row is None:
            row = AdviceRow.objects.create(community_id=community_id, kind=kind, valid_from=day, **values)
        else:
            row = keeping.renew(row, day, values)
        keeping.record(
            community_id=community_id,
            actor=actor,
            verb="set_advice",
            thing=f"advice:{kind}",
            at=at,
            detail={"now": keeping.plain(row, ADVICE_KEPT)},
        )
    return row


def drop_advice(*, actor: Actor, community_id: int, kind: str, at: datetime) -> None:
    """Take back the community's own words on a kind of danger; the shipped ones hold again.

    :raises NotFound: there are none.
    """
    keeping.require(actor, community_id)
    with transaction.atomic():
        _drop(AdviceRow.objects.filter(community_id=community_id, kind=kind), keeping.today(at))
        keeping.record(
            community_id=community_id, actor=actor, verb="drop_advice", thing=f"advice:{kind}", at=at
        )


def _in_force(rows: QuerySet[Any], day: date) -> Any:
    held = rows.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    return held.select_for_update().order_by("-valid_from", "-pk").first()


def _drop(rows: QuerySet[Any], today: date) -> None:
    held = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today)).select_for_update()
    found = list(held)
    if not found:
        raise NotFound
    for row in found:
        if row.valid_from >= today:
            row.delete()
        else:
            row.valid_to = today - timedelta(days=1)
            row.save(update_fields=["valid_to"])


def _kind(kind: str) -> DangerKind:
    try:
        return DangerKind(kind)
    except ValueError as error:
        raise NotFound from error


def check(line: Line) -> None:
    """Nothing, when a line can work.

    :raises Refused: a phrase that cannot, an unknown kind or level.
    """
    limits = {"phrase": str(MOST_PHRASE), "inside": str(MOST_WORDS), "beside": str(MOST_WORDS)}
    found = [
        Wrong(name, code, limits[name])
        for name, code in urgent_phrases.wrongs(line.phrase, line.inside, line.beside)
    ]
    if line.kind not in {kind.value for kind in DangerKind}:
        found.append(Wrong("kind", "unknown"))
    for name in ("level", "may_come"):
        if getattr(line, name) not in {level.value for level in Urgency}:
            found.append(Wrong(name, "unknown"))
    if found:
        raise Refused(*found)


def _check_advice(sheet: AdviceSheet) -> None:
    found = [
        Wrong(name, "too_long", str(most))
        for name, most in (("words_zh", 600), ("words_en", 900), ("desk_zh", 600), ("desk_en", 900))
        if len(getattr(sheet, name)) > most
    ]
    if not sheet.words_zh.strip():
        found.append(Wrong("words_zh", "missing"))
    if len(sheet.numbers) > MOST_NUMBERS:
        found.append(Wrong("numbers", "too_many_numbers", str(MOST_NUMBERS)))
    bad = [one for one in sheet.numbers if not _PHONE.fullmatch(one[0]) or not one[1] or len(one[1]) > 20]
    if bad or any(len(one[2]) > 30 for one in sheet.numbers):
        found.append(Wrong("numbers", "not_a_number_to_call"))
    if found:
        raise Refused(*found)


def _record(actor: Actor, verb: str, row: UrgentRow, at: datetime, detail: dict[str, object]) -> None:
    keeping.record(
        community_id=row.community_id,
        actor=actor,
        verb=verb,
        thing=f"urgent:{row.code}",
        at=at,
        detail=detail,
    )
