"""What every page of the workbench has around it: community, tabs with numbers, filters, the live line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.cases import access, words
from linli.cases.actions.settings import keeping
from linli.cases.models import Case
from linli.cases.pages import alarm, desk_beside, here
from linli.cases.pages.here import Asked
from linli.cases.queries import desk, queue, reference
from linli.cases.rules import desk_tabs
from linli.cases.rules.desk_tabs import Tab
from linli.faces.words import Clock
from linli.grids import queries as places
from linli.grids.pages.settings import WORKS_IN
from linli.grids.rows import PlaceRow
from linli.grids.rules.words import Level
from linli.kernel import live
from linli.kernel.access import Forbidden, NotFound
from linli.kernel.clock import LOCAL
from linli.kernel.text import whole
from linli.people import queries as people
from linli.people.models import Organisation

#: What rooms below may show of the head, on workbench pages of their own.
PARTS = {"tabs_template": "cases/desk/tabs.html", "alarm_template": alarm.TEMPLATE}
HEAD = (
    "tabs",
    "community_name",
    "desk_pages",
    "account_links",
    "live_address",
    "alarms",
    "more_alarms",
)
TAB_WORDS: words.Words = {
    "mine": pgettext_lazy("tab", "Mine"),
    "to_accept": pgettext_lazy("tab", "To accept"),
    "to_dispatch": pgettext_lazy("tab", "To dispatch"),
    "to_rule": pgettext_lazy("tab", "To rule on"),
    "to_sign": pgettext_lazy("tab", "To sign for"),
    "in_work": pgettext_lazy("tab", "In work"),
    "tasks": pgettext_lazy("tab", "Our part"),
    "to_check": pgettext_lazy("tab", "To check"),
    "to_follow_up": pgettext_lazy("tab", "To call back"),
    "joint": pgettext_lazy("tab", "Joint"),
    "supervised": pgettext_lazy("tab", "Supervised"),
    "escalated": pgettext_lazy("tab", "Escalated"),
    "at_risk": pgettext_lazy("tab", "Due soon"),
    "broken": pgettext_lazy("tab", "Overdue"),
    "quarantined": pgettext_lazy("tab", "Quarantine"),
    "open": pgettext_lazy("tab", "Open"),
    "all": pgettext_lazy("tab", "All"),
}
PERIODS: dict[str, tuple[str, int]] = {
    "today": (gettext_lazy("Today"), 0),  # type: ignore[dict-item]  # said in the reader's language
    "week": (gettext_lazy("Last 7 days"), 7),  # type: ignore[dict-item]
    "month": (gettext_lazy("Last 30 days"), 30),  # type: ignore[dict-item]
    "quarter": (gettext_lazy("Last 90 days"), 90),  # type: ignore[dict-item]
}
#: What of the address belongs to the list and goes along from page to page.
KEPT = ("tab", "category", "urgency", "place", "organisation", "period", "order", "q", "cursor")
FILTERS = ("category", "urgency", "place", "organisation", "period")


@dataclass(frozen=True, slots=True)
class TabLink:
    """A tab as the head of the page shows it."""

    key: str
    words: str
    url: str
    count: int | None
    now: bool
    state: str  # of the clock it stands for, or empty


@dataclass
class Frame:
    """The workbench of one request: where, which tab, which filters."""

    request: Asked
    community_id: int
    roles: frozenset[str]

    @cached_property
    def given(self) -> dict[str, str]:
        """The list's part of the address; of a form, its hidden copy."""
        source: Mapping[str, str] = self.request.GET
        if self.request.method == "POST" and "list" in self.request.POST:
            source = dict(parse_qsl(self.request.POST["list"].lstrip("?")))
        elif self.request.method == "POST":
            source = {}
        return {key: source[key] for key in KEPT if source.get(key)}

    @cached_property
    def tab(self) -> Tab:
        """The tab asked for, else where the person's day begins; a search without a tab looks everywhere."""
        wanted = self.given.get("tab", "")
        if wanted in desk_tabs.TABS:
            return desk_tabs.TABS[wanted]
        return desk_tabs.TABS["all"] if self.given.get("q") else desk_tabs.first(self.roles, self.counts)

    @cached_property
    def filter(self) -> queue.Filter:
        """What the list wants.

        :raises BadFilter: for a value we did not offer.
        """
        given = {**self.given, "view": self.tab.view, "clock": self.tab.clock}
        wanted = queue.Filter.read({key: value for key, value in given.items() if key != "period"})
        phones = access.may_search_phones(self.request.actor)
        return wanted.only(community_id=self.community_id, since=self._since(), phones=phones)

    def _since(self) -> datetime | None:
        held = PERIODS.get(self.given.get("period", ""))
        if held is None:
            return None
        midnight = self.request.now.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight - timedelta(days=held[1])

    @cached_property
    def query(self) -> str:
        """The list's part of the address as a query string, with its question mark; empty for none."""
        return f"?{urlencode(self.given)}" if self.given else ""

    def url(self, **changes: str) -> str:
        """The list with some of its filters changed, from its beginning."""
        kept = {key: value for key, value in {**self.given, "cursor": "", **changes}.items() if value}
        return reverse("cases:desk") + (f"?{urlencode(kept)}" if kept else "")

    @cached_property
    def places(self) -> dict[int, PlaceRow]:
        """The community and its grids, by id."""
        wanted = (Level.COMMUNITY.value, Level.GRID.value)
        return {row.id: row for row in places.subtree(f"{self.community_id}.", *wanted)}

    @cached_property
    def bodies(self) -> dict[int, Organisation]:
        """The open organisations of the community, by id."""
        return {body.pk: body for body in people.organisations([self.community_id])}

    def body_name(self, organisation_id: int | None) -> str:
        """What an organisation is called; empty for none and for a closed one."""
        body = self.bodies.get(organisation_id or 0)
        if body is None:
            return ""
        return body.name_en if self.language == "en" and body.name_en else body.name_zh

    def buildings(self) -> dict[str, list[PlaceRow]]:
        """The buildings of the community, by the name of the grid they lie in, in one statement."""
        wanted = (Level.GRID.value, Level.BUILDING.value)
        rows = places.subtree(f"{self.community_id}.", *wanted)
        grids = {row.id: row for row in rows if row.level == Level.GRID.value}
        found: dict[str, list[PlaceRow]] = {}
        for row in rows:
            if row.level == Level.BUILDING.value:
                ids = (int(part) for part in row.path.split(".") if part)
                grid = next((grids[place_id] for place_id in ids if place_id in grids), None)
                found.setdefault(grid.name(self.language) if grid else "", []).append(row)
        return found

    @cached_property
    def language(self) -> str:
        """The language of this page, as names keep it."""
        return here.language()

    @cached_property
    def community(self) -> PlaceRow:
        """The community."""
        return self.places[self.community_id]

    def place_at(self, path: str) -> PlaceRow | None:
        """The place at the end of a path."""
        last = path.rstrip(".").rpartition(".")[2]
        return (self.places.get(int(last)) or places.place(int(last))) if last.isdigit() else None

    def weekday(self, number: str) -> str:
        """A weekday's name; Monday is 0."""
        return str(WEEKDAYS[int(number)])

    def category(self, code: str) -> str:
        """What a category is called, ended ones too."""
        row = reference.every_category(self.community_id).get(code)
        return row.name(here.language()) if row else code

    def tabs(self, *, at_list: bool = True) -> list[TabLink]:
        """The tabs with their numbers; away from the list none of them is the present one."""
        held = self.counts
        return [
            TabLink(
                key=tab.key,
                words=words.label(TAB_WORDS, tab.key),
                url=f"{reverse('cases:desk')}?tab={tab.key}",
                count=held.get(tab.key),
                now=at_list and tab.key == self.tab.key,
                state=tab.clock,
            )
            for tab in desk_tabs.tabs(self.roles)
            if tab.key not in desk_tabs.ONLY_WHEN_FILLED or held.get(tab.key) or tab.key == self.tab.key
        ]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many cases each tab holds."""
        wanted = desk_tabs.tabs(self.roles)
        return desk.counts(self.request.actor, self.community_id, wanted, at=self.request.now)

    def page(self) -> queue.Page:
        """The page of the list that is asked for."""
        seen = desk.seen(self.request.actor, self.community_id)
        found = desk.of_tab(seen, self.tab, self.request.actor, self.community_id)
        wanted = queue.filtered(found, self.filter, at=self.request.now)
        cursor = self.given.get("cursor", "")
        return queue.page(wanted, order=self.filter.order, cursor=cursor, size=queue.PAGE)

    def live_address(self) -> str:
        """Where this page listens for changes; empty where no live process runs."""
        if not settings.LINLI_LIVE_URL:
            return ""
        ticket = live.permit([f"community:{self.community_id}"], at=self.request.now)
        return f"{settings.LINLI_LIVE_URL.rstrip('/')}/live/?{urlencode({'ticket': ticket})}"

    def context(self, **more: Any) -> dict[str, Any]:
        """What the head of every workbench page needs."""
        return {
            "frame": self,
            **PARTS,
            "tabs": self.tabs(at_list="filters" in more),
            "community": self.community,
            "community_name": self.community.name(here.language()),
            "desk_pages": desk_beside.pages(self.roles),
            "account_links": links(self),
            "live_address": self.live_address(),
            **alarm.bar(self.request.actor),
            **more,
        }


def frame(request: Asked, community_id: int | None = None) -> Frame:
    """The workbench in the community asked for, last worked in, or first served in.

    :raises NotFound: the actor serves nowhere, or not in the community asked for.
    """
    served = request.actor.staff_communities
    wanted = community_id if community_id is not None else _wanted(request)
    if wanted is not None and wanted not in served:
        raise NotFound
    held = request.session.get(WORKS_IN)
    chosen = wanted if wanted is not None else held if held in served else min(served, default=None)
    if chosen is None:
        raise NotFound
    if held != chosen and len(served) > 1:
        request.session[WORKS_IN] = chosen
    return Frame(request, chosen, request.actor.roles(chosen))


def head(request: Asked) -> dict[str, Any]:
    """What the head of a workbench page shows, by the names of `HEAD`, for a page that is not the list's."""
    found = frame(request).context()
    return {name: found[name] for name in HEAD}


def _wanted(request: HttpRequest) -> int | None:
    asked = request.GET.get("community", "")
    return whole(asked)


def keeper_frame(request: Asked) -> Frame:
    """The settings of the community; only for its leader or admin.

    :raises Forbidden: the actor serves here, but not as one of these.
    """
    made = frame(request)
    if made.community_id not in keeping.kept_communities(request.actor):
        kept = sorted(keeping.kept_communities(request.actor))
        if not kept or _wanted(request) is not None:
            raise Forbidden("keepers_only")
        made = Frame(request, kept[0], request.actor.roles(kept[0]))
    return made


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of the account's menu."""

    words: str
    url: str


def links(made: Frame) -> list[Link]:
    """The entries of the account's menu that belong to the workbench."""
    found = [Link(_("Enter a report"), reverse("cases:desk_new"))]
    if made.community_id in keeping.kept_communities(made.request.actor):
        found.append(Link(_("Settings"), reverse("cases:settings")))
    return found


def face(clock: desk.RowClock) -> Clock:
    """The badge of a row, labelled with the stage it is about."""
    label = words.label(words.STAGES, clock.stage) if clock.stage else ""
    return Clock(
        state=clock.state,  # type: ignore[arg-type]  # the rules' states are those of the badge
        unit=clock.unit,  # type: ignore[arg-type]
        left_seconds=clock.left,
        due_at=clock.due_at,
        label=label,
    )


def place_of(case: Case, language: str) -> str:
    """Where a case of the list is, shortly: building and grid, or what the reporter wrote."""
    names = [
        (place.name_en if language == "en" and place.name_en else place.name_zh)
        for place in (case.grid, case.building)
        if place is not None
    ]
    return " · ".join(names) or case.address
