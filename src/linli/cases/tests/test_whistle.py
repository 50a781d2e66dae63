"""Bodies called to a place: who may call, answer and conclude, and what it does to the case, its parts and its clocks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.cases.actions import whistle
from linli.cases.actions.moves import Conflict
from linli.cases.models import Case, ClockRow, Task, Whistle
from linli.cases.rules.intake import Channel, PlaceGiven, Refused, Report
from linli.cases.rules.kinds import Kind
from linli.cases.rules.whistle import Answer, Part, Standing
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.whistling import MEET, blow, call_of, codes, standing, tell, wanted
from linli.kernel.access import Forbidden, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(cast: Cast) -> str:
    return cast.report().number


# -- calling -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["grid_worker", "dispatcher", "leader"])
def test_grid_workers_and_the_desk_call(cast: Cast, number: str, who: str) -> None:
    held = blow(cast, number, getattr(cast, who))
    assert (held.state, held.caller_id) == ("open", getattr(cast, who).account_id)


@pytest.mark.parametrize("who", ["police", "assistant", "building_head", "verifier", "auditor", "admin"])
def test_others_do_not(cast: Cast, number: str, who: str) -> None:
    with pytest.raises(Forbidden):
        blow(cast, number, getattr(cast, who))


@pytest.mark.parametrize("who", ["other_grid_worker", "property_handler", "stranger"])
def test_who_does_not_see_the_case_finds_nothing(cast: Cast, number: str, who: str) -> None:
    with pytest.raises(NotFound):
        blow(cast, number, getattr(cast, who))


def test_a_resident_does_not_call(cast: Cast, number: str) -> None:
    with pytest.raises(Forbidden):
        blow(cast, number, cast.resident)


def test_each_called_body_gets_a_part_with_a_promise_and_sees_the_case(cast: Cast, number: str) -> None:
    with pytest.raises(NotFound):
        whistle.find(cast.department_handler.actor(), 1)
    held = blow(cast, number)
    with cast.inside():
        tasks = Task.objects.filter(case__number=number)
        assert {task.organisation_id for task in tasks} == {cast.property_company.pk, cast.department.pk}
        assert ClockRow.objects.filter(task__in=tasks, stopped_at=None).count() == 2
        assert Case.objects.get(number=number).state == "reported"
        assert whistle.find(cast.department_handler.actor(), held.pk) == held


def test_what_is_asked_of_one_body_stands_in_its_part(cast: Cast, number: str) -> None:
    parts = (Part(cast.property_company.pk, "带上水泵"), Part(cast.department.pk))
    held = blow(cast, number, parts=parts)
    assert call_of(cast, held, cast.property_company.pk).task.words == "带上水泵"
    assert call_of(cast, held, cast.department.pk).task.words == "路面塌陷，请到场"


def test_a_body_of_another_community_is_unknown(cast: Cast, number: str) -> None:
    with pytest.raises(Refused) as error:
        blow(cast, number, parts=(Part(cast.elsewhere.organisations["property_company"].pk),))
    assert codes(error) == {("bodies", "unknown")}
    with cast.inside():
        assert not Whistle.objects.exists()


def test_one_whistle_is_out_for_a_case(cast: Cast, number: str) -> None:
    blow(cast, number)
    with pytest.raises(Conflict) as error:
        blow(cast, number, cast.dispatcher)
    assert error.value.code == "already_called"


def test_the_same_form_sent_twice_is_one_whistle(cast: Cast, number: str) -> None:
    first = blow(cast, number, key="k1")
    assert blow(cast, number, key="k1") == first
    assert cast.case(number).version == 2


def test_a_report_and_its_whistle_are_made_together_or_not_at_all(cast: Cast) -> None:
    report = Report(
        words="3 网格路口井盖塌陷", channel=Channel.PATROL, kind=Kind.HELP,
        place=PlaceGiven(building_id=cast.building.id),
    )  # fmt: skip
    given = {"actor": cast.grid_worker.actor(), "community_id": cast.here.id, "report": report, "at": AT}
    with pytest.raises(Refused):
        whistle.report_and_blow(**given, wanted=wanted(cast, place=""), key="r1")
    with cast.inside():
        assert not Case.objects.exists()
    receipt, held = whistle.report_and_blow(**given, wanted=wanted(cast), key="r2")
    assert held.case.number == receipt.number


# -- answering and arriving ----------------------------------------------------------------------------------


def test_a_body_says_that_it_comes_and_may_think_again(cast: Cast, number: str) -> None:
    call = call_of(cast, blow(cast, number), cast.property_company.pk)
    tell(cast, call, cast.property_handler, Verb.ANSWER_CALL, answer=Answer.COMING)
    assert standing(cast, call, AT) is Standing.COMING
    tell(
        cast, call, cast.property_handler, Verb.ANSWER_CALL, answer=Answer.DECLINED, reason="no_one_free"
    )  # fmt: skip
    assert standing(cast, call, AT) is Standing.DECLINED


def test_declining_needs_a_reason(cast: Cast, number: str) -> None:
    call = call_of(cast, blow(cast, number), cast.property_company.pk)
    with pytest.raises(Refused) as error:
        tell(cast, call, cast.property_handler, Verb.ANSWER_CALL, answer=Answer.DECLINED)
    assert codes(error) == {("reason", "missing")}


def test_nobody_answers_for_another_body(cast: Cast, number: str) -> None:
    call = call_of(cast, blow(cast, number), cast.property_company.pk)
    with pytest.raises(Forbidden):
        tell(cast, call, cast.department_handler, Verb.ANSWER_CALL, answer=Answer.COMING)
    with pytest.raises(Forbidden):
        tell(cast, call, cast.department_handler, Verb.ARRIVE, at=MEET)


@pytest.mark.parametrize(
    ("minutes", "expected"), [(-5, Standing.ARRIVED), (15, Standing.ARRIVED), (16, Standing.LATE)]
)
def test_a_tap_on_the_spot_says_whether_one_is_in_time(
    cast: Cast, number: str, minutes: int, expected: Standing
) -> None:
    call = call_of(cast, blow(cast, number), cast.property_company.pk)
    there = tell(cast, call, cast.property_handler, Verb.ARRIVE, at=MEET + timedelta(minutes=minutes))
    assert (there.by_caller, standing(cast, call, MEET + timedelta(days=1))) == (False, expected)


def test_a_tap_cannot_be_dated_back(cast: Cast, number: str) -> None:
    call = call_of(cast, blow(cast, number), cast.property_company.pk)
    late = MEET + timedelta(hours=1)
    there = tell(cast, call, cast.property_handler, Verb.ARRIVE, at=late, arrived_at=MEET)
    assert there.arrived_at == late


def test_tapped_twice_it_is_one_arrival(cast: Cast, number: str) -> None:
    call = call_of(cast, blow(cast, number), cast.property_company.pk)
    tell(cast, call, cast.property_handler, Verb.ARRIVE, at=MEET)
    version = cast.case(number).version
    again = tell(cast, call, cast.property_handler, Verb.ARRIVE, at=MEET + timedelta(minutes=30))
    assert (again.arrived_at, cast.case(number).version) == (MEET, version)


def test_the_caller_may_write_an_arrival_down_and_the_record_says_so(cast: Cast, number: str) -> None:
    call = call_of(cast, blow(cast, number), cast.property_company.pk)
    at = MEET + timedelta(hours=1)
    there = tell(cast, call, cast.grid_worker, Verb.ARRIVE, at=at, arrived_at=MEET)
    assert (there.arrived_at, there.by_caller, there.arrival_noted_by_id) == (
        MEET, True, cast.grid_worker.account_id,
    )  # fmt: skip


def test_nobody_arrives_in_the_future(cast: Cast, number: str) -> None:
    call = call_of(cast, blow(cast, number), cast.property_company.pk)
    with pytest.raises(Refused) as error:
        tell(cast, call, cast.grid_worker, Verb.ARRIVE, at=MEET, arrived_at=MEET + timedelta(minutes=1))
    assert codes(error) == {("arrived_at", "in_the_future")}


def test_another_grid_worker_is_not_the_caller(cast: Cast, number: str) -> None:
    held = blow(cast, number, cast.dispatcher)
    call = call_of(cast, held, cast.property_company.pk)
    with pytest.raises(Forbidden) as error:
        tell(cast, call, cast.grid_worker, Verb.ARRIVE, at=MEET)
    assert error.value.code == "not_your_whistle"


def test_who_is_excused_is_not_absent_and_its_promise_has_no_verdict(cast: Cast, number: str) -> None:
    held = blow(cast, number)
    call = call_of(cast, held, cast.property_company.pk)
    tell(cast, call, cast.property_handler, Verb.ANSWER_CALL, answer=Answer.DECLINED, reason="no_one_free")
    tell(cast, call, cast.grid_worker, Verb.EXCUSE)
    with cast.inside():
        task = Task.objects.get(pk=call.task_id)
        clock = ClockRow.objects.get(task=task)
    assert (task.state, clock.met, clock.stopped_at) == ("cancelled", None, AT)
    assert standing(cast, call, MEET + timedelta(days=1)) is Standing.EXCUSED


def test_leaving_is_noted_after_arriving(cast: Cast, number: str) -> None:
    call = call_of(cast, blow(cast, number), cast.property_company.pk)
    with pytest.raises(Refused) as error:
        tell(cast, call, cast.property_handler, Verb.ARRIVE, at=MEET, left=True)
    assert codes(error) == {("answer", "not_there_yet")}
    tell(cast, call, cast.property_handler, Verb.ARRIVE, at=MEET)
    gone = tell(cast, call, cast.property_handler, Verb.ARRIVE, at=MEET + timedelta(hours=1), left=True)
    assert gone.left_at == MEET + timedelta(hours=1)
