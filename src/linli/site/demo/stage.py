"""The stage of the demo's past: lives wait on it for their moments, and the house's clocks are swept between them.

Everything happens through the real actions, each at its own time, in the order of time; so do reminders, broken promises,
the ladder and what rings. Deterministic for a seed and a day, but for what is random in the product itself: the numbers
of cases and the lots of call-backs.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Iterable
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any

from linli.cases.actions import alarms, moves, sweeping
from linli.cases.actions.report import Receipt, report
from linli.cases.queries import due
from linli.cases.rules.intake import Report
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import Verb
from linli.grids import queries as places
from linli.kernel import access
from linli.kernel.clock import LOCAL
from linli.site.demo.pictures import Album
from linli.site.demo.settlers import Person, Town

Life = Generator[datetime, datetime, None]
Way = Generator[datetime, datetime, datetime]  # a part of a life; it returns the moment at which it ended
Go = Callable[..., None]  # who, when, verb, what the move brings

MOMENT = timedelta(seconds=1)
FRIDAY = 4  # as Python counts weekdays
OPENS, CLOSES = 9, 18  # office hours, as far as the demo's people keep them


class Stage:
    """One community of the demo, its people, and the clock they live by."""

    def __init__(self, town: Town, seed: int, until: datetime, album: Album) -> None:
        self.town, self.until, self.album = town, until, album
        self.chance = Random(seed)
        self.about: dict[str, str] = {}  # number -> the category it was sent under
        self._actors: dict[int, access.Actor] = {}
        self._waiting: list[tuple[datetime, int, Life]] = []
        self._numbers = count()
        self._swept = town.since
        self._morning: list[datetime] = []

    @property
    def community_id(self) -> int:
        """The community's id."""
        return self.town.community.id

    # -- time --------------------------------------------------------------------------------------------------

    def play(self, lives: Iterable[tuple[datetime, Life]]) -> None:
        """Play everything up to now in the order of time."""
        for at, life in lives:
            self.begin(at, life)
        waiting = self._waiting
        while waiting:
            at, number, life = heapq.heappop(waiting)
            if at > self.until:
                continue
            self._keep_house(at)
            try:
                later = life.send(at)
            except StopIteration:
                continue
            heapq.heappush(waiting, (max(later, at + MOMENT), number, life))
        self._keep_house(self.until)
        sweeping.sweep_community(self.community_id, self.until)

    def begin(self, at: datetime, life: Life) -> None:
        """Let one more life begin at this moment."""
        next(life)  # up to its first wait
        heapq.heappush(self._waiting, (at, next(self._numbers), life))

    def _keep_house(self, until: datetime) -> None:
        """Sweep whatever falls due before this moment, when it falls due; what is left at night, in the morning."""
        while True:
            first = due.next_at(self.community_id, since=self._swept)
            moments = [first + MOMENT] if first else []
            at = min([*moments, *self._morning], default=until)
            if at >= until:
                return
            sweeping.sweep_community(self.community_id, at)
            alarms.sweep_community(self.community_id, at)
            self._swept = at
            hush = sweeping.is_quiet(self.community_id, at)
            self._morning = [sweeping.rings_at(self.community_id, at)] if hush else []

    def ago(self, days: float, at: time | None = None) -> datetime:
        """So many days before now; at this hour of that day, if one is given."""
        moment = self.until - timedelta(days=days)
        if at is None:
            return moment
        local = moment.astimezone(LOCAL)
        return local.replace(hour=at.hour, minute=at.minute, second=self.chance.randrange(60), microsecond=0)

    def working_day(self, days: int) -> date:
        """The last day from Monday to Friday that was at least so many days ago; for -1 the next one to come."""
        day = self.ago(days).astimezone(LOCAL).date()
        if days < 0:
            return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > FRIDAY else 0)
        return day - timedelta(days=max(0, day.weekday() - FRIDAY))

    def this_morning(self) -> datetime:
        """Ten past nine of the last working day on which that was some hours ago."""
        found = (self.on(self.working_day(days), OPENS, 10) for days in range(5))
        return next(one for one in found if one < self.until - timedelta(hours=4))

    def on(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A moment of a local day."""
        return datetime.combine(day, time(hour, minute, self.chance.randrange(60)), tzinfo=LOCAL)

    def after(self, at: datetime, *, least: float, most: float) -> datetime:
        """A later moment in office hours, so many hours on."""
        later = at + timedelta(hours=self.chance.uniform(least, most))
        local = later.astimezone(LOCAL)
        if local.hour >= CLOSES:
            later = (local + timedelta(days=1)).replace(hour=OPENS, minute=self.chance.randrange(50))
        elif local.hour < OPENS:
            later = local.replace(hour=OPENS, minute=self.chance.randrange(50))
        return later

    # -- people ------------------------------------------------------------------------------------------------

    def actor(self, person: Person, at: datetime) -> access.Actor:
        """The person as the actions see them."""
        if person.account_id not in self._actors:
            found = places.actor(person.account_id, at)
            if found is None:
                raise LookupError(person.name)
            self._actors[person.account_id] = found
        return self._actors[person.account_id]

    def one(self, role: str, which: int = 0) -> Person:
        """One of those who serve in this role."""
        found = self.town.of(role)
        return found[which % len(found)]

    def handler(self, kind: str, which: int = 0) -> Person:
        """Somebody who handles for a body of this kind."""
        bodies = self.town.bodies[kind]
        found = [
            one for one in self.town.people if one.organisation_id in bodies and one.role.endswith("_handler")
        ]
        return found[which % len(found)]

    def worker(self, path: str) -> Person:
        """A grid worker of the grid in which a place lies."""
        workers = self.town.of("grid_worker")
        return next((one for one in workers if f".{one.place_id}." in f".{path}"), workers[0])

    # -- what they do ------------------------------------------------------------------------------------------

    def report(self, who: Person, told: Report, at: datetime) -> Receipt:
        """Take in a report."""
        return report(
            actor=self.actor(who, at),
            community_id=self.community_id,
            report=told,
            at=at,
            limited=False,
            example=True,
        )

    def take(self, who: Person, number: str, given: Given, at: datetime) -> None:
        """Make one move on a case."""
        if given.category_code:
            self.about[number] = given.category_code
        moves.take(actor=self.actor(who, at), number=number, given=given, at=at)

    def mover(self, number: str) -> Go:
        """A function that makes moves on this case: who, when, which verb, and what it brings."""

        def go(who: Person, at: datetime, verb: Verb, **given: Any) -> None:
            self.take(who, number, Given(verb=verb, **given), at)

        return go

    def proof(self, number: str, at: datetime) -> tuple[str, ...]:
        """The ticket of a picture of what was done about a case."""
        return self.mended(self.about.get(number, ""), at)

    def mended(self, category: str, at: datetime) -> tuple[str, ...]:
        """The ticket of a picture of something put right."""
        return (self.album.ticket(self.community_id, at, category, mended=True),)

    def shown(self, category: str, at: datetime) -> tuple[str, ...]:
        """The ticket of a picture of what was found."""
        return (self.album.ticket(self.community_id, at, category, mended=False),)
