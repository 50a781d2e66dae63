"""From a fact to whoever hears it: once, in their words, by the road they chose."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast
from linli.notices.actions import gathering, keeping
from linli.notices.models import Attempt, KindChoice, Preference
from linli.notices.ports import Carried, Result
from linli.notices.rules.delivery import State
from linli.notices.tests.told import MINUTE, Roads, carry, hear, notices, only, say

pytestmark = pytest.mark.django_db


def test_a_resident_hears_the_whole_way_of_a_case_in_plain_words(
    cast: Cast, roads: Roads, facts: list[Any]
) -> None:
    number = cast.report().number
    cast.settled(number)
    hear(facts)
    hear(facts)  # a worker that died and came back
    mine = notices(cast, person=cast.resident)
    assert [one.kind for one in mine] == ["case_dispatched", "case_settled"]
    assert "已交安居物业办理" in mine[0].title
    assert "灯泡已更换" in mine[1].words
    assert mine[1].link == f"/case/{number}/"


def test_the_receipt_of_a_report_by_phone_goes_to_the_phone_that_was_left(cast: Cast, roads: Roads) -> None:
    from linli.cases.events import CaseReported  # noqa: PLC0415  (only here)

    receipt = cast.report(by=cast.nobody, contact_phone="13900001111", contact_name="钱某")
    hear([CaseReported(cast.here.id, receipt.number, AT, "page")])
    assert carry(cast) == 1
    address, letter = roads["sms"].carried[0]
    assert address.endswith("13900001111")
    assert receipt.number[-6:] in letter.words
    assert "13900001111" not in letter.words + letter.key


def test_colleagues_hear_of_their_work_and_residents_do_not(
    cast: Cast, roads: Roads, facts: list[Any]
) -> None:
    cast.dispatched(cast.report().number)
    hear(facts)
    assert only(cast, "work_sent", cast.property_handler).title == "有新的派单"
    assert notices(cast, "work_sent", cast.resident) == []
    assert notices(cast, "work_sent", cast.department_handler) == []


def test_who_was_told_that_two_reports_are_one_is_told_that_they_are_not(
    cast: Cast, roads: Roads, facts: list[Any]
) -> None:
    head, other = cast.report().number, cast.report("门口灯坏了", by=cast.neighbour).number
    cast.move(other, Verb.MERGE, cast.dispatcher, target=head)
    cast.move(other, Verb.PART, cast.dispatcher, note="不是同一盏")
    hear(facts)
    assert [one.kind for one in notices(cast, person=cast.neighbour)] == ["case_merged", "case_parted"]
    told = only(cast, "case_parted", cast.neighbour)
    assert "单独办理" in told.title
    assert "不是同一盏" not in told.words
    assert notices(cast, "case_parted", cast.resident) == []


def test_a_letter_is_called_as_on_its_paper(cast: Cast, roads: Roads, facts: list[Any]) -> None:
    number = cast.dispatched(cast.report().number).number
    until = AT + timedelta(days=2)
    cast.move(number, Verb.SUPERVISE, cast.leader, until=until, note="请两日内办结")
    hear(facts)
    assert only(cast, "work_letter", cast.property_handler).title == f"收到督办〔{AT.year}〕1号"


def test_a_return_goes_to_the_desk_and_a_refusal_with_its_reason_to_the_resident(
    cast: Cast, roads: Roads, facts: list[Any]
) -> None:
    number = cast.report().number
    cast.dispatched(number)
    cast.move(number, Verb.RETURN, cast.property_handler, reason="wrong_place", note="不在小区内")
    hear(facts)
    assert "安居物业" in only(cast, "work_returned", cast.dispatcher).words
    other = cast.report("楼道里堆了很多杂物没人管").number
    facts.clear()
    cast.move(
        other, Verb.DECLINE, cast.dispatcher, reason="in_court", answer="此事法院正在审理，请等待判决。"
    )
    hear(facts)
    told = only(cast, "case_declined", cast.resident)
    assert "法院" in told.words


def test_nothing_of_a_discreet_case_stands_on_a_lock_screen(
    cast: Cast, roads: Roads, facts: list[Any]
) -> None:
    number = cast.report("我被家暴了，不敢回家").number
    cast.move(number, Verb.ACCEPT, cast.dispatcher, category_code="family")
    cast.move(number, Verb.DECLINE, cast.dispatcher, reason="unclear", answer="请到社区面谈家庭纠纷的事。")
    hear(facts)
    told = only(cast, "case_declined", cast.resident)
    assert "家" not in told.words
    assert "8 栋" not in told.words


def test_an_alarm_reaches_everybody_on_duty_there_at_any_hour(
    cast: Cast, roads: Roads, facts: list[Any]
) -> None:
    night = AT.replace(hour=23, minute=30)
    number = cast.report("厨房煤气漏了，味道很大", at=night, danger=True).number
    from linli.cases.events import UrgentRaised  # noqa: PLC0415  (intake publishes it inside its statement)

    hear([UrgentRaised(cast.here.id, number, night, "gas", "tap")])
    told = {one.account_id for one in notices(cast, "alarm_raised")}
    assert {cast.dispatcher.account_id, cast.leader.account_id, cast.grid_worker.account_id} <= told
    assert cast.other_grid_worker.account_id not in told
    assert carry(cast, night) == len(told)
    assert all("燃气" in letter.words or "煤气" in letter.words for _a, letter in roads["wechat"].carried)


def test_an_import_tells_nobody(cast: Cast, roads: Roads) -> None:
    from linli.cases.events import CaseMoved  # noqa: PLC0415  (only here)
    from linli.cases.models import Case  # noqa: PLC0415  (as above)

    number = cast.report().number
    with cast.inside():
        Case.objects.filter(number=number).update(batch="old-table", outside_number="7")
    hear([CaseMoved(cast.here.id, number, AT, "report", "", "reported", 1)])
    assert notices(cast) == []


def test_wechat_first_then_sms_then_the_page(cast: Cast, roads: Roads) -> None:
    roads["wechat"].answer = lambda address, letter: Carried(Result.CLOSED, "no_subscription")
    roads["sms"].known = {}
    say(cast, cast.resident)
    carry(cast)
    told = notices(cast)[0]
    assert (told.state, told.reason) == (State.WAITING.value, "no_subscription")
    carry(cast, AT + MINUTE)
    told = notices(cast)[0]
    assert (told.state, told.reason) == (State.RESTING.value, "no_address")
    with cast.inside():
        assert [(one.road, one.result) for one in Attempt.objects.all()] == [("wechat", "closed")]


def test_english_is_spoken_to_who_wants_it(cast: Cast, roads: Roads) -> None:
    Preference.objects.create(account_id=cast.resident.account_id, language="en", set_at=AT)
    say(cast, cast.resident)
    assert "Lighting" in notices(cast)[0].words
    carry(cast)
    assert roads["wechat"].carried[0][1].language == "en"


def test_a_road_switched_off_is_not_gone(cast: Cast, roads: Roads) -> None:
    Preference.objects.create(account_id=cast.resident.account_id, off=["cases:wechat"], set_at=AT)
    say(cast, cast.resident)
    carry(cast)
    assert (len(roads["wechat"].carried), len(roads["sms"].carried)) == (0, 1)


def test_a_community_may_switch_a_kind_off_but_no_alarm(cast: Cast, roads: Roads) -> None:
    for kind in ("case_settled", "alarm_raised"):
        KindChoice.objects.create(
            community_id=cast.here.id,
            kind=kind,
            on=False,
            roads=["sms"],
            valid_from=AT,
            set_by_id=cast.leader.account_id,
        )
    say(cast, cast.resident)
    say(cast, cast.dispatcher, kind="alarm_raised")
    assert [one.kind for one in notices(cast)] == ["alarm_raised"]


def test_at_night_it_waits_even_when_the_worker_was_away(cast: Cast, roads: Roads) -> None:
    say(cast, cast.resident)
    night = AT.replace(hour=23)
    assert carry(cast, night) == 0
    assert notices(cast)[0].next_at == (night + timedelta(hours=8))
    assert carry(cast, AT + timedelta(days=1)) == 1


def test_what_nobody_needs_to_hear_any_more_rests_on_the_page(cast: Cast, roads: Roads) -> None:
    say(cast, cast.resident)
    assert carry(cast, AT + timedelta(days=3)) == 0
    assert (notices(cast)[0].state, notices(cast)[0].reason) == (State.RESTING.value, "too_late")


def test_read_on_the_page_it_is_carried_no_more(cast: Cast, roads: Roads) -> None:
    say(cast, cast.resident)
    keeping.read_all(actor=cast.resident.actor(), at=AT)
    assert carry(cast, AT + MINUTE) == 0
    assert notices(cast)[0].state == State.READ.value


def test_the_digest_tells_the_days_ordinary_news_in_one(cast: Cast, roads: Roads) -> None:
    Preference.objects.create(account_id=cast.resident.account_id, digest=True, set_at=AT)
    for fact in ("a", "b", "c"):
        say(cast, cast.resident, fact=fact, kind="case_accepted")
    say(cast, cast.resident, fact="d")
    assert carry(cast) == 1  # what is prompt does not wait
    evening = AT.replace(hour=18, minute=1)
    assert gathering.sweep(evening) == 3
    assert gathering.sweep(evening) == 0
    carry(cast, evening)
    digest = only(cast, "digest", cast.resident)
    assert digest.words.startswith("铝兴社区今天有 3 条消息")
    assert {one.state for one in notices(cast, "case_accepted")} == {State.GATHERED.value}
    assert len(roads["wechat"].carried) == 2


def test_a_single_notice_needs_no_digest(cast: Cast, roads: Roads) -> None:
    Preference.objects.create(account_id=cast.resident.account_id, digest=True, set_at=AT)
    say(cast, cast.resident, kind="case_accepted")
    evening = AT.replace(hour=18, minute=1)
    gathering.sweep(evening)
    assert carry(cast, evening) == 1
    assert notices(cast, "digest") == []
