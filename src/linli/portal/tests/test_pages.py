"""The residents' home and the pages of the places."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from linli.cases.tests.cast import Cast, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_evening")]
BUDGET_BYTES = 40 * 1024
LOADED = re.compile(r'<(?:link rel="stylesheet" href|script src)="(/static/[^"]+)"')


def body(response: Any) -> str:
    return str(response.content.decode())


def test_without_a_place_home_asks_which_community(client: Client, cast: Cast) -> None:
    page = body(client.get("/"))
    assert "铝兴社区" in page
    assert "仁恒社区" in page


def test_a_chosen_community_is_remembered(client: Client, cast: Cast) -> None:
    assert client.get(f"/?place={cast.here.code}")["Location"] == "/"
    page = body(client.get("/"))
    assert "铝兴社区" in page
    assert "仁恒社区" not in page


def test_a_scanned_door_says_who_serves_there(client: Client, cast: Cast) -> None:
    client.get(f"/p/{cast.building.qr_code}/")
    page = body(client.get("/"))
    assert "8 栋" in page
    for name in ("周**", "王**", "赵**"):  # building head, grid worker, police: the short names
        assert name in page
    assert "王小明" not in page
    assert "石*" not in page  # serves in the other grid
    assert 'href="tel:0851-85550001"' in page


def test_home_counts_the_answers_that_are_new_for_me(client: Client, cast: Cast) -> None:
    cast.report()
    settled = cast.report().number
    cast.settled(settled)
    page = body(sign_in(client, cast.resident).get("/"))
    assert '<span class="weui-badge">1<span class="ll-visually-hidden"> 条新答复</span></span>' in page


def test_home_shows_what_was_settled_here_and_nothing_of_elsewhere(client: Client, cast: Cast) -> None:
    shown = cast.report("8 栋门口的路灯不亮", publish=True)
    cast.settled(shown.number)
    cast.report("那边的事情", community=cast.elsewhere, publish=True)
    page = body(client.get(f"/?place={cast.here.code}", follow=True))
    assert "8 栋门口的路灯不亮" in page
    assert "那边的事情" not in page


@pytest.mark.parametrize("key", ["community", "committee_place", "grid", "courtyard", "building"])
def test_each_level_has_a_page_with_a_way_to_say_something(client: Client, cast: Cast, key: str) -> None:
    place = cast.here.places[key]
    page = body(client.get(f"/place/{place.code}/"))
    assert place.name_zh in page
    assert f'href="/report/?place={place.code}"' in page
    assert "安居物业" in page


def test_saying_something_at_a_place_carries_the_place(client: Client, cast: Cast) -> None:
    client.get(f"/report/?place={cast.grid.code}")
    client.post("/report/", {"words": "路面有坑"})
    assert "3 网格" in body(client.get("/report/place/"))


def test_a_place_lists_what_lies_in_it_and_above_it(client: Client, cast: Cast) -> None:
    page = body(client.get(f"/place/{cast.grid.code}/"))
    assert f"/place/{cast.courtyard.code}/" in page
    assert f"/place/{cast.here.code}/" in page
    assert f"/place/{cast.other_building.code}/" not in page


def test_settled_cases_of_a_place_are_those_below_it(client: Client, cast: Cast) -> None:
    number = cast.report("8 栋门口的路灯不亮", publish=True).number
    cast.settled(number)
    assert "路灯不亮" in body(client.get(f"/place/{cast.grid.code}/"))
    assert "路灯不亮" not in body(client.get(f"/place/{cast.other_grid.code}/"))


@pytest.mark.parametrize("code", ["nowhere", "520113008006999", "0"])
def test_a_place_that_is_none_is_not_found(client: Client, cast: Cast, code: str) -> None:
    assert client.get(f"/place/{code}/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/place/%00/", "/report/?place=%00", "/?place=%00", "/settled/520113008006/%00/"]
)
def test_what_no_text_may_hold_is_bad_input_and_no_fault_of_ours(
    client: Client, cast: Cast, address: str
) -> None:
    assert client.get(address).status_code in {400, 404}


def test_in_english_the_pages_are_english(client: Client, cast: Cast) -> None:
    client.cookies["django_language"] = "en"
    page = body(client.get(f"/place/{cast.building.code}/"))
    assert "Building 8" in page
    assert "Say something here" in page
    assert "Anju Property" in page


@pytest.mark.parametrize(
    "address", ["/", "/report/", "/my/", "/follow/", "/place/{code}/", "/settled/{code}/", "/case/{number}/"]
)
def test_a_page_is_light_enough_for_a_slow_phone(client: Client, cast: Cast, address: str) -> None:
    settled = [cast.report("8 栋门口的路灯不亮，晚上看不见路", publish=True).number for _ in range(3)]
    for number in settled:
        cast.settled(number)
    sign_in(client, cast.resident)
    page = client.get(address.format(code=cast.here.code, number=settled[0]))
    assert page.status_code == 200
    weight = len(gzip.compress(page.content))
    for found in LOADED.findall(body(page)):
        file = finders.find(urlsplit(found).path.removeprefix("/static/"))
        assert isinstance(file, str), found
        weight += len(gzip.compress(Path(file).read_bytes()))
    assert weight <= BUDGET_BYTES


def test_no_page_carries_script_or_style_of_its_own(client: Client, cast: Cast) -> None:
    number = cast.report().number
    sign_in(client, cast.resident)
    for address in ("/", "/report/", "/my/", f"/case/{number}/", f"/place/{cast.here.code}/"):
        page = body(client.get(address))
        assert not re.search(r"<script(?![^>]*\ssrc=)", page), address
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page), address
