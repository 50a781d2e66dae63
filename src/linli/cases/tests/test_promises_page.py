"""The examples in docs/promises.md are what the program says. To renew them: run this file as a module."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from linli.cases.rules import clock as clocks
from linli.cases.rules.clock import Clock, Extension, Pause
from linli.cases.rules.promises import Promise, Stage, StartRule, Unit
from linli.kernel.worktime import SHANGHAI, WorkCalendar

pytestmark = pytest.mark.rules

PAGE = Path(__file__).parents[4] / "docs" / "promises.md"
CALENDAR = WorkCalendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


EXAMPLES = {
    1: (
        Clock(
            Promise(Stage.RESOLVE, 8, Unit.WORKING_HOUR),
            started_at=at("2026-02-13T15:00"),
            pauses=(Pause(at("2026-02-14T09:30"), at("2026-02-14T10:30")),),
            extensions=(Extension(2, asked_at=at("2026-02-14T14:00")),),
            stopped_at=at("2026-02-24T10:00"),
        ),
        at("2026-02-24T12:00"),
    ),
    2: (
        Clock(
            Promise(Stage.RESOLVE, 13, Unit.WORKING_DAY, StartRule.NEXT_DAY),
            started_at=at("2026-02-05T15:20"),
        ),
        at("2026-03-04T09:00"),
    ),
}


def told(number: int) -> str:
    """An example as the page shows it."""
    clock, until = EXAMPLES[number]
    moments = clocks.times(clock, CALENDAR)
    state = clocks.state(clock, CALENDAR, until)
    lines = ["| from | to | counted | why |", "|---|---|---|---|"]
    for segment in clocks.ledger(clock, CALENDAR, until):
        counted = str(timedelta(seconds=segment.counted)) if segment.counted else "–"
        lines.append(f"| {day(segment.from_)} | {day(segment.to)} | {counted} | `{segment.why}` |")
    spent = timedelta(seconds=clocks.elapsed(clock, CALENDAR, until))
    allowed = timedelta(seconds=clocks.allowance(clock, CALENDAR))
    lines += [
        "",
        f"Counted {spent} of {allowed}. At risk from {day(moments.at_risk_at)}, due {day(moments.due_at)}: `{state}`.",
    ]
    return "\n".join(lines)


def day(moment: datetime | None) -> str:
    assert moment is not None
    local = moment.astimezone(SHANGHAI)
    return f"{local:%a %d %b %H:%M}" + (f":{local:%S}" if local.second else "")


@pytest.mark.parametrize("number", EXAMPLES)
def test_the_page_shows_what_the_program_says(number: int) -> None:
    assert told(number) in PAGE.read_text(encoding="utf-8")


def renew() -> None:
    """Write the examples into the page."""
    page = PAGE.read_text(encoding="utf-8")
    for number in EXAMPLES:
        pattern = rf"(<!-- example {number} -->\n).*?(?=\n## )"
        page = re.sub(pattern, rf"\g<1>\n{told(number)}\n", page, flags=re.DOTALL)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    renew()
