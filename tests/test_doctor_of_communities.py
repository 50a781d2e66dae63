"""The doctor looks at what communities have set."""

# ruff: noqa: F811  (fixtures are taken over by importing them)

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from linli.cases.models import PromiseRow
from linli.cases.queries import reference
from linli.cases.tests.cast import AT, FROM, Cast, cast, standing_cast  # noqa: F401  (fixtures)
from linli.kernel import calendar
from linli.runtime.doctor import communities
from linli.runtime.doctor.finding import Finding

pytestmark = pytest.mark.django_db
KNOWN = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    """Calendars and promises are kept for a minute and know nothing of rolled-back tests."""
    yield
    calendar.forget(None)
    reference.forget()


def found(name: str, today: date = KNOWN) -> Finding:
    return next(one for one in communities.findings(today) if one.name == name)


def test_it_says_when_holidays_of_the_year_are_not_known(cast: Cast) -> None:
    assert found("public holidays").state == "ok"
    lacking = found("public holidays", date(2099, 3, 1))
    assert lacking.state == "warn"
    assert lacking.seen == f"not known for 2099 in {cast.elsewhere.code}, {cast.code}"
    assert "1 October" in lacking.mend


def test_an_entered_national_day_stands_for_the_year(cast: Cast) -> None:
    for community in (cast.here, cast.elsewhere):
        calendar.mark_day(
            community_id=community.id, day=date(2099, 10, 1), working=False, note="", set_by_id=None, at=AT
        )
    assert found("public holidays", date(2099, 3, 1)).state == "ok"


def test_it_asks_for_the_next_year_only_once_that_is_announced(cast: Cast) -> None:
    before = found("public holidays", date(2098, 10, 31))
    after = found("public holidays", date(2098, 11, 1))
    assert "2099" not in before.seen
    assert "2099" in after.seen


def test_it_names_promises_that_slow_a_pressing_case(cast: Cast) -> None:
    assert found("promises").state == "ok"
    for category, amount, urgency in (("facilities.lighting", 9, ""), ("", 1, "critical")):
        PromiseRow.objects.create(
            community_id=cast.here.id, category_code=category, stage="resolve", amount=Decimal(amount),
            unit="working_day", start_rule="at_once", urgency=urgency, valid_from=FROM.replace(year=2024),
        )  # fmt: skip
    reference.forget(cast.here.id)
    slowed = found("promises")
    assert slowed.state == "warn"
    assert f"{cast.code} facilities.lighting resolve" in slowed.seen
