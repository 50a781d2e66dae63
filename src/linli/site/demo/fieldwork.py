"""Three months of the grid workers' own work in the demo's first community: visits, care, patrols, hand-overs.

Everything through the actions that the phone calls, each at its own time. Not everybody is equally diligent, so that
figures have something to tell; nobody of it is real.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from linli.cases.actions import moves
from linli.cases.rules.intake import Channel, PlaceGiven, Report
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import Verb
from linli.fieldwork.actions import handing, patrols, plans, visits
from linli.fieldwork.rules.handing import Offer
from linli.fieldwork.rules.patrols import Position
from linli.fieldwork.rules.visits import Made, Planned
from linli.fieldwork.rules.words import Ground, Need, Outcome, Purpose, WhyHandOver
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.grids.rules.words import Level
from linli.kernel.access import Actor
from linli.kernel.clock import LOCAL
from linli.site.demo.settlers import Person, Town

WEEKS = 13
CATEGORY = "facilities.streetlight"
#: What the workers of the first grid saw yesterday on their patrols, each something else.
SEEN = (
    "二单元门口路灯不亮，老人晚上出入看不清台阶，已临时贴了反光条。",
    "小广场东侧的庭院灯一闪一闪，灯罩也裂了，已先用警示带围住。",
)
#: Of what is due a worker keeps so much, one after the other.
DILIGENCE = (0.96, 0.82, 0.9, 0.7, 0.99, 0.62)
#: Need, every so many days, and what is to be seen to.
CARES = (
    (Need.LIVES_ALONE, 14, "独自居住，听力不太好，请多按两次门铃；常问问用气安全。"),
    (Need.EMPTY_NEST, 21, "子女在外地，每次帮忙看看药箱和手机话费。"),
    (Need.ASKED, 28, "本人请求定期看望，喜欢上午来访。"),
)
SAID = (
    "精神不错，正在包饺子；楼道灯昨晚又闪。",
    "问起医保续费，已教会在手机上查询。",
    "水龙头滴水，说儿子周末会来修。",
    "想参加重阳节活动，已代为登记。",
    "天冷了，提醒开窗通风、不用炭火取暖。",
    "反映楼下电动车乱停，已记下并转物业。",
    "一切都好，聊了半个小时家常。",
)
ASKED = (Purpose.LISTEN, Purpose.TELL, Purpose.HOMES)


@dataclass
class Work:
    """One worker's three months."""

    actor: Actor
    grid: PlaceRow
    homes: list[PlaceRow]
    buildings: list[PlaceRow]
    diligence: float
    cares: int
    chance: Random
    until: datetime

    def key(self) -> UUID:
        """A key that is the same on every first start."""
        return UUID(int=self.chance.getrandbits(128), version=4)

    def on(self, day: date, hour: int) -> datetime:
        """A moment of a local day."""
        minute = time(hour, self.chance.randrange(60), self.chance.randrange(60))
        return datetime.combine(day, minute, tzinfo=LOCAL)


def play(town: Town, at: datetime) -> None:
    """Everybody's work, and one hand-over that was accepted and one that waits."""
    workers = town.of("grid_worker")
    every = [one for number, who in enumerate(workers) if (one := _work(town, who, number, at))]
    for one in every:
        _care(one)
        _rounds(one)
    _hand_over(every, at)
    for one, words in zip(every, SEEN, strict=False):  # the first grid: its workers find a full day
        _morning(one, town, words, at)


def _morning(work: Work, town: Town, words: str, at: datetime) -> None:
    """What a worker's day begins with: a promise for today, and a case of their own from yesterday's patrol."""
    yesterday = work.on(places.day_of(at) - timedelta(days=1), 16)
    home = work.homes[-1]
    made = Made(
        home.id,
        Purpose.LISTEN,
        Outcome.NOT_AT_HOME,
        yesterday,
        "邻居说下午去接孙子，晚饭后在家。",
        follow_up_date=places.day_of(yesterday) + timedelta(days=1),
    )
    visits.make(actor=work.actor, made=made, key=work.key(), at=yesterday + timedelta(minutes=4))
    begun = yesterday + timedelta(minutes=20)
    row = patrols.start(actor=work.actor, grid_id=work.grid.id, key=work.key(), at=begun)
    told = Report(
        words,
        Channel.PATROL,
        place=PlaceGiven(building_id=work.buildings[0].id),
    )
    found = begun + timedelta(minutes=15)
    number = patrols.find(actor=work.actor, patrol_id=row.pk, told=told, key=str(work.key()), at=found).number
    patrols.end(actor=work.actor, patrol_id=row.pk, at=found + timedelta(minutes=20))
    clerk = places.actor(town.of("dispatcher")[0].account_id, at)
    if clerk is not None:
        accepted = Given(verb=Verb.ACCEPT, category_code=CATEGORY)
        sent = Given(verb=Verb.DISPATCH, handler_id=work.actor.person_id)
        for minutes, given in ((12, accepted), (15, sent)):
            moves.take(actor=clerk, number=number, given=given, at=found + timedelta(minutes=minutes))


def _work(town: Town, who: Person, number: int, at: datetime) -> Work | None:
    grid = next(grid for grid in town.grids if grid.id == who.place_id)
    first = number % 2
    homes = places.subtree(grid.path, Level.DWELLING.value)[first::2]
    buildings = places.subtree(grid.path, Level.BUILDING.value)
    actor = places.actor(who.account_id, at)
    if actor is None or not homes:
        return None
    return Work(
        actor, grid, homes, buildings, DILIGENCE[number % len(DILIGENCE)], 2 - first, Random(number), at
    )


def _care(work: Work) -> None:
    """Plans of care and their visits, missed ones too; and now and then a visit without a plan."""
    begun = places.day_of(work.until) - timedelta(weeks=WEEKS)
    for number, (need, every, words) in enumerate(CARES[: work.cares]):
        home = work.homes[number * 3 % len(work.homes)]
        planned = Planned(home.id, need, every, begun, begun + timedelta(days=300), Ground.REQUEST, words)
        row = plans.plan(actor=work.actor, planned=planned, key=work.key(), at=work.on(begun, 9))
        # The first household waits: every morning of a demo finds a visit that is due.
        quiet = timedelta(days=0 if number else every - 1)
        for day in _days(work, begun + timedelta(days=number), every, but=quiet):
            _visit(work, home, day, plan_id=row.pk)
    for week in range(0, WEEKS, 4):
        day = begun + timedelta(weeks=week, days=work.chance.randrange(1, 6))
        _visit(work, work.chance.choice(work.homes), day)


def _days(work: Work, first: date, every: int, *, but: timedelta) -> Iterator[date]:
    """The days on which the worker goes, a day late at times; some are left out, and the last ones (``but``)."""
    day, today = first, places.day_of(work.until) - but
    while day < today:
        late = timedelta(days=work.chance.choice((0, 0, 0, 0, 1)))
        if work.chance.random() < work.diligence and day + late < today:
            yield day + late
        day += timedelta(days=every)


def _visit(work: Work, home: PlaceRow, day: date, *, plan_id: int | None = None) -> None:
    at = work.on(day, work.chance.choice((9, 10, 11, 15, 16, 17)))
    if at >= work.until:
        return
    met = work.chance.random() < 0.86
    made = Made(
        dwelling_id=home.id,
        purpose=Purpose.CARE if plan_id else work.chance.choice(ASKED),
        outcome=Outcome.MET if met else Outcome.NOT_AT_HOME,
        at=at,
        words=work.chance.choice(SAID) if met else "",
        plan_id=plan_id,
        follow_up_date=None if met else day + timedelta(days=3),
    )
    written = min(at + timedelta(minutes=work.chance.randrange(2, 40)), work.until)
    visits.make(actor=work.actor, made=made, key=work.key(), at=written)
    if not met and work.chance.random() < work.diligence:
        _again(work, made, day + timedelta(days=3))


def _again(work: Work, before: Made, day: date) -> None:
    at = work.on(day, 18)
    if at < work.until:
        made = Made(
            dwelling_id=before.dwelling_id,
            purpose=Purpose.CARE if before.plan_id else Purpose.FOLLOW_UP,
            outcome=Outcome.MET,
            at=at,
            words=work.chance.choice(SAID),
            plan_id=before.plan_id,
        )
        visits.make(actor=work.actor, made=made, key=work.key(), at=at + timedelta(minutes=10))


def _rounds(work: Work) -> None:
    """A patrol every four weeks; the last one with positions that are kept still."""
    today = places.day_of(work.until)
    for week in range(WEEKS - 1, -1, -4):
        begun = work.on(today - timedelta(weeks=week, days=1 + work.chance.randrange(3)), 8)
        if begun + timedelta(hours=2) > work.until or work.chance.random() > work.diligence:
            continue
        row = patrols.start(actor=work.actor, grid_id=work.grid.id, key=work.key(), at=begun)
        seen = work.chance.choice(work.buildings)
        patrols.tick(actor=work.actor, patrol_id=row.pk, place_id=seen.id, at=begun + timedelta(minutes=20))
        if week < 4 and seen.lon is not None and seen.lat is not None:
            spots = [
                Position(seen.lon + step / 4000, seen.lat, begun + timedelta(minutes=21 + step))
                for step in range(5)
            ]
            sent = begun + timedelta(minutes=30)
            patrols.send_positions(actor=work.actor, patrol_id=row.pk, positions=spots, at=sent)
        end = begun + timedelta(minutes=work.chance.randrange(45, 100))
        patrols.end(actor=work.actor, patrol_id=row.pk, at=end)


def _hand_over(every: list[Work], at: datetime) -> None:
    """Somebody of the second grid went on leave last month; today the second of the first grid asks the first."""
    pairs = [
        (one, other) for one in every for other in every if one.grid.id == other.grid.id and one is not other
    ]
    if len(pairs) < 4:
        return
    moments = (pairs[2], at - timedelta(days=32), True), (pairs[1], at - timedelta(hours=3), False)
    for (giver, receiver), moment, accepted in moments:
        offer = Offer(
            grid_id=giver.grid.id,
            giver_id=giver.actor.person_id,
            receiver_id=receiver.actor.person_id,
            why=WhyHandOver.LEAVE,
            words="休假两周。两户老人请照常上门，药店送药改在周四。",
        )
        row = handing.offer(actor=giver.actor, offer=offer, key=giver.key(), at=moment)
        if accepted:
            handing.accept(actor=receiver.actor, handover_id=row.pk, at=moment + timedelta(hours=5))
