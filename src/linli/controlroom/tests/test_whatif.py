"""What if: the same days give the same answer, more people never make anybody later, and what was not changed stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from linli.cases.rules.clock import Clock
from linli.cases.rules.promises import Promise, Stage, StartRule, Unit
from linli.cases.tests.cast import Cast
from linli.cases.tests.desk import at_desk, text
from linli.controlroom.rules import whatif
from linli.controlroom.rules.whatif import Change, Job
from linli.controlroom.tests.days import a_day
from linli.kernel.worktime import WorkCalendar

MONDAY = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)  # nine o'clock in Shanghai
END = MONDAY + timedelta(days=40)
DAYS = WorkCalendar()
TWO_DAYS = Promise(Stage.RESOLVE, 2, Unit.WORKING_DAY)
address = "/control/what-if/"


def job(number: int, *, hours: float = 5, after: float = 0, body: str = "7", category: str = "noise") -> Job:
    """A case sent out so many hours after Monday morning and handled so many hours later; 0: still open."""
    start = MONDAY + timedelta(hours=after)
    done = start + timedelta(hours=hours) if hours else None
    taken = DAYS.counted(Unit.WORKING_HOUR, start, done) if done else 0
    return Job(
        f"2611160000{number:02d}", category, body, Clock(TWO_DAYS, start, stopped_at=done), float(taken)
    )


some_jobs = some.lists(
    some.tuples(some.floats(0.5, 120), some.floats(0, 300), some.sampled_from(["7", "8", "-"])),
    min_size=1,
    max_size=25,
).map(lambda rows: [job(n, hours=h, after=a, body=b) for n, (h, a, b) in enumerate(rows)])


def test_a_shorter_promise_alone_is_recounted_exactly() -> None:
    jobs = [job(1, hours=5), job(2, hours=30)]
    day = Promise(Stage.RESOLVE, 1, Unit.WORKING_DAY)
    found = whatif.compare(jobs, Change(promise=day), people={}, calendar=DAYS, at=END)
    assert not found.modelled
    assert [one.job.number for one in found.worse] == [jobs[1].number]
    assert (found.before[-1].late, found.after[-1].late) == (0, 1)


def test_another_promise_begins_to_count_where_the_one_that_held_did() -> None:
    held = replace(TWO_DAYS, start_rule=StartRule.NEXT_DAY)
    asked = job(1, hours=26)
    asked = replace(asked, clock=replace(asked.clock, promise=held))
    day = Promise(Stage.RESOLVE, 1, Unit.WORKING_DAY)
    found = whatif.compare([asked], Change(promise=day), people={}, calendar=DAYS, at=END)
    assert (found.worse, found.after[-1].kept) == ((), 1)  # a day from midnight on, not from nine o'clock


def test_a_promise_for_a_branch_leaves_the_others_as_they_are() -> None:
    jobs = [job(1, hours=30, category="noise.neighbour"), job(2, hours=30, category="noisy")]
    day = Promise(Stage.RESOLVE, 1, Unit.WORKING_DAY)
    found = whatif.compare(jobs, Change(promise=day, category="noise"), people={}, calendar=DAYS, at=END)
    assert [one.job.number for one in found.worse] == [jobs[0].number]


def test_what_is_open_is_late_only_past_its_time() -> None:
    jobs = [job(1, hours=0), job(2, hours=0, after=39 * 24)]
    (_, whole) = whatif.compare(jobs, Change(promise=TWO_DAYS), people={}, calendar=DAYS, at=END).after
    assert (whole.cases, whole.kept, whole.late) == (2, 0, 1)


def test_work_is_taken_in_the_order_of_coming_by_whoever_is_free() -> None:
    hour = 3600.0
    work = [(MONDAY, 2 * hour), (MONDAY, 2 * hour), (MONDAY, hour)]
    one, two = whatif.queue(work, 1, DAYS), whatif.queue(work, 2, DAYS)
    assert [end.hour for end in one] == [3, 6, 7]  # the third begins after lunch
    assert two[0] == two[1] == one[0]


@settings(max_examples=40, deadline=None)
@given(some_jobs, some.integers(1, 4))
def test_more_people_never_make_a_case_later(jobs: list[Job], people: int) -> None:
    ordered = sorted(jobs, key=lambda each: each.clock.started_at)
    work = [(each.clock.started_at, max(60.0, each.taken)) for each in ordered]
    fewer, more = whatif.queue(work, people, DAYS), whatif.queue(work, people + 1, DAYS)
    assert all(late >= early for late, early in zip(fewer, more, strict=True))


@settings(max_examples=40, deadline=None)
@given(some_jobs, some.integers(1, 9))
def test_a_longer_promise_is_never_kept_less_often(jobs: list[Job], days: int) -> None:
    def late(amount: int) -> int:
        promise = Promise(Stage.RESOLVE, Decimal(amount), Unit.WORKING_DAY)
        return whatif.compare(jobs, Change(promise=promise), people={}, calendar=DAYS, at=END).after[-1].late

    assert late(days + 1) <= late(days)


@settings(max_examples=25, deadline=None)
@given(some_jobs)
def test_the_same_days_give_the_same_answer_and_no_case_is_lost(jobs: list[Job]) -> None:
    change = Change(people={"7": 3}, bodies={jobs[0].number: "8"})
    first = whatif.compare(jobs, change, people={"7": 1}, calendar=DAYS, at=END)
    assert first == whatif.compare(list(reversed(jobs)), change, people={"7": 1}, calendar=DAYS, at=END)
    assert first.before[-1].cases == first.after[-1].cases == len(jobs)
    assert {one.job.number for one in first.moved} <= {jobs[0].number}


def test_the_model_gives_the_real_median() -> None:
    jobs = [job(n, hours=6, after=n * 3) for n in range(12)]
    share = whatif.calibrate(jobs, 1, DAYS)
    assert 0 < share < 1
    found = whatif.compare(jobs, Change(people={"7": 2}), people={"7": 1}, calendar=DAYS, at=END)
    real = whatif.compare(jobs, Change(promise=TWO_DAYS), people={}, calendar=DAYS, at=END)
    assert found.before[0].hours == pytest.approx(real.before[0].hours, rel=0.1)
    assert (found.after[0].hours or 0) < (found.before[0].hours or 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("this_evening")
class TestThePage:
    def test_it_compares_a_promise_and_other_people_and_writes_nothing(self, cast: Cast) -> None:
        a_day(cast)
        leader = at_desk(cast, cast.leader)
        page = text(leader.get(address))
        assert 'name="amount"' in page
        asked = text(leader.get(address, days="30", amount="0.1", unit="working_hour"))
        assert "按实际计时规则重新计算" in asked
        body = cast.here.organisations["property_company"].pk
        modelled = text(leader.get(address, **{f"people_{body}": "9"}))
        assert "推演" in modelled or f"people_{body}" not in page

    @pytest.mark.parametrize(
        "odd",
        [
            {"days": "0"},
            {"days": "9e9"},
            {"amount": "-1"},
            {"amount": "NaN"},
            {"amount": "1e99"},
            {"amount": "七"},
        ],
    )
    def test_what_cannot_be_read_is_named_and_nothing_breaks(self, cast: Cast, odd: dict[str, str]) -> None:
        answer = at_desk(cast, cast.dispatcher).get(address, **odd)
        assert answer.status_code == 200
        assert 'role="alert"' in text(answer)

    def test_others_are_kept_out(self, cast: Cast) -> None:
        assert at_desk(cast, cast.property_handler).get(address).status_code == 403


@pytest.mark.django_db
def test_comparing_without_a_change_says_so(cast: Cast) -> None:
    desk = at_desk(cast, cast.dispatcher)
    said = "还没有改动"
    assert said not in text(desk.get(address))
    assert said in text(desk.get(address + "?days=30&amount="))
