"""Whistles of the demo's past: bodies called to a place at a time, who came, what was agreed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from linli.cases.actions import whistle as whistles
from linli.cases.models import Call, Whistle
from linli.cases.rules.intake import Channel, PlaceGiven, Report
from linli.cases.rules.kinds import Kind
from linli.cases.rules.whistle import Answer, Answered, Blown, Concluded, Next, Part
from linli.cases.rules.workflow import Verb
from linli.site.demo.settlers import Person
from linli.site.demo.stage import Life, Stage


def all_of(stage: Stage) -> Iterator[tuple[datetime, Life]]:
    """Every whistle with the moment at which its story begins."""
    yield stage.on(stage.working_day(24), 9, 10), concluded(stage)
    yield stage.on(stage.working_day(41), 14, 20), called_off(stage)
    yield stage.this_morning(), out_now(stage)


def _reported(
    stage: Stage, words: str, at: datetime, category: str, which: int, to: Person
) -> tuple[str, str]:
    """A grid worker's patrol reports something that takes several bodies; its number and the place in words."""
    building = stage.town.buildings[which % len(stage.town.buildings)]
    worker = stage.worker(building.path)
    place = PlaceGiven(building_id=building.id)
    told = Report(
        words.format(building=building.name_zh), Channel.PATROL, Kind.HAZARD, place=place, publish=True
    )
    number = stage.report(worker, told, at).number
    go, send = stage.mover(number), {"category_code": category, "organisation_id": to.organisation_id}
    go(stage.one("dispatcher"), at + timedelta(minutes=4), Verb.DISPATCH, **send)
    go(to, at + timedelta(minutes=9), Verb.SIGN)
    return number, f"{building.name_zh}东侧路口"


def _bodies(stage: Stage) -> tuple[Person, Person, Person]:
    return (
        stage.handler("property_company"), stage.handler("street_department"), stage.handler("police_station"),
    )  # fmt: skip


def _blow(stage: Stage, number: str, place: str, meet_at: datetime, words: str, at: datetime) -> list[Call]:
    """Call the three bodies; their calls in the same order."""
    people = _bodies(stage)
    parts = tuple(Part(one.organisation_id or 0) for one in people)
    wanted = Blown(parts=parts, meet_at=meet_at, place=place, words=words)
    made, _again = whistles.blow(
        actor=stage.actor(stage.one("dispatcher"), at), number=number, wanted=wanted, at=at
    )
    held = {call.organisation_id: call for call in Call.objects.filter(whistle=made)}
    return [held[one.organisation_id or 0] for one in people]


def _tell(
    stage: Stage, who: Person, call: Call, verb: Verb, at: datetime, said: Answered | None = None
) -> None:
    whistles.tell(
        actor=stage.actor(who, at), call_id=call.pk, verb=verb, said=said or Answered(call.pk), at=at
    )


def concluded(stage: Stage) -> Life:
    """Stalls on the fire lane: three bodies are called, one comes late, all agree; two things follow."""
    at = yield stage.until
    words = "{building}东侧每晚摆夜市，摊位占了消防通道，油烟和音响让两栋楼睡不好。"
    number, place = _reported(stage, words, at, "order.street_stalls", 3, _bodies(stage)[1])
    at = yield stage.after(at, least=0.5, most=1)
    meet_at = stage.on(stage.working_day(22), 15)
    calls = _blow(stage, number, place, meet_at, "请各单位带齐权限，现场定摊位线、收摊时间和巡查分工。", at)
    people = _bodies(stage)
    for who, call in zip(people, calls, strict=True):
        at = yield at + timedelta(minutes=stage.chance.uniform(8, 70))
        _tell(stage, who, call, Verb.ANSWER_CALL, at, Answered(call.pk, Answer.COMING))
    for who, call, minutes in sorted(zip(people, calls, (-6, 27, 2), strict=True), key=lambda one: one[2]):
        at = yield max(at, meet_at + timedelta(minutes=minutes))
        _tell(stage, who, call, Verb.ARRIVE, at)
    at = yield meet_at + timedelta(minutes=75)
    yield from _agree(stage, number, calls, at)


def _agree(stage: Stage, number: str, calls: list[Call], at: datetime) -> Life:
    handler, street, police = _bodies(stage)
    desk = stage.one("dispatcher")
    steps = (
        Next(
            handler.organisation_id or 0, "在消防通道两端装可移动隔离桩，划出摊位线。", at + timedelta(days=3)
        ),
        Next(
            street.organisation_id or 0, "每晚九点半巡一次，连续两周，记录交社区。", at + timedelta(days=14)
        ),
    )
    public = "物业、城管、民警今天到现场商定：摊位退到线内，晚上九点半收摊，消防通道装隔离桩。"
    agreed = frozenset(call.organisation_id for call in calls)
    words = "三方同意：摊位退线、九点半收摊、通道两端装桩；城管连巡两周，民警处理拒不收摊的。"
    wanted = Concluded(calls[0].whistle_id, words, agreed, steps)
    whistles.conclude(actor=stage.actor(desk, at), wanted=wanted, public_words=public, at=at)
    go = stage.mover(number)
    tasks = {
        one.task.organisation_id: one.task_id
        for one in Whistle.objects.get(pk=calls[0].whistle_id).steps.select_related("task")
    }
    at = yield stage.after(at + timedelta(days=2), least=1, most=3)
    go(
        handler,
        at,
        Verb.TASK_DONE,
        task_id=tasks[handler.organisation_id or 0],
        answer="隔离桩六根已装好，摊位线已划。",
    )
    at = yield stage.after(at + timedelta(days=9), least=1, most=3)
    go(
        street,
        at,
        Verb.TASK_DONE,
        task_id=tasks[street.organisation_id or 0],
        answer="连续巡查十一晚，均在九点半前收摊。",
    )
    answer = "您好，夜市已退到线内，晚上九点半收摊，消防通道装了隔离桩；城管连巡十一晚，没有再占道。"
    go(street, at + timedelta(minutes=5), Verb.HANDLED, answer=answer, uploads=stage.proof(number, at))
    at = yield stage.after(at, least=1, most=4)
    go(stage.one("verifier"), at, Verb.CLOSE, answer=answer)


def called_off(stage: Stage) -> Life:
    """Settled before anybody had to come."""
    at = yield stage.until
    number, place = _reported(
        stage, "{building}旁围挡被风吹倒，横在人行道上。", at, "facilities.road", 5, _bodies(stage)[0]
    )
    at = yield stage.after(at, least=0.2, most=0.5)
    calls = _blow(stage, number, place, at + timedelta(hours=20), "请到现场确认围挡归属并扶正。", at)
    handler = _bodies(stage)[0]
    at = yield at + timedelta(minutes=35)
    _tell(
        stage,
        handler,
        calls[0],
        Verb.ANSWER_CALL,
        at,
        Answered(calls[0].pk, Answer.COMING, words="正好有人在附近，马上去扶。"),
    )
    at = yield at + timedelta(minutes=50)
    desk = stage.one("dispatcher")
    whistles.call_off(
        actor=stage.actor(desk, at),
        whistle_id=calls[0].whistle_id,
        reason="settled_already",
        note="物业已扶正并加固。",
        at=at,
    )
    go = stage.mover(number)
    at = yield stage.after(at, least=0.2, most=1)
    answer = "您好，倒下的围挡已扶正，底部加了配重，人行道可以正常走。"
    go(handler, at, Verb.HANDLED, answer=answer, uploads=stage.proof(number, at))
    at = yield stage.after(at, least=1, most=3)
    go(stage.one("verifier"), at, Verb.CLOSE, answer=answer)


def out_now(stage: Stage) -> Life:
    """A whistle that is out: one comes, one cannot, one has not said anything; they meet tomorrow."""
    at = yield stage.until
    words = "{building}西侧挖开的沟一直没回填，围挡和水管都占着人行道，晚上有人绊倒。"
    number, place = _reported(stage, words, at, "facilities.road", 9, _bodies(stage)[1])
    at = yield at + timedelta(minutes=25)
    tomorrow = stage.on(stage.working_day(-1), 10)
    calls = _blow(stage, number, place, tomorrow, "请定回填日期、临时通道和夜间照明由谁负责。", at)
    people = _bodies(stage)
    at = yield at + timedelta(minutes=30)
    _tell(
        stage,
        people[0],
        calls[0],
        Verb.ANSWER_CALL,
        at,
        Answered(calls[0].pk, Answer.COMING, words="工程部两人到场。"),
    )
    at = yield at + timedelta(minutes=80)
    said = Answered(
        calls[2].pk, Answer.DECLINED, reason="no_one_free", words="明天上午有勤务，可派辅警到场。"
    )
    _tell(stage, people[2], calls[2], Verb.ANSWER_CALL, at, said)
