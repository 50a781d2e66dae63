"""A run from the end of its week to its last word: computed, reviewed, announced, appealed against, final."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import uuid4

import pytest

from linli.assessment import access
from linli.assessment.actions import adjusting, appeals, ranking, runs, schemes, sweeping
from linli.assessment.models import Appeal, Run, RunInput
from linli.assessment.queries import objections, trials
from linli.assessment.queries import runs as told
from linli.assessment.rules import rows, scheme_text, scoring
from linli.assessment.rules.rows import Corrected
from linli.cases.models import Case, ClockRow
from linli.cases.queries import work
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast, Person
from linli.kernel.access import SYSTEM, Forbidden, NotFound
from linli.kernel.clock import LOCAL
from linli.kernel.models import AuditEntry
from linli.kernel.refusals import Refused

pytestmark = pytest.mark.django_db
WEEK = {
    "name": {"zh": "周排行"},
    "level": "worker",
    "period": "week",
    "items": [
        {"indicator": "on_time", "weight": 60, "floor": "0%", "target": "100%"},
        {"indicator": "cases_done", "weight": 40, "floor": "0", "target": "4"},
        {"indicator": "group_growth", "weight": 0},
    ],
    "settling_days": 1,
    "appeal_days": 2,
}
SINCE = date(2026, 11, 23)  # the week of the cast's Monday
TUESDAY = datetime(2026, 12, 1, 9, tzinfo=LOCAL)  # it has ended and settled
BEFORE = datetime(2026, 11, 20, 10, tzinfo=LOCAL)


def settle(cast: Cast, who: Person, *, at: datetime) -> str:
    """A case of Monday that a grid worker settles on the spot."""
    number = cast.report(at=AT).number
    ticket = cast.picture(who, at=at)
    cast.move(
        number,
        Verb.SETTLE,
        who,
        at=at,
        category_code="facilities.lighting",
        answer="灯泡已更换。",
        uploads=(ticket,),
    )
    return str(number)


def published(cast: Cast, says: dict[str, Any] = WEEK) -> int:
    """The scheme's id, published the week before so that it holds from Monday."""
    leader = cast.leader.actor()
    draft = schemes.draft(actor=leader, community_id=cast.here.id, says=says, key=uuid4(), at=BEFORE)
    schemes.publish(
        actor=leader, version_id=draft.pk, why="社区议事会通过", legal_basis="试点方案", at=BEFORE
    )
    ranking.switch_on(
        actor=leader, community_id=cast.here.id, legal_basis="社区议事会 2026-11-20 决议", at=BEFORE
    )
    return int(draft.scheme_id)


@pytest.fixture
def week(cast: Cast) -> Run:
    """Two workers' week: one settled three cases in time, the other one late; computed by the house."""
    with cast.inside():
        scheme_id = published(cast)
        for hours in (1, 2, 3):
            settle(cast, cast.grid_worker, at=AT + timedelta(hours=hours))
        for hours in (1, 2):
            settle(cast, cast.assistant, at=AT + timedelta(hours=hours))
        late = Case.objects.get(number=settle(cast, cast.assistant, at=AT + timedelta(days=2)))
        ClockRow.objects.filter(stage="accept").update(
            stage="resolve"
        )  # settled on the spot, they have no other
        ClockRow.objects.filter(case=late, stage="resolve").update(met=False)
        assert sweeping.compute_due(TUESDAY) == 1
        return Run.objects.get(scheme_id=scheme_id)


def announced(cast: Cast, run: Run) -> Run:
    runs.review(actor=cast.dispatcher.actor(), run_id=run.pk, at=TUESDAY, note="逐项看过")
    return runs.announce(actor=cast.leader.actor(), run_id=run.pk, at=TUESDAY)


def points(run: Run, who: Person) -> int | None:
    found = told.of_subject(run.pk, who.account_id)
    return found.total if found else None


def test_a_week_computes_itself_once_when_it_has_settled(cast: Cast, week: Run) -> None:
    with cast.inside():
        assert (week.state, week.cause, week.ranked, week.computed_by_id) == ("computed", "due", True, None)
        assert sweeping.compute_due(TUESDAY + timedelta(days=1)) == 0
        found = {one.subject_id: one for one in told.scores(week.pk)}
        best = found[cast.grid_worker.account_id]
        assert (best.rank, best.peers) == (1, 2)
        assert cast.other_grid_worker.account_id in found  # nothing measured, not ranked
        assert cast.police.account_id not in found  # the community does not assess the police


def test_every_part_opens_down_to_its_rows(cast: Cast, week: Run) -> None:
    with cast.inside():
        who = cast.assistant.account_id
        parts = {part.indicator: part for part in told.parts(week.pk, who)}
        score = told.of_subject(week.pk, who)
        assert score is not None
        assert sum(part.points for part in parts.values()) == score.total
        done = parts["cases_done"]
        assert (done.numerator, done.value, len(done.counted)) == (3, Fraction(3), 3)
        behind = told.rows_behind(week.pk, done.source, done.counted)
        assert {row.worker_id for row in behind} == {who}
        assert all(row.number.isdigit() for row in behind)


def test_it_is_computed_again_bit_for_bit_when_the_tables_have_moved_on(cast: Cast, week: Run) -> None:
    with cast.inside():
        Case.objects.update(handled_by=None, handler=None)
        held = told.inputs_of(week.pk)
        assert rows.digest(rows.as_plain(held)) == week.digest
        again = scoring.score(scheme_text.read(week.version.says), held)
        assert scoring.result_digest(again) == week.result_digest


def test_nobody_assessed_sees_it_before_it_is_announced_and_then_only_the_own(cast: Cast, week: Run) -> None:
    worker, other = cast.grid_worker.actor(), cast.assistant.actor()
    with cast.inside():
        with pytest.raises(NotFound):
            access.find_run(worker, week.pk)
        assert access.find_run(cast.leader.actor(), week.pk).pk == week.pk
        announced(cast, week)
        run = access.find_run(worker, week.pk)
        assert access.may_read(worker, run, worker.person_id)
        assert not access.may_read(other, run, worker.person_id)
        for stranger in (cast.resident, cast.elsewhere.people["dispatcher"], cast.stranger):
            with pytest.raises(NotFound):
                access.find_run(stranger.actor(), week.pk)


def test_moves_keep_their_order_and_their_people(cast: Cast, week: Run) -> None:
    with cast.inside():
        with pytest.raises(Forbidden, match="wrong_state"):
            runs.announce(actor=cast.leader.actor(), run_id=week.pk, at=TUESDAY)
        runs.review(actor=cast.dispatcher.actor(), run_id=week.pk, at=TUESDAY)
        with pytest.raises(Forbidden, match="not_your_door"):
            runs.announce(actor=cast.dispatcher.actor(), run_id=week.pk, at=TUESDAY)
        with pytest.raises(Forbidden, match="wrong_state"):
            runs.review(actor=cast.dispatcher.actor(), run_id=week.pk, at=TUESDAY)
        run = runs.announce(actor=cast.leader.actor(), run_id=week.pk, at=TUESDAY)
        assert run.appeals_until == datetime(2026, 12, 4, 0, 0, tzinfo=LOCAL)  # Wednesday and Thursday
        with pytest.raises(Forbidden, match="not_your_door"):
            runs.finalise(actor=cast.leader.actor(), run_id=week.pk, at=TUESDAY)
        assert sweeping.finish_due(TUESDAY + timedelta(days=1)) == 0
        assert sweeping.finish_due(TUESDAY + timedelta(days=3)) == 1
        with pytest.raises(Forbidden, match="final"):
            runs.compute(
                actor=SYSTEM,
                community_id=cast.here.id,
                scheme_id=week.scheme_id,
                since_date=SINCE,
                at=TUESDAY,
            )
        verbs = (
            AuditEntry.objects.filter(object=f"run:{week.pk}").order_by("pk").values_list("verb", flat=True)
        )
        assert list(verbs) == [f"assessment.{one}" for one in ("compute", "review", "announce", "finalise")]


def lodge(cast: Cast, run: Run, **more: Any) -> Appeal:
    who = cast.assistant
    given: dict[str, Any] = {
        "actor": who.actor(), "run_id": run.pk, "subject_id": who.account_id, "indicator": "on_time",
        "words": "那天停电，居民让我第二天再去。", "key": uuid4(), "at": TUESDAY + timedelta(hours=3),
    }  # fmt: skip
    return appeals.lodge(**{**given, **more})


def late_row(run: Run, who: Person) -> int:
    part = next(one for one in told.parts(run.pk, who.account_id) if one.indicator == "on_time")
    assert len(part.rest) == 1
    return part.rest[0]


def test_an_appeal_that_is_won_makes_a_corrected_version_and_keeps_the_first(cast: Cast, week: Run) -> None:
    with cast.inside():
        announced(cast, week)
        row_id = late_row(week, cast.assistant)
        appeal = lodge(cast, week, row_id=row_id)
        mended = [Corrected(0, "cases", row_id, "on_time", value=True)]
        given: dict[str, Any] = {
            "appeal_id": appeal.pk,
            "won": True,
            "answer": "停电属实，按时。",
            "corrections": mended,
        }
        later = TUESDAY + timedelta(days=1)
        Run.objects.filter(pk=week.pk).update(reviewed_by=cast.leader.account_id)
        with pytest.raises(Forbidden, match="scored_it"):
            appeals.decide(actor=cast.leader.actor(), at=later, **given)
        decided, made = appeals.decide(actor=cast.auditor.actor(), at=later, **given)
        assert made is not None
        assert (decided.state, made.number, made.state, made.cause) == ("won", 2, "announced", "appeal")
        week.refresh_from_db()
        assert (week.state, week.appeals_until) == ("superseded", made.appeals_until)
        first, second = points(week, cast.assistant), points(made, cast.assistant)
        assert first is not None
        assert second is not None
        assert second - first == 20_000
        assert points(made, cast.grid_worker) == points(week, cast.grid_worker)
        assert access.find_run(cast.assistant.actor(), week.pk).pk == week.pk  # both stay readable
        assert told.inputs_of(made.pk).corrected == (
            Corrected(appeal.pk, "cases", row_id, "on_time", value=True),
        )
        (read,) = objections.appeals(cast.here.id, waiting=False)
        assert (read.words, read.answer) == ("那天停电，居民让我第二天再去。", "停电属实，按时。")


def test_an_appeal_is_made_once_by_oneself_in_time_and_about_something_that_is_there(
    cast: Cast, week: Run
) -> None:
    with cast.inside():
        with pytest.raises(NotFound):
            lodge(cast, week)  # not announced
        announced(cast, week)
        key = uuid4()
        assert lodge(cast, week, key=key).pk == lodge(cast, week, key=key).pk
        for wrong in ({"indicator": "horoscope"}, {"words": " "}, {"row_id": 999_999}, {"key": uuid4()}):
            with pytest.raises(Refused):
                lodge(cast, week, **wrong)
        for who in (cast.leader, cast.grid_worker, cast.elsewhere.people["grid_worker"]):
            with pytest.raises(NotFound):
                lodge(cast, week, actor=who.actor())
        with pytest.raises(Forbidden, match="too_late"):
            lodge(cast, week, at=TUESDAY + timedelta(days=9), key=uuid4())


def test_an_open_appeal_keeps_the_run_open_and_a_lost_one_changes_nothing(cast: Cast, week: Run) -> None:
    end = TUESDAY + timedelta(days=5)
    with cast.inside():
        announced(cast, week)
        appeal = lodge(cast, week)
        assert sweeping.finish_due(end) == 0
        given: dict[str, Any] = {
            "appeal_id": appeal.pk,
            "won": False,
            "answer": "记录显示并未联系居民。",
            "at": end,
        }
        for who, error in (
            (cast.assistant, Forbidden),
            (cast.dispatcher, Forbidden),
            (cast.resident, NotFound),
        ):
            with pytest.raises(error):
                appeals.decide(actor=who.actor(), **given)
        with pytest.raises(Refused):
            appeals.decide(actor=cast.auditor.actor(), **{**given, "answer": ""})
        with pytest.raises(Refused, match="corrections"):
            appeals.decide(actor=cast.auditor.actor(), **{**given, "won": True})
        for column, value in (("on_time", "yes"), ("colour", 1), ("id", 5)):
            bad = [Corrected(0, "cases", late_row(week, cast.assistant), column, value)]
            with pytest.raises(Refused, match="corrections.0"):
                appeals.decide(actor=cast.auditor.actor(), **{**given, "won": True}, corrections=bad)
        _, made = appeals.decide(actor=cast.auditor.actor(), **given)
        assert made is None
        with pytest.raises(Forbidden, match="already_decided"):
            appeals.decide(actor=cast.auditor.actor(), **given)
        assert sweeping.finish_due(end) == 1


def test_an_adjustment_needs_a_second_person(cast: Cast, week: Run) -> None:
    with cast.inside():
        asked = adjusting.propose(
            actor=cast.leader.actor(), run_id=week.pk, subject_id=cast.assistant.account_id, points=3_000,
            reason="help_elsewhere", why="周三支援其他网格", evidence="调度记录 12 号", key=uuid4(), at=TUESDAY,
        )  # fmt: skip
        given: dict[str, Any] = {
            "adjustment_id": asked.pk,
            "granted": True,
            "answer": "情况属实。",
            "at": TUESDAY,
        }
        with pytest.raises(Forbidden, match="needs_another_person"):
            adjusting.decide(actor=cast.leader.actor(), **given)
        before = points(week, cast.assistant)
        _, made = adjusting.decide(actor=cast.admin.actor(), **given)
        assert made is not None
        assert before is not None
        assert points(made, cast.assistant) == before + 3_000
        assert (made.state, made.cause) == ("computed", "adjustment")
        with pytest.raises(Refused, match="evidence"):
            adjusting.propose(
                actor=cast.leader.actor(), run_id=made.pk, subject_id=cast.assistant.account_id, points=3_000,
                reason="other", why="支援其他网格", evidence=" ", key=uuid4(), at=TUESDAY,
            )  # fmt: skip


def test_late_facts_make_a_new_version_to_be_reviewed_anew_and_nothing_new_makes_none(
    cast: Cast, week: Run
) -> None:
    with cast.inside():
        announced(cast, week)
        given: dict[str, Any] = {
            "actor": cast.leader.actor(),
            "community_id": cast.here.id,
            "since_date": SINCE,
        }
        same = runs.compute(**given, scheme_id=week.scheme_id, at=TUESDAY)
        assert same.pk == week.pk
        settle(cast, cast.grid_worker, at=AT + timedelta(hours=5))
        made = runs.compute(**given, scheme_id=week.scheme_id, at=TUESDAY)
        assert (made.number, made.state, made.cause) == (2, "computed", "late_facts")
        assert RunInput.objects.filter(run_id__in=[week.pk, made.pk]).count() == 2


def test_a_dry_run_of_the_same_scheme_moves_nobody_and_another_says_who(cast: Cast, week: Run) -> None:
    with cast.inside():
        scheme = scheme_text.read(week.version.says)
        inputs = trials.gathered(cast.here.id, scheme, SINCE)
        assert scoring.score(scheme, inputs) == scoring.score(scheme, told.inputs_of(week.pk))
        found = trials.dry_run(cast.here.id, scheme, today=date(2027, 1, 5), scheme_id=week.scheme_id)
        assert SINCE in {one.since_date for one in found}
        assert not any(one.places for each in found for one in each.moved)
        assert trials.sensitivity(week.pk)


def test_the_work_of_a_case_is_told_as_it_went(cast: Cast) -> None:
    with cast.inside():
        number = cast.report(at=AT).number
        cast.settled(number, at=AT + timedelta(hours=1))
        (row,) = work.work(cast.here.id, AT, AT + timedelta(days=1))
        assert (row.number, row.worker_id, row.ended) == (number, cast.property_handler.account_id, "")
        assert (row.responded, row.on_time, row.passed_first) == (True, True, True)
        assert row.held_by == (cast.property_handler.account_id,)
        assert (row.closed_at, row.came_back_at) == (AT + timedelta(hours=6), None)
        cast.report(at=AT + timedelta(days=3))
        cast.dispatched(Case.objects.exclude(number=number).get().number, at=AT + timedelta(days=3, hours=1))
        again = work.work(cast.here.id, AT, AT + timedelta(days=15))
        assert again[0].came_back_at == AT + timedelta(days=3)
        assert again[1].on_time is False  # due within the fifteen days and not done
        assert work.work(cast.elsewhere.id, AT, AT + timedelta(days=15)) == []
