"""The settings pages: whoever keeps the community decides there, from a day on, and nobody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from linli.cases.actions.settings import routing as rules
from linli.cases.models import Category, PromiseRow, RoutingRow
from linli.cases.queries import reference
from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.desk import LIGHTING, at_desk, text
from linli.kernel import calendar

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
TODAY = date(2026, 11, 23)
PAGES = (
    "/desk/settings/",
    "/desk/settings/categories/",
    f"/desk/settings/categories/{LIGHTING}/",
    "/desk/settings/promises/",
    "/desk/settings/routing/",
    "/desk/settings/routing/new/",
    "/desk/settings/routing/try/",
    "/desk/settings/calendar/",
    "/desk/settings/ladder/",
    "/desk/settings/approvals/",
)
RULE = {"name": "路灯给城管", "category_code": LIGHTING, "position": "first", "days": "30"}


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_for_leaders_and_admins_only(cast: Cast, path: str) -> None:
    for who, status in (("leader", 200), ("admin", 200), ("dispatcher", 403), ("resident", 403)):
        assert at_desk(cast, cast.here.people[who]).get(path).status_code == status, who


def test_the_index_leads_to_every_page_of_settings(cast: Cast) -> None:
    page = text(at_desk(cast, cast.leader).get("/desk/settings/"))
    for path in (
        "categories",
        "promises",
        "routing",
        "calendar",
        "places",
        "duties",
        "organisations",
        "community",
    ):
        assert f'href="/desk/settings/{path}/"' in page, path


def test_a_keeper_of_one_community_changes_no_other(cast: Cast) -> None:
    leader = at_desk(cast, cast.elsewhere.leader)
    row = rules.add_rule(
        actor=cast.leader.actor(),
        community_id=cast.here.id,
        sheet=rules.Sheet("甲", organisation_id=cast.property_company.pk),
        at=AT,
    )
    promise = PromiseRow.objects.filter(community_id=cast.here.id).first()
    assert promise is not None
    assert leader.get("/desk/settings/", community=str(cast.here.id)).status_code == 404
    assert leader.get(f"/desk/settings/routing/{row.pk}/").status_code == 404
    assert leader.client.post(f"/desk/settings/routing/{row.pk}/act/", {"do": "end"}).status_code == 404
    ended = leader.client.post(f"/desk/settings/promises/{promise.pk}/end/", {"last_day": TODAY.isoformat()})
    assert ended.status_code == 404
    promise.refresh_from_db()
    assert promise.valid_to is None


def test_a_category_is_added_renamed_and_ended_through_its_pages(cast: Cast) -> None:
    leader = at_desk(cast, cast.leader)
    given = {
        "parent": "environment",
        "name_zh": "绿化养护",
        "name_en": "Green spaces",
        "keywords": "树枝，草坪",
    }
    assert leader.client.post("/desk/settings/categories/", given).status_code == 302
    made = Category.objects.get(code="environment.green_spaces")
    assert (made.keywords, made.valid_from) == (["树枝", "草坪"], TODAY)
    path = f"/desk/settings/categories/{LIGHTING}/"
    renamed = {"name_zh": "路灯", "name_en": "Street lights", "keywords": "路灯"}
    assert leader.client.post(path, renamed).status_code == 302
    assert "照明" in text(leader.get(path))
    ended = leader.client.post(path, {"last_day": (TODAY + timedelta(days=30)).isoformat()})
    assert ended.status_code == 302
    assert Category.objects.get(code=LIGHTING, valid_from=TODAY).valid_to == TODAY + timedelta(days=30)


def test_a_wrong_category_is_said_beside_its_field(cast: Cast) -> None:
    leader = at_desk(cast, cast.leader)
    twin = leader.client.post(
        "/desk/settings/categories/", {"parent": "facilities", "name_zh": "照明", "name_en": "Lamps"}
    )
    assert (twin.status_code, "已经有同名的了。" in text(twin)) == (422, True)
    past = leader.client.post(f"/desk/settings/categories/{LIGHTING}/", {"last_day": "2026-11-01"})
    assert (past.status_code, "只能选今天或以后" in text(past)) == (422, True)


def test_a_promise_is_looked_at_before_it_is_saved(cast: Cast) -> None:
    leader = at_desk(cast, cast.leader)
    given = {
        "category_code": LIGHTING,
        "urgency": "",
        "stage": "sign",
        "amount": "2",
        "unit": "working_hour",
        "start_rule": "at_once",
        "source": "社区公约第三条",
    }
    looked = leader.client.post("/desk/settings/promises/", {**given, "look": "1"})
    assert "按您填写的" in text(looked)
    assert "今天 12:00" in text(looked)
    assert not PromiseRow.objects.filter(category_code=LIGHTING).exists()
    assert leader.client.post("/desk/settings/promises/", {**given, "save": "1"}).status_code == 302
    row = PromiseRow.objects.get(category_code=LIGHTING)
    assert (row.valid_from, row.set_by_id, row.source) == (TODAY, cast.leader.account_id, "社区公约第三条")
    assert "社区公约第三条" in text(leader.get("/desk/settings/promises/"))
    bad = leader.client.post("/desk/settings/promises/", {**given, "amount": "0", "save": "1"})
    assert (bad.status_code, "请填写大于 0 的数。" in text(bad)) == (422, True)
    end = leader.client.post(f"/desk/settings/promises/{row.pk}/end/", {"last_day": TODAY.isoformat()})
    row.refresh_from_db()
    assert (end.status_code, row.valid_to) == (302, TODAY)


def test_a_rule_is_tried_on_past_cases_kept_as_a_draft_and_put_in_force(cast: Cast) -> None:
    number = cast.report(category_code=LIGHTING).number
    everything = rules.Sheet("其余给物业", organisation_id=cast.property_company.pk)
    rules.add_rule(actor=cast.leader.actor(), community_id=cast.here.id, sheet=everything, at=AT)
    leader = at_desk(cast, cast.leader)
    given = {**RULE, "target": f"body:{cast.department.pk}"}
    tried = leader.client.post("/desk/settings/routing/new/", {**given, "try": "1"})
    page = text(tried)
    assert tried.status_code == 200
    assert number in page
    assert page.index("安居物业") < page.index("街道城管办", page.index(number))
    assert RoutingRow.objects.count() == 1
    assert leader.client.post("/desk/settings/routing/new/", {**given, "draft": "1"}).status_code == 302
    draft = RoutingRow.objects.get(draft=True)
    assert number in text(leader.get("/desk/settings/routing/try/", days="7"))
    assert [rule.name for rule in reference.routing_rules(cast.here.id)] == ["其余给物业"]
    leader.client.post(f"/desk/settings/routing/{draft.pk}/act/", {"do": "force"})
    assert [rule.name for rule in reference.routing_rules(cast.here.id)] == ["路灯给城管", "其余给物业"]


def test_a_rule_that_is_never_reached_is_marked(cast: Cast) -> None:
    leader = at_desk(cast, cast.leader)
    for name in ("全部给物业", "也给物业"):
        given = {"name": name, "target": f"body:{cast.property_company.pk}", "position": "last", "save": "1"}
        assert leader.client.post("/desk/settings/routing/new/", given).status_code == 302
    assert "轮不到这一条" in text(leader.get("/desk/settings/routing/"))


def test_rules_are_changed_moved_and_ended_from_the_list(cast: Cast) -> None:
    leader = at_desk(cast, cast.leader)
    for name in ("甲", "乙"):
        given = {"name": name, "target": "role:grid_worker", "level": "grid", "position": "last", "save": "1"}
        leader.client.post("/desk/settings/routing/new/", given)
    RoutingRow.objects.update(valid_from=date(2026, 1, 1))
    second = RoutingRow.objects.get(name="乙")
    leader.client.post(f"/desk/settings/routing/{second.pk}/act/", {"do": "up"})
    assert [row.name for row in rules.current(cast.here.id, TODAY)] == ["乙", "甲"]
    first = rules.current(cast.here.id, TODAY)[0]
    changed = {"name": "乙改", "target": "kind:police_station", "weekdays": ["5", "6"], "save": "1"}
    assert leader.client.post(f"/desk/settings/routing/{first.pk}/", changed).status_code == 302
    row = rules.current(cast.here.id, TODAY)[0]
    assert (row.name, row.organisation_kind, row.weekdays, row.role) == ("乙改", "police_station", [5, 6], "")
    assert "星期六、星期日" in text(leader.get("/desk/settings/routing/"))
    leader.client.post(f"/desk/settings/routing/{row.pk}/act/", {"do": "end"})
    row.refresh_from_db()
    assert row.valid_to == TODAY


def test_a_rule_that_makes_no_sense_is_refused_beside_its_field(cast: Cast) -> None:
    leader = at_desk(cast, cast.leader)
    half = {**RULE, "target": f"body:{cast.department.pk}", "from_time": "22:00", "save": "1"}
    answer = leader.client.post("/desk/settings/routing/new/", half)
    assert (answer.status_code, "要么都填，要么都不填" in text(answer)) == (422, True)
    assert not RoutingRow.objects.exists()


def test_a_day_is_closed_and_given_back_and_hours_are_set(cast: Cast) -> None:
    leader = at_desk(cast, cast.leader)
    day = TODAY + timedelta(days=2)
    page = "/desk/settings/calendar/"
    closed = leader.client.post(page, {"day": day.isoformat(), "working": "no", "note": "社区换届"})
    assert closed.status_code == 302
    assert not calendar.load(cast.here.id).is_working_day(day)
    assert "恢复为国家公布" in text(leader.get(page))
    leader.client.post(page, {"clear": day.isoformat()})
    assert calendar.load(cast.here.id).is_working_day(day)
    hours = {"weekdays": ["0", "1"], "spans": "8:30-12:00，14:00至18:00", "from_date": TODAY.isoformat()}
    assert leader.client.post(f"{page}hours/", hours).status_code == 302
    assert "08:30-12:00, 14:00-18:00" in text(leader.get(page))
    bad = leader.client.post(f"{page}hours/", {**hours, "spans": "下午"})
    assert bad.status_code == 422
    past = leader.client.post(page, {"day": "2026-01-01", "working": "no"})
    assert (past.status_code, "只能选今天或以后" in text(past)) == (422, True)


def test_the_announced_holidays_of_the_year_are_there(cast: Cast) -> None:
    page = text(at_desk(cast, cast.leader).get("/desk/settings/calendar/", year="2026"))
    assert "2026-10-01" in page
    assert "法定节假日" in page
    assert "调休上班" in page
