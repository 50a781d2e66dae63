"""Lists of cases: filtered by closed sets, searched in words of any length, paged by key, counted from what one sees."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from linli.cases import access
from linli.cases.models import Case
from linli.cases.queries import queue
from linli.cases.queries.queue import BadFilter, Filter
from linli.cases.rules.intake import PlaceGiven
from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast

db = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class TestReading:
    """A filter comes from an address and holds nothing that we did not offer."""

    def test_nothing_given_is_the_open_cases_newest_first(self) -> None:
        assert Filter.read({}) == Filter(view="open", order="newest")

    def test_unknown_names_are_left_out(self) -> None:
        assert Filter.read({"contact_phone": "1", "reporter__name": "x", "phones": "1"}) == Filter()

    @pytest.mark.parametrize(
        "given",
        [
            {"view": "secret"}, {"order": "contact_phone"}, {"order": "-reported_at"}, {"clock": "late"},
            {"organisation": "x"}, {"organisation": "1 OR 1"}, {"organisation": "9" * 30}, {"handler": "-1"},
            {"handler": "١"}, {"community": "1.5"}, {"category": "Facilities'"}, {"urgency": "soon"},
            {"place": "1.x."}, {"place": "%"}, {"since": "yesterday"}, {"since": "2026-11-23T10:00:00"},
            {"until": "2026-13-01T00:00:00Z"},
        ],
    )  # fmt: skip
    def test_a_value_outside_its_set_is_refused(self, given: dict[str, str]) -> None:
        with pytest.raises(BadFilter):
            Filter.read(given)

    @pytest.mark.parametrize(
        "name", ["category", "urgency", "q", "place", "since", "view", "order", "cursor"]
    )
    @pytest.mark.parametrize("value", ["\x00", "a\x00b", "\ud800", "🧨" * 300, "' OR 1=1 --", "%00"])
    @db
    def test_hostile_values_are_refused_or_find_nothing(self, cast: Cast, name: str, value: str) -> None:
        cast.report()
        with cast.inside():
            try:
                wanted = Filter.read(
                    {name: value, "view": "all"} | ({"view": value} if name == "view" else {})
                )
                found = queue.filtered(access.visible(cast.dispatcher.actor()), wanted, at=AT)
                queue.page(found, order=wanted.order, cursor=value if name == "cursor" else "")
            except BadFilter:
                return
            assert len(found) in {0, 1}

    @pytest.mark.parametrize(
        "cursor",
        [
            "x", "", "e30=", "W10=", "WzFd", "bnVsbA==", base64.b64encode(b"[" * 5000).decode(),
            base64.b64encode(json.dumps(["2026-11-23T10:00:00", 1]).encode()).decode(),
            base64.b64encode(json.dumps(["2026-11-23T10:00:00+00:00", 2**70]).encode()).decode(),
            base64.b64encode(json.dumps(["2026-11-23T10:00:00+00:00", True]).encode()).decode(),
            base64.b64encode(json.dumps(["0001-01-01T00:00:00+14:00", 1]).encode()).decode(),
            base64.b64encode(json.dumps(["", 1]).encode()).decode(), "é", "=" * 100,
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("order", ["newest", "due"])
    @db
    def test_a_cursor_we_did_not_make_breaks_nothing(self, cast: Cast, cursor: str, order: str) -> None:
        with cast.inside():
            found = access.visible(cast.dispatcher.actor()).order_by(*queue.ORDERS[order])
            try:
                assert queue.page(found, order=order, cursor=cursor).cases == []
            except BadFilter:
                pass


@pytest.fixture
def five(cast: Cast) -> list[str]:
    """Five cases, an hour apart; the third and fifth are sent to the property company."""
    numbers = [
        cast.report(f"第{turn}件：路灯不亮", key=str(turn), at=AT + turn * HOUR, limited=False).number
        for turn in range(1, 6)
    ]
    for number in (numbers[2], numbers[4]):
        cast.dispatched(number, at=AT + 6 * HOUR)
    return numbers


def listed(cast: Cast, who: str = "dispatcher", *, at: Any = AT + 7 * HOUR, **given: str) -> list[str]:
    """The numbers somebody's list shows."""
    with cast.inside():
        actor = cast.here.people[who].actor()
        wanted = Filter.read(given).only(phones=access.may_search_phones(actor))
        found = queue.filtered(access.visible(actor), wanted, at=at)
        return [case.number for case in found]


@db
class TestFiltering:
    """Each filter narrows."""

    def test_newest_first_and_due_first(self, cast: Cast, five: list[str]) -> None:
        assert listed(cast) == five[::-1]
        due = listed(cast, order="due")
        with cast.inside():
            moments = [Case.objects.get(number=number).due_at for number in due]
        assert moments == sorted(moment for moment in moments if moment)

    @pytest.mark.parametrize(
        ("given", "found"),
        [
            ({"view": "to_accept"}, [4, 2, 1]),
            ({"view": "in_work"}, [5, 3]),
            ({"view": "to_sign"}, [5, 3]),
            ({"view": "settled"}, []),
            ({"view": "quarantined"}, []),
            ({"category": "facilities"}, [5, 3]),
            ({"category": "facilities.lighting"}, [5, 3]),
            ({"category": "facil"}, []),
            ({"urgency": "critical"}, []),
            ({"since": "2026-11-23T05:00:00Z"}, [5, 4, 3]),
            ({"until": "2026-11-23T05:00:00Z"}, [2, 1]),
        ],
    )
    def test_what_is_wanted_is_found(
        self, cast: Cast, five: list[str], given: dict[str, str], found: list[int]
    ) -> None:
        assert listed(cast, **given) == [five[number - 1] for number in found]

    def test_a_place_means_everything_in_it(self, cast: Cast, five: list[str]) -> None:
        other = cast.report("12 栋", key="o", place=PlaceGiven(building_id=cast.other_building.id)).number
        assert listed(cast, place=cast.grid.path) == five[::-1]
        assert listed(cast, place=cast.other_grid.path) == [other]
        assert listed(cast, place=cast.building.path.rstrip(".")) == five[::-1]
        assert set(listed(cast, place=cast.place.path)) == {*five, other}

    def test_a_body_and_a_person(self, cast: Cast, five: list[str]) -> None:
        assert listed(cast, organisation=str(cast.property_company.pk)) == [five[4], five[2]]
        cast.move(five[2], Verb.SIGN, cast.property_handler, at=AT + 7 * HOUR)
        assert listed(cast, handler=str(cast.property_handler.account_id)) == [five[2]]

    def test_broken_and_at_risk_are_told_by_the_clock(self, cast: Cast, five: list[str]) -> None:
        with cast.inside():
            due = {case.number: case for case in Case.objects.all()}
        first = due[five[0]]
        assert first.due_at is not None
        assert first.at_risk_at is not None
        assert five[0] not in listed(cast, clock="broken", at=first.due_at)
        assert five[0] in listed(cast, clock="at_risk", at=first.at_risk_at)
        assert five[0] in listed(cast, clock="broken", at=first.due_at + timedelta(seconds=1))
        assert listed(cast, clock="broken") == []


@db
class TestSearching:
    """Words of any length, a number, an outside number, a phone."""

    @pytest.mark.parametrize("words", ["路灯", "灯", "不亮", "第2件", "路灯不亮", "第2件：路灯"])
    def test_chinese_words_of_any_length_are_found(self, cast: Cast, five: list[str], words: str) -> None:
        assert five[1] in listed(cast, q=words)

    @pytest.mark.parametrize(
        "words", ["亮不", "灯路", "电梯", "   ", "，。", "!!!", "'", "\\", ":*", "&|!()<->"]
    )
    def test_what_is_not_there_is_not_found_and_signs_break_nothing(
        self, cast: Cast, five: list[str], words: str
    ) -> None:
        assert five[1] not in listed(cast, q=words) or words.strip() == ""

    def test_a_number_is_found_however_it_is_written(self, cast: Cast, five: list[str]) -> None:
        number = five[3]
        for typed in (number, f"{number[:6]}-{number[6:]}", f"{number[:6]} {number[6:]}"):
            assert listed(cast, q=typed) == [number]

    def test_the_address_is_searched_too(self, cast: Cast) -> None:
        number = cast.report(place=PlaceGiven(address="老槐树下")).number
        assert listed(cast, q="槐树") == [number]

    def test_a_phone_finds_its_cases_for_those_who_answer_callers(self, cast: Cast) -> None:
        number = cast.dispatched(cast.report(contact_phone="13812345678").number).number
        for typed in ("13812345678", "138 1234 5678", "138-1234-5678", "+8613812345678"):
            assert listed(cast, q=typed) == [number]
            assert listed(cast, "property_handler", q=typed) == []
        assert listed(cast, q="13812345679") == []

    def test_a_search_stays_inside_what_one_sees(self, cast: Cast, five: list[str]) -> None:
        assert listed(cast, "neighbour", q="路灯") == []
        assert listed(cast, "property_handler", q="路灯") == [five[4], five[2]]
        cast.report("路灯", community=cast.elsewhere)
        assert set(listed(cast, q="路灯")) == set(five)


@db
class TestPaging:
    """By key: stable while rows are added."""

    @pytest.mark.parametrize("order", ["newest", "due"])
    @pytest.mark.parametrize("size", [1, 2, 4, 5, 50])
    def test_pages_hold_every_case_once(self, cast: Cast, five: list[str], order: str, size: int) -> None:
        cast.move(
            five[0], Verb.WITHDRAW, cast.resident, at=AT + 7 * HOUR
        )  # its deadline is gone: last when due first
        seen, cursor = list[str](), ""
        with cast.inside():
            found = access.visible(cast.dispatcher.actor()).order_by(*queue.ORDERS[order])
            for _ in range(10):
                page = queue.page(found, order=order, cursor=cursor, size=size)
                seen += [case.number for case in page.cases]
                cursor = page.cursor
                if not cursor:
                    break
            assert seen == [case.number for case in found]

    def test_a_case_that_comes_in_meanwhile_moves_nothing(self, cast: Cast, five: list[str]) -> None:
        with cast.inside():
            found = access.visible(cast.dispatcher.actor()).order_by(*queue.ORDERS["newest"])
            first = queue.page(found, order="newest", size=2)
        cast.report("又一件", key="new", at=AT + 8 * HOUR)
        with cast.inside():
            second = queue.page(found, order="newest", size=2, cursor=first.cursor)
        assert [case.number for case in second.cases] == [five[2], five[1]]

    @pytest.mark.parametrize(("asked", "given"), [(0, 1), (-5, 1), (10**9, 5)])
    def test_the_size_of_a_page_has_bounds(self, cast: Cast, five: list[str], asked: int, given: int) -> None:
        with cast.inside():
            found = access.visible(cast.dispatcher.actor()).order_by(*queue.ORDERS["newest"])
            assert len(queue.page(found, order="newest", size=asked).cases) == given


@db
class TestCounting:
    """The tabs' numbers come from the same rows as the lists."""

    def test_each_number_is_that_of_its_list(self, cast: Cast, five: list[str]) -> None:
        cast.move(five[1], Verb.ACCEPT, cast.dispatcher, at=AT + 7 * HOUR, category_code="property.lift")
        for who in ("dispatcher", "property_handler", "grid_worker", "other_grid_worker"):
            with cast.inside():
                counts = queue.counts(access.staff_view(cast.here.people[who].actor()), at=AT + 8 * HOUR)
            for view in queue.VIEWS:
                if view in counts:
                    assert counts[view] == len(listed(cast, who, view=view, at=AT + 8 * HOUR)), (who, view)

    def test_they_cost_one_statement(self, cast: Cast, five: list[str]) -> None:
        with cast.inside():
            seen = access.staff_view(cast.dispatcher.actor())
            queue.counts(seen, at=AT)
            before = connection.linli_statements  # type: ignore[attr-defined]  # our own backend
            queue.counts(seen, at=AT)
            assert connection.linli_statements - before == 1  # type: ignore[attr-defined]  # as above
