"""The table of the workflow, read as a whole: every state is reached, every open state can end, nobody is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.rules import workflow
from linli.cases.rules.promises import Stage
from linli.cases.rules.workflow import (
    ENDED,
    MEETINGS,
    OPEN,
    REPORTER,
    RESPONSIBLE,
    SETTLED,
    STEPS,
    SUPERVISOR,
    SUPPORTER,
    SYSTEM,
    TABLE,
    TASK_BODY,
    Doer,
    Need,
    Standing,
    State,
    Step,
    Verb,
)
from linli.kernel.access import STAFF_ROLES

pytestmark = pytest.mark.rules
RELATIONS = frozenset({REPORTER, RESPONSIBLE, SUPERVISOR, SUPPORTER, SYSTEM, TASK_BODY})
states, verbs = st.sampled_from(State), st.sampled_from(list(STEPS))
WHOEVER = Doer(account_id=1, may=frozenset().union(*(step.who for step in TABLE)))


def ends(step: Step, state: State) -> set[State]:
    """Where a step may lead from a state."""
    found = {step.to} if step.to else set(step.outcomes.values())
    return {end for end in found if end} or {state}


def after(state: State) -> set[State]:
    return {end for step in TABLE if state in step.from_ for end in ends(step, state)}


def reachable(start: State) -> set[State]:
    seen, new = set[State](), {start}
    while new:
        seen |= new
        new = {end for state in new for end in after(state)} - seen
    return seen


def walks(length: int) -> Iterator[tuple[State, frozenset[Stage]]]:
    """Every state with the set of stages whose clocks may run in it, over all sequences of moves."""
    seen = {(State.REPORTED, frozenset({Stage.ACCEPT}))}
    new = set(seen)
    for _ in range(length):
        new = {found for state, running in new for found in _next(state, running)} - seen
        seen |= new
    assert not new, "longer walks are needed"
    yield from seen


def _next(state: State, running: frozenset[Stage]) -> Iterator[tuple[State, frozenset[Stage]]]:
    for step in TABLE:
        if state not in step.from_:
            continue
        for end in ends(step, state):
            again = step.restarts | (
                {Stage.SIGN} if step.verb is Verb.RULE and end is State.DISPATCHED else frozenset()
            )
            yield end, (running - step.stops) | step.starts | again


WALKS = frozenset(walks(40))


def test_every_verb_but_the_first_has_one_row() -> None:
    assert sorted(step.verb for step in TABLE) == sorted(set(Verb) - {Verb.REPORT})


def test_every_state_is_reached_from_a_report() -> None:
    assert reachable(State.REPORTED) == set(State)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_state_can_end_settled(state: State) -> None:
    assert SETTLED <= reachable(state)


@pytest.mark.parametrize("state", sorted(OPEN - {State.REPORTED, State.ACCEPTED}))
def test_nobody_is_stuck_when_the_body_does_nothing(state: State) -> None:
    """The desk, the leader or a checker can always carry a case on, or at least end it."""
    ways = [step for step in TABLE if state in step.from_ and ends(step, state) != {state}]
    assert any(step.who - RELATIONS for step in ways)


def test_states_are_open_or_ended_and_never_both() -> None:
    assert frozenset(State) == OPEN | ENDED
    assert not OPEN & ENDED


def test_what_is_archived_stays_so() -> None:
    assert after(State.ARCHIVED) == {State.ARCHIVED}
    assert [step.verb for step in TABLE if State.ARCHIVED in step.from_] == [Verb.NOTE]


def test_only_what_was_settled_declined_or_merged_is_opened_again() -> None:
    back = {state for state in ENDED if after(state) & OPEN}
    assert back == SETTLED | {State.DECLINED, State.MERGED}


@pytest.mark.parametrize("step", TABLE, ids=lambda step: step.verb.value)
def test_a_row_says_from_where_and_who(step: Step) -> None:
    assert step.from_
    assert step.who
    assert step.who <= STAFF_ROLES | RELATIONS


@pytest.mark.parametrize("step", TABLE, ids=lambda step: step.verb.value)
def test_a_row_lists_reasons_exactly_when_it_needs_one(step: Step) -> None:
    needed = Need.REASON in step.needs or step.verb is Verb.FOLLOW_UP  # there only where nobody was reached
    assert bool(step.reasons) == needed
    assert len(set(step.reasons)) == len(step.reasons)


def test_auditors_and_admins_move_nothing() -> None:
    assert not any({"auditor", "admin"} & step.who for step in TABLE)


def test_whoever_says_it_is_done_cannot_be_the_one_who_checks() -> None:
    for verb in (Verb.CHECK, Verb.CLOSE, Verb.REDO, Verb.FOLLOW_UP):
        assert STEPS[verb].other_than == "handler", verb


def test_proof_is_required_where_work_is_said_to_be_done() -> None:
    done = {step.verb for step in TABLE if step.to is State.HANDLED}
    assert {step.verb for step in TABLE if Need.PROOF in step.needs} == done


def test_every_stage_starts_somewhere_and_stops_somewhere() -> None:
    started = {Stage.ACCEPT, Stage.SIGN}.union(*(step.starts for step in TABLE))
    assert started == set(Stage)
    for stage in Stage:
        assert any(stage in step.stops for step in TABLE), stage


def test_no_promise_runs_on_once_a_case_has_ended() -> None:
    assert {state for state, running in WALKS if state in ENDED and running - {Stage.FOLLOW_UP}} == set()
    assert {state for state, running in WALKS if Stage.FOLLOW_UP in running} <= {State.CLOSED}


def test_a_promise_runs_in_every_open_state() -> None:
    assert {state for state, running in WALKS if state in OPEN and not running} == set()


def test_a_clock_runs_only_in_states_from_which_it_can_be_stopped() -> None:
    for state, running in WALKS:
        for stage in running:
            can = {
                now for now in reachable(state) for step in TABLE if now in step.from_ and stage in step.stops
            }
            assert can, (state, stage)


@given(states, verbs)
def test_a_move_out_of_place_is_refused_with_a_reason(state: State, verb: Verb) -> None:
    standing = Standing(state, handler_id=9, returner_id=9, asker_id=9, quarantined=True, supervised=True)
    standing = replace(standing, whistled=verb in MEETINGS, proposer_id=9)
    if verb is Verb.ASK:
        standing = replace(standing, asker_id=None)
    why = workflow.allowed(standing, WHOEVER, verb)
    assert bool(why) == (state not in STEPS[verb].from_)


@given(states, verbs, st.sampled_from(sorted(STAFF_ROLES | RELATIONS)))
def test_whoever_is_not_named_in_the_row_may_not(state: State, verb: Verb, who: str) -> None:
    doer = Doer(account_id=1, may=frozenset({who}))
    why = workflow.allowed(Standing(state, asker_id=9, quarantined=True, supervised=True), doer, verb)
    assert (why == "not_your_move") == (who not in STEPS[verb].who)


@given(states, st.sets(st.sampled_from(sorted(STAFF_ROLES | RELATIONS))))
def test_the_moves_offered_are_the_moves_allowed(state: State, may: set[str]) -> None:
    standing, doer = Standing(state), Doer(account_id=1, may=frozenset(may))
    offered = {step.verb for step in workflow.moves(standing, doer)}
    assert offered == {verb for verb in STEPS if not workflow.allowed(standing, doer, verb)}


@pytest.mark.parametrize(
    ("verb", "standing", "why"),
    [
        (Verb.CLOSE, Standing(State.HANDLED, handler_id=1), "needs_another_person"),
        (Verb.CHECK, Standing(State.HANDLED, handler_id=1), "needs_another_person"),
        (Verb.REDO, Standing(State.VERIFYING, handler_id=1), "needs_another_person"),
        (Verb.FOLLOW_UP, Standing(State.CLOSED, handler_id=1), "needs_another_person"),
        (Verb.RULE, Standing(State.RETURNED, returner_id=1), "needs_another_person"),
        (Verb.DECIDE, Standing(State.SIGNED, asker_id=1), "needs_another_person"),
        (Verb.DECIDE, Standing(State.SIGNED), "nothing_asked"),
        (Verb.ASK, Standing(State.SIGNED, asker_id=1), "already_asked"),
        (Verb.RETURN, Standing(State.SIGNED, bound=True), "ruling_binds"),
        (Verb.RELEASE, Standing(State.REPORTED), "not_quarantined"),
        (Verb.WHISTLE, Standing(State.SIGNED, whistled=True), "already_called"),
        (Verb.ARRIVE, Standing(State.SIGNED), "nobody_called"),
        (Verb.CONCLUDE, Standing(State.HANDLED), "nobody_called"),
        (Verb.JUSTIFY, Standing(State.CLOSED), "nothing_proposed"),
        (Verb.JUSTIFY, Standing(State.CLOSED, proposer_id=1), "needs_another_person"),
        (Verb.REPORT, Standing(State.REPORTED), "unknown_verb"),
    ],
)
def test_what_hinders_a_move_is_named(verb: Verb, standing: Standing, why: str) -> None:
    assert workflow.allowed(standing, WHOEVER, verb) == why


def test_what_one_person_did_another_may_check() -> None:
    assert not workflow.allowed(Standing(State.HANDLED, handler_id=2), WHOEVER, Verb.CLOSE)


@given(verbs, states, st.text(max_size=8))
def test_an_outcome_nobody_knows_changes_nothing(verb: Verb, state: State, outcome: str) -> None:
    step = STEPS[verb]
    if outcome not in step.outcomes:
        assert workflow.next_state(step, state, outcome) == (step.to or state)


@given(verbs, st.sets(st.sampled_from([need.value for need in Need])))
def test_what_is_missing_is_what_was_not_brought(verb: Verb, brought: set[str]) -> None:
    step = STEPS[verb]
    assert set(workflow.missing(step, brought)) == {need for need in step.needs if need.value not in brought}
