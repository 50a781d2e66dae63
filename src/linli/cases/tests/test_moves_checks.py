"""Checking, closing, calling back, and what the reporter may say: rate, add, urge, withdraw, open again."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from linli.cases.actions import moves
from linli.cases.models import Attachment, Case, ClockRow, Move
from linli.cases.reactions import archive_old
from linli.cases.rules.intake import Refused
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import State, Verb
from linli.cases.tests.cast import AT, Cast
from linli.kernel.access import SYSTEM, Forbidden, NotFound

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def settled(cast: Cast) -> str:
    """A case all the way to closed; its reporter agrees that it is shown."""
    return cast.settled(cast.report(publish=True).number).number


@pytest.fixture
def handled(cast: Cast) -> str:
    """A case of which the property company says that it is done."""
    number = cast.dispatched(cast.report().number).number
    cast.move(number, Verb.SIGN, cast.property_handler, at=AT + HOUR)
    cast.move(
        number,
        Verb.HANDLED,
        cast.property_handler,
        at=AT + 2 * HOUR,
        answer="灯泡已更换。",
        uploads=(cast.picture(cast.property_handler),),
    )
    return number


def codes(error: pytest.ExceptionInfo[Refused]) -> set[tuple[str, str]]:
    return {(wrong.field, wrong.code) for wrong in error.value.wrongs}


@pytest.mark.django_db
class TestChecking:
    """By another person than the one who did it."""

    def test_whoever_did_it_cannot_close_it(self, cast: Cast, handled: str) -> None:
        with pytest.raises(Forbidden):
            cast.move(handled, Verb.CLOSE, cast.property_handler, answer="好了")

    def test_a_grid_worker_checks_on_the_ground_and_closes(self, cast: Cast, handled: str) -> None:
        assert cast.move(handled, Verb.CHECK, cast.grid_worker).state == State.VERIFYING
        case = cast.move(handled, Verb.CLOSE, cast.grid_worker, answer="现场看过，亮了。")
        assert (case.state, case.answer) == (State.CLOSED, "现场看过，亮了。")

    def test_work_sent_back_was_never_done_so_its_clock_runs_on(self, cast: Cast, handled: str) -> None:
        case = cast.move(handled, Verb.REDO, cast.verifier, at=AT + DAY, reason="not_done", note="还是不亮")
        with cast.inside():
            resolve = ClockRow.objects.get(case=case, stage="resolve")
            verify = ClockRow.objects.get(case=case, stage="verify")
        assert case.state == State.HANDLING
        assert (resolve.started_at, resolve.stopped_at, resolve.met, resolve.round) == (AT, None, None, 1)
        assert verify.stopped_at == AT + DAY
        assert case.due_at == resolve.due_at

    def test_work_settled_on_the_spot_and_sent_back_gets_a_promise(self, cast: Cast) -> None:
        number = cast.report().number
        given: dict[str, Any] = {"category_code": "facilities.lighting", "answer": "换了灯泡。"}
        cast.move(number, Verb.SETTLE, cast.grid_worker, uploads=(cast.picture(cast.grid_worker),), **given)
        case = cast.move(number, Verb.REDO, cast.verifier, at=AT + HOUR, reason="not_done", note="还是不亮")
        assert (case.state, case.due_stage) == (State.HANDLING, "resolve")

    def test_the_second_check_has_a_clock_of_its_own(self, cast: Cast, handled: str) -> None:
        cast.move(handled, Verb.REDO, cast.verifier, at=AT + DAY, reason="not_done", note="还是不亮")
        picture = (cast.picture(cast.property_handler),)
        cast.move(
            handled, Verb.HANDLED, cast.property_handler, at=AT + 2 * DAY, answer="又换了。", uploads=picture
        )
        with cast.inside():
            rounds = ClockRow.objects.filter(case__number=handled, stage="verify").order_by("round")
            assert [(row.round, row.stopped_at is None) for row in rounds] == [(1, False), (2, True)]

    def test_a_call_back_says_whether_it_is_solved_or_that_nobody_answered(
        self, cast: Cast, settled: str
    ) -> None:
        with pytest.raises(Refused) as error:
            cast.move(settled, Verb.FOLLOW_UP, cast.dispatcher)
        assert codes(error) == {("solved", "missing")}
        with pytest.raises(Refused) as error:
            cast.move(settled, Verb.FOLLOW_UP, cast.dispatcher, reached=False)
        assert codes(error) == {("reached", "tries_missing")}
        case = cast.move(settled, Verb.FOLLOW_UP, cast.dispatcher, reached=False, reason="refused")
        assert (case.state, case.solved) == (State.FOLLOWED_UP, None)


@pytest.mark.django_db
class TestPublishing:
    """What everybody may read."""

    def test_without_consent_nothing_is_published(self, cast: Cast) -> None:
        assert cast.settled(cast.report().number).published_at is None

    def test_numbers_of_people_are_taken_out_of_what_is_published(self, cast: Cast) -> None:
        number = cast.report("路灯不亮，请打 13812345678 找我", publish=True).number
        case = cast.settled(number)
        assert case.published_at is not None
        assert "13812345678" not in case.public_words

    def test_the_desk_may_write_other_words_for_the_public(self, cast: Cast) -> None:
        case = cast.settled(cast.report(publish=True).number, public_words="一处路灯不亮")
        assert case.public_words == "一处路灯不亮"

    def test_a_sensitive_category_is_never_published(self, cast: Cast) -> None:
        number = cast.report("邻居家里打架，孩子在哭", publish=True).number
        case = cast.move(number, Verb.REPLY, cast.dispatcher, answer="已上门。", category_code="family")
        assert (case.state, case.published_at) == (State.CLOSED, None)

    def test_opening_it_again_takes_it_off_the_public_list(self, cast: Cast, settled: str) -> None:
        assert cast.case(settled).published_at is not None
        assert cast.move(settled, Verb.REOPEN, cast.resident, reason="came_back").published_at is None


@pytest.mark.django_db
class TestTheReporter:
    """What the person who reported may do."""

    def test_only_the_reporter_rates(self, cast: Cast, settled: str) -> None:
        for person in (cast.neighbour, cast.dispatcher, cast.property_handler, cast.stranger):
            with pytest.raises((Forbidden, NotFound)):
                cast.move(settled, Verb.RATE, person, solved=True, stars=5)
        case = cast.move(settled, Verb.RATE, cast.resident, solved=True, stars=4)
        assert (case.state, case.solved, case.stars) == (State.CLOSED, True, 4)

    @pytest.mark.parametrize("stars", [0, 6, -1])
    def test_stars_go_from_one_to_five(self, cast: Cast, settled: str, stars: int) -> None:
        with pytest.raises(Refused) as error:
            cast.move(settled, Verb.RATE, cast.resident, solved=True, stars=stars)
        assert codes(error) == {("stars", "one_to_five")}

    def test_what_is_opened_again_waits_for_the_desk_under_a_promise(self, cast: Cast, settled: str) -> None:
        cast.move(settled, Verb.RATE, cast.resident, solved=False, stars=1)
        case = cast.move(
            settled, Verb.REOPEN, cast.resident, reason="not_solved", words="还是不亮", at=AT + DAY
        )
        assert (case.state, case.reopenings, case.closed_at) == (State.REOPENED, 1, None)
        assert (case.organisation_id, case.handler_id, case.due_stage) == (None, None, "accept")

    def test_once_settled_again_the_reporter_is_asked_again(self, cast: Cast, settled: str) -> None:
        cast.move(settled, Verb.RATE, cast.resident, solved=False, stars=1)
        case = cast.move(settled, Verb.REOPEN, cast.resident, reason="not_solved")
        assert (case.solved, case.stars) == (None, None)
        with cast.inside():
            rated = Move.objects.get(case=case, verb="rate")
        assert rated.data == {"solved": False, "stars": 1, "reached": None}

    def test_after_many_days_only_the_desk_opens_it_again(self, cast: Cast, settled: str) -> None:
        late = AT + 400 * DAY
        with pytest.raises(Refused) as error:
            cast.move(settled, Verb.REOPEN, cast.resident, at=late, reason="came_back")
        assert ("verb", "too_late") in codes(error)
        assert (
            cast.move(settled, Verb.REOPEN, cast.dispatcher, at=late, reason="came_back").state
            == State.REOPENED
        )

    def test_withdrawing_is_possible_until_work_begins(self, cast: Cast) -> None:
        number = cast.dispatched(cast.report().number).number
        cast.move(number, Verb.START, cast.property_handler)
        with pytest.raises(moves.Conflict, match="wrong_state"):
            cast.move(number, Verb.WITHDRAW, cast.resident)

    def test_urging_is_counted_and_told_to_nobody_else(self, cast: Cast, settled: str) -> None:
        number = cast.dispatched(cast.report(key="again").number).number
        for days in range(2):
            cast.move(number, Verb.URGE, cast.resident, at=AT + timedelta(days=days))
        assert cast.case(number).urges == 2
        assert cast.case(settled).urges == 0

    def test_a_picture_can_be_added_with_few_words_or_none(self, cast: Cast) -> None:
        number = cast.report().number
        with pytest.raises(Refused):
            cast.move(number, Verb.ADD, cast.resident)
        case = cast.move(number, Verb.ADD, cast.resident, uploads=(cast.picture(cast.resident),))
        with cast.inside():
            added = Attachment.objects.get(case=case)
        assert (added.purpose, added.move_seq) == ("added", 2)

    def test_the_holder_of_the_receipt_is_the_reporter(self, cast: Cast) -> None:
        receipt = cast.report(by=cast.nobody)
        case = cast.move(receipt.number, Verb.ADD, cast.nobody, code=receipt.code, words="还有 9 栋")
        assert case.version == 2
        with cast.inside():
            assert Move.objects.get(case=case, seq=2).actor_role == "reporter"


@pytest.mark.django_db
class TestByItself:
    """What the house does when the time comes."""

    def test_what_ended_long_ago_is_archived_by_the_house(self, cast: Cast, settled: str) -> None:
        open_one = cast.report(key="open").number
        assert archive_old(AT + 100 * DAY) == 0
        assert archive_old(AT + 200 * DAY) == 1
        assert cast.case(settled).state == State.ARCHIVED
        assert cast.case(open_one).state == State.REPORTED
        with cast.inside():
            assert Move.objects.get(case__number=settled, verb="archive").actor_role == "system"

    def test_the_house_does_nothing_that_is_for_people(self, cast: Cast) -> None:
        number = cast.report().number
        with cast.inside(), pytest.raises(Forbidden):
            moves.take(actor=SYSTEM, number=number, given=Given(Verb.VOID), at=AT)


def test_of_twenty_dispatchers_at_once_one_takes_the_case_up(committed_cast: Cast) -> None:
    cast = committed_cast
    number = cast.report().number
    barrier, outcomes = threading.Barrier(20), list[str]()

    def accept() -> None:
        barrier.wait()
        try:
            cast.move(number, Verb.ACCEPT, cast.dispatcher, category_code="facilities.lighting")
            outcomes.append("done")
        except moves.Conflict as conflict:
            outcomes.append(conflict.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=accept) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done"] + ["wrong_state"] * 19
    assert cast.case(number).version == 2


def test_closing_and_opening_again_at_once_leave_one_history(committed_cast: Cast) -> None:
    cast = committed_cast
    number = cast.settled(cast.report().number).number
    before = cast.case(number).version
    barrier, outcomes = threading.Barrier(2), list[str]()

    def act(verb: Verb, who: str, given: dict[str, Any]) -> None:
        barrier.wait()
        try:
            cast.move(number, verb, cast.here.people[who], **given)
            outcomes.append("done")
        except moves.Conflict as conflict:
            outcomes.append(conflict.code)
        finally:
            connection.close()

    acts = [
        (Verb.REOPEN, "resident", {"reason": "came_back"}),
        (Verb.FOLLOW_UP, "verifier", {"solved": True}),
    ]
    threads = [threading.Thread(target=act, args=each) for each in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with cast.inside():
        case = Case.objects.get(number=number)
        history = list(Move.objects.filter(case=case).order_by("seq").values_list("from_state", "to_state"))
    assert case.version == before + outcomes.count("done") == len(history)
    assert all(one[1] == two[0] for one, two in zip(history, history[1:], strict=False))
    assert history[-1][1] == case.state
