"""What the dispatch desk does with a case: take it up, answer it, merge it, send it, decide what was asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.cases.actions import moves
from linli.cases.models import Case, ClockRow, Move
from linli.cases.queries import queue
from linli.cases.rules.intake import PlaceGiven, Refused
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import State, Verb
from linli.cases.tests.cast import AT, Cast
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.events import connected
from linli.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
LAMP: dict[str, Any] = {"category_code": "facilities.lighting"}


def refused(error: pytest.ExceptionInfo[Refused]) -> set[tuple[str, str]]:
    return {(wrong.field, wrong.code) for wrong in error.value.wrongs}


def running(cast: Cast, number: str) -> set[str]:
    with cast.inside():
        rows = ClockRow.objects.filter(case__number=number, stopped_at__isnull=True, task__isnull=True)
        return set(rows.values_list("stage", flat=True))


def test_accepting_needs_a_category_the_community_has(cast: Cast) -> None:
    number = cast.report().number
    with pytest.raises(Refused) as error:
        cast.move(number, Verb.ACCEPT, cast.dispatcher)
    assert refused(error) == {("category", "missing")}
    with pytest.raises(Refused) as error:
        cast.move(number, Verb.ACCEPT, cast.dispatcher, category_code="weather.rain")
    assert refused(error) == {("category_code", "unknown")}
    assert cast.case(number).state == State.REPORTED


def test_a_refused_move_leaves_no_trace(cast: Cast) -> None:
    number = cast.report().number
    with pytest.raises(Refused):
        cast.move(number, Verb.ACCEPT, cast.dispatcher, category_code="weather.rain")
    with cast.inside():
        assert Move.objects.filter(case__number=number).count() == 1
    assert AuditEntry.objects.filter(object=f"case:{number}").count() == 1
    assert cast.case(number).version == 1


def test_every_move_leaves_a_dated_row_an_audit_entry_and_a_new_version(cast: Cast) -> None:
    number = cast.report().number
    at = AT + timedelta(minutes=5)
    case = cast.move(number, Verb.ACCEPT, cast.dispatcher, at=at, **LAMP)
    with cast.inside():
        move = Move.objects.get(case=case, seq=2)
    assert (move.verb, move.from_state, move.to_state, move.at) == ("accept", "reported", "accepted", at)
    assert (move.actor_id, move.actor_role) == (cast.dispatcher.account_id, "dispatcher")
    entry = AuditEntry.objects.get(object=f"case:{number}", verb="case.accept")
    assert (entry.community_id, entry.actor_id, entry.at) == (cast.here.id, cast.dispatcher.account_id, at)
    assert (case.version, case.state_at) == (2, at)
    assert "cases.CaseMoved" in connected() or not connected().get("cases.CaseMoved")


def test_a_case_waits_for_its_dispatch_under_a_promise_of_its_own(cast: Cast) -> None:
    number = cast.report().number
    assert running(cast, number) == {"accept"}
    cast.move(number, Verb.ACCEPT, cast.dispatcher, **LAMP)
    assert running(cast, number) == {"dispatch"}
    cast.dispatched(number)
    assert running(cast, number) == {"sign", "first_contact", "resolve"}


def test_the_promise_kept_last_is_the_next_deadline_of_the_case(cast: Cast) -> None:
    number = cast.report().number
    case = cast.dispatched(number)
    with cast.inside():
        rows = ClockRow.objects.filter(case=case, stopped_at__isnull=True)
        first = rows.order_by("due_at")[0]
    assert (case.due_at, case.due_stage, case.at_risk_at) == (first.due_at, first.stage, first.at_risk_at)


@pytest.mark.parametrize("who", ["grid_worker", "property_handler", "verifier", "auditor", "admin", "police"])
def test_only_the_desk_takes_a_case_up(cast: Cast, who: str) -> None:
    number = cast.dispatched(cast.report().number).number
    person = cast.here.people[who]
    with pytest.raises((Forbidden, NotFound)):
        cast.move(number, Verb.ACCEPT, person, **LAMP)


def test_the_leader_may_do_what_the_desk_does(cast: Cast) -> None:
    assert cast.move(cast.report().number, Verb.ACCEPT, cast.leader, **LAMP).state == State.ACCEPTED


def test_declining_needs_a_reason_and_words_the_reporter_reads(cast: Cast) -> None:
    number = cast.report().number
    with pytest.raises(Refused) as error:
        cast.move(number, Verb.DECLINE, cast.dispatcher)
    assert refused(error) == {("reason", "missing"), ("answer", "missing")}
    with pytest.raises(Refused) as error:
        cast.move(number, Verb.DECLINE, cast.dispatcher, reason="too much work", answer="不归我们管")
    assert refused(error) == {("reason", "unknown")}
    case = cast.move(number, Verb.DECLINE, cast.dispatcher, reason="not_our_matter", answer="请拨 95598")
    assert (case.state, case.answer, case.closed_at, case.due_at) == (State.DECLINED, "请拨 95598", AT, None)


def test_what_a_decline_drops_is_neither_kept_nor_broken(cast: Cast) -> None:
    number = cast.report().number
    cast.move(number, Verb.DECLINE, cast.dispatcher, reason="no_fact", answer="现场没有发现")
    with cast.inside():
        row = ClockRow.objects.get(case__number=number)
    assert (row.stopped_at, row.met) == (AT, None)


@pytest.mark.parametrize("words", ["请联系 13812345678 张先生", "身份证 11010519491231002X"])
def test_an_answer_may_not_carry_somebodys_numbers(cast: Cast, words: str) -> None:
    number = cast.report().number
    with pytest.raises(Refused) as error:
        cast.move(number, Verb.REPLY, cast.dispatcher, answer=words)
    assert {code for _, code in refused(error)} <= {"holds_mobile", "holds_id_number"}


def test_the_desk_answers_an_inquiry_itself(cast: Cast) -> None:
    case = cast.move(cast.report().number, Verb.REPLY, cast.dispatcher, answer="周六上午九点开放。")
    assert (case.state, case.answer, case.due_stage) == (State.CLOSED, "周六上午九点开放。", "follow_up")


def test_merging_joins_an_open_case_of_the_same_community(cast: Cast) -> None:
    first, second = cast.report(key="1").number, cast.report(key="2").number
    case = cast.move(second, Verb.MERGE, cast.dispatcher, target=first)
    assert (case.state, case.merged_into_id) == (State.MERGED, cast.case(first).pk)
    assert cast.case(first).state == State.REPORTED


def test_merging_refuses_itself_what_has_ended_and_what_is_elsewhere(cast: Cast) -> None:
    own, ended = cast.report(key="1").number, cast.report(key="2").number
    other = cast.report(community=cast.elsewhere).number
    cast.move(ended, Verb.WITHDRAW, cast.resident)
    for target in (own, ended, other, "261123999999", "nothing"):
        with pytest.raises(Refused) as error:
            cast.move(own, Verb.MERGE, cast.dispatcher, target=target)
        assert refused(error) == {("target", "not_an_open_case")}, target


def test_a_case_is_sent_to_a_body_of_the_community_only(cast: Cast) -> None:
    number = cast.report().number
    foreign = cast.elsewhere.organisations["property_company"].pk
    for body in (foreign, 999_999):
        with pytest.raises(Refused) as error:
            cast.move(number, Verb.DISPATCH, cast.dispatcher, organisation_id=body, **LAMP)
        assert refused(error) == {("organisation_id", "unknown")}


def test_a_case_is_sent_only_to_somebody_who_serves_here(cast: Cast) -> None:
    number = cast.report().number
    for person in (cast.resident, cast.elsewhere.grid_worker, cast.stranger, cast.auditor, cast.admin):
        with pytest.raises(Refused) as error:
            cast.move(number, Verb.DISPATCH, cast.dispatcher, handler_id=person.account_id, **LAMP)
        assert refused(error) == {("handler_id", "not_serving_here")}
    case = cast.move(number, Verb.DISPATCH, cast.dispatcher, handler_id=cast.grid_worker.account_id, **LAMP)
    assert (case.organisation_id, case.handler_id) == (None, cast.grid_worker.account_id)


def test_without_anybody_to_send_it_to_nothing_is_sent(cast: Cast) -> None:
    with pytest.raises(Refused) as error:
        cast.move(cast.report().number, Verb.DISPATCH, cast.dispatcher, **LAMP)
    assert refused(error) == {("body", "missing")}


def test_a_grid_worker_settles_on_the_spot_and_somebody_else_checks(cast: Cast) -> None:
    number = cast.report().number
    proof = (cast.picture(cast.grid_worker),)
    case = cast.move(number, Verb.SETTLE, cast.grid_worker, answer="井盖已复位。", uploads=proof, **LAMP)
    assert (case.state, case.handled_by_id) == (State.HANDLED, cast.grid_worker.account_id)
    assert running(cast, number) == {"verify"}
    with pytest.raises(Forbidden, match="needs_another_person"):
        cast.move(number, Verb.CLOSE, cast.grid_worker, answer="井盖已复位。")
    assert cast.move(number, Verb.CLOSE, cast.dispatcher, answer="井盖已复位。").state == State.CLOSED


def test_a_grid_worker_of_another_grid_does_not_even_see_it(cast: Cast) -> None:
    with pytest.raises(NotFound):
        cast.move(cast.report().number, Verb.SETTLE, cast.other_grid_worker, **LAMP)


def test_classifying_keeps_what_it_was_before(cast: Cast) -> None:
    number = cast.report().number
    cast.move(number, Verb.CLASSIFY, cast.dispatcher, category_code="property.lift", urgency="urgent")
    case = cast.move(number, Verb.CLASSIFY, cast.dispatcher, **LAMP)
    assert (case.category_code, case.urgency, case.state) == ("facilities.lighting", "urgent", State.REPORTED)
    with cast.inside():
        last = Move.objects.get(case=case, seq=3)
    assert last.data["before"] == {"category": "property.lift", "urgency": "urgent"}


def test_classifying_knows_urgencies_and_kinds_only(cast: Cast) -> None:
    number = cast.report().number
    with pytest.raises(Refused) as error:
        cast.move(number, Verb.CLASSIFY, cast.dispatcher, urgency="yesterday", **LAMP)
    assert refused(error) == {("urgency", "unknown")}
    with pytest.raises(Refused) as error:
        cast.move(number, Verb.CLASSIFY, cast.dispatcher, words="poem", **LAMP)
    assert refused(error) == {("words", "unknown_kind")}


def test_moving_the_place_brings_the_case_to_its_new_grid(cast: Cast) -> None:
    number = cast.report().number
    there = PlaceGiven(building_id=cast.other_building.id)
    case = cast.move(number, Verb.RELOCATE, cast.dispatcher, place=there)
    assert (case.grid_id, case.building_id) == (cast.other_grid.id, cast.other_building.id)
    assert case.place_path == cast.other_building.path
    with pytest.raises(NotFound):
        cast.move(number, Verb.SETTLE, cast.grid_worker, **LAMP)


def test_a_case_is_not_moved_to_a_place_of_another_community(cast: Cast) -> None:
    there = PlaceGiven(building_id=cast.elsewhere.building.id)
    with pytest.raises(Refused) as error:
        cast.move(cast.report().number, Verb.RELOCATE, cast.dispatcher, place=there)
    assert refused(error) == {("place", "elsewhere")}


def test_whoever_looked_at_an_older_version_is_told_so(cast: Cast) -> None:
    number = cast.report().number
    cast.move(number, Verb.NOTE, cast.dispatcher, note="已电话核实")
    with pytest.raises(moves.Conflict, match="version"):
        moves.take(
            actor=cast.dispatcher.actor(),
            number=number,
            given=Given(Verb.ACCEPT, category_code="facilities.lighting"),
            at=AT,
            version=1,
        )
    assert cast.case(number).version == 2


def test_what_does_not_fit_the_state_is_a_conflict_and_names_it(cast: Cast) -> None:
    number = cast.dispatched(cast.report().number).number
    with pytest.raises(moves.Conflict, match="wrong_state"):
        cast.move(number, Verb.ACCEPT, cast.dispatcher, **LAMP)


def test_staff_of_another_community_find_nothing_to_move(cast: Cast) -> None:
    number = cast.report().number
    for person in (cast.elsewhere.dispatcher, cast.elsewhere.leader, cast.stranger, cast.nobody):
        with pytest.raises(NotFound):
            cast.move(number, Verb.ACCEPT, person, **LAMP)


def test_a_case_in_quarantine_is_let_out_once(cast: Cast) -> None:
    number = _quarantined(cast)
    assert not cast.move(number, Verb.RELEASE, cast.dispatcher).quarantined
    with pytest.raises(moves.Conflict, match="not_quarantined"):
        cast.move(number, Verb.RELEASE, cast.dispatcher)


def test_taking_a_case_up_lets_it_out_of_quarantine(cast: Cast) -> None:
    assert not cast.move(_quarantined(cast), Verb.ACCEPT, cast.dispatcher, **LAMP).quarantined


def _quarantined(cast: Cast) -> str:
    receipts = [cast.report(by=cast.nobody, key=str(turn)) for turn in range(11)]
    assert [receipt.quarantined for receipt in receipts] == [False] * 10 + [True]
    return receipts[-1].number


def test_the_leader_strikes_off_with_a_reason_and_nobody_else_does(cast: Cast) -> None:
    number = cast.dispatched(cast.report().number).number
    with pytest.raises(Forbidden):
        cast.move(number, Verb.VOID, cast.dispatcher, reason="test", note="测试件")
    case = cast.move(number, Verb.VOID, cast.leader, reason="test", note="测试件")
    assert (case.state, case.due_at) == (State.VOIDED, None)
    assert running(cast, number) == set()


def test_the_leader_watches_a_case_until_a_day_to_come(cast: Cast) -> None:
    number = cast.dispatched(cast.report().number).number
    with pytest.raises(Refused) as error:
        cast.move(number, Verb.SUPERVISE, cast.leader, until=AT, note="盯到底")
    assert refused(error) == {("until", "in_the_past")}
    until = AT + timedelta(days=2)
    assert (
        cast.move(number, Verb.SUPERVISE, cast.leader, until=until, note="盯到底").supervised_until == until
    )


def test_what_ended_is_archived_and_then_only_noted(cast: Cast) -> None:
    number = cast.report().number
    cast.move(number, Verb.WITHDRAW, cast.resident)
    assert cast.move(number, Verb.ARCHIVE, cast.leader).state == State.ARCHIVED
    with pytest.raises(moves.Conflict):
        cast.move(number, Verb.ARCHIVE, cast.leader)
    assert cast.move(number, Verb.NOTE, cast.dispatcher, note="归档后补充").state == State.ARCHIVED


def test_a_case_put_at_another_place_is_found_by_that_place(cast: Cast) -> None:
    number = cast.report("路灯不亮了", place=PlaceGiven(address="枫林路口")).number
    cast.move(number, Verb.RELOCATE, cast.dispatcher, place=PlaceGiven(address="银杏广场"))
    with cast.inside():
        assert queue.searched(Case.objects.all(), "银杏广场").exists()
        assert not queue.searched(Case.objects.all(), "枫林路口").exists()
        assert queue.searched(Case.objects.all(), "路灯").exists()
