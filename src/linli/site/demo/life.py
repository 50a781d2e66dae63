"""A few months of a community's life, played through the real actions at their own times.

Evenings bring noise and dark lamps, rain brings water, some troubles come back, some promises are broken, some work is
sent back: what a dispatcher knows. Deterministic for a seed and a day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from linli.cases.actions import moves
from linli.cases.rules.intake import Channel, PlaceGiven, Report
from linli.cases.rules.kinds import Kind
from linli.cases.rules.moves import Given
from linli.cases.rules.promises import Urgency
from linli.cases.rules.workflow import Verb
from linli.grids.rows import PlaceRow
from linli.kernel import access
from linli.kernel.clock import LOCAL
from linli.site.demo.pictures import Album
from linli.site.demo.settlers import Person, Town
from linli.site.demo.stage import Go, Life, Stage
from linli.site.demo.words import INSIDE, MATTERS, NOT_SOLVED, NOTES, OUTSIDE, RETURN_NOTES, Matter

OWN_DOOR = 0.4  # so many of the reports are of the reporter's own building


class Days(Stage):
    """The everyday of a community: how many days, which of them it rained, what keeps coming back."""

    def __init__(self, town: Town, seed: int, until: datetime, days: int, cases: int, album: Album) -> None:
        super().__init__(town, seed, until, album)
        self.days, self.cases = days, cases
        self.rain = {self.chance.randrange(days) for _ in range(days // 7)}
        self.sore = [(self.chance.choice(town.buildings), self.chance.choice(MATTERS)) for _ in range(4)]

    def lives(self) -> Iterator[tuple[datetime, Life]]:
        """Every trouble of these days, with the moment of its report."""
        for number in range(self.cases):
            recent = number < self.cases // 5
            day = self.chance.randrange(2) if recent else int(self.days * self.chance.random())
            matter, building = self._what(day)
            hours = self.chance.uniform(0.05, 2.5) if number % 3 == 0 else self.chance.uniform(2, 40)
            at = self.until - timedelta(hours=hours) if recent else self._moment(day, matter)
            if at < self.until:
                yield at, self._case(matter, building)
        residents = self.town.of("resident")
        for resident in (residents[0], *(one for one in residents if one.name.isascii())):
            yield self.until - timedelta(hours=26), self._under_way(resident)

    def _what(self, day: int) -> tuple[Matter, PlaceRow]:
        if self.chance.random() < 0.12:
            building, matter = self.chance.choice(self.sore)
            return matter, building
        raining = (self.days - day) in self.rain
        weights = [matter.weight * (6 if matter.rain and raining else 1) for matter in MATTERS]
        matter = self.chance.choices(MATTERS, weights)[0]
        if self.chance.random() < OWN_DOOR:
            home = self.chance.choice(self.town.of("resident")).place_id
            return matter, next(each for each in self.town.buildings if each.id == home)
        return matter, self.chance.choice(self.town.buildings)

    def _moment(self, day: int, matter: Matter) -> datetime:
        hour = self.chance.gauss(20, 1.2) if matter.evening else self.chance.gauss(13, 4)
        local = (self.until - timedelta(days=day)).astimezone(LOCAL)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(hours=min(23.5, max(5.5, hour)), seconds=self.chance.randrange(3000))

    def _case(self, matter: Matter, building: PlaceRow) -> Life:
        chance, town = self.chance, self.town
        reporter = self._reporter(matter, building)
        dispatcher, verifier = chance.choice(town.of("dispatcher")), chance.choice(town.of("verifier"))
        at = yield self.until
        said, answer = self._said(matter, building, reporter)
        channel = chance.choices([Channel.PAGE, Channel.DESK, Channel.PATROL], [7, 2, 1])[0]
        speaker = reporter if channel is Channel.PAGE else dispatcher
        shown = matter.kind != "inquiry" and chance.random() < 0.35
        pictures = self.shown(matter.category, at) if shown else ()
        told = Report(
            words=said,
            channel=channel,
            kind=Kind(matter.kind),
            place=self._place(building),
            anonymous=chance.random() < 0.15,
            publish=chance.random() < 0.6,
            contact_name=reporter.name if channel is Channel.DESK else "",
            contact_phone=reporter.phone if channel is Channel.DESK else "",
            uploads=pictures,
        )
        receipt = self.report(speaker, told, at)
        go = self.mover(receipt.number)
        slow = chance.random() < 0.25 and at > self.until - timedelta(hours=6)
        if Urgency(receipt.urgency) is not Urgency.NORMAL:  # somebody is at the desk at night too
            at = yield at + timedelta(minutes=chance.uniform(1, 11))
        else:
            at = yield self.after(at, least=3 if slow else 0.05, most=6 if slow else 1.5)
        if matter.kind == "inquiry" and chance.random() < 0.1:
            go(
                dispatcher,
                at,
                Verb.DECLINE,
                reason="unclear",
                answer="您好，请补充是哪一项事务，我们再为您查。",
            )
            return
        yield from self._work(at, matter, building, answer, go, (dispatcher, verifier, reporter))

    def _under_way(self, reporter: Person) -> Life:
        """A dark lamp at somebody's own door that is being handled: whoever tries the demo finds one such case."""
        town, lamp = self.town, MATTERS[0]
        building = next(each for each in town.buildings if each.id == reporter.place_id)
        dispatcher, handler = town.of("dispatcher")[0], town.of("property_handler")[0]
        at = yield self.until
        said = self._said(lamp, building, reporter)[0]
        place = PlaceGiven(building_id=building.id)
        uploads = self.shown(lamp.category, at)
        told = Report(said, Channel.PAGE, Kind(lamp.kind), place=place, publish=True, uploads=uploads)
        number = self.report(reporter, told, at).number
        for who, given in (
            (
                dispatcher,
                Given(Verb.DISPATCH, category_code=lamp.category, organisation_id=handler.organisation_id),
            ),
            (handler, Given(Verb.SIGN)),
            (handler, Given(Verb.CONTACT, note=NOTES[0])),
        ):
            at = yield self.after(at, least=0.3, most=0.8)
            self.take(who, number, given, at)

    def _work(
        self,
        at: datetime,
        matter: Matter,
        building: PlaceRow,
        answer: str,
        go: Go,
        who: tuple[Person, Person, Person],
    ) -> Life:
        chance, town = self.chance, self.town
        dispatcher, verifier, reporter = who
        body, handler = self._body(matter, building)
        to = {"organisation_id": body} if body else {"handler_id": handler.account_id}
        go(dispatcher, at, Verb.DISPATCH, category_code=matter.category, **to)
        at = yield self.after(at, least=0.1, most=1.8 if chance.random() < 0.85 else 9)
        if body and chance.random() < 0.06:
            go(handler, at, Verb.RETURN, reason="wrong_place", note=chance.choice(RETURN_NOTES))
            at = yield self.after(at, least=0.3, most=4)
            leader = town.of("community_leader")[0]
            go(leader, at, Verb.RULE, ruling="overruled", note="现场属小区红线内，由物业处置。")
            at = yield self.after(at, least=0.1, most=2)
        go(handler, at, Verb.SIGN)
        if chance.random() < 0.5:
            at = yield self.after(at, least=0.2, most=3)
            go(handler, at, Verb.CONTACT, note=chance.choice(NOTES))
        at = yield self.after(at, least=1, most=20 if chance.random() < 0.85 else 90)
        go(handler, at, Verb.HANDLED, answer=answer, uploads=self.mended(matter.category, at))
        at = yield self.after(at, least=0.3, most=6)
        if chance.random() < 0.07:
            go(verifier, at, Verb.REDO, reason="partly_done", note="还有一处没有处理，请补做。")
            at = yield self.after(at, least=2, most=20)
            go(handler, at, Verb.HANDLED, answer=answer, uploads=self.mended(matter.category, at))
            at = yield self.after(at, least=0.3, most=4)
        go(verifier, at, Verb.CLOSE, answer=answer)
        at = yield at + timedelta(hours=chance.uniform(2, 40))
        yield from self._word(at, matter, go, who)

    def _word(self, at: datetime, matter: Matter, go: Go, who: tuple[Person, Person, Person]) -> Life:
        """The resident's word, if they give it on their page; unsatisfied ones come back. Who is called: `Desk`."""
        reporter = who[2]
        luck = self.chance.random()
        try:
            if luck < 0.26:
                go(reporter, at, Verb.RATE, solved=True, stars=5 if luck > 0.08 else 4)
            elif luck < 0.34:
                go(reporter, at, Verb.RATE, solved=False, stars=2, words=self.chance.choice(NOT_SOLVED))
                go(reporter, at, Verb.REOPEN, reason="not_solved", words=self.chance.choice(NOT_SOLVED))
                at = yield self.after(at, least=0.2, most=2)
                yield from self._again(at, matter, go, who)
        except (access.NotFound, moves.Conflict):
            return  # entered by staff: the caller has no account; or it was taken up again after a call

    def _again(self, at: datetime, matter: Matter, go: Go, who: tuple[Person, Person, Person]) -> Life:
        """What came back is done once more, by the property company, and this time it holds."""
        dispatcher, verifier, reporter = who
        handler = self.chance.choice(self.town.of("property_handler"))
        go(dispatcher, at, Verb.DISPATCH, organisation_id=handler.organisation_id)
        at = yield self.after(at, least=0.2, most=2)
        go(handler, at, Verb.SIGN)
        at = yield self.after(at, least=2, most=20)
        answer = "您好，已再次上门，这次处理到位了，请您看看。"
        go(handler, at, Verb.HANDLED, answer=answer, uploads=self.mended(matter.category, at))
        at = yield self.after(at, least=0.5, most=5)
        go(verifier, at, Verb.CLOSE, answer=answer)
        at = yield self.after(at, least=2, most=20)
        go(reporter, at, Verb.RATE, solved=True, stars=4)

    def _reporter(self, matter: Matter, building: PlaceRow) -> Person:
        """Somebody of this building, or else of its grid, who has words for the matter."""
        able = [one for one in self.town.of("resident") if matter.english or not one.name.isascii()]
        here = [one for one in able if one.place_id == building.id]
        grid = next((each.path for each in self.town.grids if building.path.startswith(each.path)), "")
        nearby = {each.id for each in self.town.buildings if each.path.startswith(grid)}
        near = [one for one in able if one.place_id in nearby]
        return self.chance.choice(here or near or able)

    def _said(self, matter: Matter, building: PlaceRow, reporter: Person) -> tuple[str, str]:
        if reporter.name.isascii():
            said, answer = self.chance.choice(matter.english)
            return said.format(place=building.name_en or building.name_zh), answer
        said, answer = self.chance.choice(matter.talks)
        place = self.chance.choice(INSIDE if matter.inside else OUTSIDE)
        return said.format(place=place.format(building=building.name_zh)), answer

    def _place(self, building: PlaceRow) -> PlaceGiven:
        luck = self.chance.random()
        if luck < 0.45 or building.lon is None or building.lat is None:
            return PlaceGiven(building_id=building.id)
        if luck < 0.8:
            shift = self.chance.uniform(-0.00004, 0.00004)  # a few metres: it stays by its building
            return PlaceGiven(lon=round(building.lon + shift, 6), lat=round(building.lat - shift, 6))
        return PlaceGiven(address=building.name_zh) if luck < 0.95 else PlaceGiven()

    def _body(self, matter: Matter, building: PlaceRow) -> tuple[int | None, Person]:
        """Who handles it: a body's person, or the grid worker of the place."""
        town = self.town
        if matter.body in town.bodies:
            serving = [
                person for person in town.people
                if person.organisation_id in town.bodies[matter.body] and person.role.endswith("_handler")
            ]  # fmt: skip
            if serving:
                person = self.chance.choice(serving)
                return person.organisation_id, person
        workers = town.of("grid_worker")
        near = [person for person in workers if f".{person.place_id}." in f".{building.path}"]
        return None, self.chance.choice(near or workers)
