"""Saying something in three steps: nothing is lost, nothing is doubled, and everybody may."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from linli.cases.models import Case
from linli.cases.tests.cast import AT, Cast, sign_in
from linli.cases.tests.resident import (
    WORDS,
    all_the_way,
    at_building,
    body,
    code_in,
    key_of,
    number_in,
    say,
)
from linli.grids.actions import wishes
from linli.kernel import numbering

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_evening")]


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

    @pytest.mark.parametrize(
        ("words", "first"), [("三楼有人要跳楼", "110"), ("我不想活了", "12356")], ids=["another", "oneself"]
    )
    def test_who_is_on_a_ledge_is_fetched_and_who_speaks_of_themselves_is_listened_to(
        self, client: Client, cast: Cast, words: str, first: str
    ) -> None:
        at_building(client, cast)
        said = body(client.post("/report/danger/", {"words": words}))
        calls = re.findall(r'href="tel:(\d+)"', said)
        assert calls[0] == first
        assert {"110", "120", "12356"} <= set(calls)

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

    def test_signing_in_leads_back_to_the_same_place(self, client: Client, cast: Cast) -> None:
        page = body(at_building(client, cast).get("/report/"))
        assert f"/sign-in/?next=%2Freport%2F%3Fplace%3D{cast.building.code}" in page

    def test_a_community_may_want_reports_from_people_it_knows(self, client: Client, cast: Cast) -> None:
        wishes.set_setting(
            actor=cast.leader.actor(),
            community_id=cast.here.id,
            key="anonymous_reports",
            value=False,
            at=AT,
        )
        assert at_building(client, cast).get("/report/")["Location"].startswith("/sign-in/?next=")
        sign_in(client, cast.resident)
        assert client.get("/report/").status_code == 200

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

    def test_the_building_that_the_words_name_is_proposed(self, client: Client, cast: Cast) -> None:
        at_building(client, cast)
        say(client, "9 栋电梯又坏了，老人上不去楼")
        page = body(client.get("/report/place/"))
        assert "您写到了9 栋" in page
        assert re.search(r'value="elsewhere" id="how-elsewhere" checked', page)
        chosen = re.search(r'name="building" value="(\d+)" checked', page)
        assert chosen
        client.post("/report/place/", {"how": "elsewhere", "building": chosen.group(1)})
        assert "9 栋" in body(client.get("/report/send/"))

    @pytest.mark.parametrize("said", ["8 栋电梯坏了，老人上不去楼", "8 栋和 9 栋中间的路灯坏了，晚上黑"])
    def test_the_place_one_stands_at_is_asked_about_no_further(
        self, client: Client, cast: Cast, said: str
    ) -> None:
        say(at_building(client, cast), said)
        assert 'value="here" id="how-here" checked' in body(client.get("/report/place/"))

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
