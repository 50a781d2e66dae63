"""The desk's own days in the demo's past: residents called back, topics looked through, briefs made, rates kept honest.

What a running Linli does each night and morning is done here at those times: the first start finds nothing left over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from linli.cases.actions import callback, callback_draw
from linli.cases.actions.moves import Conflict
from linli.cases.actions.settings import approvals, callbacks
from linli.cases.models import Appointment, CallBack, Case, Supporter
from linli.cases.queries import callback_queue
from linli.cases.rules.callback import Tried, Trigger
from linli.cases.rules.workflow import State, Verb
from linli.controlroom.actions import briefs, exclusions, weather
from linli.controlroom.rules.briefs import Kind
from linli.controlroom.rules.weather import Danger, Level, Sky, Warned
from linli.kernel.access import Forbidden
from linli.kernel.clock import LOCAL
from linli.site.demo.settlers import Person
from linli.site.demo.stage import Life, Stage
from linli.triage.actions import fixes, topics, working_out
from linli.triage.models import LastingFix
from linli.triage.queries import problems
from linli.triage.queries import topics as hot

CALLS_A_DAY = 4
BRIEFS, BRIEFED = 7, 8  # of so many mornings, at this hour: there is a Monday among them
LONG = 60  # days of a past that has a brief of each of these mornings; a shorter one has Monday's and the last two
SHORT = 2
PLAN = (
    (Decimal(35), ""),
    *((Decimal(100), one.value) for one in (Trigger.REOPENED, Trigger.JOINED, Trigger.SUPERVISED)),
)
SAID = (
    "挺好，第二天就修好了。",
    "师傅态度不错。",
    "修好了，就是等得久了一点。",
    "",
    "",
    "谢谢你们还打电话来问。",
)
COMPLAINTS = (
    ("too_slow", "修是修好了，前后跑了两个星期。"),
    ("answer_unclear", "说处理了，到底处理了什么没讲清楚。"),
    ("poor_manner", "来的人话很冲。"),
)
REASONED = "您好，这件事拖了两周，是配件订货耽误，没有提前告诉您，向您道歉。今后三天没有进展，经办人会主动给您打电话。"
REASONED_2 = "您好，上门人员的态度我们已核实并提醒本人，物业经理今天会给您当面致歉；灯具已复查，工作正常。"
FIXED = "已按计划做完，此后没有再出现同类诉求；每季度复查一次。"
#: By branch of the categories: title, plan, budget, the kind of body that owns it.
FIXES = {
    "building": (
        "整栋检修屋面与公共管线",
        "屋面接缝重做防水，公共管线整段更换，装检修口。",
        "维修资金 4.2 万元",
        "property_company",
    ),
    "facilities": (
        "路灯、井盖、排水整段改造",
        "灯头换防水型并单独走线，雨水井清淤加格栅。",
        "街道专项 3.6 万元",
        "street_department",
    ),
    "environment": (
        "投放点改造与加收一次",
        "增设两组密闭桶和冲洗龙头，傍晚加收一次。",
        "物业费公共支出 1.8 万元",
        "property_company",
    ),
    "noise": (
        "与各户商定安静时段并公示",
        "楼栋议事定安静时段，装修登记押金，广场舞定点定音量。",
        "不需要经费",
        "committee",
    ),
    "safety": (
        "加装充电棚与通道隔离桩",
        "新建 24 位充电棚，消防通道装隔离桩和划线。",
        "消防整改 5 万元",
        "property_company",
    ),
    "": (
        "由社区牵头逐户走访，一次说清一次办完",
        "列出清单，网格员逐户走访，能办的当场办。",
        "不需要经费",
        "service_centre",
    ),
}
SKIES = (
    (Sky.CLOUDY, 6, 13, ()), (Sky.OVERCAST, 5, 11, ()), (Sky.RAIN, 4, 9, (Warned(Danger.COLD_WAVE, Level.BLUE),)),
)  # fmt: skip


def all_of(stage: Stage, days: int) -> Iterator[tuple[datetime, Life]]:
    """The desk's lives with the moment at which each begins."""
    yield stage.ago(days), settings(stage)
    yield stage.ago(days - 1), calls(stage, days - 1)
    yield stage.ago(45), lasting_fixes(stage)
    yield stage.on(stage.working_day(14), 16, 10), left_out(stage)
    yield stage.ago(BRIEFS + 1), mornings(stage, every=days > LONG)


def settings(stage: Stage) -> Life:
    """Who is called, who rules on second returns, who hears for a body."""
    at = yield stage.until
    keeper = stage.actor(stage.one("admin"), at)
    here = stage.community_id
    for share, trigger in PLAN:
        line = callbacks.Line(share=share, trigger=trigger, minimum=0 if trigger else 2)
        callbacks.add_line(actor=keeper, community_id=here, wanted=line, at=at)
    leader, handler = stage.one("community_leader"), stage.handler("property_company")
    for what, who in ((Appointment.What.ARBITER, leader), (Appointment.What.HEAD, handler)):
        approvals.appoint(actor=keeper, community_id=here, what=what.value, account_id=who.account_id,
                          organisation_id=who.organisation_id, at=at)  # fmt: skip


# -- calling back ----------------------------------------------------------------------------------------------


def calls(stage: Stage, days: int) -> Life:
    """Twice a day somebody of the desk calls those whose turn it is; a month's minimum is drawn when it is over."""
    chance = Random(
        stage.community_id
    )  # apart from everyday chance: who is drawn differs from start to start
    at = yield stage.until
    for number in range(days * 2):
        day = (stage.ago(days) + timedelta(days=number // 2)).astimezone(LOCAL).date()
        at = yield stage.on(day, 10, 20) if number % 2 == 0 else stage.on(day, 18, 35)
        if day.day == 1:
            callback_draw.top_up(stage.community_id, at)
        caller = stage.one("verifier", number // 2)
        waiting = list(callback_queue.rows(stage.community_id, "now", at=at)[:CALLS_A_DAY])
        for row in waiting:
            if row.closed_at.astimezone(LOCAL).date() < day and not _called_today(row, at):
                at = yield at + timedelta(minutes=chance.uniform(3, 9))
                _call(stage, row, caller, at, chance)


def _called_today(row: CallBack, at: datetime) -> bool:
    last = row.calls.order_by("-number").first()
    return last is not None and at - last.at < timedelta(hours=20)


def _call(stage: Stage, row: CallBack, who: Person, at: datetime, chance: Random) -> None:
    """One call: mostly they answer and are content; the others say why not, or do not answer."""
    neighbours_content = Supporter.objects.filter(case_id=row.case_id, solved=True).exists()
    said = _answer(at, chance, content=neighbours_content)
    try:
        done = callback.note(actor=stage.actor(who, at), callback_id=row.pk, said=said, at=at)
    except (Forbidden, Conflict):
        return
    if done.reopened:
        stage.begin(at + timedelta(minutes=20), _once_more(stage, done.case.number))
    elif callback.may_be_answered(done):
        stage.begin(at + timedelta(minutes=40), _reasoned(stage, done.pk, who))


def _answer(at: datetime, chance: Random, *, content: bool) -> callback.Said:
    """What a call comes to; where neighbours have said that it is solved, it is (else their word would be undone)."""
    complaint, words = chance.choice(COMPLAINTS)
    again_at = at + timedelta(hours=22)
    said = callback.Said
    answers = (
        (36, said(Tried.REACHED, solved=True, stars=5, words=chance.choice(SAID))),
        (18, said(Tried.REACHED, solved=True, stars=4, words=chance.choice(SAID))),
        (13, said(Tried.REACHED, None, True, 2, complaint, words, wants_reopening=False)),
        (7, said(Tried.REACHED, None, False, 1, "came_back", "好了两天又坏了。", wants_reopening=True)),
        (5, said(Tried.REFUSED)),
        (6, said(Tried.CALL_AGAIN, again_at=again_at, words="在上班，明天再打。")),
        (15, said(Tried.NO_ANSWER)),
    )
    likely = answers[:2] if content else answers
    return chance.choices([one for _, one in likely], [weight for weight, _ in likely])[0]


def _once_more(stage: Stage, number: str) -> Life:
    """What was taken up again after a call: the property company does it once more."""
    at = yield stage.until
    handler, go = stage.handler("property_company", 1), stage.mover(number)
    go(stage.one("dispatcher"), at, Verb.DISPATCH, organisation_id=handler.organisation_id)
    at = yield stage.after(at, least=0.3, most=2)
    go(handler, at, Verb.SIGN)
    at = yield stage.after(at, least=2, most=16)
    answer = "您好，按您回访时说的又查了一遍，这次换了新的部件，请您再看看。"
    go(handler, at, Verb.HANDLED, answer=answer, uploads=stage.proof(number, at))
    at = yield stage.after(at, least=0.5, most=4)
    go(stage.one("verifier"), at, Verb.CLOSE, answer=answer)


def _reasoned(stage: Stage, callback_id: int, who: Person) -> Life:
    """A reasoned answer to somebody who is not satisfied; the leader approves it the next day."""
    at = yield stage.until
    row = CallBack.objects.select_related("case").get(pk=callback_id)
    if not callback.may_be_answered(row):
        return
    answer = REASONED_2 if row.said.startswith("来的人") else REASONED
    callback.propose(actor=stage.actor(who, at), callback_id=callback_id, answer=answer, at=at)
    at = yield stage.after(at + timedelta(hours=20), least=1, most=3)
    if State(Case.objects.get(pk=row.case_id).state) not in {State.CLOSED, State.FOLLOWED_UP}:
        return
    leader = stage.one("community_leader")
    callback.decide(actor=stage.actor(leader, at), callback_id=callback_id, approved=True, at=at)


# -- topics and what keeps coming back -------------------------------------------------------------------------


def lasting_fixes(stage: Stage) -> Life:
    """What came back most is tied to a fix that was done; what comes back now to one that is under way."""
    at = yield stage.until
    working_out.work_out(community_id=stage.community_id, at=at)
    old = _make_fix(stage, at, LastingFix.State.PLANNED)
    at = yield stage.ago(12)
    if old is not None:
        leader = stage.actor(stage.one("community_leader"), at)
        days = (old.from_date, old.until_date)
        sheet = fixes.Sheet(old.title, old.plan, old.organisation_id, *days, old.budget, "done", FIXED)
        fixes.change(actor=leader, fix_id=old.pk, sheet=sheet, at=at)
    at = yield stage.ago(1.5)
    working_out.work_out(community_id=stage.community_id, at=at)
    _make_fix(stage, at + timedelta(hours=1), LastingFix.State.UNDER_WAY)
    at = yield stage.ago(0.03)
    working_out.work_out(community_id=stage.community_id, at=at)
    _look_through(stage, at + timedelta(minutes=8))


def _make_fix(stage: Stage, at: datetime, state: str) -> LastingFix | None:
    """Tie the dearest problem that nobody has tied yet."""
    waiting = problems.repeats(stage.community_id, at=at, limit=1, fixed=False)
    if not waiting:
        return None
    branch = waiting[0].category_code.partition(".")[0]
    title, plan, budget, kind = FIXES.get(branch, FIXES[""])
    day = at.astimezone(LOCAL).date()
    body = stage.town.bodies[kind][0]
    sheet = fixes.Sheet(title, plan, body, day, day + timedelta(days=30), budget, state)
    leader = stage.actor(stage.one("community_leader"), at)
    return fixes.make(
        actor=leader, community_id=stage.community_id, sheet=sheet, at=at, repeat_id=waiting[0].id
    )


def _look_through(stage: Stage, at: datetime) -> None:
    """The leader gives the hottest of a known category a name, and marks what is on its way already."""
    found = hot.hot(stage.community_id, at=at, limit=3)
    leader = stage.actor(stage.one("community_leader"), at)
    known = next((one for one in found if one.category), None)
    if known is not None:
        topics.rename(actor=leader, topic_id=known.id, name=f"{known.category}多户反映", at=at)
    if len(found) > 1:
        topics.mark(
            actor=leader,
            topic_id=found[1].id,
            known=True,
            note="已约物业本周五逐栋排查，结果贴在单元门口。",
            at=at,
        )


# -- rates, briefs, weather ------------------------------------------------------------------------------------


def left_out(stage: Stage) -> Life:
    """Cases left out of rates: one agreed, one refused, one asked for and waiting."""
    at = yield stage.until
    desk, leader = stage.actor(stage.one("dispatcher"), at), stage.actor(stage.one("community_leader"), at)
    settled = Case.objects.filter(community_id=stage.community_id, state__in=["closed", "followed_up"])
    numbers = list(
        settled.filter(state_at__lt=at).order_by("-state_at", "pk").values_list("number", flat=True)[:2]
    )
    asked = (
        ("force_majeure", "连日暴雨，市政泵站停机，现场无法施工。", True, "停机通知已核对，同意剔除。"),
        ("not_our_duty", "经办单位认为不属其职责。", False, "裁定已明确归属，不予剔除。"),
    )
    for number, (reason, why, granted, answer) in zip(numbers, asked, strict=False):
        made = exclusions.ask(actor=desk, number=number, codes=(), reason=reason, why=why, at=at)
        at = yield stage.after(at, least=2, most=20)
        exclusions.decide(actor=leader, exclusion_id=made.pk, granted=granted, answer=answer, at=at)
    at = yield stage.on(stage.working_day(1), 16, 30)
    newest = settled.filter(state_at__lt=at).order_by("-state_at", "pk").first()
    if newest is not None:
        why = "同一居民重复登记，原件已办结。"
        exclusions.ask(actor=desk, number=newest.number, codes=(), reason="duplicate", why=why, at=at)


def mornings(stage: Stage, *, every: bool) -> Life:
    """The last mornings: what the weather is, and the briefs of the day and the week before."""
    yield stage.until
    newest = stage.until.astimezone(LOCAL)
    newest -= timedelta(days=0 if newest.hour >= BRIEFED else 1)
    for ago in reversed(range(BRIEFS)):
        day = newest.date() - timedelta(days=ago)
        if not (every or ago < SHORT or day.weekday() == 0):
            continue
        at = yield stage.on(day, BRIEFED)
        kinds = (Kind.DAILY, Kind.WEEKLY) if day.weekday() == 0 else (Kind.DAILY,)
        for kind in kinds:
            briefs.make(stage.community_id, kind, day - timedelta(days=1), at=at)
    at = yield stage.on(newest.date(), BRIEFED, 5)
    sky, low, high, warnings = SKIES[stage.community_id % len(SKIES)]
    weather.note_weather(
        actor=stage.actor(stage.one("dispatcher"), at),
        community_id=stage.community_id,
        sky=sky,
        low=low,
        high=high,
        warnings=warnings,
        at=at,
    )
