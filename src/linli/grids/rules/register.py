"""The community's own register of households, as a table: which phone lives behind which door. Pure."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from linli.grids.rules.sheets import decoded

DOOR, PHONE = ("dwelling_code", "code", "门牌编码", "户编码"), ("phone", "手机号", "手机", "联系电话")
MOST_ROWS = 100_000
MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line of the table (0: with all of it)."""

    line: int
    code: str
    detail: str = ""


@dataclass(slots=True)
class Table:
    """The lines of a register: line, code of the dwelling, phone as it was written."""

    rows: list[tuple[int, str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(content: bytes) -> Table:
    """The lines of a CSV table with the columns ``dwelling_code`` and ``phone``, by English or Chinese headings."""
    reader = csv.reader(io.StringIO(decoded(content), newline=""))
    table = Table()
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        door = next((index for index, name in enumerate(header) if name in DOOR), None)
        phone = next((index for index, name in enumerate(header) if name in PHONE), None)
        if door is None or phone is None:
            return Table(faults=[Fault(1, "unknown_columns", ", ".join(header)[:120])])
        for cells in reader:
            if any(cell.strip() for cell in cells):
                held = [*cells, *[""] * len(header)]
                table.rows.append((reader.line_num, held[door].strip(), held[phone].strip()))
            if len(table.rows) > MOST_ROWS:
                return Table(faults=[Fault(0, "too_many_rows")])
    except csv.Error as problem:
        return Table(faults=[Fault(reader.line_num, "unreadable", str(problem)[:120])])
    if not table.rows:
        table.faults.append(Fault(0, "empty_file"))
    return table
