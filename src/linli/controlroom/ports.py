"""What the control room asks of the outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from linli.controlroom.rules.weather import Level, Sky, Warned


@dataclass(frozen=True, slots=True)
class WeatherNow:
    """The weather of a day at one place, as a feed or a person told it."""

    sky: Sky
    low: int | None  # °C
    high: int | None
    warnings: tuple[Warned, ...]
    source: str  # who says so, in words people know
    at: datetime  # when it was told
    note: str = ""


class Weather(Protocol):
    """A weather feed. It answers from what it fetched before: a page never waits for it."""

    def today(self, community_id: int, *, at: datetime) -> WeatherNow | None:
        """The weather of the community today; None when nothing fresh is known."""
        ...


class NoWeather:
    """No feed is plugged in: what staff enter by hand is all there is."""

    def today(self, community_id: int, *, at: datetime) -> WeatherNow | None:
        """Nothing."""
        return None


_plugged: list[Weather] = [NoWeather()]


def plug_weather(feed: Weather) -> None:
    """Use this feed from now on (``site/wiring.py``)."""
    _plugged[0] = feed


def weather() -> Weather:
    """The feed in use."""
    return _plugged[0]


__all__ = ["Level", "NoWeather", "Sky", "Warned", "Weather", "WeatherNow", "plug_weather", "weather"]
