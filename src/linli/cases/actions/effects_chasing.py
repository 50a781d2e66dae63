"""What chasing verbs change: returns and rulings, requests for time, urging, supervision, escalation."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from linli.cases.actions import clocks, letters
from linli.cases.actions.doing import Doing, Effect, set_body
from linli.cases.models import ClockRow, Move, Request, Supervision
from linli.cases.queries import chasing
from linli.cases.rules import clock as clock_rules
from linli.cases.rules import requests
from linli.cases.rules.intake import Refused, Wrong
from linli.cases.rules.promises import Stage
from linli.cases.rules.workflow import ARBITRATED_FROM, DESK, REPORTER, Verb
from linli.grids import queries as places
from linli.kernel import calendar
from linli.kernel.clock import LOCAL

MOST = {"extend": "extend_times", "pause": "pause_times", "hang": "hang_times"}  # setting that limits each


def _utc(moment: datetime) -> str:
    """A moment as moves keep it, and programs read it."""
    return moment.astimezone(UTC).isoformat()


def return_(doing: Doing) -> Effect:
    """The body gives the case back; from the second return on a named person rules instead of the desk."""
    doing.case.returns += 1
    data = {"round": doing.case.returns, "arbitrated": doing.case.returns >= ARBITRATED_FROM}
    return Effect(data=data, organisation_id=doing.case.organisation_id)


def rule(doing: Doing) -> Effect:
    """Rule on a return: back to the desk, back to the body, or to another body; the last two bind."""
    case, ruling = doing.case, doing.given.ruling
    before = (case.organisation_id, case.handler_id)
    data: dict[str, Any] = {"ruling": ruling, "returned_by": before[0]}
    if ruling == "overruled":
        case.bound = True
        clocks.start(case, [Stage.SIGN], at=doing.at)
        return Effect(outcome=ruling, data=data, organisation_id=before[0])
    if ruling == "upheld":
        case.organisation_id = case.handler_id = None
        return Effect(outcome=ruling, data=data, organisation_id=before[0])
    body = set_body(doing)
    if (case.organisation_id, case.handler_id) == before or (body is not None and body == before[0]):
        raise Refused(Wrong("organisation_id", "returned_it"))
    case.bound, case.handled_by_id = True, None
    clocks.start(case, [Stage.SIGN], at=doing.at)
    return Effect(outcome=ruling, data=data | {"handler": case.handler_id}, organisation_id=body)


# -- more time, a pause, a hang ------------------------------------------------------------------------------


def ask(doing: Doing) -> Effect:
    """Ask for time: before the promise is broken, not too often, and whom it takes to decide is settled now."""
    given, case, at = doing.given, doing.case, doing.at
    running = _resolving(doing.clocks)
    _still_in_time(given.request, running, at)
    _not_too_often(doing, running)
    days = _size(doing, running)
    path = requests.path(
        chasing.approvals(case.community_id),
        kind=requests.Ask(given.request),
        days=days,
        on=at.astimezone(LOCAL).date(),
    )
    Request.objects.create(
        community_id=case.community_id,
        case=case,
        kind=given.request,
        amount=given.amount if given.request == "extend" else None,
        until=given.until if given.request != "extend" else None,
        why=given.note.strip(),
        asked_by_id=doing.actor.person_id,
        asked_at=at,
        days=days,
        decider=path.decider.value,
        basis=path.basis,
    )
    amount = str(given.amount) if given.request == "extend" else None
    until = _utc(given.until) if given.until and given.request != "extend" else None
    data = {"request": given.request, "amount": amount, "until": until, "decider": path.decider.value}
    return Effect(data=data | {"days": str(days)}, organisation_id=case.organisation_id)


def _resolving(rows: list[ClockRow]) -> ClockRow | None:
    """The running promise that a request is about."""
    held = [
        row for row in rows if row.stage == Stage.RESOLVE and row.stopped_at is None and row.task_id is None
    ]
    return held[-1] if held else None


def _still_in_time(kind: str, running: ClockRow | None, at: datetime) -> None:
    if running is None:
        if kind == requests.Ask.EXTEND:
            raise Refused(Wrong("request", "no_promise"))
        return
    if running.due_at is not None and at > running.due_at:
        raise Refused(Wrong("request", "after_expiry", _utc(running.due_at)))


def _not_too_often(doing: Doing, running: ClockRow | None) -> None:
    """At most so many of a kind are granted under one promise; a reopened case begins anew."""
    kind = doing.given.request
    granted = Request.objects.filter(case=doing.case, kind=kind, granted=True)
    if running is not None:
        granted = granted.filter(asked_at__gte=running.started_at)
    most = int(places.setting(doing.case.community_id, MOST[kind], doing.at))
    if granted.count() >= most:
        raise Refused(Wrong("request", "too_often", str(most)))


def _size(doing: Doing, running: ClockRow | None) -> Decimal:
    """The working days by which the resident waits longer if it is granted."""
    days, given = calendar.load(doing.case.community_id), doing.given
    if given.request != requests.Ask.EXTEND:
        return requests.size(days, doing.at, given.until or doing.at)
    if running is None or given.amount is None:
        return Decimal(0)
    now = clocks.as_clock(running)
    longer = replace(now, extensions=(*now.extensions, clock_rules.Extension(given.amount, doing.at)))
    before, after = clock_rules.due_at(now, days), clock_rules.due_at(longer, days)
    return requests.size(days, before, after) if before and after else Decimal(0)


def decide(doing: Doing) -> Effect:
    """Grant or refuse; what is granted changes the clock at once, and the move keeps the new day for the resident."""
    case, given = doing.case, doing.given
    request = Request.objects.select_for_update().get(case=case, decided_at__isnull=True)
    if given.granted and request.basis and not given.note.strip():
        raise Refused(Wrong("note", "basis_missing"))
    if given.granted and request.until is not None and request.until <= doing.at:
        raise Refused(Wrong("granted", "until_passed"))
    request.decided_by_id, request.decided_at, request.granted = (
        doing.actor.account_id,
        doing.at,
        given.granted,
    )
    request.save(update_fields=["decided_by", "decided_at", "granted"])
    data: dict[str, Any] = {
        "request": request.kind,
        "granted": request.granted,
        "days": str(request.days or 0),
    }
    if not request.granted:
        return Effect(data=data, organisation_id=case.organisation_id)
    if request.kind == Request.Kind.EXTEND and request.amount is not None:
        clocks.extend(doing.clocks, amount=request.amount, asked_at=request.asked_at, move=doing.seq)
        running = _resolving(doing.clocks)
        due_at = _utc(running.due_at) if running and running.due_at else None
        more = {"amount": str(request.amount), "due_at": due_at}
        return Effect(data=data | more, organisation_id=case.organisation_id)
    clocks.pause(doing.clocks, at=doing.at, move=doing.seq)
    until = _utc(request.until) if request.until else None
    return Effect(outcome=request.kind, data=data | {"until": until}, organisation_id=case.organisation_id)


def resume(doing: Doing) -> Effect:
    """Work goes on; when the house itself says so, the pause ended when it was to end, not when that was noticed."""
    until = doing.given.until if doing.actor.system else None
    clocks.resume(doing.clocks, at=min(until, doing.at) if until else doing.at)
    return Effect(
        data={"by_itself": True} if doing.actor.system else {}, organisation_id=doing.case.organisation_id
    )


# -- urging, supervision, escalation -------------------------------------------------------------------------


def urge(doing: Doing) -> Effect:
    """Ask to hurry. The desk may at any time; a reporter once in so many hours, and hears when again."""
    case = doing.case
    if REPORTER in doing.may and not doing.may & DESK:
        again = urge_again_at(case.pk, case.community_id, doing.at)
        if again is not None and again > doing.at:
            raise Refused(Wrong("verb", "urged_lately", _utc(again)))
    case.urges += 1
    return Effect(organisation_id=case.organisation_id)


def urge_again_at(case_id: int, community_id: int, at: datetime) -> datetime | None:
    """When the reporter may urge again; None: they have not urged yet."""
    lately = Move.objects.filter(case_id=case_id, verb=Verb.URGE.value, actor_role="reporter")
    last = lately.order_by("-seq").values_list("at", flat=True).first()
    if last is None:
        return None
    return last + timedelta(hours=int(places.setting(community_id, "urge_hours", at)))


def supervise(doing: Doing) -> Effect:
    """Open a letter: a named supervisor, a day, what is demanded. A letter of the kind that stands is replaced."""
    case, given, at = doing.case, doing.given, doing.at
    supervisor = given.supervisor_id or doing.actor.person_id
    if supervisor not in chasing.supervisors(case.community_id, at.astimezone(LOCAL).date()):
        raise Refused(Wrong("supervisor_id", "not_at_the_desk"))
    if supervisor == case.handler_id:
        raise Refused(Wrong("supervisor_id", "handles_it"))
    made = letters.open_letter(
        case,
        kind=given.letter or Supervision.Kind.LETTER.value,
        supervisor_id=supervisor,
        words=given.note.strip(),
        due_at=given.until or at,
        opened_by_id=doing.actor.person_id,
        at=at,
    )
    data = {
        "until": _utc(made.due_at),
        "letter": made.pk,
        "kind": made.kind,
        "year": made.year,
        "serial": made.serial,
        "supervisor": supervisor,
    }
    return Effect(data=data, organisation_id=case.organisation_id)


def _letter(doing: Doing) -> Supervision:
    """The letter that is meant: of the kind given, else the one that is due first."""
    held = letters.standing(doing.case)
    wanted = [one for one in held if not doing.given.letter or one.kind == doing.given.letter]
    if not wanted:
        raise Refused(Wrong("letter", "unknown"))
    return wanted[0]


def explain(doing: Doing) -> Effect:
    """The body answers a letter; a second answer stands beside the first in the moves, the letter keeps the last."""
    one = _letter(doing)
    one.answer, one.answered_by_id, one.answered_at = (
        doing.given.note.strip(),
        doing.actor.account_id,
        doing.at,
    )
    one.save(update_fields=["answer", "answered_by", "answered_at"])
    return Effect(data=_of(one), organisation_id=doing.case.organisation_id)


def lift(doing: Doing) -> Effect:
    """The supervisor ends it, with what came of it."""
    one = _letter(doing)
    one.ended_at, one.ended_how, one.ended_by_id = (
        doing.at,
        Supervision.Ended.LIFTED.value,
        doing.actor.account_id,
    )
    one.outcome = doing.given.note.strip()
    one.save(update_fields=["ended_at", "ended_how", "ended_by", "outcome"])
    letters.watch(doing.case)
    return Effect(data=_of(one), organisation_id=doing.case.organisation_id)


def _of(one: Supervision) -> dict[str, Any]:
    return {"letter": one.pk, "kind": one.kind, "year": one.year, "serial": one.serial}


def escalate(doing: Doing) -> Effect:
    """Take it up a level by hand."""
    doing.case.escalated = True
    return Effect(organisation_id=doing.case.organisation_id)
