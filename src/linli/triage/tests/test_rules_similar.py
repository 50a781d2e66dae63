"""Whether two reports tell of the same matter: floors on hand-written pairs, and what each measure is about."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.text.tokens import tokens
from linli.triage.cli_pairs import OURS
from linli.triage.rules import gist as reading
from linli.triage.rules import numbers, pairs, similar
from linli.triage.rules.matters import (
    CALLED,
    FAULTS,
    NEAR,
    REACH,
    SAME_MATTER,
    THINGS,
    TROUBLES,
    faults,
    plain,
)

pytestmark = pytest.mark.rules
ANYTHING = st.text(max_size=60)


def weighed(group: str) -> list[pairs.Pair]:
    with OURS.open(encoding="utf-8", newline="") as table:
        return [pair for pair in pairs.weighed(csv.DictReader(table)) if pair.group == group]


def certainty(one: str, two: str, where: str = "same", days: str = "1") -> float:
    row = {"one": one, "two": two, "where": where, "days": days}
    return similar.judge(*pairs.sides(row)).certainty


def test_there_are_enough_pairs_of_every_kind() -> None:
    held = [*weighed("dev"), *weighed("held")]
    assert len(held) >= 200
    kinds = {pair.kind for pair in held}
    assert kinds >= {
        "paraphrase",
        "other_building",
        "other_matter",
        "same_words",
        "opposite",
        "english",
        "long_ago",
    }
    assert len({(pair.one, pair.two) for pair in held}) == len(held)


HARD = {"other_fault", "same_fault", "foreign"}  # the same thing with another trouble; two languages


@pytest.mark.parametrize(
    ("group", "hard", "precision", "recall"),
    [
        ("dev", False, 0.92, 0.93),
        ("held", False, 0.87, 0.87),
        ("dev", True, 0.9, 0.95),
        ("held", True, 0.63, 0.75),
    ],
)
def test_the_pairs_are_told_apart(group: str, hard: bool, precision: float, recall: float) -> None:
    found = pairs.scores([pair for pair in weighed(group) if (pair.kind in HARD) == hard], 0.5)
    assert (found.precision >= precision, found.recall >= recall) == (True, True), found


@pytest.mark.parametrize(("groups", "most"), [(("dev", "held"), 0.1), (("held",), 0.16)])
def test_the_certainty_means_what_it_says(groups: tuple[str, ...], most: float) -> None:
    """In each fifth of the pairs, by certainty, as many are the same as was said."""
    held = sorted((pair for group in groups for pair in weighed(group)), key=lambda pair: pair.certainty)
    parts = [held[len(held) * at // 5 : len(held) * (at + 1) // 5] for at in range(5)]
    off = [
        round(
            sum(pair.certainty for pair in part) / len(part) - sum(pair.same for pair in part) / len(part), 3
        )
        for part in parts
    ]
    assert max(map(abs, off)) < most, off


@given(ANYTHING, ANYTHING, st.sampled_from(["same", "next", "near:40", "near:900", "none"]))
def test_it_says_the_same_whichever_comes_first(one: str, two: str, where: str) -> None:
    assert certainty(one, two, where) == pytest.approx(certainty(two, one, where), abs=0.02)


@given(ANYTHING, ANYTHING)
def test_every_text_can_be_weighed(one: str, two: str) -> None:
    assert 0.0 <= certainty(one, two) <= 1.0
    reading.looked_for(one)


def test_two_troubles_of_one_device_are_shown_and_a_blocked_lane_is_no_noise() -> None:
    assert certainty("单杠螺丝松了", "楼下健身器材断了一根，孩子爬上去很危险") >= 0.35
    assert certainty("广场舞占消防通道", "东侧广场舞音响太大，九点半了还不停，孩子没法写作业") < 0.35


def test_the_next_houses_lift_is_another_one_and_its_power_cut_may_be_the_same() -> None:
    assert certainty("电梯坏了", "电梯坏了", "next") < 0.3
    assert certainty("停电了", "停电了", "next") > 0.5


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("路灯坏了", "路灯太亮，照到卧室"),
        ("电梯卡住不动", "电梯噪音很大"),
        ("垃圾没人收", "垃圾车凌晨太吵"),
        ("电梯门关不上，一直响", "电梯里的灯坏了"),
        ("路灯三天不亮了", "路灯白天也一直开着，浪费电"),
    ],
)
def test_another_fault_of_the_same_thing_is_another_matter(one: str, two: str) -> None:
    assert certainty(one, two) < 0.35


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("There is a fire in the kitchen below", "楼下着火了"),
        ("The tap is dry", "没水了"),
        ("The lift is stuck", "电梯不动"),
        ("A traffic sign is leaning and about to fall", "对面的交通指示牌歪了，快要倒下来"),
        ("They dug a ditch and never filled it in", "西侧挖开的沟一直没回填，晚上有人绊倒"),
    ],
)
def test_it_understands_two_languages(one: str, two: str) -> None:
    assert certainty(one, two) > 0.5


def test_naming_the_trouble_is_telling_it() -> None:
    assert certainty("楼道里有老鼠", "走廊看到老鼠") > 0.7


def test_a_fault_inside_the_name_of_a_thing_is_none() -> None:
    assert "charging" not in faults("充电桩的位置太偏")
    assert "charging" in faults("有人在充电桩旁边拉线充电")


def test_the_further_apart_and_the_longer_ago_the_less_likely() -> None:
    near = [certainty("路灯不亮", "路灯坏了", f"near:{metres}") for metres in (0, 60, 120, 300, 900)]
    assert near == sorted(near, reverse=True)
    assert near[0] > 0.8 > 0.1 > near[-1]
    ago = [certainty("路灯不亮", "路灯坏了", "same", days) for days in ("0", "10", "60", "365")]
    assert ago == sorted(ago, reverse=True)


def test_house_numbers_in_the_words_decide_where_no_place_is_known() -> None:
    assert certainty("8栋电梯坏了", "八号楼电梯停了", "none") > 0.5
    assert certainty("8栋电梯坏了", "12栋电梯停了", "none") < 0.1


def test_reasons_name_what_speaks_for_it_and_against_it() -> None:
    row = {"one": "8栋门口路灯不亮", "two": "8栋门口路灯太亮，刺眼", "where": "same", "days": "9"}
    why = {reason.code: reason.weight for reason in similar.judge(*pairs.sides(row)).why}
    assert why["thing"] > 0 > why["opposite"]
    assert why["days_between"] < 0


@pytest.mark.parametrize(
    ("text", "kind", "which"),
    [
        ("八号楼", "building", {"8"}),
        ("12栋", "building", {"12"}),
        ("二十一幢", "building", {"21"}),
        ("A座大堂", "building", {"a"}),
        ("building 8", "building", {"8"}),
        ("8-2-301", "room", {"301"}),
        ("8-2-301", "unit", {"2"}),
        ("三单元", "unit", {"3"}),
        ("3rd floor", "floor", {"3"}),
        ("负一层", "floor", {"-1"}),
        ("东门", "gate", {"东"}),
        ("east gate", "gate", {"东"}),
        ("中山路", "road", {"中山路"}),
    ],
)
def test_numbers_are_read_in_all_their_forms(text: str, kind: str, which: set[str]) -> None:
    assert numbers.read(plain(text))[kind] == which


@pytest.mark.parametrize(
    "text", ["马路上", "走路", "这条路", "楼上漏水", "楼道灯", "座位", "三次电话", "138-1234-5678"]
)
def test_what_is_no_number_is_not_read_as_one(text: str) -> None:
    assert numbers.read(plain(text)) == {}


def test_what_is_looked_for_is_a_query_of_known_words() -> None:
    found = reading.looked_for("楼下路灯坏了") or ""
    for name in ("路灯", "街灯", "streetlight"):
        assert f"'{tokens(name)[0].text}" in found
    assert reading.looked_for("，。！") is None
    assert reading.looked_for("请尽快处理，谢谢") is None


def test_the_lists_agree_with_each_other() -> None:
    assert set(THINGS) == set(CALLED)
    known = set(FAULTS)
    assert all(pair <= known for pair in NEAR)
    assert all(fault.opposites <= known for fault in FAULTS.values())
    assert TROUBLES < known
    assert all(thing.reach in REACH for thing in THINGS.values())
    assert all(len(pair & set(THINGS)) == 2 for pair in SAME_MATTER)
