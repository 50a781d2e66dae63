"""The joint conclusion of a whistle, how it ends otherwise, and what is told of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from linli.cases.actions import moves, whistle
from linli.cases.actions.moves import Conflict
from linli.cases.models import Case, ClockRow, Task, Whistle
from linli.cases.queries import story, whistles
from linli.cases.rules.intake import Refused
from linli.cases.rules.moves import Given
from linli.cases.rules.whistle import Answer, Answered, Concluded, Next, Standing
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast, Person
from linli.cases.tests.whistling import MEET, PUBLIC, blow, call_of, codes, standing, tell
from linli.kernel.access import NotFound
from linli.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(cast: Cast) -> str:
    return cast.report().number


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
