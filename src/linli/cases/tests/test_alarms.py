from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.cases.actions import alarms
from linli.cases.actions import report as reporting
from linli.cases.models import Alarm, Case, Move
from linli.cases.queries import alarms as asked
from linli.cases.rules.intake import Channel, Report
from linli.cases.rules.promises import Urgency
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db
FIRE = "3号楼着火了，快来人"


def alarm_of(cast: Cast, number: str) -> Alarm | None:
    with cast.inside():
        return Alarm.objects.filter(case__number=number).order_by("-pk").first()


def said(cast: Cast, words: str, **more: Any) -> str:
    return cast.report(words=words, **more).number


def test_words_of_danger_raise_the_case_and_ring_at_once(cast: Cast) -> None:
    number = said(cast, FIRE)
    alarm = alarm_of(cast, number)
    assert alarm is not None
    assert (alarm.kinds, alarm.cause, alarm.level, alarm.answered_at) == ("fire help", "words", 0, None)
    assert alarm.next_at == AT + timedelta(minutes=3)
    assert cast.case(number).urgency == "critical"
    with cast.inside():
        kept = Move.objects.get(case__number=number, seq=1).data["urgent"]
    assert kept["list"].startswith("list-")
    assert "fire.burning" in kept["lines"]
    assert "着火" not in str(kept)  # codes, never words: moves are kept for ever


def test_an_ordinary_report_rings_nobody(cast: Cast) -> None:
    assert alarm_of(cast, said(cast, "路灯不亮")) is None


def test_the_reporters_tap_rings_whatever_the_words_are(cast: Cast) -> None:
    number = said(cast, "请快一点过来看看", danger=True)
    alarm = alarm_of(cast, number)
    assert alarm is not None
    assert (alarm.cause, alarm.kinds) == ("tap", "")
    assert cast.case(number).urgency == "critical"


def test_what_was_imported_never_rings(cast: Cast) -> None:
    receipt = reporting.report(
        actor=cast.dispatcher.actor(),
        community_id=cast.here.id,
        report=Report(FIRE, Channel.IMPORT, batch="b1", outside_number="7"),
        at=AT,
        limited=False,
    )
    assert alarm_of(cast, receipt.number) is None
    assert cast.case(receipt.number).urgency == "critical"


def test_over_the_limit_danger_rings_all_the_same(cast: Cast) -> None:
    numbers = [said(cast, f"{FIRE} {n}") for n in range(30)]
    quarantined = [number for number in numbers if cast.case(number).quarantined]
    assert quarantined
    assert all(alarm_of(cast, number) for number in quarantined)


def test_taking_in_a_report_of_danger_costs_not_one_statement_more(cast: Cast) -> None:
    said(cast, FIRE)  # what the community decided is in the process now

    def statements(words: str) -> int:
        with CaptureQueriesContext(connection) as made:
            said(cast, words)
        return len([one for one in made if "linli.scope" not in one["sql"]])

    assert statements("路灯不亮") == statements(FIRE + "！！")


@pytest.mark.parametrize("words", ["我不想活了", "老公又打我了，我躲在卫生间里"])
def test_self_harm_and_violence_are_never_published_even_with_consent(cast: Cast, words: str) -> None:
    assert cast.case(said(cast, words, publish=True)).publish is False
    assert cast.case(said(cast, "路灯不亮", publish=True)).publish is True


def test_a_person_answers_it_for_all_and_the_first_one_counts(cast: Cast) -> None:
    number = said(cast, FIRE)
    dispatcher, worker = cast.dispatcher, cast.grid_worker
    first = alarms.answer(actor=dispatcher.actor(), number=number, at=AT + timedelta(seconds=40))
    again = alarms.answer(actor=worker.actor(), number=number, at=AT + timedelta(seconds=50))
    assert first is not None
    assert again is not None
    assert again.answered_by_id == dispatcher.account_id
    assert again.answered_at == AT + timedelta(seconds=40)
    assert again.next_at is None
    with cast.inside():
        entry = AuditEntry.objects.get(verb="case.answer_alarm")
    assert entry.detail["seconds"] == 40
    with cast.inside():
        assert asked.ringing_in([cast.here.id]) == ()


def test_what_rings_is_heard_by_the_desk_and_by_whoever_serves_there_and_by_nobody_else(cast: Cast) -> None:
    number = said(cast, FIRE)
    heard = {
        name: [one.number for one in _ringing(cast, name)]
        for name in ("dispatcher", "community_leader", "grid_worker", "property_manager", "auditor")
        if _has(cast, name)
    }
    assert heard["dispatcher"] == [number]
    assert all(not found for name, found in heard.items() if name in {"property_manager", "auditor"})


def _has(cast: Cast, name: str) -> bool:
    try:
        getattr(cast, name)
    except AttributeError:
        return False
    return True


def _ringing(cast: Cast, name: str) -> Any:
    actor = getattr(cast, name).actor()
    with cast.inside():
        return asked.ringing_for(actor)


def test_nobody_of_another_community_and_no_resident_answers_it(cast: Cast) -> None:
    number = said(cast, FIRE)
    for stranger in (cast.elsewhere.people["dispatcher"], cast.resident, cast.stranger):
        with pytest.raises((NotFound, Forbidden)):
            alarms.answer(actor=stranger.actor(), number=number, at=AT)
    held = alarm_of(cast, number)
    assert held is not None
    assert held.answered_at is None


def test_whoever_moves_the_case_has_answered_it(cast: Cast) -> None:
    number = said(cast, FIRE)
    cast.move(number, Verb.ACCEPT, cast.dispatcher, category_code="facilities.lighting", urgency="normal")
    held = alarm_of(cast, number)
    assert held is not None
    assert held.answered_by_id == cast.dispatcher.account_id
    assert held.answered_verb == "accept"


def test_a_withdrawn_report_goes_on_ringing_until_a_person_has_looked(cast: Cast) -> None:
    number = said(cast, FIRE)
    cast.move(number, Verb.WITHDRAW, cast.resident)
    held = alarm_of(cast, number)
    assert held is not None
    assert held.answered_at is None


def test_what_a_reporter_adds_may_ring_and_rings_again_after_an_answer(cast: Cast) -> None:
    number = said(cast, "楼道里有股怪味")
    assert alarm_of(cast, number) is None
    cast.move(number, Verb.ADD, cast.resident, words="现在闻到很浓的煤气味，有人晕倒了")
    held = alarm_of(cast, number)
    assert held is not None
    assert (held.cause, cast.case(number).urgency) == ("added", Urgency.CRITICAL)
    cast.move(number, Verb.ADD, cast.resident, words="着火了")
    assert _count(cast, number) == 1
    alarms.answer(actor=cast.dispatcher.actor(), number=number, at=AT)
    cast.move(number, Verb.ADD, cast.resident, words="又着火了")
    assert _count(cast, number) == 2
    again = alarm_of(cast, number)
    assert again is not None
    assert again.answered_at is None


def _count(cast: Cast, number: str) -> int:
    with cast.inside():
        return Alarm.objects.filter(case__number=number).count()


def test_unanswered_it_goes_on_to_more_people_three_times_and_each_time_once(cast: Cast) -> None:
    number = said(cast, FIRE)
    assert alarms.sweep_unanswered(AT + timedelta(minutes=2, seconds=59)) == 0
    levels = []
    for minutes in (3, 3, 6, 11, 12, 60):
        alarms.sweep_unanswered(AT + timedelta(minutes=minutes))
        held = alarm_of(cast, number)
        assert held is not None
        levels.append(held.level)
    assert levels == [1, 1, 2, 2, 3, 3]
    assert held is not None
    assert held.next_at is None
    assert held.answered_at is None
    assert cast.case(number).escalated


def test_an_answered_alarm_goes_on_to_nobody(cast: Cast) -> None:
    number = said(cast, FIRE)
    alarms.answer(actor=cast.dispatcher.actor(), number=number, at=AT)
    assert alarms.sweep_unanswered(AT + timedelta(hours=1)) == 0


def test_how_soon_alarms_were_answered_is_a_figure(cast: Cast) -> None:
    for wait in (10, 40, 90):
        number = said(cast, f"{FIRE}{wait}")
        alarms.answer(actor=cast.dispatcher.actor(), number=number, at=AT + timedelta(seconds=wait))
    said(cast, FIRE + "又一处")
    with cast.inside():
        found = asked.answered(cast.here.id, start=AT, end=AT + timedelta(days=1))
        nothing = asked.answered(cast.here.id, start=AT - timedelta(days=1), end=AT)
    assert (found.rung, found.answered, found.median_seconds, found.longest_seconds) == (4, 3, 40, 90)
    assert (nothing.rung, nothing.median_seconds) == (0, None)


def test_alarms_of_another_community_are_behind_the_wall(cast: Cast) -> None:
    number = said(cast, FIRE)
    with cast.inside():
        assert Case.objects.filter(number=number).exists()
    assert not Alarm.objects.exists()  # no community entered: the database shows none
