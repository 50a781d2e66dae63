"""Residents called back: who is drawn, what a call leads to, and that nobody can choose or skip at will."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from linli.cases.actions import callback, callback_draw
from linli.cases.actions.callback import Said
from linli.cases.actions.moves import Conflict
from linli.cases.models import CallBack, CallbackRule, CallbackSeed, Case, ClockRow
from linli.cases.queries import callbacks, story
from linli.cases.rules import callback as rules
from linli.cases.rules.callback import Tried
from linli.cases.rules.intake import Refused
from linli.cases.rules.workflow import State, Verb
from linli.cases.tests.cast import AT, Cast, Person
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.models import AccessLog, AuditEntry

pytestmark = pytest.mark.django_db
CLOSED = AT + timedelta(hours=5)
LATER = AT + timedelta(days=1)


def plan(cast: Cast, share: int, **fields: Any) -> CallbackRule:
    return CallbackRule.objects.create(
        community_id=cast.here.id, share=Decimal(share), **{"valid_from": date(2026, 1, 1), **fields}
    )


def closed(cast: Cast, key: str = "", **fields: Any) -> str:
    number = cast.report(key=key, **fields).number
    cast.settled(number)
    return number


def row_of(cast: Cast, number: str) -> CallBack:
    with cast.inside():
        return CallBack.objects.get(case__number=number, last=True)


def note(
    cast: Cast, number: str, outcome: Tried, by: Person | None = None, *, at: datetime = LATER, **said: Any
) -> CallBack:
    row = row_of(cast, number)
    who = (by or cast.verifier).actor(at)
    callback.note(actor=who, callback_id=row.pk, said=Said(outcome, **said), at=at)
    return row_of(cast, number)


def follow_up_clock(cast: Cast, number: str) -> ClockRow | None:
    with cast.inside():
        return ClockRow.objects.filter(case__number=number, stage="follow_up").order_by("-round").first()


def codes(error: Any) -> set[tuple[str, str]]:
    return {(one.field, one.code) for one in error.value.wrongs}


# -- the draw ------------------------------------------------------------------------------------------------


def test_without_a_plan_everybody_is_called(cast: Cast) -> None:
    row = row_of(cast, closed(cast))
    assert (row.state, row.why, row.round, row.closed_at, row.month) == (
        "open",
        "no_plan",
        1,
        CLOSED,
        "2026-11",
    )


def test_who_is_not_drawn_is_not_called_and_no_promise_runs(cast: Cast) -> None:
    plan(cast, 0)
    number = closed(cast)
    row = row_of(cast, number)
    assert (row.state, row.why) == ("skipped", "")
    assert follow_up_clock(cast, number) is None
    assert cast.case(number).due_at is None


def test_all_of_a_special_kind_are_called(cast: Cast) -> None:
    plan(cast, 0)
    plan(cast, 100, trigger="urgent")
    urgent = cast.report("有人打架，快来", key="u").number
    cast.move(
        urgent, Verb.ACCEPT, cast.dispatcher, category_code="facilities.lighting", urgency="urgent"
    )  # fmt: skip
    cast.settled(urgent)
    assert row_of(cast, urgent).state == "open"
    assert row_of(cast, closed(cast, "o")).state == "skipped"


def test_a_case_closed_again_has_a_round_of_its_own(cast: Cast) -> None:
    plan(cast, 0)
    plan(cast, 100, trigger="reopened")
    number = closed(cast)
    cast.move(number, Verb.REOPEN, cast.resident, at=LATER, reason="not_solved")
    cast.settled(number, at=LATER)
    row = row_of(cast, number)
    assert (row.round, row.triggers, row.state) == (2, ["reopened"], "open")
    with cast.inside():
        assert CallBack.objects.filter(case__number=number).count() == 2


def test_whom_nobody_could_call_ends_at_once(cast: Cast) -> None:
    number = closed(cast, by=cast.nobody, anonymous=True)
    row = row_of(cast, number)
    assert (row.state, row.outcome, row.called_at) == ("done", "no_contact", CLOSED)
    assert follow_up_clock(cast, number) is None


def test_a_case_taken_up_again_leaves_the_queue(cast: Cast) -> None:
    number = closed(cast)
    cast.move(number, Verb.REOPEN, cast.resident, at=LATER, reason="came_back")
    assert row_of(cast, number).state == "lapsed"


def test_the_seed_is_made_once_and_its_digest_is_in_the_log(cast: Cast) -> None:
    closed(cast, "a")
    closed(cast, "b")
    with cast.inside():
        seed = CallbackSeed.objects.get(community_id=cast.here.id, month="2026-11")
        entry = AuditEntry.objects.get(verb="cases.seed_callbacks")
    assert entry.detail["digest"] == rules.digest_of(seed.seed)


def test_a_month_can_be_drawn_again(cast: Cast) -> None:
    plan(cast, 50)
    for key in "abcdef":
        closed(cast, key)
    with cast.inside():
        rows, differing = callback_draw.repeat(cast.here.id, "2026-11")
        assert (rows.count(), differing) == (6, [])


@pytest.mark.parametrize(("changes", "what"), [({"lot": 1}, "lot"), ({"why": ""}, "drawn")])
def test_a_draw_that_was_tampered_with_is_found(cast: Cast, changes: dict[str, Any], what: str) -> None:
    number = closed(cast)
    with cast.inside():
        CallBack.objects.filter(case__number=number).update(**changes)
        _rows, differing = callback_draw.repeat(cast.here.id, "2026-11")
    assert [(row.case.number, said) for row, said in differing] == [(number, what)]


def test_at_the_end_of_the_month_a_body_gets_its_minimum(cast: Cast) -> None:
    plan(cast, 0, minimum=2)
    numbers = [closed(cast, key) for key in "abc"]
    december = datetime(2026, 12, 1, 3, tzinfo=AT.tzinfo)
    with cast.inside():
        assert callback_draw.top_up(cast.here.id, december) == 2
        assert callback_draw.top_up(cast.here.id, december) == 0
        drawn = CallBack.objects.filter(case__number__in=numbers, why="minimum").order_by("lot")
        lowest = CallBack.objects.filter(case__number__in=numbers).order_by("lot")[:2]
        assert [row.pk for row in drawn] == [row.pk for row in lowest]
        assert {row.state for row in drawn} == {"open"}
        assert callback_draw.repeat(cast.here.id, "2026-11")[1] == []


def test_before_the_month_is_over_nobody_is_added(cast: Cast) -> None:
    plan(cast, 0, minimum=2)
    closed(cast)
    with cast.inside():
        assert callback_draw.top_up(cast.here.id, LATER) == 0


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
