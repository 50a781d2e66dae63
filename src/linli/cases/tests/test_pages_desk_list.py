"""The list of the workbench: tabs, filters, search, pages, and many cases at once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.cases.models import Case, SavedFilter
from linli.cases.rules.intake import PlaceGiven
from linli.cases.rules.workflow import State, Verb
from linli.cases.tests.cast import AT, Cast
from linli.cases.tests.desk import LIGHTING, at_desk, text
from linli.kernel.ticket import signature

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def test_the_list_of_a_hundred_costs_ten_statements_at_most(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(100):
        cast.report(key=str(number), at=AT - timedelta(minutes=number), limited=False)
    monkeypatch.setattr("linli.cases.queries.queue.PAGE", 100)
    desk = at_desk(cast, cast.dispatcher)
    desk.get("/desk/")
    with CaptureQueriesContext(connection) as made:
        page = desk.get("/desk/", tab="to_accept")
    assert text(page).count('class="desk-row"') == 100
    assert len(made) <= 10, [query["sql"][:90] for query in made.captured_queries]


def test_an_address_we_did_not_make_shows_the_list_without_its_filters(cast: Cast) -> None:
    number = cast.report().number
    desk = at_desk(cast, cast.dispatcher)
    for query in ({"place": "x"}, {"organisation": "1e9"}, {"cursor": "!!"}, {"order": "sideways"}):
        page = desk.get("/desk/", tab="to_accept", **query)
        assert (page.status_code, number in text(page)) == (200, True), query


def test_the_list_is_found_by_words_number_and_phone(cast: Cast) -> None:
    number = cast.report(contact_phone="13812345678", key="1").number
    other = cast.report("9 栋垃圾没人收", key="2").number
    desk = at_desk(cast, cast.dispatcher)
    for q in ("路灯", "灯", number, f"{number[:4]} {number[4:8]} {number[8:]}", "138 1234 5678"):
        page = text(desk.get("/desk/", q=q))
        assert f'data-row="{number}"' in page, q
        assert f'data-row="{other}"' not in page, q


def test_filters_narrow_the_list_and_due_first_puts_the_rest_last(cast: Cast) -> None:
    late = cast.report(key="1", at=AT - timedelta(days=3)).number
    fresh = cast.report(key="2").number
    undue = cast.report(key="3").number
    with cast.inside():
        Case.objects.filter(number=undue).update(due_at=None)
    desk = at_desk(cast, cast.dispatcher)
    page = text(desk.get("/desk/", tab="to_accept", order="due"))
    assert [number for number in re.findall(r'data-row="(\d+)"', page)] == [late, fresh, undue]
    today = text(desk.get("/desk/", tab="to_accept", period="today"))
    assert late not in today
    elsewhere = text(desk.get("/desk/", tab="to_accept", place=cast.other_grid.path))
    assert "没有符合筛选条件的诉求" in elsewhere


def test_pages_by_key_walk_through_all_of_them(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linli.cases.queries.queue.PAGE", 2)
    numbers = [cast.report(key=str(n), at=AT - timedelta(hours=n)).number for n in range(5)]
    with cast.inside():
        Case.objects.filter(number__in=numbers[:2]).update(due_at=None)
    desk = at_desk(cast, cast.dispatcher)
    for order in ("newest", "due"):
        url, walked = f"/desk/?tab=to_accept&order={order}", []
        while url:
            page = text(desk.client.get(url))
            walked += re.findall(r'data-row="(\d+)"', page)
            older = re.search(r'href="([^"]+)" rel="next"', page)
            url = older.group(1).replace("&amp;", "&") if older else ""
        assert sorted(walked) == sorted(numbers), order


def test_a_view_can_be_kept_and_forgotten(cast: Cast) -> None:
    desk = at_desk(cast, cast.dispatcher)
    kept = desk.client.post("/desk/filters/", {"name": "路灯", "list": "?tab=broken&category=facilities"})
    assert kept.status_code == 302
    row = SavedFilter.objects.get()
    assert "路灯" in text(desk.get("/desk/"))
    assert at_desk(cast, cast.verifier).client.post("/desk/filters/", {"drop": row.pk}).status_code == 404
    desk.client.post("/desk/filters/", {"drop": row.pk})
    assert not SavedFilter.objects.exists()


def test_the_page_listens_to_its_own_community_only(cast: Cast, settings: Any) -> None:
    settings.LINLI_LIVE_URL = "http://127.0.0.1:8001"
    page = text(at_desk(cast, cast.dispatcher).get("/desk/"))
    found = re.search(r'data-live-url="([^"]+)"', page)
    assert found is not None
    ticket = found.group(1).partition("ticket=")[2].replace("%3A", ":")
    body, _, mark = ticket.rpartition(".")
    assert body.endswith(f".community:{cast.here.id}")
    assert mark == signature(body, settings.SECRET_KEY)


# -- several at once -----------------------------------------------------------------------------------------


def test_many_are_sent_at_once_and_what_cannot_be_says_why(cast: Cast) -> None:
    good = cast.report(key="1", category_code=LIGHTING).number
    unclear = cast.report(key="2").number
    gone = cast.report(key="3", category_code=LIGHTING).number
    moved = cast.report(key="4", category_code=LIGHTING).number
    versions = {f"version-{number}": cast.case(number).version for number in (good, unclear, gone, moved)}
    cast.move(gone, Verb.WITHDRAW, cast.resident)
    cast.move(moved, Verb.NOTE, cast.leader, note="先等等")
    desk = at_desk(cast, cast.dispatcher)
    numbers = [good, unclear, gone, moved]
    picked = text(desk.client.get("/desk/bulk/", {"case": numbers}))
    assert "已选 4 件" in picked
    answer = desk.client.post(
        "/desk/bulk/",
        {"case": numbers, "verb": "dispatch", "to": f"o{cast.property_company.pk}", **versions},
    )
    outcomes = {one.number: (one.done, one.why) for one in answer.context["outcomes"]}
    assert outcomes[good] == (True, "")
    assert not any(outcomes[number][0] for number in (unclear, gone, moved))
    assert "类别" in outcomes[unclear][1]
    states = {number: cast.case(number).state for number in numbers}
    assert states == {
        good: State.DISPATCHED,
        unclear: State.REPORTED,
        gone: State.WITHDRAWN,
        moved: State.REPORTED,
    }


def test_bulk_asks_what_to_do_and_to_whom(cast: Cast) -> None:
    number = cast.report(category_code=LIGHTING).number
    desk = at_desk(cast, cast.dispatcher)
    for given in ({"verb": "void"}, {"verb": "dispatch"}, {"verb": "dispatch", "to": "x1"}):
        assert desk.client.post("/desk/bulk/", {"case": [number], **given}).status_code == 422, given
    assert cast.case(number).state == State.REPORTED
    assert at_desk(cast, cast.property_handler).get("/desk/bulk/").status_code == 403


def test_bulk_reaches_no_other_community(cast: Cast) -> None:
    number = cast.report(category_code=LIGHTING).number
    other = at_desk(cast, cast.elsewhere.dispatcher)
    answer = other.client.post("/desk/bulk/", {"case": [number], "verb": "accept"})
    assert answer.context["outcomes"] == []
    assert cast.case(number).state == State.REPORTED


def test_the_map_of_the_list_shows_the_cases_of_the_filters_of_the_page_that_asks(cast: Cast) -> None:
    here = cast.report("9 栋垃圾没人收", key="1", place=PlaceGiven(building_id=cast.here.building.id)).number
    nowhere = cast.report("路灯不亮", key="2", place=PlaceGiven(address="老槐树下")).number
    client = at_desk(cast, cast.dispatcher).client

    def asked_from(address: str) -> str:
        return text(client.get("/desk/map/", headers={"HX-Current-URL": address}))

    page = asked_from("http://testserver/desk/?tab=to_accept")
    assert f"/desk/case/{here}/" in page
    assert nowhere not in page
    assert here not in asked_from("http://testserver/desk/?tab=to_accept&q=%E8%B7%AF%E7%81%AF")
    for odd in ("http://[bad?tab=all", "/desk/?cursor=!!", "/desk/?organisation=1e9"):
        assert "ll-map" in asked_from(odd), odd
