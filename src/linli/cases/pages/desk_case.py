"""One case on the workbench: everything the middle and the right column show of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from linli.cases import ports, words
from linli.cases.actions import reveal
from linli.cases.models import Case, Task
from linli.cases.pages import (
    alarm,
    clock_face,
    desk_alike,
    desk_offers,
    desk_telling,
    finding,
    letters,
    telling,
    whistles,
)
from linli.cases.pages.desk_frame import Frame, face
from linli.cases.ports import Matter, Note
from linli.cases.queries import alarms, chasing, desk, people_to_send, story
from linli.cases.queries import whistles as calls
from linli.cases.queries.story import ClockView, Story
from linli.cases.rules.promises import Stage, Urgency
from linli.cases.rules.workflow import ARBITRATED_FROM, OPEN, SETTLED, State, Verb
from linli.faces.words import Clock
from linli.kernel.clock import LOCAL
from linli.people import queries as people


@dataclass(frozen=True, slots=True)
class Contact:
    """Who reported it, masked; and whether this person may read more."""

    name: str
    phone: str
    anonymous: bool
    may: bool
    purposes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Running:
    """A promise of the case with its badge."""

    id: int
    face: Clock
    stage: str
    task: Task | None
    round: int


def told(made: Frame, case: Case) -> Story:
    """The story of a case as this colleague may read it."""
    return story.story(
        case, made.request.actor, at=made.request.now, for_resident=False, language=made.language
    )


def context(made: Frame, case: Case, *, told_already: Story | None = None) -> dict[str, Any]:
    """What the detail and the side show."""
    this = told_already or told(made, case)
    lines = desk_telling.lines(this, made.category)
    clocks, past = _by_round(this)
    notes = remembered(made, case)
    return {
        "case": case,
        "told": this,
        "title": telling.headline(case),
        "state_words": words.label(words.STATES, case.state),
        "category": made.category(case.category_code) if case.category_code else "",
        "urgency_words": words.label(words.URGENCIES, case.urgency),
        "kind_words": words.label(words.KINDS, case.kind),
        "channel_words": words.label(words.CHANNELS, case.channel),
        "assisted": people_to_send.name_of(case.assisted_by_id) if case.assisted_by_id else "",
        "where": where(made, case),
        "body_name": made.body_name(case.organisation_id),
        "handler_name": people_to_send.name_of(case.handler_id) if case.handler_id else "",
        "lines": lines,
        "before": [picture for line in lines if line.verb in BEFORE for picture in line.pictures],
        "after": next((line.pictures for line in lines if line.verb in AFTER and line.pictures), ()),
        "clocks": clocks,
        "past_clocks": past,
        "clock": head_clock(made, case),
        "arbiters": arbiters(case, made.request.now),
        "letters": letters.views(this.letters, community_id=case.community_id, at=made.request.now),
        "offers": desk_offers.offers(made, this),
        "panel": desk_alike.panel(made, case),
        "contact": contact(made, case),
        "notes": [note for note in notes if not note.onward],
        "onward": [note for note in notes if note.onward],
        "is_settled": State(case.state) in SETTLED,
        "summary_at": assist_address(case, "summary"),
        "rang": alarm.rang(alarms.of_case(case)) if case.urgency == Urgency.CRITICAL else [],
        "whistles": _whistles(made, case, this),
        "may_audit": bool(made.roles & AUDITORS),
    }


def remembered(made: Frame, case: Case) -> list[Note]:
    """What is known about matters like this one."""
    actor, language = made.request.actor, made.language
    point = (case.lon, case.lat) if case.lon is not None and case.lat is not None else None
    matter = Matter(
        case.pk,
        case.community_id,
        case.category_code,
        case.building_id,
        point,
        number=case.number,
        open=State(case.state) in OPEN,
    )
    return [note for each in ports.memories() for note in each.notes(matter, actor=actor, language=language)]


def arbiters(case: Case, at: datetime) -> list[str]:
    """Who rules on the return that waits, where that is not the desk."""
    if case.state != State.RETURNED or case.returns < ARBITRATED_FROM:
        return []
    return sorted(people.names(chasing.arbiters(case.community_id, at.astimezone(LOCAL).date())).values())


def assist_address(case: Case, kind: str) -> str:
    """Where a machine outside is asked for a draft; empty where none is plugged in."""
    if not settings.LINLI_ASSISTANT_URL:
        return ""
    return reverse("triage:assist", args=[case.number, kind])


def _whistles(made: Frame, case: Case, this: Story) -> list[whistles.Face]:
    """What was whistled for this case; nothing is asked where the history knows of none."""
    if not any(entry.verb == Verb.WHISTLE for entry in this.entries):
        return []
    found = calls.of_case(case.pk, made.request.now)
    names = calls.names(found)
    return [whistles.face(made, one, names) for one in found]


def where(made: Frame, case: Case) -> str:
    """Where it is; what the reporter wrote only where it says more than the place's own name."""
    known = finding.coarse(case, made.language)
    return known if case.address and case.address in known else finding.of_case(case, made.language)


BEFORE = frozenset({Verb.REPORT.value, Verb.ADD.value})
AFTER = frozenset({Verb.HANDLED.value, Verb.SETTLE.value})
STAGES = [stage.value for stage in Stage]
AUDITORS = frozenset({"auditor", "community_leader", "admin"})


def _stage_order(view: ClockView) -> tuple[bool, int, int]:
    """The case's own promises in the order of the stages, then those of its parts."""
    return view.row.task_id is not None, STAGES.index(view.row.stage), view.row.round


def _by_round(this: Story) -> tuple[list[Running], list[Running]]:
    """The promises of the present round, and those of earlier ones: a case sent twice was promised twice."""
    now: list[Running] = []
    past: list[Running] = []
    views = sorted(this.clocks, key=_stage_order)
    last = {(view.row.task_id, view.row.stage): view.row.round for view in views}
    for view in views:
        present = last[(view.row.task_id, view.row.stage)] == view.row.round
        (now if present else past).append(running(view, this))
    return now, past


def head_clock(made: Frame, case: Case) -> Clock:
    """The badge at the head: the promise that runs out next."""
    return face(desk.rows([case], at=made.request.now)[0].clock)


def running(view: ClockView, this: Story) -> Running:
    """A promise as the list of clocks shows it."""
    tasks = {task.pk: task for task in this.tasks}
    stage = words.label(words.STAGES, view.row.stage)
    return Running(
        view.row.pk, clock_face.face(view), stage, tasks.get(view.row.task_id or 0), view.row.round
    )


def contact(made: Frame, case: Case) -> Contact:
    """Who reported it, as far as this colleague may see it at once."""
    name, phone = reveal.masked(case)
    may = reveal.may(made.request.actor, case) and not case.anonymous and bool(name or phone)
    purposes = tuple((why.value, words.label(words.REVEAL_FOR, why.value)) for why in reveal.PURPOSES)
    return Contact(name, phone, case.anonymous, may, purposes)
