"""Days to count: cases in several states, made with actions, for the tests of figures and their pages."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.cases.rules.workflow import Verb
from linli.cases.tests.cast import AT, Cast


def a_day(cast: Cast, *, at: datetime = AT) -> dict[str, str]:
    """Four cases: one settled and rated, one sent and waiting, one returned, one just reported."""
    numbers = {
        name: cast.report(f"{name} 号楼的路灯不亮了，晚上看不见", at=at, limited=False).number
        for name in ("rated", "waiting", "returned", "new")
    }
    cast.settled(numbers["rated"], at=at)
    cast.move(numbers["rated"], Verb.RATE, cast.resident, at=at + timedelta(hours=6), solved=True, stars=5)
    cast.dispatched(numbers["waiting"], at=at)
    cast.dispatched(numbers["returned"], at=at)
    cast.move(
        numbers["returned"], Verb.RETURN, cast.property_handler, at=at + timedelta(hours=1), reason="wrong_place",
        note="不归我们管",
    )  # fmt: skip
    return numbers
