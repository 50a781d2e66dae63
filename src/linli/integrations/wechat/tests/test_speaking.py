from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from linli.cases.tests.cast import AT, sign_in
from linli.integrations.wechat import carrier, platform, saying
from linli.integrations.wechat.actions import binding, consent
from linli.integrations.wechat.models import (
    Follower,
    NoticeTemplate,
    OfficialAccount,
    Outgoing,
    PlatformToken,
)
from linli.integrations.wechat.rules import filling
from linli.integrations.wechat.tests.stage import APP_ID, KEY, ORIGINAL, TOKEN, Chat
from linli.kernel import outside
from linli.kernel.access import Forbidden
from linli.notices.ports import Letter, Result
from linli.people.models import Account

pytestmark = pytest.mark.django_db
FIELDS = {"character_string1": "number", "thing2": "matter", "phrase3": "'已办结'"}


def report(chat: Chat) -> str:
    chat.say("8栋门口的路灯不亮，晚上看不见路")
    chat.say("1")
    return chat.cases()[-1].number


def letter(chat: Chat, key: str = "n1", kind: str = "case_settled") -> Letter:
    number = chat.cases()[-1].number
    return Letter(
        key=key, community_id=chat.cast.here.id, kind=kind, title="办结", words="您反映的路灯已修好。", language="zh-hans",
        link=f"http://127.0.0.1:8000/case/{number}/", fields={"number": f"{number[:6]}-{number[6:]}", "matter": "照明"},
    )  # fmt: skip


def carry(chat: Chat, *letters: Letter) -> list[Any]:
    road = carrier.WechatCarrier()
    person = chat.follower().person_id
    address = road.address(
        community_id=chat.cast.here.id, account_id=person, organisation_id=None, at=chat.now
    )
    return list(road.carry([(address or str(chat.follower().pk), one) for one in letters], at=chat.now))


def template(chat: Chat) -> None:
    chat.other.template(APP_ID, "t1", "办结通知", tuple(FIELDS))
    with chat.inside():
        NoticeTemplate.objects.create(
            community_id=chat.cast.here.id, account=chat.account, kind="case_settled", template_id="t1", fields=FIELDS,
            changed_at=AT,
        )  # fmt: skip


def calls(chat: Chat, end: str) -> int:
    return sum(path.endswith(end) for path, _ in chat.other.calls)


# --- notices ------------------------------------------------------------------------------------------------------


def test_in_the_window_a_notice_goes_into_the_chat_once_and_asks_for_the_mark(chat: Chat) -> None:
    number = report(chat)
    chat.cast.settled(number)
    first, again = carry(chat, letter(chat), letter(chat))
    assert (first.result, again.result) == (Result.SENT, Result.SENT)
    assert calls(chat, "custom/send") == 1
    assert "路灯已修好" in chat.told()[-1]
    assert f"/sign-in/wechat/{KEY}/?next=/case/{number}/" in chat.told()[-1]
    assert "谢谢" in chat.say("5")
    assert chat.cases()[0].stars == 5


def test_the_receipt_is_not_given_twice(chat: Chat) -> None:
    report(chat)
    assert carry(chat, letter(chat, kind="case_received"))[0].result is Result.SENT
    assert calls(chat, "custom/send") == 0


def test_after_the_window_it_takes_a_consent_and_spends_it(chat: Chat) -> None:
    report(chat)
    template(chat)
    chat.other.agree(APP_ID, chat.openid, "t1")
    chat.now += timedelta(days=3)
    (sent,) = carry(chat, letter(chat))
    assert sent.result is Result.SENT
    assert sent.reference
    (shut,) = carry(chat, letter(chat, "n2"))
    assert (shut.result, shut.code) == (Result.CLOSED, "no_subscription")
    with chat.inside():
        assert Outgoing.objects.get(key="notice:n1").road == "notice"


def test_whoever_refuses_or_has_left_is_noted(chat: Chat) -> None:
    report(chat)
    template(chat)
    chat.now += timedelta(days=3)
    with chat.inside():
        consent.give(chat.follower(), "t1", at=chat.now)  # the platform knows of none: it was withdrawn there
    assert carry(chat, letter(chat))[0].code == "43101"
    chat.say("你好")
    chat.other.rows("UPDATE follower SET follows=0")
    assert carry(chat, letter(chat, "n3"))[0].code == "43004"
    assert not chat.follower().follows


@pytest.mark.parametrize(
    ("code", "result", "noted"),
    [
        ("40001x1", Result.SENT, ""), ("42001x1", Result.SENT, ""), ("40001x9", Result.LATER, "40001"),
        ("45009", Result.LATER, "45009"), ("45011", Result.LATER, ""), ("45015", Result.CLOSED, ""),
        ("45047", Result.CLOSED, ""), ("40164", Result.REFUSED, "40164"), ("48001", Result.REFUSED, "48001"),
        ("99999", Result.LATER, ""), ("40003", Result.CLOSED, ""),
    ],
)  # fmt: skip
def test_each_code_of_the_platform_has_its_consequence(
    chat: Chat, code: str, result: Result, noted: str
) -> None:
    report(chat)
    chat.other.fault("code:custom/send", code)
    assert carry(chat, letter(chat))[0].result is result
    with chat.inside():
        assert OfficialAccount.objects.get().trouble == noted


def test_the_count_of_the_platform_is_ours(chat: Chat) -> None:
    report(chat)
    results = [carry(chat, letter(chat, f"n{n}"))[0].code for n in range(6)]
    assert results == ["", "", "", "", "", "window_shut"]
    assert calls(chat, "custom/send") == 5


def test_a_platform_that_is_away_is_tried_later(chat: Chat) -> None:
    report(chat)
    chat.other.fault("down", "9")
    assert carry(chat, letter(chat))[0].result is Result.LATER


def test_fields_are_filled_within_their_limits() -> None:
    told = {"number": "261123-1 灯", "matter": "很长" * 20}
    assert filling.fill({**FIELDS, "thing9": "nothing"}, told) == {
        "character_string1": "261123-1",
        "thing2": "很长" * 9 + "很…",
        "phrase3": "已办结",
        "thing9": "—",
    }
    assert filling.faults({"thing1": "ghost", "nonsense": "number"}, frozenset({"number"})) == (
        ("thing1", "source"),
        ("nonsense", "field"),
    )


# --- tokens -------------------------------------------------------------------------------------------------------


def test_one_token_serves_until_it_nearly_ends(chat: Chat) -> None:
    with chat.inside():
        first = platform.access_token(chat.account, at=chat.now)
        assert platform.access_token(chat.account, at=chat.now + timedelta(minutes=100)) == first
        assert platform.access_token(chat.account, at=chat.now, not_=first) != first
        assert calls(chat, "stable_token") == 2
        assert PlatformToken.objects.get().fetches == 2


# --- the callback -------------------------------------------------------------------------------------------------


def test_the_address_proves_itself_and_strangers_are_sent_away(chat: Chat) -> None:
    assert chat.other.prove(APP_ID)
    client = Client()
    assert client.get(f"/wechat/{KEY}/?signature=x&timestamp=1&nonce=1&echostr=hello").status_code == 403
    assert client.get("/wechat/unknown/?signature=x").status_code == 404
    chat.other.fault("wrong_signature", "1")
    assert chat.other.text(APP_ID, chat.openid, "你好").statuses[0] == 403
    chat.other.fault("skew", "-3600")
    assert chat.other.text(APP_ID, chat.openid, "你好").statuses == [403] * 4
    chat.other.fault("skew", "")
    with chat.inside():
        OfficialAccount.objects.update(mode="plain")
    assert chat.other.text(APP_ID, chat.openid, "你好").statuses == [400] * 4


def test_a_plain_account_answers_in_clear(chat: Chat) -> None:
    with chat.inside():
        OfficialAccount.objects.update(mode="plain")
    held = chat.other.account(APP_ID)
    chat.other.open_account(
        type(held)(APP_ID, held.secret, TOKEN, "", "plain", ORIGINAL, held.callback, held.name)
    )
    assert "欢迎" in chat.other.follow(APP_ID, chat.openid).reply
    assert "这里可以" in chat.say("帮助")


# --- signing in, tying --------------------------------------------------------------------------------------------


def to_wechat(client: Client, chat: Chat, goal: str = "/my/", openid: str = "") -> Any:
    """Leave for WeChat and come back."""
    left = client.get(f"/sign-in/wechat/{KEY}/?next={goal}")
    query = dict(parse_qsl(urlsplit(left["Location"]).query))
    back = chat.other.authorize(
        {**query, "redirect_uri": f"http://testserver/sign-in/wechat/{KEY}/back/"}, openid or chat.openid
    )
    parts = urlsplit(back)
    return client.get(f"{parts.path}?{parts.query}")


def test_whoever_wrote_in_the_chat_is_signed_in_silently(chat: Chat) -> None:
    number = report(chat)
    client = Client()
    assert to_wechat(client, chat)["Location"] == "/my/"
    assert number[:6] in client.get("/my/").content.decode()
    assert "微信" in client.get("/me/").content.decode()


def test_the_state_belongs_to_one_browser_and_is_used_once(chat: Chat) -> None:
    report(chat)
    client, other = Client(), Client()
    left = client.get(f"/sign-in/wechat/{KEY}/")
    query = dict(parse_qsl(urlsplit(left["Location"]).query))
    back = urlsplit(
        chat.other.authorize(
            {**query, "redirect_uri": f"http://testserver/sign-in/wechat/{KEY}/back/"}, chat.openid
        )
    )
    assert other.get(f"{back.path}?{back.query}").status_code == 400
    assert client.get(f"{back.path}?{back.query}").status_code == 302
    assert client.get(f"{back.path}?{back.query}").status_code == 400
    assert Client().get(f"/sign-in/wechat/{KEY}/back/").status_code == 400


def test_a_stranger_is_asked_who_they_are_and_may_stay_without_a_phone(chat: Chat) -> None:
    client = Client()
    first = to_wechat(client, chat, openid="oNewcomer_1")["Location"]
    assert first.startswith(f"/sign-in/wechat/{KEY}/first/")
    assert client.post(first).status_code == 422
    assert client.post(first, {"agree": "1", "next": "/my/"})["Location"] == "/my/"
    person = Account.objects.latest("pk")
    assert (person.level, person.phone) == (1, None)


def test_what_was_reported_by_chat_comes_along_to_the_account_of_the_phone(chat: Chat) -> None:
    number = report(chat)
    shell = chat.follower().person_id
    client = sign_in(Client(), chat.cast.neighbour)
    left = client.post("/me/wechat/", {"verb": "begin", "key": KEY})
    query = dict(parse_qsl(urlsplit(left["Location"]).query))
    back = urlsplit(
        chat.other.authorize(
            {**query, "redirect_uri": f"http://testserver/sign-in/wechat/{KEY}/back/"}, chat.openid
        )
    )
    assert client.get(f"{back.path}?{back.query}")["Location"] == "/me/wechat/"
    assert "绑定" in client.get("/me/wechat/").content.decode()
    client.post("/me/wechat/", {"verb": "bind", "answer": "yes"})
    assert chat.cast.case(number).reporter_id == chat.cast.neighbour.account_id == chat.follower().person_id
    assert not Account.objects.get(pk=shell or 0).is_active
    client.post("/me/wechat/", {"verb": "unbind", "id": str(chat.follower().pk)})
    assert chat.follower().person_id is None


def test_an_identity_of_somebody_with_a_phone_is_not_taken_over(chat: Chat) -> None:
    report(chat)
    with chat.inside():
        Follower.objects.update(person_id=chat.cast.resident.account_id)
    with pytest.raises(Forbidden, match="bound_to_another"):
        binding.bind(actor=chat.cast.neighbour.actor(), follower=chat.follower(), at=chat.now)


def test_only_our_own_pages_are_signed(chat: Chat) -> None:
    client = Client()
    told = client.get(f"/wechat/{KEY}/page.json?url=http://testserver/report/").json()
    assert told["appId"] == APP_ID
    assert len(told["signature"]) == 40
    assert client.get(f"/wechat/{KEY}/page.json?url=https://evil.example/").status_code == 400


def test_inside_wechat_a_page_brings_its_card_and_the_platforms_script(chat: Chat) -> None:
    address = f"/place/{chat.cast.building.code}/"
    inside = "Mozilla/5.0 (iPhone) MicroMessenger/8.0.50"
    page = Client().get(address, headers={"user-agent": inside}).content.decode()
    assert f'data-wechat-sign="/wechat/{KEY}/page.json"' in page
    assert '<link rel="image_src" href="/place/' in page
    assert "jweixin" in page
    assert "jweixin" not in Client().get(address).content.decode(), "nothing of others outside WeChat"
    with chat.inside():
        OfficialAccount.objects.update(on=False)
    assert "jweixin" not in Client().get(address, headers={"user-agent": inside}).content.decode()


def test_erasing_takes_the_chat_along(chat: Chat) -> None:
    report(chat)
    person = chat.follower().person_id or 0
    assert binding.held(person)["wechat"]
    binding.erase(person, chat.now)
    with chat.inside():
        assert not Follower.objects.exists()


# --- settings -----------------------------------------------------------------------------------------------------


def test_the_keeper_looks_after_the_account_and_others_do_not(chat: Chat) -> None:
    leader = sign_in(Client(), chat.cast.leader)
    page = leader.get("/desk/settings/wechat/").content.decode()
    assert KEY in page
    assert TOKEN not in page
    assert TOKEN in leader.post("/desk/settings/wechat/token/").content.decode()
    assert "正常" in leader.get("/desk/settings/wechat/look/").content.decode()
    chat.other.set(APP_ID, allowed=0)
    with chat.inside():
        PlatformToken.objects.all().delete()
    assert "IP 白名单" in leader.get("/desk/settings/wechat/look/").content.decode()
    assert sign_in(Client(), chat.cast.dispatcher).get("/desk/settings/wechat/").status_code == 403


def test_a_menu_is_kept_and_pushed_and_a_bad_one_says_why(chat: Chat) -> None:
    leader = sign_in(Client(), chat.cast.leader)
    form = {"name_1": "查进度", "kind_1": "click", "value_1": "progress", "push": "1"}
    assert leader.post("/desk/settings/wechat/menu/", form).status_code == 302
    assert chat.other.menu(APP_ID)["button"][0]["key"] == "progress"
    assert leader.post("/desk/settings/wechat/menu/", {**form, "value_1": "dance"}).status_code == 422


def test_an_answer_and_a_template_of_our_own(chat: Chat) -> None:
    leader = sign_in(Client(), chat.cast.leader)
    told = {"phrases": "老年卡，老年证", "answer_zh": "带身份证到大厅办。", "on": "on"}
    assert leader.post("/desk/settings/wechat/answers/", told).status_code == 302
    assert "带身份证" in chat.say("请问老年证怎么办？")
    good = {"kind": "case_settled", "template_id": "t9", "fields_text": "thing1 = matter\nphrase2：'已办结'"}
    assert leader.post("/desk/settings/wechat/templates/", good).status_code == 302
    assert (
        leader.post("/desk/settings/wechat/templates/", {**good, "fields_text": "x = y"}).status_code == 422
    )


def test_a_slow_or_broken_way_out_is_no_500(chat: Chat) -> None:
    def away(*given: Any, **more: Any) -> outside.Answer:
        raise outside.Unreached("timeout", again=True)

    platform.plug(away)
    leader = sign_in(Client(), chat.cast.leader)
    assert "没有按时回应" in leader.get("/desk/settings/wechat/look/").content.decode()
    assert to_wechat(Client(), chat).status_code == 503


def test_what_happened_is_told_by_the_local_clock() -> None:
    assert saying.past(datetime(2026, 11, 23, 16, 46, tzinfo=UTC)) == "11-24 00:46"
