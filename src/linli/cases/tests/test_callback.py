"""Residents called back: what a call leads to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.cases.actions import callback, callback_draw
from linli.cases.actions.moves import Conflict
from linli.cases.models import Case
from linli.cases.queries import callbacks, story
from linli.cases.rules.callback import Tried
from linli.cases.rules.intake import Refused
from linli.cases.rules.workflow import State, Verb
from linli.cases.tests.calls import CLOSED, LATER, closed, codes, follow_up_clock, note, plan, row_of
from linli.cases.tests.cast import AT, Cast
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.models import AccessLog

pytestmark = pytest.mark.django_db


# -- calling -------------------------------------------------------------------------------------------------


def test_a_satisfied_resident_ends_it(cast: Cast) -> None:
    number = closed(cast)
    row = note(cast, number, Tried.REACHED, solved=True, stars=5)
    assert (row.state, row.outcome, row.solved, row.satisfied, row.tries) == (
        "done",
        "reached",
        True,
        True,
        1,
    )
    case = cast.case(number)
    assert (case.state, case.solved, case.stars) == (State.FOLLOWED_UP, True, 5)
    clock = follow_up_clock(cast, number)
    assert clock is not None
    assert clock.met is True


def test_who_is_not_satisfied_says_why_and_what_is_wanted(cast: Cast) -> None:
    number = closed(cast)
    with pytest.raises(Refused) as error:
        note(cast, number, Tried.REACHED, solved=False)
    assert codes(error) == {("complaint", "missing"), ("wants_reopening", "missing")}
    assert row_of(cast, number).tries == 0


def test_taken_up_again_as_the_resident_wishes(cast: Cast) -> None:
    number = closed(cast)
    row = note(
        cast, number, Tried.REACHED, solved=False, stars=1, complaint="came_back",
        words="当晚又灭了，打我 13812345678", wants_reopening=True,
    )  # fmt: skip
    assert (row.reopened, row.satisfied, row.state) == (True, False, "done")
    case = cast.case(number)
    assert (case.state, case.reopenings) == (State.REOPENED, 1)
    with cast.inside():
        moves = story.story(case, cast.resident.actor(), at=LATER, for_resident=True).entries[-2:]
    assert [entry.verb for entry in moves] == ["follow_up", "reopen"]
    assert "13812345678" not in moves[-1].answer


def test_nobody_is_given_up_before_the_rule_says_so(cast: Cast) -> None:
    number = closed(cast)
    morning = LATER.replace(hour=9)
    row = note(cast, number, Tried.NO_ANSWER, at=morning)
    assert (row.state, row.tries, row.again_at) == ("open", 1, morning + timedelta(hours=2))
    row = note(cast, number, Tried.NO_ANSWER, at=morning + timedelta(minutes=5))
    row = note(cast, number, Tried.NO_ANSWER, at=morning + timedelta(hours=6))
    assert row.state == "open"
    row = note(cast, number, Tried.NO_ANSWER, at=morning + timedelta(days=1))
    assert (row.state, row.outcome, row.solved) == ("done", "unreachable", None)
    assert cast.case(number).state == State.FOLLOWED_UP


def test_no_other_door_gives_up_earlier(cast: Cast) -> None:
    number = closed(cast)
    for reason in ("", "unreachable"):
        with pytest.raises(Refused) as error:
            cast.move(number, Verb.FOLLOW_UP, cast.verifier, at=LATER, reached=False, reason=reason)
        assert codes(error) == {("reached", "tries_missing")}


@pytest.mark.parametrize("outcome", [Tried.REFUSED, Tried.WRONG_NUMBER])
def test_a_refusal_and_a_wrong_number_end_it(cast: Cast, outcome: Tried) -> None:
    row = note(cast, closed(cast), outcome)
    assert (row.state, row.outcome, row.satisfied) == ("done", outcome.value, None)


def test_called_again_when_the_resident_has_time(cast: Cast) -> None:
    number = closed(cast)
    again = LATER + timedelta(hours=9)
    row = note(cast, number, Tried.CALL_AGAIN, again_at=again)
    assert (row.state, row.again_at) == ("open", again)
    with pytest.raises(Refused) as error:
        note(cast, number, Tried.CALL_AGAIN)
    assert codes(error) == {("again_at", "missing")}


def test_who_handled_it_does_not_call(cast: Cast) -> None:
    number = cast.report().number
    picture = cast.picture(cast.grid_worker)
    cast.move(
        number, Verb.SETTLE, cast.grid_worker, category_code="facilities.lighting", answer="已换灯泡",
        uploads=(picture,),
    )  # fmt: skip
    cast.move(number, Verb.CLOSE, cast.verifier, at=CLOSED, answer="已换灯泡")
    with cast.inside():
        Case.objects.filter(number=number).update(handled_by_id=cast.verifier.account_id)
    with pytest.raises(Forbidden) as error:
        note(cast, number, Tried.REACHED, solved=True)
    assert error.value.code == "needs_another_person"


@pytest.mark.parametrize("who", ["property_handler", "grid_worker", "admin", "resident", "stranger"])
def test_others_find_no_call_backs(cast: Cast, who: str) -> None:
    with pytest.raises(NotFound):
        note(cast, closed(cast), Tried.REACHED, getattr(cast, who), solved=True)


def test_an_auditor_reads_and_does_not_call(cast: Cast) -> None:
    number = closed(cast)
    with pytest.raises(Forbidden):
        note(cast, number, Tried.REACHED, cast.auditor, solved=True)
    with pytest.raises(NotFound):
        note(cast, number, Tried.REACHED, cast.elsewhere.people["dispatcher"], solved=True)


def test_the_number_is_shown_with_its_log_row_and_others_see_who_has_it(cast: Cast) -> None:
    number = closed(cast)
    row = row_of(cast, number)
    contact = callback.show_number(actor=cast.verifier.actor(LATER), callback_id=row.pk, at=LATER)
    assert contact.phone == cast.resident.phone
    row = row_of(cast, number)
    assert callback.held_by_another(row, cast.dispatcher.actor(), LATER) == cast.verifier.account_id
    assert callback.held_by_another(row, cast.verifier.actor(), LATER) is None
    assert callback.held_by_another(row, cast.dispatcher.actor(), LATER + timedelta(hours=1)) is None
    with cast.inside():
        assert AccessLog.objects.filter(purpose="follow_up").count() == 1


def test_sent_twice_it_is_one_call_and_a_slower_colleague_is_told(cast: Cast) -> None:
    number = closed(cast)
    note(cast, number, Tried.NO_ANSWER, tries_seen=0)
    assert note(cast, number, Tried.NO_ANSWER, tries_seen=0).tries == 1
    with pytest.raises(Conflict) as error:
        note(cast, number, Tried.REACHED, cast.dispatcher, tries_seen=0, solved=True)
    assert error.value.code == "somebody_faster"


def test_what_is_over_is_over(cast: Cast) -> None:
    number = closed(cast)
    note(cast, number, Tried.REACHED, solved=True)
    with pytest.raises(Conflict) as error:
        note(
            cast,
            number,
            Tried.REACHED,
            cast.dispatcher,
            solved=False,
            complaint="not_done",
            wants_reopening=True,
        )
    assert error.value.code == "not_open"


def test_called_although_not_drawn_is_no_part_of_the_sample(cast: Cast) -> None:
    plan(cast, 0)
    number = closed(cast)
    assert note(cast, number, Tried.REACHED, solved=True).why == "asked"
    with cast.inside():
        (outcome,) = callbacks.outcomes(cast.here.id, start=AT, end=LATER)
        assert (outcome.drawn, outcome.solved) == (False, True)
        assert callback_draw.repeat(cast.here.id, "2026-11")[1] == []
