"""Cases led about at random by everybody: whatever they do, the history stays whole and the clocks stay honest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from linli.cases import access
from linli.cases.actions import moves
from linli.cases.models import Case, ClockRow, Move, Request, Task, Whistle
from linli.cases.rules import workflow
from linli.cases.rules.intake import PlaceGiven
from linli.cases.rules.promises import Stage
from linli.cases.rules.whistle import Answer, Answered, Blown, CalledOff, Concluded, Part
from linli.cases.rules.workflow import ENDED, SETTLED, Need, State, Step, Verb
from linli.cases.tests.cast import AT, Cast, Person
from linli.faces.tests.thorough import examples
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WALKS, STEPS = 12, 14
SEEDS = range(examples(2, 8))
NOBODY_YET = {State.REPORTED, State.ACCEPTED, State.RULED, State.REOPENED}
SOMEBODY = {State.DISPATCHED, State.SIGNED, State.HANDLING, State.PAUSED, State.HANDLED, State.VERIFYING}
# Moves that end a walk soon are tried less often.
RARE = {Verb.VOID, Verb.WITHDRAW, Verb.ARCHIVE, Verb.DECLINE, Verb.MERGE}


@dataclass
class Walk:
    """One case on its way."""

    cast: Cast
    chance: Random
    number: str
    other: str  # an open case to merge into
    at: datetime
    person: Person | None = None

    def case(self) -> Case:
        return self.cast.case(self.number)

    def people(self) -> list[Person]:
        return list(self.cast.here.people.values())

    def step(self) -> None:
        """Somebody does something they may; now and then somebody tries what they may not."""
        self.at += timedelta(minutes=self.chance.choice((0, 7, 50, 60 * 26, 60 * 24 * 4)))
        person = self.chance.choice(self.people())
        with self.cast.inside():
            may = self.allowed(person)
        self.person = person
        able = [step for step in may if Need.MEETING not in step.needs or self.meeting(step.verb)]
        if not able or self.chance.random() < 0.1:
            self.refused(person, {step.verb for step in may})
            return
        step = self.chance.choice(able)
        if step.verb in RARE and self.chance.random() < 0.8:
            return
        before = self.case()
        after = self.cast.move(self.number, step.verb, person, at=self.at, **self.bring(step, before))
        assert after.version == before.version + 1

    def allowed(self, person: Person) -> list[Step]:
        try:
            case = access.find(person.actor(self.at), self.number)
        except NotFound:
            return []
        return list(workflow.moves(moves.standing(case, self.at), access.doer(person.actor(self.at), case)))

    def refused(self, person: Person, may: set[Verb]) -> None:
        before = self.case().version
        verb = self.chance.choice([verb for verb in workflow.STEPS if verb not in may])
        with pytest.raises((Forbidden, NotFound, moves.Conflict)):
            self.cast.move(
                self.number, verb, person, at=self.at, **self.bring(workflow.STEPS[verb], self.case())
            )
        assert self.case().version == before

    def bring(self, step: Step, case: Case) -> dict[str, Any]:
        """Everything the move needs."""
        cast, chance = self.cast, self.chance
        handler = chance.choice([cast.grid_worker, cast.police]) if case.organisation_id is None else None
        if case.organisation_id == cast.property_company.pk:
            handler = cast.property_handler
        if case.organisation_id == cast.department.pk:
            handler = cast.department_handler
        if case.organisation_id == cast.police_station.pk:
            handler = cast.police
        request = chance.choice(("extend", "pause", "hang"))
        values: dict[Need, dict[str, Any]] = {
            Need.CATEGORY: {
                "category_code": chance.choice(("facilities.lighting", "family", "property.lift"))
            },
            Need.REASON: {"reason": chance.choice(step.reasons or ("other",))},
            Need.NOTE: {"note": "内部记录"},
            Need.ANSWER: {"answer": "已处理，请查看。"},
            Need.PROOF: {},
            Need.TARGET: {"target": self.other},
            Need.BODY: self.body(),
            Need.ORGANISATION: {"organisation_id": cast.department.pk},
            Need.HANDLER: {"handler_id": handler.account_id if handler else None},
            Need.RULING: {"ruling": chance.choice(("upheld", "overruled"))},
            Need.REQUEST: {"request": request, "amount": Decimal(1), "until": self.at + timedelta(days=3)},
            Need.GRANTED: {"granted": chance.random() < 0.7},
            Need.SOLVED: {"solved": chance.random() < 0.5},
            Need.DEADLINE: {"until": self.at + timedelta(days=2)},
            Need.PLACE: {"place": PlaceGiven(building_id=cast.second_building.id)},
            Need.TASK: {"task_id": self.task()},
            Need.WORDS: {"words": "补充说明"},
            Need.MEETING: {"meeting": self.meeting(step.verb) or CalledOff(0)},
        }
        given: dict[str, Any] = {}
        for need in step.needs:
            given |= values[need]
        if Need.PROOF in step.needs:
            given["uploads"] = (cast.picture(cast.grid_worker, at=self.at),)
        return given

    def meeting(self, verb: Verb) -> Any:
        """What the move of a whistle needs; None where it would be refused to this person."""
        if verb is Verb.WHISTLE:
            parts = (Part(self.cast.property_company.pk), Part(self.cast.department.pk))
            return Blown(parts, self.at, "8 栋门口", "请到场会商")
        with self.cast.inside():
            whistle = Whistle.objects.filter(case__number=self.number, state="open").first()
            calls = list(whistle.calls.filter(arrived_at=None)) if whistle else []
        if whistle is None:
            return None
        assert self.person is not None
        actor = self.person.actor(self.at)
        desk = bool(actor.roles(self.cast.here.id) & workflow.DESK)
        is_caller = desk or whistle.caller_id == actor.account_id
        bodies = actor.organisations(self.cast.here.id)
        if verb in {Verb.CONCLUDE, Verb.CALL_OFF}:
            made = Concluded(whistle.pk, "已会商") if verb is Verb.CONCLUDE else CalledOff(whistle.pk)
            return made if is_caller else None
        own = [call for call in calls if call.organisation_id in bodies]
        able = {Verb.EXCUSE: calls if is_caller else [], Verb.ARRIVE: calls if is_caller else own}.get(
            verb, own
        )
        return Answered(able[0].pk, Answer.COMING) if able else None

    def body(self) -> dict[str, Any]:
        cast = self.cast
        bodies = [cast.property_company.pk, cast.department.pk, cast.police_station.pk]
        if self.chance.random() < 0.2:
            return {"handler_id": cast.grid_worker.account_id}
        return {"organisation_id": self.chance.choice(bodies)}

    def task(self) -> int:
        """A part that is this person's body's, else any."""
        mine = self.person.actor(self.at).organisations(self.cast.here.id) if self.person else frozenset()
        with self.cast.inside():
            open_ = Task.objects.filter(case__number=self.number, state=Task.State.OPEN)
            found = open_.filter(organisation_id__in=mine).first() or open_.first()
        return found.pk if found else 0


def check_history(case: Case, history: list[Move]) -> None:
    assert [move.seq for move in history] == list(range(1, case.version + 1))
    assert all(one.to_state == two.from_state for one, two in zip(history, history[1:], strict=False))
    assert (history[0].from_state, history[-1].to_state) == ("", case.state)
    changed = [move for move in history if move.from_state != move.to_state]
    assert changed[-1].at == case.state_at
    for move in history[1:]:
        step = workflow.STEPS[Verb(move.verb)]
        assert move.from_state in step.from_
    assert AuditEntry.objects.filter(object=f"case:{case.number}").count() == case.version


def check_responsibility(case: Case, history: list[Move]) -> None:
    state = State(case.state)
    if state in NOBODY_YET:
        assert (case.organisation_id, case.handler_id) == (None, None)
    if state in SOMEBODY:
        assert case.organisation_id or case.handler_id
    handled_by = None
    for move in history:
        if move.to_state == State.HANDLED and move.from_state != State.HANDLED:
            handled_by = move.actor_id
        if move.verb in {Verb.CLOSE, Verb.CHECK, Verb.REDO}:
            assert move.actor_id != handled_by, "nobody checks their own work"


def check_clocks(case: Case, rows: list[ClockRow]) -> None:
    state = State(case.state)
    own = [row for row in rows if row.task_id is None]
    running = [row for row in own if row.stopped_at is None]
    assert len({row.stage for row in running}) == len(running), "one clock a stage"
    assert case.due_at == min((row.due_at for row in running if row.due_at), default=None)
    assert bool(case.due_stage) == bool(case.due_at)
    for row in rows:
        assert row.stopped_at is None or row.stopped_at >= row.started_at
        open_pause = bool(row.pauses) and row.pauses[-1]["until"] is None
        assert open_pause == (state is State.PAUSED and row.stopped_at is None and row.task_id is None)
        assert (row.met is None) or row.stopped_at is not None
    if state in ENDED:
        assert {row.stage for row in rows if row.stopped_at is None} <= {Stage.FOLLOW_UP.value}
    else:
        assert running, "every open case is under a promise"


def check(cast: Cast, number: str) -> None:
    case = cast.case(number)
    with cast.inside():
        history = list(Move.objects.filter(case=case).order_by("seq"))
        check_history(case, history)
        check_responsibility(case, history)
        check_clocks(case, list(ClockRow.objects.filter(case=case)))
        assert not Request.objects.filter(decided_by=None, granted=True).exists()
        open_tasks = Task.objects.filter(case=case, state=Task.State.OPEN).count()
    assert (case.closed_at is not None) == (State(case.state) in ENDED)
    assert case.published_at is None or State(case.state) in SETTLED | {State.ARCHIVED}
    assert not (open_tasks and State(case.state) in ENDED)
    with cast.inside():
        assert not (State(case.state) in ENDED and Whistle.objects.filter(case=case, state="open").exists())


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_people_do_the_case_stays_whole(cast: Cast, seed: int) -> None:
    chance = Random(seed)
    other = cast.report("另一盏路灯", key="other").number
    reached = set()
    for turn in range(WALKS):
        by = chance.choice([cast.resident, cast.nobody, cast.neighbour])
        number = cast.report(by=by, key=f"{turn}", publish=True, limited=False).number
        walk = Walk(cast, chance, number, other, AT)
        for _ in range(STEPS):
            walk.step()
            check(cast, number)
        reached.add(walk.case().state)
    assert len(reached) > 1
