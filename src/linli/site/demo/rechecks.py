"""Three months of help to residents and of records looked at again in the demo's first community.

Among the helpers are one who does twice as much as the others, and one who makes records up by copying; so that the pages
show how the second is found by what people see, and the first is left in peace. Nobody of it is real.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from linli.fieldwork.actions import rechecks, services
from linli.fieldwork.models import Recheck, Service
from linli.fieldwork.rules.aiming import week_of
from linli.fieldwork.rules.rechecks import Found
from linli.fieldwork.rules.services import Answer, Called, Given
from linli.grids import queries as places
from linli.grids.rows import PlaceRow
from linli.grids.rules.words import Level
from linli.kernel.access import Actor
from linli.kernel.clock import LOCAL
from linli.site.demo.settlers import Person, Town

WEEKS = 13
KINDS = ("e_commerce", "e_commerce", "phone_help", "paperwork", "escort")
COPIED = "上门帮助居民开通网店，拍照上架自家农产品，讲解发货和回复买家的方法，居民表示满意。"
GOODS = (
    "干辣椒",
    "土蜂蜜",
    "手工布鞋",
    "腌制酸菜",
    "刺梨干",
    "老腊肉",
    "竹编篮子",
    "糯米粑",
    "菜籽油",
    "绣花鞋垫",
)
DID = (
    "帮{who}把{what}拍好照片挂到网上，教会了改价格。",
    "和{who}一起给{what}打包发快递，单号抄在本子上。",
    "{who}的手机收不到验证码，换了套餐后{what}的店铺能登录了。",
    "替{who}到银行问了收款码的事，{what}卖出三单。",
    "陪{who}去中医院复查，顺路说起{what}怎么写介绍。",
)
WHO = ("三楼的大姐", "老伴住院的叔叔", "带孙子的阿姨", "刚搬来的小两口", "腿脚不便的大爷", "做裁缝的大姐")


@dataclass(slots=True)
class Helper:
    """One who helps: where, how often, and whether what they write is so."""

    actor: Actor
    grid: PlaceRow
    homes: list[PlaceRow]
    a_week: int
    copies: bool


class Season:
    """Thirteen weeks of it."""

    def __init__(self, town: Town, at: datetime) -> None:
        self.town, self.at, self.chance = town, at, Random(11)
        self.made_up: set[int] = set()
        self.leader = self._actor(town.of("community_leader")[0])
        self.residents = [self._actor(one) for one in town.of("resident")]
        self.phones = {one.account_id: one.phone for one in town.of("resident")}

    def _actor(self, one: Person) -> Actor:
        found = places.actor(one.account_id, self.at)
        if found is None:
            raise LookupError(f"account {one.account_id}")
        return found

    def key(self) -> UUID:
        """A key that is the same on every first start."""
        return UUID(int=self.chance.getrandbits(128), version=4)

    def play(self) -> None:
        """Help given and answered; each week drawn; what people found, answered, decided."""
        helpers = self._helpers()
        first = week_of(places.day_of(self.at)) - timedelta(weeks=WEEKS)
        for week in range(WEEKS + 1):
            for helper in helpers:
                self._help(helper, first + timedelta(weeks=week), week)
        self._answers()
        for week in range(WEEKS):
            monday = first + timedelta(weeks=week)
            drawn_at = datetime.combine(monday + timedelta(days=7), time(8, 30), tzinfo=LOCAL)
            if drawn_at < self.at and rechecks.draw_week(self.town.community.id, monday, drawn_at):
                self._look_again(drawn_at, still_open=week >= WEEKS - 2)

    def _helpers(self) -> list[Helper]:
        found: list[Helper] = []
        for number, one in enumerate(self.town.of("grid_worker")):
            grid = next(grid for grid in self.town.grids if grid.id == one.place_id)
            homes = places.subtree(grid.path, Level.DWELLING.value)[number % 2 :: 2]
            if homes:
                found.append(Helper(self._actor(one), grid, homes, 1, copies=False))
        if len(found) > 2:
            found[1].a_week = 2
            found[2].copies = True
        return found[:5]

    def _help(self, helper: Helper, monday: date, week: int) -> None:
        amount = helper.a_week if helper.a_week > 1 or week % 3 == 0 else 0
        lies = helper.copies and week % 4 == 1
        for number in range(3 if lies else amount):
            moment = datetime.combine(
                monday + timedelta(days=number + self.chance.randrange(2)),
                time(9 + self.chance.randrange(8), self.chance.randrange(60)),
                tzinfo=LOCAL,
            )
            if moment + timedelta(hours=1) < self.at:
                self._give(helper, moment, lies=lies)

    def _give(self, helper: Helper, moment: datetime, *, lies: bool) -> None:
        resident = self._neighbour(helper) if not lies and self.chance.random() < 0.5 else None
        words = self.chance.choice(DID).format(who=self.chance.choice(WHO), what=self.chance.choice(GOODS))
        given = Given(
            "e_commerce" if lies else self.chance.choice(KINDS),
            COPIED if lies else words,
            moment,
            None if resident else self.chance.choice(helper.homes).id,
            self.phones[resident.person_id] if resident else "",
        )
        made = services.give(
            actor=helper.actor,
            grid_id=helper.grid.id,
            given=given,
            key=self.key(),
            at=moment + timedelta(minutes=self.chance.randrange(5, 50)),
        )
        if lies:
            self.made_up.add(made.service.pk)

    def _neighbour(self, helper: Helper) -> Actor | None:
        """A resident whose building lies in the helper's grid."""
        ids = {one.account_id: one.place_id for one in self.town.of("resident")}
        where = places.places(ids.values())
        near = [one for one in self.residents if where[ids[one.person_id]].path.startswith(helper.grid.path)]
        return self.chance.choice(near) if near else None

    def _answers(self) -> None:
        """Most of those who can tap do, one says no; of those drawn some are called."""
        rows = list(Service.objects.filter(community_id=self.town.community.id).order_by("id"))
        caller = self._actor(self.town.of("verifier")[0])
        actors = {one.account_id: one for one in self.residents}
        tapped = 0
        for row in rows:
            resident = actors.get(row.account_id)
            when = row.made_at + timedelta(hours=self.chance.randrange(1, 30))
            if when >= self.at:
                continue
            if resident is not None and self.chance.random() < 0.8:
                tapped += 1
                no = tapped == 3
                said, words = (Answer.NO, "那天我在女儿家，没有人来过。") if no else (Answer.YES, "")
                services.answer(actor=resident, service_id=row.pk, said=said, words=words, at=when)
            elif row.drawn and row.made_at + timedelta(days=3) < self.at:
                done = Called.NO if row.pk in self.made_up else Called.YES
                called_at = row.made_at + timedelta(days=3)
                services.called(actor=caller, service_id=row.pk, done=done, words="", calls=0, at=called_at)

    def _look_again(self, drawn_at: datetime, *, still_open: bool) -> None:
        rows = list(
            Recheck.objects.filter(community_id=self.town.community.id, made_at=drawn_at).order_by("id")
        )
        for number, row in enumerate(rows):
            if row.visitor_id is None or (still_open and number % 2):
                continue
            false = row.record == "service" and row.record_id in self.made_up
            when = drawn_at + timedelta(days=1, hours=2 + number)
            if when < self.at:
                self._found(row, when, false=false, still_open=still_open)

    def _found(self, row: Recheck, when: datetime, *, false: bool, still_open: bool) -> None:
        mistaken = not false and self.chance.random() < 0.04
        found = Found.FALSE if false else Found.MISTAKEN if mistaken else Found.TRUE
        words = {
            Found.FALSE: "户主和邻居都说那周没有人上门，家里也没有开网店。",
            Found.MISTAKEN: "确有其事，但门牌写成了隔壁一户。",
            Found.TRUE: "",
        }[found]
        self._report(row, row.visitor_id, found, words, when)
        if found is Found.TRUE or still_open:
            return
        worker = places.actor(row.worker_id, when)
        answered = when + timedelta(days=1)
        if worker is None or answered >= self.at:
            return
        admitted = mistaken or row.drawn == "random"
        said = "是我记错了，核实的情况属实。" if admitted else "我去过的，可能当时不是户主本人在家。"
        rechecks.reply(actor=worker, recheck_id=row.pk, admitted=admitted, words=said, at=answered)
        row.refresh_from_db()
        second = answered + timedelta(days=1)
        if row.again_visitor_id is not None and second < self.at:
            self._report(row, row.again_visitor_id, found, "换人再问，仍说没有这回事。", second)
        decided = second + timedelta(days=1)
        ready = admitted or row.again_visitor_id is not None
        if ready and decided < self.at:
            why = "两人先后核实，均无此事，认定不实。" if false else "服务属实，门牌笔误，已提醒更正。"
            rechecks.decide(actor=self.leader, recheck_id=row.pk, outcome=found, reason=why, at=decided)

    def _report(self, row: Recheck, who: int | None, found: Found, words: str, when: datetime) -> None:
        visitor = places.actor(who or 0, when)
        if visitor is not None:
            rechecks.report(actor=visitor, recheck_id=row.pk, found=found, words=words, at=when)


def play(town: Town, at: datetime) -> None:
    """Help and re-visits of three months, some still open."""
    Season(town, at).play()
