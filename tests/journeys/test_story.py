"""The main story: a dark lamp from the resident's phone to a settled case and back again, by everybody's own pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from linli.cases.tests.ground import picture_bytes

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WORDS = "8 栋门口的路灯不亮，三天了，晚上老人出门看不见路。"
ELSEWHERE = ("/sign-in/", "/follow/")  # where one proves who one is, or that one holds the receipt
ANSWER = "您好，物业电工今天更换了路灯，今晚恢复照明。如还不亮，请打社区电话。"


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / "lamp.jpg"
    path.write_bytes(picture_bytes(width=640, height=480))
    return str(path)


def _a_resident_says_it(house: Any, hands: Any, photo: str) -> str:
    """In three steps, with a photo."""
    page = house.window(house.cast.resident)
    page.goto("/")
    hands.sound(page)
    page.get_by_role("main").get_by_role("link", name="说一件事").first.click()
    page.fill("textarea[name=words]", WORDS)
    page.set_input_files("input[name=pictures]", photo)
    page.wait_for_selector(".ll-photos__item img")
    hands.sound(page)
    page.click(".ll-next button")
    page.wait_for_url("**/report/place/")
    assert "8 栋" in page.inner_text("main")
    hands.sound(page)
    page.click(".ll-next button")
    page.wait_for_url("**/report/send/")
    assert WORDS in page.inner_text("main")
    hands.sound(page)
    page.click(".ll-next button")
    page.wait_for_url("**/report/receipt/**")
    receipt = page.inner_text("main")
    assert re.search(r"\d{6}-\d{6}", receipt)
    assert re.search(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", receipt)
    assert "最晚" in receipt
    hands.sound(page)
    return str(page.url.rstrip("/").rpartition("/")[2])


def _the_desk_sends_it(house: Any, hands: Any, number: str) -> None:
    """It is located, and a category is suggested."""
    house.work_off()
    page = house.window(house.cast.dispatcher, phone=False)
    page.goto("/desk/")
    page.click(f"#row-{number} .desk-row__link")
    hands.standing(page, "已上报")
    shown = page.inner_text("#detail")
    assert "3 网格 · 8 栋" in shown
    assert "照明" in page.inner_text("#detail .desk-card:has(h2:text-is('建议'))")
    page.wait_for_selector("#side .leaflet-marker-icon")
    hands.press(page, "派遣")
    page.select_option(".desk-move__form [name=to]", f"o{house.cast.property_company.pk}")
    page.select_option(".desk-move__form [name=category_code]", "facilities.lighting")
    hands.done(page)
    hands.standing(page, "已派遣")
    hands.sound(page)


def _the_property_company_handles_it(house: Any, hands: Any, number: str, photo: str) -> None:
    """Signed and handled on a phone, not without proof."""
    page = house.window(house.cast.property_handler)
    page.goto("/desk/")
    page.click(f"#row-{number} .desk-row__link")
    hands.standing(page, "已派遣")
    hands.press(page, "签收")
    hands.standing(page, "已签收")
    hands.press(page, "处置完毕")
    page.fill(".desk-move__form [name=answer]", ANSWER)
    page.locator(".desk-move__form .ll-actions button").first.click()
    page.wait_for_selector(".desk-move__form [role=alert]")  # no proof yet
    page.set_input_files(".desk-move__form input[type=file]", photo)
    page.wait_for_selector(".desk-move__form .ll-photos__item img")
    hands.done(page)
    hands.standing(page, "处置完毕")
    assert "结案" not in page.inner_text(".desk-actions"), "who handled it does not also check it"
    hands.sound(page)


def _another_closes_it(house: Any, hands: Any, number: str) -> None:
    """Not the one who handled it."""
    page = house.window(house.cast.verifier, phone=False)
    page.goto(f"/desk/case/{number}/")
    assert page.locator("#detail .ll-pictures img").count() >= 2, "the report's picture and the proof"
    hands.press(page, "结案")
    assert page.input_value(".desk-move__form [name=answer]") == ANSWER
    hands.done(page)
    hands.standing(page, "已结案")


def _the_resident_is_not_content(house: Any, hands: Any, number: str) -> None:
    """The answer is read, the internal words are not."""
    page = house.window(house.cast.resident)
    page.goto("/my/")
    assert "解决了吗" in page.inner_text(f"a[href='/case/{number}/']")
    page.click(f"a[href='/case/{number}/']")
    assert ANSWER in page.inner_text("main")
    assert "INTERNAL" not in page.content()
    hands.sound(page)
    page.check("[name=solved][value=no]")
    page.click("label[for=star-2]")
    page.fill("textarea[name=words]", "只亮了半边，请再看看 🙏")
    page.get_by_role("button", name="发送").click()
    page.get_by_text("谢谢您的评价").wait_for()
    assert "重新办理" in page.inner_text("main")
    assert "只亮了半边，请再看看 🙏" in page.inner_text(".ll-timeline")


def _it_is_on_the_desk_again(house: Any, hands: Any, number: str) -> None:
    """With the resident's reason."""
    page = house.window(house.cast.dispatcher, phone=False)
    page.goto(f"/desk/case/{number}/")
    hands.standing(page, "重办")
    assert "只亮了半边" in page.inner_text("#detail")
    hands.press(page, "派遣")
    page.wait_for_selector(".desk-move__form")


def _nobody_from_elsewhere_sees_it(house: Any, number: str) -> None:
    """Neither another community nor a neighbour nor a stranger."""
    cast = house.cast
    own = house.window(cast.resident)
    own.goto(f"/case/{number}/")
    picture = own.get_attribute(".ll-pictures a", "href") or ""
    assert own.request.get(picture).status == 200
    for person in (cast.elsewhere.resident, cast.elsewhere.dispatcher, cast.stranger, cast.neighbour, None):
        ask = house.window(person).request
        for path in (f"/case/{number}/", f"/desk/case/{number}/", f"/report/receipt/{number}/", picture):
            answer = ask.get(path)
            turned_away = answer.status in (403, 404) or answer.url.partition("?")[0].endswith(ELSEWHERE)
            assert turned_away, (person, path, answer.status, answer.url)
            assert picture == path or WORDS not in answer.text(), (person, path)
        assert WORDS not in ask.get(f"/settled/{cast.here.code}/").text()


def test_a_lamp_from_the_residents_phone_to_a_settled_case_and_back(
    house: Any, hands: Any, photo: str
) -> None:
    number = _a_resident_says_it(house, hands, photo)
    _the_desk_sends_it(house, hands, number)
    _the_property_company_handles_it(house, hands, number, photo)
    _another_closes_it(house, hands, number)
    _the_resident_is_not_content(house, hands, number)
    _it_is_on_the_desk_again(house, hands, number)
    _nobody_from_elsewhere_sees_it(house, number)
