"""Cases as plain values: rows of lists, and one case's whole story. What residents get is less, see `SHOWN`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from linli.cases.models import Attachment, Case, Request, Task
from linli.cases.ports import Alike
from linli.cases.queries.story import ClockView, Entry, Story
from linli.cases.rules import routing, workflow
from linli.cases.rules.workflow import State, Verb
from linli.faces.languages import reads_english
from linli.kernel.access import Actor

_OPEN = frozenset(state.value for state in workflow.OPEN)
# Taken over as they are; between them stand what is computed and the names, see `row`.
_PLAIN = (
    "number", "community_id", "kind", "urgency", "state", "channel", "words", "grid_id", "building_id", "place_path",
    "address", "lon", "lat", "organisation_id", "reported_at", "state_at", "closed_at", "due_at", "due_stage",
    "quarantined", "escalated", "supervised_until", "returns", "reopenings", "urges", "supporters", "solved", "stars",
    "answer", "published_at", "outside_number", "version",
)  # fmt: skip
_NAMES = ("grid", "building", "organisation")
#: What a list reads of each case, in one statement and without a model's weight.
COLUMNS = (
    *_PLAIN,
    "category_code",
    "handler_id",
    "at_risk_at",
    *(f"{name}__name_zh" for name in _NAMES),
    *(f"{name}__name_en" for name in _NAMES),
)
#: What telling one case's story reads of its row.
TOLD = (
    *_PLAIN, "category_code", "handler_id", "at_risk_at", "reporter_id", "handled_by_id", "bound", "supervisor_id",
)  # fmt: skip
_FROM = len(_PLAIN)
_STATE, _DUE, _COMMUNITY = _PLAIN.index("state"), _PLAIN.index("due_at"), _PLAIN.index("community_id")
_of_case = attrgetter(*_PLAIN, "category_code", "handler_id", "at_risk_at")
#: Of a move's record what its reporter is told as well (and the pages say).
SHOWN = frozenset(
    {"category", "ruling", "request", "granted", "amount", "until", "due_at", "solved", "stars", "reached"}
)


def rows(found: Iterable[Sequence[Any]], actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """The values of `COLUMNS` of some cases as a list shows them to this reader."""
    english, staff = reads_english(actor.language), actor.staff_communities
    return [row(values, now, english=english, staff=values[_COMMUNITY] in staff) for values in found]


def row(values: Sequence[Any], now: datetime, *, english: bool, staff: bool) -> dict[str, Any]:
    """A case as a list shows it, from the values of `COLUMNS`; names in the reader's language."""
    shown = dict(zip(_PLAIN, values, strict=False))
    category, handler, at_risk_at, grid, building, body, grid_en, building_en, body_en = values[
        _FROM : _FROM + 9
    ]
    shown["category"] = category
    shown["handler_id"] = handler if staff else None
    shown["grid"] = (english and grid_en) or grid or ""
    shown["building"] = (english and building_en) or building or ""
    shown["organisation"] = (english and body_en) or body or ""
    shown["clock"] = standing(values[_STATE], values[_DUE], at_risk_at, now)
    return shown


def of_case(case: Case, now: datetime, *, english: bool, staff: bool) -> dict[str, Any]:
    """One case as `row` shows it."""
    things = (case.grid, case.building, case.organisation)
    names = [thing.name_zh if thing else "" for thing in things]
    names += [thing.name_en if thing else "" for thing in things]
    return row((*_of_case(case), *names), now, english=english, staff=staff)


def of_cases(cases: Iterable[Case], actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Some cases as `row` shows them to this reader."""
    english, staff = reads_english(actor.language), actor.staff_communities
    return [of_case(case, now, english=english, staff=case.community_id in staff) for case in cases]


def alike(found: Alike) -> dict[str, Any]:
    """What the machine says of a case that may be the same matter."""
    return {
        "certainty": round(found.certainty, 3),
        "reasons": [{"code": one.code, "value": one.value, "against": one.against} for one in found.reasons],
        "meters": None if found.meters is None else round(found.meters),
        "supporters": found.supporters,
    }


def standing(state: str, due_at: datetime | None, at_risk_at: datetime | None, now: datetime) -> str:
    """How the next promise stands, from the row alone."""
    if state == State.PAUSED:
        return "paused"
    if due_at is None or state not in _OPEN:
        return "none"
    if due_at < now:
        return "broken"
    return "at_risk" if at_risk_at and at_risk_at <= now else "in_time"


def told(story: Story, now: datetime, *, language: str, for_resident: bool) -> dict[str, Any]:
    """A story as plain values."""
    return {
        "case": of_case(story.case, now, english=reads_english(language), staff=not for_resident),
        "timeline": [entry(one, for_resident) for one in story.entries if not for_resident or _is_told(one)],
        "clocks": [clock(view) for view in story.clocks],
        "moves": [
            {"verb": step.verb, "needs": list(step.needs), "reasons": list(step.reasons)}
            for step in story.steps
        ],
        "tasks": [] if for_resident else tasks(story.tasks, language),
        "waiting": waiting(story.waiting) if story.waiting and not for_resident else None,
    }


def _is_told(one: Entry) -> bool:
    """A question that was refused is the house's own affair, as on the pages."""
    return one.verb != Verb.DECIDE or bool(one.data.get("granted"))


def entry(one: Entry, for_resident: bool) -> dict[str, Any]:
    """One line of the timeline."""
    data = {key: value for key, value in one.data.items() if key in SHOWN} if for_resident else one.data
    return {
        "seq": one.seq,
        "verb": one.verb,
        "from_state": one.from_state,
        "to_state": one.to_state,
        "at": one.at,
        "role": one.role,
        "who": one.who,
        "body": one.body,
        "reason": one.reason,
        "note": one.note,
        "answer": one.answer,
        "data": data,
        "uploads": [file(each) for each in one.attachments],
    }


def file(one: Attachment) -> dict[str, Any]:
    """An uploaded file and where it is read."""
    path = f"/api/v1/files/{one.ticket}"
    return {
        "ticket": str(one.ticket),
        "kind": one.kind,
        "size": one.size,
        "width": one.width,
        "height": one.height,
        "seconds": one.seconds,
        "url": path,
        "thumb_url": f"{path}/thumb" if one.thumb_path else "",
    }


def clock(view: ClockView) -> dict[str, Any]:
    """One promise as it stands."""
    kept = view.row
    return {
        "id": kept.pk,
        "stage": kept.stage,
        "round": kept.round,
        "task_id": kept.task_id,
        "amount": str(kept.amount),
        "unit": kept.unit,
        "start_rule": kept.start_rule,
        "started_at": kept.started_at,
        "stopped_at": kept.stopped_at,
        "due_at": kept.due_at,
        "met": kept.met,
        "state": view.state,
        "remaining_seconds": view.remaining,
    }


def tasks(found: Iterable[Task], language: str) -> list[dict[str, Any]]:
    """The parts of a case that other bodies do."""
    english = reads_english(language)
    return [
        {
            "id": task.pk,
            "organisation_id": task.organisation_id,
            "organisation": (english and task.organisation.name_en) or task.organisation.name_zh,
            "words": task.words,
            "state": task.state,
            "asked_at": task.asked_at,
            "done_at": task.done_at,
            "result": task.result,
        }
        for task in found
    ]


def waiting(request: Request) -> dict[str, Any]:
    """What was asked for and waits for another person's word."""
    return {
        "kind": request.kind,
        "amount": None if request.amount is None else str(request.amount),
        "until": request.until,
        "why": request.why,
        "asked_at": request.asked_at,
        "days": None if request.days is None else str(request.days),
        "decider": request.decider,
        "basis": request.basis,
    }


def why(reasons: Iterable[routing.Reason]) -> list[dict[str, Any]]:
    """The conditions of a rule with their outcome."""
    return [{"code": one.code, "ok": one.ok, "wanted": one.wanted, "found": one.found} for one in reasons]
