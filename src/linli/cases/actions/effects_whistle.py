"""What the verbs of a whistle do: calling bodies to a place, their answers and arrivals, the joint conclusion."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from linli.cases.actions import clocks
from linli.cases.actions.doing import Doing, Effect
from linli.cases.events import BodyArrived, WhistleAnswered, WhistleBlown, WhistleConcluded
from linli.cases.models import Call, Case, ClockRow, NextStep, Task, Whistle
from linli.cases.rules import whistle as rules
from linli.cases.rules.intake import Refused, Wrong
from linli.cases.rules.promises import Stage, StartRule
from linli.cases.rules.whistle import Answered, Blown, CalledOff, Concluded, Standing
from linli.cases.rules.workflow import DESK
from linli.grids import queries as places
from linli.kernel import events
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.worktime import Unit
from linli.people import queries as people

GRACE = "whistle_grace_minutes"  # a community's own wish
HUNDREDTH = Decimal("0.01")


def is_out(case: Case) -> bool:
    """Whether a whistle has been blown for the case and has not ended."""
    return Whistle.objects.filter(case=case, state=Whistle.State.OPEN).exists()


def blow(doing: Doing) -> Effect:
    """Call the bodies; each gets a part of the case, and so sees it."""
    given = doing.given.meeting
    if not isinstance(given, Blown):
        raise Refused(Wrong("meeting", "missing"))
    case, at = doing.case, doing.at
    found = [*rules.wrongs(given, at=at), *_unknown(case, [part.organisation_id for part in given.parts])]
    if found:
        raise Refused(*found)
    whistle = Whistle.objects.create(
        community_id=case.community_id,
        case=case,
        key=given.key,
        place=given.place.strip(),
        lon=given.lon,
        lat=given.lat,
        meet_at=given.meet_at,
        words=given.words.strip(),
        caller_id=doing.actor.person_id,
        caller_role=_role(doing),
        called_at=at,
        grace_minutes=int(places.setting(case.community_id, GRACE, at)),
    )
    for part in given.parts:
        words = part.words.strip() or given.words.strip()
        task = _task(doing, part.organisation_id, words)
        clocks.start(case, [Stage.RESOLVE], at=at, task=task)
        Call.objects.create(
            community_id=case.community_id,
            whistle=whistle,
            organisation_id=part.organisation_id,
            task=task,
            called_at=at,
        )
    events.publish(
        WhistleBlown(
            community_id=case.community_id,
            number=case.number,
            at=at,
            whistle_id=whistle.pk,
            meet_at=whistle.meet_at,
        )
    )
    bodies = [part.organisation_id for part in given.parts]
    return Effect(
        data={
            "whistle": whistle.pk,
            "bodies": bodies,
            "meet_at": whistle.meet_at.isoformat(),
            "at_place": whistle.place,
        }
    )


def _unknown(case: Case, bodies: Iterable[int]) -> list[Wrong]:
    """Bodies that do not belong here, or have closed."""
    wanted = set(bodies)
    held = people.organisations([case.community_id]).filter(pk__in=wanted).values_list("pk", flat=True)
    return [Wrong("bodies", "unknown")] if wanted - set(held) else []


def _role(doing: Doing) -> str:
    held = sorted(doing.may & DESK) or ["grid_worker"]
    return held[0]


def _task(doing: Doing, organisation_id: int, words: str) -> Task:
    return Task.objects.create(
        community_id=doing.case.community_id,
        case=doing.case,
        organisation_id=organisation_id,
        words=words,
        asked_by_id=doing.actor.account_id,
        asked_at=doing.at,
    )


def _call(doing: Doing) -> tuple[Answered, Call]:
    """The call that is spoken of, of this case's open whistle, locked.

    :raises NotFound: there is none.
    """
    given = doing.given.meeting
    if not isinstance(given, Answered):
        raise Refused(Wrong("meeting", "missing"))
    call = (
        Call.objects.select_for_update(of=("self",))
        .select_related("whistle", "task")
        .filter(pk=given.call_id, whistle__case=doing.case, whistle__state=Whistle.State.OPEN)
        .first()
    )
    if call is None:
        raise NotFound
    return given, call


def _is_of_body(doing: Doing, call: Call) -> bool:
    return call.organisation_id in doing.actor.organisations(doing.case.community_id)


def _require_caller(doing: Doing, whistle: Whistle) -> None:
    """Nothing, when the actor is of the desk, or blew this whistle.

    :raises Forbidden: not_your_whistle.
    """
    if not doing.may & DESK and whistle.caller_id != doing.actor.account_id:
        raise Forbidden("not_your_whistle")


def answer(doing: Doing) -> Effect:
    """A called body says whether it comes; it may say otherwise until it is there."""
    given, call = _call(doing)
    if not _is_of_body(doing, call):
        raise Forbidden("not_your_call")
    found = rules.answer_wrongs(given)
    if call.arrived_at is not None:
        found = (Wrong("answer", "already_there"),)
    if found:
        raise Refused(*found)
    call.answer = given.answer.value
    call.reason = given.reason if given.answer is rules.Answer.DECLINED else ""
    call.words, call.answered_at, call.answered_by_id = given.words.strip(), doing.at, doing.actor.account_id
    call.save(update_fields=["answer", "reason", "words", "answered_at", "answered_by"])
    _tell_answer(doing, call, call.answer)
    return Effect(
        data=_about(call) | {"answer": call.answer, "why": call.reason}, organisation_id=call.organisation_id
    )


def _about(call: Call) -> dict[str, int]:
    return {"whistle": call.whistle_id, "call": call.pk}


def _tell_answer(doing: Doing, call: Call, said: str) -> None:
    events.publish(
        WhistleAnswered(
            community_id=doing.case.community_id,
            number=doing.case.number,
            at=doing.at,
            whistle_id=call.whistle_id,
            organisation_id=call.organisation_id,
            how=said,
        )
    )


def excuse(doing: Doing) -> Effect:
    """The caller accepts that a body does not come; its part ends without a verdict on its promise."""
    _given, call = _call(doing)
    _require_caller(doing, call.whistle)
    if call.arrived_at is not None:
        raise Refused(Wrong("answer", "already_there"))
    if call.excused_at is None:
        call.excused_at, call.excused_by_id = doing.at, doing.actor.account_id
        call.save(update_fields=["excused_at", "excused_by"])
        _end_task(call.task, doing.at, done=False)
        _tell_answer(doing, call, "excused")
    return Effect(data=_about(call), organisation_id=call.organisation_id)


def arrive(doing: Doing) -> Effect:
    """A body is there, or leaves: by its own tap at this moment, or written down by the caller."""
    given, call = _call(doing)
    own = _is_of_body(doing, call)
    if not own:
        _require_caller(doing, call.whistle)
    if given.left:
        return _leave(doing, call)
    if call.arrived_at is not None:
        return Effect(data=_about(call) | {"again": True}, organisation_id=call.organisation_id)
    arrived_at = doing.at if own or given.arrived_at is None else given.arrived_at
    found = rules.arrival_wrongs(
        arrived_at, called_at=call.called_at, meet_at=call.whistle.meet_at, at=doing.at
    )
    if found:
        raise Refused(*found)
    call.arrived_at, call.arrival_noted_at = arrived_at, doing.at
    call.arrival_noted_by_id, call.by_caller = doing.actor.account_id, not own
    call.save(update_fields=["arrived_at", "arrival_noted_at", "arrival_noted_by", "by_caller"])
    late = arrived_at > call.whistle.meet_at + timedelta(minutes=call.whistle.grace_minutes)
    events.publish(
        BodyArrived(
            community_id=doing.case.community_id,
            number=doing.case.number,
            at=doing.at,
            whistle_id=call.whistle_id,
            organisation_id=call.organisation_id,
            arrived_at=arrived_at,
            late=late,
        )
    )
    data = {"arrived_at": arrived_at.isoformat(), "late": late, "by_caller": call.by_caller}
    return Effect(data=_about(call) | data, organisation_id=call.organisation_id)


def _leave(doing: Doing, call: Call) -> Effect:
    if call.arrived_at is None:
        raise Refused(Wrong("answer", "not_there_yet"))
    if call.left_at is None:
        call.left_at = doing.at
        call.save(update_fields=["left_at"])
    return Effect(data=_about(call) | {"left": True}, organisation_id=call.organisation_id)


def _open_whistle(doing: Doing, whistle_id: int) -> Whistle:
    rows = Whistle.objects.select_for_update(of=("self",))
    whistle = rows.filter(pk=whistle_id, case=doing.case, state=Whistle.State.OPEN).first()
    if whistle is None:
        raise NotFound
    _require_caller(doing, whistle)
    return whistle


def conclude(doing: Doing) -> Effect:
    """The joint conclusion, signed by the caller: who agrees, what follows, what the resident reads."""
    given = doing.given.meeting
    if not isinstance(given, Concluded):
        raise Refused(Wrong("meeting", "missing"))
    case, at = doing.case, doing.at
    whistle = _open_whistle(doing, given.whistle_id)
    calls = list(whistle.calls.select_related("task").select_for_update(of=("self",)).order_by("pk"))
    present = {call.organisation_id for call in calls if call.arrived_at is not None}
    _check_conclusion(case, whistle, given, present, at)
    for call in calls:
        if call.organisation_id in present:
            call.agrees = call.organisation_id in given.agreed
            call.save(update_fields=["agrees"])
        _end_task(call.task, at, done=call.arrived_at is not None, result=given.words)
    for step in given.steps:
        _next_step(doing, whistle, step)
    _end(whistle, Whistle.State.CONCLUDED, doing.actor.account_id, at)
    whistle.conclusion, whistle.public_words = given.words.strip(), doing.given.answer.strip()
    whistle.save()
    grace = timedelta(minutes=whistle.grace_minutes)
    meeting = rules.Meeting(whistle.meet_at, rules.State.CONCLUDED, at, grace)
    stood = [rules.standing(as_called(call), meeting, at=at) for call in calls]
    data = {
        "whistle": whistle.pk,
        "bodies": sorted(present),
        "agreed": sorted(given.agreed),
        "steps": len(given.steps),
        "late": stood.count(Standing.LATE),
        "absent": stood.count(Standing.ABSENT),
    }
    return Effect(data=data)


def _check_conclusion(
    case: Case, whistle: Whistle, given: Concluded, present: set[int], at: datetime
) -> None:
    """Nothing, when the conclusion can be signed.

    :raises Refused: with everything that is wrong with it.
    """
    found = [*rules.conclusion_wrongs(given, present=present, at=at)]
    found += _unknown(case, [step.organisation_id for step in given.steps])
    if not present and at < whistle.meet_at:
        found.append(Wrong("words", "nobody_there_yet"))
    if found:
        raise Refused(*found)


def as_called(call: Call) -> rules.Called:
    """A call as the rules read it."""
    return rules.Called(
        answer=rules.Answer(call.answer),
        excused=call.excused_at is not None,
        answered_at=call.answered_at,
        arrived_at=call.arrived_at,
    )


def _next_step(doing: Doing, whistle: Whistle, step: rules.Next) -> None:
    task = _task(doing, step.organisation_id, step.words.strip())
    NextStep.objects.create(community_id=whistle.community_id, whistle=whistle, task=task, until=step.until)
    if step.until is None:
        clocks.start(doing.case, [Stage.RESOLVE], at=doing.at, task=task)
    else:
        _agreed_clock(doing.case, task, doing.at, step.until)


def _agreed_clock(case: Case, task: Task, at: datetime, until: datetime) -> None:
    """A promise of its own, until the moment that was agreed on the spot, counted in every hour."""
    hours = Decimal((until - at).total_seconds()) / 3600
    row = ClockRow(
        community_id=case.community_id,
        case=case,
        task=task,
        stage=Stage.RESOLVE.value,
        amount=max(hours.quantize(HUNDREDTH, ROUND_DOWN), HUNDREDTH),
        unit=Unit.HOUR.value,
        start_rule=StartRule.AT_ONCE.value,
        started_at=at,
    )
    row.due_at, row.at_risk_at = clocks.due(clocks.as_clock(row), case.community_id)
    row.save()


def _end_task(task: Task, at: datetime, *, done: bool, result: str = "") -> None:
    if task.state != Task.State.OPEN:
        return
    clocks.stop(list(task.clocks.all()), [Stage.RESOLVE], at=at, met=done)
    task.state, task.done_at = (Task.State.DONE, at) if done else (Task.State.CANCELLED, None)
    task.result = result.strip() if done else ""
    task.save(update_fields=["state", "done_at", "result"])


def _end(whistle: Whistle, state: str, by: int | None, at: datetime) -> None:
    whistle.state, whistle.ended_at, whistle.ended_by_id = state, at, by
    events.publish(
        WhistleConcluded(
            community_id=whistle.community_id,
            number=whistle.case.number,
            at=at,
            whistle_id=whistle.pk,
            how=state,
        )
    )


def call_off(doing: Doing) -> Effect:
    """Nobody needs to come: the parts end without a verdict, and nobody was absent."""
    given = doing.given.meeting
    if not isinstance(given, CalledOff):
        raise Refused(Wrong("meeting", "missing"))
    whistle = _open_whistle(doing, given.whistle_id)
    bodies = _drop(whistle, Whistle.State.CALLED_OFF, doing.actor.account_id, doing.at, doing.given.reason)
    return Effect(data={"whistle": whistle.pk, "bodies": bodies})


def _drop(whistle: Whistle, state: str, by: int | None, at: datetime, reason: str = "") -> list[int]:
    calls = list(whistle.calls.select_related("task"))
    for call in calls:
        _end_task(call.task, at, done=False)
    _end(whistle, state, by, at)
    whistle.reason = reason
    whistle.save()
    return [call.organisation_id for call in calls]


def lapse(case: Case, at: datetime) -> None:
    """End the open whistle of a case that has ended itself."""
    whistles = Whistle.objects.select_for_update(of=("self",)).filter(case=case, state=Whistle.State.OPEN)
    for whistle in whistles:
        _drop(whistle, Whistle.State.LAPSED, None, at)
