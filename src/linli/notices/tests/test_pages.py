"""The pages: my own notices and choices; deliveries, kinds, words and robots for those who look after them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from linli.cases.tests.cast import AT, Cast, Person, sign_in
from linli.cases.tests.desk import text
from linli.notices import ports
from linli.notices.actions import carrying
from linli.notices.models import KindChoice, MailAddress, Preference, Robot, TemplateRow
from linli.notices.ports import Carried, Result
from linli.notices.queries import choices, mail
from linli.notices.tests.told import Roads, only, say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
HOOK = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=SECRET-CANARY"


def at_home(person: Person) -> Client:
    return sign_in(Client(), person)


def test_a_person_reads_what_they_were_told_and_by_which_road(cast: Cast, roads: Roads) -> None:
    say(cast, cast.resident)
    carrying.sweep_community(cast.here.id, AT)
    client = at_home(cast.resident)
    page = text(client.get("/me/notices/"))
    assert "已办结，请您评价" in page
    assert "微信 · 已发出" in page
    assert "未读：" in page
    assert "未读" in text(client.get("/me/"))
    notice = only(cast, "case_settled", cast.resident)
    shown = text(client.get(f"/me/notices/{notice.pk}/"))
    assert "微信: 已发出" in shown or "微信：已发出" in shown
    assert 'href="/my/"' in shown
    assert only(cast, "case_settled", cast.resident).read_at is not None
    assert "都看过了" in text(client.get("/me/notices/?unread=1"))
    english = client.get("/me/notices/", headers={"Accept-Language": "en"})
    assert english.status_code == 200


def test_nobody_reads_what_another_was_told(cast: Cast, roads: Roads) -> None:
    say(cast, cast.resident)
    notice = only(cast, "case_settled", cast.resident)
    for other in (cast.neighbour, cast.leader, cast.elsewhere.people["resident"], cast.stranger):
        assert at_home(other).get(f"/me/notices/{notice.pk}/").status_code == 404
    assert Client().get("/me/notices/").status_code == 302
    assert only(cast, "case_settled", cast.resident).read_at is None


def test_all_is_read_at_once_but_nothing_that_came_since(cast: Cast, roads: Roads) -> None:
    say(cast, cast.resident, fact="a")
    first = only(cast, "case_settled", cast.resident)
    say(cast, cast.resident, fact="b", kind="case_declined")
    client = at_home(cast.resident)
    assert client.post("/me/notices/read/", {"newest": first.pk}).status_code == 302
    assert only(cast, "case_declined", cast.resident).read_at is None
    client.post("/me/notices/read/", {"newest": "x"})
    assert only(cast, "case_declined", cast.resident).read_at is not None


def test_choices_are_kept_as_they_were_ticked(cast: Cast, roads: Roads) -> None:
    client = at_home(cast.resident)
    page = text(client.get("/me/notices/choices/"))
    assert "我的工作" not in page
    given = {"on": ["cases:wechat", "cases:email", "news:sms"], "quiet": "own", "from": "21:00", "until": "08:00",
             "digest": "on", "language": "en"}  # fmt: skip
    assert client.post("/me/notices/choices/", given).status_code == 302
    kept = Preference.objects.get(account_id=cast.resident.account_id)
    assert (kept.quiet, kept.digest, kept.language) == ("21:00-08:00", True, "en")
    assert "cases:sms" in kept.off
    assert "news:sms" not in kept.off
    assert kept.on == ["cases:email"]
    wrong = client.post("/me/notices/choices/", {**given, "until": "21:00"})
    assert (wrong.status_code, "请填写两个不同的时间" in text(wrong)) == (422, True)
    assert "我的工作" in text(at_home(cast.dispatcher).get("/me/notices/choices/"))


def test_an_e_mail_address_is_proved_by_its_code(cast: Cast, roads: Roads) -> None:
    client = at_home(cast.resident)
    assert "不是邮箱" in text(client.post("/me/notices/choices/mail/", {"email": "nobody"}))
    assert client.post("/me/notices/choices/mail/", {"email": "zhang@mail.example"}).status_code == 302
    address, letter = roads["email"].carried[0]
    assert address == "zhang@mail.example"
    code = "".join(filter(str.isdigit, letter.title))
    wrong = "000000" if code != "000000" else "111111"
    assert client.post("/me/notices/choices/mail/", {"code": wrong}).status_code == 422
    assert client.post("/me/notices/choices/mail/", {"code": code}).status_code == 302
    assert MailAddress.objects.get().proved_at == AT
    assert mail.proved([cast.resident.account_id]) == {cast.resident.account_id: "zhang@mail.example"}
    client.post("/me/notices/choices/mail/", {"drop": "1"})
    assert not MailAddress.objects.exists()


def test_a_code_is_guessed_five_times_at_most(cast: Cast, roads: Roads) -> None:
    client = at_home(cast.resident)
    client.post("/me/notices/choices/mail/", {"email": "zhang@mail.example"})
    code = "".join(filter(str.isdigit, roads["email"].carried[0][1].title))
    for _guess in range(5):
        client.post("/me/notices/choices/mail/", {"code": "nonsense"})
    assert "次数太多" in text(client.post("/me/notices/choices/mail/", {"code": code}))


# -- at the desk -------------------------------------------------------------------------------------------------------


def test_the_desk_sees_how_it_went_and_not_a_residents_words(cast: Cast, roads: Roads) -> None:
    roads["wechat"].answer = lambda address, letter: Carried(Result.REFUSED, "43004")
    roads["sms"].known = {}
    say(cast, cast.resident)
    carrying.sweep_community(cast.here.id, AT)
    carrying.sweep_community(cast.here.id, AT)
    client = at_home(cast.dispatcher)
    page = text(client.get("/desk/notices/?view=failed"))
    assert "办结并请评价" in page
    assert "张**" in page or "张*" in page
    assert "照明" not in page
    notice = only(cast, "case_settled", cast.resident)
    shown = text(client.get(f"/desk/notices/{notice.pk}/"))
    assert "43004" in shown
    assert "内容只供居民本人查看" in shown
    assert client.post(f"/desk/notices/{notice.pk}/again/").status_code == 302
    assert only(cast, "case_settled", cast.resident).turn == 1
    again = client.post(f"/desk/notices/{notice.pk}/again/", follow=True)
    assert "已经送达、已读或正在发送" in text(again)


def test_only_those_who_look_after_it_come_in(cast: Cast, roads: Roads) -> None:
    say(cast, cast.resident)
    notice = only(cast, "case_settled", cast.resident)
    for person, status in ((cast.resident, 403), (cast.property_handler, 403), (cast.auditor, 200)):
        assert at_home(person).get("/desk/notices/").status_code == status
    assert at_home(cast.auditor).post(f"/desk/notices/{notice.pk}/again/").status_code == 403
    other = at_home(cast.elsewhere.people["dispatcher"])
    assert other.get(f"/desk/notices/{notice.pk}/").status_code == 404
    assert other.post(f"/desk/notices/{notice.pk}/again/").status_code == 404
    for path in ("", "case_settled/", "robots/new/"):
        assert at_home(cast.dispatcher).get(f"/desk/settings/notices/{path}").status_code == 403
        assert at_home(cast.leader).get(f"/desk/settings/notices/{path}").status_code == 200


def test_a_kind_gets_its_own_words_after_a_look_at_them(cast: Cast, roads: Roads) -> None:
    client = at_home(cast.leader)
    path = "/desk/settings/notices/case_settled/"
    assert "灯已更换" in text(client.get(path))
    own = {
        "language": "zh-hans",
        "title": "办好了",
        "page": "「{matter}」办好了，请打分。",
        "short": "办好了",
    }
    looked = client.post(path, {**own, "words": "look"})
    assert "「路灯」办好了" in text(looked)
    assert not TemplateRow.objects.exists()
    bad = client.post(path, {**own, "page": "{nobody} 打 13912345678", "words": "keep"})
    assert (bad.status_code, "{nobody}" in text(bad)) == (422, True)
    assert client.post(path, {**own, "words": "keep"}).status_code == 302
    say(cast, cast.resident)
    assert only(cast, "case_settled", cast.resident).words == "「照明」办好了，请打分。"
    assert client.post(path, {"language": "zh-hans", "words": "shipped"}).status_code == 302
    assert choices.own_text(cast.here.id, "case_settled", "zh-hans") is None
    assert client.get("/desk/settings/notices/digest/").status_code == 404
    assert client.get("/desk/settings/notices/nothing/").status_code == 404


def test_roads_of_a_kind_are_chosen_and_an_alarm_stays_on(cast: Cast, roads: Roads) -> None:
    client = at_home(cast.leader)
    client.post("/desk/settings/notices/case_settled/", {"roads": ["sms"]})
    row = KindChoice.objects.get(kind="case_settled")
    assert (row.on, row.roads) == (False, ["sms"])
    client.post("/desk/settings/notices/alarm_raised/", {"roads": ["sms", "wecom"]})
    assert KindChoice.objects.get(kind="alarm_raised").on is True
    client.post("/desk/settings/notices/work_new/", {"on": "on", "roads": ["sms"]})
    assert not KindChoice.objects.filter(kind="work_new").exists()


def test_a_robot_is_added_tried_and_stopped_and_never_shown(cast: Cast, roads: Roads) -> None:
    client = at_home(cast.leader)
    new = "/desk/settings/notices/robots/new/"
    bad = client.post(new, {"road": "wecom", "name": "大厅群", "address": "https://intranet.local/hook"})
    assert (bad.status_code, "qyapi.weixin.qq.com" in text(bad)) == (422, True)
    given: dict[str, Any] = {"road": "wecom", "name": "大厅群", "address": HOOK, "groups": ["work"]}
    assert client.post(new, given).status_code == 302
    assert client.post(new, given).status_code == 422
    page = text(client.get("/desk/settings/notices/"))
    assert "大厅群" in page
    assert "SECRET-CA" not in page
    with cast.inside():
        robot = Robot.objects.get()
    sent = client.post(f"/desk/settings/notices/robots/{robot.pk}/try/")
    assert sent.status_code == 302
    carrying.sweep_community(cast.here.id, AT)
    assert "测试消息" in roads["wecom"].carried[0][1].title
    assert "已发出" in text(client.get(sent["Location"]))
    assert at_home(cast.dispatcher).post(f"/desk/settings/notices/robots/{robot.pk}/stop/").status_code == 403
    assert client.post(f"/desk/settings/notices/robots/{robot.pk}/stop/").status_code == 302
    assert client.post(f"/desk/settings/notices/robots/{robot.pk}/try/").status_code == 404
    body = cast.elsewhere.organisations["property_company"].pk
    assert client.post(new, {**given, "name": "别家", "organisation": body}).status_code == 422


def test_a_trial_by_a_road_comes_to_oneself(cast: Cast, roads: Roads) -> None:
    client = at_home(cast.leader)
    assert client.post("/desk/settings/notices/roads/sms/try/").status_code == 302
    assert client.post("/desk/settings/notices/roads/pigeon/try/").status_code == 404
    carrying.sweep_community(cast.here.id, AT)
    address, _letter = roads["sms"].carried[0]
    assert address == f"sms:{cast.leader.account_id}"


def test_a_road_nobody_gets_through_is_told_to_the_keepers_once_a_day(cast: Cast, roads: Roads) -> None:
    from linli.notices.actions import watching  # noqa: PLC0415  (only here)

    roads["wechat"].answer = lambda address, letter: Carried(Result.REFUSED, "48001")
    for number in range(6):
        say(cast, cast.resident, fact=f"f{number}")
    carrying.sweep_community(cast.here.id, AT)
    assert watching.look(cast.here.id, AT) == 1
    assert watching.look(cast.here.id, AT) == 1
    told = only(cast, "road_failing", cast.leader)
    assert "微信" in told.title
    assert "48001" in told.words
    assert only(cast, "road_failing", cast.admin).pk


def test_what_can_be_chosen_is_what_is_open(cast: Cast, roads: Roads) -> None:
    for road in ("wechat", "email"):
        ports.unplug(road)
    page = text(at_home(cast.resident).get("/me/notices/choices/"))
    assert "cases:sms" in page
    assert "cases:wechat" not in page
    assert "我的邮箱" not in page
