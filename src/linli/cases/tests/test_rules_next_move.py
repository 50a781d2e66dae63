"""The next right move: one button, the others at hand."""

from __future__ import annotations

import pytest

from linli.cases.rules.next_move import FORWARD, OF_THE_REPORTER, offer
from linli.cases.rules.workflow import ENDED, RESPONSIBLE, STAFF, STEPS, Doer, Standing, State, Verb, moves

pytestmark = pytest.mark.rules
DISPATCHER = Doer(1, frozenset({"dispatcher"}))
HANDLER = Doer(2, frozenset({"property_handler", RESPONSIBLE}))


def of(state: State, doer: Doer) -> tuple[Verb | None, list[Verb]]:
    laid = offer(state, moves(Standing(state), doer), waiting=False, has_task=False)
    return laid.first.verb if laid.first else None, [step.verb for step in (*laid.beside, *laid.others)]


@pytest.mark.parametrize(
    ("state", "doer", "first"),
    [
        (State.REPORTED, DISPATCHER, Verb.DISPATCH),
        (State.REOPENED, DISPATCHER, Verb.DISPATCH),
        (State.RETURNED, DISPATCHER, Verb.RULE),
        (State.DISPATCHED, HANDLER, Verb.SIGN),
        (State.SIGNED, HANDLER, Verb.HANDLED),
        (State.PAUSED, HANDLER, Verb.RESUME),
        (State.HANDLED, DISPATCHER, Verb.CLOSE),
        (State.CLOSED, DISPATCHER, Verb.FOLLOW_UP),
    ],
)
def test_the_next_right_move_carries_the_case_on(state: State, doer: Doer, first: Verb) -> None:
    assert of(state, doer)[0] is first


def test_no_move_is_offered_twice_and_none_is_lost() -> None:
    everybody = Doer(3, STAFF | {RESPONSIBLE})
    for state in State:
        allowed = moves(Standing(state, asker_id=9), everybody)
        laid = offer(state, allowed, waiting=True, has_task=False)
        shown = [step.verb for step in (*([laid.first] if laid.first else []), *laid.beside, *laid.others)]
        assert sorted(shown) == sorted({step.verb for step in allowed} - OF_THE_REPORTER), state


def test_a_waiting_request_is_decided_before_anything_else() -> None:
    allowed = moves(Standing(State.HANDLING, asker_id=9), DISPATCHER)
    laid = offer(State.HANDLING, allowed, waiting=True, has_task=False)
    assert laid.first is STEPS[Verb.DECIDE]


def test_every_open_state_has_a_way_on() -> None:
    assert set(FORWARD) >= set(State) - ENDED
