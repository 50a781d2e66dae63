"""The pages and the API of chasing: who may, what they show, what they refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.cases.actions import sweeping
from linli.cases.models import ApprovalRow, LadderRow, Supervision
from linli.cases.queries import reference
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.desk import at_desk, text
from linli.cases.tests.programs import program
from linli.cases.tests.test_moves_chasing import returned_twice
from linli.cases.tests.test_sweeping import lay_ladder
from linli.grids.actions import wishes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
DAY = timedelta(days=1)
RUNG = {
    "category_code": "", "urgency": "", "stage": "resolve", "level": "1", "when": "used", "percent": "80", "amount": "0",
    "unit": "working_day", "act": "remind", "days": "1", "valid_from": "", "source": "社区公约",
}  # fmt: skip


@pytest.mark.parametrize("path", ["/desk/returns/", "/desk/returns/rows/?part=returned"])
def test_returns_are_for_the_desk_and_those_who_check(cast: Cast, path: str) -> None:
    for who in ("dispatcher", "leader", "verifier", "auditor"):
        assert at_desk(cast, cast.everybody()[who]).get(path).status_code == 200, who
    for who in ("property_handler", "grid_worker", "admin", "resident"):
        assert at_desk(cast, cast.everybody()[who]).get(path).status_code in {302, 403, 404}, who


def test_returns_show_each_body_with_a_way_to_its_cases(cast: Cast) -> None:
    number = returned_twice(cast)
    desk = at_desk(cast, cast.dispatcher)
    page = text(desk.get("/desk/returns/"))
    assert "安居物业" in page
    assert number in page
    rows = text(desk.get(f"/desk/returns/rows/?part=waiting&body={cast.department.pk}"))
    assert number in rows
    for bad in ("part=all", "part=returned&body=x", "part=returned&reason=%27", "part=returned&cursor=x"):
        assert desk.get(f"/desk/returns/rows/?{bad}").status_code == 404, bad
    assert desk.get("/desk/returns/?from=2026-99-99&to=x").status_code == 200
    other = at_desk(cast, cast.elsewhere.dispatcher)
    assert number not in text(other.get("/desk/returns/"))


def test_a_letter_is_read_by_those_whom_the_case_is_open_to(cast: Cast) -> None:
    number = cast.dispatched(cast.report().number).number
    cast.move(number, Verb.SUPERVISE, cast.leader, until=AT + DAY, note="<b>明天</b>前恢复照明 🏠")
    with cast.inside():
        letter = Supervision.objects.get(case__number=number)
    path = f"/desk/case/{number}/letter/{letter.pk}/"
    for who in ("leader", "dispatcher", "property_handler"):
        page = at_desk(cast, cast.everybody()[who]).get(path)
        assert page.status_code == 200, who
        assert "&lt;b&gt;明天&lt;/b&gt;" in text(page)
        assert "督办〔2026〕1号" in text(page)
    for who in ("department_handler", "elsewhere_dispatcher"):
        assert at_desk(cast, cast.everybody()[who]).get(path).status_code == 404, who
    assert at_desk(cast, cast.leader).get(f"/desk/case/{number}/letter/999999/").status_code == 404
    got = program(cast.property_handler).get(f"/cases/{number}/letters")
    assert [(one["kind"], one["serial"]) for one in got.body["items"]] == [("letter", 1)]
    assert program(cast.resident).get(f"/cases/{number}/letters").status == 403
    assert program(cast.elsewhere.dispatcher).get(f"/cases/{number}/letters").status == 404


def test_a_ladders_letter_says_why_it_was_written(cast: Cast) -> None:
    lay_ladder(cast.here.id)
    number = cast.dispatched(cast.report().number).number
    sweeping.sweep(AT + 20 * DAY)
    with cast.inside():
        letter = Supervision.objects.get(case__number=number, kind="talk")
    page = text(at_desk(cast, cast.leader).get(f"/desk/case/{number}/letter/{letter.pk}/"))
    assert "约谈通知书" in page
    assert "升级阶梯第 5 级" in page
    told = text(at_desk(cast, cast.leader).case(number))
    assert "已约谈承办单位" in told
    assert "系统" in told


def test_the_ladder_is_set_ended_and_begun_with_the_example(cast: Cast) -> None:
    leader = at_desk(cast, cast.leader)
    assert leader.client.post("/desk/settings/ladder/", RUNG).status_code == 302
    assert "社区公约" in text(leader.get("/desk/settings/ladder/"))
    early = leader.client.post("/desk/settings/ladder/", {**RUNG, "level": "2", "percent": "50"})
    assert early.status_code == 422
    assert "早于" in text(early)
    row = LadderRow.objects.get(community_id=cast.here.id)
    leader.client.post(f"/desk/settings/ladder/{row.pk}/end/", {"last_day": "2026-12-31"})
    row.refresh_from_db()
    assert str(row.valid_to) == "2026-12-31"
    leader.client.post("/desk/settings/ladder/begin/")
    assert LadderRow.objects.filter(community_id=cast.here.id).count() == 1
    LadderRow.objects.all().delete()
    leader.client.post("/desk/settings/ladder/begin/")
    leader.client.post("/desk/settings/ladder/begin/")
    assert LadderRow.objects.filter(community_id=cast.here.id).count() > 10
    assert at_desk(cast, cast.dispatcher).client.post("/desk/settings/ladder/", RUNG).status_code == 403


def test_approvals_and_named_people_are_kept_by_the_leader(cast: Cast) -> None:
    leader = at_desk(cast, cast.leader)
    given = {"kind": "extend", "up_to": "3", "decider": "dispatcher", "source": ""}
    assert leader.client.post("/desk/settings/approvals/", given).status_code == 302
    assert leader.client.post("/desk/settings/approvals/", {**given, "up_to": "-1"}).status_code == 422
    assert ApprovalRow.objects.get(community_id=cast.here.id).up_to == 3
    named = {"what": "arbiter", "account_id": cast.property_handler.account_id}
    wrong = leader.client.post("/desk/settings/approvals/named/", named)
    assert wrong.status_code == 422
    assert "只有调度员或负责人" in text(wrong)
    named["account_id"] = cast.dispatcher.account_id
    assert leader.client.post("/desk/settings/approvals/named/", named).status_code == 302
    assert "刘调度" in text(leader.get("/desk/settings/approvals/"))
    stranger = {"what": "arbiter", "account_id": cast.stranger.account_id}
    assert leader.client.post("/desk/settings/approvals/named/", stranger).status_code == 422


def test_programs_read_and_set_the_ladder_and_the_rest(cast: Cast) -> None:
    leader = program(cast.admin, "admin")
    rung = {
        "community": cast.here.code, "stage": "sign", "level": 1, "when": "broken", "act": "tell_body", "amount": "1",
    }  # fmt: skip
    made = leader.post("/ladder", rung)
    assert made.status == 201
    assert (made.body["amount"], made.body["act"]) == ("1.00", "tell_body")
    assert leader.post("/ladder", {**rung, "stage": "follow_up"}).status == 422
    assert program(cast.dispatcher).post("/ladder", rung).status == 403
    got = program(cast.dispatcher).get(f"/ladder?community={cast.here.code}")
    assert [one["level"] for one in got.body] == [1]
    path = leader.post(
        "/approvals",
        {"community": cast.here.code, "kind": "hang", "decider": "community_leader", "basis": True},
    )
    assert (path.status, path.body["up_to"], path.body["basis"]) == (201, None, True)
    name = {"community": cast.here.code, "what": "arbiter", "account_id": cast.leader.account_id}
    assert leader.post("/named", name).status == 201
    assert leader.post("/named", {**name, "account_id": cast.resident.account_id}).status == 422
    returned_twice(cast)
    since, until = "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"
    query = f"community={cast.here.code}&since={since}&until={until}"
    told = program(cast.auditor).get(f"/returns?{query}")
    assert {one["organisation_id"] for one in told.body["bodies"]} == {
        cast.property_company.pk,
        cast.department.pk,
    }
    assert len(program(cast.auditor).get(f"/returns/cases?{query}&part=waiting").body["items"]) == 1
    assert program(cast.property_handler).get(f"/returns?{query}").status == 403
    assert program(cast.elsewhere.dispatcher).get(f"/returns?{query}").status == 404
    assert (
        program(cast.leader).get(f"/returns?community={cast.here.code}&since={until}&until={since}").status
        == 422
    )


def test_a_resident_reads_when_they_may_urge_again(cast: Cast) -> None:
    number = cast.dispatched(cast.report().number).number
    resident = at_desk(cast, cast.resident)
    assert f"/case/{number}/urge/" in text(resident.get(f"/case/{number}/"))
    resident.client.post(f"/case/{number}/urge/", {"once": "a"})
    page = text(resident.get(f"/case/{number}/"))
    assert f"/case/{number}/urge/" not in page
    assert "可再次催办的时间" in page
    again = resident.client.post(f"/case/{number}/urge/", {"once": "b"})
    assert again.status_code == 422
    assert "您已催过一次，2026-11-24 10:00 之后可以再催" in text(again)
    assert cast.case(number).urges == 1


@pytest.mark.parametrize(("wish", "agreed", "shown"), [
    ("never", True, False), ("consent", True, True), ("consent", False, False), ("always", True, True),
    ("always", False, True),
])  # fmt: skip
def test_the_public_list_is_as_the_community_wants_it(
    cast: Cast, wish: str, agreed: bool, shown: bool
) -> None:
    wishes.set_setting(
        actor=cast.leader.actor(), community_id=cast.here.id, key="publish_settled", value=wish, at=AT - DAY
    )
    reference.forget(cast.here.id)
    number = cast.settled(cast.report("8 栋门口的路灯不亮，我很害怕", publish=agreed).number).number
    assert (cast.case(number).published_at is not None) is shown
    page = text(at_desk(cast, cast.neighbour).get(f"/settled/{cast.here.code}/"))
    assert (number in page) is shown
    assert ("我很害怕" in page) is (shown and agreed)


def test_a_list_that_was_shut_shows_nothing_of_before(cast: Cast) -> None:
    number = cast.settled(cast.report(publish=True).number).number
    wishes.set_setting(
        actor=cast.leader.actor(),
        community_id=cast.here.id,
        key="publish_settled",
        value="never",
        at=AT - DAY,
    )
    reference.forget(cast.here.id)
    reader = at_desk(cast, cast.neighbour)
    assert number not in text(reader.get(f"/settled/{cast.here.code}/"))
    assert reader.get(f"/settled/{cast.here.code}/{number}/").status_code == 404
