"""What a page looks like where its address is shared."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from linli.cases.tests.cast import Cast
from linli.faces import cards

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_evening")]
META = re.compile(r'<meta property="([a-z:_]+)" content="([^"]*)">')


def told(client: Client, address: str, language: str = "zh-CN") -> dict[str, str]:
    page = client.get(address, headers={"accept-language": language}).content.decode()
    found: dict[str, str] = {}
    for name, value in META.findall(page):
        found.setdefault(name if name not in found else f"{name}:square", value)
    return found


def size(answer: Any) -> tuple[int, int]:
    return Image.open(io.BytesIO(answer.content)).size


def test_a_place_is_shared_with_a_picture_of_its_name(client: Client, cast: Cast) -> None:
    address = f"/place/{cast.building.code}/"
    chinese, english = told(client, address), told(client, address, "en")
    assert (chinese["og:title"], chinese["og:locale"]) == ("8 栋", "zh_CN")
    assert (english["og:title"], english["og:locale"]) == ("Building 8", "en_US")
    assert chinese["og:url"] == f"http://testserver{address}"
    assert chinese["og:image"] != english["og:image"]
    wide = client.get(chinese["og:image"].removeprefix("http://testserver"))
    square = client.get(english["og:image:square"].removeprefix("http://testserver"))
    assert (size(wide), size(square)) == ((1200, 630), (500, 500))
    assert "immutable" in wide["Cache-Control"]
    assert wide["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert len(wide.content) < 100_000


def test_an_old_address_leads_to_what_the_page_says_now(client: Client, cast: Cast) -> None:
    folder = f"/place/{cast.building.code}/card/"
    answer = client.get(f"{folder}zh-wide-0123456789abcdef.png", follow=True)
    assert size(answer) == (1200, 630)
    for wrong in ("fr-wide-1.png", "zh-round-1.png", "zh-wide-1.jpg"):
        assert client.get(folder + wrong).status_code == 404
    assert client.get("/place/999999999999/card/zh-wide-1.png").status_code == 404


def test_a_settled_case_shares_its_kind_and_place_and_nobodys_words(client: Client, cast: Cast) -> None:
    receipt = cast.report("张居民 13851100150 说：8 栋路灯不亮", publish=True, contact_name="张居民")
    cast.settled(receipt.number, public_words="8 栋路灯不亮，电话 13851100150")
    address = f"/settled/{cast.here.code}/{receipt.number}/"
    shared = told(client, address)
    assert "照明" in shared["og:title"]
    assert "办结" in shared["og:description"]
    assert not [
        value for value in shared.values() if "张居民" in value or "1385110" in value or "不亮" in value
    ]
    assert size(client.get(shared["og:image"].removeprefix("http://testserver"))) == (1200, 630)
    hidden = cast.report("楼道堆物", publish=False)
    cast.settled(hidden.number)
    other = shared["og:image"].removeprefix("http://testserver").replace(receipt.number, hidden.number)
    assert client.get(other).status_code == 404


@pytest.mark.parametrize("shape", sorted(cards.SHAPES))
@pytest.mark.parametrize("words", ["", "字" * 400, "W" * 300, "😀" * 20, "停水 " * 60])
def test_any_words_make_a_picture(words: str, shape: str) -> None:
    drawn = cards.draw(cards.Card(words, words, words, "zh"), shape)
    assert Image.open(io.BytesIO(drawn)).size == cards.SHAPES[shape]


def test_a_picture_has_a_new_address_when_its_words_change() -> None:
    card = cards.Card("8 栋", "有事说一声", "铝兴社区", "zh")
    assert card.digest == cards.Card("8 栋", "有事说一声", "铝兴社区", "zh").digest
    assert card.digest != cards.Card("8 栋有", "事说一声", "铝兴社区", "zh").digest
