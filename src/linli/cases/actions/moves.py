"""Moving a case: every verb of the workflow goes through `take`, whichever door it came by."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from linli.cases import access, access_joined
from linli.cases.actions import (
    alarms,
    answering,
    callback_draw,
    clocks,
    effects,
    effects_joined,
    effects_whistle,
    letters,
    news,
)
from linli.cases.actions.attaching import attach
from linli.cases.actions.doing import Doing, Effect
from linli.cases.actions.effects import DROPS
from linli.cases.events import CaseMoved
from linli.cases.models import Case, ClockRow, Move, Request, Supporter, Task
from linli.cases.queries import chasing
from linli.cases.rules import moves, workflow
from linli.cases.rules.intake import Refused, Wrong
from linli.cases.rules.moves import Given
from linli.cases.rules.promises import Stage, Urgency
from linli.cases.rules.workflow import OPEN, SETTLED, Need, State, Verb
from linli.kernel import audit, events, scope, text
from linli.kernel.access import Actor, Forbidden
from linli.kernel.clock import LOCAL
from linli.kernel.scope import within

MINE = {"not_your_move", "needs_another_person", "needs_arbiter", "needs_leader"}
ASKS = frozenset({State.SIGNED, State.HANDLING, State.PAUSED})  # where a question for more time may wait
# What a move may change on the case's row; words, contact and what is searched stay as they are.
CHANGING = (
    "kind category_code urgency quarantined place_how lon lat address grid building place_path state organisation handler"
    " handled_by bound routed_by merged_into answer public_words published_at state_at closed_at due_at due_stage"
    " at_risk_at solved stars returns reopenings urges supervised_until supervisor escalated version"
).split()
#: What each verb does.
DOES = effects.EFFECTS | effects_joined.EFFECTS
PROOFS = frozenset({Verb.HANDLED, Verb.SETTLE})


class Conflict(Exception):
    """The case has moved on: what was wanted no longer fits its state or version; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def take(
    *,
    actor: Actor,
    number: str,
    given: Given,
    at: datetime,
    version: int | None = None,
    code: str = "",
    joined: Supporter | None = None,
) -> Case:
    """Make one move on a case.

    :param version: the version the actor looked at; another one is a conflict.
    :param code: the secret look-up code, for a reporter who is not signed in.
    :param joined: the row of a supporter of the case, for what supporters may do.
    :raises NotFound: no such case for this actor.
    :raises Forbidden: the actor may not make this move.
    :raises Conflict: the case is no longer where the move would fit.
    :raises Refused: something is missing or wrong in what was given; nothing was written.
    """
    community = [access.community_of_code(number, code)] if code else []
    reach = scope.communities() if actor.system else actor.communities
    community += [joined.community_id] if joined else []
    with within(reach | set(community)), transaction.atomic():
        case = _locked(actor, number, code, joined)
        if version is not None and version != case.version:
            raise Conflict("version")
        doer = _supporting(joined) if joined else access.doer(actor, case, holds_receipt=bool(code))
        step = _require(case, doer, given, at)
        doing = Doing(case, given, actor, at, _clocks(case), case.version + 1, doer.may)
        role = access.role_used(actor, case, doer, given.verb)
        if case.urgency == Urgency.CRITICAL:
            alarms.answered_by_move(case, actor, role=role, verb=given.verb.value, at=at)
        return _write(doing, step, role)


def _supporting(joined: Supporter) -> workflow.Doer:
    return workflow.Doer(joined.account_id, frozenset({workflow.SUPPORTER}))


def _locked(actor: Actor, number: str, code: str, joined: Supporter | None = None) -> Case:
    if joined is not None:
        head = access_joined.head_of(joined.case)
        return Case.objects.select_for_update(of=("self",)).get(pk=head.pk)
    if not code:
        return access.find(actor, number, lock=True)
    found = access.find_by_code(number, code)
    return Case.objects.select_for_update(of=("self",)).get(pk=found.pk)


def _clocks(case: Case) -> list[ClockRow]:
    return list(ClockRow.objects.filter(case=case, task__isnull=True).order_by("stage", "round"))


def standing(case: Case, at: datetime) -> workflow.Standing:
    """What of the case the workflow looks at: one statement, two where a return waits, one more for arbiters."""
    waiting = Request.objects.filter(case=case, decided_at__isnull=True).first()
    returner = None
    if case.state == State.RETURNED:
        last = Move.objects.filter(case=case, verb=Verb.RETURN.value).order_by("-seq").first()
        returner = last.actor_id if last else None
    found = standing_of(case, at=at, waiting=waiting, returner_id=returner)
    state = State(case.state)
    if state in OPEN:
        return replace(found, whistled=effects_whistle.is_out(case))
    return replace(found, proposer_id=callback_draw.proposer_of(case)) if state in SETTLED else found


def standing_of(
    case: Case, *, at: datetime, waiting: Request | None, returner_id: int | None
) -> workflow.Standing:
    """As `standing`, for a reader who already knows what is asked for and who returned the case."""
    arbitrated = case.state == State.RETURNED and case.returns >= workflow.ARBITRATED_FROM
    return workflow.Standing(
        state=State(case.state),
        handler_id=case.handled_by_id,
        returner_id=returner_id,
        asker_id=waiting.asked_by_id if waiting else None,
        bound=case.bound,
        quarantined=case.quarantined,
        arbiters=_arbiters(case, returner_id, at) if arbitrated else frozenset(),
        decider=waiting.decider if waiting else "",
        supervised=case.supervised_until is not None,
        joined=case.supporters > 0,
    )


def _arbiters(case: Case, returner_id: int | None, at: datetime) -> frozenset[int]:
    """Who rules, without the one who returned it; where nobody else is left the desk rules, so that nobody is stuck."""
    return chasing.arbiters(case.community_id, at.astimezone(LOCAL).date()) - {returner_id}


def _require(case: Case, doer: workflow.Doer, given: Given, at: datetime) -> workflow.Step:
    why = workflow.allowed(standing(case, at), doer, given.verb)
    if why in MINE:
        raise Forbidden(why)
    if why:
        raise Conflict(why)
    step = workflow.STEPS[given.verb]
    found = wrongs(case, step, given, at)
    if found:
        raise Refused(*found)
    return step


def wrongs(case: Case, step: workflow.Step, given: Given, at: datetime) -> list[Wrong]:
    """Everything missing or wrong in the filled-in form of a move."""
    brought = given.brought() | ({Need.CATEGORY.value} if case.category_code else frozenset())
    lacking = [Wrong(need.value, "missing") for need in workflow.missing(step, brought)]
    found = [*lacking, *moves.wrongs(step, given, at=at)]
    if given.answer:
        found += [Wrong("answer", f"holds_{finding.kind}") for finding in text.blocking(given.answer)]
    return found


def _write(doing: Doing, step: workflow.Step, role: str) -> Case:
    case, given, at = doing.case, doing.given, doing.at
    before = State(case.state)
    effect = DOES[given.verb](doing) if given.verb in DOES else Effect()
    after = workflow.next_state(step, before, effect.outcome)
    clocks.stop(doing.clocks, step.stops, at=at, met=after not in DROPS)
    clocks.start(case, _starting(step, effect), at=at)
    if before in OPEN and after not in OPEN:
        letters.end_all(case, at=at)
    case.version = doing.seq
    if after is not before:
        case.state, case.state_at = after.value, at
    clocks.next_deadline(case)
    case.save(update_fields=CHANGING)
    if before in ASKS and after not in ASKS:
        _let_lapse(case, at)
    if before in OPEN and after not in OPEN:
        effects_whistle.lapse(case, at)
        _end_tasks(case, at)
    if before in SETTLED and after not in SETTLED:
        callback_draw.lapse(case)
    if given.uploads:
        attach(case.community_id, case.number, given.uploads, purpose=_purpose(given.verb), seq=doing.seq)
    _record(doing, effect, before, after, role)
    return case


def _let_lapse(case: Case, at: datetime) -> None:
    """A question nobody decided is void once the work it was for is done or gone."""
    waiting = Request.objects.filter(case=case, decided_at__isnull=True)
    waiting.update(decided_at=at, granted=False)


def _end_tasks(case: Case, at: datetime) -> None:
    """What was still asked of other bodies ends with the case; their promises are dropped without a verdict."""
    tasks = Task.objects.filter(case=case, state=Task.State.OPEN)
    running = ClockRow.objects.filter(task__in=tasks, stopped_at__isnull=True)
    clocks.stop(list(running), Stage, at=at, met=False)
    tasks.update(state=Task.State.CANCELLED)


def _starting(step: workflow.Step, effect: Effect) -> frozenset[Stage]:
    return frozenset() if effect.outcome == "refused" else step.starts - effect.spares


def _purpose(verb: Verb) -> str:
    return "proof" if verb in PROOFS else "added"


def _record(doing: Doing, effect: Effect, before: State, after: State, role: str) -> None:
    case, given, actor, at = doing.case, doing.given, doing.actor, doing.at
    public = given.verb in {Verb.ADD, Verb.REOPEN, Verb.RATE}
    Move.objects.create(
        community_id=case.community_id,
        case=case,
        seq=doing.seq,
        verb=given.verb.value,
        from_state=before.value,
        to_state=after.value,
        at=at,
        actor_id=actor.account_id,
        actor_role=role,
        organisation_id=effect.organisation_id,
        reason=given.reason,
        note=given.note.strip(),
        answer=given.words.strip() if public else given.answer.strip(),
        data=effect.data | answering.noted(case, given.verb, given.answer, actor=actor, at=at),
    )
    audit.record(
        community_id=case.community_id,
        actor=actor,
        role=role,
        verb=f"case.{given.verb.value}",
        object=f"case:{case.number}",
        at=at,
        detail={
            "from": before.value,
            "to": after.value,
            "reason": given.reason,
            "seq": doing.seq,
            **effect.data,
        },
    )
    events.publish(
        CaseMoved(
            community_id=case.community_id,
            number=case.number,
            at=at,
            verb=given.verb.value,
            from_state=before.value,
            to_state=after.value,
            seq=doing.seq,
            organisation_id=effect.organisation_id,
        )
    )
    news.announce(
        community_id=case.community_id,
        number=case.number,
        verb=given.verb.value,
        state=after.value,
        category_code=case.category_code,
        grid_id=case.grid_id,
        urgency=case.urgency,
        at=at,
    )
