from __future__ import annotations

from datetime import timedelta

import pytest

from linli.cases.rules.workflow import Verb
from linli.cases.tests import ground
from linli.integrations.wechat.actions import sweeping
from linli.integrations.wechat.models import InboxMessage, Outgoing
from linli.integrations.wechat.rules import waiting
from linli.integrations.wechat.tests.stage import APP_ID, Chat, sound
from linli.people.models import Account, Consent

pytestmark = pytest.mark.django_db
DARK = "8栋门口的路灯不亮，晚上看不见路"


def report(chat: Chat, words: str = DARK) -> str:
    """A report, sent; its number."""
    chat.say(words)
    assert "261123" in chat.say("1")
    return chat.cases()[-1].number


def test_a_line_and_a_yes_become_a_case_with_its_place(chat: Chat) -> None:
    asked = chat.say(DARK)
    assert "请核对" in asked
    assert "8 栋" in asked
    assert "回复 1 提交" in asked
    told = chat.say("1")
    (case,) = chat.cases()
    assert case.number[:6] + "-" + case.number[6:] in told
    assert (case.words, case.channel, case.building_id) == (DARK, "wechat", chat.cast.building.id)
    person = Account.objects.get(pk=case.reporter_id or 0)
    assert (person.level, person.phone, person.has_usable_password()) == (1, None, False)
    assert set(Consent.objects.filter(account=person).values_list("purpose", flat=True)) == {
        "account",
        "notices",
    }


def test_an_unknown_place_is_asked_for_and_a_position_is_taken(chat: Chat) -> None:
    assert "在哪里" in chat.say("井盖松了，走上去会响")
    assert "地图" in chat.other.location(APP_ID, chat.openid, 106.6545, 26.6515, "社区东门").reply
    chat.say("好")
    (case,) = chat.cases()
    assert case.address == "社区东门"
    assert 0.001 < abs((case.lon or 0) - 106.6545) < 0.01  # the position came in GCJ-02, we keep WGS-84


def test_danger_goes_at_once_with_whom_to_call(chat: Chat) -> None:
    told = chat.say("8栋楼道冒烟着火了")
    assert "119" in told
    assert "261123" in told
    (case,) = chat.cases()
    assert case.urgency == "critical"
    assert not Consent.objects.filter(account_id=case.reporter_id or 0).exists()


def test_the_same_message_again_changes_nothing_and_hears_the_same(chat: Chat) -> None:
    chat.say(DARK)
    chat.other.fault("lost_answer", "2")
    done = chat.other.text(APP_ID, chat.openid, "1")
    assert done.statuses == [200, 200, 200]
    assert "261123" in done.reply
    assert len(chat.cases()) == 1
    assert chat.messages()[-1].deliveries == 3


def test_a_picture_is_fetched_and_goes_with_the_case(chat: Chat) -> None:
    assert "收到图片" in chat.picture(ground.picture_bytes()).reply
    assert chat.sweep(seconds=1)
    chat.say(DARK)
    chat.say("1")
    with chat.inside():
        assert [file.kind for file in chat.cases()[0].attachments.all()] == ["picture"]


def test_a_picture_that_is_fetched_after_the_report_is_added_to_it(chat: Chat) -> None:
    chat.say(DARK)
    chat.picture(ground.picture_bytes())
    assert "图片" in chat.say("1")
    assert chat.sweep(seconds=1)
    chat.picture(ground.picture_bytes("#333333"))
    chat.sweep(seconds=1)
    with chat.inside():
        files = chat.cases()[0].attachments.all()
        assert [file.purpose for file in files] == ["added", "added"]


def test_a_voice_alone_is_a_report_that_staff_listen_to(chat: Chat) -> None:
    chat.other.scan(APP_ID, chat.openid, f"building:{chat.cast.building.code}")
    done = chat.other.media(APP_ID, chat.openid, "voice", sound(), "audio/amr")
    assert "请核对" in done.reply
    chat.sweep(seconds=1)
    chat.say("1")
    with chat.inside():
        (file,) = chat.cases()[0].attachments.all()
    assert file.kind == "voice"
    assert file.seconds == pytest.approx(1.0)


def test_what_is_no_picture_is_said_and_the_report_stands(chat: Chat) -> None:
    number = report(chat)
    chat.picture(b"not a picture at all")
    chat.sweep(seconds=1)
    chat.sweep(seconds=1)
    assert "没能使用" in chat.told()[-1]
    assert chat.cases()[0].number == number


def test_progress_tells_where_it_stands_and_who_has_it(chat: Chat) -> None:
    assert "还没有" in chat.say("进度")
    number = report(chat)
    chat.cast.move(number, Verb.ACCEPT, chat.cast.dispatcher, category_code="facilities.lighting")
    told = chat.say(f"进度 {number[:6]}-{number[6:]}")
    assert "已受理" in told
    assert "照明" in told
    assert "居委会" in told
    assert number[:6] in chat.say("progress")


def test_another_persons_number_is_not_shown(chat: Chat) -> None:
    number = chat.cast.report(by=chat.cast.neighbour).number
    report(chat)
    assert "没有" in chat.say(f"进度 {number}")


def test_a_settled_case_is_rated_in_the_chat(chat: Chat) -> None:
    number = report(chat)
    chat.cast.settled(number)
    assert "1 到 5" in chat.say("进度")
    assert "谢谢" in chat.say("5")
    case = chat.cases()[0]
    assert (case.solved, case.stars) == (True, 5)


def test_not_solved_takes_it_up_again(chat: Chat) -> None:
    number = report(chat)
    chat.cast.settled(number)
    chat.say("进度")
    assert "重新办理" in chat.say("没解决")
    chat.say("灯只亮了一天又灭了")
    assert chat.cases()[0].state == "reopened"


def test_me_too_joins_the_neighbours_case(chat: Chat) -> None:
    number = chat.cast.report(DARK, by=chat.cast.neighbour).number
    told = chat.say(f"我也遇到 {number}")
    assert "一同" in told or "加入" in told
    with chat.inside():
        assert chat.cast.case(number).supporters == 1


def test_a_scan_remembers_the_place_for_the_next_report(chat: Chat) -> None:
    done = chat.other.scan(APP_ID, chat.openid, f"building:{chat.cast.building.code}")
    assert "欢迎" in done.reply
    assert "8 栋" in done.reply
    assert "8 栋" in chat.say("楼道灯坏了，上楼看不清")
    old = chat.follower().place_id
    chat.now -= timedelta(minutes=1)  # a scan that was made earlier and arrives later
    chat.other.scan(APP_ID, chat.openid, f"building:{chat.cast.other_building.code}")
    assert chat.follower().place_id == old


def test_a_code_of_another_community_leads_there(chat: Chat) -> None:
    chat.other.follow(APP_ID, chat.openid)
    told = chat.other.scan(APP_ID, chat.openid, f"building:{chat.cast.elsewhere.building.code}").reply
    assert "仁恒" in told
    assert chat.follower().place_id is None


def test_the_poster_scanned_out_of_the_menu_is_understood(chat: Chat) -> None:
    chat.other.follow(APP_ID, chat.openid)
    code = chat.cast.building.qr_code
    assert "8 栋" in chat.other.scan_in_menu(APP_ID, chat.openid, f"https://linli.example/p/{code}/").reply


def test_english_is_answered_in_english_until_chinese_is_written(chat: Chat) -> None:
    assert "Where is it" in chat.say("The street lamp is broken and it is very dark")
    assert "Please check" in chat.say("0")
    assert "已取消" in chat.say("算了")


def test_a_message_in_use_by_another_worker_is_left_to_it(chat: Chat) -> None:
    chat.say("你好")
    with chat.inside():
        from_now = chat.now + timedelta(days=30)
        type(chat.follower()).objects.update(busy_ends_at=from_now)
    assert chat.say(DARK) == ""
    with chat.inside():
        type(chat.follower()).objects.update(busy_ends_at=None)
    chat.sweep(seconds=2)
    assert "请核对" in chat.told()[-1]
    assert chat.sweep(seconds=2) == 0


def test_a_message_nobody_finished_is_worked_off_by_the_sweep_once(chat: Chat) -> None:
    chat.say(DARK)
    chat.say("1")
    with chat.inside():
        InboxMessage.objects.filter(kind="text").order_by("-pk").first()
        last = chat.messages()[-1]
        InboxMessage.objects.filter(pk=last.pk).update(
            state="working", due_at=chat.now, done_at=None, reply=None
        )
        follower = chat.follower()
        follower.talk = chat_talk()
        follower.save()
    chat.sweep(seconds=31)
    assert len(chat.cases()) == 1
    assert chat.cases()[0].number[:6] in chat.told()[-1]
    with chat.inside():
        assert Outgoing.objects.count() == 1


def chat_talk() -> str:
    return '{"step":"confirm","words":"8栋门口的路灯不亮，晚上看不见路","asked":1,"at":1795399200}'


def test_whoever_leaves_is_not_written_to(chat: Chat) -> None:
    chat.other.follow(APP_ID, chat.openid)
    chat.now += timedelta(seconds=1)
    chat.other.unfollow(APP_ID, chat.openid)
    assert not chat.follower().follows
    assert chat.follower().window_left == 0


def test_a_forgotten_draft_is_mentioned_once(chat: Chat) -> None:
    chat.say(DARK)
    chat.now += timedelta(minutes=21)
    assert sweeping.remind(chat.now) == 1
    assert sweeping.remind(chat.now) == 0
    chat.sweep(seconds=1)
    assert "还没有提交" in chat.told()[-1]


def test_texts_are_wiped_after_thirty_days(chat: Chat) -> None:
    report(chat)
    assert sweeping.forget(chat.now + timedelta(days=31)) >= 2
    assert all(row.body is None and row.reply is None for row in chat.messages())


def test_while_many_stand_in_line_a_message_is_only_kept_and_answered_a_moment_later(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat.other.follow(APP_ID, chat.openid)
    monkeypatch.setattr(waiting.Line, "waited", lambda *_given, **_more: 1.5)
    before = len(chat.told())
    assert chat.say("小区东门的路灯坏了") == ""
    assert (chat.messages()[-1].state, chat.messages()[-1].late) == ("waiting", True)
    chat.sweep(seconds=1)
    assert chat.messages()[-1].state == "done"
    chat.sweep(seconds=1)
    assert len(chat.told()) == before + 1
