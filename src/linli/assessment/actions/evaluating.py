"""七清七掌握: the list is set, a round opens and closes by itself, evaluators write their sheets."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import orjson
from django.db import transaction

from linli.assessment import access
from linli.assessment.events import EvaluationClosed, EvaluationOpened
from linli.assessment.models import ChecklistRow, EvaluationRound, EvaluationSheet
from linli.assessment.queries import evaluating as asked_of
from linli.assessment.rules import checklist
from linli.assessment.rules.subjects import MEASURED_ROLES
from linli.grids import access as doors
from linli.grids import queries as places
from linli.grids.rows import DutyRow
from linli.grids.rules.words import Level
from linli.kernel import audit, events, scope
from linli.kernel.access import SYSTEM, Actor, Forbidden
from linli.kernel.refusals import Outdated, Refused, Wrong

#: Whose grids are asked about, and who may ask.
EVALUATED = MEASURED_ROLES
EVALUATORS = (
    "community_leader",
    "dispatcher",
    "verifier",
    "auditor",
    "building_head",
    "police",
    "grid_worker",
)
#: A round opens so many days before its quarter ends, and closes on the quarter's last day.
OPENS_BEFORE = timedelta(days=21)
MOST_HOMES, MOST_SHEETS = 10, 5


@dataclass(frozen=True, slots=True)
class Asking:
    """How the list is asked: items and households on a sheet, evaluators of one person, whether by itself."""

    asked: int = 6
    homes: int = 3
    sheets: int = 2
    on: bool = True


def set_checklist(
    *,
    actor: Actor,
    community_id: int,
    items: tuple[checklist.Item, ...],
    asking: Asking,
    key: UUID,
    at: datetime,
) -> ChecklistRow:
    """Let these seven and seven hold from now on; rounds that are open keep theirs. The same key again changes nothing.

    :raises NotFound: the actor does not serve there.
    :raises Forbidden: keepers_only.
    :raises Refused: item code: seven_and_seven, missing, too_long; asked, homes, sheets: out_of_range.
    """
    doors.require_keeper(actor, community_id)
    found = [Wrong(code or "items", why) for code, why in checklist.faults(items)]
    for name, least, most in (
        ("asked", 2, 2 * checklist.EACH),
        ("homes", 0, MOST_HOMES),
        ("sheets", 2, MOST_SHEETS),
    ):
        if not least <= getattr(asking, name) <= most:
            found.append(Wrong(name, "out_of_range", f"{least}–{most}"))
    if found:
        raise Refused(*found)
    with transaction.atomic():
        row, made = ChecklistRow.objects.get_or_create(
            community_id=community_id,
            key=key,
            defaults={
                "items": [asdict(one) for one in items],
                **asdict(asking),
                "made_by_id": actor.account_id,
                "made_at": at,
            },
        )
        if made:
            audit.record(
                community_id=community_id, actor=actor, verb="assessment.set_checklist",
                object=f"checklist:{row.pk}", at=at, detail=asdict(asking),
            )  # fmt: skip
    return row


def sweep(at: datetime) -> int:
    """Open the round of the quarter that ends soon, close those whose days are over; returns how many."""
    return sum(_sweep(place.id, at) for place in places.communities())


def _sweep(community_id: int, at: datetime) -> int:
    day = places.day_of(at)
    since, until = checklist.quarter(day)
    with scope.within([community_id]):
        done = 0
        if day >= until - OPENS_BEFORE:
            done += _open(community_id, since, until, at)
        over = EvaluationRound.objects.filter(
            community_id=community_id, closed_at__isnull=True, last_date__lt=day
        ).values_list("pk", flat=True)
        return done + sum(_close(community_id, one, at) for one in over)


def _open(community_id: int, since: date, until: date, at: datetime) -> int:
    row = asked_of.checklist(community_id)
    if row is None or not row.on:
        return 0
    if EvaluationRound.objects.filter(community_id=community_id, since_date=since).exists():
        return 0
    return int(
        open_round(actor=SYSTEM, community_id=community_id, since=since, until=until, at=at) is not None
    )


def open_round(
    *, actor: Actor, community_id: int, since: date, until: date, at: datetime
) -> EvaluationRound | None:
    """Open the round of a quarter: draw for every grid worker who asks, what, and at which doors. None: it was open.

    :raises NotFound: the actor does not serve there.
    :raises Forbidden: keepers_only; no_checklist.
    """
    doors.require_keeper(actor, community_id)
    row = asked_of.checklist(community_id)
    if row is None:
        raise Forbidden("no_checklist")
    with transaction.atomic():
        opened, made = EvaluationRound.objects.get_or_create(
            community_id=community_id,
            since_date=since,
            defaults={
                "checklist_id": row.id,
                "until_date": until,
                "seed": secrets.token_hex(16),
                "opened_at": at,
                "last_date": until - timedelta(days=1),
            },
        )
        if not made:
            return None
        sheets = _sheets(opened, row.asking, places.duties(community_id, places.day_of(at)))
        EvaluationSheet.objects.bulk_create(sheets)
        audit.record(
            community_id=community_id, actor=actor, verb="assessment.open_evaluation", object=f"round:{opened.pk}",
            at=at, detail={"since": since.isoformat(), "seed": opened.seed, "sheets": len(sheets)},
        )  # fmt: skip
        events.publish(EvaluationOpened(community_id, opened.pk, at, since.isoformat(), len(sheets)))
    return opened


def _sheets(
    opened: EvaluationRound, asking: asked_of.AskingRow, duties: list[DutyRow]
) -> list[EvaluationSheet]:
    pool = {duty.account_id for duty in duties if duty.role in EVALUATORS}
    workers = {
        duty.account_id: duty.place
        for duty in sorted(duties, key=lambda one: one.id, reverse=True)
        if duty.role in EVALUATED and duty.place.level == Level.GRID
    }
    busy: Counter[int] = Counter()
    made = []
    for worker, grid in sorted(workers.items()):
        homes = [place.id for place in places.subtree(grid.path, Level.DWELLING.value)]
        for evaluator in checklist.evaluators(opened.seed, worker, pool, most=asking.sheets, busy=busy):
            busy[evaluator] += 1
            who = f"{worker}:{evaluator}"
            made.append(
                EvaluationSheet(
                    community_id=opened.community_id,
                    round=opened,
                    worker_id=worker,
                    grid_id=grid.id,
                    evaluator_id=evaluator,
                    drawn_items=checklist.questions(opened.seed, who, asking.asked),
                    drawn_homes=sorted(checklist.draw(opened.seed, who, homes, asking.homes)),
                )
            )
    return made


def _close(community_id: int, round_id: int, at: datetime) -> int:
    with transaction.atomic():
        closed = EvaluationRound.objects.filter(pk=round_id, closed_at__isnull=True).update(closed_at=at)
        if closed:
            written = EvaluationSheet.objects.filter(round_id=round_id, written_at__isnull=False).count()
            audit.record(
                community_id=community_id, actor=SYSTEM, verb="assessment.close_evaluation",
                object=f"round:{round_id}", at=at, detail={"sheets": written},
            )  # fmt: skip
            events.publish(EvaluationClosed(community_id, round_id, at, written))
    return closed


def write_sheet(
    *,
    actor: Actor,
    sheet_id: int,
    marks: Mapping[str, int],
    evidence: Mapping[str, str],
    version: int,
    at: datetime,
) -> EvaluationSheet:
    """Write one's marks and why; until the round closes they may be written again.

    :param marks: by item 0 to 3; ``home_<id>`` where a household was asked whether it knows its grid worker: 0 or 3.
    :raises NotFound: not the actor's sheet.
    :raises Forbidden: closed.
    :raises Outdated: it was written from somewhere else meanwhile.
    :raises Refused: per item: no_mark, no_evidence, too_long.
    """
    with transaction.atomic():
        sheet = access.find_sheet(actor, sheet_id, lock=True)
        if sheet.round.closed_at is not None or places.day_of(at) > sheet.round.last_date:
            raise Forbidden("closed")
        if sheet.version != version:
            raise Outdated
        homes = {f"home_{one}" for one in sheet.drawn_homes}
        kept = {code: mark for code, mark in marks.items() if code in homes or code in sheet.drawn_items}
        asked = [*sheet.drawn_items, *(code for code in homes if code in kept)]
        wrongs = checklist.wrong_marks(kept, asked, {**dict.fromkeys(homes, "-"), **evidence})
        if wrongs:
            raise Refused(*(Wrong(code, why) for code, why in wrongs))
        words = {code: evidence[code].strip() for code in sheet.drawn_items if evidence.get(code, "").strip()}
        sheet.marks = kept
        sheet.evidence = orjson.dumps(words).decode()
        sheet.written_at = at
        sheet.version += 1
        sheet.save(update_fields=["marks", "evidence", "written_at", "version"])
        audit.record(
            community_id=sheet.community_id, actor=actor, verb="assessment.write_sheet",
            object=f"sheet:{sheet.pk}", at=at, detail={"marks": kept},
        )  # fmt: skip
    return sheet
