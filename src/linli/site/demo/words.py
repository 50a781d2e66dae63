"""What the demo's residents say and what they are told: written for the demo, no real person's words."""

from __future__ import annotations

from dataclasses import dataclass

Talk = tuple[str, str]  # what is said, what is answered when it is done


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of trouble: how it is said and answered, who handles it, when it tends to happen."""

    category: str
    kind: str
    talks: tuple[Talk, ...]
    english: tuple[Talk, ...] = ()
    body: str = ""  # kind of organisation; empty: the grid worker settles it
    weight: int = 1
    inside: bool = False  # it happens in a stairway, not in the open
    evening: bool = False
    rain: bool = False

    @property
    def said(self) -> tuple[str, ...]:
        """What residents say of it."""
        return tuple(said for said, _ in self.talks)


OUTSIDE = ("{building}门口", "{building}东侧", "{building}西侧", "{building}后面", "{building}对面路边")
INSIDE = ("{building}1单元", "{building}2单元", "{building}")
PLACES = (*OUTSIDE, *INSIDE)

MATTERS: tuple[Matter, ...] = (
    Matter("facilities.streetlight", "complaint", (
        ("{place}的路灯三天不亮了，晚上老人出门看不见路。", "您好，物业已更换灯具并检查了线路，今晚恢复照明。"),
        ("{place}路灯一闪一闪的，昨晚又灭了，孩子放学害怕。", "您好，是线路接头松了，已重新接好，观察了一晚没有再闪。"),
    ), (
        ("The street lamp by {place} has been dark for three nights.", "Hello, the lamp was replaced today and will be lit tonight."),
    ), "property_company", 4, evening=True),
    Matter("building.corridor_light", "complaint", (
        ("{place}楼道灯坏了，黑得很，昨天差点摔跤。", "您好，已更换楼道声控灯两盏，如仍不亮请直接告诉我们。"),
        ("{place}三楼到五楼的楼道灯都不亮。", "您好，三至五楼的灯已全部更换，请晚上留意。"),
    ), (), "property_company", 3, inside=True, evening=True),
    Matter("environment.garbage", "complaint", (
        ("{place}垃圾桶满了两天没人清，苍蝇很多。", "您好，已安排清运并冲洗地面，今后每天加收一次。"),
        ("{place}的垃圾昨天没收，味道很大。", "您好，昨天清运车故障，今早已补收，桶也冲洗过了。"),
    ), (
        ("The bins at {place} have been overflowing since Sunday.", "Hello, the bins were emptied this morning and a second collection was added at weekends."),
    ), "property_company", 5),
    Matter("environment.sorting", "suggestion", (
        ("{place}的分类投放点晚上八点就锁了，下班晚的人没处扔。", "您好，投放点关门时间已改为晚上九点半。"),
    ), (
        ("The sorting point at {place} closes before I am back from work.", "Hello, it now stays open until half past nine in the evening."),
    ), "property_company"),
    Matter("environment.bulky", "complaint", (
        ("有人把装修的沙石堆在{place}，挡住了半条路。", "您好，建筑垃圾已于今天上午清走，业主已被告知堆放地点。"),
        ("{place}有人扔了一张旧沙发，放了一个星期。", "您好，旧沙发已清走，楼道口贴了大件预约电话。"),
    ), (), "property_company", 2),
    Matter("noise.neighbour", "complaint", (
        ("{place}楼上半夜十二点还在拖桌子，睡不着。", "您好，网格员已上门与住户沟通，约定晚十点后不再移动家具。"),
        ("{place}有一家天天晚上弹琴到十一点，孩子没法睡。", "您好，已与住户商量好，晚上九点以后不再弹琴。"),
    ), (
        ("Somebody in {place} moves furniture after midnight. Could you speak with them?", "Hello, the grid worker has spoken with the household; they agreed to stop at ten."),
    ), "", 3, inside=True, evening=True),
    Matter("noise.construction", "complaint", (
        ("{place}有人早上六点就开始装修打钻。", "您好，已与业主说定，工作日八点半以后才施工，周末不施工。"),
    ), (
        ("Drilling starts at six in the morning in {place}. Could somebody ask them to begin later?", "Hello, the grid worker has spoken with the owner; work now begins at half past eight, on weekdays only."),
    ), "", 2, inside=True),
    Matter("noise.square_dance", "complaint", (
        ("{place}广场舞音响太大，九点半了还不停，孩子没法写作业。", "您好，已与领队商定音量，晚上八点半结束，这几天我们每晚去看。"),
    ), (), "", 2, evening=True),
    Matter("building.leak", "help", (
        ("一下雨，{place}顶楼就漏水，天花板都湿了。", "您好，物业已修补屋面接缝并疏通雨水口，下次下雨我们会再来看。"),
    ), (
        ("Rain comes through the ceiling of the top floor in {place}.", "Hello, the roof was mended today. We will look again at the next rain."),
    ), "property_company", 2, inside=True, rain=True),
    Matter("facilities.drain", "help", (
        ("{place}积水已经到脚踝，车开不出来。", "您好，已用水泵排净积水，堵住的雨水口也清开了。"),
        ("{place}下水道反水，臭水流到路上。", "您好，管道已疏通，路面也冲洗干净了。"),
    ), (
        ("The drain by {place} is blocked and water stands on the path.", "Hello, the drain was cleared and the path washed this morning."),
    ), "property_company", 4, rain=True),
    Matter("building.lift", "hazard", (
        ("{place}电梯这个月第三次出故障了，老人都不敢坐。", "您好，电梯已修复，换了抱闸，检验记录贴在轿厢内。"),
        ("{place}电梯门关不上，一直响。", "您好，维保单位已更换门机并试运行。"),
    ), (
        ("The lift in {place} is out of order again, the third time this month.", "Hello, the brake was replaced; the test record hangs in the cabin."),
    ), "property_company", 3, inside=True),
    Matter("safety.fire_lane", "complaint", (
        ("{place}消防通道又停满了车，万一有事消防车进不来。", "您好，已联系车主移车，并在通道口加装了隔离桩。"),
    ), (
        ("Cars are parked in the fire lane at {place} again.", "Hello, the owners moved the cars and posts were put up at the entrance."),
    ), "property_company", 3, evening=True),
    Matter("parking.illegal", "complaint", (
        ("外来车占了{place}的车位，晚上回来没地方停。", "您好，已清走外来车三台，门岗从今天起登记放行。"),
    ), (), "property_company", 2, evening=True),
    Matter("safety.ebike", "hazard", (
        ("{place}有人把电动车推进楼道充电，很危险。", "您好，网格员和民警已上门劝导，车已移到充电棚。"),
        ("{place}楼道里飞线充电，拉了好几条线。", "您好，飞线已拆除，楼道口贴了提示，充电棚还有空位。"),
    ), (
        ("Somebody charges an e-bike in the stairway of {place}.", "Hello, the bike was moved to the charging shed and the owner has been warned."),
    ), "", 4, inside=True, evening=True),
    Matter("neighbours.pets", "complaint", (
        ("{place}有人遛狗不牵绳，把小孩吓哭了。", "您好，已找到养犬人并提醒牵绳，民警已登记。"),
        ("{place}草坪上狗粪没人捡。", "您好，已加装拾便箱，网格员傍晚加强提醒。"),
    ), (
        ("A dog runs without a lead at {place} every evening.", "Hello, the officer has found and warned the owner."),
    ), "police_station", 2, evening=True),
    Matter("greenery.trimming", "suggestion", (
        ("{place}的树枝伸到窗户上了，刮风怕断，能不能修一修？", "您好，园林工人已修剪枝条，断枝已运走。"),
    ), (), "street_department", 2, rain=True),
    Matter("greenery.maintenance", "suggestion", (
        ("{place}的空地全是泥，能不能种点花草？", "您好，空地已列入秋季补种，先铺了草皮。"),
    ), (
        ("Could something be planted on the bare ground at {place}?", "Hello, turf was laid today; shrubs follow in spring."),
    ), "street_department"),
    Matter("facilities.manhole", "hazard", (
        ("{place}井盖碎了一半，晚上骑车差点掉进去。", "您好，井盖已更换，周边路面已补平。"),
        ("{place}井盖松动，车一过就哐哐响。", "您好，已加垫圈固定，现场没有响动了。"),
    ), (), "street_department", 3),
    Matter("neighbours.dispute", "help", (
        ("{place}邻居装空调外机正对我家窗户，说了几次都不听，想请居委会帮忙调解。", "您好，居委会已约双方当面谈，外机已移位，双方签了和解书。"),
        ("{place}楼上漏水把我家墙泡了，对方不肯谈。", "您好，双方已商定修复和补偿，网格员会跟进到完工。"),
    ), (), "committee", 2, inside=True),
    Matter("care.elders", "help", (
        ("我妈一个人住{place}，八十二岁，想请人每周上门看一看。", "您好，已列入每周走访，志愿者明天上午先去认门。"),
        ("{place}的老人行动不便，想问送餐怎么申请。", "您好，送餐申请已办好，从下周一开始。"),
    ), (), "service_centre", 2, inside=True),
    Matter("services.residence", "inquiry", (
        ("请问居住证到期了在哪里换，要带什么？", "您好，带身份证和住址证明到便民服务中心一楼 2 号窗，当天可办。"),
    ), (
        ("Where do I renew my residence permit, and what should I bring?", "Hello, bring your passport and lease to window 2 of the service centre; it takes one visit."),
    ), "service_centre", 2),
    Matter("services.schooling", "inquiry", (
        ("请问孩子上小学报名要准备哪些材料？", "您好，材料清单和报名时间已发给您，周末窗口也开放。"),
    ), (), "service_centre"),
    Matter("services.insurance", "inquiry", (
        ("请问高龄津贴怎么办理？", "您好，满八十岁带身份证和银行卡到便民服务中心办理，也可以请网格员上门代办。"),
    ), (), "service_centre"),
)  # fmt: skip

RETURN_NOTES = ("该处道路由市政管养，不在我司服务范围，附竣工图。", "经现场查看，管线产权属供水公司。")
NOT_SOLVED = ("还是老样子，请再来看看。", "好了一天，今天又不行了。", "说好上门，没人来。")
NOTES = ("已电话联系，约下午上门。", "已到现场看过，需要配件。", "居民在家等候，请尽快。")
