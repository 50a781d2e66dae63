"""What happens by itself goes on whatever the clocks say, and is not forgotten over a restart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection

from linli.cases.tests.cast import Cast
from linli.grids import queries as places
from linli.kernel import audit, clock
from linli.kernel.models import Heartbeat
from linli.site import timetable
from linli.site.timetable import AGAIN_SECONDS, Duty, Rounds

pytestmark = pytest.mark.django_db
Made = Callable[..., list[datetime]]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """Makes a timetable of one duty; gives the moments at which it ran."""

    def make(every: timedelta, run: Callable[[datetime], int] | None = None) -> list[datetime]:
        ran: list[datetime] = []

        def note(at: datetime) -> int:
            ran.append(at)
            return 1 if run is None else run(at)

        monkeypatch.setattr(timetable, "duties", lambda: (Duty("a.duty", every, note),))
        return ran

    return make


def test_the_worlds_clock_jumping_neither_stops_nor_hurries_a_duty(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = made(timedelta(seconds=5))
    rounds = Rounds()
    for tick, jump in [(0.0, 0), (4.9, 7200), (5.1, -7200), (9.9, 7200), (10.2, -7200)]:
        moved = clock.now() + timedelta(seconds=jump)
        monkeypatch.setattr(clock, "now", lambda moved=moved: moved)
        rounds.go(tick=tick)
    assert len(ran) == 3


def test_a_duty_is_given_the_databases_moment(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = made(timedelta(seconds=5))
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat("2030-01-01T00:00:00+08:00"))
    Rounds().go(tick=0.0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        assert timedelta(0) <= cursor.fetchone()[0] - ran[0] < timedelta(minutes=1)


def test_what_was_missed_while_nobody_worked_runs_at_once_and_the_rest_waits(made: Made) -> None:
    ran = made(timedelta(hours=24))
    Heartbeat.objects.create(name="a.duty", at=clock.of_database() - timedelta(hours=25))
    Rounds().go(tick=0.0)
    assert len(ran) == 1
    after_a_restart = Rounds()
    after_a_restart.go(tick=100.0)
    after_a_restart.go(tick=100.0 + 3600)
    assert len(ran) == 1
    after_a_restart.go(tick=100.0 + 86_401)
    assert len(ran) == 2


def test_a_duty_noted_in_the_future_waits_one_turn_and_not_until_then(made: Made) -> None:
    ran = made(timedelta(minutes=1))
    Heartbeat.objects.create(name="a.duty", at=clock.of_database() + timedelta(hours=2))
    rounds = Rounds()
    rounds.go(tick=0.0)
    rounds.go(tick=61.0)
    assert len(ran) == 1


def test_a_duty_that_fails_is_tried_again_soon_and_not_noted(made: Made) -> None:
    def fail(at: datetime) -> int:
        raise ValueError("broken")

    ran = made(timedelta(hours=24), fail)
    rounds = Rounds()
    rounds.go(tick=0.0)
    rounds.go(tick=AGAIN_SECONDS - 1)
    rounds.go(tick=AGAIN_SECONDS + 1)
    assert len(ran) == 2
    assert not Heartbeat.objects.exists()


def test_a_frequent_duty_with_nothing_to_do_is_still_noted_now_and_then(made: Made) -> None:
    ran = made(timedelta(seconds=1), lambda at: 0)
    rounds = Rounds()
    noted = set()
    for tick in range(100, 165):
        rounds.go(tick=float(tick))
        noted.add(Heartbeat.objects.get(name="a.duty").at)
    assert len(ran) == 65
    assert len(noted) == 3


def test_what_is_asked_every_few_seconds_costs_few_statements_while_nothing_happens(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(places.community_ids()) > 1
    monkeypatch.setattr(audit, "SEALER", audit.Sealer())
    often = [duty for duty in timetable.duties() if duty.every <= timedelta(seconds=10)]
    at = clock.of_database()
    for duty in often:
        duty.run(at)
    spent = {}
    for duty in often:
        before = connection.linli_statements  # type: ignore[attr-defined]  # our own backend counts
        assert duty.run(at + timedelta(seconds=1)) == 0, duty.name
        spent[duty.name] = connection.linli_statements - before  # type: ignore[attr-defined]  # as above
    assert {name: count for name, count in spent.items() if count > 5} == {}


def test_a_lane_runs_its_own_duties_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def duty(name: str, lane: str = timetable.HOUSE) -> Duty:
        def run(at: datetime) -> int:
            ran.append(name)
            return 0

        return Duty(name, timedelta(seconds=5), run, lane)

    monkeypatch.setattr(timetable, "duties", lambda: (duty("at.home"), duty("far.away", "outside")))
    assert timetable.lanes() == ("house", "outside")
    Rounds("outside").go(tick=0.0)
    assert ran == ["far.away"]
    Rounds().go(tick=0.0)
    assert ran == ["far.away", "at.home"]
