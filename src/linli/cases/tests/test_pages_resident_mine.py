"""Following a case by number and code or by account, and what its reporter may do."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.cases.rules.workflow import State, Verb
from linli.cases.tests.cast import AT, Cast, sign_in
from linli.cases.tests.resident import (
    WORDS,
    body,
    photo,
)
from linli.kernel import numbering

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_evening")]


def badges(client: Client) -> int:
    """Badges of answers; what waits on the device counts in a badge of its own, which the device fills."""
    return len(re.findall(r'class="weui-badge[^"]*"(?! data-count)', body(client.get("/my/"))))


class TestWhatIsNew:
    """The badge: answers that were not opened here yet."""

    def test_an_answer_is_new_until_it_is_opened_and_again_after_the_next_one(
        self, client: Client, cast: Cast
    ) -> None:
        number = cast.report().number
        sign_in(client, cast.resident)
        assert badges(client) == 0
        cast.settled(number, at=AT - timedelta(hours=9))
        assert badges(client) == 2  # at the row, and on the bar below
        client.get(f"/case/{number}/")
        assert badges(client) == 0

    def test_who_holds_a_receipt_is_told_too(self, client: Client, cast: Cast) -> None:
        receipt = cast.report(by=cast.nobody)
        client.post("/follow/", {"number": receipt.number, "code": receipt.code})
        cast.settled(receipt.number, at=AT - timedelta(hours=9))
        assert badges(client) > 0


class TestFollowing:
    """Number and code."""

    def follow(self, client: Client, number: str, code: str) -> Any:
        return client.post("/follow/", {"number": number, "code": code})

    def test_number_and_code_open_the_case(self, client: Client, cast: Cast) -> None:
        receipt = cast.report(by=cast.nobody)
        pretty = numbering.pretty_number(receipt.number)
        assert self.follow(client, pretty, receipt.code.lower())["Location"] == f"/case/{receipt.number}/"
        assert WORDS in body(client.get(f"/case/{receipt.number}/"))

    def test_an_unknown_number_and_a_wrong_code_get_the_same_answer(self, client: Client, cast: Cast) -> None:
        receipt = cast.report(by=cast.nobody)
        wrong = self.follow(client, receipt.number, "0000-0000-0000-0000")
        unknown = self.follow(client, "261123000000", receipt.code)
        said = [re.search(r'role="alert".*?</div></div>', body(each), re.S) for each in (wrong, unknown)]
        assert said[0]
        assert said[1]
        assert said[0].group() == said[1].group()
        assert wrong.status_code == unknown.status_code == 422

    def test_nobody_tries_for_ever(self, client: Client, cast: Cast) -> None:
        receipt = cast.report(by=cast.nobody)
        for _ in range(20):
            self.follow(client, receipt.number, "0000-0000-0000-0000")
        assert self.follow(client, receipt.number, receipt.code).status_code == 429

    def test_without_the_receipt_the_case_leads_to_looking_it_up(self, client: Client, cast: Cast) -> None:
        number = cast.report().number
        assert client.get(f"/case/{number}/")["Location"] == "/follow/"

    def test_a_phone_can_forget_a_receipt(self, client: Client, cast: Cast) -> None:
        receipt = cast.report(by=cast.nobody)
        self.follow(client, receipt.number, receipt.code)
        assert receipt.number in body(client.get("/my/"))
        client.post(f"/my/{receipt.number}/forget/")
        assert receipt.number not in body(client.get("/my/"))
        assert client.get(f"/case/{receipt.number}/").status_code == 302


class TestMine:
    """My list and the page of one case."""

    def test_my_list_shows_my_cases_and_nobody_elses(self, client: Client, cast: Cast) -> None:
        mine, theirs = cast.report(), cast.report("楼道里有垃圾", by=cast.neighbour)
        page = body(sign_in(client, cast.resident).get("/my/"))
        assert mine.number in page
        assert theirs.number not in page

    @pytest.mark.parametrize("who", ["neighbour", "dispatcher", "stranger", "elsewhere_resident"])
    def test_my_case_is_a_page_for_me_alone(self, client: Client, cast: Cast, who: str) -> None:
        number = cast.report().number
        assert sign_in(client, cast.everybody()[who]).get(f"/case/{number}/").status_code == 404

    def test_the_internal_note_never_appears(self, client: Client, cast: Cast) -> None:
        receipt = cast.report()
        cast.move(receipt.number, Verb.NOTE, cast.dispatcher, note="INTERNAL-CANARY 给同事的话")
        cast.settled(receipt.number)
        page = body(sign_in(client, cast.resident).get(f"/case/{receipt.number}/"))
        assert "灯泡已更换" in page
        assert "CANARY" not in page
        held = Client()
        held.post("/follow/", {"number": receipt.number, "code": receipt.code})
        assert "CANARY" not in body(held.get(f"/case/{receipt.number}/"))

    def test_the_case_says_who_has_it_and_by_when(self, client: Client, cast: Cast) -> None:
        number = cast.report().number
        cast.dispatched(number)
        page = body(sign_in(client, cast.resident).get(f"/case/{number}/"))
        assert "安居物业" in page
        assert 'href="tel:0851-85550002"' in page
        assert 'class="ll-clock"' in page

    def test_a_merged_case_tells_what_becomes_of_the_other_and_nothing_of_its_reporter(
        self, client: Client, cast: Cast
    ) -> None:
        first = cast.report("钱家门口的灯坏了", by=cast.neighbour).number
        mine = cast.report().number
        cast.move(mine, Verb.MERGE, cast.dispatcher, target=first)
        cast.settled(first)
        page = body(sign_in(client, cast.resident).get(f"/case/{mine}/"))
        assert "已并案" in page
        assert "灯泡已更换" in page
        assert "钱家" not in page
        assert first not in page

    def test_i_add_words_and_pictures(self, client: Client, cast: Cast) -> None:
        number = cast.report().number
        sign_in(client, cast.resident)
        client.post(f"/case/{number}/add/", {"words": "今晚又不亮", "pictures": [photo()]})
        page = body(client.get(f"/case/{number}/"))
        assert "今晚又不亮" in page
        assert "/thumb/" in page

    def test_i_ask_how_it_is_going_once_however_often_i_tap(self, client: Client, cast: Cast) -> None:
        number = cast.report().number
        sign_in(client, cast.resident)
        for _ in range(2):
            client.post(f"/case/{number}/urge/", {"once": "token-1"})
        assert cast.case(number).urges == 1

    def test_i_withdraw_it(self, client: Client, cast: Cast) -> None:
        number = cast.report().number
        sign_in(client, cast.resident).post(f"/case/{number}/withdraw/", {})
        assert cast.case(number).state == State.WITHDRAWN

    def test_i_say_it_is_solved(self, client: Client, cast: Cast) -> None:
        number = cast.report().number
        cast.settled(number)
        sign_in(client, cast.resident)
        client.post(f"/case/{number}/rate/", {"solved": "yes", "stars": "5", "words": "谢谢"})
        case = cast.case(number)
        assert (case.solved, case.stars, case.state) == (True, 5, State.CLOSED)

    def test_not_solved_opens_it_again_in_one_step(self, client: Client, cast: Cast) -> None:
        number = cast.report().number
        cast.settled(number)
        sign_in(client, cast.resident)
        given = {"solved": "no", "stars": "2", "words": "还是不亮", "again": "1"}
        client.post(f"/case/{number}/rate/", given)
        case = cast.case(number)
        assert (case.state, case.reopenings) == (State.REOPENED, 1)
        page = body(client.get(f"/case/{number}/"))
        assert "没有解决 · ★★" in page
        assert page.count("还是不亮") == 1

    def test_long_after_closing_it_is_not_offered_to_open_it_again(self, client: Client, cast: Cast) -> None:
        long_ago = AT - timedelta(days=40)
        number = cast.report(at=long_ago).number
        cast.settled(number, at=long_ago)
        sign_in(client, cast.resident)
        assert "reopen" not in body(client.get(f"/case/{number}/"))
        answer = client.post(f"/case/{number}/reopen/", {"reason": "not_solved"})
        assert answer.status_code == 422
        assert "15 天" in body(answer)

    def test_the_holder_of_the_code_may_do_the_same(self, client: Client, cast: Cast) -> None:
        receipt = cast.report(by=cast.nobody)
        client.post("/follow/", {"number": receipt.number, "code": receipt.code})
        client.post(f"/case/{receipt.number}/withdraw/", {})
        assert cast.case(receipt.number).state == State.WITHDRAWN

    @pytest.mark.parametrize("verb", ["close", "note", "archive", "dispatch", "nonsense"])
    def test_no_other_verb_has_a_door_here(self, client: Client, cast: Cast, verb: str) -> None:
        number = cast.report().number
        sign_in(client, cast.resident)
        assert client.post(f"/case/{number}/{verb}/", {"note": "x"}).status_code == 404

    def test_what_no_longer_fits_is_said_and_changes_nothing(self, client: Client, cast: Cast) -> None:
        number = cast.report().number
        cast.settled(number)
        sign_in(client, cast.resident)
        answer = client.post(f"/case/{number}/withdraw/", {}, follow=True)
        assert answer.status_code == 200
        assert cast.case(number).state == State.CLOSED

    def test_rating_without_a_word_on_solved_is_asked_for(self, client: Client, cast: Cast) -> None:
        number = cast.report().number
        cast.settled(number)
        answer = sign_in(client, cast.resident).post(f"/case/{number}/rate/", {"stars": "3"})
        assert answer.status_code == 422
        assert cast.case(number).stars is None
