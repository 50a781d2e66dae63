"""The standard without a database: notations, dates, arguments, attributes."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.integrations.open311.rules import asking, filing, questions, times, wire
from linli.integrations.open311.rules.faults import Fault, Refused, unknown, wrong
from linli.integrations.open311.rules.questions import Choice, DataType, Question
from linli.integrations.open311.rules.wire import Form
from linli.kernel.clock import LOCAL

AT = datetime(2026, 11, 23, 10, 0, tzinfo=LOCAL)
LAMP = Question("lamp", 2, DataType.STRING, required=True, variable=True, description="路灯编号?")
COLOUR = Question(
    "colour",
    1,
    DataType.SOME_OF,
    required=False,
    variable=True,
    description="颜色",
    choices=(Choice("r", "红"), Choice("g", "绿")),
)
NOTE = Question(
    "note", 3, DataType.STRING, required=True, variable=False, description="请先看清灯杆上的号码。"
)


def test_a_list_is_a_bare_array_in_json_also_with_one_thing_and_with_none() -> None:
    assert wire.written(wire.requests([{"token": "t"}]), Form.JSON) == b'[{"token": "t"}]'
    assert wire.written(wire.requests([]), Form.JSON) == b"[]"
    assert wire.written(wire.requests([]), Form.XML).endswith(b"<service_requests></service_requests>")


def test_an_empty_element_is_null_in_json_and_an_empty_element_in_xml() -> None:
    document = wire.requests([{"service_notice": "", "account_id": None}])
    assert json.loads(wire.written(document, Form.JSON)) == [{"service_notice": None, "account_id": None}]
    assert b"<service_notice/><account_id/>" in wire.written(document, Form.XML)


def test_truth_and_numbers_are_written_as_each_notation_has_them() -> None:
    document = wire.services([{"metadata": True, "lat": 26.5}])
    assert json.loads(wire.written(document, Form.JSON)) == [{"metadata": True, "lat": 26.5}]
    assert b"<metadata>true</metadata><lat>26.5</lat>" in wire.written(document, Form.XML)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_words_make_readable_xml_and_json(words: str) -> None:
    document = wire.requests([{"description": words}])
    root = ET.fromstring(wire.written(document, Form.XML))  # noqa: S314 (our own document)
    json.loads(wire.written(document, Form.JSON))
    assert root.find("request/description") is not None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01T09:30:00+08:00", datetime(2026, 3, 1, 1, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00Z", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00.123Z", datetime(2026, 3, 1, 9, 30, 0, 123000, tzinfo=UTC)),
        ("2026-03-01T09:30Z", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00 08:00", datetime(2026, 3, 1, 1, 30, tzinfo=UTC)),  # a forgotten %2B
        ("2026-03-01T09:30:00", None),
        ("2026-03-01", None),
        ("01.03.2026", None),
        ("2026-13-01T09:30:00Z", None),
        ("2026-03-01T09:30:00+99:99", None),
        ("٢٠٢٦-03-01T09:30:00Z", None),
    ],
)
def test_a_date_has_its_zone_or_is_none(text: str, moment: datetime | None) -> None:
    assert times.read(text) == moment


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 7_000_000_000))
def test_a_date_survives_being_written_and_read(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    told = times.written(moment, LOCAL)
    assert told is not None
    assert times.read(told) == moment


def test_ninety_days_and_no_more() -> None:
    assert times.span(None, None, AT) == (AT - timedelta(days=90), AT)
    assert times.span(AT - timedelta(days=90), AT, AT) is not None
    assert times.span(AT - timedelta(days=90, seconds=1), AT, AT) is None
    assert times.span(AT, AT - timedelta(seconds=1), AT) is None
    assert times.span(AT - timedelta(days=200), None, AT) == (
        AT - timedelta(days=200),
        AT - timedelta(days=110),
    )
    assert times.span(AT - timedelta(days=2), None, AT) == (AT - timedelta(days=2), AT)
    assert times.span(None, AT - timedelta(days=2), AT) == (AT - timedelta(days=92), AT - timedelta(days=2))
    assert times.span(AT + timedelta(days=2), None, AT) == (AT + timedelta(days=2), AT + timedelta(days=2))
    assert times.span(None, datetime.min.replace(tzinfo=UTC), AT) is None
    assert times.span(datetime.max.replace(tzinfo=UTC), None, AT) is None


def asked(**values: str) -> tuple[asking.Asked | None, list[Fault]]:
    return asking.read({name: [value] for name, value in values.items()}, AT)


def test_ids_override_everything_even_what_is_wrong() -> None:
    found, faults = asked(
        service_request_id="261123-000001,261123000002,nonsense", start_date="x", status="y"
    )
    assert not faults
    assert found is not None
    assert found.numbers == ("261123000001", "261123000002")


def test_an_empty_argument_is_the_same_as_none() -> None:
    plain, _ = asked()
    assert asked(service_request_id="", service_code=" ", start_date="", end_date="", status="")[0] == plain
    assert asked(page="", page_size="")[0] == plain


def test_every_fault_of_a_query_is_told_at_once() -> None:
    _, faults = asked(start_date="yesterday", end_date="2026-01-01", status="pending", page="0")
    assert {(one.code, one.value) for one in faults} == {
        ("not_a_date", "start_date"),
        ("not_a_date", "end_date"),
        ("status_unknown", "pending"),
        ("not_a_number", "page"),
    }
    assert {one.status for one in faults} == {400}


def test_a_page_is_never_larger_than_a_thousand() -> None:
    found, _ = asked(page="3", page_size="100000")
    assert found is not None
    assert (found.page, found.page_size) == (3, 1000)


def test_who_reads_changes_is_not_held_to_ninety_days() -> None:
    found, _ = asked(updated_after="2025-01-01T00:00:00Z")
    assert found is not None
    assert found.start_at.year == 1


def create(**values: str) -> tuple[filing.Wanted, set[str]]:
    given: dict[str, Any] = {name: [value] for name, value in values.items()}
    wanted, faults = filing.read(given)
    return wanted, {f"{one.code} {one.value}".strip() for one in faults}


def test_one_of_three_locations_is_enough_and_half_a_point_is_none() -> None:
    assert create(service_code="a", lat="26.6", long="106.6")[1] == set()
    assert create(service_code="a", address_string="3 栋")[1] == set()
    assert create(service_code="a", address_id="52011300800610030008")[1] == set()
    assert create(service_code="a")[1] == {"location_required"}
    assert create(service_code="a", lat="26.6")[1] == {"half_a_point"}
    assert create(service_code="a", lat="", long="", address_string="")[1] == {"location_required"}
    for lat, lon in (("91", "0"), ("0", "181"), ("nan", "0"), ("1e2", "0"), ("٢", "0")):
        assert create(service_code="a", lat=lat, long=lon)[1] == {"not_on_earth"}


def test_several_faults_of_a_new_request_are_told_together() -> None:
    _, faults = create(description="x" * 4001, phone="call me", media_url="file:///etc/passwd")
    assert faults == {
        "argument_required service_code",
        "location_required",
        "too_long description 4000",
        "not_a_phone",
        "not_an_address media_url",
    }


def test_attributes_come_alone_or_several() -> None:
    found = filing.answers(
        {
            "attribute[lamp]": ["A12"],
            "attribute[colour][]": ["r", "g"],
            "attribute[x][y]": ["no"],
            "attribute": ["no"],
        }
    )
    assert found == {"lamp": ("A12",), "colour": ("r", "g")}


def test_a_form_is_utf8_or_refused() -> None:
    assert filing.pairs("description=路灯&a=".encode()) == [("description", "路灯"), ("a", "")]
    assert filing.pairs(b"description=%E8%B7%AF") == [("description", "路")]
    assert filing.pairs("description=路灯".encode("gbk")) is None
    assert filing.pairs(b"description=%C2%B7%B5%C6") is None
    assert filing.pairs(b"&".join(b"a=1" for _ in range(300))) is None


def test_names_are_put_together_as_their_script_does() -> None:
    assert create(service_code="a", first_name="三", last_name="张")[0].name == "张三"
    assert create(service_code="a", first_name="Ada", last_name="Lovelace")[0].name == "Ada Lovelace"


def test_a_missing_answer_names_its_attribute_and_a_wrong_one_too() -> None:
    assert questions.faults([LAMP, COLOUR, NOTE], {}) == [wrong("attribute_required", "lamp")]
    assert questions.faults([LAMP, COLOUR], {"lamp": [" "]}) == [wrong("attribute_required", "lamp")]
    assert questions.faults([LAMP, COLOUR], {"lamp": ["1"], "colour": ["r", "blue"]}) == [
        wrong("attribute_unfit", "colour")
    ]
    assert questions.faults([LAMP], {"lamp": ["1", "2"]}) == [wrong("attribute_single", "lamp")]


@pytest.mark.parametrize(
    ("datatype", "fits", "unfit"),
    [
        (DataType.NUMBER, ["1", "-2.5"], ["one", "1e9", "٣", "1_000"]),
        (DataType.DATETIME, ["2026-03-01T09:30:00Z"], ["2026-03-01"]),
        (DataType.STRING, ["a"], ["a\nb", "a" * 201]),
        (DataType.TEXT, ["a\nb", "a" * 2000], ["a" * 2001]),
    ],
)
def test_each_kind_of_answer_has_its_form(datatype: DataType, fits: list[str], unfit: list[str]) -> None:
    one = Question("q", 1, datatype, required=False, variable=True, description="")
    assert [questions.faults([one], {"q": [value]}) for value in fits] == [[] for _ in fits]
    assert all(questions.faults([one], {"q": [value]}) for value in unfit)


def test_answers_become_lines_and_nothing_sent_is_lost() -> None:
    lines = questions.told([LAMP, COLOUR, NOTE], {"lamp": ["A12"], "colour": ["r", "g"], "extra": ["?"]})
    assert lines == ["颜色：红、绿", "路灯编号：A12", "extra：?"]


def test_the_order_of_a_definition_begins_with_one_and_has_no_holes() -> None:
    told: Any = questions.definition("lighting", [NOTE, LAMP])
    assert [(one["code"], one["order"]) for one in told["attributes"]] == [("lamp", 1), ("note", 2)]


def test_the_gravest_fault_gives_the_status() -> None:
    assert Refused(wrong("x"), unknown("y")).status == 404
    assert Refused(unknown("y"), Fault(403, "key")).status == 403
    assert Refused(wrong("x")).status == 400
