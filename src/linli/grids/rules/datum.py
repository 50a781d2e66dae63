"""Conversion between the datums met in China: WGS-84, GCJ-02 (AMap, Tencent) and BD-09 (Baidu).

The forward formulas are the published ones (the GCJ-02 deviation on the Krasovsky ellipsoid; Baidu's second
shift in polar form). The inverses are found by iteration, to far less than a millionth of a degree.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from math import atan2, cos, pi, sin, sqrt

KRASOVSKY_AXIS_M = 6378245.0
KRASOVSKY_ECCENTRICITY2 = 0.00669342162296594323
BAIDU_TURN = pi * 3000.0 / 180.0
#: Outside this box the official shift is not applied (lon from, lon to, lat from, lat to).
SHIFTED_BOX = (72.004, 137.8347, 0.8293, 55.8271)

Point = tuple[float, float]


class Datum(StrEnum):
    """A coordinate system in which a source gives its longitudes and latitudes."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def _is_shifted(lon: float, lat: float) -> bool:
    west, east, south, north = SHIFTED_BOX
    return west <= lon <= east and south <= lat <= north


def _waves(value: float, *pairs: tuple[float, float]) -> float:
    return sum(amplitude * sin(value * pi / period) for amplitude, period in pairs) * 2.0 / 3.0


def _deviation_m(lon: float, lat: float) -> Point:
    """The east and north deviation of GCJ-02 before it is scaled to degrees."""
    x, y = lon - 105.0, lat - 35.0
    common = _waves(x, (20.0, 1 / 6), (20.0, 1 / 2))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + common
    north += _waves(y, (20.0, 1.0), (40.0, 3.0)) + _waves(y, (160.0, 12.0), (320.0, 30.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + common
    east += _waves(x, (20.0, 1.0), (40.0, 3.0)) + _waves(x, (150.0, 12.0), (300.0, 30.0))
    return east, north


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    """A WGS-84 point in GCJ-02, in degrees."""
    if not _is_shifted(lon, lat):
        return lon, lat
    east, north = _deviation_m(lon, lat)
    radians = lat / 180.0 * pi
    flat = 1 - KRASOVSKY_ECCENTRICITY2 * sin(radians) ** 2
    meridian = KRASOVSKY_AXIS_M * (1 - KRASOVSKY_ECCENTRICITY2) / (flat * sqrt(flat))
    parallel = KRASOVSKY_AXIS_M / sqrt(flat) * cos(radians)
    return lon + east * 180.0 / (parallel * pi), lat + north * 180.0 / (meridian * pi)


def gcj02_to_bd09(lon: float, lat: float) -> Point:
    """A GCJ-02 point in BD-09, in degrees."""
    radius = sqrt(lon * lon + lat * lat) + 0.00002 * sin(lat * BAIDU_TURN)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * BAIDU_TURN)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006


def _undo(forward: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    """The point that ``forward`` carries to (lon, lat), by fixed-point iteration.

    Both shifts change slowly with the place, so each round gains more than two digits.
    """
    guess_lon, guess_lat = lon, lat
    for _ in range(20):
        there_lon, there_lat = forward(guess_lon, guess_lat)
        off_lon, off_lat = there_lon - lon, there_lat - lat
        guess_lon, guess_lat = guess_lon - off_lon, guess_lat - off_lat
        if abs(off_lon) < 1e-10 and abs(off_lat) < 1e-10:
            break
    return guess_lon, guess_lat


def gcj02_to_wgs84(lon: float, lat: float) -> Point:
    """A GCJ-02 point in WGS-84, in degrees, exact to less than 1e-6."""
    return _undo(wgs84_to_gcj02, lon, lat) if _is_shifted(lon, lat) else (lon, lat)


def bd09_to_gcj02(lon: float, lat: float) -> Point:
    """A BD-09 point in GCJ-02, in degrees, exact to less than 1e-6."""
    return _undo(gcj02_to_bd09, lon, lat)


def to_wgs84(lon: float, lat: float, datum: Datum) -> Point:
    """A point given in ``datum``, in WGS-84 (what the database stores)."""
    if datum is Datum.BD09:
        return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))
    return gcj02_to_wgs84(lon, lat) if datum is Datum.GCJ02 else (lon, lat)


def from_wgs84(lon: float, lat: float, datum: Datum) -> Point:
    """A stored point as a map of another ``datum`` wants it."""
    if datum is Datum.WGS84:
        return lon, lat
    shifted = wgs84_to_gcj02(lon, lat)
    return gcj02_to_bd09(*shifted) if datum is Datum.BD09 else shifted
