"""What each verb changes beyond the state: the decide-and-write beats of a move, one small function a verb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models.expressions import RawSQL

from linli.cases.actions import clocks, placing, routing
from linli.cases.models import Case, ClockRow, Request, Task
from linli.cases.queries import reference
from linli.cases.rules.intake import Refused, Wrong
from linli.cases.rules.kinds import Kind
from linli.cases.rules.moves import Given
from linli.cases.rules.promises import Stage, Urgency
from linli.cases.rules.workflow import DESK, OPEN, State, Verb
from linli.grids import queries as places
from linli.kernel import numbering, text
from linli.kernel.access import Actor
from linli.kernel.clock import LOCAL
from linli.people import queries as people


@dataclass(slots=True)
class Effect:
    """What came of it: an outcome that may choose the state, ids and codes for the record, the body concerned."""

    outcome: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Doing:
    """A move under way."""

    case: Case
    given: Given
    actor: Actor
    at: datetime
    clocks: list[ClockRow]
    seq: int
    may: frozenset[str]


def _category(doing: Doing) -> None:
    given, case = doing.given, doing.case
    code = given.category_code or case.category_code
    if code not in reference.categories(case.community_id):
        raise Refused(Wrong("category_code", "unknown"))
    case.category_code = code
    if given.urgency:
        try:
            case.urgency = Urgency(given.urgency).value
        except ValueError as error:
            raise Refused(Wrong("urgency", "unknown")) from error


def _body(doing: Doing) -> int | None:
    """Set who is responsible; a person must serve here, a body must be of this community and open."""
    given, case = doing.given, doing.case
    if given.organisation_id is not None:
        body = people.organisations([case.community_id]).filter(pk=given.organisation_id).first()
        if body is None:
            raise Refused(Wrong("organisation_id", "unknown"))
    case.organisation_id = given.organisation_id
    case.handler_id = None
    if given.handler_id is not None:
        _handler(doing)
    return case.organisation_id


def _handler(doing: Doing) -> None:
    case, handler_id = doing.case, doing.given.handler_id
    day = doing.at.astimezone(LOCAL).date()
    serving = [
        duty
        for duty in places.duties(case.community_id, day)
        if duty.account_id == handler_id and duty.role not in {"resident", "auditor", "admin"}
    ]
    if not serving:
        raise Refused(Wrong("handler_id", "not_serving_here"))
    bodies = {duty.organisation_id for duty in serving if duty.organisation_id}
    if (
        case.organisation_id is not None
        and doing.given.verb is Verb.TRANSFER
        and case.organisation_id not in bodies
    ):
        raise Refused(Wrong("handler_id", "of_another_body"))
    case.handler_id = handler_id


def accept(doing: Doing) -> Effect:
    _category(doing)
    doing.case.quarantined = False
    return Effect(data={"category": doing.case.category_code, "urgency": doing.case.urgency})


def decline(doing: Doing) -> Effect:
    doing.case.closed_at = doing.at
    doing.case.answer = doing.given.answer.strip()
    return Effect()


def merge(doing: Doing) -> Effect:
    case = doing.case
    number = numbering.parse_number(doing.given.target)
    target = Case.objects.filter(community_id=case.community_id, number=number).first() if number else None
    if target is None or target.pk == case.pk or target.state not in OPEN:
        raise Refused(Wrong("target", "not_an_open_case"))
    case.merged_into = target
    case.closed_at = doing.at
    return Effect(data={"into": target.number})


def dispatch(doing: Doing) -> Effect:
    _category(doing)
    body = _body(doing)
    case = doing.case
    case.quarantined = False
    case.bound = False
    case.handled_by_id = None
    proposal = routing.propose(case, at=doing.at)
    case.routed_by = proposal.as_data(body, case.handler_id)
    data = {"category": case.category_code, "organisation": body, "handler": case.handler_id}
    return Effect(data=data | {"rule": case.routed_by["rule"]}, organisation_id=body)


def return_(doing: Doing) -> Effect:
    doing.case.returns += 1
    return Effect(organisation_id=doing.case.organisation_id)


def rule(doing: Doing) -> Effect:
    case, ruling = doing.case, doing.given.ruling
    body = case.organisation_id
    if ruling == "overruled":
        case.bound = True
        clocks.start(case, [Stage.SIGN], at=doing.at)
    else:
        case.organisation_id = case.handler_id = None
    return Effect(outcome=ruling, data={"ruling": ruling}, organisation_id=body)


def sign(doing: Doing) -> Effect:
    if doing.case.handler_id is None:
        doing.case.handler_id = doing.actor.account_id
    return Effect(organisation_id=doing.case.organisation_id)


def ask(doing: Doing) -> Effect:
    given = doing.given
    Request.objects.create(
        community_id=doing.case.community_id,
        case=doing.case,
        kind=given.request,
        amount=given.amount if given.request == "extend" else None,
        until=given.until if given.request != "extend" else None,
        why=given.note.strip(),
        asked_by_id=doing.actor.person_id,
        asked_at=doing.at,
    )
    amount = str(given.amount) if given.request == "extend" else None
    return Effect(data={"request": given.request, "amount": amount})


def decide(doing: Doing) -> Effect:
    case = doing.case
    request = Request.objects.select_for_update().get(case=case, decided_at__isnull=True)
    request.decided_by_id, request.decided_at, request.granted = (
        doing.actor.account_id,
        doing.at,
        doing.given.granted,
    )
    request.save(update_fields=["decided_by", "decided_at", "granted"])
    data = {"request": request.kind, "granted": request.granted}
    if not request.granted:
        return Effect(data=data)
    if request.kind == Request.Kind.EXTEND and request.amount is not None:
        clocks.extend(doing.clocks, amount=request.amount, asked_at=request.asked_at, move=doing.seq)
        return Effect(data=data | {"amount": str(request.amount)})
    clocks.pause(doing.clocks, at=doing.at, move=doing.seq)
    return Effect(
        outcome=request.kind, data=data | {"until": request.until.isoformat() if request.until else None}
    )


def resume(doing: Doing) -> Effect:
    clocks.resume(doing.clocks, at=doing.at)
    return Effect()


def handled(doing: Doing) -> Effect:
    doing.case.handled_by_id = doing.actor.account_id
    doing.case.answer = doing.given.answer.strip()
    return Effect(organisation_id=doing.case.organisation_id)


def settle(doing: Doing) -> Effect:
    _category(doing)
    doing.case.handler_id = doing.actor.account_id
    doing.case.quarantined = False
    return handled(doing)


def close(doing: Doing) -> Effect:
    case, given = doing.case, doing.given
    case.closed_at = doing.at
    case.answer = given.answer.strip()
    sensitive = reference.categories(case.community_id).get(case.category_code)
    if case.publish and given.publish is not False and not (sensitive and sensitive.sensitive):
        case.public_words = text.mask_text((given.public_words or case.words).strip())
        case.published_at = doing.at
    return Effect(data={"published": case.published_at is not None}, organisation_id=case.organisation_id)


def reply(doing: Doing) -> Effect:
    doing.case.quarantined = False
    if doing.given.category_code:
        _category(doing)
    return close(doing)


def redo(doing: Doing) -> Effect:
    clocks.run_on(doing.clocks, [Stage.RESOLVE])
    clocks.start(
        doing.case, [Stage.RESOLVE], at=doing.at
    )  # what was settled on the spot had no such promise yet
    return Effect(organisation_id=doing.case.organisation_id)


def _word_of_resident(doing: Doing) -> Effect:
    case, given = doing.case, doing.given
    if given.solved is not None:
        case.solved = given.solved
    if given.stars is not None:
        case.stars = given.stars
    return Effect(data={"solved": given.solved, "stars": given.stars, "reached": given.reached})


def reopen(doing: Doing) -> Effect:
    case = doing.case
    if case.closed_at is not None and not doing.may & DESK:
        days = int(places.setting(case.community_id, "reopen_days", doing.at))
        if (doing.at - case.closed_at).days >= days:
            raise Refused(Wrong("verb", "too_late", str(days)))
    case.reopenings += 1
    case.closed_at = None
    case.published_at = None
    case.solved, case.stars = None, None  # asked again once it is settled again; the move keeps what was said
    case.organisation_id, case.handler_id, case.bound = None, None, False
    return Effect()


def ended(doing: Doing) -> Effect:
    doing.case.closed_at = doing.case.closed_at or doing.at
    doing.case.published_at = doing.case.published_at if doing.given.verb is Verb.ARCHIVE else None
    return Effect()


def urge(doing: Doing) -> Effect:
    doing.case.urges += 1
    return Effect(organisation_id=doing.case.organisation_id)


def supervise(doing: Doing) -> Effect:
    doing.case.supervised_until = doing.given.until
    return Effect(data={"until": doing.given.until.isoformat() if doing.given.until else None})


def escalate(doing: Doing) -> Effect:
    doing.case.escalated = True
    return Effect()


def joint(doing: Doing) -> Effect:
    case, given = doing.case, doing.given
    body = people.organisations([case.community_id]).filter(pk=given.organisation_id or 0).first()
    if body is None:
        raise Refused(Wrong("organisation_id", "unknown"))
    task = Task.objects.create(
        community_id=case.community_id,
        case=case,
        organisation=body,
        words=given.words.strip(),
        asked_by_id=doing.actor.account_id,
        asked_at=doing.at,
    )
    clocks.start(case, [Stage.RESOLVE], at=doing.at, task=task)
    return Effect(data={"task": task.pk}, organisation_id=given.organisation_id)


def task_done(doing: Doing) -> Effect:
    case, given = doing.case, doing.given
    bodies = doing.actor.organisations(case.community_id)
    task = Task.objects.select_for_update().filter(
        pk=given.task_id or 0, case=case, organisation_id__in=bodies, state=Task.State.OPEN
    ).first()  # fmt: skip
    if task is None:
        raise Refused(Wrong("task_id", "unknown"))
    task.state, task.done_by_id, task.done_at = Task.State.DONE, doing.actor.account_id, doing.at
    task.result = given.answer.strip()
    task.save(update_fields=["state", "done_by", "done_at", "result"])
    clocks.stop(list(task.clocks.all()), [Stage.RESOLVE], at=doing.at)
    return Effect(data={"task": task.pk}, organisation_id=task.organisation_id)


def classify(doing: Doing) -> Effect:
    before = {"category": doing.case.category_code, "urgency": doing.case.urgency}
    _category(doing)
    if doing.given.words:
        try:
            doing.case.kind = Kind(doing.given.words).value
        except ValueError as error:
            raise Refused(Wrong("words", "unknown_kind")) from error
    return Effect(
        data={"before": before, "category": doing.case.category_code, "urgency": doing.case.urgency}
    )


def relocate(doing: Doing) -> Effect:
    case, place = doing.case, doing.given.place
    if place is None:
        return Effect()
    where = placing.find(case.community_id, place)
    before = case.place_path
    case.place_how, case.place_path, case.address = where.how.value, where.path, where.address or case.address
    case.grid_id, case.building_id = where.grid_id, where.building_id
    case.lon, case.lat = where.lon, where.lat
    found_by = text.vector_of(case.words, case.address)
    Case.objects.filter(pk=case.pk).update(
        search=RawSQL("%s::tsvector", [found_by])
    )  # the address is searched too
    return Effect(data={"before": before, "after": where.path})


def transfer(doing: Doing) -> Effect:
    _handler(doing)
    return Effect(data={"handler": doing.case.handler_id}, organisation_id=doing.case.organisation_id)


def release(doing: Doing) -> Effect:
    doing.case.quarantined = False
    return Effect()


EFFECTS: dict[Verb, Callable[[Doing], Effect]] = {
    Verb.ACCEPT: accept,
    Verb.DECLINE: decline,
    Verb.MERGE: merge,
    Verb.REPLY: reply,
    Verb.DISPATCH: dispatch,
    Verb.SIGN: sign,
    Verb.START: sign,
    Verb.RETURN: return_,
    Verb.RULE: rule,
    Verb.ASK: ask,
    Verb.DECIDE: decide,
    Verb.RESUME: resume,
    Verb.HANDLED: handled,
    Verb.SETTLE: settle,
    Verb.CLOSE: close,
    Verb.REDO: redo,
    Verb.FOLLOW_UP: _word_of_resident,
    Verb.RATE: _word_of_resident,
    Verb.REOPEN: reopen,
    Verb.WITHDRAW: ended,
    Verb.VOID: ended,
    Verb.ARCHIVE: ended,
    Verb.URGE: urge,
    Verb.SUPERVISE: supervise,
    Verb.ESCALATE: escalate,
    Verb.JOINT: joint,
    Verb.TASK_DONE: task_done,
    Verb.CLASSIFY: classify,
    Verb.RELOCATE: relocate,
    Verb.TRANSFER: transfer,
    Verb.RELEASE: release,
}
DROPS = frozenset({State.DECLINED, State.MERGED, State.WITHDRAWN, State.VOIDED, State.ARCHIVED})
