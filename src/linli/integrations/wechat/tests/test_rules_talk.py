from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.integrations.wechat.rules import talk as talks
from linli.integrations.wechat.rules.messages import Heard
from linli.integrations.wechat.rules.talk import DRAFTING, Do, Step, Talk, Turn

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@dataclass
class Ears:
    """A community with one building, one answer, and one neighbours' case."""

    near: int | None = None
    same: str = ""

    def building(self, words: str) -> int | None:
        return 8 if "8栋" in words else None

    def here(self) -> int | None:
        return self.near

    def is_urgent(self, words: str) -> bool:
        return "着火" in words

    def answer(self, words: str) -> int | None:
        return 3 if "低保" in words else None

    def alike(self, draft: Talk) -> str:
        return self.same


@dataclass
class Chat:
    """One follower's chat."""

    ears: Ears = field(default_factory=Ears)
    talk: Talk = Talk()
    seconds: float = 1_000_000.0
    heard: int = 0

    def hear(self, kind: str, words: str = "", **fields: Any) -> Turn:
        self.heard += 1
        self.seconds += 5
        one = Heard("o1", kind, NOON, f"m:{self.heard}", words=words, **fields)
        done = talks.turn(self.talk, one, self.ears, at=self.seconds, message=self.heard)
        self.talk = done.talk
        return done

    def say(self, words: str) -> Turn:
        return self.hear("text", words)

    def event(self, kind: str, words: str = "") -> Turn:
        return self.hear(kind, words, is_event=True)


def codes(done: Turn) -> list[str]:
    return [one.code for one in done.says]


def test_a_line_becomes_a_case_with_two_questions() -> None:
    chat = Chat()
    assert codes(chat.say("楼道灯坏了，晚上很黑")) == ["where"]
    assert codes(chat.say("8栋二单元")) == ["confirm"]
    done = chat.say("1")
    assert done.act
    assert done.act.do is Do.SUBMIT
    draft = done.act.draft
    assert (draft.words, draft.building_id, draft.address, draft.asked) == (
        "楼道灯坏了，晚上很黑",
        8,
        "8栋二单元",
        2,
    )
    assert not chat.talk.drafting


@pytest.mark.parametrize("ears", [Ears(near=8), Ears()])
def test_a_known_place_saves_the_first_question(ears: Ears) -> None:
    chat = Chat(ears)
    assert codes(chat.say("楼道灯坏了" if ears.near else "8栋楼道灯坏了")) == ["confirm"]
    assert chat.talk.building_id == 8
    assert chat.talk.asked == 1


def test_what_tells_of_danger_goes_at_once() -> None:
    done = Chat().say("楼下着火了，快来")
    assert done.act
    assert done.act.do is Do.SUBMIT
    assert done.act.danger


def test_danger_is_heard_in_the_middle_of_a_question_too() -> None:
    chat = Chat()
    chat.say("有股怪味")
    done = chat.say("不好着火了")
    assert done.act
    assert done.act.danger
    assert "怪味" in done.act.draft.words
    assert "着火" in done.act.draft.words


def test_a_picture_alone_is_asked_about_once_and_then_confirmed() -> None:
    chat = Chat()
    assert codes(chat.hear("image", media_id="a")) == ["got_picture", "what"]
    assert codes(chat.hear("image", media_id="b")) == ["got_picture"]
    assert codes(chat.say("垃圾没人清")) == ["confirm"]
    done = chat.say("好的")
    assert done.act
    assert done.act.draft.pictures == (1, 2)
    assert not done.act.draft.placed


def test_a_place_alone_asks_what_and_is_kept() -> None:
    chat = Chat()
    assert codes(chat.hear("location", "东门", lon=106.7, lat=26.6)) == ["got_place", "what"]
    assert codes(chat.say("井盖没了")) == ["confirm"]
    assert (chat.talk.lon, chat.talk.address) == (106.7, "东门")


def test_a_voice_needs_no_words() -> None:
    chat = Chat(Ears(near=8))
    assert codes(chat.hear("voice", media_id="v", format="amr")) == ["confirm"]
    done = chat.say("提交")
    assert done.act
    assert done.act.draft.sounds == (1,)


def test_a_place_sent_at_the_confirmation_replaces_the_one_guessed() -> None:
    chat = Chat(Ears(near=8))
    chat.say("路灯不亮")
    assert codes(chat.hear("location", lon=106.7, lat=26.6)) == ["confirm"]
    assert (chat.talk.building_id, chat.talk.lon) == (None, 106.7)


def test_a_place_nobody_knows_is_no_obstacle() -> None:
    chat = Chat()
    chat.say("路灯不亮")
    assert codes(chat.say("不知道")) == ["confirm"]
    assert not chat.talk.placed


def test_cancelling_forgets_and_changing_asks_anew() -> None:
    chat = Chat(Ears(near=8))
    chat.say("路灯不亮")
    assert codes(chat.say("改")) == ["say_again"]
    assert codes(chat.say("是井盖松了")) == ["confirm"]
    assert chat.talk.words == "是井盖松了"
    assert codes(chat.say("算了")) == ["cancelled"]
    assert chat.talk.step is Step.IDLE


def test_more_words_at_the_confirmation_are_added() -> None:
    chat = Chat(Ears(near=8))
    chat.say("路灯不亮")
    assert codes(chat.say("已经三天了")) == ["confirm"]
    assert chat.talk.words == "路灯不亮\n已经三天了"
    assert chat.talk.asked == 1


def test_neighbours_case_is_offered_and_joined_with_what_was_said() -> None:
    chat = Chat(Ears(near=8, same="261123000001"))
    chat.say("路灯不亮")
    done = chat.say("我也遇到")
    assert done.act
    assert (done.act.do, done.act.number, done.act.draft.words) == (
        Do.JOIN,
        "261123000001",
        "路灯不亮",
    )


def test_a_question_is_answered_and_can_be_passed_on() -> None:
    chat = Chat()
    assert codes(chat.say("请问低保怎么申请？")) == ["answer", "pass_on"]
    done = chat.say("1")
    assert done.act
    assert done.act.do is Do.SUBMIT
    assert done.act.draft.inquiry


def test_a_question_without_an_answer_costs_one_question_and_no_place() -> None:
    chat = Chat()
    assert codes(chat.say("请问社区图书室几点开门？")) == ["confirm"]
    assert chat.talk.inquiry


def test_a_complaint_put_as_a_question_is_a_report() -> None:
    chat = Chat()
    assert codes(chat.say("怎么又停水了？")) == ["where"]


@pytest.mark.parametrize(
    ("mark", "does"), [("5", Do.RATE), ("满意", Do.RATE), ("1", Do.RATE), ("没解决", Do.RATE)]
)
def test_a_mark_counts_only_when_it_is_asked_for(mark: str, does: Do) -> None:
    assert Chat().say(mark).act is None
    done = Chat(talk=Talk(rate="261123000001", at=1_000_000.0)).say(mark)
    assert done.act
    assert (done.act.do, done.act.number) == (does, "261123000001")


def test_not_solved_leads_to_taking_it_up_again() -> None:
    chat = Chat(talk=Talk(rate="261123000001", at=1_000_000.0))
    chat.say("2")
    done = chat.say("灯还是不亮")
    assert done.act
    assert (done.act.do, done.act.words) == (Do.REOPEN, "灯还是不亮")
    assert chat.talk.rate == ""


def test_a_picture_after_the_report_belongs_to_it() -> None:
    chat = Chat(talk=Talk(last="261123000001", last_at=999_990.0, at=999_990.0))
    done = chat.hear("image", media_id="a")
    assert done.act
    assert (done.act.do, done.act.number, done.act.media) == (Do.ADD, "261123000001", (1,))
    chat.seconds += 3600
    assert codes(chat.hear("image", media_id="b")) == ["got_picture", "what"]


def test_a_yes_too_many_is_no_new_matter() -> None:
    chat = Chat(talk=Talk(last="261123000001", last_at=999_990.0, at=999_990.0))
    assert codes(chat.say("1")) == ["done_already"]


def test_a_scan_gives_a_waiting_draft_its_place() -> None:
    chat = Chat()
    chat.say("路灯不亮")
    done = chat.event("scan", "building:520113008006-8")
    assert done.act
    assert done.act.do is Do.STAND
    assert done.act.scene
    assert done.act.scene.place_code == "520113008006-8"
    assert codes(talks.stood(chat.talk, 8, chat.ears)) == ["confirm"]


def test_following_by_a_scan_and_scanning_lead_to_the_same_scene() -> None:
    first = Chat().event("subscribe", "qrscene_grid:520103001001-001")
    second = Chat().event("scan", "grid:520103001001-001")
    assert first.act
    assert second.act
    assert first.act.scene == second.act.scene


def test_a_day_later_the_draft_is_gone_but_the_mark_is_still_welcome() -> None:
    chat = Chat()
    chat.say("路灯不亮")
    chat.talk = replace(chat.talk, rate="261123000001")
    chat.seconds += 90_000
    done = chat.say("5")
    assert done.act
    assert done.act.do is Do.RATE


def test_commands_leave_a_draft_alone() -> None:
    chat = Chat()
    chat.say("路灯不亮")
    assert codes(chat.say("帮助")) == ["help"]
    assert chat.say("进度 261123-000001").act
    assert chat.talk.step is Step.PLACE


def test_a_position_reported_by_itself_and_unknown_events_change_nothing() -> None:
    chat = Chat()
    before = chat.talk
    assert chat.event("location").talk is before
    assert chat.event("something_new").says == ()


HEARD = st.one_of(
    st.tuples(
        st.just("text"),
        st.one_of(
            st.text(max_size=30), st.sampled_from(["1", "0", "改", "8栋", "着火", "进度", "我也是", "5"])
        ),
    ),
    st.tuples(st.sampled_from(["image", "voice", "video", "link", "location", "x"]), st.just("")),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(HEARD, max_size=12))
def test_whatever_is_said_a_report_takes_at_most_two_questions(lines: list[tuple[str, str]]) -> None:
    chat = Chat()
    for kind, words in lines:
        fields = {"lon": 106.0, "lat": 26.0} if kind == "location" else {}
        done = chat.hear(kind, words, **fields)
        assert chat.talk.asked <= 2
        assert talks.from_data(talks.as_data(chat.talk)) == chat.talk
        assert done.says or done.act
        if done.act and done.act.do is Do.SUBMIT:
            assert done.act.draft.asked <= 2
            assert done.act.draft.words or done.act.draft.sounds or done.act.danger
        assert chat.talk.step not in DRAFTING or chat.talk.asked or chat.talk.step is Step.WHAT
