"""What else can be tried in a demo: each room names its own page when it starts (``AppConfig.ready``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Trial:
    """A page to try: its address is asked for when the front door is shown; empty where there is none."""

    title: str | Promise
    words: str | Promise
    icon: str
    address: Callable[[], str]
    order: int = 50  # lower stands higher


_trials: list[Trial] = []


def register(trial: Trial) -> None:
    """Lead from the demo's front door to this page."""
    _trials.append(trial)


def trials() -> list[tuple[Trial, str]]:
    """What can be tried now, with addresses, in order."""
    found = [(trial, _address(trial)) for trial in sorted(_trials, key=lambda trial: trial.order)]
    return [(trial, address) for trial, address in found if address]


def _address(trial: Trial) -> str:
    try:
        return trial.address()
    except NoReverseMatch:  # its pages are not served here: the tests of a room stand on its own addresses
        return ""
