"""What those do to whom a case was sent: sign, return, ask for time, hand over, work together, say it is done."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from linli.cases.actions import moves
from linli.cases.models import Attachment, Case, ClockRow, Request, Task
from linli.cases.rules.intake import Refused
from linli.cases.rules.workflow import State, Verb
from linli.cases.tests.cast import AT, Cast, Person
from linli.kernel.access import Forbidden, NotFound

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def number(cast: Cast) -> str:
    """A case sent to the property company."""
    return cast.dispatched(cast.report().number).number


def codes(error: pytest.ExceptionInfo[Refused]) -> set[tuple[str, str]]:
    return {(wrong.field, wrong.code) for wrong in error.value.wrongs}


def clock(cast: Cast, number: str, stage: str) -> ClockRow:
    with cast.inside():
        return ClockRow.objects.filter(case__number=number, stage=stage, task__isnull=True).latest("round")


def signed(cast: Cast, number: str) -> Case:
    return cast.move(number, Verb.SIGN, cast.property_handler, at=AT + HOUR)


class TestSigning:
    """Taking it on."""

    def test_whoever_signs_has_it(self, cast: Cast, number: str) -> None:
        case = signed(cast, number)
        assert (case.state, case.handler_id) == (State.SIGNED, cast.property_handler.account_id)
        row = clock(cast, number, "sign")
        assert (row.stopped_at, row.met) == (AT + HOUR, True)

    def test_nobody_signs_for_another_body(self, cast: Cast, number: str) -> None:
        for person in (cast.department_handler, cast.police, cast.dispatcher, cast.resident):
            with pytest.raises((Forbidden, NotFound)):
                cast.move(number, Verb.SIGN, person)

    @pytest.mark.parametrize(
        ("body", "who"), [("police_station", "police"), ("department", "department_handler")]
    )
    def test_everybody_who_works_for_the_body_can_sign(self, cast: Cast, body: str, who: str) -> None:
        number = cast.report().number
        organisation = cast.here.organisations[body].pk
        cast.move(
            number, Verb.DISPATCH, cast.dispatcher, category_code="family", organisation_id=organisation
        )
        assert cast.move(number, Verb.SIGN, cast.here.people[who]).state == State.SIGNED

    def test_starting_is_signing_as_well(self, cast: Cast, number: str) -> None:
        case = cast.move(number, Verb.START, cast.property_handler, at=AT + HOUR)
        assert (case.state, case.handler_id) == (State.HANDLING, cast.property_handler.account_id)
        assert clock(cast, number, "sign").stopped_at == AT + HOUR


class TestReturning:
    """Sending it back, and the ruling."""

    def returned(self, cast: Cast, number: str, at: datetime = AT + HOUR) -> Case:
        return cast.move(
            number, Verb.RETURN, cast.property_handler, at=at, reason="wrong_place", note="不在我司管辖范围"
        )

    def test_a_return_needs_a_known_reason_and_a_note(self, cast: Cast, number: str) -> None:
        with pytest.raises(Refused) as error:
            cast.move(number, Verb.RETURN, cast.property_handler, reason="no_time")
        assert codes(error) == {("note", "missing"), ("reason", "unknown")}

    def test_the_promise_to_resolve_goes_on_while_bodies_argue(self, cast: Cast, number: str) -> None:
        case = self.returned(cast, number)
        assert (case.state, case.returns) == (State.RETURNED, 1)
        assert clock(cast, number, "resolve").stopped_at is None
        assert clock(cast, number, "rule").started_at == AT + HOUR

    def test_a_right_return_goes_back_to_the_desk_and_keeps_its_clock(self, cast: Cast, number: str) -> None:
        self.returned(cast, number)
        case = cast.move(number, Verb.RULE, cast.dispatcher, at=AT + 2 * HOUR, ruling="upheld", note="退得对")
        assert (case.state, case.organisation_id, case.handler_id) == (State.RULED, None, None)
        again = cast.move(
            number, Verb.DISPATCH, cast.dispatcher, at=AT + 3 * HOUR, organisation_id=cast.department.pk
        )
        assert again.organisation_id == cast.department.pk
        assert clock(cast, number, "resolve").started_at == AT
        assert (clock(cast, number, "sign").round, clock(cast, number, "sign").started_at) == (
            2,
            AT + 3 * HOUR,
        )

    def test_a_wrong_return_binds_the_body(self, cast: Cast, number: str) -> None:
        self.returned(cast, number)
        case = cast.move(
            number, Verb.RULE, cast.dispatcher, at=AT + 2 * HOUR, ruling="overruled", note="归贵司"
        )
        assert (case.state, case.bound, case.organisation_id) == (
            State.DISPATCHED,
            True,
            cast.property_company.pk,
        )
        with pytest.raises(moves.Conflict, match="ruling_binds"):
            self.returned(cast, number, AT + 3 * HOUR)
        assert clock(cast, number, "sign").stopped_at is None

    def test_a_ruling_is_one_of_two(self, cast: Cast, number: str) -> None:
        self.returned(cast, number)
        with pytest.raises(Refused) as error:
            cast.move(number, Verb.RULE, cast.dispatcher, ruling="perhaps", note="再议")
        assert codes(error) == {("ruling", "missing")}


class TestAsking:
    """More time, a pause, a hang: asked by one, decided by another."""

    def asked(self, cast: Cast, number: str, **what: Any) -> None:
        cast.move(
            number,
            Verb.ASK,
            cast.property_handler,
            at=AT + HOUR,
            note="等配件",
            **{"request": "extend", **what},
        )

    def test_granted_time_is_added_to_the_promise(self, cast: Cast, number: str) -> None:
        signed(cast, number)
        before = clock(cast, number, "resolve").due_at
        self.asked(cast, number, amount=Decimal(2))
        cast.move(number, Verb.DECIDE, cast.dispatcher, at=AT + 2 * HOUR, granted=True)
        row = clock(cast, number, "resolve")
        assert before is not None
        assert row.due_at is not None
        assert row.due_at == before + 2 * DAY  # Monday to Friday and two more days: over the week-end
        assert cast.case(number).due_at is not None

    def test_refused_time_changes_nothing(self, cast: Cast, number: str) -> None:
        signed(cast, number)
        before = clock(cast, number, "resolve").due_at
        self.asked(cast, number, amount=Decimal(2))
        case = cast.move(number, Verb.DECIDE, cast.dispatcher, granted=False)
        assert (case.state, clock(cast, number, "resolve").due_at) == (State.SIGNED, before)

    def test_a_pause_stops_every_running_promise_until_work_goes_on(self, cast: Cast, number: str) -> None:
        signed(cast, number)
        before = clock(cast, number, "resolve").due_at
        self.asked(cast, number, request="pause", until=AT + 3 * DAY)
        case = cast.move(number, Verb.DECIDE, cast.dispatcher, at=AT + 2 * HOUR, granted=True)
        assert (case.state, case.due_at) == (State.PAUSED, None)
        case = cast.move(number, Verb.RESUME, cast.property_handler, at=AT + 2 * HOUR + DAY)
        row = clock(cast, number, "resolve")
        assert case.state == State.HANDLING
        assert before is not None
        assert row.due_at is not None
        assert row.due_at > before

    def test_one_question_waits_at_a_time(self, cast: Cast, number: str) -> None:
        signed(cast, number)
        self.asked(cast, number, amount=Decimal(1))
        with pytest.raises(moves.Conflict, match="already_asked"):
            self.asked(cast, number, amount=Decimal(1))

    def test_nobody_decides_their_own_question(self, cast: Cast) -> None:
        number = cast.report().number
        company = cast.property_company.pk
        worker = cast.grid_worker
        cast.move(
            number,
            Verb.DISPATCH,
            cast.dispatcher,
            category_code="facilities.lighting",
            handler_id=worker.account_id,
        )
        cast.move(number, Verb.SIGN, worker)
        cast.move(number, Verb.ASK, worker, request="extend", amount=Decimal(1), note="下雨")
        with pytest.raises(Forbidden):
            cast.move(number, Verb.DECIDE, worker, granted=True)
        assert company  # the desk decides, whoever works for whom
        assert cast.move(number, Verb.DECIDE, cast.leader, granted=True).state == State.SIGNED

    @pytest.mark.parametrize(
        ("what", "wrong"),
        [
            ({"request": "holiday"}, ("request", "missing")),
            ({"request": "extend"}, ("amount", "positive_amount")),
            ({"request": "extend", "amount": Decimal(-1)}, ("amount", "positive_amount")),
            ({"request": "pause"}, ("until", "missing")),
            ({"request": "hang", "until": AT + 400 * DAY}, ("until", "too_far")),
            ({"request": "pause", "until": AT - HOUR}, ("until", "in_the_past")),
        ],
    )
    def test_a_question_says_how_much_or_until_when(
        self, cast: Cast, number: str, what: dict[str, Any], wrong: tuple[str, str]
    ) -> None:
        signed(cast, number)
        with pytest.raises(Refused) as error:
            self.asked(cast, number, **what)
        assert wrong in codes(error)

    def test_there_is_nothing_to_decide_unasked(self, cast: Cast, number: str) -> None:
        signed(cast, number)
        with pytest.raises(moves.Conflict, match="nothing_asked"):
            cast.move(number, Verb.DECIDE, cast.dispatcher, granted=True)

    def test_a_question_lapses_when_the_work_is_done_or_sent_back(self, cast: Cast, number: str) -> None:
        signed(cast, number)
        self.asked(cast, number, amount=Decimal(1))
        cast.move(
            number, Verb.RETURN, cast.property_handler, reason="wrong_place", note="不归我司", at=AT + HOUR
        )
        with cast.inside():
            request = Request.objects.get(case__number=number)
        assert (request.granted, request.decided_by_id, request.decided_at) == (False, None, AT + HOUR)
        cast.move(number, Verb.RULE, cast.dispatcher, ruling="upheld", note="对")
        cast.move(number, Verb.DISPATCH, cast.dispatcher, organisation_id=cast.department.pk)
        cast.move(number, Verb.SIGN, cast.department_handler)
        cast.move(
            number, Verb.ASK, cast.department_handler, request="extend", amount=Decimal(1), note="等审批"
        )


class TestDoing:
    """The work, and the proof of it."""

    def done(self, cast: Cast, number: str, by: Person, **more: Any) -> Case:
        given: dict[str, Any] = {"answer": "灯泡已更换。", "uploads": (cast.picture(by),), **more}
        return cast.move(number, Verb.HANDLED, by, at=AT + 2 * HOUR, **given)

    def test_saying_it_is_done_needs_a_picture_and_words(self, cast: Cast, number: str) -> None:
        signed(cast, number)
        with pytest.raises(Refused) as error:
            cast.move(number, Verb.HANDLED, cast.property_handler)
        assert codes(error) == {("proof", "missing"), ("answer", "missing")}

    def test_the_proof_is_tied_to_the_case_and_its_move(self, cast: Cast, number: str) -> None:
        signed(cast, number)
        case = self.done(cast, number, cast.property_handler)
        with cast.inside():
            proof = Attachment.objects.get(case=case)
        assert (proof.purpose, proof.move_seq) == ("proof", case.version)
        assert (case.state, case.handled_by_id) == (State.HANDLED, cast.property_handler.account_id)

    def test_a_proof_is_used_once(self, cast: Cast, number: str) -> None:
        other = cast.dispatched(cast.report(key="other").number).number
        ticket = (cast.picture(cast.property_handler),)
        for each in (number, other):
            signed(cast, each)
        self.done(cast, number, cast.property_handler, uploads=ticket)
        with pytest.raises(Refused) as error:
            self.done(cast, other, cast.property_handler, uploads=ticket)
        assert codes(error) == {("uploads", "unknown_ticket")}
        assert cast.case(other).state == State.SIGNED

    @pytest.mark.parametrize("ticket", ["no-ticket", "00000000-0000-0000-0000-000000000000"])
    def test_an_unknown_ticket_proves_nothing(self, cast: Cast, number: str, ticket: str) -> None:
        signed(cast, number)
        with pytest.raises(Refused):
            self.done(cast, number, cast.property_handler, uploads=(ticket,))
        assert cast.case(number).state == State.SIGNED

    def test_a_picture_of_another_community_proves_nothing(self, cast: Cast, number: str) -> None:
        signed(cast, number)
        ticket = cast.picture(cast.elsewhere.property_handler, community=cast.elsewhere)
        with pytest.raises(Refused):
            self.done(cast, number, cast.property_handler, uploads=(ticket,))

    def test_the_promise_is_met_when_done_in_time_and_late_after(self, cast: Cast, number: str) -> None:
        signed(cast, number)
        self.done(cast, number, cast.property_handler)
        row = clock(cast, number, "resolve")
        assert (row.stopped_at, row.met) == (AT + 2 * HOUR, True)

    def test_a_first_contact_stops_its_clock_and_nothing_else(self, cast: Cast, number: str) -> None:
        case = cast.move(number, Verb.CONTACT, cast.property_handler, at=AT + HOUR, note="电话已联系")
        assert (case.state, clock(cast, number, "first_contact").stopped_at) == (State.DISPATCHED, AT + HOUR)
        assert clock(cast, number, "resolve").stopped_at is None


class TestTogether:
    """Handing over inside a body, and joint work of several."""

    def test_a_case_is_handed_to_a_colleague_only(self, cast: Cast, number: str) -> None:
        signed(cast, number)
        with pytest.raises(Refused) as error:
            cast.move(
                number, Verb.TRANSFER, cast.property_handler, handler_id=cast.department_handler.account_id
            )
        assert codes(error) == {("handler_id", "of_another_body")}

    def test_a_part_is_asked_of_another_body_with_its_own_clock(self, cast: Cast, number: str) -> None:
        signed(cast, number)
        case = cast.move(
            number, Verb.JOINT, cast.property_handler, organisation_id=cast.department.pk, words="请配合断电"
        )
        with cast.inside():
            task = Task.objects.get(case=case)
            own = ClockRow.objects.get(task=task)
        assert (task.state, own.stage, own.stopped_at) == ("open", "resolve", None)
        assert case.due_at == min(
            row.due_at
            for row in (clock(cast, number, "resolve"), clock(cast, number, "first_contact"))
            if row.due_at
        )

    def test_only_the_body_asked_says_its_part_is_done_and_once(self, cast: Cast, number: str) -> None:
        signed(cast, number)
        case = cast.move(
            number, Verb.JOINT, cast.property_handler, organisation_id=cast.department.pk, words="请配合断电"
        )
        with cast.inside():
            task = Task.objects.get(case=case)
        for person in (cast.property_handler, cast.dispatcher):
            with pytest.raises((Forbidden, Refused)):
                cast.move(number, Verb.TASK_DONE, person, task_id=task.pk, answer="已断电")
        cast.move(number, Verb.TASK_DONE, cast.department_handler, task_id=task.pk, answer="已断电")
        with cast.inside():
            task.refresh_from_db()
            assert (task.state, task.result) == ("done", "已断电")
            assert ClockRow.objects.get(task=task).stopped_at == AT
        with pytest.raises((Forbidden, Refused, NotFound)):
            cast.move(number, Verb.TASK_DONE, cast.department_handler, task_id=task.pk, answer="又断电")

    def test_what_was_asked_of_others_ends_with_the_case(self, cast: Cast, number: str) -> None:
        cast.move(number, Verb.JOINT, cast.dispatcher, organisation_id=cast.department.pk, words="请配合断电")
        case = cast.move(number, Verb.VOID, cast.leader, at=AT + HOUR, reason="test", note="测试件")
        with cast.inside():
            task = Task.objects.get(case=case)
            own = ClockRow.objects.get(task=task)
        assert (task.state, own.stopped_at, own.met) == ("cancelled", AT + HOUR, None)

    def test_the_body_asked_for_a_part_sees_the_case_and_signs_nothing(self, cast: Cast, number: str) -> None:
        with pytest.raises(NotFound):
            cast.move(number, Verb.NOTE, cast.department_handler, note="我看看")
        cast.move(number, Verb.JOINT, cast.dispatcher, organisation_id=cast.department.pk, words="请配合")
        with pytest.raises(Forbidden):
            cast.move(number, Verb.SIGN, cast.department_handler)
        cast.move(number, Verb.NOTE, cast.department_handler, note="明天到场")
