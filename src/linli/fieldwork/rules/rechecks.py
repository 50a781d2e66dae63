"""A re-visit from the draw to its end: found, answered, looked at once more if disputed, decided by a person. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from linli.kernel.refusals import Wrong

WORDS_LEAST, WORDS_MOST = 6, 800
#: Who may be sent again; who decides; who reads the results.
VISITORS = ("grid_worker", "assistant", "building_head", "dispatcher", "verifier", "police")
DECIDERS = ("community_leader",)
READERS = ("community_leader", "admin", "auditor")


class Found(StrEnum):
    """What a re-visit finds."""

    TRUE = "true"
    MISTAKEN = "mistaken"  # something is wrong with the record, and nobody meant it
    FALSE = "false"  # it seems not to have happened
    UNCLEAR = "unclear"  # nobody was met, or nobody remembers


class State(StrEnum):
    """Where a re-visit stands."""

    TO_VISIT = "to_visit"
    TO_ANSWER = "to_answer"
    TO_VISIT_AGAIN = "to_visit_again"
    TO_DECIDE = "to_decide"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a re-visit decides what comes next."""

    worker_id: int
    visitor_id: int | None
    found: str = ""
    answer_until: date | None = None
    answered: bool = False
    admitted: bool = False  # the worker agrees with what was found
    again_visitor_id: int | None = None
    found_again: str = ""
    outcome: str = ""
    over: bool = False


def state(one: Standing, today: date) -> State:
    """Where it stands on a day. What is in order needs nobody's decision; what is not is the worker's to answer first."""
    if one.over:
        return State.OVER
    if not one.found:
        return State.TO_VISIT
    if not one.answered and one.answer_until is not None and today <= one.answer_until:
        return State.TO_ANSWER
    return State.TO_VISIT_AGAIN if needs_another(one) and not one.found_again else State.TO_DECIDE


def needs_another(one: Standing) -> bool:
    """Whether somebody else has to go as well: it was found false, and the worker does not agree."""
    return one.found == Found.FALSE and not one.admitted


def at_once(found: str) -> bool:
    """Whether a finding ends the matter: true, or nothing could be found out. Neither is held against anybody."""
    return found in {Found.TRUE, Found.UNCLEAR}


def may_be_false(one: Standing) -> str:
    """Why it cannot be decided that the record is false; empty when it can.

    Somebody other than the worker must have been there and found so; the worker must have answered or let the term pass;
    what the worker does not admit must have been found by a second person as well.
    """
    if one.found != Found.FALSE:
        return "not_found_false"
    if one.visitor_id in {None, one.worker_id} or one.again_visitor_id in {one.visitor_id, one.worker_id}:
        return "nobody_was_there"
    if needs_another(one) and one.found_again != Found.FALSE:
        return "not_found_twice"
    return ""


def why_not_decide(one: Standing, decider_id: int, outcome: str, today: date) -> str:
    """Why this person cannot decide so now; empty when they can."""
    if state(one, today) is not State.TO_DECIDE:
        return "not_yet" if not one.over else "over"
    if decider_id in {one.visitor_id, one.again_visitor_id}:
        return "you_were_there"
    if decider_id == one.worker_id:
        return "your_own"
    if outcome not in {Found.TRUE, Found.MISTAKEN, Found.FALSE}:
        return "no_such_outcome"
    return may_be_false(one) if outcome == Found.FALSE else ""


def wrong_words(field: str, words: str) -> tuple[Wrong, ...]:
    """What is wrong with a reason, a finding's words or an answer."""
    if len(words.strip()) < WORDS_LEAST:
        return (Wrong(field, "too_few_words", str(WORDS_LEAST)),)
    if len(words) > WORDS_MOST:
        return (Wrong(field, "too_long", str(WORDS_MOST)),)
    return ()
