"""Datums: WGS-84, GCJ-02, BD-09 and back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.grids.rules import datum
from linli.grids.rules.datum import Datum

pytestmark = pytest.mark.rules

# The same points by the package prcoords 1.0.2 (CC0), an independent implementation.
KNOWN = [
    ((106.6365, 26.6605), (106.64008247, 26.656838632), (106.646637131, 26.662683613)),
    ((121.3985, 31.2125), (121.403149552, 31.210656092), (121.409692677, 31.216530874)),
    ((110.2955, 20.0075), (110.299795312, 20.005409591), (110.306245635, 20.011574636)),
    ((87.6, 43.8), (87.602838972, 43.80121203), (87.609210152, 43.807472508)),
]
lons, lats = st.floats(74.0, 134.5), st.floats(18.0, 53.5)


@pytest.mark.parametrize(("wgs84", "gcj02", "bd09"), KNOWN)
def test_it_agrees_with_an_independent_implementation(
    wgs84: datum.Point, gcj02: datum.Point, bd09: datum.Point
) -> None:
    assert datum.from_wgs84(*wgs84, Datum.GCJ02) == pytest.approx(gcj02, abs=1e-8)
    assert datum.from_wgs84(*wgs84, Datum.BD09) == pytest.approx(bd09, abs=1e-8)


@pytest.mark.parametrize("kind", list(Datum))
@given(lon=lons, lat=lats)
@settings(max_examples=300)
def test_there_and_back_is_exact_to_a_millionth_of_a_degree(kind: Datum, lon: float, lat: float) -> None:
    back = datum.to_wgs84(*datum.from_wgs84(lon, lat, kind), kind)
    assert back == pytest.approx((lon, lat), abs=1e-6)


def test_outside_china_nothing_is_shifted() -> None:
    assert datum.wgs84_to_gcj02(2.35, 48.85) == (2.35, 48.85)
    assert datum.gcj02_to_wgs84(-73.9, 40.7) == (-73.9, 40.7)


def test_the_shift_in_guiyang_is_some_hundred_metres() -> None:
    lon, lat = datum.wgs84_to_gcj02(106.71, 26.6)
    assert 0.003 < lon - 106.71 < 0.005
    assert -0.004 < lat - 26.6 < -0.002
