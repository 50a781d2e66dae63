"""When the time comes: promises broken or nearly so, rungs of the ladder, letters past their day, pauses that end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from linli.cases.actions import sweeping
from linli.cases.models import Case, ClockRow, LadderRow, Move, Supervision
from linli.cases.queries import reference
from linli.cases.rules.workflow import State, Verb
from linli.cases.tests.cast import AT, FROM, Cast
from linli.grids.actions import wishes
from linli.kernel import audit, events
from linli.kernel.clock import LOCAL

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RUNGS = (
    # level, when, percent, amount, unit, act, days
    (1, "used", 50, "0", "hour", "remind", "1"),
    (2, "broken", 0, "0", "hour", "tell_body", "1"),
    (3, "broken", 0, "24", "hour", "tell_leader", "1"),
    (4, "broken", 0, "48", "hour", "supervise", "2"),
    (5, "broken", 0, "5", "working_day", "talk", "3"),
)


def lay_ladder(community_id: int, stage: str = "sign", urgency: str = "") -> None:
    for level, when, percent, amount, unit, act, days in RUNGS:
        LadderRow.objects.create(
            community_id=community_id, stage=stage, urgency=urgency, level=level, when=when, percent=percent,
            amount=Decimal(amount), unit=unit, act=act, days=Decimal(days), valid_from=FROM,
        )  # fmt: skip
    reference.forget(community_id)


@contextmanager
def heard() -> Iterator[list[Any]]:
    """The facts that are published meanwhile."""
    found: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        real = events.publish

        def publish(*facts: Any) -> None:
            found.extend(facts)
            real(*facts)

        patch.setattr(events, "publish", publish)
        yield found


def names(facts: list[Any]) -> list[str]:
    return [type(one).__name__ for one in facts]


def swept(at: datetime) -> list[Any]:
    with heard() as facts:
        sweeping.sweep(at)
    return facts


def acts(cast: Cast, number: str) -> list[str]:
    with cast.inside():
        moves = Move.objects.filter(case__number=number, verb=Verb.ESCALATE.value).order_by("seq")
        return [move.data["act"] for move in moves]


def clock_of(cast: Cast, number: str, stage: str) -> ClockRow:
    with cast.inside():
        return ClockRow.objects.filter(case__number=number, stage=stage).latest("round")


class TestPromises:
    """What is broken or nearly so is said once."""

    def test_a_broken_promise_is_said_once(self, cast: Cast) -> None:
        case = cast.dispatched(cast.report().number)
        assert case.due_at is not None
        assert "PromiseBroken" not in names(swept(case.due_at))
        late = case.due_at + timedelta(seconds=1)
        assert names(swept(late)) == ["PromiseBroken"]
        assert swept(late + timedelta(seconds=1)) == []

    def test_a_reminder_comes_before_the_break_and_once(self, cast: Cast) -> None:
        number = cast.dispatched(cast.report().number).number
        clock = clock_of(cast, number, "sign")
        assert clock.at_risk_at is not None
        assert names(swept(clock.at_risk_at - timedelta(seconds=1))) == []
        assert names(swept(clock.at_risk_at)) == ["PromiseAtRisk"]
        assert swept(clock.at_risk_at + timedelta(seconds=1)) == []

    def test_what_is_broken_already_is_not_reminded_of(self, cast: Cast) -> None:
        case = cast.dispatched(cast.report().number)
        assert case.due_at is not None
        assert names(swept(case.due_at + timedelta(seconds=1))) == ["PromiseBroken"]

    def test_a_reminder_waits_for_the_morning_but_not_a_critical_one(self, cast: Cast) -> None:
        calm = cast.dispatched(cast.report().number).number
        with cast.inside():
            night = datetime(2026, 11, 23, 23, 30, tzinfo=LOCAL)
            ClockRow.objects.filter(case__number=calm).update(at_risk_at=night, due_at=night + 12 * HOUR)
            assert names(swept(night)) == []
            assert "PromiseAtRisk" in names(swept(datetime(2026, 11, 24, 7, 0, tzinfo=LOCAL)))
            ClockRow.objects.filter(case__number=calm).update(reminded_at=None)
            Case.objects.filter(number=calm).update(urgency="critical")
            assert "PromiseAtRisk" in names(swept(night))

    def test_more_time_lets_the_reminder_come_again(self, cast: Cast) -> None:
        number = cast.dispatched(cast.report().number).number
        cast.move(number, Verb.SIGN, cast.property_handler)
        clock = clock_of(cast, number, "resolve")
        assert clock.at_risk_at is not None
        risk = clock.at_risk_at.astimezone(LOCAL).replace(hour=12)
        swept(risk)
        assert clock_of(cast, number, "resolve").reminded_at is not None
        cast.move(
            number, Verb.ASK, cast.property_handler, at=risk, request="extend", amount=Decimal(2), note="缺件"
        )
        cast.move(number, Verb.DECIDE, cast.leader, at=risk + HOUR, granted=True)
        again = clock_of(cast, number, "resolve")
        assert again.reminded_at is None
        assert again.at_risk_at is not None
        assert again.at_risk_at > clock.at_risk_at


class TestTheLadder:
    """Rung by rung."""

    def test_each_rung_is_climbed_once_and_told(self, cast: Cast) -> None:
        lay_ladder(cast.here.id)
        number = cast.dispatched(cast.report().number).number
        due = clock_of(cast, number, "sign").due_at
        assert due is not None
        swept(AT + timedelta(seconds=1))
        assert acts(cast, number) == []
        facts = [
            one
            for one in swept(AT + 3 * HOUR + timedelta(minutes=35))
            if type(one).__name__ == "LadderClimbed"
        ]
        assert [(one.level, one.act, one.number) for one in facts] == [(1, "remind", number)]
        for later in (due + timedelta(minutes=1), due + timedelta(minutes=2)):
            swept(later)
        assert acts(cast, number) == ["remind", "tell_body"]
        assert not cast.case(number).escalated
        morning = (due + 30 * HOUR).astimezone(LOCAL).replace(hour=9)
        swept(morning + DAY)
        assert acts(cast, number) == ["remind", "tell_body", "tell_leader"]
        assert cast.case(number).escalated

    def test_a_late_worker_climbs_everything_that_is_due_in_order(self, cast: Cast) -> None:
        lay_ladder(cast.here.id)
        number = cast.dispatched(cast.report().number).number
        swept(AT + 20 * DAY)
        assert acts(cast, number) == ["remind", "tell_body", "tell_leader", "supervise", "talk"]
        case = cast.case(number)
        with cast.inside():
            seqs = list(Move.objects.filter(case=case).order_by("seq").values_list("seq", flat=True))
            letters = {one.kind: one for one in Supervision.objects.filter(case=case)}
            entries = audit.entries(community_id=cast.here.id, object=f"case:{number}")
        assert seqs == list(range(1, case.version + 1))
        assert sum(entry.verb == "case.escalate" for entry in entries) == 5
        assert set(letters) == {"letter", "talk"}
        assert letters["letter"].supervisor_id == cast.leader.account_id
        assert letters["letter"].organisation_id == cast.property_company.pk
        assert case.supervised_until == min(one.due_at for one in letters.values())
        assert swept(AT + 20 * DAY + timedelta(seconds=5)) == []

    def test_a_rung_waits_for_the_morning_unless_the_case_is_critical(self, cast: Cast) -> None:
        lay_ladder(cast.here.id)
        calm, grave = cast.report(key="a").number, cast.report("煤气泄漏，快来人", key="b").number
        for number in (calm, grave):
            cast.dispatched(number)
        with cast.inside():
            Case.objects.filter(number=grave).update(urgency="critical")
        night = datetime(2026, 11, 23, 22, 30, tzinfo=LOCAL)
        swept(night)
        assert acts(cast, calm) == []
        assert "remind" in acts(cast, grave)
        swept(datetime(2026, 11, 24, 6, 59, 59, tzinfo=LOCAL))
        assert acts(cast, calm) == []
        swept(datetime(2026, 11, 24, 7, 0, 1, tzinfo=LOCAL))
        assert acts(cast, calm)[:1] == ["remind"]

    def test_a_community_without_a_ladder_climbs_nothing(self, cast: Cast) -> None:
        number = cast.dispatched(cast.report().number).number
        swept(AT + 20 * DAY)
        assert acts(cast, number) == []
        assert clock_of(cast, number, "sign").ladder_at is None

    def test_a_new_round_is_climbed_anew(self, cast: Cast) -> None:
        lay_ladder(cast.here.id)
        number = cast.dispatched(cast.report().number).number
        swept(AT + 20 * DAY)
        cast.move(
            number,
            Verb.RETURN,
            cast.property_handler,
            at=AT + 20 * DAY,
            reason="wrong_place",
            note="不在红线内",
        )
        cast.move(number, Verb.RULE, cast.dispatcher, at=AT + 20 * DAY, ruling="overruled", note="在红线内")
        before = len(acts(cast, number))
        swept(AT + 21 * DAY + 6 * HOUR)
        assert acts(cast, number)[before:] == ["remind", "tell_body"]

    def test_stopping_a_promise_ends_its_ladder(self, cast: Cast) -> None:
        lay_ladder(cast.here.id)
        number = cast.dispatched(cast.report().number).number
        cast.move(number, Verb.SIGN, cast.property_handler, at=AT + HOUR)
        swept(AT + 20 * DAY)
        assert acts(cast, number) == []

    def test_other_communities_keep_their_own_ladder(self, cast: Cast) -> None:
        lay_ladder(cast.elsewhere.id)
        number = cast.dispatched(cast.report().number).number
        swept(AT + 20 * DAY)
        assert acts(cast, number) == []

    def test_a_letter_that_stands_is_left_to_stand(self, cast: Cast) -> None:
        lay_ladder(cast.here.id)
        number = cast.dispatched(cast.report().number).number
        cast.move(number, Verb.SUPERVISE, cast.leader, until=AT + 30 * DAY, note="每天报进度")
        swept(AT + 20 * DAY)
        with cast.inside():
            held = Supervision.objects.filter(case__number=number, kind="letter")
            assert [one.words for one in held] == ["每天报进度"]


class TestLettersAndPauses:
    """What was to be answered, and what was to go on."""

    def test_a_letter_past_its_day_is_said_once_and_never_when_answered(self, cast: Cast) -> None:
        number = cast.dispatched(cast.report().number).number
        cast.move(number, Verb.SUPERVISE, cast.leader, until=AT + DAY, note="周二前办结")
        assert "LetterOverdue" not in names(swept(AT + DAY))
        assert names(swept(AT + DAY + HOUR)).count("LetterOverdue") == 1
        assert "LetterOverdue" not in names(swept(AT + DAY + 2 * HOUR))
        other = cast.dispatched(cast.report(key="other").number).number
        cast.move(other, Verb.SUPERVISE, cast.leader, until=AT + DAY, note="周二前办结")
        cast.move(other, Verb.EXPLAIN, cast.property_handler, at=AT + HOUR, note="明天到货")
        assert "LetterOverdue" not in names(swept(AT + DAY + 3 * HOUR))

    def paused(self, cast: Cast, until: datetime, key: str = "") -> str:
        number = cast.dispatched(cast.report(key=key).number).number
        cast.move(number, Verb.SIGN, cast.property_handler, at=AT)
        cast.move(
            number, Verb.ASK, cast.property_handler, at=AT + HOUR, request="pause", until=until, note="等配件"
        )
        cast.move(number, Verb.DECIDE, cast.dispatcher, at=AT + 2 * HOUR, granted=True)
        return number

    def test_a_pause_ends_by_itself_and_the_clock_runs_on_from_its_own_moment(self, cast: Cast) -> None:
        until = AT + 2 * DAY
        number = self.paused(cast, until)
        assert cast.case(number).due_at is None or cast.case(number).state == State.PAUSED
        swept(until - timedelta(seconds=1))
        assert cast.case(number).state == State.PAUSED
        facts = swept(until + 6 * HOUR)
        case = cast.case(number)
        assert case.state == State.HANDLING
        assert case.due_at is not None
        assert [one.verb for one in facts if type(one).__name__ == "CaseMoved"] == ["resume"]
        clock = clock_of(cast, number, "resolve")
        assert datetime.fromisoformat(clock.pauses[-1]["until"]) == until
        swept(until + 7 * HOUR)
        assert cast.case(number).version == case.version

    def test_only_the_last_pause_says_until_when(self, cast: Cast) -> None:
        number = self.paused(cast, AT + 2 * DAY)
        cast.move(number, Verb.RESUME, cast.property_handler, at=AT + 3 * HOUR)
        cast.move(
            number,
            Verb.ASK,
            cast.property_handler,
            at=AT + 4 * HOUR,
            request="hang",
            until=AT + 9 * DAY,
            note="等预算",
        )
        cast.move(number, Verb.DECIDE, cast.dispatcher, at=AT + 5 * HOUR, granted=True)
        swept(AT + 3 * DAY)
        assert cast.case(number).state == State.PAUSED
        swept(AT + 10 * DAY)
        assert cast.case(number).state == State.HANDLING


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_climb_each_rung_once(committed_cast: Cast) -> None:
    cast = committed_cast
    lay_ladder(cast.here.id)
    numbers = [cast.dispatched(cast.report(key=f"k{n}", limited=False).number).number for n in range(6)]
    at, wrong = AT + 20 * DAY, list[BaseException]()

    def work() -> None:
        try:
            sweeping.sweep(at)
        except BaseException as error:  # noqa: BLE001  (told below)
            wrong.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    sweeping.sweep(at)
    assert wrong == []
    for number in numbers:
        assert acts(cast, number) == ["remind", "tell_body", "tell_leader", "supervise", "talk"]
    with cast.inside():
        serials = list(Supervision.objects.filter(kind="letter").values_list("serial", flat=True))
    assert sorted(serials) == list(range(1, 7))


def test_quiet_hours_are_the_communitys_own(cast: Cast) -> None:
    night = datetime(2026, 11, 23, 23, 30, tzinfo=LOCAL)
    assert sweeping.is_quiet(cast.here.id, night)
    wishes.set_setting(
        actor=cast.leader.actor(), community_id=cast.here.id, key="quiet_hours", value="", at=AT
    )
    assert not sweeping.is_quiet(cast.here.id, night)
