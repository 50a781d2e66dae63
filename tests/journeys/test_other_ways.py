"""The other ways a matter may go, each by the pages of those who take it there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import PASSWORD
from linli.cases.tests.ground import picture_bytes
from linli.faces.tests.thorough import only_thorough

pytestmark = [pytest.mark.browser, pytest.mark.slow, only_thorough]
CODE = re.compile(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}")


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / "proof.jpg"
    path.write_bytes(picture_bytes(width=320, height=240))
    return str(path)


def _send(page: Page) -> None:
    page.locator(".desk-move__form .ll-actions button").first.click()


def test_work_is_returned_and_a_ruling_binds(house: Any, hands: Any) -> None:
    cast, number = house.cast, house.cast.report(key="return").number
    cast.dispatched(number)
    handler = house.window(cast.property_handler)
    handler.goto(f"/desk/case/{number}/")
    hands.press(handler, "退单")
    handler.click(".desk-move__form .ll-chip >> nth=1")
    handler.fill(".desk-move__form [name=note]", "该处路灯由市政管养。")
    hands.done(handler)
    hands.standing(handler, "已退单")
    leader = house.window(cast.leader, phone=False)
    leader.goto(f"/desk/case/{number}/")
    assert "该处路灯由市政管养" in leader.inner_text("#detail")
    hands.press(leader, "审定退单")
    leader.click(".desk-move__form .ll-chip >> nth=1")
    leader.fill(".desk-move__form [name=note]", "红线内由物业维护。")
    hands.done(leader)
    hands.standing(leader, "已派遣")
    handler.goto(f"/desk/case/{number}/")
    assert "不得再退" in handler.inner_text("#detail")
    assert not handler.get_by_role("link", name="退单", exact=True).is_visible()


def test_more_time_is_asked_for_with_an_amount_and_granted_by_another(house: Any, hands: Any) -> None:
    cast, number = house.cast, house.cast.report(key="time").number
    cast.dispatched(number)
    cast.move(number, Verb.SIGN, cast.property_handler)
    handler = house.window(cast.property_handler)
    handler.goto(f"/desk/case/{number}/")
    hands.press(handler, "申请延期")
    handler.click(".desk-move__form .ll-chip >> nth=0")
    handler.fill(".desk-move__form [name=note]", "配件三天后到。")
    _send(handler)
    handler.wait_for_selector(".desk-move__form [role=alert]")
    assert handler.input_value(".desk-move__form [name=note]") == "配件三天后到。"
    handler.fill(".desk-move__form [name=amount]", "3")
    hands.done(handler)
    desk = house.window(cast.dispatcher, phone=False)
    desk.goto(f"/desk/case/{number}/")
    before = desk.inner_text(".desk-clocks li:has-text('办结')")
    hands.press(desk, "审批申请")
    desk.click(".desk-move__form .ll-chip >> nth=0")
    hands.done(desk)
    assert desk.inner_text(".desk-clocks li:has-text('办结')") != before


def test_two_bodies_work_together(house: Any, hands: Any) -> None:
    cast, number = house.cast, house.cast.report(key="joint").number
    cast.dispatched(number)
    desk = house.window(cast.dispatcher, phone=False)
    desk.goto(f"/desk/case/{number}/")
    hands.press(desk, "请求协同")
    desk.select_option(".desk-move__form [name=to]", f"o{cast.department.pk}")
    desk.fill(".desk-move__form [name=words]", "请核对灯杆归属。")
    hands.done(desk)
    other = house.window(cast.department_handler)
    other.goto(f"/desk/case/{number}/")
    assert "请核对灯杆归属" in other.inner_text("#detail")
    hands.press(other, "协同完成")
    other.fill(".desk-move__form [name=answer]", "灯杆属小区，资料已转物业。")
    hands.done(other)
    assert "灯杆属小区" in other.inner_text("#detail")


def test_a_grid_worker_settles_it_on_the_spot(house: Any, hands: Any, photo: str) -> None:
    cast, number = house.cast, house.cast.report("8 栋门口垃圾桶倒了", key="settle").number
    page = house.window(cast.grid_worker)
    page.goto(f"/desk/case/{number}/")
    hands.press(page, "当场办结")
    page.select_option(".desk-move__form [name=category_code]", "environment.garbage")
    page.fill(".desk-move__form [name=answer]", "保洁今天上午已把垃圾桶扶正并清扫干净。")
    page.set_input_files(".desk-move__form input[type=file]", photo)
    page.wait_for_selector(".desk-move__form .ll-photos__item img")
    hands.done(page)
    hands.standing(page, "处置完毕")


def test_a_caller_is_entered_by_the_desk(house: Any, hands: Any) -> None:
    page = house.window(house.cast.dispatcher, phone=False)
    page.goto("/desk/new/")
    hands.sound(page)
    page.fill("[name=words]", "来电：9 栋电梯停在半层，里面没有人。")
    page.fill("[name=building]", "9")
    page.fill("[name=contact_name]", "林阿姨")
    page.fill("[name=contact_phone]", "13912345678")
    page.click("main form:has([name=words]) .weui-btn_primary")
    page.wait_for_selector("a[href*='/desk/case/']")
    page.locator("main a[href*='/desk/case/']").first.click()
    page.wait_for_selector("[data-case]")
    shown = page.inner_text("#detail")
    assert "9 栋" in shown
    assert "林**" in shown
    assert "13912345678" not in shown


def test_somebody_unnamed_follows_it_by_number_and_code_urges_and_withdraws(house: Any, hands: Any) -> None:
    here = house.window()
    here.goto(f"/p/{house.cast.building.qr_code}/")
    number = house.report(here, "地下车库有人飞线充电，很危险。", who="anonymous")
    found = CODE.search(here.inner_text("main"))
    assert found
    there = house.window()
    there.goto("/follow/")
    hands.sound(there)
    for code in ("AAAA-AAAA-AAAA-AAAA", found.group(0).lower()):
        there.fill("[name=number]", number)
        there.fill("[name=code]", code)
        there.get_by_role("button", name="查询").click()
        there.wait_for_load_state()
        assert (there.locator(".ll-timeline").count() == 1) is (code != "AAAA-AAAA-AAAA-AAAA")
    there.get_by_role("button", name="催一下").click()
    there.get_by_text("已经替您催了").wait_for()
    there.get_by_text("不办了").first.click()
    there.get_by_role("button", name="不办了").last.click()
    there.get_by_text("已撤回").first.wait_for()
    assert "匿名" in there.inner_text("main")


def test_what_is_settled_is_public_without_the_person(house: Any, hands: Any) -> None:
    cast = house.cast
    number = cast.report("9 栋电梯门关不上", key="public", publish=True, contact_phone="13812345678").number
    cast.settled(number, public_words="9 栋电梯门关不上")
    page = house.window()
    page.goto(f"/settled/{cast.here.code}/")
    hands.sound(page)
    page.click(f"a[href='/settled/{cast.here.code}/{number}/']")
    shown = page.inner_text("body")
    assert "灯泡已更换" in shown
    assert not any(secret in page.content() for secret in ("13812345678", "张居民", "INTERNAL"))
    hands.sound(page)


def test_one_signs_in_by_password_or_code_and_sets_up_a_second_factor(house: Any, hands: Any) -> None:
    page = house.window()
    page.goto("/sign-in/")
    hands.sound(page)
    page.fill("[name=phone]", "13851100150")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_load_state()
    assert "手机号或密码不对" in page.inner_text("main")  # no password was ever set
    page.goto("/sign-in/code/")
    page.fill("[name=phone]", "13851100150")
    page.get_by_role("button", name="发送验证码").click()
    page.wait_for_selector("[name=code]")
    hands.sound(page)
    known = house.window(house.cast.resident)
    known.goto("/me/second-factor/app/")
    assert known.locator("main svg").count() >= 1
    hands.sound(known)


def test_an_administrator_tries_a_rule_before_it_takes_effect(house: Any, hands: Any) -> None:
    cast = house.cast
    cast.dispatched(cast.report(key="rule").number)
    page = house.window(cast.admin, phone=False)
    page.goto("/desk/settings/routing/new/")
    hands.sound(page)
    page.fill("[name=name]", "照明找街道")
    page.select_option("[name=category_code]", "facilities.lighting")
    page.select_option("[name=target]", label="街道城管办")
    page.click("button[name=try]")
    page.get_by_text("参与试算的诉求").wait_for()
    assert "会改派" in page.inner_text("main")
    hands.sound(page)
    page.click("button[name=save]")
    page.get_by_text("照明找街道").first.wait_for()
    number = cast.report("9 栋楼下路灯不亮了", key="routed", category_code="facilities.lighting").number
    desk = house.window(cast.dispatcher, phone=False)
    desk.goto(f"/desk/case/{number}/")
    assert "街道城管办" in desk.inner_text(".desk-proposal")
    assert "照明找街道" in desk.inner_text(".desk-proposal")
