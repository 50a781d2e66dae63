"""What the wall shows of one community at one moment, part by part; frozen rows.

Slow parts are kept for as long as they may be old, quick ones for a moment (`controlroom.kept`); each says its moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from linli.cases import access as case_access
from linli.cases.queries import happenings, whistles
from linli.cases.queries.happenings import Happening, Part, Pressing, Watched
from linli.cases.queries.whistles import WhistleNow
from linli.controlroom import ports
from linli.controlroom.kept import Kept, kept
from linli.controlroom.queries.figures import figures
from linli.controlroom.queries.weather import by_hand
from linli.controlroom.rules import figures as rules
from linli.controlroom.rules.definitions import RATES
from linli.controlroom.rules.figures import Figure
from linli.grids import queries as places
from linli.grids.rows import DutyRow, PlaceRow
from linli.kernel.access import SYSTEM, Actor
from linli.kernel.clock import LOCAL
from linli.triage import queries as triage

T = TypeVar("T")
NOW = ("open", "open_in_time", "open_at_risk", "open_broken", "open_paused", "open_unaccepted", "open_unsigned",
       "open_urgent", "joint_open", "supervised_open")  # fmt: skip
TODAY = ("reported", "accepted", "settled")
TREND = ("reported", "settled")
RATE_CODES = (*RATES, "three_rates_score")
BY_GRID = ("open", "open_in_time", "open_at_risk", "open_broken")
TREND_DAYS = 14
MOST_POINTS = 300
MOST_LISTED = 500
MOST_NEWS = 40
NEWS_BACK = timedelta(days=2)
TOPICS = 5
REPEATS = 5
WATCHED = 4
WHISTLES = 4
MOMENT, MINUTE = timedelta(seconds=2), timedelta(seconds=60)
WHOLE = frozenset({"dispatcher", "community_leader", "auditor"})


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose eyes look at the wall: everything of the community, or what one person's duties open."""

    community_id: int
    seen: happenings.Seen
    who: str  # the same for all who see the same
    actor: Actor = SYSTEM

    @property
    def whole(self) -> bool:
        """Whether every case of the community is seen."""
        return self.who == "whole"


def sight(actor: Actor, community_id: int) -> Sight:
    """What this person sees of the community on the wall."""
    if actor.roles(community_id) & WHOLE:
        return whole(community_id)
    seen = case_access.staff_view(actor).filter(community_id=community_id)
    return Sight(community_id, seen, f"a{actor.account_id}", actor)


def whole(community_id: int) -> Sight:
    """All of the community, for a screen on a wall; its scope must be entered."""
    return Sight(community_id, case_access.visible(SYSTEM).filter(community_id=community_id), "whole")


@dataclass(frozen=True, slots=True)
class Wall:
    """Everything, with the moment of each part."""

    community_id: int
    at: datetime
    now: Kept[Mapping[str, Figure]]
    today: Kept[Mapping[str, Figure]]
    trend: Kept[tuple[Figure, ...]]
    rates: Kept[Mapping[str, Figure]]
    by_grid: Kept[tuple[Figure, ...]]
    pressing: Kept[tuple[Pressing, ...]]
    news: Kept[tuple[Happening, ...]]
    parts: Kept[tuple[Part, ...]]
    watched: Kept[tuple[Watched, ...]]
    returned: Kept[int]
    whistles: Kept[tuple[WhistleNow, ...]]
    duties: Kept[tuple[DutyRow, ...]]
    topics: Kept[tuple[triage.HotTopic, ...]]
    repeats: Kept[tuple[triage.RepeatProblem, ...]]
    worked_out_at: datetime | None  # topics and repeat problems
    weather: ports.WeatherNow | None


class Asking:
    """One question for the wall: who looks, when, and what they have heard of."""

    def __init__(self, eyes: Sight, *, at: datetime, heard: datetime | None = None) -> None:
        self.eyes = eyes
        self.at = at
        self.heard = heard if heard is None or heard <= at else at

    def part(self, name: str, make: Callable[[], T], *, slow: bool = False, mine: bool = False) -> Kept[T]:
        """A part of the wall, fresh enough.

        :param slow: it may be a minute old, whatever one has heard.
        :param mine: it depends on who looks.
        """
        who = self.eyes.who if mine else ""
        fresh_for = MINUTE if slow else MOMENT
        heard = None if slow else self.heard
        key = ("wall", name, self.eyes.community_id, who)
        return kept(key, make, at=self.at, fresh_for=fresh_for, not_before=heard)

    def wall(self, language: str) -> Wall:
        """All parts."""
        here, eyes, at = self.eyes.community_id, self.eyes, self.at
        return Wall(
            community_id=here,
            at=at,
            now=self.part("now", lambda: self._figures(NOW, "today")),
            today=self.part("today", lambda: self._figures(TODAY, "today")),
            trend=self.part("trend", self._trend, slow=True),
            rates=self.part("rates", lambda: self._figures(RATE_CODES, "month"), slow=True),
            by_grid=self.part("by_grid", lambda: self._by("grid")),
            pressing=self.part("pressing", lambda: pressing(eyes, at=at, limit=MOST_POINTS), mine=True),
            news=self.part("news", self._news, mine=True),
            parts=self.part("parts", lambda: happenings.parts(eyes.seen, here, at=at), mine=True),
            watched=self.part(
                "watched", lambda: happenings.supervised(eyes.seen, here, limit=WATCHED), mine=True
            ),
            returned=self.part("returned", lambda: happenings.returned(eyes.seen, here), mine=True),
            whistles=self.part("whistles", self._whistles, mine=True),
            duties=self.part("duties", self._duties, slow=True),
            topics=self.part(f"topics {language}", lambda: self._topics(language), slow=True),
            repeats=self.part(f"repeats {language}", lambda: self._repeats(language), slow=True),
            worked_out_at=self.part("worked_out", lambda: triage.as_of(here), slow=True).value,
            weather=self.part("weather", lambda: weather(here, at=at)).value,
        )

    def _figures(self, codes: tuple[str, ...], period: str) -> Mapping[str, Figure]:
        stretch = rules.named_period(period, self.at, LOCAL)
        found = figures(codes, community_id=self.eyes.community_id, period=stretch, at=self.at)
        return {one.code: one for one in found}

    def _by(self, by: str) -> tuple[Figure, ...]:
        stretch = rules.named_period("today", self.at, LOCAL)
        return figures(BY_GRID, community_id=self.eyes.community_id, period=stretch, at=self.at, by=by)

    def _trend(self) -> tuple[Figure, ...]:
        return figures(
            TREND, community_id=self.eyes.community_id, period=trend_period(self.at), at=self.at, by="day"
        )

    def _news(self) -> tuple[Happening, ...]:
        since = self.at - NEWS_BACK
        return happenings.latest(self.eyes.seen, self.eyes.community_id, since=since, limit=MOST_NEWS)

    def _whistles(self) -> tuple[WhistleNow, ...]:
        if self.eyes.whole:
            return whistles.now(self.eyes.community_id, at=self.at, limit=WHISTLES)
        mine = whistles.out(whistles.seen(self.eyes.actor, self.eyes.community_id))
        return whistles.listed(mine, self.at, limit=WHISTLES)

    def _duties(self) -> tuple[DutyRow, ...]:
        return tuple(places.duties(self.eyes.community_id, places.day_of(self.at)))

    def _topics(self, language: str) -> tuple[triage.HotTopic, ...]:
        return triage.hot(self.eyes.community_id, at=self.at, limit=TOPICS, language=language)

    def _repeats(self, language: str) -> tuple[triage.RepeatProblem, ...]:
        return triage.repeats(self.eyes.community_id, at=self.at, limit=REPEATS, language=language)


def trend_period(at: datetime) -> rules.Period:
    """The last fourteen local days, today among them."""
    last = at.astimezone(LOCAL).date()
    return rules.period_of_days(last - timedelta(days=TREND_DAYS - 1), last, LOCAL)


def pressing(eyes: Sight, *, at: datetime, limit: int = MOST_LISTED) -> tuple[Pressing, ...]:
    """The open cases these eyes see, the most pressing first."""
    return happenings.pressing(eyes.seen, eyes.community_id, at=at, limit=limit)


def weather(community_id: int, *, at: datetime) -> ports.WeatherNow | None:
    """Today's weather: what staff entered if it is newer, else what the feed says."""
    told = [one for one in (by_hand(community_id, at=at), ports.weather().today(community_id, at=at)) if one]
    return max(told, key=lambda one: one.at, default=None)


def ground(community_id: int) -> list[tuple[PlaceRow, dict[str, object]]]:
    """The community's outline and its grids'."""
    return places.boundaries(community_id)
