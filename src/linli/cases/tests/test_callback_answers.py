"""Reasoned answers to who is not satisfied, and what the figures read of calls."""

from __future__ import annotations

from typing import Any

import pytest

from linli.cases.actions import callback
from linli.cases.actions.moves import Conflict
from linli.cases.models import CallBack, Case
from linli.cases.queries import callbacks, story
from linli.cases.rules.callback import Tried
from linli.cases.rules.intake import Refused
from linli.cases.tests.calls import LATER, closed, codes, note
from linli.cases.tests.cast import Cast
from linli.kernel.access import Forbidden

pytestmark = pytest.mark.django_db


# -- the reasoned answer -------------------------------------------------------------------------------------


def unsatisfied(cast: Cast) -> CallBack:
    return note(
        cast, closed(cast), Tried.REACHED, solved=True, stars=1, complaint="beyond_power", wants_reopening=False
    )  # fmt: skip


ANSWER = "小区没有消防通道可以改建，街道已把您的意见报区里，明年三月前给您回话。"


def test_a_reasoned_answer_is_read_by_the_resident_once_a_leader_approves_it(cast: Cast) -> None:
    row = unsatisfied(cast)
    callback.propose(actor=cast.verifier.actor(LATER), callback_id=row.pk, answer=ANSWER, at=LATER)
    case = cast.case(_number(cast, row))
    with cast.inside():
        told = story.story(case, cast.resident.actor(), at=LATER, for_resident=True)
    assert all(entry.answer != ANSWER for entry in told.entries)
    callback.decide(actor=cast.leader.actor(LATER), callback_id=row.pk, approved=True, at=LATER)
    with cast.inside():
        told = story.story(cast.case(case.number), cast.resident.actor(), at=LATER, for_resident=True)
    assert (told.entries[-1].verb, told.entries[-1].answer) == ("justify", ANSWER)


def _number(cast: Cast, row: CallBack) -> str:
    with cast.inside():
        return Case.objects.get(pk=row.case_id).number


def test_only_a_leader_approves_and_not_what_they_proposed(cast: Cast) -> None:
    row = unsatisfied(cast)
    callback.propose(actor=cast.leader.actor(LATER), callback_id=row.pk, answer=ANSWER, at=LATER)
    with pytest.raises(Forbidden) as error:
        callback.decide(actor=cast.leader.actor(LATER), callback_id=row.pk, approved=True, at=LATER)
    assert error.value.code == "needs_another_person"
    with pytest.raises(Forbidden):
        callback.decide(actor=cast.verifier.actor(LATER), callback_id=row.pk, approved=True, at=LATER)


def test_an_answer_sent_back_is_written_anew(cast: Cast) -> None:
    row = unsatisfied(cast)
    callback.propose(actor=cast.verifier.actor(LATER), callback_id=row.pk, answer="不行", at=LATER)
    with pytest.raises(Refused):
        callback.decide(actor=cast.leader.actor(LATER), callback_id=row.pk, approved=False, at=LATER)
    callback.decide(
        actor=cast.leader.actor(LATER), callback_id=row.pk, approved=False, note="请说明理由", at=LATER
    )  # fmt: skip
    with pytest.raises(Conflict):
        callback.decide(actor=cast.leader.actor(LATER), callback_id=row.pk, approved=True, at=LATER)
    again = callback.propose(actor=cast.verifier.actor(LATER), callback_id=row.pk, answer=ANSWER, at=LATER)
    assert (again.approved, again.ruling_note) == (None, "")


def test_a_satisfied_resident_needs_no_reasoned_answer(cast: Cast) -> None:
    row = note(cast, closed(cast), Tried.REACHED, solved=True, stars=5)
    with pytest.raises(Conflict):
        callback.propose(actor=cast.verifier.actor(LATER), callback_id=row.pk, answer=ANSWER, at=LATER)


def test_no_phone_stands_in_a_reasoned_answer(cast: Cast) -> None:
    row = unsatisfied(cast)
    with pytest.raises(Refused) as error:
        callback.propose(
            actor=cast.verifier.actor(LATER), callback_id=row.pk, answer="请打 13812345678", at=LATER
        )  # fmt: skip
    assert codes(error) == {("answer", "holds_mobile")}


# -- for the figures -----------------------------------------------------------------------------------------


def test_each_case_has_its_last_outcome_in_one_join(cast: Cast, django_assert_num_queries: Any) -> None:
    first, second = closed(cast, "a"), closed(cast, "b")
    note(cast, first, Tried.REACHED, solved=True, stars=4)
    never = cast.report(key="c").number
    with cast.inside(), django_assert_num_queries(1):
        found: dict[str, Any] = {case.number: case for case in callbacks.with_outcomes(Case.objects.all())}
    assert (found[first].call_outcome, found[first].call_satisfied, found[first].call_drawn) == (
        "reached",
        True,
        True,
    )
    assert (found[second].call_state, found[second].call_outcome) == ("open", "")
    assert (found[never].call_state, found[never].call_drawn) == (None, None)
