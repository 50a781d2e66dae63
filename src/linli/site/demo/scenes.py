"""Scenes of the demo's past that everyday chance would seldom bring: each a page of the product that must not be empty.

A scene is a life on the `Stage`; it names its moments itself, in days before now.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from linli.cases.rules.intake import Channel, PlaceGiven, Report
from linli.cases.rules.kinds import Kind
from linli.cases.rules.workflow import Verb
from linli.grids.rows import PlaceRow
from linli.site.demo.settlers import Person
from linli.site.demo.stage import Life, Stage, Way

CALLERS = (
    "19900009001",
    "19900009002",
    "19900009003",
    "19900009004",
)  # of nobody: neighbours without an account


def all_of(stage: Stage) -> Iterator[tuple[datetime, Life]]:
    """Every scene with the moment at which it begins."""
    yield stage.on(stage.working_day(33), 9, 20), letter_answered(stage)
    yield stage.on(stage.working_day(9), 10, 5), letter_open(stage)
    yield stage.on(stage.working_day(16), 9, 40), returned_twice(stage)
    yield stage.on(stage.working_day(2), 14, 10), returned_and_waiting(stage)
    yield stage.on(stage.working_day(12), 11, 0), longer(stage)
    yield stage.on(stage.working_day(3), 15, 30), wants_longer(stage)
    yield stage.on(stage.working_day(20), 10, 15), on_hold(stage)
    yield stage.ago(25.4), gas(stage)
    yield stage.on(stage.working_day(11), 2, 10), smoke_at_night(stage)
    yield stage.ago(1.2), lift(stage)


def told(words: str, building: PlaceRow, kind: Kind = Kind.COMPLAINT, *, publish: bool = True) -> Report:
    """A report from a phone at a building."""
    place = PlaceGiven(building_id=building.id)
    return Report(words.format(building=building.name_zh), Channel.PAGE, kind, place=place, publish=publish)


def home_of(stage: Stage, person: Person) -> PlaceRow:
    """The building where somebody lives."""
    return next(one for one in stage.town.buildings if one.id == person.place_id)


def sent(
    stage: Stage, who: Person, report: Report, at: datetime, category: str, to: Person
) -> tuple[str, Way]:
    """Report something and have it sent to somebody's body; the number, and the rest of the way there as a life."""
    number = stage.report(who, report, at).number

    def way() -> Way:
        go = stage.mover(number)
        later = yield stage.after(at, least=0.1, most=0.8)
        go(
            stage.one("dispatcher"),
            later,
            Verb.DISPATCH,
            category_code=category,
            organisation_id=to.organisation_id,
        )
        later = yield stage.after(later, least=0.2, most=2)
        go(to, later, Verb.SIGN)
        return later

    return number, way()


def done(stage: Stage, number: str, at: datetime, handler: Person, answer: str, *, last: str = "") -> Way:
    """It is handled with a picture, and closed by somebody else."""
    go = stage.mover(number)
    go(handler, at, Verb.HANDLED, answer=answer, uploads=stage.proof(number, at))
    at = yield stage.after(at, least=0.5, most=4)
    go(stage.one("verifier"), at, Verb.CLOSE, answer=last or answer)
    return at


# -- letters, returns, requests --------------------------------------------------------------------------------


def letter_answered(stage: Stage) -> Life:
    """A broken road that nobody mends: the ladder is climbed, a letter written, answered and lifted."""
    at = yield stage.until
    who, street, leader = (
        stage.one("resident", 2),
        stage.handler("street_department"),
        stage.one("community_leader"),
    )
    home = home_of(stage, who)
    number, way = sent(
        stage,
        who,
        told("{building}前面的路面破了一大块，雨天全是泥水，推轮椅过不去。", home),
        at,
        "facilities.road",
        street,
    )
    at = yield from way
    go = stage.mover(number)
    at = yield stage.after(at, least=1, most=3)
    go(street, at, Verb.CONTACT, note="已到现场量过，报了修补计划，等沥青进场。")
    at = yield at + timedelta(days=9)
    go(who, at, Verb.URGE)
    at = yield stage.after(at + timedelta(days=2), least=0.5, most=2)
    demand = "此处影响轮椅通行，请三日内先行垫平，并书面说明修补日期。"
    go(leader, at, Verb.SUPERVISE, until=at + timedelta(days=3), note=demand)
    at = yield stage.after(at + timedelta(days=2), least=1, most=4)
    go(street, at, Verb.EXPLAIN, note="已用碎石临时垫平，沥青班组定于后天上午施工，负责人每日到场。")
    at = yield stage.after(at + timedelta(days=2), least=1, most=4)
    answer = "您好，路面已重新铺好，轮椅可以平稳通过。修得晚了，请您谅解。"
    go(leader, at, Verb.LIFT, note="现场看过，路面已修好，解除督办。")
    yield from done(stage, number, at + timedelta(minutes=20), street, answer)


def letter_open(stage: Stage) -> Life:
    """A letter that stands, and waits for its answer."""
    at = yield stage.until
    who, handler, leader = (
        stage.one("resident", 3),
        stage.handler("property_company"),
        stage.one("community_leader"),
    )
    words = "{building}单元门锁坏了大半个月，谁都能进，晚上一个人回家很不放心。"
    number, way = sent(stage, who, told(words, home_of(stage, who)), at, "building.door", handler)
    at = yield from way
    go = stage.mover(number)
    at = yield stage.after(at + timedelta(days=4), least=1, most=3)
    go(who, at, Verb.URGE)
    at = yield stage.after(stage.on(stage.working_day(1), 9, 30), least=0.1, most=0.5)
    demand = "门锁涉及住户安全，请两个工作日内装好并回复原因。"
    go(leader, at, Verb.SUPERVISE, until=at + timedelta(days=4), note=demand)


def returned_twice(stage: Stage) -> Life:
    """Nobody's pipe: given back twice, then ruled on by the leader, and the ruling binds."""
    at = yield stage.until
    who, handler = stage.one("resident", 4), stage.handler("property_company")
    street, leader, desk = (
        stage.handler("street_department"),
        stage.one("community_leader"),
        stage.one("dispatcher"),
    )
    words = "{building}旁边的雨水管接口裂了，每次下雨都往人行道上喷水。"
    number, way = sent(stage, who, told(words, home_of(stage, who)), at, "facilities.drain", handler)
    at = yield from way
    go = stage.mover(number)
    at = yield stage.after(at, least=0.5, most=2)
    go(handler, at, Verb.RETURN, reason="wrong_place", note="裂口在红线外的市政管段，附竣工图第 3 页。")
    at = yield stage.after(at, least=0.5, most=2)
    go(desk, at, Verb.RULE, ruling="upheld", note="竣工图属实，转街道城市管理科。")
    at = yield stage.after(at, least=0.1, most=0.6)
    go(desk, at, Verb.DISPATCH, organisation_id=street.organisation_id)
    at = yield stage.after(at, least=1, most=3)
    go(street, at, Verb.RETURN, reason="unclear_ownership", note="该段由物业改造时自行接出，未移交市政。")
    at = yield stage.after(at, least=0.5, most=2)
    go(leader, at, Verb.RULE, ruling="overruled", note="改造有移交单，属街道管养。此裁定为准，不得再退。")
    at = yield stage.after(at, least=0.3, most=2)
    go(street, at, Verb.SIGN)
    at = yield stage.after(at, least=3, most=9)
    yield from done(stage, number, at, street, "您好，裂开的雨水管已更换，今天试水没有再喷，路面也冲洗过了。")


def returned_and_waiting(stage: Stage) -> Life:
    """Given back, and waiting for the desk's ruling."""
    at = yield stage.until
    who, handler = stage.one("resident", 1), stage.handler("property_company", 1)
    words = "{building}对面的交通指示牌歪了，快要倒下来。"
    number, way = sent(
        stage, who, told(words, home_of(stage, who), Kind.HAZARD), at, "parking.traffic", handler
    )
    at = yield from way
    at = yield max(at + timedelta(minutes=30), stage.ago(0.1))
    note = "指示牌属交警设施，物业无权动，已先拉警戒带。"
    stage.mover(number)(handler, at, Verb.RETURN, reason="overlapping_duty", note=note)


def longer(stage: Stage) -> Life:
    """More time is asked for, with why, and granted; and once more, and refused."""
    at = yield stage.until
    who, handler, desk = (
        stage.one("resident", 5),
        stage.handler("property_company"),
        stage.one("dispatcher", 1),
    )
    words = "{building}外墙有瓷砖松动，敲上去是空的，怕掉下来砸到人。"
    number, way = sent(
        stage, who, told(words, home_of(stage, who), Kind.HAZARD), at, "building.wall", handler
    )
    at = yield from way
    go = stage.mover(number)
    at = yield stage.after(at, least=0.5, most=2)
    why = "高空作业车后天才能进场，已拉警戒带并每天看守。"
    go(handler, at, Verb.ASK, request="extend", amount=Decimal(3), note=why)
    at = yield stage.after(at, least=0.3, most=2)
    go(desk, at, Verb.DECIDE, granted=True, note="同意，警戒带不得撤。")
    at = yield stage.after(at + timedelta(days=2), least=1, most=3)
    yield from done(
        stage, number, at, handler, "您好，松动的瓷砖已全部铲除并补贴，高空车当天做完，警戒带已撤。"
    )


def wants_longer(stage: Stage) -> Life:
    """More time is asked for, and waits for a decision."""
    at = yield stage.until
    who, handler = stage.one("resident"), stage.handler("property_company", 1)
    words = "{building}楼下健身器材断了一根，孩子爬上去很危险。"
    number, way = sent(stage, who, told(words, home_of(stage, who)), at, "facilities.fitness", handler)
    at = yield from way
    at = yield max(at + timedelta(minutes=30), stage.ago(0.12))
    why = "断的部件要向厂家订，已先拆下并围起来。"
    stage.mover(number)(handler, at, Verb.ASK, request="extend", amount=Decimal(4), note=why)


def on_hold(stage: Stage) -> Life:
    """Something that needs next year's money is put on hold by the leader, until a day."""
    at = yield stage.until
    who, street, leader = (
        stage.one("resident", 7),
        stage.handler("street_department"),
        stage.one("community_leader"),
    )
    words = "{building}门口没有坡道，婴儿车和轮椅都要抬，能不能修一个？"
    report = told(words, home_of(stage, who), Kind.SUGGESTION)
    number, way = sent(stage, who, report, at, "facilities.access", street)
    at = yield from way
    go = stage.mover(number)
    at = yield stage.after(at, least=1, most=4)
    why = "坡道已列入明年一季度无障碍改造计划，需等预算下达。"
    go(street, at, Verb.ASK, request="hang", until=stage.until + timedelta(days=60), note=why)
    at = yield stage.after(at, least=1, most=5)
    go(
        leader,
        at,
        Verb.DECIDE,
        granted=True,
        note="依据：街道无障碍改造年度计划。期满前由城市管理科主动回复居民。",
    )


# -- danger ----------------------------------------------------------------------------------------------------


def gas(stage: Stage) -> Life:
    """A smell of gas: the desk answers within two minutes."""
    at = yield stage.until
    who, worker = stage.one("resident"), stage.worker(home_of(stage, stage.one("resident")).path)
    number = stage.report(
        who, told("{building}楼道里闻到很浓的煤气味，一楼最重。", home_of(stage, who), Kind.HAZARD), at
    ).number
    yield from hurry(stage, number, at + timedelta(seconds=95), worker, "safety.gas_leak",
                     "您好，燃气公司八分钟到场，是一楼灶前软管老化，已更换并全楼检测，读数为零。")  # fmt: skip


def smoke_at_night(stage: Stage) -> Life:
    """Smoke at two in the night: nobody answers at first, so that it goes on to more people."""
    at = yield stage.until
    who = stage.one("resident", 2)
    home = home_of(stage, who)
    number = stage.report(
        who, told("{building}车棚里在冒烟，有塑料烧焦的味道！", home, Kind.HAZARD), at
    ).number
    yield from hurry(stage, number, at + timedelta(minutes=7), stage.worker(home.path), "safety.fire",
                     "您好，网格员六分钟到场断电，消防队确认没有明火。是充电器过热，已收走，车棚加装了烟感。")  # fmt: skip


def lift(stage: Stage) -> Life:
    """Somebody in a lift that stands still: freed within half an hour."""
    at = yield stage.until
    who, worker = stage.one("resident", 5), stage.worker(home_of(stage, stage.one("resident", 5)).path)
    number = stage.report(
        who, told("{building}电梯停了，里面困住一位老人，按铃没人应。", home_of(stage, who), Kind.HAZARD), at
    ).number
    yield from hurry(stage, number, at + timedelta(seconds=70), worker, "building.lift",
                     "您好，维保人员二十分钟内放出老人，身体无恙。抱闸已更换，检验记录贴在轿厢内。")  # fmt: skip


def hurry(stage: Stage, number: str, at: datetime, worker: Person, category: str, answer: str) -> Life:
    """Sent at once to the grid worker, who is there in minutes; checked and closed within hours."""
    go = stage.mover(number)
    at = yield at
    go(stage.one("dispatcher"), at, Verb.DISPATCH, category_code=category, handler_id=worker.account_id)
    at = yield at + timedelta(minutes=3)
    go(worker, at, Verb.SIGN)
    at = yield at + timedelta(minutes=9)
    go(worker, at, Verb.CONTACT, note="已到现场，住户已疏散到楼下，专业单位在处理。")
    at = yield at + timedelta(minutes=48)
    go(worker, at, Verb.HANDLED, answer=answer, uploads=stage.proof(number, at))
    at = yield at + timedelta(minutes=90)
    go(stage.one("verifier"), at, Verb.CLOSE, answer=answer)
