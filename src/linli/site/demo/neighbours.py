"""Neighbours in the demo's past: they say the same, are made one or found to be two, and are all answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from linli.cases.actions import joining, pairs
from linli.cases.rules.kinds import Kind
from linli.cases.rules.workflow import Verb
from linli.kernel import access
from linli.site.demo.scenes import done, home_of, sent, told
from linli.site.demo.settlers import Person
from linli.site.demo.stage import Life, Stage, Way

CALLERS = (
    "19900009001",
    "19900009002",
    "19900009003",
    "19900009004",
)  # of nobody: neighbours without an account


def all_of(stage: Stage) -> Iterator[tuple[datetime, Life]]:
    """Every such story with the moment at which it begins."""
    yield stage.on(stage.working_day(8), 7, 30), no_water(stage)
    yield stage.ago(1.6), shared(stage)
    yield stage.on(stage.working_day(5), 18, 40), said_twice(stage)


def joins(stage: Stage, number: str, at: datetime, people: tuple[Person, ...], words: tuple[str, ...]) -> Way:
    """Neighbours say the same: some with their accounts, the others with a phone number alone."""
    accounts = [(stage.actor(one, at), "") for one in people]
    callers = [(access.ANONYMOUS, phone) for phone in CALLERS[: len(words) - len(people)]]
    for (actor, phone), said in zip([*accounts, *callers], words, strict=True):
        at = yield at + timedelta(minutes=stage.chance.uniform(6, 50))
        joining.join(actor=actor, community_id=stage.community_id, number=number, at=at, words=said,
                     contact_phone=phone, limited=False, person=phone,)  # fmt: skip
    return at


def no_water(stage: Stage) -> Life:
    """No water in the morning: one reports, five join, all are answered; some of them say how it was."""
    at = yield stage.until
    who, handler = stage.one("resident"), stage.handler("property_company")
    others = tuple(stage.one("resident", number) for number in (1, 2))
    number, way = sent(
        stage,
        who,
        told("{building}从早上六点就没有水，做不了早饭。", home_of(stage, who)),
        at,
        "utilities.water",
        handler,
    )
    said = ("我们单元也没有水。", "孩子上学前没法洗漱。", "三楼以上都没水。", "", "家里有透析病人，急用水。")
    stage.begin(
        at + timedelta(minutes=5), first(joins(stage, number, at + timedelta(minutes=5), others, said), stage)
    )
    at = yield from way
    at = yield stage.after(at, least=1.5, most=3)
    answer = "您好，水泵房控制器烧坏，已更换，十一点半恢复供水；送水车到过困难户家。备用控制器已订。"
    at = yield from done(stage, number, at, handler, answer)
    at = yield at + timedelta(hours=5)
    for one, stars in zip(others, (5, 4), strict=True):
        actor = stage.actor(one, at)
        row = joining.held(actor=actor, number=number)
        joining.say(actor=actor, row=row, word=joining.Word(solved=True, stars=stars), at=at)
        at = yield at + timedelta(hours=2)


def shared(stage: Stage) -> Life:
    """Something under way now that neighbours joined."""
    at = yield stage.until
    who, handler = stage.one("resident", 4), stage.handler("property_company", 1)
    others = tuple(stage.one("resident", number) for number in (0, 5))
    words = "{building}地下车库入口积水结了青苔，已经有两个人滑倒。"
    number, way = sent(
        stage, who, told(words, home_of(stage, who), Kind.HAZARD), at, "facilities.drain", handler
    )
    said = ("我昨天也差点滑倒。", "推婴儿车下不去。", "晚上没灯，更危险。")
    stage.begin(
        at + timedelta(minutes=9), first(joins(stage, number, at + timedelta(minutes=9), others, said), stage)
    )
    yield from way


def first(life: Way, stage: Stage) -> Life:
    """A life that is begun by another: it waits for its own moments from the start."""
    yield stage.until
    yield from life


def said_twice(stage: Stage) -> Life:
    """Two tell of one dark lamp and are made one; a third lamp is found to be another matter."""
    at = yield stage.until
    desk, handler = stage.one("dispatcher", 1), stage.handler("property_company")
    home = home_of(stage, stage.one("resident", 3))
    number, way = sent(
        stage,
        stage.one("resident", 3),
        told("{building}南边那盏路灯坏了，黑漆漆的。", home),
        at,
        "facilities.streetlight",
        handler,
    )
    twin = stage.report(
        stage.one("resident", 1),
        told("{building}南侧路灯不亮，晚上看不清台阶。", home),
        at + timedelta(minutes=25),
    ).number
    other = stage.report(
        stage.one("resident"),
        told("{building}北门的路灯太亮，照得卧室睡不着。", home),
        at + timedelta(minutes=40),
    ).number
    at = yield stage.after(at + timedelta(hours=12), least=0.2, most=1)
    stage.mover(twin)(desk, at, Verb.MERGE, target=number)
    pairs.say_another_matter(actor=stage.actor(desk, at), number=other, other=number, at=at)
    worker = stage.worker(home.path)
    stage.mover(other)(
        desk,
        at + timedelta(minutes=2),
        Verb.DISPATCH,
        category_code="facilities.streetlight",
        handler_id=worker.account_id,
    )
    at = yield from way
    stage.mover(other)(worker, at, Verb.SIGN)
    at = yield stage.after(at, least=2, most=6)
    yield from done(
        stage, number, at, handler, "您好，南侧路灯的灯头和镇流器都换了，昨晚八点去看过，是亮的。"
    )
    stage.mover(other)(
        worker, at + timedelta(hours=1), Verb.CONTACT, note="晚上到住户家看过，确实直射，准备加遮光罩。"
    )
