"""What the demo's residents say and what they are told: written for the demo, no real person's words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of trouble: how it is said, how it is answered, who handles it, when it tends to happen."""

    category: str
    kind: str
    said: tuple[str, ...]
    answered: tuple[str, ...]
    body: str  # kind of organisation; empty: the grid worker settles it
    weight: int = 1
    evening: bool = False
    rain: bool = False


PLACES = (
    "{building}门口",
    "{building}2单元",
    "{building}地下车库入口",
    "{building}东侧",
    "{building}对面",
    "{grid}主路边",
)

MATTERS: tuple[Matter, ...] = (
    Matter("facilities.streetlight", "complaint",
           ("{place}的路灯三天不亮了,晚上老人出门看不见路。", "{place}路灯一闪一闪的,昨晚又灭了,孩子放学害怕。",
            "楼道灯坏了,{place}黑得很,昨天差点摔跤。"),
           ("您好,物业已更换灯具并检查了线路,今晚恢复照明。", "您好,已更换楼道声控灯两盏,请您晚上留意,如仍不亮请直接回复。"),
           "property_company", 5, evening=True),
    Matter("environment.garbage", "complaint",
           ("{place}垃圾桶满了两天没人清,苍蝇很多。", "有人把装修的沙石堆在{place},挡住了半条路。", "{place}垃圾分类点满地污水,味道很大。"),
           ("您好,已安排清运并冲洗地面,今后每天加收一次。", "您好,建筑垃圾已于今天上午清走,业主已被告知堆放地点。"),
           "property_company", 6),
    Matter("noise.neighbour", "complaint",
           ("{place}楼上半夜十二点还在拖桌子,睡不着。", "{place}广场舞音响太大,九点半了还不停,孩子没法写作业。",
            "{place}早上六点就开始装修打钻。"),
           ("您好,网格员已上门与住户沟通,约定晚十点后不再移动家具。", "您好,已与领队商定音量和结束时间为晚八点半,并请民警一起巡看。"),
           "", 5, evening=True),
    Matter("facilities.drain", "help",
           ("下雨天{place}楼顶漏水,天花板都湿了。", "{place}地下室积水已经到脚踝,车开不出来。", "{place}下水道反水,臭水流到路上。"),
           ("您好,物业已疏通雨水口并修补屋面接缝,下次下雨我们会再来看。", "您好,已用水泵排净积水,堵塞的管道已疏通。"),
           "property_company", 5, rain=True),
    Matter("building.lift", "hazard",
           ("{place}电梯这个月第三次停在半层,老人都不敢坐了。", "{place}电梯门关不上,一直响。"),
           ("您好,维保单位已更换门机并试运行,检验记录贴在轿厢内。", "您好,电梯已修复,本周五再做一次全面检查。"),
           "property_company", 3),
    Matter("safety.fire_lane", "complaint",
           ("{place}消防通道又停满了车,万一有事救护车进不来。", "外来车占了{place}的车位,晚上回来没地方停。"),
           ("您好,已联系车主移车,并在通道口加装隔离桩。", "您好,已清理占道车辆三台,门岗加强登记。"),
           "property_company", 4, evening=True),
    Matter("safety.ebike", "hazard",
           ("{place}有人把电动车推进楼道充电,很危险。", "{place}楼道里飞线充电,拉了好几条线。"),
           ("您好,飞线已拆除,车主已移到充电棚,楼道口贴了提示。", "您好,网格员和民警已上门劝导,车辆已移出。"),
           "", 4, evening=True),
    Matter("neighbours.pets", "complaint",
           ("{place}有人遛狗不牵绳,把小孩吓哭了。", "{place}草坪上狗粪没人捡。"),
           ("您好,已找到养犬人并提醒牵绳、清理,民警已登记。", "您好,已加装拾便箱,网格员傍晚加强提醒。"),
           "police_station", 2, evening=True),
    Matter("greenery.trimming", "suggestion",
           ("{place}的树枝伸到窗户上了,台风天怕断,能不能修一修?", "建议{place}的空地种点花,现在全是泥。"),
           ("您好,园林工人已修剪枝条,断枝已运走。", "您好,空地已列入秋季补种,先铺了草皮。"),
           "street_department", 2, rain=True),
    Matter("facilities.manhole", "hazard",
           ("{place}井盖碎了一半,晚上骑车差点掉进去。", "{place}井盖松动,车一过哐哐响。"),
           ("您好,井盖已更换,周边路面已补平。", "您好,已加垫圈固定,现场无响动。"),
           "street_department", 3),
    Matter("neighbours.dispute", "help",
           ("{place}邻居装空调外机正对我家窗户,说了几次都不听,想请居委会帮忙调解。", "楼上漏水把我家墙泡了,{place},对方不肯谈。"),
           ("您好,居委会已约双方到会客室,外机已移位,双方签了和解书。", "您好,双方已商定修复和补偿,网格员会跟进到完工。"),
           "committee", 2),
    Matter("care.elders", "help",
           ("我妈一个人住{place},八十二岁,想请人每周上门看一看。", "{place}的老人行动不便,想问送餐怎么申请。"),
           ("您好,已列入每周走访,志愿者明天上午先去认门。", "您好,送餐申请已办好,从下周一开始。"),
           "service_centre", 2),
    Matter("services.hours", "inquiry",
           ("请问居住证到期了在哪里换,要带什么?", "请问孩子上小学报名要准备哪些材料?", "请问高龄津贴怎么办理?"),
           ("您好,带身份证和居住证明到便民服务中心一楼2号窗,当天可办。", "您好,材料清单和时间已发给您,周末窗口也开放。"),
           "service_centre", 3),
)  # fmt: skip

ENGLISH = (
    ("noise.neighbour", "complaint", "Drilling starts at six in the morning near {place}. Could somebody ask them to begin after eight?",
     "Hello, the grid worker has spoken with the owner; work now begins at 8:30 on weekdays only."),
    ("environment.garbage", "complaint", "The sorting bins at {place} have been overflowing since Sunday.",
     "Hello, the bins were emptied this morning and a second collection was added on weekends."),
)  # fmt: skip

RETURN_NOTES = ("该处道路由市政管养,不在我司服务范围,附竣工图。", "经现场查看,管线产权属供水公司。")
NOT_SOLVED = ("只修了一盏,另一盏还是不亮。", "清了一次,今天又满了。", "说好上门,没人来。")
NOTES = ("已电话联系,约下午上门。", "已到现场看过,需要配件。", "居民在家等候,请尽快。")
