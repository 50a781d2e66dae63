"""Residents' pages of the same thing reported already: the list, one tap, my things, my word, leaving."""

# ruff: noqa: F811  (fixtures are taken over by importing them)

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from linli.cases.actions import whistle
from linli.cases.models import Supporter
from linli.cases.rules.intake import PlaceGiven
from linli.cases.rules.whistle import Concluded
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast, cast, sign_in, standing_cast, this_evening  # noqa: F401  (fixtures)
from linli.cases.tests.resident import at_building, body, key_of
from linli.cases.tests.whistling import MEET, PUBLIC, blow, call_of, tell
from linli.kernel import clock, limits

WORDS = "楼下路灯坏了，晚上好黑"


@pytest.fixture(autouse=True)
def evening(this_evening: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits commit by themselves, which a test's transaction forbids."""
    monkeypatch.setattr(limits, "allow", lambda *_args, **_more: True)


def typing(client: Client, words: str = WORDS) -> str:
    return body(client.post("/report/alike/", {"words": words}, headers={"HX-Request": "true"}))


def at_last_step(client: Client, words: str = WORDS) -> str:
    key = key_of(client.get("/report/"))
    client.post("/report/", {"idempotency_key": key, "words": words, "kind": "help"})
    client.post("/report/place/", {"idempotency_key": key, "how": "here"})
    return body(client.get("/report/send/"))


def test_while_typing_the_neighbours_report_is_shown_without_the_neighbours_words(
    cast: Cast, client: Client
) -> None:
    number = cast.report("8 栋门口的路灯不亮，住 3 楼的老张看不见路").number
    page = typing(at_building(client, cast))
    assert f"/report/join/{number}/" in page
    assert "老张" not in page
    assert "照明" in page or "求助" in page
    assert "附近有 1 件可能相同" in page


def test_words_that_name_another_building_look_there(cast: Cast, client: Client) -> None:
    at_building(client, cast)
    far = cast.second_building
    number = cast.report("9 栋电梯坏了", by=cast.resident, place=PlaceGiven(building_id=far.id)).number
    assert number in typing(client, "9 栋电梯又坏了，上不去")
    assert number not in typing(client, "我们这栋的电梯又坏了，上不去")


def test_words_are_shown_where_their_reporter_agreed_and_masked(cast: Cast, client: Client) -> None:
    cast.report("门口路灯不亮，请打13812345678", publish=True)
    page = typing(at_building(client, cast))
    assert "门口路灯不亮" in page
    assert "13812345678" not in page


def test_what_is_private_is_never_listed(cast: Cast, client: Client) -> None:
    cast.report("楼上家暴打老婆，楼下路灯也不亮")
    cast.report("楼下路灯不亮，是某某弄坏的", category_code="family")
    at_building(client, cast)
    assert "/report/join/" not in typing(client)
    assert "/report/join/" not in typing(client, "楼上家暴打老婆")


def test_little_or_nothing_typed_asks_for_nothing(cast: Cast, client: Client) -> None:
    cast.report()
    at_building(client, cast)
    for words in ("", "灯", "😀😀😀😀😀", "x" * 20000):
        assert "/report/join/" not in typing(client, words)


def test_without_a_place_nothing_breaks(client: Client, cast: Cast) -> None:
    assert client.post("/report/alike/", {"words": WORDS}).status_code == 200
    assert client.post("/report/join/261123000001/").status_code == 404
    assert client.get("/report/alike/").status_code == 405


def test_over_the_allowance_the_list_stays_empty(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.report()
    at_building(client, cast)
    monkeypatch.setattr(limits, "allow", lambda what, *_who: what != "alike")
    assert "/report/join/" not in typing(client)


def test_without_javascript_it_is_asked_before_sending(cast: Cast, client: Client) -> None:
    number = cast.report().number
    page = at_last_step(at_building(client, cast))
    assert "是下面这些事吗" in page
    assert f'action="/report/join/{number}/"' in page


def test_one_tap_joins_and_gives_a_receipt_of_ones_own(cast: Cast, client: Client) -> None:
    made = cast.report()
    at_last_step(at_building(client, cast))
    for _ in range(2):  # a double tap
        got = client.post(f"/report/join/{made.number}/")
        assert got.headers["Location"] == f"/report/joined/{made.number}/"
    page = body(client.get(f"/report/joined/{made.number}/"))
    assert "已算上您" in page
    assert made.code not in page
    with cast.inside():
        (row,) = Supporter.objects.all()
    assert row.words == WORDS
    assert cast.case(made.number).supporters == 1
    assert client.get("/report/send/").status_code == 302  # the draft is gone
    assert "照明" in body(client.get("/my/")) or "求助" in body(client.get("/my/"))


def test_the_joined_case_is_read_without_the_reporters_words_and_followed_by_code(
    cast: Cast, client: Client
) -> None:
    made = cast.report("8 栋门口的路灯不亮，张奶奶家门口")
    cast.move(made.number, Verb.ADD, cast.resident, words="补充：张奶奶摔了一跤")
    sign_in(client, cast.neighbour)
    at_building(client, cast)
    client.post(f"/report/join/{made.number}/", {"words": "我们楼也黑"})
    page = body(client.get(f"/case/{made.number}/"))
    assert "张奶奶" not in page
    assert "我们楼也黑" in page
    receipt = body(client.get(f"/report/joined/{made.number}/"))
    code = receipt.split('ll-receipt_code">')[1].split("<")[0]
    fresh = Client()
    got = fresh.post("/follow/", {"number": made.number, "code": code})
    assert got.headers["Location"] == f"/case/{made.number}/"
    followed = body(fresh.get(f"/case/{made.number}/"))
    assert "邻居上报了这件事" in followed
    assert "张奶奶" not in followed


def test_it_can_be_left_again(cast: Cast, client: Client) -> None:
    number = cast.report().number
    sign_in(client, cast.neighbour)
    at_building(client, cast)
    client.post(f"/report/join/{number}/")
    assert client.post(f"/case/{number}/leave/").status_code == 302
    assert cast.case(number).supporters == 0
    assert client.get(f"/case/{number}/").status_code == 404
    assert client.post(f"/case/{number}/leave/").status_code == 404


def test_their_word_is_asked_kept_and_can_take_it_up_again(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = cast.report().number
    sign_in(client, cast.neighbour)
    at_building(client, cast)
    client.post(f"/report/join/{number}/")
    cast.settled(number)
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=1))
    assert "对您来说解决了吗" in body(client.get(f"/case/{number}/"))
    assert client.post(f"/case/{number}/word/", {}).status_code == 422
    got = client.post(f"/case/{number}/word/", {"solved": "no", "again": "1", "words": "还是黑"})
    assert got.status_code == 302
    assert cast.case(number).state == "reopened"
    assert "还是黑" not in body(sign_in(Client(), cast.resident).get(f"/case/{number}/"))


def test_the_reporter_of_a_merged_case_reads_the_answer_and_says_a_word(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, other = cast.report().number, cast.report("门口灯坏了", by=cast.neighbour).number
    cast.move(other, Verb.MERGE, cast.dispatcher, target=head)
    cast.settled(head)
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=1))
    sign_in(client, cast.neighbour)
    page = body(client.get(f"/case/{other}/"))
    assert "灯泡已更换" in page
    assert "对您来说解决了吗" in page
    assert client.post(f"/case/{other}/word/", {"solved": "yes", "stars": "4"}).status_code == 302
    with cast.inside():
        assert Supporter.objects.get().solved is True
    assert client.get(f"/case/{head}/").status_code == 404  # the other's report stays the other's


def test_strangers_and_other_communities_get_nothing(cast: Cast, client: Client) -> None:
    number = cast.report().number
    for person in (cast.stranger, cast.elsewhere.people["resident"]):
        sign_in(client, person)
        assert client.get(f"/case/{number}/").status_code == 404
        assert client.post(f"/case/{number}/word/", {"solved": "yes"}).status_code == 404
        assert client.post(f"/case/{number}/leave/").status_code == 404
        assert client.get(f"/report/joined/{number}/").status_code == 302


def test_a_split_case_is_reached_from_the_first_ones_receipt(cast: Cast, client: Client) -> None:
    made = cast.report("路灯不亮，电梯也坏了", by=cast.nobody, contact_phone="13812345678")
    cast.move(made.number, Verb.SPLIT, cast.dispatcher, words="电梯也坏了")
    client.post("/follow/", {"number": made.number, "code": made.code})
    page = body(client.get(f"/case/{made.number}/"))
    assert "单独办理" in page
    with cast.inside():
        second = Supporter._meta.apps.get_model("cases", "Case").objects.get(split_from__number=made.number)
    assert "电梯也坏了" in body(client.get(f"/case/{second.number}/"))


def test_who_joined_reads_of_the_meeting_on_the_spot_and_of_more_time(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = cast.dispatched(cast.report().number).number
    sign_in(client, cast.neighbour)
    at_building(client, cast)
    client.post(f"/report/join/{number}/")
    cast.move(number, Verb.SIGN, cast.property_handler)
    cast.move(number, Verb.ASK, cast.property_handler, request="extend", amount=Decimal(2), note="等配件")
    cast.move(number, Verb.DECIDE, cast.dispatcher, granted=True, answer="灯具要两天才到货")
    held = blow(cast, number)
    tell(cast, call_of(cast, held, cast.property_company.pk), cast.property_handler, Verb.ARRIVE, at=MEET)
    met = Concluded(held.pk, words="换灯具，查线路", agreed=frozenset({cast.property_company.pk}))
    whistle.conclude(actor=cast.grid_worker.actor(MEET), wanted=met, public_words=PUBLIC, at=MEET)
    monkeypatch.setattr(clock, "now", lambda: MEET)
    page = body(client.get(f"/case/{number}/"))
    for said in ("已批准延到", "灯具要两天才到货", "一起到现场", PUBLIC):
        assert said in page, said
    assert "等配件" not in page
    assert "查线路" not in page
