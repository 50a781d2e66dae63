"""Bodies called to a place: who may call, answer and conclude, and what it does to the case, its parts and its clocks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from linli.cases.actions import moves, whistle
from linli.cases.actions.moves import Conflict
from linli.cases.models import Call, Case, ClockRow, Task, Whistle
from linli.cases.queries import story, whistles
from linli.cases.rules.intake import Channel, PlaceGiven, Refused, Report
from linli.cases.rules.kinds import Kind
from linli.cases.rules.moves import Given
from linli.cases.rules.whistle import Answer, Answered, Blown, Concluded, Next, Part, Standing
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast, Person
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
MEET = AT + timedelta(hours=2)
PUBLIC = "三家单位已到现场会商，三天内修好路面。"


def wanted(cast: Cast, *bodies: int, **changes: Any) -> Blown:
    parts = tuple(Part(body) for body in bodies or (cast.property_company.pk, cast.department.pk))
    return Blown(
        **{"parts": parts, "meet_at": MEET, "place": "8 栋门口", "words": "路面塌陷，请到场", **changes}
    )


def blow(cast: Cast, number: str, by: Person | None = None, *, at: datetime = AT, **changes: Any) -> Whistle:
    actor = (by or cast.grid_worker).actor(at)
    return whistle.blow(actor=actor, number=number, wanted=wanted(cast, **changes), at=at)[0]


def call_of(cast: Cast, held: Whistle, body: int) -> Call:
    with cast.inside():
        return Call.objects.select_related("task").get(whistle=held, organisation_id=body)


def tell(cast: Cast, call: Call, by: Person, verb: Verb, *, at: datetime = AT, **said: Any) -> Call:
    said.setdefault("answer", Answer.NONE)
    return whistle.tell(actor=by.actor(at), call_id=call.pk, verb=verb, said=Answered(call.pk, **said), at=at)


def standing(cast: Cast, call: Call, at: datetime) -> Standing:
    with cast.inside():
        fresh = Call.objects.select_related("whistle").get(pk=call.pk)
        return whistles.standing_of(fresh, fresh.whistle, at)


def codes(error: Any) -> set[tuple[str, str]]:
    return {(one.field, one.code) for one in error.value.wrongs}


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


# -- concluding ----------------------------------------------------------------------------------------------


def conclude(cast: Cast, held: Whistle, by: Person | None = None, *, at: datetime, **changes: Any) -> Whistle:
    given = Concluded(held.pk, **{"words": "水管渗漏掏空路基，物业围挡，城管协调抢修", **changes})
    actor = (by or cast.grid_worker).actor(at)
    return whistle.conclude(actor=actor, wanted=given, public_words=PUBLIC, at=at)


def test_the_conclusion_ends_the_parts_and_makes_the_next_steps(cast: Cast, number: str) -> None:
    held = blow(cast, number)
    tell(cast, call_of(cast, held, cast.property_company.pk), cast.property_handler, Verb.ARRIVE, at=MEET)
    until = MEET + timedelta(days=3)
    steps = (Next(cast.property_company.pk, "围挡", until), Next(cast.department.pk, "协调抢修"))
    after = MEET + timedelta(hours=1)
    done = conclude(cast, held, at=after, agreed=frozenset({cast.property_company.pk}), steps=steps)
    assert (done.state, done.ended_by_id, done.public_words) == (
        "concluded", cast.grid_worker.account_id, PUBLIC,
    )  # fmt: skip
    first = call_of(cast, held, cast.property_company.pk)
    second = call_of(cast, held, cast.department.pk)
    assert (first.agrees, first.task.state, second.agrees, second.task.state) == (
        True,
        "done",
        None,
        "cancelled",
    )
    with cast.inside():
        open_ = Task.objects.filter(case__number=number, state="open").order_by("pk")
        assert [task.words for task in open_] == ["围挡", "协调抢修"]
        agreed, promised = (ClockRow.objects.get(task=task) for task in open_)
    assert until - timedelta(minutes=1) < agreed.due_at <= until  # type: ignore[operator]  # a date
    assert (agreed.promise_id, promised.promise_id is None) == (None, False)
    assert standing(cast, second, after) is Standing.ABSENT


def test_a_next_step_is_reported_done_by_its_body(cast: Cast, number: str) -> None:
    held = blow(cast, number)
    steps = (Next(cast.department.pk, "协调抢修"),)
    conclude(cast, held, at=MEET + timedelta(hours=1), steps=steps)
    with cast.inside():
        task = Task.objects.get(case__number=number, state="open")
    at = MEET + timedelta(hours=5)
    cast.move(number, Verb.TASK_DONE, cast.department_handler, at=at, task_id=task.pk, answer="已修好")
    with cast.inside():
        assert ClockRow.objects.get(task=task).met is True


def test_only_who_was_there_agrees(cast: Cast, number: str) -> None:
    held = blow(cast, number)
    with pytest.raises(Refused) as error:
        conclude(cast, held, at=MEET, agreed=frozenset({cast.department.pk}))
    assert codes(error) == {("agreed", "was_not_there")}
    with cast.inside():
        assert Whistle.objects.get(pk=held.pk).state == "open"


def test_nothing_is_concluded_before_anybody_is_there(cast: Cast, number: str) -> None:
    held = blow(cast, number)
    with pytest.raises(Refused) as error:
        conclude(cast, held, at=AT + timedelta(minutes=5))
    assert codes(error) == {("words", "nobody_there_yet")}


def test_what_the_resident_reads_holds_no_phone(cast: Cast, number: str) -> None:
    held = blow(cast, number)
    given = Concluded(held.pk, "好")
    with pytest.raises(Refused) as error:
        whistle.conclude(
            actor=cast.grid_worker.actor(MEET), wanted=given, public_words="请打 13812345678", at=MEET
        )
    assert codes(error) == {("answer", "holds_mobile")}


def test_it_is_concluded_once(cast: Cast, number: str) -> None:
    held = blow(cast, number)
    conclude(cast, held, at=MEET)
    with pytest.raises(Conflict) as error:
        conclude(cast, held, cast.dispatcher, at=MEET)
    assert error.value.code == "nobody_called"


def test_a_case_can_be_whistled_for_again(cast: Cast, number: str) -> None:
    conclude(cast, blow(cast, number), at=MEET)
    again = blow(cast, number, at=MEET, meet_at=MEET + timedelta(days=1))
    assert again.state == "open"


def test_called_off_nobody_was_absent(cast: Cast, number: str) -> None:
    held = blow(cast, number)
    off = whistle.call_off(
        actor=cast.grid_worker.actor(), whistle_id=held.pk, reason="settled_already", note="", at=AT
    )
    call = call_of(cast, held, cast.department.pk)
    assert (off.state, call.task.state) == ("called_off", "cancelled")
    assert standing(cast, call, MEET + timedelta(days=1)) is Standing.OFF


def test_a_case_that_ends_ends_its_whistle(cast: Cast, number: str) -> None:
    held = blow(cast, number)
    cast.move(number, Verb.VOID, cast.leader, reason="test", note="演练")
    with cast.inside():
        assert Whistle.objects.get(pk=held.pk).state == "lapsed"
        assert not Task.objects.filter(case__number=number, state="open").exists()


# -- what is told --------------------------------------------------------------------------------------------


def test_the_timeline_tells_it_and_the_resident_reads_the_plain_part(cast: Cast, number: str) -> None:
    held = blow(cast, number)
    call = call_of(cast, held, cast.property_company.pk)
    tell(cast, call, cast.property_handler, Verb.ANSWER_CALL, answer=Answer.COMING, words="内部的话")
    tell(cast, call, cast.property_handler, Verb.ARRIVE, at=MEET)
    conclude(cast, held, at=MEET)
    with cast.inside():
        case = Case.objects.get(number=number)
        staff = story.story(case, cast.dispatcher.actor(), at=MEET, for_resident=False)
        told = story.story(case, cast.resident.actor(), at=MEET, for_resident=True)
    assert [entry.verb for entry in staff.entries] == [
        "report",
        "whistle",
        "answer_call",
        "arrive",
        "conclude",
    ]
    assert [entry.verb for entry in told.entries] == ["report", "whistle", "conclude"]
    assert told.entries[-1].answer == PUBLIC
    assert AuditEntry.objects.filter(object=f"case:{number}", verb="case.conclude").exists()


def test_attendance_counts_every_call_once_and_its_rows_are_as_many(cast: Cast, number: str) -> None:
    held = blow(cast, number)
    tell(
        cast, call_of(cast, held, cast.property_company.pk), cast.property_handler, Verb.ARRIVE,
        at=MEET + timedelta(minutes=40),
    )  # fmt: skip
    conclude(cast, held, at=MEET + timedelta(hours=1))
    other = cast.report("另一处", key="o").number
    off = blow(cast, other)
    whistle.call_off(actor=cast.grid_worker.actor(), whistle_id=off.pk, reason="wrong_bodies", note="", at=AT)
    period: dict[str, Any] = {"start": AT, "end": AT + timedelta(days=1), "at": AT + timedelta(days=2)}
    with cast.inside():
        rows = {row.organisation_id: row for row in whistles.attendance(cast.here.id, **period)}
        company, department = rows[cast.property_company.pk], rows[cast.department.pk]
        assert (company.called, company.late, company.off, company.absent) == (2, 1, 1, 0)
        assert (department.called, department.absent, department.off, department.due) == (2, 1, 1, 1)
        assert department.share_in_time == 0
        for part in whistles.PARTS:
            found = whistles.calls(cast.here.id, part, **period)
            assert len(found) == sum(getattr(row, part) for row in rows.values()), part
        assert whistles.now(cast.here.id, at=AT) == ()


def test_nothing_of_it_is_seen_from_elsewhere(cast: Cast, number: str) -> None:
    held = blow(cast, number)
    for person in (cast.elsewhere.people["dispatcher"], cast.stranger, cast.other_grid_worker, cast.resident):
        with pytest.raises(NotFound):
            whistle.find(person.actor(), held.pk)
    with cast.inside(cast.elsewhere):
        assert not Whistle.objects.exists()
    with pytest.raises(NotFound):
        whistle.tell(
            actor=cast.elsewhere.people["property_handler"].actor(),
            call_id=call_of(cast, held, cast.property_company.pk).pk,
            verb=Verb.ARRIVE, said=Answered(1), at=MEET,
        )  # fmt: skip


def test_the_move_without_its_meeting_says_what_is_missing(cast: Cast, number: str) -> None:
    with pytest.raises(Refused) as error:
        moves.take(actor=cast.dispatcher.actor(), number=number, given=Given(Verb.WHISTLE), at=AT)
    assert codes(error) == {("meeting", "missing")}
