"""One case as people read it: its timeline, its clocks with every second explained, who holds it, what may come next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from linli.cases import access
from linli.cases.actions import callback_draw, clocks, moves
from linli.cases.models import Attachment, Case, ClockRow, Move, Request, Supervision, Task
from linli.cases.rules import clock as clock_rules
from linli.cases.rules import workflow
from linli.faces.languages import reads_english
from linli.kernel import calendar
from linli.kernel.access import Actor
from linli.kernel.postgres.known import Known
from linli.people import queries as people

# What the reporter reads of a case: the internal verbs are left out, and internal notes always.
PUBLIC_VERBS = frozenset(workflow.Verb) - {
    workflow.Verb.NOTE,
    workflow.Verb.TRANSFER,
    workflow.Verb.SUPERVISE,
    workflow.Verb.EXPLAIN,
    workflow.Verb.LIFT,
    workflow.Verb.ESCALATE,
    workflow.Verb.ASK,
    workflow.Verb.RELEASE,
    workflow.Verb.ANSWER_CALL,
    workflow.Verb.ARRIVE,
    workflow.Verb.EXCUSE,
}
MAKES_PARTS = frozenset({workflow.Verb.JOINT, workflow.Verb.WHISTLE, workflow.Verb.CONCLUDE})
WHISTLING = frozenset({workflow.Verb.WHISTLE, workflow.Verb.CONCLUDE, workflow.Verb.CALL_OFF})


def _moves(case_id: int) -> QuerySet[Move]:
    """The moves in order, each with the names of the body it concerned."""
    body = people.organisations_by_id().filter(pk=OuterRef("organisation_id"))
    found = Move.objects.filter(case_id=case_id).order_by("seq")
    return found.annotate(body_zh=Subquery(body.values("name_zh")), body_en=Subquery(body.values("name_en")))


# The story is asked for all day, always in the same words.
MOVES = Known(1, _moves)
FILES = Known(1, lambda case_id: Attachment.objects.filter(case_id=case_id).order_by("pk"))
CLOCKS = Known(1, lambda case_id: ClockRow.objects.filter(case_id=case_id).order_by("started_at", "pk"))
PARTS = Known(
    1, lambda case_id: Task.objects.filter(case_id=case_id).select_related("organisation").order_by("pk")
)
LETTERS = Known(
    1,
    lambda case_id: (
        Supervision.objects.filter(case_id=case_id)
        .select_related("organisation", "supervisor", "handler")
        .order_by("-opened_at", "-pk")
    ),
)
OPEN_LETTERS = frozenset({workflow.Verb.SUPERVISE.value, workflow.Verb.ESCALATE.value})
WAITING = Known(1, lambda case_id: Request.objects.filter(case_id=case_id, decided_at__isnull=True))

#: The roles under which residents' own moves are recorded: those of the reporter, and of neighbours who joined.
OF_RESIDENTS = frozenset({"reporter", "supporter"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline."""

    seq: int
    verb: str
    from_state: str
    to_state: str
    at: datetime
    who: str  # a name for staff, the body's name or a role for residents
    role: str
    body: str
    reason: str
    note: str  # internal; empty for residents
    answer: str
    data: dict[str, Any]
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class ClockView:
    """One promise as it stands."""

    row: ClockRow
    state: str
    remaining: int  # ticking seconds; negative once broken
    unit: str


@dataclass(frozen=True, slots=True)
class Story:
    """Everything a page or the API shows of one case."""

    case: Case
    entries: tuple[Entry, ...]
    clocks: tuple[ClockView, ...]
    tasks: tuple[Task, ...]
    waiting: Request | None
    steps: tuple[workflow.Step, ...]
    loose: tuple[Attachment, ...]
    letters: tuple[Supervision, ...] = ()  # of supervision, the newest first; none for residents


def story(
    case: Case,
    actor: Actor,
    *,
    at: datetime,
    for_resident: bool,
    language: str = "zh-hans",
    code: bool = False,
) -> Story:
    """The story of a case for this reader; what the history shows cannot be there is not asked for."""
    rows: list[Any] = MOVES(case.pk)
    verbs = {row.verb for row in rows}
    attached: dict[int | None, list[Attachment]] = {}
    for one in FILES(case.pk):
        attached.setdefault(one.move_seq, []).append(one)
    staff = {row.actor_id for row in rows if row.actor_id and row.actor_role not in OF_RESIDENTS}
    names = {} if for_resident else people.names(staff)
    tasks = parts(case) if verbs & MAKES_PARTS else ()
    waiting = next(iter(WAITING(case.pk)), None) if workflow.Verb.ASK in verbs else None
    standing = moves.standing_of(case, at=at, waiting=waiting, returner_id=_returner(case, rows))
    standing = replace(standing, whistled=_whistled(case, rows), proposer_id=_proposer(case, verbs))
    doer = access.doer(actor, case, holds_receipt=code, tasks=tasks)
    return Story(
        case=case,
        entries=tuple(
            _entry(row, names, language, tuple(attached.get(row.seq, ())), for_resident)
            for row in rows
            if not for_resident or row.verb in PUBLIC_VERBS
        ),
        clocks=clock_views(case, at=at),
        tasks=tasks,
        waiting=None if for_resident else waiting,
        steps=workflow.moves(standing, doer),
        loose=tuple(attached.get(None, ())),
        letters=tuple(LETTERS(case.pk)) if not for_resident and verbs & OPEN_LETTERS else (),
    )


def parts(case: Case) -> tuple[Task, ...]:
    """What other bodies do of a case, in the order it was asked for."""
    return tuple(PARTS(case.pk))


def _whistled(case: Case, rows: list[Any]) -> bool:
    """Whether bodies are called to a place and nobody has concluded it: the last word about it in the history."""
    last = next((row.verb for row in reversed(rows) if row.verb in WHISTLING), "")
    return last == workflow.Verb.WHISTLE and workflow.State(case.state) in workflow.OPEN


def _proposer(case: Case, verbs: set[str]) -> int | None:
    """Who proposed the reasoned answer that waits; only somebody called back may have one."""
    asked = workflow.Verb.FOLLOW_UP in verbs and workflow.State(case.state) in workflow.SETTLED
    return callback_draw.proposer_of(case) if asked else None


def _returner(case: Case, rows: list[Any]) -> int | None:
    """Who returned the case, while a ruling on it is awaited."""
    if case.state != workflow.State.RETURNED:
        return None
    return next((row.actor_id for row in reversed(rows) if row.verb == workflow.Verb.RETURN), None)


def _entry(
    row: Any,
    names: dict[int, str],
    language: str,
    attached: tuple[Attachment, ...],
    for_resident: bool,
) -> Entry:
    return Entry(
        seq=row.seq,
        verb=row.verb,
        from_state=row.from_state,
        to_state=row.to_state,
        at=row.at,
        # Who reported it is never told here: that takes a reveal, which is written down.
        who="" if row.actor_role in OF_RESIDENTS else names.get(row.actor_id or 0, ""),
        role=row.actor_role,
        body=(row.body_en if reads_english(language) else "") or row.body_zh or "",
        reason=row.reason,
        note="" if for_resident else row.note,
        answer=row.answer,
        data=row.data,
        attachments=attached,
    )


def clock_views(case: Case, *, at: datetime) -> tuple[ClockView, ...]:
    """Every promise of the case as it stands now."""
    days = calendar.load(case.community_id)
    found = []
    for row in CLOCKS(case.pk):
        clock = clocks.as_clock(row)
        found.append(
            ClockView(
                row=row,
                state=clock_rules.state(clock, days, at).value,
                remaining=clock_rules.remaining(clock, days, row.stopped_at or at),
                unit=row.unit,
            )
        )
    return tuple(found)


def ledger(row: ClockRow, *, at: datetime) -> tuple[clock_rules.Segment, ...]:
    """Every second of one promise, counted or not, and why."""
    return clock_rules.ledger(clocks.as_clock(row), calendar.load(row.community_id), row.stopped_at or at)
