"""The pages of figures: who reads them, what they say, and that each number opens its cases."""

from __future__ import annotations

import csv
import io
import json
import re

import openpyxl
import pytest
from django.test import Client

from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast, sign_in
from linli.cases.tests.desk import at_desk, text
from linli.controlroom.rules.catalog import CATALOG
from linli.controlroom.tests.days import a_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_evening")]
LIST, TODAY = "/control/figures/", {"period": "today"}


@pytest.mark.parametrize("who", ["dispatcher", "leader", "auditor"])
def test_those_who_look_after_the_community_read_every_figure(cast: Cast, who: str) -> None:
    a_day(cast)
    page = text(at_desk(cast, getattr(cast, who)).get(LIST, **TODAY))
    for word in ("响应率", "解决率", "满意率", "三率综合得分", "上报量", "在办量"):
        assert word in page
    assert "/control/figures/reported/rows/?period=today&amp;part=numerator" in page


@pytest.mark.parametrize(
    "who", ["police", "grid_worker", "building_head", "verifier", "property_handler", "resident", "admin"]
)
def test_others_do_not(cast: Cast, who: str) -> None:
    assert at_desk(cast, getattr(cast, who)).get(LIST).status_code == 403


def test_nobody_is_sent_to_sign_in(cast: Cast) -> None:
    assert Client().get(LIST).status_code == 302


def test_staff_of_another_community_see_only_their_own(cast: Cast) -> None:
    numbers = a_day(cast)
    foreign = at_desk(cast, cast.elsewhere.dispatcher)
    page = text(foreign.get("/control/figures/reported/rows/", **TODAY))
    assert "0 件" in page
    assert not [number for number in numbers.values() if number in page]
    assert foreign.get(LIST, community=str(cast.here.id)).status_code == 404


@pytest.mark.parametrize("code", CATALOG)
def test_each_figure_has_its_page_with_formula_and_breakdown(cast: Cast, code: str) -> None:
    a_day(cast)
    colleague = at_desk(cast, cast.leader)
    for by in ("organisation", "category", "grid"):
        answer = colleague.get(f"/control/figures/{code}/", by=by, **TODAY)
        assert answer.status_code == 200
        assert "截至" in text(answer)


def test_every_number_on_a_figures_page_opens_a_list_of_so_many(cast: Cast) -> None:
    a_day(cast)
    colleague = at_desk(cast, cast.auditor)
    for code in ("response_rate", "solved_rate", "return_rate", "settled"):
        page = text(colleague.get(f"/control/figures/{code}/", **TODAY))
        links = re.findall(rf'href="(/control/figures/{code}/rows/[^"]+)">(\d+)</a>', page)
        assert links
        for address, said in links:
            opened = text(colleague.client.get(address.replace("&amp;", "&")))
            assert f"· {said} 件" in opened, address


def test_a_list_says_why_a_case_is_left_out(cast: Cast) -> None:
    numbers = a_day(cast)
    page = text(
        at_desk(cast, cast.leader).get("/control/figures/solved_rate/rows/", part="excluded", **TODAY)
    )
    assert "居民还没有表态" in page
    assert numbers["waiting"] in page


def test_a_long_list_comes_in_pages(cast: Cast) -> None:
    for place in range(53):
        cast.report(f"第 {place} 盏路灯不亮", by=cast.dispatcher, limited=False)
    colleague = at_desk(cast, cast.dispatcher)
    first = text(colleague.get("/control/figures/reported/rows/", **TODAY))
    (older,) = re.findall(r'href="([^"]+)" rel="next"', first)
    second = text(colleague.client.get(older.replace("&amp;", "&")))
    listed = set(re.findall(r"/desk/case/(\d+)/", first)), set(re.findall(r"/desk/case/(\d+)/", second))
    assert len(listed[0]) == 50
    assert len(listed[0] | listed[1]) == 53


@pytest.mark.parametrize(
    "query",
    [
        {"period": "century"}, {"from": "2026-02-30", "to": "2026-03-01"},
        {"from": "1026-05-01", "to": "2026-04-01"}, {"from": "0001-01-01"}, {"part": "half"}, {"by": "colour"},
        {"by": "organisation", "group": "x"}, {"by": "organisation", "group": "9" * 40},
        {"by": "day", "group": "2020-01-01"},
        {"by": "category", "group": "a'b"}, {"group": "3"}, {"cursor": "nonsense"}, {"format": "exe"},
    ],
)  # fmt: skip
def test_what_is_not_understood_is_not_found(cast: Cast, query: dict[str, str]) -> None:
    colleague = at_desk(cast, cast.leader)
    assert colleague.get("/control/figures/returned/rows/", **query).status_code == 404


def test_two_days_in_the_other_order_are_the_same_period(cast: Cast) -> None:
    colleague = at_desk(cast, cast.leader)
    page = text(colleague.get("/control/figures/", **{"from": "2026-05-01", "to": "2026-04-01"}))
    assert "2026-04-01 – 2026-05-01" in page


@pytest.mark.parametrize("days", [("2010-01-01", "2026-11-24"), ("x", "y"), ("2026-02-30", "")])
def test_days_that_make_no_period_are_said_so_beside_the_form_and_give_no_file(
    cast: Cast, days: tuple[str, str]
) -> None:
    colleague = at_desk(cast, cast.leader)
    asked = {"from": days[0], "to": days[1]}
    for path in ("/control/figures/", "/control/figures/open/"):
        shown = colleague.get(path, **asked)
        assert shown.status_code == 422
        assert "最长三年" in text(shown)
    assert colleague.get("/control/figures/", format="csv", **asked).status_code == 404


def test_an_unknown_figure_is_not_found(cast: Cast) -> None:
    colleague = at_desk(cast, cast.leader)
    assert colleague.get("/control/figures/happiness/").status_code == 404
    assert colleague.get("/control/figures/happiness/rows/").status_code == 404
    assert colleague.get("/control/figures/open/", by="day").status_code == 404


def test_the_pages_speak_english_too(cast: Cast) -> None:
    a_day(cast)
    client = sign_in(Client(), cast.leader)
    client.cookies["django_language"] = "en"
    page = text(client.get(LIST, TODAY))
    assert "Response rate" in page
    assert not re.search(
        r"[一-鿿]", re.sub(r"<header.*?</header>|<nav.*?</nav>", "", page.split("<main")[1], flags=re.S)
    )


class TestFiles:
    """Exports open in any spreadsheet and run nothing."""

    def test_figures_come_as_a_table(self, cast: Cast) -> None:
        a_day(cast)
        answer = at_desk(cast, cast.leader).get(LIST, format="csv", **TODAY)
        lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        found = {line[1]: line for line in lines[1:]}
        assert set(found) == set(CATALOG)
        assert found["reported"][3] == "4.0"
        assert "attachment" in answer["Content-Disposition"]

    def test_a_breakdown_comes_with_the_names_of_its_groups(self, cast: Cast) -> None:
        a_day(cast)
        answer = at_desk(cast, cast.leader).get(
            "/control/figures/return_rate/", format="json", by="organisation", **TODAY
        )
        (one,) = json.loads(answer.content)["figures"]
        assert (one["numerator"], one["denominator"]) == (1, 3)
        sheet = at_desk(cast, cast.leader).get("/control/figures/return_rate/", format="xlsx", **TODAY)
        book = openpyxl.load_workbook(io.BytesIO(sheet.content))
        assert [row[2] for row in book.worksheets[0].iter_rows(values_only=True)][1] == "安居物业"

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_no_cell_is_a_program(self, cast: Cast, form: str) -> None:
        body = cast.property_company
        type(body).objects.filter(pk=body.pk).update(name_zh="=HYPERLINK(0)")
        a_day(cast)
        answer = at_desk(cast, cast.leader).get("/control/figures/dispatched/rows/", format=form, **TODAY)
        if form == "csv":
            cells = [
                cell for line in csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))) for cell in line
            ]
        else:
            page = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
            assert {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None} == {
                "s"
            }
            cells = [str(cell.value) for row in page.iter_rows() for cell in row]
        assert "'=HYPERLINK(0)" in cells

    def test_the_rows_carry_nothing_of_the_resident(self, cast: Cast) -> None:
        a_day(cast)
        for form in ("csv", "json"):
            told = at_desk(cast, cast.leader).get("/control/figures/reported/rows/", format=form, **TODAY)
            body = told.content.decode("utf-8-sig")
            assert "看不见" not in body
            assert "张居民" not in body


def test_the_list_of_figures_costs_a_bounded_number_of_statements(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    a_day(cast)
    colleague = at_desk(cast, cast.leader)
    colleague.get(LIST, **TODAY)
    with django_assert_max_num_queries(75):  # type: ignore[operator]  # a fixture
        colleague.get(LIST, **TODAY)


def test_a_closed_body_keeps_its_name_in_old_figures(cast: Cast) -> None:
    numbers = a_day(cast)
    cast.move(numbers["new"], Verb.NOTE, cast.dispatcher, at=AT, note="看一下")
    body = cast.property_company
    type(body).objects.filter(pk=body.pk).update(closed_at=AT)
    assert "安居物业" in text(at_desk(cast, cast.leader).get("/control/figures/dispatched/", **TODAY))
