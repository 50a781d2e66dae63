"""The residents' pages: saying something in three steps, following it, and what its reporter may do."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.cases.models import Attachment, Case
from linli.cases.rules.workflow import State, Verb
from linli.cases.tests.cast import AT, Cast, sign_in
from linli.cases.tests.ground import picture_bytes
from linli.kernel import numbering

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_evening")]
WORDS = "8 栋门口的路灯不亮，晚上看不见路"


def photo(name: str = "photo.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_bytes() if data is None else data, "image/jpeg")


def body(response: Any) -> str:
    return str(response.content.decode())


def key_of(response: Any) -> str:
    found = re.search(r'name="idempotency_key" value="([0-9a-f]{32})"', body(response))
    assert found
    return found.group(1)


def at_building(client: Client, cast: Cast) -> Client:
    assert client.get(f"/p/{cast.building.qr_code}/").status_code == 302
    return client


def say(client: Client, words: str = WORDS, **more: Any) -> Any:
    key = key_of(client.get("/report/"))
    return client.post("/report/", {"words": words, "kind": "help", "idempotency_key": key, **more})


def all_the_way(client: Client, **last: Any) -> Any:
    """Steps 1 to 3 at the scanned place; the answer to the last one."""
    assert say(client).status_code == 302
    assert client.post("/report/place/", {"how": "here"}).status_code == 302
    key = key_of(client.get("/report/send/"))
    given = {"who": "anonymous", "idempotency_key": key, **last}
    return client.post("/report/send/", given)


def number_in(response: Any) -> str:
    return str(response["Location"]).rstrip("/").rpartition("/")[2]


def code_in(response: Any) -> str:
    found = re.search(r"\b([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})\b", body(response))
    assert found
    return found.group(1)


class TestReporting:
    """Three steps."""

    def test_somebody_without_account_reports_at_the_scanned_place(self, client: Client, cast: Cast) -> None:
        sent = all_the_way(at_building(client, cast))
        assert sent.status_code == 302
        case = cast.case(number_in(sent))
        assert (case.words, case.building_id, case.anonymous) == (WORDS, cast.building.id, True)
        assert case.reporter_id is None

    def test_the_receipt_shows_number_and_code_and_the_code_is_in_no_address(
        self, client: Client, cast: Cast
    ) -> None:
        sent = all_the_way(at_building(client, cast))
        shown = client.get(sent["Location"])
        assert numbering.pretty_number(number_in(sent)) in body(shown)
        assert numbering.code_matches(code_in(shown), bytes(cast.case(number_in(sent)).code_digest))
        assert code_in(shown) not in sent["Location"]

    def test_the_receipt_is_shown_to_nobody_else(self, client: Client, cast: Cast) -> None:
        sent = all_the_way(at_building(client, cast))
        other = sign_in(Client(), cast.neighbour)
        assert other.get(sent["Location"], follow=True).status_code == 404

    def test_a_signed_in_resident_need_not_type_the_phone(self, client: Client, cast: Cast) -> None:
        sign_in(client, cast.resident)
        sent = all_the_way(client, who="account")
        case = cast.case(number_in(sent))
        assert case.reporter_id == cast.resident.account_id
        with cast.inside():
            assert (case.contact_phone, case.contact_name) == (cast.resident.phone, cast.resident.name)

    def test_sending_twice_makes_one_case(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        say(client)
        client.post("/report/place/", {"how": "here"})
        key = key_of(client.get("/report/send/"))
        first = client.post("/report/send/", {"who": "anonymous", "idempotency_key": key})
        again = client.post("/report/send/", {"who": "anonymous", "idempotency_key": key})
        assert again["Location"] == first["Location"]
        with cast.inside():
            assert Case.objects.count() == 1

    def test_going_back_after_sending_leads_to_the_receipt(self, client: Client, cast: Cast) -> None:
        sent = all_the_way(at_building(client, cast))
        assert client.get("/report/send/")["Location"] == sent["Location"]

    def test_what_was_said_is_still_there_when_going_back(self, client: Client, cast: Cast) -> None:
        say(at_building(client, cast))
        assert WORDS in body(client.get("/report/"))

    def test_too_few_words_are_said_so_and_nothing_is_lost(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        answer = say(client, words="?")
        assert answer.status_code == 422
        assert "至少 2 个字" in body(answer)

    def test_an_emergency_is_told_what_to_do_first_and_taken(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        say(client, words="8 栋 3 楼着火了，冒浓烟")
        step = body(client.get("/report/place/"))
        assert 'href="tel:119"' in step
        assert 'role="alert"' in step
        client.post("/report/place/", {"how": "here"})
        sent = client.post("/report/send/", {"who": "anonymous"})
        assert cast.case(number_in(sent)).urgency == "critical"

    def test_over_the_limit_there_is_still_a_receipt(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        for _ in range(10):
            all_the_way(client)
        sent = all_the_way(client)
        assert cast.case(number_in(sent)).quarantined
        assert "您短时间内发来了不少" in body(client.get(sent["Location"]))

    def test_without_a_place_one_chooses_the_community_first(self, client: Client, cast: Cast) -> None:
        assert "铝兴社区" in body(client.get("/report/"))
        chosen = client.get(f"/report/?place={cast.here.code}")
        assert key_of(chosen)

    def test_a_phone_is_asked_for_where_one_wants_to_be_called(self, client: Client, cast: Cast) -> None:
        answer = all_the_way(at_building(client, cast), who="other", contact_phone="")
        assert answer.status_code == 422

    def test_a_phone_that_is_none_is_refused_in_words(self, client: Client, cast: Cast) -> None:
        answer = all_the_way(at_building(client, cast), who="other", contact_phone="abc")
        assert answer.status_code == 422
        assert "电话" in body(answer)

    def test_the_result_is_published_only_if_one_says_so(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        assert not cast.case(number_in(all_the_way(client))).publish
        assert cast.case(number_in(all_the_way(client, publish="on"))).publish

    @pytest.mark.parametrize("step", ["/report/place/", "/report/send/"])
    def test_a_later_step_without_the_first_leads_back_to_it(
        self, client: Client, cast: Cast, step: str
    ) -> None:
        at_building(client, cast)
        assert client.get(step)["Location"] == "/report/"


class TestPlacing:
    """Step 2."""

    def test_an_address_finds_its_building(self, client: Client, cast: Cast) -> None:
        client.get(f"/report/?place={cast.here.code}")
        say(client)
        found = client.post("/report/place/", {"how": "elsewhere", "address": "12栋", "find": "1"})
        assert f'value="{cast.other_building.id}"' in body(found)
        assert f'value="{cast.building.id}"' not in body(found)
        given = {"how": "elsewhere", "address": "12栋", "building": cast.other_building.id}
        client.post("/report/place/", given)
        sent = client.post("/report/send/", {"who": "anonymous"})
        assert cast.case(number_in(sent)).building_id == cast.other_building.id

    def test_a_pin_is_located_in_its_grid(self, client: Client, cast: Cast) -> None:
        client.get(f"/report/?place={cast.here.code}")
        say(client)
        client.post("/report/place/", {"how": "elsewhere", "lon": "106.6575", "lat": "26.655"})
        sent = client.post("/report/send/", {"who": "anonymous"})
        case = cast.case(number_in(sent))
        assert (case.place_how, case.grid_id) == ("pin", cast.other_grid.id)

    def test_one_need_not_know_where_it_is(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        say(client)
        client.post("/report/place/", {"how": "unknown"})
        sent = client.post("/report/send/", {"who": "anonymous"})
        assert cast.case(number_in(sent)).place_how == "unknown"

    def test_elsewhere_needs_a_word_where(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        say(client)
        assert client.post("/report/place/", {"how": "elsewhere"}).status_code == 422

    def test_a_building_of_another_community_is_left_out(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        say(client)
        given = {"how": "elsewhere", "address": "那边", "building": cast.elsewhere.building.id}
        client.post("/report/place/", given)
        sent = client.post("/report/send/", {"who": "anonymous"})
        case = cast.case(number_in(sent))
        assert (case.community_id, case.building_id) == (cast.here.id, None)


class TestFiles:
    """Pictures and voice notes."""

    def test_pictures_of_step_one_hang_at_the_case(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        say(client, pictures=[photo("a.jpg"), photo("b.jpg")])
        assert body(client.get("/report/")).count("/thumb/") == 2
        client.post("/report/place/", {"how": "here"})
        sent = client.post("/report/send/", {"who": "anonymous"})
        with cast.inside():
            assert Attachment.objects.filter(case__number=number_in(sent)).count() == 2
        assert "/thumb/" in body(client.get(f"/case/{number_in(sent)}/"))

    def test_a_picture_can_be_taken_out_again(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        say(client, pictures=[photo()])
        page = body(client.get("/report/"))
        ticket = re.search(r'name="remove" value="([0-9a-f-]+)"', page)
        assert ticket
        answer = client.post("/report/", {"words": WORDS, "remove": ticket.group(1)})
        assert "/thumb/" not in body(answer)
        assert WORDS in body(answer)

    def test_a_file_that_cannot_be_taken_is_named_with_its_reason(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        answer = say(client, pictures=[photo("evil.jpg", b"<svg onload=alert(1)>"), photo("good.jpg")])
        assert answer.status_code == 422
        assert "evil.jpg" in body(answer)
        assert body(answer).count("/thumb/") == 1
        assert WORDS in body(answer)

    def test_a_picture_that_is_too_large_says_how_large(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        huge = picture_bytes() + b"\x00" * 12_000_000
        answer = say(client, pictures=[photo("huge.jpg", huge)])
        assert "12 MB" in body(answer)
        assert "10 MB" in body(answer)

    def test_the_tenth_picture_is_left_out(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        answer = say(client, pictures=[photo(f"{n}.jpg") for n in range(10)])
        assert body(answer).count("/thumb/") == 9

    def test_the_upload_door_gives_a_ticket(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        answer = client.post("/upload/", {"file": photo()})
        assert answer.status_code == 201
        assert client.get(answer.json()["thumb"]).status_code == 200
        assert Client().get(answer.json()["url"]).status_code == 404

    def test_a_file_is_served_so_that_no_browser_runs_it(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        answer = client.get(client.post("/upload/", {"file": photo()}).json()["url"])
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith("inline; filename=")
        assert answer["Cache-Control"].startswith("private")

    def test_a_part_of_a_file_can_be_asked_for(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        url = client.post("/upload/", {"file": photo()}).json()["url"]
        part = client.get(url, headers={"Range": "bytes=0-9"})
        assert (part.status_code, len(part.content)) == (206, 10)
        assert client.get(url, headers={"Range": "bytes=999999-"}).status_code == 200

    def test_who_may_see_a_picture_of_a_case(self, cast: Cast) -> None:
        ticket = cast.picture(cast.resident)
        number = cast.report(uploads=(ticket,), publish=True).number
        cast.settled(number)
        seen = {
            name: sign_in(Client(), person).get(f"/files/{ticket}/").status_code
            for name, person in cast.everybody().items()
        }
        allowed = {name for name, status in seen.items() if status == 200}
        assert allowed == {
            "resident", "grid_worker", "police", "assistant", "building_head", "dispatcher", "verifier",
            "property_handler", "leader", "community_leader", "auditor", "admin",
        }  # fmt: skip
        assert Client().get(f"/files/{ticket}/").status_code == 404


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


class TestPublicList:
    """What everybody may read."""

    def test_a_settled_case_appears_with_consent_and_without_personal_data(
        self, client: Client, cast: Cast
    ) -> None:
        shown = cast.report(
            "张居民 13851100150 说：8 栋路灯不亮",
            publish=True,
            contact_name="张居民",
            contact_phone="13851100150",
        )
        hidden = cast.report("楼道堆物", publish=False)
        for receipt in (shown, hidden):
            cast.settled(
                receipt.number, public_words="8 栋路灯不亮，电话 13851100150" if receipt is shown else ""
            )
        page = body(client.get(f"/settled/{cast.here.code}/"))
        assert "8 栋路灯不亮" in page
        assert "楼道堆物" not in page
        one = body(client.get(f"/settled/{cast.here.code}/{shown.number}/"))
        for text in (page, one):
            assert "13851100150" not in text
            assert "张居民" not in text
            assert "CANARY" not in text
        assert "灯泡已更换" in one

    def test_an_unpublished_case_is_not_there(self, client: Client, cast: Cast) -> None:
        number = cast.report().number
        cast.settled(number)
        assert client.get(f"/settled/{cast.here.code}/{number}/").status_code == 404

    def test_a_published_case_is_not_in_another_communitys_list(self, client: Client, cast: Cast) -> None:
        number = cast.report(publish=True).number
        cast.settled(number)
        assert client.get(f"/settled/{cast.elsewhere.code}/{number}/").status_code == 404

    def test_a_reopened_case_is_no_longer_there(self, client: Client, cast: Cast) -> None:
        number = cast.report(publish=True).number
        cast.settled(number)
        cast.move(number, Verb.REOPEN, cast.resident, reason="came_back")
        assert client.get(f"/settled/{cast.here.code}/{number}/").status_code == 404

    @pytest.mark.parametrize("address", ["/settled/000000000000/", "/settled/520113008006/?after=nonsense"])
    def test_nonsense_is_not_found(self, client: Client, cast: Cast, address: str) -> None:
        assert client.get(address).status_code == 404
