"""The weather of a day as a duty desk needs it: the sky, two temperatures, and official warnings. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

COLDEST, HOTTEST = -60, 60  # °C; beyond them it is a slip of the finger
LONGEST_NOTE = 80


class Sky(StrEnum):
    """What one sees when one looks up."""

    CLEAR = "clear"
    CLOUDY = "cloudy"
    OVERCAST = "overcast"
    RAIN = "rain"
    HEAVY_RAIN = "heavy_rain"
    THUNDER = "thunder"
    SLEET = "sleet"
    SNOW = "snow"
    FOG = "fog"
    HAZE = "haze"
    WIND = "wind"


class Danger(StrEnum):
    """Of what a warning warns (the kinds of 气象灾害预警信号 that reach a community)."""

    RAINSTORM = "rainstorm"
    TYPHOON = "typhoon"
    SNOWSTORM = "snowstorm"
    COLD_WAVE = "cold_wave"
    GALE = "gale"
    HEAT = "heat"
    DROUGHT = "drought"
    LIGHTNING = "lightning"
    HAIL = "hail"
    FROST = "frost"
    FOG = "fog"
    HAZE = "haze"
    ICY_ROADS = "icy_roads"
    GEOLOGICAL = "geological"


class Level(StrEnum):
    """How grave a warning is, from the least (Ⅳ) to the gravest (Ⅰ)."""

    BLUE = "blue"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Warned:
    """One official warning in force."""

    danger: Danger
    level: Level


def faults(*, low: int | None, high: int | None, note: str) -> tuple[tuple[str, str], ...]:
    """What is wrong with an entry: (field, code)."""
    found = []
    for name, value in (("low", low), ("high", high)):
        if value is not None and not COLDEST <= value <= HOTTEST:
            found.append((name, "out_of_range"))
    if low is not None and high is not None and low > high:
        found.append(("high", "below_low"))
    if len(note) > LONGEST_NOTE:
        found.append(("note", "too_long"))
    return tuple(found)
