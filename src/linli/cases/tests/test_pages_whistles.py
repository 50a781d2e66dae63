"""The pages of whistles: called from a case or with a report, answered on a phone, concluded by the caller."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from linli.cases.models import Call, Case, Task, Whistle
from linli.cases.tests.cast import AT, Cast, Person
from linli.cases.tests.desk import HTMX, at_desk, monday_morning, text
from linli.kernel import clock

pytestmark = pytest.mark.django_db
__all__ = ["monday_morning"]


def form(cast: Cast, **changes: Any) -> dict[str, Any]:
    bodies = [cast.property_company.pk, cast.department.pk]
    return {
        "key": "k1", "bodies": bodies, "when": "30", "place": "8 栋门口", "words": "路面塌陷，请到场",
        f"words_{cast.property_company.pk}": "带围挡", **changes,
    }  # fmt: skip


@pytest.fixture
def number(cast: Cast, monday_morning: datetime) -> str:
    return cast.report().number


def blown(cast: Cast, number: str, by: Person | None = None) -> Whistle:
    answer = at_desk(cast, by or cast.grid_worker).client.post(f"/desk/case/{number}/whistle/", form(cast))
    assert answer.status_code == 302, text(answer)
    with cast.inside():
        return Whistle.objects.get(case__number=number, state="open")


def post(cast: Cast, who: Person, held: Whistle, act: str, body: int = 0, **given: Any) -> Any:
    if body:
        with cast.inside():
            given["call"] = Call.objects.get(whistle=held, organisation_id=body).pk
    return at_desk(cast, who).client.post(f"/desk/whistles/{held.pk}/{act}/", given)


def call(cast: Cast, held: Whistle, body: int) -> Call:
    with cast.inside():
        return Call.objects.select_related("task").get(whistle=held, organisation_id=body)


def test_the_case_offers_it_and_the_form_knows_the_place(cast: Cast, number: str) -> None:
    colleague = at_desk(cast, cast.grid_worker)
    assert f"/desk/case/{number}/whistle/" in text(colleague.case(number))
    page = text(colleague.get(f"/desk/case/{number}/whistle/"))
    assert "8 栋" in page
    assert "安居物业" in page


def test_within_the_workbench_the_button_leads_to_a_page(cast: Cast, number: str) -> None:
    answer = at_desk(cast, cast.dispatcher).client.get(f"/desk/case/{number}/whistle/", headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/desk/case/{number}/whistle/")


def test_called_sent_twice_it_is_one_whistle(cast: Cast, number: str) -> None:
    held = blown(cast, number)
    again = at_desk(cast, cast.grid_worker).client.post(f"/desk/case/{number}/whistle/", form(cast))
    assert again["Location"] == f"/desk/whistles/{held.pk}/"
    assert held.meet_at == AT + timedelta(minutes=30)
    assert call(cast, held, cast.property_company.pk).task.words == "带围挡"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"bodies": []}, "请至少选择一个单位"),
        ({"when": "other"}, "请填写集合时间"),
        ({"when": "other", "meet_at": "2026-11-20T10:00"}, "以后的时间"),
        ({"words": ""}, "请说明是什么事"),
        ({"place": ""}, "请填写集合地点"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    cast: Cast, number: str, changes: dict[str, Any], said: str
) -> None:
    answer = at_desk(cast, cast.grid_worker).client.post(
        f"/desk/case/{number}/whistle/", form(cast, **changes)
    )
    page = text(answer)
    assert answer.status_code == 422
    assert said in page
    assert "带围挡" in page
    with cast.inside():
        assert not Whistle.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("property_handler", 404), ("verifier", 403), ("resident", 403)])
def test_who_may_not_call_gets_no_form(cast: Cast, number: str, who: str, status: int) -> None:
    assert at_desk(cast, getattr(cast, who)).get(f"/desk/case/{number}/whistle/").status_code == status


def test_a_report_and_its_whistle_in_one_step(cast: Cast, monday_morning: datetime) -> None:
    given = form(cast, what="路口井盖塌陷 🕳️", building="8 栋", place="", words="", when="now")
    answer = at_desk(cast, cast.grid_worker).client.post("/desk/whistles/new/", given)
    assert answer.status_code == 302, text(answer)
    with cast.inside():
        held = Whistle.objects.get()
        case = Case.objects.get()
    assert (held.place, held.words, case.channel) == ("8 栋", "路口井盖塌陷 🕳️", "patrol")


def test_where_one_does_not_serve_neither_is_made(cast: Cast, monday_morning: datetime) -> None:
    given = form(cast, what="别处的井盖", building="12 栋")
    answer = at_desk(cast, cast.grid_worker).client.post("/desk/whistles/new/", given)
    assert answer.status_code == 422
    with cast.inside():
        assert not Case.objects.exists()


def test_a_body_finds_its_call_first_and_answers_with_one_tap(cast: Cast, number: str) -> None:
    held = blown(cast, number)
    page = text(at_desk(cast, cast.property_handler).get("/desk/whistles/"))
    assert f"/desk/whistles/{held.pk}/arrive/" in page
    assert post(cast, cast.property_handler, held, "coming", cast.property_company.pk).status_code == 302
    assert call(cast, held, cast.property_company.pk).answer == "coming"


def test_declining_asks_for_a_reason_in_place(cast: Cast, number: str) -> None:
    held = blown(cast, number)
    body = cast.property_company.pk
    refused = post(cast, cast.property_handler, held, "decline", body)
    assert refused.status_code == 422
    post(cast, cast.property_handler, held, "decline", body, reason="no_one_free", words="两点后可以")
    assert call(cast, held, body).reason == "no_one_free"
    assert "两点后可以" in text(at_desk(cast, cast.grid_worker).get(f"/desk/whistles/{held.pk}/"))
    post(cast, cast.grid_worker, held, "excuse", body)
    assert call(cast, held, body).excused_at == AT


def test_arrivals_and_the_conclusion(cast: Cast, number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    held = blown(cast, number)
    later = AT + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert post(cast, cast.property_handler, held, "arrive", cast.property_company.pk).status_code == 302
    noted = post(
        cast, cast.grid_worker, held, "arrived", cast.department.pk, arrived_at="2026-11-23T10:35"
    )  # fmt: skip
    assert noted.status_code == 302, text(noted)
    assert call(cast, held, cast.department.pk).by_caller
    given = {
        "words": "掏空路基", "answer": "三天内修好路面。", "agreed": [cast.property_company.pk],
        "body_0": cast.property_company.pk, "step_0": "围挡", "until_0": "2026-11-26",
    }  # fmt: skip
    wrong = post(cast, cast.grid_worker, held, "conclude", **{**given, "body_0": ""})
    assert wrong.status_code == 422
    done = post(cast, cast.grid_worker, held, "conclude", **given)
    assert done.status_code == 302, text(done)
    with cast.inside():
        step = Task.objects.get(case__number=number, state="open")
    assert step.words == "围挡"
    assert "三天内修好路面。" in text(at_desk(cast, cast.resident).get(f"/case/{number}/"))
    page = text(at_desk(cast, cast.dispatcher).get("/desk/whistles/", days="30"))
    assert "/desk/whistles/rows/late/" in page
    rows = text(at_desk(cast, cast.dispatcher).get("/desk/whistles/rows/late/", days="30"))
    assert "安居物业" in rows


def test_a_whistle_is_called_off(cast: Cast, number: str) -> None:
    held = blown(cast, number)
    assert post(cast, cast.grid_worker, held, "off").status_code == 422
    assert post(cast, cast.grid_worker, held, "off", reason="settled_already").status_code == 302
    with cast.inside():
        assert Whistle.objects.get(pk=held.pk).state == "called_off"
    late = post(cast, cast.property_handler, held, "arrive", cast.property_company.pk)
    assert late.status_code == 302


@pytest.mark.parametrize("act", ["coming", "arrive", "conclude", "off", "nonsense"])
def test_of_another_community_it_is_not_there(cast: Cast, number: str, act: str) -> None:
    held = blown(cast, number)
    other = cast.elsewhere.people["dispatcher"]
    assert at_desk(cast, other).get(f"/desk/whistles/{held.pk}/").status_code == 404
    assert post(cast, other, held, act).status_code == 404


def test_a_body_does_not_lead(cast: Cast, number: str) -> None:
    held = blown(cast, number)
    page = text(at_desk(cast, cast.property_handler).get(f"/desk/whistles/{held.pk}/"))
    assert f"/desk/whistles/{held.pk}/conclude/" not in page
    assert post(cast, cast.property_handler, held, "off", reason="other").status_code == 403


def test_nobody_called_and_odd_addresses(cast: Cast, monday_morning: datetime) -> None:
    colleague = at_desk(cast, cast.dispatcher)
    assert "现在没有吹哨" in text(colleague.get("/desk/whistles/", page="99", days="7"))
    assert colleague.get("/desk/whistles/rows/nonsense/").status_code == 404
    assert at_desk(cast, cast.property_handler).get("/desk/whistles/rows/late/").status_code == 403


def test_a_list_costs_few_statements(cast: Cast, number: str, django_assert_max_num_queries: Any) -> None:
    blown(cast, number)
    colleague = at_desk(cast, cast.dispatcher)
    with django_assert_max_num_queries(26):
        colleague.get("/desk/whistles/")
