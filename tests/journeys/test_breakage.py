"""What goes wrong on a normal day: bad lines, old windows, odd files, wrong doors. Nothing that was written is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Page

from linli.cases.rules.workflow import State
from linli.cases.tests.ground import picture_bytes
from linli.faces.tests.thorough import only_thorough

pytestmark = [pytest.mark.browser, pytest.mark.slow, only_thorough]
WORDS = "9 栋门口的井盖松动，车一过就哐哐响。"
FAMILY = "👨‍👩‍👧‍👦"
LONG_NAME = "铝锭南院东侧临街改造安置小区一期" * 6 + "8 栋"


def _step(page: Page) -> None:
    page.click(".ll-next button")


def _only_session_gone(page: Page) -> None:
    kept = [cookie for cookie in page.context.cookies() if cookie["name"] != "linli"]
    page.context.clear_cookies()
    page.context.add_cookies(kept)  # type: ignore[arg-type]  # what it gave it takes back


def test_sending_twice_and_going_back_leave_one_case(house: Any) -> None:
    page = house.window(house.cast.resident)
    page.goto("/report/")
    page.fill("textarea[name=words]", f"{WORDS} {FAMILY * 20} <script>alert(1)</script>")
    _step(page)
    page.wait_for_url("**/report/place/")
    _step(page)
    page.wait_for_url("**/report/send/")
    page.dblclick(".ll-next button")
    page.wait_for_url("**/report/receipt/**")
    receipt = page.url
    for _ in range(2):
        page.go_back()
        page.wait_for_load_state()
        assert page.url == receipt
    page.goto("/my/")
    assert page.locator("main a[href^='/case/']").count() == 1
    assert FAMILY in page.inner_text("main")


def test_too_little_and_too_much_are_said_and_kept(house: Any) -> None:
    page = house.window(house.cast.resident)
    page.goto("/report/")
    _step(page)
    page.wait_for_selector("[role=alert]")
    page.evaluate("document.querySelector('textarea[name=words]').removeAttribute('maxlength')")
    page.fill("textarea[name=words]", "井" * 10_001)
    _step(page)
    page.get_by_text("10000").or_(page.get_by_text("10,000")).or_(page.get_by_text("10 000")).first.wait_for()
    assert len(page.input_value("textarea[name=words]")) == 10_001


def test_a_huge_picture_and_a_text_by_the_name_of_a_picture_are_refused_with_the_way_out(
    house: Any, tmp_path: Path
) -> None:
    huge, text = tmp_path / "huge.jpg", tmp_path / "text.jpg"
    huge.write_bytes(picture_bytes(width=640, height=480) + b"\0" * 12_000_000)
    text.write_text("not a picture\n" * 50, encoding="utf-8")
    for script in (True, False):
        page = house.window(house.cast.neighbour, script=script)
        for path, said in ((huge, "10 MB"), (text, "不能收这种文件")):
            page.goto("/report/")
            page.fill("textarea[name=words]", WORDS)
            page.set_input_files("input[name=pictures]", str(path))
            _step(page)
            page.wait_for_load_state()
            if path is huge and script:  # the phone made it small enough by itself
                page.wait_for_url("**/report/place/")
                continue
            assert said in page.inner_text("[role=alert]")
            assert page.input_value("textarea[name=words]") == WORDS


def test_a_lost_line_or_session_loses_no_word_of_a_report(house: Any) -> None:
    page = house.window(house.cast.neighbour)
    page.goto("/report/")
    page.fill("textarea[name=words]", WORDS)
    page.wait_for_timeout(600)  # the draft is kept a moment after the last letter
    page.context.set_offline(True)
    _step(page)
    page.wait_for_timeout(300)
    page.context.set_offline(False)
    page.goto(f"{house.url}/report/")
    assert page.input_value("textarea[name=words]") == WORDS
    _only_session_gone(page)
    _step(page)
    page.get_by_text("您在哪个社区").wait_for()
    page.get_by_role("link", name="铝兴社区").click()
    page.wait_for_selector("textarea[name=words]")
    assert page.input_value("textarea[name=words]") == WORDS


def test_a_lost_line_or_session_loses_no_word_at_the_desk(house: Any, hands: Any) -> None:
    number = house.cast.report(key="line").number
    page = house.window(house.cast.dispatcher, phone=False)
    page.goto("/desk/")
    page.click(f"#row-{number} .desk-row__link")
    hands.standing(page, "已上报")
    hands.press(page, "内部备注")
    page.fill(".desk-move__form [name=note]", "路灯编号 0815，线路老化。")
    page.context.set_offline(True)
    page.locator(".desk-move__form .ll-actions button").first.click()
    page.get_by_text("网络断了").wait_for()
    page.context.set_offline(False)
    _only_session_gone(page)
    page.locator(".desk-move__form .ll-actions button").first.click()
    page.wait_for_url("**/sign-in/**")
    again = house.window(house.cast.dispatcher)
    page.context.add_cookies([one for one in again.context.cookies() if one["name"] == "linli"])
    page.goto(f"/desk/case/{number}/note/")
    assert page.input_value(".desk-move__form [name=note]") == "路灯编号 0815，线路老化。"
    hands.done(page)
    assert "路灯编号 0815" in page.inner_text("#detail")


def test_the_slower_of_two_dispatchers_sees_what_the_other_did(house: Any, hands: Any) -> None:
    cast, number = house.cast, house.cast.report(key="two").number
    first, second = house.window(cast.dispatcher, phone=False), house.window(cast.leader, phone=False)
    why = "这盏路灯属于市政管理，请拨打12345，社区已转告。"
    for page, answer in ((first, f"先到的答复：{why}"), (second, f"后到的答复：{why}")):
        page.goto(f"/desk/case/{number}/")
        hands.press(page, "不受理")
        page.click(".desk-move__form .ll-chip >> nth=0")
        page.fill(".desk-move__form [name=answer]", answer)
    hands.done(first)
    second.locator(".desk-move__form .ll-actions button").first.click()
    told = second.locator("#detail .ll-notice[role=alert]")
    told.wait_for()
    assert "刘调度" in told.inner_text()
    assert "后到的答复" in told.inner_text()
    assert cast.case(number).state == State.DECLINED
    assert cast.case(number).answer == "先到的答复：这盏路灯属于市政管理，请拨打12345，社区已转告。"


def test_wrong_doors_answer_calmly(house: Any, hands: Any) -> None:
    cast = house.cast
    page = house.window(cast.resident)
    for path, status in (
        ("/desk/", 403),
        ("/desk/settings/promises/", 403),
        ("/nonsense/", 404),
        ("/case/999999999999/", 404),
        (f"/place/{'9' * 40}/", 404),
        ("/settled/nowhere/", 404),
    ):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == status, path
        assert page.get_by_role("link", name="首页").first.is_visible()
        hands.sound(page)


def test_a_very_long_name_of_a_building_stays_within_the_page(house: Any, hands: Any) -> None:
    cast, number = house.cast, house.cast.report(key="long").number
    name = {"long": LONG_NAME, "id": cast.building.id}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grids_place SET name_zh = %(long)s WHERE id = %(id)s", name)
    try:
        resident = house.window(cast.resident, elder=True)
        for path in ("/", "/report/", "/my/", f"/case/{number}/", f"/place/{cast.building.code}/"):
            resident.goto(path)
            assert hands.serious(resident) == [], path
        assert LONG_NAME in resident.inner_text("main")
        for phone in (True, False):
            desk = house.window(cast.dispatcher, phone=phone)
            desk.goto(f"/desk/case/{number}/")
            assert hands.serious(desk) == []
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE grids_place SET name_zh = '8 栋' WHERE id = %(id)s", name)
