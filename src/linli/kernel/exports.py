"""Tables for people's spreadsheets, with cells that stay text: no program inside a cell is ever run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote

from linli.kernel.clock import LOCAL

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.workbook.child import _WorkbookChild

LONGEST_CELL = 32_767  # Excel's limit
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # without it Excel reads Chinese as GBK
# Excel, WPS and LibreOffice run what begins so, also behind blanks or quotes, also in full width.
_STARTS_PROGRAM = re.compile(r"[\s\"'\x00-\x1f﻿]*[=+\-@＝＋－＠﹢﹣﹦﹫−\t\r\n]")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def csv_cell(value: object) -> str:
    """A value as the text of a cell; text that a spreadsheet would run gets a `'` in front.

    Numbers stay numbers (a negative number is no program), times are local, None is empty.
    """
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value)
    text = _NOT_IN_XML.sub("", _text(value))[: LONGEST_CELL - 1]
    return f"'{text}" if _STARTS_PROGRAM.match(text) else text


def write_csv(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The rows as CSV (UTF-8 with mark, CRLF), piece by piece, so that a long table needs no memory."""
    yield BYTE_ORDER_MARK
    for row in rows:
        line = io.StringIO()
        csv.writer(line, quoting=csv.QUOTE_MINIMAL).writerow([csv_cell(value) for value in row])
        yield line.getvalue().encode()


def write_xlsx(rows: Iterable[Sequence[object]], to: BinaryIO, *, sheet: str = "Linli") -> None:
    """The rows as one worksheet in which every cell is a string: a formula stays the text it is."""
    from openpyxl import Workbook  # noqa: PLC0415  (fifteen megabytes that few requests need)

    book = Workbook(write_only=True)
    page = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", sheet)[:31] or "Linli")
    for row in rows:
        page.append([_string_cell(page, value) for value in row])
    book.save(to)


def content_disposition(name: str) -> str:
    """The header that saves an answer under this name (RFC 6266); the name may be anything."""
    clean = re.sub(r"[\x00-\x1f\x7f/\\:*?\"<>|]", "_", name)[:120] or "file"
    ascii_name = clean.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(clean, safe='')}"


def _string_cell(page: _WorkbookChild, value: object) -> Cell:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415  (as above)

    cell = WriteOnlyCell(page, value=csv_cell(value))
    cell.data_type = "s"  # openpyxl takes "=…" for a formula otherwise
    return cell


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return (value.astimezone(LOCAL) if value.tzinfo else value).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
