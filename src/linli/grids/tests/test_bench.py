"""The bench of look-ups says what it measured."""

from __future__ import annotations

import pytest

from linli.grids.bench import bench_locate

pytestmark = pytest.mark.rules


def test_it_states_rows_rates_and_that_no_statement_was_needed() -> None:
    told = bench_locate(150, 300)
    assert (told["grids"], told["buildings"], told["lookups"], told["sql"]) == (150, 600, 300, 0)
    assert told["found"] > 250
    assert told["rate"] > 0
    assert told["ratio"] == pytest.approx(told["rate"] / told["floor_rate"], abs=0.001)
