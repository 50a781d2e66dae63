"""Three months of the league in the demo's first community: every run computed, reviewed and announced at its own time.

Weekly and monthly schemes as the community adopted them, one whole quarter with its stars, an appeal that was won, one that
waits against the week that is announced now, a newest week that waits to be reviewed, an honour, and certificates.
Everything through the actions that pages call.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from linli.assessment.actions import appeals, evaluating, publishing, ranking, runs, schemes, sweeping
from linli.assessment.actions import stars as honouring
from linli.assessment.models import Audience, Run
from linli.assessment.queries import evaluating as sheets_of
from linli.assessment.queries import runs as told
from linli.assessment.queries import stars as starred
from linli.assessment.queries.runs import PartRow, ScoreRow
from linli.assessment.rules import checklist
from linli.assessment.rules.naming import Naming
from linli.assessment.rules.periods import Period, before, holding, last_due
from linli.assessment.rules.rows import Corrected
from linli.assessment.rules.runs import State
from linli.assessment.rules.subjects import Level
from linli.cases.actions import moves
from linli.cases.actions.report import report
from linli.cases.rules.intake import Channel, PlaceGiven, Report
from linli.cases.rules.moves import Given
from linli.cases.rules.workflow import Verb
from linli.grids import queries as places
from linli.grids.rules.words import Level as PlaceLevel
from linli.groups import actions as groups
from linli.groups import queries as chats
from linli.groups.rules import Count, Kind
from linli.kernel.access import Actor
from linli.kernel.clock import LOCAL
from linli.site.demo.pictures import Album
from linli.site.demo.settlers import Person, Town

WEEKS = 13
EACH = 3  # so many reports of a worker in a week: fewer would say nothing of on-time handling
#: Category, what was reported, what was done.
SETTLED = (
    ("facilities.streetlight", "楼道感应灯不亮，老人上下楼看不清。", "已更换感应灯头，晚上复看正常。"),
    ("environment.bulky", "垃圾桶旁堆了旧沙发，挡着过道。", "已联系清运，沙发当天拉走。"),
    ("facilities.streetlight", "单元门口的灯时亮时灭。", "接线松动，已紧固。"),
)
BASIS = "社区议事会 2026 年 6 月决议：排名只用于互相学习，不与报酬挂钩，每季度评议一次。"
WHY = "社区议事会通过，试行一个季度后再议。"
#: Scheme, and so many days before its first period it was published.
ADOPTED = (("lvxing_quarter", Period.QUARTER), ("lvxing_month", Period.MONTH), ("lvxing_week", Period.WEEK))
APPEALS = (
    "这一件当天小区停电，居民请我第二天再去，通话记录可查。",
    "这件我按时办结了，居民后来又补充了新的情况，请再核实一下。",
)
#: What the first worker is thanked for: a title in Chinese and English, and why.
THANKED = (
    "邻里贴心人",
    "A good neighbour to all",
    "十月大风那夜，陪独居老人把松动的窗户加固好，等家属到了才离开。",
)
MISSED = "有两户的近况说不清楚，已请本人补走访。"
GRANTED = "查过停电通知和通话记录，情况属实，按时办结。"


class League:
    """The league of one community, and the people who see to it."""

    def __init__(self, town: Town, at: datetime, album: Album) -> None:
        self.town, self.until, self.album = town, at, album
        self.chance = Random(5)
        self.community_id = town.community.id
        self.first_week = holding(Period.WEEK, places.day_of(at) - timedelta(weeks=WEEKS))[0]

    def who(self, role: str, at: datetime) -> Actor:
        """Who holds this role."""
        return self._actor(self.town.of(role)[0], at)

    def key(self) -> UUID:
        """A key that is the same on every first start."""
        return UUID(int=self.chance.getrandbits(128), version=4)

    # -- what was decided ----------------------------------------------------------------------------------------

    def adopt(self) -> None:
        """The three schemes, each published before its first period; ranking is switched on, on record."""
        for code, period in ADOPTED:
            first = self._first(period)
            at = _at(first - timedelta(days=3), 15)
            leader = self.who("community_leader", at)
            if code == ADOPTED[0][0]:
                ranking.switch_on(actor=leader, community_id=self.community_id, legal_basis=BASIS, at=at)
                self._decide(leader, at)
            draft = schemes.adopt(
                actor=leader, community_id=self.community_id, code=code, key=self.key(), at=at
            )
            schemes.publish(actor=leader, version_id=draft.pk, valid_from=first, why=WHY, at=at)

    def _decide(self, leader: Actor, at: datetime) -> None:
        """What colleagues read in their group, and the community's list of seven and seven."""
        wanted = publishing.Wanted(Audience.GROUP, Naming.SURNAME, 5, 9, when_final=False, basis=BASIS)
        publishing.set_rule(
            actor=leader, community_id=self.community_id, wanted=wanted, key=self.key(), at=at
        )
        evaluating.set_checklist(
            actor=leader,
            community_id=self.community_id,
            items=checklist.shipped(),
            asking=evaluating.Asking(),
            key=self.key(),
            at=at,
        )

    def evaluate(self) -> None:
        """The round of the last whole quarter: opened, written by whoever was drawn, closed."""
        since, until = before(Period.QUARTER, holding(Period.QUARTER, places.day_of(self.until))[0])
        at = _at(until - timedelta(days=17), 10)
        opened = evaluating.open_round(
            actor=self.who("community_leader", at),
            community_id=self.community_id,
            since=since,
            until=until,
            at=at,
        )
        for sheet in sheets_of.of_round(opened.pk) if opened else ():
            written = at + timedelta(days=self.chance.randint(1, 12), hours=self.chance.randint(0, 7))
            actor = places.actor(sheet.evaluator_id, written)
            if actor is None or self.chance.random() < 0.05:
                continue
            marks = {code: self.chance.choice((3, 3, 3, 2)) for code in sheet.drawn_items}
            why = {code: MISSED for code, mark in marks.items() if mark < checklist.FULL_MARK}
            marks |= {f"home_{one}": self.chance.choice((3, 3, 0)) for one in sheet.drawn_homes}
            evaluating.write_sheet(
                actor=actor, sheet_id=sheet.pk, marks=marks, evidence=why, version=1, at=written
            )
        evaluating.sweep(_at(until, 1))

    def _first(self, period: Period) -> date:
        """The first day of a scheme: the last whole quarter, else what begins with the weeks that are told."""
        if period is Period.QUARTER:
            return before(period, holding(period, places.day_of(self.until))[0])[0]
        since, until = holding(period, self.first_week)
        return since if since == self.first_week else until

    def count_heads(self) -> None:
        """The chat groups as they were counted along the way: each month a little more of the households."""
        found = [row for row in chats.in_community(self.community_id) if row.kind == Kind.RESIDENTS]
        for months in (3, 2, 1):
            day = places.day_of(self.until) - timedelta(days=30 * months + 7)
            at = _at(day, 16)
            leader = self.who("community_leader", at)
            for row in found:
                if row.counted is None:
                    continue
                share = 1 - 0.09 * months
                homes, heads = int(row.counted.households * share), int(row.counted.people * share)
                count = Count(day, heads, homes, row.counted.evidence)
                groups.count_heads(actor=leader, group_id=row.id, count=count, key=self.key(), at=at)

    def settle(self) -> None:
        """Reports that grid workers settled themselves in three of the weeks; the first worker answered one a day late."""
        weeks = (
            (self.first_week + timedelta(weeks=WEEKS - 4), 1),
            (self._told_now(), 2),
            (self._newest(), 1),
        )
        for monday, settlers in weeks:
            for number, who in enumerate(self.town.of("grid_worker")[:settlers]):
                for day in range(EACH):
                    late = number == 0 and day == 0
                    self._settle(who, monday + timedelta(days=day), late=late, which=number * EACH + day)

    def _settle(self, who: Person, day: date, *, late: bool, which: int) -> None:
        """One report: sent to the grid worker, settled, closed by the desk, and its reporter heard."""
        at, done = _at(day, 9), _at(day + timedelta(days=1), 16) if late else _at(day, 11)
        category, words, answer = SETTLED[which % len(SETTLED)]
        dispatcher, worker = self.who("dispatcher", at), self._actor(who, at)
        place = PlaceGiven(building_id=self._building(who, which))
        told_ = Report(words=words, channel=Channel.DESK, category_code=category, place=place)
        number = report(
            actor=dispatcher, community_id=self.community_id, report=told_, at=at, limited=False, example=True
        ).number
        for actor, moment, given in (
            (dispatcher, at, Given(verb=Verb.DISPATCH, category_code=category, handler_id=who.account_id)),
            (worker, done, Given(verb=Verb.SETTLE, category_code=category, answer=answer,
                                 uploads=(self.album.ticket(self.community_id, done, category, mended=True),))),
            (self.who("verifier", done), done + timedelta(hours=2), Given(verb=Verb.CLOSE, answer=answer)),
            (self.who("verifier", done), done + timedelta(hours=3), Given(verb=Verb.FOLLOW_UP, solved=True, stars=5)),
        ):  # fmt: skip
            moves.take(actor=actor, number=number, given=given, at=moment)

    def _newest(self) -> date:
        """The Monday of the week that was computed last."""
        return last_due(Period.WEEK, places.day_of(self.until), 1)[0]

    def _told_now(self) -> date:
        """The Monday of the week that is announced this very day."""
        return self._newest() - timedelta(weeks=1)

    def _building(self, who: Person, which: int) -> int:
        grid = next(grid for grid in self.town.grids if grid.id == who.place_id)
        found = places.subtree(grid.path, PlaceLevel.BUILDING.value)
        return found[which % len(found)].id

    def _actor(self, who: Person, at: datetime) -> Actor:
        found = places.actor(who.account_id, at)
        if found is None:
            raise LookupError(who.name)
        return found

    # -- as the weeks went by --------------------------------------------------------------------------------------

    def play(self) -> None:
        """Every day on which something was due."""
        for day in self._days():
            at = _at(day, 8)
            sweeping.finish_due(at)
            sweeping.compute_due(at)
            self._see_to(day)
            publishing.sweep(_at(day, 16))
        sweeping.finish_due(self.until)
        sweeping.compute_due(self.until)
        self._announce_now()
        publishing.sweep(self.until)

    def _days(self) -> Iterator[date]:
        """Tuesdays, when weeks have settled, and the days on which months and quarters have."""
        day, today = self.first_week, places.day_of(self.until)
        while day < today:
            if day.weekday() == 1 or day.day in {4, 6}:
                yield day
            day += timedelta(days=1)

    def _see_to(self, day: date) -> None:
        """Review in the morning, announce in the afternoon: all but the week that is announced now, and the newest."""
        for row in told.listed(self.community_id, states=[State.COMPUTED.value]):
            weekly = (row.until_date - row.since_date).days == 7
            if weekly and row.since_date >= self._told_now():
                continue
            self._announce(row.id, _at(day, 10), _at(day, 15))
            if weekly and row.since_date == self.first_week + timedelta(weeks=WEEKS - 4):
                self._win(row.id, _at(day + timedelta(days=1), 11))

    def _announce(self, run_id: int, reviewed: datetime, announced: datetime) -> None:
        runs.review(
            actor=self.who("dispatcher", reviewed),
            run_id=run_id,
            note="逐项抽看了明细，无异常。",
            at=reviewed,
        )
        runs.announce(actor=self.who("community_leader", announced), run_id=run_id, at=announced)

    def _announce_now(self) -> None:
        """The week before the newest is told this very day, and somebody appeals already; the newest waits for review."""
        for row in told.listed(self.community_id, states=[State.COMPUTED.value]):
            if (row.until_date - row.since_date).days == 7 and row.since_date == self._newest():
                continue
            self._announce(row.id, self.until - timedelta(hours=3), self.until - timedelta(hours=2))
            if (row.until_date - row.since_date).days == 7:
                self._appeal(row.id, APPEALS[1], self.until - timedelta(hours=1))

    def _appeal(self, run_id: int, words: str, at: datetime) -> tuple[int, PartRow] | None:
        """The first worker with something to say against says it."""
        for score in told.scores(run_id):
            part = _to_doubt(run_id, score)
            actor = places.actor(score.subject_id, at) if score.subject_kind == Level.WORKER.value else None
            if part is not None and actor is not None:
                made = appeals.lodge(
                    actor=actor,
                    run_id=run_id,
                    subject_id=score.subject_id,
                    indicator=part.indicator,
                    words=words,
                    source=part.source,
                    row_id=part.rest[0],
                    key=self.key(),
                    at=at,
                )
                return int(made.pk), part
        return None

    def _win(self, run_id: int, at: datetime) -> None:
        lodged = self._appeal(run_id, APPEALS[0], at)
        if lodged is None:
            return
        appeal_id, part = lodged
        column = {"on_time": "on_time", "response_in_time": "responded"}[part.indicator]
        mended = [Corrected(appeal_id, part.source, part.rest[0], column, value=True)]
        later = at + timedelta(hours=5)
        appeals.decide(
            actor=self.who("auditor", later),
            appeal_id=appeal_id,
            won=True,
            answer=GRANTED,
            at=later,
            corrections=mended,
        )

    def honour(self) -> None:
        """The first worker is thanked; that honour, and the most stars that somebody holds, are on paper."""
        at = self.until - timedelta(days=1)
        first = self.town.of("grid_worker")[0].account_id
        title_zh, title_en, reason = THANKED
        given = honouring.give_honour(
            actor=self.who("community_leader", at),
            community_id=self.community_id,
            account_id=first,
            title_zh=title_zh,
            title_en=title_en,
            reason=reason,
            key=self.key(),
            at=at,
        )
        later = at + timedelta(hours=2)
        self._on_paper(first, later, honour_id=given.pk)
        most = max(
            starred.of_community(self.community_id, places.day_of(later)),
            key=lambda one: (one.stars, -one.account_id),
            default=None,
        )
        if most is not None:
            self._on_paper(most.account_id, later, star_id=most.id)

    def _on_paper(
        self, account_id: int, at: datetime, *, star_id: int | None = None, honour_id: int | None = None
    ) -> None:
        actor = places.actor(account_id, at)
        if actor is not None:
            honouring.issue(actor=actor, naming=Naming.FULL, star_id=star_id, honour_id=honour_id, at=at)


def _to_doubt(run_id: int, score: ScoreRow) -> PartRow | None:
    """A part with a late case in it."""
    parts = told.parts(run_id, score.subject_id)
    return next((one for one in parts if one.indicator in {"on_time", "response_in_time"} and one.rest), None)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 30), tzinfo=LOCAL)


def play(town: Town, at: datetime, album: Album) -> int:
    """The whole league, once the work of the grids is there; returns how many runs there are."""
    league = League(town, at, album)
    league.settle()
    league.count_heads()
    league.adopt()
    league.evaluate()
    league.play()
    league.honour()
    return Run.objects.filter(community_id=town.community.id).count()
