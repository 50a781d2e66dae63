"""The pages of settings that other rooms bring: each names its own when it starts (``AppConfig.ready``)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Brought:
    """A page of settings of another room."""

    url_name: str
    title: str | Promise
    words: str | Promise
    icon: str
    order: int = 50  # lower stands higher


_pages: dict[str, Brought] = {}


def register(
    url_name: str, title: str | Promise, words: str | Promise, *, icon: str, order: int = 50
) -> None:
    """Lead from the settings to this page."""
    _pages[url_name] = Brought(url_name, title, words, icon, order)


def pages() -> list[Brought]:
    """Every page brought, in order."""
    return sorted(_pages.values(), key=lambda page: (page.order, page.url_name))
