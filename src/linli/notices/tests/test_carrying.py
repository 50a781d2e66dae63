"""What becomes of a letter: carriers that are busy, stumble, die; receipts; groups; announcements; what is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from linli.cases.tests.cast import AT, Cast
from linli.notices.actions import carrying, gathering, keeping, mailing, receipts
from linli.notices.actions.telling import tell
from linli.notices.models import MailAddress, Notice, Preference, Robot
from linli.notices.ports import Carried, Letter, Result
from linli.notices.rules.addressing import To
from linli.notices.rules.delivery import LEASE, MOST_TRIES, State
from linli.notices.tests.told import MINUTE, Roads, carry, hear, notices, say

pytestmark = pytest.mark.django_db


def test_a_carrier_that_is_busy_is_asked_again_under_the_same_key(cast: Cast, roads: Roads) -> None:
    answers = iter(
        [Carried(Result.LATER, "busy", after=timedelta(minutes=2)), Carried(Result.SENT, reference="r")]
    )
    roads["wechat"].answer = lambda address, letter: next(answers)
    say(cast, cast.resident)
    carry(cast)
    assert carry(cast, AT + MINUTE) == 0
    assert carry(cast, AT + 3 * MINUTE) == 1
    assert len({letter.key for _a, letter in roads["wechat"].carried}) == 1
    assert notices(cast)[0].state == State.SENT.value


def test_a_carrier_that_stumbles_loses_nothing(cast: Cast, roads: Roads) -> None:
    def fall(address: str, letter: Letter) -> Carried:
        raise RuntimeError("no route")

    roads["wechat"].answer = fall
    say(cast, cast.resident)
    at = AT
    for _try in range(MOST_TRIES + 2):
        carry(cast, at)
        at += timedelta(minutes=40)
    assert len(roads["wechat"].carried) == MOST_TRIES
    assert len(roads["sms"].carried) == 1


def test_what_a_dead_worker_left_is_taken_up_under_the_same_key(cast: Cast, roads: Roads) -> None:
    say(cast, cast.resident)
    with cast.inside():
        _rows, going = carrying.claim(cast.here.id, AT)
        carrying.carry(going, AT)  # and dies before noting it
    assert carry(cast, AT + MINUTE) == 0
    assert carry(cast, AT + LEASE + MINUTE) == 1
    keys = [letter.key for _a, letter in roads["wechat"].carried]
    assert (len(keys), len(set(keys))) == (2, 1)
    with cast.inside():
        carrying.note(going, [Carried(Result.REFUSED, "late")], AT)  # a ghost comes back with its answer
    assert notices(cast)[0].state == State.SENT.value


def test_a_receipt_is_noted_once_and_a_bad_one_opens_the_next_road(cast: Cast, roads: Roads) -> None:
    say(cast, cast.resident)
    carry(cast)
    reference = f"ref-{roads['wechat'].carried[0][1].key}"
    assert receipts.receive(road="wechat", reference=reference, arrived=False, code="user_block", at=AT)
    assert receipts.receive(road="wechat", reference=reference, arrived=True, at=AT)  # too late: noted once
    assert not receipts.receive(road="sms", reference=reference, arrived=True, at=AT)
    carry(cast, AT + MINUTE)
    told = notices(cast)[0]
    assert (told.road, told.state) == ("sms", State.SENT.value)
    reference = f"ref-{roads['sms'].carried[0][1].key}"
    receipts.receive(road="sms", reference=reference, arrived=True, at=AT)
    assert notices(cast)[0].state == State.ARRIVED.value


def test_a_colleague_has_it_tried_again_under_a_new_key(cast: Cast, roads: Roads) -> None:
    from linli.kernel.access import Forbidden, NotFound  # noqa: PLC0415  (only here)

    for carrier in roads.values():
        carrier.answer = lambda address, letter: Carried(Result.REFUSED, "bad")
    say(cast, cast.resident)
    carry(cast)
    carry(cast, AT + MINUTE)
    told = notices(cast)[0]
    assert told.state == State.RESTING.value
    with pytest.raises(NotFound):
        keeping.again(actor=cast.elsewhere.people["dispatcher"].actor(), notice_id=told.pk, at=AT)
    roads["wechat"].answer = lambda address, letter: Carried(Result.SENT)
    later = AT + timedelta(days=4)
    keeping.again(actor=cast.dispatcher.actor(), notice_id=told.pk, at=later)
    carry(cast, later)
    assert notices(cast)[0].state == State.SENT.value
    assert len({letter.key for _a, letter in roads["wechat"].carried}) == 2
    keeping.read(actor=cast.resident.actor(), notice_id=told.pk, at=later)
    with pytest.raises(Forbidden):
        keeping.again(actor=cast.dispatcher.actor(), notice_id=told.pk, at=later)


def robot(cast: Cast, road: str = "wecom", *, body: bool = False, groups: list[str] | None = None) -> Robot:
    with cast.inside():
        return Robot.objects.create(
            community_id=cast.here.id,
            organisation=cast.property_company if body else None,
            road=road,
            name=f"群{road}{body}",
            address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=SECRET-CANARY",
            groups=groups or [],
            made_by_id=cast.leader.account_id,
            made_at=AT,
        )


def test_a_bodys_group_hears_of_its_work_and_the_room_of_its_own(
    cast: Cast, roads: Roads, facts: list[Any]
) -> None:
    robot(cast, "wecom", body=True)
    robot(cast, "dingtalk")
    robot(cast, "feishu", groups=["briefs"])
    cast.dispatched(cast.report().number)
    hear(facts)
    carry(cast)
    assert len(roads["wecom"].carried) == 1
    assert "照明" in roads["wecom"].words[0]
    assert len(roads["feishu"].carried) == 0


def test_a_heap_of_messages_to_one_group_becomes_one(cast: Cast, roads: Roads) -> None:
    robot(cast)
    with cast.inside():
        for number in range(8):
            tell(
                community_id=cast.here.id, kind="work_new", fact=f"n{number}", to=[To.room()],
                values=lambda language: {"number": "1", "matter": "照明"}, at=AT,
            )  # fmt: skip
    assert gathering.sweep(AT) == 8
    assert carry(cast) == 1
    assert roads["wecom"].words[0].count("·") == 8


def test_what_a_robot_is_reached_by_is_sealed(cast: Cast) -> None:
    robot(cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('linli.scope', %s, true)", [str(cast.here.id)])
    with cast.inside(), connection.cursor() as cursor:
        cursor.execute("SELECT address FROM notices_robot")
        assert b"CANARY" not in bytes(cursor.fetchone()[0])


def test_an_announcement_reaches_everybody_below_its_place_once(cast: Cast, roads: Roads) -> None:
    asked: dict[str, Any] = {
        "actor": cast.leader.actor(),
        "community_id": cast.here.id,
        "key": "publishing:1",
        "title": {"zh-hans": "停水通知", "en": "Water off"},
        "words": {"zh-hans": "明天 9 点到 12 点停水。", "en": "No water tomorrow from 9 to 12."},
        "link": "/",
        "at": AT,
    }
    mailing.announce(place_path=cast.building.path, **asked)
    mailing.announce(place_path=cast.building.path, **asked)
    assert mailing.spread(AT) == 2  # the resident and her neighbour
    assert mailing.spread(AT) == 0
    carry(cast)
    assert [letter.title for _a, letter in roads["wechat"].carried] == ["停水通知"] * 2
    other = {**asked, "key": "publishing:2"}
    mailing.announce(place_path=cast.other_grid.path, **other)
    assert mailing.spread(AT) == 0


def test_a_mailing_is_stopped_before_it_goes_out(cast: Cast, roads: Roads) -> None:
    from linli.kernel.access import Forbidden  # noqa: PLC0415  (only here)

    asked: dict[str, Any] = {
        "community_id": cast.here.id,
        "key": "p:1",
        "place_path": cast.here.place.path,
        "at": AT,
    }
    said: dict[str, Any] = {"title": {"zh-hans": "通知"}, "words": {"zh-hans": "内容"}}
    with pytest.raises(Forbidden):
        mailing.announce(actor=cast.resident.actor(), **asked, **said)
    with pytest.raises(Forbidden):
        mailing.announce(actor=cast.grid_worker.actor(), **asked, **said)
    mailing.announce(actor=cast.leader.actor(), **asked, **said)
    told = mailing.spread(AT)
    assert told > 0
    assert mailing.stop(actor=cast.leader.actor(), community_id=cast.here.id, key="p:1", at=AT) == told
    assert carry(cast) == 0


def test_nothing_is_left_of_who_is_erased(cast: Cast, roads: Roads) -> None:
    say(cast, cast.resident)
    carry(cast)
    Preference.objects.create(account_id=cast.resident.account_id, set_at=AT)
    MailAddress.objects.create(account_id=cast.resident.account_id, address="a@b.example", code_sent_at=AT)
    assert keeping.held(cast.resident.account_id)["email"] == "a@b.example"
    keeping.erase(cast.resident.account_id, AT)
    assert notices(cast) == []
    assert keeping.held(cast.resident.account_id) == {"notices": [], "choices": None, "email": None}


def test_what_ended_long_ago_is_forgotten_and_what_waits_to_be_read_given_up(
    cast: Cast, roads: Roads
) -> None:
    say(cast, cast.resident, fact="old")
    carry(cast)
    roads["wechat"].known = roads["sms"].known = {}
    say(cast, cast.resident, fact="new", at=AT + timedelta(days=360))
    carry(cast, AT + timedelta(days=360, minutes=1))
    assert gathering.rest(AT + timedelta(days=366)) == 0
    assert keeping.forget(AT + timedelta(days=366)) == 1
    assert [one.fact for one in notices(cast)] == ["new"]
    assert gathering.rest(AT + timedelta(days=430)) == 1
    assert notices(cast)[0].reason == "not_read"


def test_another_communitys_scope_shows_nothing(cast: Cast, roads: Roads) -> None:
    say(cast, cast.resident)
    with cast.inside(cast.elsewhere):
        assert Notice.objects.count() == 0
