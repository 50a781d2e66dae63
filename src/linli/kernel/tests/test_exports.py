from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from linli.kernel import exports

HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://x","y")',
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "  =1",
    '"=1',
    "'=1",
    "\x00=1",
    "﻿=1",
    "−1",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_cell_that_would_run_is_marked_as_text(value: str) -> None:
    assert exports.csv_cell(value).startswith("'")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("垃圾没人清", "垃圾没人清"),
        (-3, "-3"),
        (-3.5, "-3.5"),
        (True, "True"),
        ("a=b", "a=b"),
        (date(2026, 11, 23), "2026-11-23"),
        (datetime(2026, 11, 22, 17, 0, tzinfo=UTC), "2026-11-23 01:00:00"),
        ("a\x0bb", "ab"),
    ],
)
def test_other_cells_stay_as_they_are(value: object, text: str) -> None:
    assert exports.csv_cell(value) == text


def test_a_csv_reads_back_in_excel_and_python() -> None:
    rows = [["编号", "内容"], ["261123048213", '他说:"好",\n走了'], *[["x", value] for value in HOSTILE]]
    body = b"".join(exports.write_csv(rows))
    assert body.startswith(b"\xef\xbb\xbf")
    found = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    assert found[:2] == rows[:2]
    assert all(row[1].startswith("'") for row in found[2:])


def test_a_csv_is_written_row_by_row() -> None:
    pieces = exports.write_csv(["x"] for _ in range(10**9))
    assert [next(pieces) for _ in range(3)][1:] == [b"x\r\n", b"x\r\n"]


def test_a_worksheet_holds_only_strings() -> None:
    out = io.BytesIO()
    exports.write_xlsx(
        [["编号", 3, None, date(2026, 11, 23)], *[[value] for value in HOSTILE]], out, sheet="a/b:c"
    )
    out.seek(0)
    page = load_workbook(out)["a b c"]
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert cells[1].value == "3"
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert page["A2"].value == "'=1+1"


@given(st.text())
def test_any_text_makes_a_cell(value: str) -> None:
    cell = exports.csv_cell(value)
    assert len(cell) <= exports.LONGEST_CELL
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.mark.parametrize(
    "name", ["案件 2026.csv", 'x"; filename="y', "a\r\nSet-Cookie: x", "../../etc/passwd", "", "x" * 500]
)
def test_a_file_name_stays_inside_its_header(name: str) -> None:
    header = exports.content_disposition(name)
    assert header.isascii()
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2
    assert "/" not in header
    assert len(header) < 2000
