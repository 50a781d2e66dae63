"""What the communities have set: does the calendar know the holidays, do promises contradict each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from linli.cases.queries import reference
from linli.cases.rules import promises
from linli.grids import queries as places
from linli.kernel import calendar, clock, scope
from linli.runtime.doctor.finding import Finding, judged

ANNOUNCED_FROM_MONTH = 11
MOST_NAMED = 5


def findings(today: date | None = None) -> Iterator[Finding]:
    """All checks of what communities have set; Django has been set up."""
    day = today or clock.now().astimezone(clock.LOCAL).date()
    yield _holidays(day)
    yield _promises(day)


def _holidays(today: date) -> Finding:
    """Holidays of the year, and from November on those of the next: the State Council has announced them by then."""
    years = [today.year, today.year + 1] if today.month >= ANNOUNCED_FROM_MONTH else [today.year]
    lacking = {year: [code for code, known in _calendars() if not known.covers(year)] for year in years}
    told = [f"{year} in {_named(codes)}" for year, codes in lacking.items() if codes]
    seen = f"not known for {'; '.join(told)}" if told else f"known for {' and '.join(map(str, years))}"
    mend = (
        "Promises in working time count plain weeks there. A new release brings the announced days; until then enter them, "
        "1 October among them, on the calendar's settings page."
    )
    return judged("public holidays", not told, seen, mend, otherwise="warn")


def _calendars() -> Iterator[tuple[str, calendar.WorkCalendar]]:
    for community in places.communities():
        with scope.within([community.id]):
            yield community.code, calendar.load(community.id)


def _promises(today: date) -> Finding:
    """Rows under which a pressing case of a category waits longer than such a case elsewhere."""
    found = []
    for community in places.communities():
        with scope.within([community.id]):
            slowed = promises.slowed(reference.promise_rules(community.id), on=today)
        found += sorted(
            {f"{community.code} {one.rule.category_code} {one.rule.promise.stage}" for one in slowed}
        )
    mend = (
        'Give these rows the urgency "normal", or add quicker ones for pressing cases (settings, promises).'
    )
    return judged(
        "promises", not found, _named(found) or "none slows a pressing case", mend, otherwise="warn"
    )


def _named(found: list[str]) -> str:
    more = len(found) - MOST_NAMED
    return ", ".join(found[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
