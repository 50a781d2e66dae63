"""Returns and their rulings, requests by size, urging, letters: what the moves of chasing do and refuse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from linli.cases.actions import moves
from linli.cases.actions.settings import approvals
from linli.cases.models import Appointment, ApprovalRow, ClockRow, Move, Request
from linli.cases.queries import reference, returns
from linli.cases.rules.intake import Refused
from linli.cases.rules.workflow import State, Verb
from linli.cases.tests.cast import AT, FROM, Cast, Person
from linli.grids.actions import wishes
from linli.kernel.access import Forbidden

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TODAY = AT.date()


def refused(caught: pytest.ExceptionInfo[Refused]) -> set[tuple[str, str]]:
    return {(one.field, one.code) for one in caught.value.wrongs}


def give_back(cast: Cast, number: str, *, by: Person | None = None, at: Any = AT, **more: Any) -> Any:
    return cast.move(
        number, Verb.RETURN, by or cast.property_handler, at=at, reason="wrong_place", note="红线之外", **more
    )


def returned_twice(cast: Cast) -> str:
    """A case that two bodies gave back; the second return waits for its ruling."""
    number = cast.dispatched(cast.report().number).number
    give_back(cast, number)
    cast.move(number, Verb.RULE, cast.dispatcher, ruling="upheld", note="确实不在范围")
    cast.move(
        number, Verb.DISPATCH, cast.dispatcher, category_code="facilities.lighting",
        organisation_id=cast.department.pk,
    )  # fmt: skip
    give_back(cast, number, by=cast.department_handler)
    return number


class TestReturns:
    """A return, its ruling, the second return."""

    def test_time_runs_from_the_dispatch_through_every_return(self, cast: Cast) -> None:
        number = returned_twice(cast)
        with cast.inside():
            clocks = ClockRow.objects.filter(case__number=number, stage="resolve")
            assert [(clock.started_at, clock.stopped_at) for clock in clocks] == [(AT, None)]

    def test_the_desk_rules_on_the_first_return_and_the_leader_on_the_second(self, cast: Cast) -> None:
        number = returned_twice(cast)
        with pytest.raises(Forbidden, match="needs_arbiter"):
            cast.move(number, Verb.RULE, cast.dispatcher, ruling="upheld", note="不在范围")
        assert cast.move(number, Verb.RULE, cast.leader, ruling="overruled", note="在范围内").bound

    def test_a_named_arbiter_rules_instead_of_the_leader(self, cast: Cast) -> None:
        number = returned_twice(cast)
        approvals.appoint(
            actor=cast.leader.actor(), community_id=cast.here.id, what="arbiter",
            account_id=cast.dispatcher.account_id, organisation_id=None, at=AT,
        )  # fmt: skip
        with pytest.raises(Forbidden, match="needs_arbiter"):
            cast.move(number, Verb.RULE, cast.leader, ruling="upheld", note="不在范围")
        cast.move(number, Verb.RULE, cast.dispatcher, ruling="upheld", note="不在范围")
        assert cast.case(number).state == State.RULED

    def test_an_arbiter_who_no_longer_serves_leaves_it_to_the_leader(self, cast: Cast) -> None:
        number = returned_twice(cast)
        with cast.inside():
            Appointment.objects.create(
                community_id=cast.here.id,
                what="arbiter",
                account_id=cast.resident.account_id,
                valid_from=FROM,
            )
        reference.forget(cast.here.id)
        cast.move(number, Verb.RULE, cast.leader, ruling="upheld", note="不在范围")

    def test_a_ruling_may_name_another_body_and_binds_it(self, cast: Cast) -> None:
        number = returned_twice(cast)
        with pytest.raises(Refused) as caught:
            cast.move(number, Verb.RULE, cast.leader, ruling="assigned", note="由物业办理")
        assert refused(caught) == {("body", "missing")}
        with pytest.raises(Refused) as caught:
            cast.move(
                number,
                Verb.RULE,
                cast.leader,
                ruling="assigned",
                note="由街道办理",
                organisation_id=cast.department.pk,
            )
        assert refused(caught) == {("organisation_id", "returned_it")}
        case = cast.move(
            number, Verb.RULE, cast.leader, ruling="assigned", note="由物业办理",
            organisation_id=cast.property_company.pk,
        )  # fmt: skip
        assert (case.state, case.bound, case.organisation_id) == (
            State.DISPATCHED,
            True,
            cast.property_company.pk,
        )
        with pytest.raises(moves.Conflict, match="ruling_binds"):
            give_back(cast, number)
        assert case.due_stage == "sign"

    def test_a_body_of_another_community_cannot_be_named(self, cast: Cast) -> None:
        number = returned_twice(cast)
        with pytest.raises(Refused) as caught:
            cast.move(
                number, Verb.RULE, cast.leader, ruling="assigned", note="试",
                organisation_id=cast.elsewhere.organisations["department"].pk,
            )  # fmt: skip
        assert refused(caught) == {("organisation_id", "unknown")}
        assert cast.case(number).state == State.RETURNED

    def test_evidence_hangs_at_the_return(self, cast: Cast) -> None:
        number = cast.dispatched(cast.report().number).number
        ticket = cast.picture(cast.property_handler)
        case = give_back(cast, number, uploads=(ticket,))
        with cast.inside():
            assert [str(file.ticket) for file in case.attachments.filter(move_seq=case.version)] == [ticket]

    def test_who_bounced_what_is_counted_by_body_with_its_cases(self, cast: Cast) -> None:
        number = returned_twice(cast)
        calm = cast.dispatched(cast.report(key="calm").number).number
        period: Any = {"since": AT - DAY, "until": AT + DAY}
        with cast.inside():
            found = {one.organisation_id: one for one in returns.bodies(cast.here.id, **period)}
            anju, street = found[cast.property_company.pk], found[cast.department.pk]
            assert (anju.dispatched, anju.returned, anju.upheld, anju.waiting, anju.share) == (
                2,
                1,
                1,
                0,
                0.5,
            )
            assert (street.dispatched, street.returned, street.upheld, street.waiting) == (1, 1, 0, 1)
            assert returns.reasons(cast.here.id, **period) == (("wrong_place", 2),)
            (bounced,) = returns.ping_pong(cast.here.id, **period)
            assert (bounced.number, bounced.returns, bounced.bodies) == (number, 2, 2)
            seen = type(cast.case(number)).objects.all()
            for part in returns.PARTS:
                for body in (anju, street):
                    rows = returns.rows(
                        seen, part, community_id=cast.here.id, organisation_id=body.organisation_id,
                        every_body=False, **period,
                    )  # fmt: skip
                    assert rows.count() == getattr(body, part), (part, body)
            sent = returns.rows(seen, "dispatched", community_id=cast.here.id, **period)
            assert {case.number for case in sent} == {number, calm}
            ruled = returns.ruled(cast.here.id, **period)
            assert (ruled.in_time, ruled.late, ruled.running) == (1, 0, 1)

    def test_a_ruling_that_names_a_body_counts_as_a_dispatch_to_it_and_a_right_return(
        self, cast: Cast
    ) -> None:
        number = returned_twice(cast)
        cast.move(
            number, Verb.RULE, cast.leader, ruling="assigned", note="由物业办理",
            organisation_id=cast.property_company.pk,
        )  # fmt: skip
        with cast.inside():
            found = returns.bodies(cast.here.id, since=AT - DAY, until=AT + DAY)
        by_body = {one.organisation_id: one for one in found}
        assert by_body[cast.property_company.pk].dispatched == 2
        assert by_body[cast.department.pk].upheld == 1


@pytest.fixture
def paths(cast: Cast) -> Iterator[None]:
    """Up to two working days the desk, up to ten the leader, beyond with a basis."""
    for kind in ("extend", "hang"):
        for up_to, decider, basis in (
            ("2", "dispatcher", False),
            ("10", "community_leader", False),
            (None, "community_leader", True),
        ):
            ApprovalRow.objects.create(
                community_id=cast.here.id, kind=kind, up_to=up_to and Decimal(up_to), decider=decider, basis=basis,
                valid_from=FROM,
            )  # fmt: skip
    reference.forget(cast.here.id)
    yield
    reference.forget(cast.here.id)


class TestRequests:
    """More time, by size."""

    def signed(self, cast: Cast) -> str:
        number = cast.dispatched(cast.report().number).number
        cast.move(number, Verb.SIGN, cast.property_handler, at=AT)
        return number

    def ask(self, cast: Cast, number: str, at: Any = AT + HOUR, **what: Any) -> Any:
        given = {"request": "extend", "amount": Decimal(2), **what}
        return cast.move(number, Verb.ASK, cast.property_handler, at=at, note="缺件", **given)

    def test_a_small_request_is_the_desks(self, cast: Cast, paths: None) -> None:
        number = self.signed(cast)
        self.ask(cast, number)
        with cast.inside():
            request = Request.objects.get(case__number=number)
        assert (request.days, request.decider, request.basis) == (Decimal(2), "dispatcher", False)
        cast.move(number, Verb.DECIDE, cast.dispatcher, at=AT + 2 * HOUR, granted=True)

    def test_a_larger_one_takes_the_leader(self, cast: Cast, paths: None) -> None:
        number = self.signed(cast)
        self.ask(cast, number, amount=Decimal(3))
        with pytest.raises(Forbidden, match="needs_leader"):
            cast.move(number, Verb.DECIDE, cast.dispatcher, at=AT + 2 * HOUR, granted=True)
        case = cast.move(number, Verb.DECIDE, cast.leader, at=AT + 2 * HOUR, granted=True)
        with cast.inside():
            move = Move.objects.get(case=case, seq=case.version)
            assert move.data["due_at"]
            assert ClockRow.objects.get(case=case, stage="resolve").extensions[0]["amount"] == "3.00"

    def test_the_largest_takes_a_written_basis(self, cast: Cast, paths: None) -> None:
        number = self.signed(cast)
        self.ask(cast, number, request="hang", amount=None, until=AT + 60 * DAY)
        with pytest.raises(Refused) as caught:
            cast.move(number, Verb.DECIDE, cast.leader, at=AT + 2 * HOUR, granted=True)
        assert refused(caught) == {("note", "basis_missing")}
        cast.move(
            number, Verb.DECIDE, cast.leader, at=AT + 2 * HOUR, granted=True, note="街道会议纪要〔2026〕7号"
        )
        assert cast.case(number).state == State.PAUSED

    def test_refusing_needs_no_basis(self, cast: Cast, paths: None) -> None:
        number = self.signed(cast)
        self.ask(cast, number, request="hang", amount=None, until=AT + 60 * DAY)
        cast.move(number, Verb.DECIDE, cast.leader, at=AT + 2 * HOUR, granted=False)

    def test_what_waits_keeps_the_path_it_was_asked_under(self, cast: Cast) -> None:
        number = self.signed(cast)
        self.ask(cast, number, amount=Decimal(20))
        ApprovalRow.objects.create(
            community_id=cast.here.id, kind="extend", decider="community_leader", valid_from=FROM
        )
        reference.forget(cast.here.id)
        cast.move(number, Verb.DECIDE, cast.dispatcher, at=AT + 2 * HOUR, granted=True)

    def test_nothing_is_asked_for_once_the_promise_is_broken(self, cast: Cast) -> None:
        number = self.signed(cast)
        with cast.inside():
            due = ClockRow.objects.get(case__number=number, stage="resolve").due_at
        assert due is not None
        for what in ({}, {"request": "pause", "amount": None, "until": due + 9 * DAY}):
            with pytest.raises(Refused) as caught:
                self.ask(cast, number, at=due + timedelta(seconds=1), **what)
            assert refused(caught) == {("request", "after_expiry")}
        self.ask(cast, number, at=due)

    def test_only_so_often_under_one_promise(self, cast: Cast) -> None:
        wishes.set_setting(
            actor=cast.leader.actor(), community_id=cast.here.id, key="extend_times", value=1, at=AT - DAY
        )
        number = self.signed(cast)
        self.ask(cast, number)
        cast.move(number, Verb.DECIDE, cast.dispatcher, at=AT + 2 * HOUR, granted=False)
        self.ask(cast, number, at=AT + 3 * HOUR)
        cast.move(number, Verb.DECIDE, cast.dispatcher, at=AT + 4 * HOUR, granted=True)
        with pytest.raises(Refused) as caught:
            self.ask(cast, number, at=AT + 5 * HOUR)
        assert refused(caught) == {("request", "too_often")}
        self.ask(cast, number, at=AT + 5 * HOUR, request="pause", amount=None, until=AT + DAY)

    def test_a_day_that_has_passed_cannot_be_granted(self, cast: Cast) -> None:
        number = self.signed(cast)
        self.ask(cast, number, request="pause", amount=None, until=AT + 2 * HOUR)
        with pytest.raises(Refused) as caught:
            cast.move(number, Verb.DECIDE, cast.dispatcher, at=AT + 3 * HOUR, granted=True)
        assert refused(caught) == {("granted", "until_passed")}

    def test_words_for_the_resident_hold_no_phone(self, cast: Cast) -> None:
        number = self.signed(cast)
        self.ask(cast, number)
        with pytest.raises(Refused) as caught:
            cast.move(
                number,
                Verb.DECIDE,
                cast.dispatcher,
                at=AT + 2 * HOUR,
                granted=True,
                answer="请打 13812345678",
            )
        assert refused(caught) == {("answer", "holds_mobile")}


class TestUrging:
    """Once in so many hours, and the desk any time."""

    def test_a_reporter_hears_when_again(self, cast: Cast) -> None:
        number = cast.dispatched(cast.report().number).number
        cast.move(number, Verb.URGE, cast.resident)
        with pytest.raises(Refused) as caught:
            cast.move(number, Verb.URGE, cast.resident, at=AT + timedelta(minutes=1))
        (wrong,) = caught.value.wrongs
        assert (wrong.field, wrong.code, wrong.limit) == ("verb", "urged_lately", "2026-11-24T02:00:00+00:00")
        assert cast.case(number).urges == 1
        cast.move(number, Verb.URGE, cast.resident, at=AT + DAY)
        assert cast.case(number).urges == 2

    def test_the_desk_may_any_time(self, cast: Cast) -> None:
        number = cast.dispatched(cast.report().number).number
        for minutes in range(3):
            cast.move(number, Verb.URGE, cast.dispatcher, at=AT + timedelta(minutes=minutes))
        cast.move(number, Verb.URGE, cast.resident, at=AT + timedelta(minutes=4))
        assert cast.case(number).urges == 4

    def test_the_receipt_is_bound_as_the_account_is(self, cast: Cast) -> None:
        receipt = cast.report()
        cast.move(receipt.number, Verb.URGE, cast.nobody, code=receipt.code)
        with pytest.raises(Refused):
            cast.move(receipt.number, Verb.URGE, cast.resident, at=AT + HOUR)
