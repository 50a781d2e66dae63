"""What each verb changes beyond the state: the decide-and-write beats of a move, one small function a verb."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models.expressions import RawSQL

from linli.cases.actions import alarms, callback_draw, clocks, effects_whistle, placing, routing
from linli.cases.actions import effects_chasing as chasing
from linli.cases.actions.doing import Doing, Effect, set_body, set_category, set_handler
from linli.cases.models import Case, Task
from linli.cases.queries import reference
from linli.cases.rules.intake import Refused, Wrong
from linli.cases.rules.kinds import Kind
from linli.cases.rules.promises import Stage
from linli.cases.rules.workflow import CHECKERS, REPORTER, State, Verb
from linli.grids import queries as places
from linli.kernel import text
from linli.people import queries as people


def accept(doing: Doing) -> Effect:
    set_category(doing)
    doing.case.quarantined = False
    return Effect(data={"category": doing.case.category_code, "urgency": doing.case.urgency})


def decline(doing: Doing) -> Effect:
    doing.case.closed_at = doing.at
    doing.case.answer = doing.given.answer.strip()
    return Effect()


def dispatch(doing: Doing) -> Effect:
    set_category(doing)
    body = set_body(doing)
    case = doing.case
    case.quarantined = False
    case.bound = False
    case.handled_by_id = None
    proposal = routing.propose(case, at=doing.at)
    case.routed_by = proposal.as_data(body, case.handler_id)
    data = {"category": case.category_code, "organisation": body, "handler": case.handler_id}
    return Effect(data=data | {"rule": case.routed_by["rule"]}, organisation_id=body)


def sign(doing: Doing) -> Effect:
    if doing.case.handler_id is None:
        doing.case.handler_id = doing.actor.account_id
    return Effect(organisation_id=doing.case.organisation_id)


def handled(doing: Doing) -> Effect:
    doing.case.handled_by_id = doing.actor.account_id
    doing.case.answer = doing.given.answer.strip()
    return Effect(organisation_id=doing.case.organisation_id)


def settle(doing: Doing) -> Effect:
    set_category(doing)
    doing.case.handler_id = doing.actor.account_id
    doing.case.quarantined = False
    return handled(doing)


def close(doing: Doing) -> Effect:
    case, given = doing.case, doing.given
    case.closed_at = doing.at
    case.answer = given.answer.strip()
    if _is_shown(doing):
        # Without the reporter's consent their own words are never shown, only what the desk wrote for the neighbours.
        said = given.public_words or (case.words if case.publish else "")
        case.public_words = text.mask_text(said.strip())
        case.published_at = doing.at
    called = callback_draw.draw(case, doing.at)
    return Effect(
        data={"published": case.published_at is not None},
        organisation_id=case.organisation_id,
        spares=frozenset() if called else frozenset({Stage.FOLLOW_UP}),
    )


def _is_shown(doing: Doing) -> bool:
    """Whether neighbours read the settled case: as the community wants it, never a sensitive one."""
    case = doing.case
    category = reference.categories(case.community_id).get(case.category_code)
    if doing.given.publish is False or (category is not None and category.sensitive):
        return False
    wish = reference.publishing(case.community_id)
    return wish == "always" or (wish == "consent" and case.publish)


def reply(doing: Doing) -> Effect:
    doing.case.quarantined = False
    if doing.given.category_code:
        set_category(doing)
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


def follow_up(doing: Doing) -> Effect:
    said = _word_of_resident(doing)
    return Effect(data=said.data | callback_draw.settle(doing))


def justify(doing: Doing) -> Effect:
    return Effect(data=callback_draw.approve(doing))


def reopen(doing: Doing) -> Effect:
    case = doing.case
    if case.closed_at is not None and not doing.may & CHECKERS:
        days = int(places.setting(case.community_id, "reopen_days", doing.at))
        if (doing.at - case.closed_at).days >= days:
            raise Refused(Wrong("verb", "too_late", str(days)))
    case.reopenings += 1
    case.closed_at = None
    case.published_at = None
    case.solved, case.stars = None, None  # asked again once it is settled again; the move keeps what was said
    case.organisation_id, case.handler_id, case.bound, case.escalated = None, None, False, False
    return add(doing)


def add(doing: Doing) -> Effect:
    """What a reporter adds may be that somebody is in danger now."""
    if REPORTER not in doing.may:
        return Effect()
    return Effect(data=alarms.hear_added(doing.case, doing.given.words, at=doing.at))


def ended(doing: Doing) -> Effect:
    doing.case.closed_at = doing.case.closed_at or doing.at
    doing.case.published_at = doing.case.published_at if doing.given.verb is Verb.ARCHIVE else None
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
    """Another category has another ladder; clocks that run keep their promise."""
    clocks.look_again(doing.clocks)
    before = {"category": doing.case.category_code, "urgency": doing.case.urgency}
    set_category(doing)
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
    set_handler(doing)
    return Effect(data={"handler": doing.case.handler_id}, organisation_id=doing.case.organisation_id)


def release(doing: Doing) -> Effect:
    doing.case.quarantined = False
    return Effect()


EFFECTS: dict[Verb, Callable[[Doing], Effect]] = {
    Verb.ACCEPT: accept,
    Verb.DECLINE: decline,
    Verb.REPLY: reply,
    Verb.DISPATCH: dispatch,
    Verb.SIGN: sign,
    Verb.START: sign,
    Verb.RETURN: chasing.return_,
    Verb.RULE: chasing.rule,
    Verb.ASK: chasing.ask,
    Verb.DECIDE: chasing.decide,
    Verb.RESUME: chasing.resume,
    Verb.HANDLED: handled,
    Verb.SETTLE: settle,
    Verb.CLOSE: close,
    Verb.REDO: redo,
    Verb.FOLLOW_UP: follow_up,
    Verb.RATE: _word_of_resident,
    Verb.REOPEN: reopen,
    Verb.ADD: add,
    Verb.WITHDRAW: ended,
    Verb.VOID: ended,
    Verb.ARCHIVE: ended,
    Verb.URGE: chasing.urge,
    Verb.SUPERVISE: chasing.supervise,
    Verb.EXPLAIN: chasing.explain,
    Verb.LIFT: chasing.lift,
    Verb.ESCALATE: chasing.escalate,
    Verb.JOINT: joint,
    Verb.TASK_DONE: task_done,
    Verb.CLASSIFY: classify,
    Verb.RELOCATE: relocate,
    Verb.TRANSFER: transfer,
    Verb.RELEASE: release,
    Verb.WHISTLE: effects_whistle.blow,
    Verb.ANSWER_CALL: effects_whistle.answer,
    Verb.ARRIVE: effects_whistle.arrive,
    Verb.EXCUSE: effects_whistle.excuse,
    Verb.CONCLUDE: effects_whistle.conclude,
    Verb.CALL_OFF: effects_whistle.call_off,
    Verb.JUSTIFY: justify,
}
DROPS = frozenset({State.DECLINED, State.MERGED, State.WITHDRAWN, State.VOIDED, State.ARCHIVED})
