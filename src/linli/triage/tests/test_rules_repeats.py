"""The same kind at the same place, back after closing: counted by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from linli.kernel.clock import LOCAL
from linli.triage.rules.repeats import Visit, chains, plain_address

DAY = datetime(2026, 3, 2, 9, 0, tzinfo=LOCAL)


def visit(number: int, day: float, end: float | None = None, **more: object) -> Visit:
    held: dict[str, object] = {
        "category": "property.lift",
        "building": 7,
        "who": frozenset({f"p{number}"}),
        **more,
    }
    return Visit(
        case_id=number,
        at=DAY + timedelta(days=day),
        ended_at=None if end is None else DAY + timedelta(days=end),
        **held,  # type: ignore[arg-type]
    )


def test_what_comes_back_after_closing_is_a_repeat() -> None:
    (found,) = chains([visit(1, 0, 2), visit(2, 10, 12), visit(3, 30)])
    assert (found.times, found.returns, found.residents, found.open_cases) == (3, 2, 3, 1)


def test_two_reports_of_one_time_are_no_return() -> None:
    assert chains([visit(1, 0, 5), visit(2, 3, 6)]) == []


def test_a_reopening_is_a_return() -> None:
    (found,) = chains([visit(1, 0, 9, reopenings=1)])
    assert found.times == 2


@pytest.mark.parametrize("other", [{"building": 8}, {"category": "property.fee"}, {"category": ""}])
def test_another_place_or_kind_is_another_matter(other: dict[str, Any]) -> None:
    assert chains([visit(1, 0, 2), visit(2, 10, **other)]) == []


def test_after_half_a_year_of_quiet_it_is_a_new_matter() -> None:
    assert chains([visit(1, 0, 2), visit(2, 200)]) == []
    (found,) = chains([visit(1, 0, 2), visit(2, 200, 201), visit(3, 220)])
    assert [one.case_id for one in found.visits] == [2, 3]


def test_points_within_sixty_metres_are_one_place() -> None:
    def at(number: int, day: float, end: float | None, lon: float) -> Visit:
        return visit(number, day, end, building=None, lon=lon, lat=26.65)

    assert len(chains([at(1, 0, 1, 106.65), at(2, 5, None, 106.6504)])) == 1  # about 40 m
    assert chains([at(1, 0, 1, 106.65), at(2, 5, None, 106.652)]) == []  # about 200 m


def test_an_address_written_twice_is_one_place() -> None:
    def at(number: int, day: float, end: float | None, address: str) -> Visit:
        return visit(number, day, end, building=None, grid=3, address=address)

    assert len(chains([at(1, 0, 1, "菜场 东门"), at(2, 5, None, "菜场东门")])) == 1
    assert chains([at(1, 0, 1, "东"), at(2, 5, None, "东")]) == []  # says too little
    assert plain_address("８号楼（东）") == plain_address("8号楼 (东)")


def test_the_dearest_comes_first() -> None:
    cheap = [visit(1, 0, 1, hours=1.0), visit(2, 5, 6, hours=1.0)]
    dear = [visit(n, day, day + 1, building=9, hours=5.0) for n, day in ((3, 0), (4, 5), (5, 9))]
    found = chains([*cheap, *dear])
    assert [one.visits[0].building for one in found] == [9, 7]
    assert found[0].cost == 3 * 5.0 * 3
    assert found[1].hours == 1.0


def test_hours_that_nobody_measured_count_as_one() -> None:
    (found,) = chains([visit(1, 0, 1), visit(2, 5)])
    assert found.hours is None
    assert found.cost == 2 * 1.0 * 2


def test_the_same_person_twice_is_one_resident() -> None:
    (found,) = chains([visit(1, 0, 1, who=frozenset({"a"})), visit(2, 5, who=frozenset({"a", "b"}))])
    assert found.residents == 2
