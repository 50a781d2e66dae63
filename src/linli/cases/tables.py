"""Opening tables that people send: CSV (UTF-8 or GB 18030) and XLSX, row by row, within bounds."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from pathlib import Path

MOST_ROWS = 2_000_000
MOST_UNPACKED = 500_000_000
csv.field_size_limit(1_000_000)


class BadTable(Exception):
    """The file cannot be read as a table; the message says why."""


def columns_and_rows(path: Path) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
    """The column names, and each row with its line number (the header is line 1).

    :raises BadTable: not a table, no header, a name twice, or too large once unpacked.
    """
    lines = _xlsx(path) if path.suffix.lower() in {".xlsx", ".xlsm"} else _csv(path)
    header = next(lines, None)
    if header is None or not any(cell.strip() for cell in header[1]):
        raise BadTable(f"{path.name} has no header line.")
    columns = [cell.strip() for cell in header[1]]
    named = [column for column in columns if column]
    if len(set(named)) != len(named):
        raise BadTable(f"{path.name} names a column twice.")
    return columns, _rows(columns, lines)


def _rows(columns: list[str], lines: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, dict[str, str]]]:
    for line, cells in lines:
        if any(cell.strip() for cell in cells):
            yield line, dict(zip(columns, cells, strict=False))


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file)
        try:
            for number, cells in enumerate(reader, start=1):
                if number > MOST_ROWS:
                    raise BadTable(f"{path.name} has more than {MOST_ROWS} rows; send it in parts.")
                yield reader.line_num, cells
        except csv.Error as error:
            raise BadTable(f"{path.name}, line {reader.line_num}: {error}.") from error


def _encoding(path: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding) as file:
                while file.read(1_000_000):
                    continue
        except UnicodeDecodeError:
            continue
        return encoding
    raise BadTable(f"{path.name} is neither UTF-8 nor GB 18030 text.")


def _xlsx(path: Path) -> Iterator[tuple[int, list[str]]]:
    import openpyxl  # noqa: PLC0415  (fifteen megabytes that few requests need)

    try:
        with zipfile.ZipFile(path) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MOST_UNPACKED:
                raise BadTable(f"{path.name} is too large once unpacked; send it in parts or as CSV.")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        raise BadTable(f"{path.name} is not an XLSX table.") from error
    sheet = book.worksheets[0]
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        yield number, ["" if cell is None else str(cell) for cell in cells]
