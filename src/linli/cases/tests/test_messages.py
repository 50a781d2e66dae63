"""Reading messages as cities export them."""

from __future__ import annotations

from datetime import datetime

import pytest

from linli.cases.rules import messages
from linli.cases.rules.intake import Wrong
from linli.kernel.clock import LOCAL

COLUMNS = ["留言编号", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间"]
ROW = {
    "留言编号": "A-1",
    "留言主题": "路灯不亮",
    "留言时间": "2026/3/4 9:05:00",
    "留言详情": "三号楼前的路灯坏了一周。_x000D_请修。",
    "答复意见": "您好,已修好。",
    "答复时间": "2026/3/9 16:00:00",
}


def _read(**changes: str) -> messages.Message | tuple[Wrong, ...]:
    return messages.read(ROW | changes, messages.mapping(COLUMNS, {}), LOCAL)


def test_a_row_is_understood_by_the_names_cities_use() -> None:
    found = _read()
    assert isinstance(found, messages.Message)
    assert found.key == "A-1"
    assert found.words == "路灯不亮\n三号楼前的路灯坏了一周。请修。"
    assert found.at == datetime(2026, 3, 4, 9, 5, tzinfo=LOCAL)
    assert found.replied_at == datetime(2026, 3, 9, 16, 0, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-04 09:05", datetime(2026, 3, 4, 9, 5, tzinfo=LOCAL)),
        ("2026年3月4日 9:05", datetime(2026, 3, 4, 9, 5, tzinfo=LOCAL)),
        ("2026.3.4", datetime(2026, 3, 4, tzinfo=LOCAL)),
        ("2026/2/30 9:05:00", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_times_are_read_as_people_export_them(written: str, meant: datetime | None) -> None:
    assert messages.local_time(written, LOCAL) == meant


def test_a_reply_dated_by_its_day_counts_from_the_end_of_that_day_when_the_message_came_later_that_day() -> (
    None
):
    found = _read(答复时间="2026/3/4")
    assert isinstance(found, messages.Message)
    assert found.replied_at == datetime(2026, 3, 4, 23, 59, 59, tzinfo=LOCAL)


def test_every_fault_of_a_row_is_named() -> None:
    found = _read(留言主题="", 留言详情="?", 留言时间="soon", 答复时间="")
    assert isinstance(found, tuple)
    assert {(one.field, one.code) for one in found} == {
        ("body", "too_short"),
        ("time", "not_a_time"),
        ("reply_time", "missing"),
    }


def test_a_reply_before_its_message_is_refused() -> None:
    assert _read(答复时间="2026/3/1 10:00:00") == (Wrong("reply_time", "before_the_message"),)


def test_a_row_without_a_number_gets_one_from_its_content() -> None:
    first, again = _read(留言编号=""), _read(留言编号="")
    other = _read(留言编号="", 留言详情="四号楼前的路灯坏了。")
    assert isinstance(first, messages.Message)
    assert isinstance(again, messages.Message)
    assert isinstance(other, messages.Message)
    assert first.key == again.key != other.key


def test_a_mapping_says_what_is_missing_and_what_there_is() -> None:
    with pytest.raises(messages.BadMapping, match="--map time=COLUMN.*留言详情"):
        messages.mapping(["留言详情"], {})
    with pytest.raises(messages.BadMapping, match="There is no column 'x'"):
        messages.mapping(COLUMNS, {"body": "x"})
    with pytest.raises(messages.BadMapping, match="the fields are"):
        messages.mapping(COLUMNS, {"bodies": "留言详情"})
