from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.rules.workflow import State, Verb
from linli.integrations.hotline.pages.settings import EXAMPLE
from linli.integrations.hotline.rules import mapping as mappings
from linli.integrations.hotline.rules import orders
from linli.integrations.hotline.rules.mapping import BadMapping, Sends, Tells
from linli.integrations.hotline.rules.orders import Incoming, Standing
from linli.kernel.clock import LOCAL
from linli.kernel.refusals import Wrong

TEXT = EXAMPLE.read_text(encoding="utf-8")
MAPPING = mappings.load(TEXT)
ORDER = {
    "orderNo": "GY202611230001",
    "title": "路灯不亮",
    "content": "8 栋门口的路灯三天不亮",
    "callTime": "2026-11-23 09:30:00",
    "deadline": "2026/11/30",
    "caller": {"name": "王芳", "phone": "13812345678", "secret": "否"},
    "address": "8 栋门口",
    "lng": "106.6530",
    "lat": "26.6800",
    "category": "公共设施",
    "appealType": "投诉",
    "level": "紧急",
    "status": "派单",
}


def read(**changes: object) -> Incoming | tuple[Wrong, ...]:
    return orders.read({**ORDER, **changes}, MAPPING)


def codes(**changes: object) -> list[str]:
    found = read(**changes)
    assert isinstance(found, tuple)
    return [f"{one.field}.{one.code}" for one in found]


def test_an_order_is_read_field_by_field() -> None:
    found = read()
    assert isinstance(found, Incoming)
    assert found.number == "GY202611230001"
    assert found.words == "路灯不亮\n8 栋门口的路灯三天不亮"
    assert (found.kind, found.urgency, found.tells) == ("complaint", "urgent", Tells.NEW)
    assert found.called_at == datetime(2026, 11, 23, 9, 30, tzinfo=LOCAL)
    assert found.due_at == datetime(2026, 11, 30, 23, 59, 59, tzinfo=LOCAL)
    assert (found.caller, found.phone, found.anonymous) == ("王芳", "13812345678", False)
    assert found.category == "公共设施"  # no table leads on: their own word
    assert found.point is not None
    assert 106.648 < found.point[0] < 106.651  # moved back from GCJ-02


def test_a_table_with_chinese_columns_is_read_by_the_same_mapping() -> None:
    found = orders.read({"工单编号": "1", "诉求内容": "井盖松动", "诉求类型": "没见过的"}, MAPPING)
    assert isinstance(found, Incoming)
    assert (found.number, found.words, found.kind) == ("1", "井盖松动", "help")


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"orderNo": ""}, "number.missing"),
        ({"orderNo": "9" * 61}, "number.too_long"),
        ({"title": "", "content": "?"}, "body.too_short"),
        ({"content": "长" * 10_001}, "body.too_long"),
        ({"callTime": "昨天"}, "called_at.not_a_time"),
        ({"deadline": "2026-02-30"}, "due.not_a_time"),
        ({"lng": "east"}, "lon.not_a_point"),
        ({"lat": "126.6"}, "lon.not_a_point"),
        ({"status": "飞走了"}, "state.unknown_code"),
        ({"level": "很急"}, "urgency.unknown_code"),
    ],
)
def test_each_fault_of_an_order_is_named(changes: dict[str, object], wrong: str) -> None:
    assert codes(**changes) == [wrong]


def test_every_fault_is_named_at_once() -> None:
    assert codes(orderNo="", callTime="x", level="y") == [
        "urgency.unknown_code",
        "number.missing",
        "called_at.not_a_time",
    ]


@pytest.mark.parametrize("row", [None, [], "x", 5])
def test_what_is_no_object_is_no_order(row: object) -> None:
    assert orders.read(row, MAPPING) == (Wrong("order", "not_an_object"),)
    assert orders.number_of(row, MAPPING) == ""


def test_moments_are_read_in_every_form_that_is_promised() -> None:
    wanted = datetime(2026, 11, 23, 9, 30, tzinfo=LOCAL)
    for text in (
        "2026-11-23T09:30:00+08:00",
        "2026-11-23T01:30:00Z",
        "1795397400",
        "1795397400000",
        "2026年11月23日 9:30",
    ):
        found = read(callTime=text)
        assert isinstance(found, Incoming)
        assert found.called_at == wanted, text


def test_a_replay_has_the_same_digest_and_any_change_another() -> None:
    one, same, other = read(), read(), read(address="9 栋")
    assert isinstance(one, Incoming)
    assert isinstance(same, Incoming)
    assert isinstance(other, Incoming)
    assert one.digest == same.digest != other.digest


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*ORDER, "name", "phone"]), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_whatever_arrives_is_read_or_refused_and_never_breaks(row: object) -> None:
    found = orders.read(row, MAPPING)
    assert isinstance(found, Incoming) or found


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (("[fields]", "[fields"), "mapping.not_toml"),
        (('number = ["orderNo", "工单编号"]', ""), "fields.number.missing"),
        (('kind = ["appealType"', 'kid = ["appealType"'), "fields.kid.unknown_field"),
        (('"咨询" = "inquiry"', '"咨询" = "question"'), "codes.kind.unknown_code"),
        (('datum = "gcj02"', 'datum = "mars"'), "datum.unknown_datum"),
        (('auth = "bearer"', 'auth = "header:X Y"'), "auth.unknown_auth"),
        (('zone = "Asia/Shanghai"', 'zone = "Asia/Nowhere"'), "time.zone.unknown_zone"),
        (('path = "/orders?since', 'path = "//evil/orders?since'), "pull.path.not_a_path"),
        (
            ('path = "/orders/{number}/receipt"', 'path = "/orders/{numbr}/receipt"'),
            "messages.receipt.path.not_a_path",
        ),
        (
            ('path = "/orders/{number}/receipt"', 'path = "/{number.__class__}"'),
            "messages.receipt.path.not_a_path",
        ),
        (("[messages.receipt]", "[messages.recipe]"), "messages.recipe.unknown_message"),
        (('"结果" = "outcome"', '"结果" = "outcom"'), "table.fields.结果.unknown_value"),
        (("[push]", "[pusch]"), "pusch.unknown_part"),
    ],
)
def test_each_fault_of_a_mapping_is_named(change: tuple[str, str], wrong: str) -> None:
    assert change[0] in TEXT
    with pytest.raises(BadMapping) as bad:
        mappings.load(TEXT.replace(*change))
    assert [f"{one.field}.{one.code}" for one in bad.value.wrongs] == [wrong]


def test_a_mapping_beyond_bounds_is_refused() -> None:
    with pytest.raises(BadMapping):
        mappings.load("#" * 50_001)


def test_a_message_is_written_in_their_words() -> None:
    road = MAPPING.messages[Sends.RESULT]
    values = {
        "number": "7",
        "outcome": "done",
        "words": "已更换灯泡",
        "body": "物业",
        "at": "2026-11-23T10:00:00+08:00",
        "stars": 5,
    }
    assert mappings.message(MAPPING, road.fields, values) == {
        "orderNo": "7",
        "result": "已办结",
        "opinion": "已更换灯泡",
        "department": "物业",
        "time": "2026-11-23T10:00:00+08:00",
    }
    told = mappings.message(
        MAPPING, MAPPING.messages[Sends.SATISFACTION].fields, {"solved": True, "number": "7"}
    )
    assert told == {"orderNo": "7", "solved": "是"}
    deep = mappings.message(MAPPING, {"data.order.no": "number", "data.kind": "=固定"}, {"number": "7"})
    assert deep == {"data": {"order": {"no": "7"}, "kind": "固定"}}


def test_moments_go_out_as_they_write_them() -> None:
    written = mappings.load(TEXT.replace('format = ""', 'format = "%Y-%m-%d %H:%M:%S"'))
    values = {"at": "2026-11-23T02:00:00.123456+00:00"}
    assert mappings.message(written, {"time": "at"}, values) == {"time": "2026-11-23 10:00:00"}
    assert mappings.message(MAPPING, {"time": "at"}, values) == {"time": "2026-11-23T10:00:00+08:00"}


def test_a_subject_that_only_repeats_the_body_is_left_out() -> None:
    found = read(title="8 栋门口的路灯…", content="8 栋门口的路灯三天不亮")
    assert isinstance(found, Incoming)
    assert found.words == "8 栋门口的路灯三天不亮"


def test_rows_are_found_where_the_mapping_says() -> None:
    assert mappings.rows_of({"data": {"list": [1, 2]}}, "data.list") == [1, 2]
    assert mappings.rows_of([{"a": 1}], "") == [{"a": 1}]
    assert mappings.rows_of({"a": 1}, "") == [{"a": 1}]
    with pytest.raises(BadMapping):
        mappings.rows_of({"data": "none"}, "data")
    with pytest.raises(BadMapping):
        mappings.rows_of(None, "")


def test_declining_what_is_not_ours_sends_it_back_and_other_reasons_are_a_result() -> None:
    assert orders.told_by(Verb.DECLINE, "not_our_matter") is Sends.RETURNED
    assert orders.told_by(Verb.DECLINE, "no_fact") is Sends.RESULT
    assert orders.told_by(Verb.NOTE, "") is None
    assert orders.outcome(Verb.CLOSE, State.CLOSED) == "done"
    assert orders.standing_after(Sends.RESULT, Standing.OPEN) is Standing.SETTLED
    assert orders.standing_after(Sends.PROGRESS, Standing.SETTLED) is Standing.OPEN  # taken up again
    assert orders.standing_after(Sends.SATISFACTION, Standing.SETTLED) is Standing.SETTLED


def test_tries_wait_longer_and_end() -> None:
    at = datetime(2026, 11, 23, tzinfo=LOCAL)
    waits = [orders.next_try(tries, at) for tries in range(1, orders.MOST_TRIES + 1)]
    assert waits[0] == at + timedelta(seconds=30)
    assert waits[-1] is None
    held = [one for one in waits if one]
    assert held == sorted(held)
    assert max(held) <= at + orders.LONGEST_WAIT


def test_differences_are_what_only_one_side_has_and_what_stands_otherwise() -> None:
    theirs = {"1": Tells.NEW, "2": Tells.SETTLED, "3": Tells.NEW, "4": Tells.WITHDRAWN}
    ours = {"1": Standing.OPEN, "2": Standing.OPEN, "5": Standing.OPEN, "4": Standing.GONE}
    assert [(one.number, one.code) for one in orders.differences(theirs, ours)] == [
        ("2", "standing"),
        ("3", "missing_here"),
        ("5", "missing_there"),
    ]
