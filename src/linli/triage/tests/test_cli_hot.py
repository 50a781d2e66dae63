"""`linli triage hot`: any table of messages, without a database."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from linli.triage.cli import triage
from linli.triage.tests.made_messages import made

CHINESE = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数"]
ROWS = [
    ["1", "甲", "锦绣天城电梯天天坏", "2019/8/1 9:00:00", "电梯困人没有人管。", "0", "3"],
    ["2", "乙", "锦绣天城电梯又停了", "2019/8/3 10:12:05", "电梯停了，老人下不了楼。", "0", "0"],
    ["3", "丙", "图书馆周一能不能开门", "2019/8/2 8:00:00", "去了两次都闭馆。", "0", "0"],
    ["4", "丁", "西地大道的树该修剪了", "2019/8/2 8:00:00", "树枝打到公交车的窗户。", "0", "210"],
]


def written(path: Path, header: list[str], rows: list[list[str]]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return str(path)


def run(*arguments: str) -> Any:
    return CliRunner().invoke(triage, ["hot", *arguments])


def topics(*arguments: str) -> list[dict[str, Any]]:
    answer = run(*arguments, "--json")
    assert answer.exit_code == 0, answer.output
    return list(json.loads(answer.stdout)["topics"])


def test_it_reads_a_citys_own_columns(tmp_path: Path) -> None:
    found = topics(written(tmp_path / "a.csv", CHINESE, ROWS))
    lift = next(one for one in found if sorted(one["members"]) == ["1", "2"])
    assert lift["place"] == "锦绣天城"
    assert "电梯" in lift["title"]
    assert (lift["from"][:10], lift["to"][:10]) == ("2019-08-01", "2019-08-03")
    assert (lift["people"], lift["votes"], lift["days"]) == (2, 3, 2)
    assert lift["heat"] == pytest.approx(sum(lift["points"].values()), abs=0.06)


def test_one_message_that_many_support_is_a_topic(tmp_path: Path) -> None:
    found = topics(written(tmp_path / "a.csv", CHINESE, ROWS))
    assert ["4"] in [one["members"] for one in found]
    assert ["3"] not in [one["members"] for one in found]
    assert [one["heat"] for one in found] == sorted((one["heat"] for one in found), reverse=True)


def test_it_reads_english_and_named_columns(tmp_path: Path) -> None:
    header = ["ID", "Subject", "Body", "Time", "Votes"]
    rows = [[row[0], row[2], row[4], "2019-08-01", row[6]] for row in ROWS]
    assert topics(written(tmp_path / "e.csv", header, rows))[0]["heat"] > 0
    file = written(tmp_path / "n.csv", ["a", "b", "c", "d", "e"], rows)
    named = topics(file, "--id", "a", "--subject", "b", "--body", "c", "--time", "d", "--votes", "e")
    assert named == topics(str(tmp_path / "e.csv"))


def test_without_time_votes_or_ids_it_still_groups(tmp_path: Path) -> None:
    found = topics(written(tmp_path / "t.csv", ["text"], [[row[2] + row[4]] for row in ROWS]))
    assert sorted(found[0]["members"]) == ["2", "3"]  # the rows' lines
    assert found[0]["from"] is None


@pytest.mark.parametrize(
    ("header", "arguments"), [(["x", "y"], []), (["body"], ["--votes", "nope"]), ([""], [])]
)
def test_it_says_what_is_wrong_with_a_file(tmp_path: Path, header: list[str], arguments: list[str]) -> None:
    answer = run(written(tmp_path / "bad.csv", header, [["1", "2"]]), *arguments)
    assert answer.exit_code == 2
    assert "column" in answer.output or "header" in answer.output


def test_blemishes_and_nonsense_make_no_trouble(tmp_path: Path) -> None:
    rows = [
        ["1", "", "", "never", "_x000D_ \t", "x", "many"],
        ["2", "甲", "😀", "2019/13/45", "", "", "-3"],
        *ROWS,
    ]
    assert topics(written(tmp_path / "a.csv", CHINESE, rows))


def test_for_people_it_prints_a_list(tmp_path: Path) -> None:
    answer = run(written(tmp_path / "a.csv", CHINESE, ROWS), "--limit", "1")
    assert answer.exit_code == 0
    assert "1 topics in 4 messages." in answer.output


def test_a_file_of_made_messages_gives_its_topics(tmp_path: Path) -> None:
    rows = [[one.message.key, "", one.message.subject, f"{one.message.at:%Y/%m/%d %H:%M:%S}", one.message.body, "0", "0"]
            for one in made(1)]  # fmt: skip
    found = topics(written(tmp_path / "m.csv", CHINESE, rows))
    assert len(found) > 40
    whole = {member for one in found for member in one["members"]}
    assert len(whole) == sum(len(one["members"]) for one in found)
