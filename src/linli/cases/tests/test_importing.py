"""Importing messages: once, at their own times, with every refused row named."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from linli.cases import tables
from linli.cases.actions import importing
from linli.cases.cli import cases
from linli.cases.models import Case, Move
from linli.cases.queries import kept
from linli.cases.rules.intake import Wrong
from linli.cases.rules.messages import Message
from linli.cases.tests.cast import AT, Cast

HEADER = ["编号", "主题", "内容", "上报时间", "答复内容", "答复时间"]
ROWS = [
    [
        "1",
        "路灯不亮",
        "三号楼前的路灯坏了一周",
        "2026/3/2 9:00:00",
        "您好,已修好,请致电13912345678",
        "2026/3/4 9:00:00",
    ],
    ["2", "垃圾", "垃圾三天没清", "2026/3/2 10:00:00", "您好,已清运。", "2026/3/22 10:00:00"],
    ["3", "咨询", "怎么办居住证?", "2026/3/3 11:00:00", "", ""],
    ["4", "", "?", "2026/3/3 11:00:00", "", ""],
]


def _message(key: str, days: int | None = None) -> Message:
    replied = AT - timedelta(days=30 - days) if days is not None else None
    at = AT - timedelta(days=30)
    return Message(key, f"第{key}件:楼道灯坏了", at, reply="已修好" if replied else "", replied_at=replied)


def _import(cast: Cast, *rows: Message | tuple[Wrong, ...], batch: str = "b") -> importing.Outcome:
    return importing.import_messages(
        community_id=cast.community.id, batch=batch, rows=list(enumerate(rows, start=2)), at=AT
    )


@pytest.mark.django_db
def test_a_message_and_its_reply_are_taken_in_at_their_own_times(cast: Cast) -> None:
    outcome = _import(cast, _message("7", days=4))
    assert (outcome.imported, outcome.replied, outcome.refused) == (1, 1, [])
    with cast.inside():
        case = Case.objects.get(outside_number="7")
        moves = list(Move.objects.filter(case=case).order_by("seq").values_list("verb", "at"))
    assert (case.state, case.answer) == ("closed", "已修好")
    assert moves == [("report", AT - timedelta(days=30)), ("reply", AT - timedelta(days=26))]


@pytest.mark.django_db
def test_importing_again_changes_nothing_and_another_batch_is_another_import(cast: Cast) -> None:
    rows = [_message(str(number), days=2) for number in range(60)]
    assert _import(cast, *rows).imported == 60
    again = _import(cast, *rows)
    assert (again.imported, again.already_here) == (0, 60)
    assert _import(cast, rows[0], batch="c").imported == 1


@pytest.mark.django_db
def test_a_number_twice_in_one_file_is_taken_once(cast: Cast) -> None:
    outcome = _import(cast, _message("1"), _message("1"))
    assert (outcome.imported, outcome.already_here) == (1, 1)


@pytest.mark.django_db
def test_refused_rows_are_named_and_the_others_are_taken(cast: Cast) -> None:
    wrong = (Wrong("body", "too_short", "2"),)
    outcome = _import(cast, _message("1"), wrong, _message("2"))
    assert outcome.imported == 2
    assert outcome.refused == [(3, wrong)]


@pytest.mark.django_db
def test_days_to_the_answer_count_each_24_hours_and_share_is_exact(cast: Cast) -> None:
    _import(cast, _message("1", days=2), _message("2", days=15), _message("3", days=20), _message("4"))
    with cast.inside():
        found = kept.answered(cast.community.id, within_days=15, batch="b")
    assert (found.cases, found.median_days, found.within) == (3, 15.0, 2)


def _csv(path: Path, encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([HEADER, *ROWS])
    return path


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_command_imports_a_file_masks_phones_in_replies_and_names_refused_rows(
    cast: Cast, tmp_path: Path, encoding: str
) -> None:
    words = [
        "import",
        str(_csv(tmp_path / "out.csv", encoding)),
        "--community",
        cast.community.code,
        "--json",
    ]
    result = CliRunner().invoke(cases, words)
    outcome = json.loads(result.stdout)
    assert result.exit_code == 3, result.output
    assert (outcome["imported"], outcome["replied"]) == (3, 2)
    assert [one["line"] for one in outcome["refused"]] == [5]
    with cast.inside():
        assert "13912345678" not in Case.objects.get(outside_number="1").answer


@pytest.mark.django_db
def test_an_xlsx_file_is_read_as_well(cast: Cast, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet(index=0)
    for row in [HEADER, *ROWS[:3]]:
        sheet.append(row)
    book.save(tmp_path / "out.xlsx")
    words = ["import", str(tmp_path / "out.xlsx"), "--community", cast.community.code, "--json"]
    result = CliRunner().invoke(cases, words)
    assert json.loads(result.stdout)["imported"] == 3, result.output


@pytest.mark.django_db
def test_an_unknown_community_or_column_stops_before_anything_is_written(cast: Cast, tmp_path: Path) -> None:
    file = str(_csv(tmp_path / "out.csv"))
    unknown = CliRunner().invoke(cases, ["import", file, "--community", "999999999999"])
    column = CliRunner().invoke(
        cases, ["import", file, "--community", cast.community.code, "--map", "body=没有"]
    )
    assert (unknown.exit_code, column.exit_code) == (2, 2)
    assert "There is no community" in unknown.output
    assert "There is no column '没有'" in column.output
    with cast.inside():
        assert not Case.objects.exists()


def test_a_file_that_is_no_table_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"not a workbook")
    with pytest.raises(tables.BadTable, match="not an XLSX"):
        tables.columns_and_rows(tmp_path / "a.xlsx")
    (tmp_path / "b.csv").write_bytes(b"\xff\xfe\x00\xd8\x00")
    with pytest.raises(tables.BadTable, match="neither UTF-8 nor GB 18030"):
        tables.columns_and_rows(tmp_path / "b.csv")
    (tmp_path / "c.csv").write_text("a,a\n1,2\n", encoding="utf-8")
    with pytest.raises(tables.BadTable, match="twice"):
        tables.columns_and_rows(tmp_path / "c.csv")
