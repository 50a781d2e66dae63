"""Work at the desk: who reported it, more time, parts for others, entries for somebody else, the log."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils.formats import date_format

from linli.cases.models import Case
from linli.cases.rules.intake import PlaceGiven
from linli.cases.rules.workflow import State
from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.desk import ENTRY, LIGHTING, at_desk, buttons, photo, text
from linli.kernel import clock
from linli.kernel.models import AccessLog

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


# -- who reported it -----------------------------------------------------------------------------------------


def test_a_look_at_the_phone_is_written_down_with_its_purpose(cast: Cast) -> None:
    number = cast.report(contact_name="张居民", contact_phone="13812345678").number
    desk = at_desk(cast, cast.dispatcher)
    masked = text(desk.case(number))
    assert "13812345678" not in masked
    assert "张居民" not in masked
    assert "138****5678" in masked
    shown = desk.client.post(f"/desk/case/{number}/reveal/", {"purpose": "handle_case"})
    assert "13812345678" in text(shown)
    with cast.inside():
        log = AccessLog.objects.get()
    assert (log.reader_id, log.purpose, log.subject) == (
        cast.dispatcher.account_id,
        "handle_case",
        f"case:{number}",
    )
    assert log.fields == ["name", "phone"]


@pytest.mark.parametrize(("who", "status"), [("auditor", 403), ("admin", 403), ("building_head", 403)])
def test_those_whose_work_does_not_need_it_cannot_read_the_phone(cast: Cast, who: str, status: int) -> None:
    number = cast.report(contact_phone="13812345678").number
    colleague = at_desk(cast, cast.here.people[who])
    assert "/reveal/" not in text(colleague.case(number))
    answer = colleague.client.post(f"/desk/case/{number}/reveal/", {"purpose": "handle_case"})
    assert answer.status_code == status
    with cast.inside():
        assert not AccessLog.objects.exists()


def test_a_look_needs_a_purpose_and_ends_at_ten_an_hour(cast: Cast) -> None:
    number = cast.report(contact_phone="13812345678").number
    desk = at_desk(cast, cast.dispatcher)
    assert desk.client.post(f"/desk/case/{number}/reveal/", {"purpose": "gossip"}).status_code == 422
    asked = [
        desk.client.post(f"/desk/case/{number}/reveal/", {"purpose": "follow_up"}).status_code
        for _ in range(11)
    ]
    assert asked == [200] * 10 + [422]
    with cast.inside():
        assert AccessLog.objects.count() == 10


def test_nobody_learns_who_an_anonymous_report_came_from(cast: Cast) -> None:
    number = cast.report(anonymous=True).number
    desk = at_desk(cast, cast.dispatcher)
    assert "不愿留名" in text(desk.case(number))
    assert desk.client.post(f"/desk/case/{number}/reveal/", {"purpose": "emergency"}).status_code == 404


# -- asking, deciding, working together ----------------------------------------------------------------------


def test_more_time_is_asked_for_by_one_and_granted_by_another(cast: Cast) -> None:
    number = cast.report().number
    cast.dispatched(number)
    handler, desk = at_desk(cast, cast.property_handler), at_desk(cast, cast.dispatcher)
    handler.move(number, "sign")
    due = cast.case(number).due_at
    assert "申请理由" in text(handler.get(f"/desk/case/{number}/ask/"))
    asked = handler.move(number, "ask", request="extend", amount="2", note="缺灯具")
    assert asked.status_code == 302
    assert "缺灯具" in text(desk.case(number))
    assert "decide" not in buttons(text(handler.case(number)))
    assert desk.move(number, "decide", granted="yes").status_code == 302
    with cast.inside():
        row = cast.case(number).clocks.get(stage="resolve")
    assert row.extensions[0]["amount"] == "2.00"
    assert due is not None
    assert row.due_at is not None
    last = date_format((row.due_at - timedelta(seconds=1)).astimezone(clock.LOCAL), "SHORT_DATE_FORMAT")
    page = text(desk.case(number))
    assert f"至 {last}" in page  # the day that ends, not the one whose midnight it is
    assert "延后 2 个工作日" in page
    ledger = text(desk.get(f"/desk/case/{number}/clock/{row.pk}/"))
    assert "经批准延长 2 工作日" in ledger
    assert "24:00" in ledger


def test_a_part_is_done_by_the_body_that_was_asked(cast: Cast) -> None:
    number = cast.report().number
    cast.dispatched(number)
    desk = at_desk(cast, cast.dispatcher)
    joined = desk.move(number, "joint", to=f"o{cast.department.pk}", words="请封闭路口")
    assert joined.status_code == 302
    other = at_desk(cast, cast.department_handler)
    page = text(other.get("/desk/", tab="tasks"))
    assert number in page
    task = re.search(
        r'<option value="(\d+)"[^>]*>请封闭路口', text(other.get(f"/desk/case/{number}/task_done/"))
    )
    assert task is not None
    done = other.move(number, "task_done", task=task.group(1), answer="已封闭")
    assert done.status_code == 302
    assert "已封闭" in text(desk.case(number))


def test_a_changed_category_can_be_changed_back_at_once(cast: Cast) -> None:
    number = cast.report(category_code=LIGHTING).number
    desk = at_desk(cast, cast.dispatcher)
    given: Any = {"category_code": "facilities.manhole", "urgency": "urgent", "kind": "hazard"}
    page = text(desk.move(number, "classify", by_htmx=True, **given))
    undo = re.search(r'<div class="ll-notice ll-undo".*?</form>', page, re.DOTALL)
    assert undo is not None
    back = dict(re.findall(r'name="(\w+)" value="([^"]*)"', undo.group()))
    assert desk.client.post(f"/desk/case/{number}/classify/", back).status_code == 302
    case = cast.case(number)
    assert (case.category_code, case.urgency, case.kind, case.version) == (LIGHTING, "normal", "help", 3)


def test_every_second_of_a_promise_is_explained(cast: Cast) -> None:
    number = cast.report(at=AT - timedelta(days=3)).number
    desk = at_desk(cast, cast.dispatcher)
    with cast.inside():
        row = cast.case(number).clocks.get(stage="accept")
    page = text(desk.get(f"/desk/case/{number}/clock/{row.pk}/"))
    assert "不计：周末" in page
    assert "计入：工作时间" in page
    assert desk.get(f"/desk/case/{number}/clock/{row.pk + 999}/").status_code == 404


def test_the_map_shows_the_case_and_its_neighbours_of_the_same_grid(cast: Cast) -> None:
    number = cast.report(key="1").number
    near = cast.report(key="2", place=PlaceGiven(building_id=cast.second_building.id)).number
    cast.report(key="3")  # at the same spot: it would lie on the first one
    page = text(at_desk(cast, cast.dispatcher).part(f"/desk/case/{number}/map/"))
    assert f"/place/{cast.grid.code}/grids.geojson" in page
    assert page.count("data-point=") == 2
    assert near in page


def test_a_duplicate_is_merged_from_the_list_beside(cast: Cast) -> None:
    first, second = cast.report(key="1").number, cast.report(key="2").number
    desk = at_desk(cast, cast.dispatcher)
    page = text(desk.case(second))
    assert f"/desk/case/{second}/merge/?target={first}" in page
    assert f'value="{first}"' in text(desk.get(f"/desk/case/{second}/merge/", target=first))
    assert desk.move(second, "merge", target=first).status_code == 302
    assert cast.case(second).state == State.MERGED


# -- writing down for somebody -------------------------------------------------------------------------------


def test_what_is_found_and_settled_on_patrol_is_one_act(cast: Cast) -> None:
    worker = at_desk(cast, cast.grid_worker)
    entry = {
        **ENTRY,
        "channel": "patrol",
        "category_code": LIGHTING,
        "settle": "on",
        "answer": "灯泡已更换。",
    }
    bare = worker.client.post("/desk/new/", entry)
    assert bare.status_code == 422
    with cast.inside():
        assert not Case.objects.exists()
    done = worker.client.post("/desk/new/", {**entry, "after": photo()})
    number = done.context["receipt"].number
    case = cast.case(number)
    assert (case.state, case.channel, case.handled_by_id) == (
        State.HANDLED,
        "patrol",
        cast.grid_worker.account_id,
    )
    again = worker.client.post("/desk/new/", {**entry, "after": photo()})
    assert again.context is not None
    with cast.inside():
        assert Case.objects.count() == 1


def test_nobody_settles_where_they_do_not_serve(cast: Cast) -> None:
    worker = at_desk(cast, cast.other_grid_worker)
    entry = {**ENTRY, "channel": "desk", "category_code": LIGHTING, "settle": "on", "answer": "好了。"}
    answer = worker.client.post("/desk/new/", {**entry, "after": photo()})
    assert answer.status_code == 422
    with cast.inside():
        assert not Case.objects.exists()
    assert "settle" not in text(at_desk(cast, cast.dispatcher).get("/desk/new/"))


def test_an_anonymous_caller_leaves_nothing_of_themselves(cast: Cast) -> None:
    desk = at_desk(cast, cast.dispatcher)
    given = {**ENTRY, "anonymous": "on", "contact_name": "张三", "contact_phone": "13800138000"}
    number = desk.client.post("/desk/new/", given).context["receipt"].number
    case = cast.case(number)
    assert (case.contact_name, case.contact_phone, case.anonymous) == (None, None, True)
    assert (case.reporter_id, case.assisted_by_id) == (None, cast.dispatcher.account_id)


def test_an_unknown_building_stays_in_the_address(cast: Cast) -> None:
    desk = at_desk(cast, cast.dispatcher)
    given = {**ENTRY, "building": "老粮站", "address": "门口"}
    case = cast.case(desk.client.post("/desk/new/", given).context["receipt"].number)
    assert (case.building_id, case.address) == (None, "老粮站 门口")


# -- the log -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"), [("auditor", 200), ("leader", 200), ("dispatcher", 403), ("property_handler", 403)]
)
def test_the_audit_log_of_a_case_is_for_those_who_look_after_it(cast: Cast, who: str, status: int) -> None:
    number = cast.report(contact_phone="13812345678").number
    cast.dispatched(number)
    at_desk(cast, cast.dispatcher).client.post(f"/desk/case/{number}/reveal/", {"purpose": "follow_up"})
    page = at_desk(cast, cast.here.people[who]).get(f"/desk/audit/{number}/")
    assert page.status_code == status
    if status == 200:
        assert "尚未封存" in text(page)
        assert "刘调度" in text(page)
        assert "回访" in text(page)


def test_the_audit_log_of_another_community_is_not_there(cast: Cast) -> None:
    number = cast.report().number
    assert at_desk(cast, cast.elsewhere.leader).get(f"/desk/audit/{number}/").status_code == 404
