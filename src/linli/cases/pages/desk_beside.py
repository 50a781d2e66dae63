"""The pages beside the list: each room names its own when it starts, and the head of the workbench leads to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.grids.rules.duties import VOUCHERS


@dataclass(frozen=True, slots=True)
class Beside:
    """A page that holders of certain roles open from the workbench."""

    url_name: str
    words: str | Promise
    icon: str
    roles: frozenset[str]
    order: int = 50  # lower stands higher

    @property
    def url(self) -> str:
        """Its address; empty while no such page is installed."""
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return ""


_pages: dict[str, Beside] = {}


def register(
    url_name: str, words: str | Promise, *, icon: str, roles: Iterable[str], order: int = 50
) -> None:
    """Lead from the workbench's head to this page, for these roles; to be called in ``AppConfig.ready``."""
    _pages[url_name] = Beside(url_name, words, icon, frozenset(roles), order)


def pages(roles: Iterable[str]) -> list[Beside]:
    """The pages that somebody with these roles may open, in order."""
    held = frozenset(roles)
    ordered = sorted(_pages.values(), key=lambda page: (page.order, page.url_name))
    return [page for page in ordered if page.roles & held and page.url]


register(
    "cases:desk_returns",
    _("Returns"),
    icon="return",
    roles={"dispatcher", "community_leader", "verifier", "auditor"},
    order=40,
)
register("grids:residences", _("Homes to confirm"), icon="home", roles=VOUCHERS, order=80)
