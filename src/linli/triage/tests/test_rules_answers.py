from __future__ import annotations

import time

import pytest

from linli.triage.rules import answers
from linli.triage.rules.answers import Code, quality, read

LAMP = "3栋门口的路灯三天不亮了，晚上老人出门看不见"
LIFT = "5号楼电梯按钮按了没反应，今天停了两次"
BINS = "南门垃圾桶满了好几天没人清，臭得很"
FEE = "请问居住证续签要带什么材料，在哪里办？"
NOISE = "楼下烧烤店半夜还在放音乐，睡不着"
LAMP_EN = "The lamp at the door of building 3 has been dark for three days"
LIFT_EN = "The lift in building 5 stops between floors"

#: Answers a resident can do something with: nothing is said against them.
GOOD = [
    (
        LAMP,
        "您好，物业电工今天上午更换了3栋门口的路灯灯泡，晚上已恢复照明。如果还不亮，请打社区电话0851-2345678。",
    ),
    (LAMP, "路灯是线路短路，供电公司11月23日下午已修好，我们晚上去看过，亮的。如再不亮，随时告诉网格员。"),
    (LAMP, "3栋路灯已于昨天由市政维修完毕。有问题可以回复这里，我们再去看。"),
    (
        LIFT,
        "维保公司今天10点到场，更换了5号楼电梯一楼按钮面板，试运行两小时正常。再停请拨打电梯里的电话或社区电话。",
    ),
    (LIFT, "电梯主板已更换，质监站昨天检测合格，今天中午恢复运行。若再出现，请联系物业前台。"),
    (LIFT, "查看后发现按键接触不良，维保师傅当天换好了按钮。这周我们每天巡查一次，有情况请留言。"),
    (BINS, "环卫今天早上清运了南门垃圾桶，并增设两个桶，改为每天清两次。如果还满，请打社区电话。"),
    (BINS, "南门垃圾已在11月22日清理干净，保洁排了早晚两班。有疑问可到社区服务台，或者在这里回复。"),
    (BINS, "社区协调环卫公司，从本周一起垃圾每天清运两次，现场已冲洗消杀。仍有异味请再反映。"),
    (
        FEE,
        "续签请带身份证和租房合同，到社区服务大厅2号窗口办理，工作日9点到17点，当天办结。有疑问打社区电话。",
    ),
    (
        FEE,
        "居住证续签按照暂行条例，需在到期前一个月内办理，请携带身份证、居住证到派出所或社区警务室。问题可拨打12345。",
    ),
    (FEE, "您可以到街道政务中心办理居住证续签，带好材料当场可取；也可以在小程序申请。如有疑问请联系社区。"),
    (
        NOISE,
        "昨晚11点民警和城管到场劝阻，烧烤店已关掉音响，店主签了承诺书，22点后不再放音乐。再吵请打110或联系社区。",
    ),
    (
        NOISE,
        "我们与店主商定晚上十点后关音响，网格员本周三、周五晚上去查看过，没有再放。如果再有，请告诉我们。",
    ),
    (NOISE, "城管执法队11月20日约谈了烧烤店，罚款并要求整改，音箱已搬走。有新的情况请随时反映。"),
    (
        "小区北门围栏破了个洞，孩子能钻出去",
        "物业今天下午把北门围栏的洞焊好了，明天再刷一遍漆。还有别处破损请打物业电话。",
    ),
    (
        "楼道堆满杂物，消防不安全",
        "网格员和物业昨天上门劝导，住户当天把楼道杂物搬走了，通道已清空。如再堆放，请拍照告诉我们。",
    ),
    (
        "自来水发黄，不敢喝",
        "供水公司今天检测水质，发黄是水箱清洗后的沉淀，已排放两小时，现在清了。若仍发黄请致电供水热线。",
    ),
    (
        "有流浪狗在幼儿园门口，孩子害怕",
        "公安和社区今天早上把流浪狗带走，送到收容点；上学放学时保安在门口值守。再看到请打派出所电话。",
    ),
    ("路边树枝挡住红绿灯了", "园林所11月21日已修剪路口树枝，红绿灯能看清了。如还有遮挡，回复这里就行。"),
    (
        LAMP_EN,
        "Our electrician replaced the lamp at building 3 this morning; it was lit at 19:00 yesterday. "
        "If it goes dark again, call the desk.",
    ),
    (
        LAMP_EN,
        "The property company fixed the wiring of the lamp on Monday. If it fails again, please tell us here.",
    ),
    (
        LIFT_EN,
        "The lift company repaired the door sensor of the lift on 22 November and tested it for two hours. "
        "If it stops again, call the number in the lift.",
    ),
    (
        LIFT_EN,
        "We checked the lift yesterday with the contractor and replaced the control board. Let us know if it stops again.",
    ),
    (
        "Where can I renew my residence permit?",
        "You can renew the permit at the service hall, window 2, on weekdays until 17:00; "
        "please bring your ID and the lease. If you have any questions, call our office.",
    ),
]
#: Answers nobody is helped by: at least one of these remarks is made.
POOR = [
    (LAMP, "已处理", {Code.TOO_SHORT}),
    (LAMP, "好的，收到。", {Code.TOO_SHORT}),
    (
        LAMP,
        "您反映的问题已收悉，我们高度重视，将尽快处理，感谢您对社区工作的支持与理解！",
        {Code.STOCK_PHRASES, Code.EMPTY_PROMISE},
    ),
    (
        LAMP,
        "尊敬的居民您好，感谢您的来信，我们将进一步加强管理，敬请谅解。",
        {Code.STOCK_PHRASES, Code.NO_ACTION},
    ),
    (LAMP, "您好，该问题正在研究，请您耐心等待，我们会及时跟进路灯的事情。", {Code.EMPTY_PROMISE}),
    (LAMP, "路灯的事情我们知道了，后续会安排人员处理解决的，请放心。", {Code.EMPTY_PROMISE, Code.NO_TIME}),
    (LAMP, "路灯已经更换完毕，恢复照明，请知悉，谢谢配合。", {Code.NO_TIME}),
    (LAMP, "11月20日垃圾清运完毕，环卫公司每天两次到场，如有问题请致电社区。", {Code.OFF_TOPIC}),
    (LAMP, "3栋门口的路灯三天不亮了，晚上老人出门看不见。", {Code.COPIED}),
    (LAMP, "路灯是你们自己的问题，物业今天已经修好了，别再投诉了，有事打电话。", {Code.BLAME}),
    (LAMP, "路灯今天上午物业修好了！！！不要再问了！！！再有问题打电话。", {Code.SHOUTING, Code.BLAME}),
    (LAMP, "路灯已于【时间】由物业维修完毕，如有问题请联系XXX。", {Code.PLACEHOLDER}),
    (LAMP, "物业张师傅今天已修好路灯，有问题打他手机13812345678。", {Code.PERSONAL_DATA}),
    (LAMP, "住户身份证520103199003071232核实后，物业今天已修好路灯，请致电社区。", {Code.PERSONAL_DATA}),
    (LIFT, "电梯问题不归我们管，请找维保公司，今天电话已转告。", {Code.BLAME}),
    (LIFT, "已转交相关部门处理，请您耐心等待，电梯的事情会有结果的。", {Code.EMPTY_PROMISE}),
    (LIFT, "关于电梯，我们将督促物业抓紧落实，进一步加强巡查。", {Code.EMPTY_PROMISE, Code.NO_ACTION}),
    (
        LIFT,
        "经核实，情况属实，下一步将推进相关工作，请理解支持。",
        {Code.OFF_TOPIC, Code.NO_ACTION, Code.EMPTY_PROMISE},
    ),
    (LIFT, "昨天下午已经修好，试运行正常，按钮灵敏，欢迎再次反映问题。", {Code.NO_ACTOR}),
    (BINS, "请居民自觉维护环境卫生，不要乱扔垃圾，共同创建文明小区。", {Code.NO_ACTION, Code.NO_TIME}),
    (BINS, "垃圾桶满是因为居民素质低，环卫今天已清运，请拨打社区电话。", {Code.BLAME}),
    (BINS, "今天天气不错，我们组织了广场舞比赛，欢迎大家到社区报名参加。", {Code.OFF_TOPIC}),
    (FEE, "您的留言已收到，我们会尽快回复您，祝您生活愉快。", {Code.STOCK_PHRASES, Code.EMPTY_PROMISE}),
    (FEE, "政策自己上网查，我们也没办法，工作人员很忙的，请谅解。", {Code.BLAME}),
    (
        NOISE,
        "我们会联系烧烤店负责人，争取早日改进噪音情况，请您理解。",
        {Code.NO_ACTION, Code.NO_TIME, Code.EMPTY_PROMISE},
    ),
    (NOISE, "小题大做，开店哪有不出声的，物业昨天已经去说过了。", {Code.BLAME}),
    (NOISE, "噪音整改已完成。……", {Code.PLACEHOLDER, Code.TOO_SHORT}),
    (NOISE, "烧烤店店主电话一三八一二三四五六七八，昨晚民警已劝阻，请自行联系。", {Code.PERSONAL_DATA}),
    (
        LAMP_EN,
        "We will look into it as soon as possible. Thank you for your understanding.",
        {Code.EMPTY_PROMISE},
    ),
    (LAMP_EN, "Noted.", {Code.TOO_SHORT}),
    (
        LAMP_EN,
        "This is your own fault, our electrician fixed the lamp on Monday, stop complaining.",
        {Code.BLAME},
    ),
    (LAMP_EN, "THE LAMP WAS REPAIRED YESTERDAY BY OUR STAFF!!! Call us if it fails.", {Code.SHOUTING}),
    (
        LAMP_EN,
        "The bins were emptied by our team on Monday. Call us if they fill up again.",
        {Code.OFF_TOPIC},
    ),
    (
        LIFT_EN,
        "Dear resident, your message has been received. We take this matter very seriously. Kind regards.",
        {Code.STOCK_PHRASES, Code.NO_ACTION},
    ),
    (
        LIFT_EN,
        "The lift was repaired and tested, everything works now, have a nice time.",
        {Code.NO_TIME, Code.NO_ACTOR},
    ),
    (LIFT_EN, "Our technician repaired the lift on [date], please call if it stops.", {Code.PLACEHOLDER}),
]


@pytest.mark.parametrize(("question", "answer"), GOOD)
def test_nothing_is_said_against_a_good_answer(question: str, answer: str) -> None:
    assert read(question, answer) == ()


@pytest.mark.parametrize(("question", "answer", "wanted"), POOR)
def test_what_is_lacking_in_a_poor_answer_is_named(question: str, answer: str, wanted: set[Code]) -> None:
    found = {one.code for one in read(question, answer)}
    assert wanted <= found, found


def test_there_are_at_least_sixty_answers_here() -> None:
    assert len(GOOD) + len(POOR) >= 60


def test_only_personal_data_is_grave_and_it_comes_first() -> None:
    found = read(LAMP, "张三电话13812345678！！！")
    assert (found[0].code, found[0].grave, found[0].value) == (Code.PERSONAL_DATA, True, "mobile")
    assert not any(one.grave for one in found[1:])


def test_what_everybody_got_is_a_phrase_even_with_other_numbers_in_it() -> None:
    phrase = "您好，您反映的{}问题我社区已于11月{}日安排物业处理完毕，如有疑问请致电社区。"
    earlier = [phrase.format("路灯", n) for n in range(10, 14)]
    found = {one.code: one.value for one in read(LAMP, phrase.format("路灯", 22), earlier=earlier)}
    assert found[Code.REPEATED] == "4"
    assert Code.REPEATED not in {one.code for one in read(LAMP, GOOD[0][1], earlier=earlier)}
    assert Code.REPEATED not in {one.code for one in read(LAMP, earlier[0], earlier=earlier[:1])}


def test_declining_wants_a_reason_and_not_a_deed() -> None:
    bare = "您反映的路灯问题不予受理，请知悉，特此告知，谢谢您。"
    assert Code.NO_REASON in {one.code for one in read(LAMP, bare, declines=True)}
    good = "这盏路灯属于市政管理，不归社区负责，请拨打12345，我们也已把您的话转给市政。"
    assert read(LAMP, good, declines=True) == ()


def test_an_empty_answer_and_a_strange_question_are_read_too() -> None:
    assert {one.code for one in read(LAMP, "")} == {Code.TOO_SHORT, Code.NO_WAY_BACK}
    assert Code.OFF_TOPIC not in {one.code for one in read("😀😀", GOOD[0][1])}
    assert Code.OFF_TOPIC not in {one.code for one in read("", GOOD[0][1])}
    assert Code.TOO_LONG in {one.code for one in read(LAMP, GOOD[0][1] * 40)}


def test_quality_is_the_share_of_what_an_answer_should_bring() -> None:
    assert quality([]) == 1.0
    assert quality([Code.NO_WAY_BACK]) == 1.0
    assert quality([Code.NO_TIME, Code.NO_ACTOR]) == pytest.approx(4 / 6)
    assert quality([Code.BLAME]) == 0.0


def test_reading_against_two_hundred_answers_takes_milliseconds() -> None:
    earlier = [f"{GOOD[n % len(GOOD)][1]}{n}" * 3 for n in range(200)]
    begun = time.process_time()
    read(LAMP, GOOD[0][1] * 3, earlier=earlier)
    assert time.process_time() - begun < 0.25


def test_hostile_text_does_not_hold_the_reader_up() -> None:
    begun = time.process_time()
    for hostile in ("已" * 10_000, "请" * 10_000 + "!", "A" * 20_000, "1-" * 9_000, "感谢您对" * 3_000):
        answers.read(hostile, hostile)
    assert time.process_time() - begun < 5


#: Deeds in everyday words, and none at all.
DEEDS = [
    "11月24日上午，安居物业派了两名保洁员清空了13栋旁的3个垃圾桶，并冲洗了地面；今后每天早晚各清一次。",
    "11月24日上午，物业清空了垃圾桶，清理干净了地面。",
    "今天下午物业给绿化带喷了药，两天后再喷一次。",
    "昨天晚上民警到广场舞现场，请他们把音响调小，九点以后不再放。",
    "周二，网格员上门看望了老人，送去了助浴券。",
    "11月20日，物业给56栋南侧装了两盏新路灯。",
    "今天上午维保公司换了门机皮带，试运行两小时没有再卡。",
    "10月8日，城管队员铲掉了楼道小广告，重新刷了白墙。",
    "昨天，物业用沙袋挡住了车库入口，抽干了积水。",
    "今天，施工队回填了沟槽，撤走了围挡，铺了步道板。",
    "11月3日，物业把三辆僵尸车拖离了消防通道。",
    "今天上午，社区劝走了占道的摊贩，划了停车线。",
    "昨天物业测了水压，发现二次供水泵坏了一台，当天换上备用泵。",
    "11月5日，社区卫生站给老人量了血压，签了家庭医生。",
    "今早保洁打扫了3栋楼道，冲刷了台阶，撒了防滑沙。",
    "11月18日，街道办给您开具了居住证明，您可随时来取。",
    "昨天社区把两家约到一起谈，楼上同意铺地垫，十点后不拖椅子。",
    "11月9日，物业减免了您家两个月的停车费。",
    "今天下午消杀公司在楼道投放了鼠药，一周后回收。",
    "昨天物业锯掉了挡窗的枯枝。",
    "Yesterday the property company pumped out the water and put down sandbags.",
    "This morning our electrician swapped the lamp and rewired the switch.",
    "On Tuesday the property team swept the stairs and hosed down the floor.",
    "今天物业在坑里垫了碎石，竖起了警示牌，下周一浇筑水泥。",
]
NO_DEEDS = [
    "11月24日，物业高度重视，将尽快处理垃圾问题。",
    "我们了解了情况，会尽快安排物业处理。",
    "The company knows about it and will come tomorrow.",
    "物业的人今天太忙了，排不开，请耐心等待。",
    "社区已经了解了，正在推进，请您放心。",
    "社区听取了大家的意见，加强了管理，提高了认识。",
]


@pytest.mark.parametrize("answer", DEEDS)
def test_a_deed_is_known_in_everyday_words(answer: str) -> None:
    assert Code.NO_ACTION not in {said.code for said in read("", answer)}


@pytest.mark.parametrize("answer", NO_DEEDS)
def test_having_understood_or_resolved_is_no_deed(answer: str) -> None:
    assert Code.NO_ACTION in {said.code for said in read("", answer)}
