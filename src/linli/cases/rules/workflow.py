"""The life of a case as one table: state × verb → state, who may, what is required, what the clocks do. Pure.

Read a row aloud: "*sign*: a dispatched case becomes signed; the body responsible does it; it stops the sign clock."
Verbs whose target state is None leave the state as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from linli.cases.rules.promises import Stage


class State(StrEnum):
    """Where a case stands."""

    REPORTED = "reported"  # 已上报
    DECLINED = "declined"  # 不受理
    MERGED = "merged"  # 已并案
    ACCEPTED = "accepted"  # 已受理
    DISPATCHED = "dispatched"  # 已派遣
    SIGNED = "signed"  # 已签收
    RETURNED = "returned"  # 已退单
    RULED = "ruled"  # 已审定
    HANDLING = "handling"  # 处置中
    PAUSED = "paused"  # 挂起
    HANDLED = "handled"  # 处置完毕
    VERIFYING = "verifying"  # 核查中
    CLOSED = "closed"  # 已结案
    FOLLOWED_UP = "followed_up"  # 已回访
    REOPENED = "reopened"  # 重办
    WITHDRAWN = "withdrawn"  # 已撤回
    VOIDED = "voided"  # 已作废
    ARCHIVED = "archived"  # 已归档


class Verb(StrEnum):
    """What can be done to a case."""

    REPORT = "report"
    ACCEPT = "accept"
    DECLINE = "decline"
    MERGE = "merge"
    PART = "part"  # a merged case is its own again
    SPLIT = "split"  # a second matter in it becomes a case of its own
    REPLY = "reply"  # the desk answers an inquiry itself: 直接答复
    DISPATCH = "dispatch"
    SIGN = "sign"
    RETURN = "return"
    RULE = "rule"
    START = "start"
    CONTACT = "contact"
    ASK = "ask"  # ask for more time, a pause or a hang
    DECIDE = "decide"  # grant or refuse what was asked
    RESUME = "resume"
    HANDLED = "handled"
    SETTLE = "settle"  # the short way: a grid worker settles it on the spot
    CHECK = "check"
    CLOSE = "close"
    REDO = "redo"
    FOLLOW_UP = "follow_up"
    RATE = "rate"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    VOID = "void"
    ARCHIVE = "archive"
    ADD = "add"
    NOTE = "note"
    URGE = "urge"
    SUPERVISE = "supervise"
    EXPLAIN = "explain"  # the body answers a letter: 回复督办
    LIFT = "lift"  # the supervisor ends it: 解除督办
    ESCALATE = "escalate"
    JOINT = "joint"
    TASK_DONE = "task_done"
    CLASSIFY = "classify"
    RELOCATE = "relocate"
    TRANSFER = "transfer"
    RELEASE = "release"  # out of quarantine
    WHISTLE = "whistle"  # call several bodies to a place: 吹哨
    ANSWER_CALL = "answer_call"  # a called body says whether it comes
    ARRIVE = "arrive"  # a called body is there, or leaves: 报到
    EXCUSE = "excuse"  # a called body need not come
    CONCLUDE = "conclude"  # the joint conclusion is signed
    CALL_OFF = "call_off"  # the whistle is called off
    JUSTIFY = "justify"  # a reasoned answer to an unsatisfied resident is approved


class Need(StrEnum):
    """What a move must bring."""

    CATEGORY = "category"
    REASON = "reason"  # a reason code of the verb
    NOTE = "note"  # internal words
    ANSWER = "answer"  # public words, read by the resident
    PROOF = "proof"  # at least one picture of the result
    TARGET = "target"  # another case's number
    BODY = "body"  # an organisation or a person to send it to
    ORGANISATION = "organisation"
    HANDLER = "handler"
    RULING = "ruling"
    REQUEST = "request"  # what is asked: kind and amount
    GRANTED = "granted"
    SOLVED = "solved"
    DEADLINE = "deadline"
    PLACE = "place"
    TASK = "task"
    WORDS = "words"
    MEETING = "meeting"  # what a whistle needs; it has pages and operations of its own


# SYSTEM is the house itself: sweeps, and what another system (a hotline) says of its own order.
REPORTER, RESPONSIBLE, TASK_BODY, SYSTEM = "@reporter", "@responsible", "@task_body", "@system"
SUPERVISOR = "@supervisor"
SUPPORTER = "@supporter"  # a neighbour who joined, or whose report was merged into it
DESK = frozenset({"dispatcher", "community_leader"})
LEADER = frozenset({"community_leader"})
CHECKERS = frozenset({"verifier", "dispatcher", "community_leader"})
FIELD = frozenset({"grid_worker", "police", "assistant"})
CALLERS = DESK | {"grid_worker"}  # who may blow the whistle
STAFF = frozenset(
    {
        "grid_worker", "police", "assistant", "building_head", "dispatcher", "verifier", "department_handler",
        "property_handler", "community_leader",
    }
)  # fmt: skip

S, V = State, Verb
BEFORE_WORK = frozenset({S.REPORTED, S.ACCEPTED, S.DISPATCHED, S.SIGNED})
IN_WORK = frozenset({S.DISPATCHED, S.SIGNED, S.RETURNED, S.RULED, S.HANDLING, S.PAUSED, S.REOPENED})
TO_CHECK = frozenset({S.HANDLED, S.VERIFYING})
OPEN = BEFORE_WORK | IN_WORK | TO_CHECK
SETTLED = frozenset({S.CLOSED, S.FOLLOWED_UP})
ENDED = SETTLED | {S.DECLINED, S.MERGED, S.WITHDRAWN, S.VOIDED, S.ARCHIVED}
ALL_STAGES = frozenset(Stage)
ARBITRATED_FROM = 2  # from this return of a case on, a named arbiter rules instead of the desk
#: What is done to a whistle that has been blown and not ended.
MEETINGS = frozenset({V.ANSWER_CALL, V.ARRIVE, V.EXCUSE, V.CONCLUDE, V.CALL_OFF})


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table."""

    verb: Verb
    from_: frozenset[State]
    to: State | None
    who: frozenset[str]
    needs: tuple[Need, ...] = ()
    starts: frozenset[Stage] = frozenset()
    stops: frozenset[Stage] = frozenset()
    restarts: frozenset[Stage] = frozenset()  # runs on as if it had never stopped
    other_than: str = ""  # "handler" | "returner" | "asker": must be another person than the one who did that
    outcomes: dict[str, State] = field(default_factory=dict)  # a ruling or grant may choose the state
    reasons: tuple[str, ...] = ()


def _of(*states: State) -> frozenset[State]:
    return frozenset(states)


def _stages(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


DECLINE_REASONS = ("not_our_matter", "no_fact", "already_answered", "in_court", "unclear")
RETURN_REASONS = ("wrong_place", "unclear_ownership", "overlapping_duty", "wrong_category", "not_a_fact")
VOID_REASONS = ("test", "abuse", "duplicate_entry", "entered_by_mistake")
REDO_REASONS = ("not_done", "partly_done", "poor_quality", "no_proof", "resident_disagrees")
CALL_OFF_REASONS = ("settled_already", "another_time", "wrong_bodies", "called_by_mistake", "other")
NOT_REACHED = ("unreachable", "refused", "wrong_number")  # why a call-back ended without the resident's word
REOPEN_REASONS = ("not_solved", "came_back", "answer_unclear", "other")

TABLE: tuple[Step, ...] = (
    Step(V.ACCEPT, _of(S.REPORTED), S.ACCEPTED, DESK, (Need.CATEGORY,), starts=_stages(Stage.DISPATCH),
         stops=_stages(Stage.ACCEPT)),
    Step(V.DECLINE, _of(S.REPORTED, S.ACCEPTED), S.DECLINED, DESK, (Need.REASON, Need.ANSWER), stops=ALL_STAGES,
         reasons=DECLINE_REASONS),
    Step(V.REPLY, _of(S.REPORTED, S.ACCEPTED, S.REOPENED), S.CLOSED, DESK | {SYSTEM}, (Need.ANSWER,),
         starts=_stages(Stage.FOLLOW_UP), stops=ALL_STAGES - {Stage.FOLLOW_UP}),
    Step(V.MERGE, _of(S.REPORTED, S.ACCEPTED), S.MERGED, DESK, (Need.TARGET,), stops=ALL_STAGES),
    Step(V.PART, _of(S.MERGED), S.REPORTED, DESK, (Need.NOTE,), restarts=_stages(Stage.ACCEPT, Stage.DISPATCH),
         outcomes={"reported": S.REPORTED, "accepted": S.ACCEPTED}),
    Step(V.SPLIT, OPEN, None, DESK, (Need.WORDS,)),
    Step(V.DISPATCH, _of(S.REPORTED, S.ACCEPTED, S.RULED, S.REOPENED), S.DISPATCHED, DESK, (Need.CATEGORY, Need.BODY),
         starts=_stages(Stage.SIGN, Stage.FIRST_CONTACT, Stage.RESOLVE),
         stops=_stages(Stage.ACCEPT, Stage.DISPATCH, Stage.RULE)),
    Step(V.SIGN, _of(S.DISPATCHED), S.SIGNED, frozenset({RESPONSIBLE}), stops=_stages(Stage.SIGN)),
    Step(V.RETURN, _of(S.DISPATCHED, S.SIGNED), S.RETURNED, frozenset({RESPONSIBLE}), (Need.REASON, Need.NOTE),
         starts=_stages(Stage.RULE), stops=_stages(Stage.SIGN), reasons=RETURN_REASONS),
    Step(V.RULE, _of(S.RETURNED), None, DESK, (Need.RULING, Need.NOTE), stops=_stages(Stage.RULE),
         other_than="returner", outcomes={"upheld": S.RULED, "overruled": S.DISPATCHED, "assigned": S.DISPATCHED}),
    Step(V.START, _of(S.DISPATCHED, S.SIGNED), S.HANDLING, frozenset({RESPONSIBLE}), stops=_stages(Stage.SIGN)),
    Step(V.CONTACT, _of(S.DISPATCHED, S.SIGNED, S.HANDLING, S.PAUSED), None, frozenset({RESPONSIBLE}) | DESK,
         (Need.NOTE,), stops=_stages(Stage.FIRST_CONTACT)),
    Step(V.ASK, _of(S.SIGNED, S.HANDLING), None, frozenset({RESPONSIBLE}), (Need.REQUEST, Need.NOTE)),
    Step(V.DECIDE, _of(S.SIGNED, S.HANDLING), None, DESK, (Need.GRANTED,), other_than="asker",
         outcomes={"pause": S.PAUSED, "hang": S.PAUSED}),
    Step(V.RESUME, _of(S.PAUSED), S.HANDLING, frozenset({RESPONSIBLE, SYSTEM}) | DESK),
    Step(V.HANDLED, _of(S.SIGNED, S.HANDLING), S.HANDLED, frozenset({RESPONSIBLE}), (Need.PROOF, Need.ANSWER),
         starts=_stages(Stage.VERIFY), stops=_stages(Stage.FIRST_CONTACT, Stage.RESOLVE)),
    Step(V.SETTLE, _of(S.REPORTED, S.ACCEPTED, S.DISPATCHED, S.SIGNED, S.HANDLING), S.HANDLED, FIELD,
         (Need.CATEGORY, Need.PROOF, Need.ANSWER), starts=_stages(Stage.VERIFY),
         stops=_stages(Stage.ACCEPT, Stage.DISPATCH, Stage.SIGN, Stage.FIRST_CONTACT, Stage.RESOLVE)),
    Step(V.CHECK, _of(S.HANDLED), S.VERIFYING, CHECKERS | FIELD, other_than="handler"),
    Step(V.CLOSE, TO_CHECK, S.CLOSED, CHECKERS | FIELD, (Need.ANSWER,), starts=_stages(Stage.FOLLOW_UP),
         stops=_stages(Stage.VERIFY), other_than="handler"),
    Step(V.REDO, TO_CHECK, S.HANDLING, CHECKERS | FIELD, (Need.REASON, Need.NOTE), stops=_stages(Stage.VERIFY),
         restarts=_stages(Stage.RESOLVE), other_than="handler", reasons=REDO_REASONS),
    Step(V.FOLLOW_UP, _of(S.CLOSED), S.FOLLOWED_UP, CHECKERS, (Need.SOLVED,), stops=_stages(Stage.FOLLOW_UP),
         other_than="handler", reasons=NOT_REACHED),
    Step(V.RATE, SETTLED, None, frozenset({REPORTER}), (Need.SOLVED,)),
    Step(V.REOPEN, SETTLED | {S.DECLINED}, S.REOPENED, frozenset({REPORTER, SUPPORTER, SYSTEM}) | CHECKERS, (Need.REASON,),
         starts=_stages(Stage.ACCEPT), stops=_stages(Stage.FOLLOW_UP), reasons=REOPEN_REASONS),
    Step(V.WITHDRAW, BEFORE_WORK, S.WITHDRAWN, frozenset({REPORTER, SYSTEM}), stops=ALL_STAGES),
    Step(V.VOID, OPEN, S.VOIDED, LEADER, (Need.REASON, Need.NOTE), stops=ALL_STAGES, reasons=VOID_REASONS),
    Step(V.ARCHIVE, ENDED - {S.ARCHIVED}, S.ARCHIVED, LEADER | {SYSTEM}, stops=ALL_STAGES),
    Step(V.ADD, OPEN, None, frozenset({REPORTER, RESPONSIBLE, SYSTEM}) | DESK, (Need.WORDS,)),
    Step(V.NOTE, OPEN | ENDED, None, STAFF | {SYSTEM}, (Need.NOTE,)),
    Step(V.URGE, (BEFORE_WORK | IN_WORK) - {S.PAUSED}, None, frozenset({REPORTER, SYSTEM}) | DESK),
    Step(V.SUPERVISE, OPEN, None, LEADER, (Need.DEADLINE, Need.NOTE)),
    Step(V.EXPLAIN, OPEN, None, frozenset({RESPONSIBLE}) | DESK, (Need.NOTE,)),
    Step(V.LIFT, OPEN, None, LEADER | {SUPERVISOR}, (Need.NOTE,)),
    Step(V.ESCALATE, OPEN, None, DESK | {SYSTEM}, (Need.NOTE,)),
    Step(V.JOINT, (BEFORE_WORK | IN_WORK) - {S.REPORTED}, None, DESK | {RESPONSIBLE}, (Need.ORGANISATION, Need.WORDS)),
    Step(V.TASK_DONE, OPEN, None, frozenset({TASK_BODY}), (Need.TASK, Need.ANSWER)),
    Step(V.CLASSIFY, OPEN - TO_CHECK, None, DESK, (Need.CATEGORY,)),
    Step(V.RELOCATE, OPEN - TO_CHECK, None, DESK, (Need.PLACE,)),
    Step(V.TRANSFER, _of(S.DISPATCHED, S.SIGNED, S.HANDLING), None, frozenset({RESPONSIBLE}) | DESK, (Need.HANDLER,)),
    Step(V.RELEASE, _of(S.REPORTED), None, DESK),
    Step(V.WHISTLE, OPEN - TO_CHECK, None, CALLERS, (Need.MEETING,)),
    Step(V.ANSWER_CALL, OPEN, None, frozenset({TASK_BODY}), (Need.MEETING,)),
    Step(V.ARRIVE, OPEN, None, frozenset({TASK_BODY}) | CALLERS, (Need.MEETING,)),
    Step(V.EXCUSE, OPEN, None, CALLERS, (Need.MEETING,)),
    Step(V.CONCLUDE, OPEN, None, CALLERS, (Need.MEETING, Need.ANSWER)),
    Step(V.CALL_OFF, OPEN, None, CALLERS, (Need.MEETING, Need.REASON), reasons=CALL_OFF_REASONS),
    Step(V.JUSTIFY, SETTLED, None, LEADER, (Need.ANSWER,), other_than="proposer"),
)  # fmt: skip
STEPS: dict[Verb, Step] = {step.verb: step for step in TABLE}


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a case matters for whether a move is allowed."""

    state: State
    handler_id: int | None = None  # who reported it handled
    returner_id: int | None = None
    asker_id: int | None = None  # who asked for more time, if that waits for an answer
    bound: bool = False  # a ruling binds the body: it may not return the case again
    quarantined: bool = False
    arbiters: frozenset[int] = frozenset()  # who alone rules on this return; empty: the desk
    decider: str = ""  # the role it takes to decide what is asked for; empty: the desk
    supervised: bool = False  # a letter stands
    joined: bool = False  # other people say the same
    whistled: bool = False  # a whistle has been blown and has not ended
    proposer_id: int | None = None  # who proposed the reasoned answer that waits


@dataclass(frozen=True, slots=True)
class Doer:
    """What of an actor matters: roles that reach the case's place, and relations to it (``@reporter`` …)."""

    account_id: int | None
    may: frozenset[str]


def allowed(standing: Standing, doer: Doer, verb: Verb) -> str:
    """Why this move may not be made now by this person, as a reason code; empty when it may."""
    step = STEPS.get(verb)
    if step is None:
        return "unknown_verb"
    if not doer.may & step.who:
        return "not_your_move"
    if standing.state not in step.from_:
        return "wrong_state"
    return _hindered(standing, doer, step)


def _hindered(standing: Standing, doer: Doer, step: Step) -> str:
    why = _not_fit(standing, step.verb) or _not_theirs(standing, doer, step.verb)
    if why:
        return why
    others = {
        "handler": standing.handler_id,
        "returner": standing.returner_id,
        "asker": standing.asker_id,
        "proposer": standing.proposer_id,
    }
    if step.other_than and doer.account_id is not None and others[step.other_than] == doer.account_id:
        return "needs_another_person"
    return ""


def _not_fit(standing: Standing, verb: Verb) -> str:
    """What a verb finds missing in the case, or in its way."""
    hinders = {
        Verb.RETURN: ("ruling_binds", standing.bound),
        Verb.DECIDE: ("nothing_asked", standing.asker_id is None),
        Verb.ASK: ("already_asked", standing.asker_id is not None),
        Verb.RELEASE: ("not_quarantined", not standing.quarantined),
        Verb.EXPLAIN: ("not_supervised", not standing.supervised),
        Verb.WITHDRAW: ("others_joined", standing.joined),
        Verb.LIFT: ("not_supervised", not standing.supervised),
        Verb.WHISTLE: ("already_called", standing.whistled),
        Verb.JUSTIFY: ("nothing_proposed", standing.proposer_id is None),
    } | {meeting: ("nobody_called", not standing.whistled) for meeting in MEETINGS}
    code, there = hinders.get(verb, ("", False))
    return code if there else ""


def _not_theirs(standing: Standing, doer: Doer, verb: Verb) -> str:
    """Why a ruling or a decision takes somebody else of the desk."""
    if verb is Verb.RULE and standing.arbiters and doer.account_id not in standing.arbiters:
        return "needs_arbiter"
    if verb is Verb.DECIDE and standing.decider and not doer.may & {standing.decider, "community_leader"}:
        return "needs_leader"
    return ""


def moves(standing: Standing, doer: Doer) -> tuple[Step, ...]:
    """Every move this person may make now, in the table's order."""
    return tuple(step for step in TABLE if not allowed(standing, doer, step.verb))


def missing(step: Step, given: Iterable[str]) -> tuple[Need, ...]:
    """What the move still lacks, of the things named in ``given``."""
    have = set(given)
    return tuple(need for need in step.needs if need.value not in have)


def next_state(step: Step, current: State, outcome: str = "") -> State:
    """The state after the move; an outcome (ruling, granted kind) may choose it."""
    if outcome and outcome in step.outcomes:
        return step.outcomes[outcome]
    return step.to or current
