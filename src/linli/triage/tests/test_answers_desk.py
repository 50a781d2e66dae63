"""Answers read where they are written: asked once more, sent as they are, on record, counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.cases import words
from linli.cases.models import Case, Move
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.desk import Colleague, at_desk, photo, text
from linli.triage.queries import answer_quality

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
GOOD = "物业电工今天上午更换了门口的路灯灯泡，晚上已恢复照明。如果还不亮，请打社区电话。"
EMPTY = "您反映的问题已收悉，我们高度重视，将尽快处理，感谢您的支持与理解！"
WORDS = "8 栋门口的路灯不亮，老人晚上不敢下楼"


def replied(desk: Colleague, number: str, answer: str, **more: Any) -> Any:
    version = desk.cast.case(number).version
    form = {"version": version, "answer": answer, "category_code": "facilities.lighting", **more}
    return desk.client.post(f"/desk/case/{number}/reply/", form)


def test_a_good_answer_leaves_at_once(cast: Cast) -> None:
    desk, number = at_desk(cast, cast.dispatcher), cast.report(words=WORDS).number
    assert replied(desk, number, GOOD).status_code == 302
    with cast.inside():
        kept = Move.objects.get(case__number=number, verb="reply").data["answer"]
    assert kept == {"remarks": [], "version": "answers-1"}


def test_an_empty_one_is_asked_about_once_and_then_sent_as_it_is_on_record(cast: Cast) -> None:
    desk, number = at_desk(cast, cast.dispatcher), cast.report(words=WORDS).number
    asked = replied(desk, number, EMPTY)
    assert asked.status_code == 422
    page = text(asked)
    assert 'name="as_is"' in page
    assert EMPTY in page  # nothing typed is lost
    assert cast.case(number).state == "reported"
    assert replied(desk, number, EMPTY, as_is="1").status_code == 302
    with cast.inside():
        kept = Move.objects.get(case__number=number, verb="reply").data["answer"]["remarks"]
    assert {"empty_promise", "stock_phrases"} <= set(kept)


def test_personal_data_does_not_leave_even_as_it_is(cast: Cast) -> None:
    desk, number = at_desk(cast, cast.dispatcher), cast.report(words=WORDS).number
    sent = replied(desk, number, GOOD + "张师傅 13812345678", as_is="1")
    assert sent.status_code == 422
    assert cast.case(number).state == "reported"
    first = text(replied(desk, number, "13812345678"))
    assert 'name="as_is"' not in first


def test_what_others_were_told_lately_is_a_phrase_and_its_own_earlier_answer_is_not(cast: Cast) -> None:
    desk = at_desk(cast, cast.dispatcher)
    for _ in range(2):
        assert replied(desk, cast.report(words=WORDS).number, GOOD).status_code == 302
    third = cast.report(words=WORDS).number
    assert "2" in text(desk.client.post(f"/desk/case/{third}/answer/reply/", {"answer": GOOD}))
    assert replied(desk, third, GOOD).status_code == 422


def test_while_typing_it_is_read_and_nothing_is_kept(cast: Cast) -> None:
    desk, number = at_desk(cast, cast.dispatcher), cast.report(words=WORDS).number
    there = f"/desk/case/{number}/answer/reply/"
    assert f'hx-post="{there}"' in text(desk.get(f"/desk/case/{number}/reply/"))
    assert "<li>" in text(desk.client.post(there, {"answer": EMPTY}))
    assert "<li>" not in text(desk.client.post(there, {"answer": GOOD}))
    assert text(desk.client.post(there, {"answer": ""})).strip() == ""
    assert desk.client.post(f"/desk/case/{number}/answer/nothing/", {"answer": "x"}).status_code == 404
    other = at_desk(cast, cast.elsewhere.people["dispatcher"])
    assert other.client.post(there, {"answer": GOOD}).status_code == 404
    assert cast.case(number).answer == ""


def test_declining_without_a_reason_is_asked_about(cast: Cast) -> None:
    desk, number = at_desk(cast, cast.dispatcher), cast.report(words=WORDS).number
    form = {"version": cast.case(number).version, "reason": "not_our_matter"}
    bare = {**form, "answer": "您反映的路灯问题不予受理，请知悉，特此告知，谢谢您。"}
    assert desk.client.post(f"/desk/case/{number}/decline/", bare).status_code == 422
    told = {**form, "answer": "这盏路灯属于市政管理，不归社区负责，请拨打12345，我们也已把您的话转给市政。"}
    assert desk.client.post(f"/desk/case/{number}/decline/", told).status_code == 302


def test_the_quality_of_answers_is_counted_by_body_and_opens_its_cases(cast: Cast) -> None:
    desk = at_desk(cast, cast.dispatcher)
    numbers = [cast.report(words=WORDS).number for _ in range(2)]
    replied(desk, numbers[0], GOOD)
    replied(desk, numbers[1], EMPTY, as_is="1")
    with cast.inside():
        whole, *bodies = answer_quality(
            cast.here.id, start=AT - timedelta(days=1), end=AT + timedelta(days=1)
        )
        nothing = answer_quality(cast.here.id, start=AT - timedelta(days=2), end=AT - timedelta(days=1))
    assert (whole.answers, whole.good, whole.quality) == (2, 1, 0.5)
    assert whole.remarks["empty_promise"] == 1
    assert set(whole.numbers) == set(numbers)
    assert bodies == []
    assert (nothing[0].answers, nothing[0].quality) == (0, None)


def test_with_two_forms_in_hand_the_later_one_still_meets_the_conflict(cast: Cast) -> None:
    desk, number = at_desk(cast, cast.dispatcher), cast.report(words=WORDS).number
    replied(desk, number, GOOD)
    late = desk.client.post(f"/desk/case/{number}/reply/", {"version": 1, "answer": GOOD})
    assert late.status_code == 409
    with cast.inside():
        assert Case.objects.get(number=number).state == "closed"


def test_handled_on_a_phone_says_where_the_picture_and_words_went(cast: Cast) -> None:
    number = cast.report(words=WORDS).number
    cast.dispatched(number)
    handler = at_desk(cast, cast.here.people["property_handler"])
    handler.move(number, "sign")
    sent = handler.client.post(
        f"/desk/case/{number}/handled/",
        {"version": cast.case(number).version, "answer": "好的", "pictures": photo()},
    )
    assert sent.status_code == 422
    assert 'name="tickets" value="' in text(sent)  # the picture need not be taken again


def test_the_page_of_answers_tells_its_numbers_and_opens_the_cases(cast: Cast) -> None:
    desk = at_desk(cast, cast.dispatcher)
    assert "<table" not in text(desk.get("/desk/answers/"))  # nothing was answered yet
    number = cast.report(words=WORDS).number
    replied(desk, number, EMPTY, as_is="1")
    page = text(desk.get("/desk/answers/", days="7"))
    assert f'/desk/case/{number}/"' in page
    assert desk.get("/desk/answers/", days="<x>").status_code == 200
    assert at_desk(cast, cast.grid_worker).get("/desk/answers/").status_code == 403


def test_a_missing_proof_is_told_together_with_what_is_said_of_the_answer(cast: Cast) -> None:
    number = cast.report(words=WORDS).number
    cast.dispatched(number)
    cast.move(number, Verb.SIGN, cast.property_handler, at=AT + timedelta(hours=1))
    desk = at_desk(cast, cast.property_handler)
    form = {"version": cast.case(number).version, "answer": EMPTY}
    told = desk.client.post(f"/desk/case/{number}/handled/", form)
    assert told.status_code == 422
    page = text(told)
    assert 'name="as_is"' in page
    assert words.wrong("missing", field="proof") in page
