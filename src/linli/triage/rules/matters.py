"""What residents write about, in both languages: the things, what is wrong with them, and how far one matter reaches. Pure.

A line is ``code reach words … | English,
  …``. A code with a dot is a kind of the one before the dot (``light.street`` is a
``light``). Written by hand for this project; the longest word wins, so 楼道灯 is never read as 灯.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

#: How far one matter of a kind reaches, in metres: beyond it the same words mean another matter.
REACH = MappingProxyType({"home": 40.0, "building": 60.0, "spot": 90.0, "area": 600.0, "": 120.0})

_THINGS = """
light spot 灯 照明 灯泡 灯光 | light, lights, lighting, lamp, lamps, bulb
light.street spot 路灯 街灯 庭院灯 景观灯 草坪灯 灯杆 | street light, street lights, streetlight, streetlights,
  street lamp, street lamps, lamp post, lamp posts, lamppost
light.stair building 楼道灯 楼梯灯 走廊灯 声控灯 感应灯 过道灯 楼道的灯 楼道里的灯 楼梯间的灯 走廊的灯 | stair light,
  stairway light, hallway light, corridor light, landing light, stairwell light, light in the stairwell,
  light on the stairs, lights on the stairs, light in the corridor
light.garage spot 车库灯 地库灯 车库的灯 地库的灯 车库照明 | garage light, garage lights, lights in the garage
light.screen area 广告灯 霓虹灯 led屏 大屏幕 广告牌 灯箱 | neon sign, billboard, led screen
lift building 电梯 升降梯 轿厢 梯门 | lift, lifts, elevator, elevators
lift_new building 加装电梯 增设电梯 加装的电梯 装电梯 老楼加梯 加梯 | add a lift, install a lift, new lift,
  adding a lift, installing a lift
garbage spot 垃圾 垃圾桶 垃圾箱 垃圾房 垃圾点 垃圾站 垃圾袋 垃圾车 厨余 生活垃圾 | rubbish, garbage, trash, litter,
  bin, bins, dustbin, dustbins, waste
garbage.bulky spot 旧柜子 柜子 大件垃圾 旧家具 旧沙发 沙发 床垫 破家具 建筑垃圾 装修垃圾 渣土 碎砖 砖头 水泥块 沙石 |
  bulky waste, mattress, sofa, old furniture, rubble, building waste, bulky rubbish
garbage.sorting area 垃圾分类 分类投放 误时投放 定时投放 | waste sorting, recycling, sorting point
manhole spot 井盖 窨井 窨井盖 下水井盖 雨水箅子 雨水篦子 雨箅子 沟盖板 盖板 | manhole, manholes, drain cover, grate
drain spot 下水道 排水沟 污水管 排污管 化粪池 污水井 污水 阴沟 排水口 雨水口 地漏 | drain, drains, sewer, sewage,
  septic tank
toilet_home home 马桶 厕所下水 卫生间下水 厨房下水 下水管 主管道 | toilet, waste pipe, kitchen sink
puddle spot 积水 水坑 水洼 内涝 | standing water, puddle, puddles, flooded, flooding
water area 自来水 供水 水压 水龙头 停水 断水 没水 来水 水质 水发黄 黄水 二次供水 水箱 | tap water, water supply,
  water pressure, no water, water has been off, water is off, running water
pipe building 水管 管道 管子 爆管 总阀 | water pipe, pipe, pipes, burst pipe
roof building 屋顶 楼顶 天台 顶楼 屋面 | roof, rooftop, top floor
ceiling home 天花板 吊顶 楼板 | ceiling
wall building 外墙 墙皮 墙砖 外立面 墙面 保温层 瓷砖 外墙砖 | facade, wall, walls, plaster, tiles, cladding
window home 窗户 玻璃 窗玻璃 | window, windows, glass
power area 停电 供电 电压 跳闸 变压器 没电 断电 配电房 配电箱 | power cut, power outage, outage, electricity,
  blackout, power supply, transformer, no power
gas area 燃气 煤气 天然气 停气 没气 | gas
heating area 暖气 供暖 供热 地暖 暖气片 热力 取暖 | heating, radiator, radiators
network area 宽带 没网 上不了网 上网 网络 手机信号 信号 光纤 断网 基站 有线电视 | broadband, internet, wifi,
  phone signal, mobile signal
wires spot 电线 线缆 电缆 光缆 弱电线 电线杆 | cable, cables, wires, wire
charge_wire building 飞线 拉线 飞线充电 私拉电线 拉线充电 插线板 拖线板 接线板 | charging cable, extension lead,
  charging wire, cables hang out of windows, cable from a window, cable out of the window
charge_point spot 充电的地方 充电桩 充电站 充电柜 充电口 充电设施 快充 | charging point, charging points,
  charging station, charger, chargers, charging pile
ebike building 电动车 电瓶车 电动自行车 电驴 | e-bike, e-bikes, ebike, ebikes, electric bike, electric bikes, scooter,
  scooters
bike spot 自行车 单车 共享单车 僵尸车 车棚 | bicycle, bicycles, bike, bikes, shared bike, shared bikes, bike shed
parking spot 停车 车位 违停 乱停 停车位 停车场 挪车 私家车 轿车 小汽车 面包车 乱停车 | parking, parked, car, cars,
  van, parking space, parking spaces
truck area 大货车 货车 大车 渣土车 水泥车 卡车 | truck, trucks, lorry, lorries
parking_fee area 停车费 停车收费 月租车 | parking fee, parking fees
garage spot 车库 地库 地下停车场 | garage, underground car park
gate spot 杆子 起杆 抬杆 道闸杆 道闸 大门 小区门 栏杆机 出入口 人行门 升降杆 | barrier, gate
guard area 保安 门卫 门岗 巡逻 | guard, guards, security
door building 单元门 楼道门 防盗门 入户门 闭门器 楼门 | entrance door, front door, door, door closer
intercom building 门禁 对讲 可视对讲 对讲机 人脸识别 刷卡 | intercom, entry system, door entry, face recognition
intercom.card building 门禁卡 门卡 | access card, key card
camera spot 监控 摄像头 探头 | camera, cameras, cctv
fire_lane spot 消防通道 消防车道 生命通道 安全通道 疏散通道 消防登高面 | fire lane, escape route, fire access,
  fire exit
hydrant building 消防栓 消火栓 灭火器 烟感 消防水带 消防设施 | hydrant, fire hydrant, fire extinguisher,
  fire extinguishers, extinguisher, smoke detector
stair building 楼道 楼梯 楼梯间 走廊 过道 | stairwell, stairs, stairway, corridor, hallway, landing
handrail building 扶手 栏杆 护栏 | handrail, railing, railings
ramp building 坡道 无障碍 轮椅 | ramp, wheelchair
road spot 路面 马路 道路 地砖 人行道 盲道 台阶 减速带 沥青 路坑 路牙 地面 坑 石板 | pothole, potholes, pavement, road,
  sidewalk, paving, paving stones, step, steps
tree spot 树 树杈 树枝 大树 枯树 树木 枝条 树杈 枯枝 | tree, trees, branch, branches
green spot 绿化 绿化带 草坪 绿地 花坛 草丛 灌木 杂草 | lawn, grass, flower bed, flower beds, green space, weeds
veg spot 种菜 菜地 菜园 | vegetable patch, growing vegetables, vegetables
dog area 狗 犬 遛狗 狗绳 小狗 大狗 恶犬 宠物 | dog, dogs
cat area 流浪猫 野猫 猫 | cat, cats
rat area 老鼠 鼠患 鼠害 灭鼠 | rat, rats, mice, mouse
roach building 蟑螂 | cockroach, cockroaches
mosquito area 蚊子 蚊虫 苍蝇 消杀 | mosquito, mosquitoes, flies
wasp spot 马蜂 马蜂窝 黄蜂 蜂窝 胡蜂 | wasp, wasps, wasp nest, hornets
termite building 白蚁 | termites
fumes area 油烟 排烟 烟道 油烟味 烟囱 | fumes, cooking fumes, kitchen smoke
dance area 广场舞 跳舞 跳舞的 | square dance, square dancing, dancing, dancers
speaker area 音响 喇叭 唱歌 音乐 | loudspeaker, loudspeakers, music
renovation building 装修 电钻 敲墙 砸墙 冲击钻 | renovation, renovating, drilling, drill
site area 工地 打桩 施工 挖掘机 夜间施工 | building site, construction site, construction
bbq area 烧烤 烧烤摊 夜宵 大排档 | barbecue
ktv area ktv 酒吧 歌厅 | karaoke, bar
stall spot 摊 摊贩 占道经营 小摊 摆摊 流动摊 商贩 摊位 | stall, stalls, vendor, vendors, hawker, hawkers
upstairs home 楼上 楼上邻居 脚步声 跑跳 拖椅子 | upstairs neighbour, upstairs neighbor, upstairs, footsteps
throwing building 高空抛物 往下扔 往楼下扔 抛物 从楼上扔 扔烟头 | thrown from, throwing things, throw things,
  throws things, falling objects
aircon building 空调外机 空调 空调水 外机 | air conditioner, air conditioning unit, aircon
fitness spot 健身器材 健身设施 健身器 单杠 双杠 漫步机 乒乓球台 篮球架 | fitness equipment, exercise equipment,
  basketball hoop
play spot 儿童游乐 沙坑 儿童乐园 游乐设施 | playground
play.slide spot 滑梯 | slide, slides
play.swing spot 秋千 | swing, swings
play.seesaw spot 跷跷板 | seesaw
bench spot 长椅 椅子 凉亭 座椅 长凳 石凳 | bench, benches, pavilion, seat
parcel spot 快递柜 快递 驿站 包裹 | parcel locker, parcel lockers, parcels, parcel
toilet spot 公厕 公共厕所 公共卫生间 | public toilet, public toilets
illegal spot 违建 搭建 私搭乱建 违章建筑 阳光房 私搭 违章搭建 | illegal building, illegal extension, unlawful building
rental home 群租 群租房 民宿 日租房 | sublet, overcrowded flat, short-let
fee area 物业费 管理费 公摊 能耗费 | management fee, service charge
staff area 物业服务 客服 管家 物业经理 服务态度 物业态度 | property manager, management staff
committee area 业委会 业主大会 业主委员会 | owners' committee, owners committee
fund area 维修基金 维修资金 大修基金 | maintenance fund, repair fund
school area 学校 幼儿园 小学 校门口 放学 上学 学位 | school, kindergarten
bus area 公交 公交站 公交车 地铁 站台 | bus stop, bus, buses, metro
signal spot 红绿灯 斑马线 信号灯 人行横道 | traffic light, traffic lights, zebra crossing, crossing
canteen area 助餐 老年食堂 食堂 老人食堂 | canteen
clinic area 社区医院 卫生站 疫苗 卫生服务中心 接种 | clinic, vaccine, vaccination
permit area 居住证 证明 户口 落户 盖章 身份证 | residence permit, certificate, household register
allowance area 低保 补贴 养老金 医保 社保 救助 高龄津贴 | allowance, pension, insurance, benefit
lost area 走失 走丢 找不到人 | missing child, wandered off
river area 河道 河水 池塘 景观池 喷泉 水池 人工湖 | river, pond, fountain, lake
fireworks area 鞭炮 烟花 放炮 爆竹 | fireworks, firecrackers
flyers building 乱贴 小广告 牛皮癣 传单 | flyers, stickers, leaflets
burning area 烧东西 焚烧 烧垃圾 烧树叶 烧纸 烧秸秆 | burning, bonfire
laundry spot 晾晒 晒被子 晾衣 晾衣杆 晾衣绳 | drying clothes, washing line, laundry
board spot 宣传栏 公告栏 橱窗 | notice board
mailbox building 信箱 奶箱 邮箱 信报箱 | mailbox, mailboxes, letterbox
smoking building 抽烟 吸烟 二手烟 烟味 | smoking, smokes, cigarette, cigarettes, cigarette smoke
clutter building 柜子 杂物 纸箱 废品 堆放 鞋柜 | clutter, junk, boxes
"""

#: ``code opposites(, or -) words … | English …``
_FAULTS = """
broken fixed 坏 坏了 故障 失灵 不工作 用不了 罢工 不能用 停运 停用 不动 打不开 关不上 没反应 不灵 损坏 失效 没法用
  坐不了 不好使 刷不开 卡住 开不了 关不严 不开 不运行 锁不上 识别不了 | broken, not working, out of order,
  doesn't work, does not work, don't work, do not work, not work, faulty, won't open, stopped working, won't close,
  cannot be used, broke down, won't shut
dark glare,fixed 不亮 没灯 没有灯 没有路灯 没亮 黑漆漆 太黑 漆黑 摸黑 乌漆嘛黑 黑灯瞎火 看不见 看不清 熄了 灭了 黑乎乎
  一片黑 没有亮 好黑 不发光 黑咕隆咚 | dark, went out, not lit, unlit, is out, pitch black, are out, is off,
  cannot see, can't see, can see nothing
glare dark 太亮 刺眼 晃眼 通宵亮 光污染 亮得 睡不着觉的灯 | too bright, dazzling, glare, shines into
flicker fixed 一闪一闪 忽明忽暗 闪烁 闪个不停 老是闪 | flickering, flickers, flicker
trapped - 困 被困 关在里面 困在 关人 | trapped, stuck inside, stuck in
shake - 抖动 晃动 异响 下坠 咯吱 抖 哐当 怪声 | shakes, shaking, rattles, jerks
full fixed 放着 堆着 堆 满了 满出 溢出来 满溢 堆成山 堆积 堆满 成堆 没人收 没人清 不清运 没清 没收 堆了 堆在 没人运
  爆满 没清运 没来收 | overflowing, piled, not collected, not emptied, piling up, full, uncollected, heap,
  nobody collects, piles up, overflow
smell - 味很大 气味 味道 臭 异味 臭味 恶臭 难闻 熏 臭气 味道大 刺鼻 | smell, smells, stink, stinks, stench, odour,
  odor, smelly
leak - 漏了 漏气 泄漏 漏水 渗水 滴水 漏雨 渗漏 漏 往下滴 渗 湿了 洇 滴答 | leak, leaks, leaking, drip, drips,
  dripping, seeping, damp
burst fixed 爆管 爆裂 爆了 喷水 喷出来 | burst, gushing
cut fixed 停水 停电 停气 断水 断电 断网 没水 没电 没气 没网 没信号 停了 断了 没有水 没有电 一滴水都没有 没来水 |
  no water, no power, power cut, outage, no electricity, no signal, no gas, cut off, blackout, no internet,
  has been off, is down
weak hot 水压低 水小 水流小 水压太小 电压低 不热 不够热 冰凉 温度低 信号弱 信号差 不暖 上不来水 凉的 | low pressure,
  weak, lukewarm, not warm, cold, slow, pressure is low
hot weak 太热 过热 热得 温度太高 | too hot
murky - 发黄 浑浊 黄水 浑 有杂质 铁锈 | yellow, murky, brown, rusty
blocked - 停了一排 被占 占地方 占满 进不来 出不去 过不去 占用 占着 挡住 堵住 堵死 被占 挡路 占道 占了 堵在 霸占 停在
  停满 堵着 拦住 | blocked, blocking, blocks, occupied, parked in, parked on, in the way, obstruct, obstructs
clogged fixed 堵塞 堵了 反水 返水 冒水 倒灌 不通 满溢出来 下不去 外溢 冒出来 冒污水 往外冒 | clogged, blocked up,
  backed up, overflows, backing up, backs up
loud - 声音太大 声音大 震得 还在唱 唱到 咚咚 吵 噪音 扰民 吵闹 响声 嗡嗡 轰鸣 吵死 睡不着 睡不好 震天响 很响 动静 噪声
  大声 | noise, noisy, loud, can't sleep, cannot sleep, keeps us awake, cannot sleep at night
cracked - 裂 破 碎 塌 凹 凸 翘 坑洼 坑坑洼洼 断裂 破损 破洞 下陷 塌陷 开裂 | cracked, crack, cracks, sunken, smashed,
  uneven
missing fixed 偷 不见了 没了 缺 丢了 被偷 没有盖 少了 不翼而飞 | missing, gone, stolen
loose - 松动 松了 晃 摇晃 活动的 | loose, wobbly, wobbles
falling - 掉了 断落 掉 脱落 倒了 歪 倾斜 要倒 倒下 剥落 砸 掉下来 | falling, fell, fallen, leaning, coming off, falls,
  come off
bite - 咬 没牵绳 不牵绳 不拴绳 不栓绳 没拴绳 不牵 扑人 | bite, bites, bitten, bit, unleashed, off the lead,
  without a lead, no leash, without a leash
dung - 粪 屎 便便 大便 拉屎 尿 | mess, poo, droppings, fouling
bark - 狗叫 叫个不停 乱叫 犬吠 | barks, barking
rude - 态度差 态度恶劣 骂人 推诿 爱理不理 不管 | rude, unhelpful
price - 贵 涨价 多收 乱收费 涨 太高 | overcharged, too expensive, raised
charging - 充电 飞线 拉线 | charges, charging
dirty - 脏 没人打扫 不打扫 卫生差 没人扫 | dirty, filthy, not cleaned
smoke - 抽烟 吸烟 冒烟 烟味 | smoking, smokes
upstairs_carry - 推上楼 上楼 进电梯 推进电梯 进楼 停楼道 | brought upstairs, in the lift, into the lift,
  into the stairwell
wish against 希望 建议 能不能 想要 增设 加装 安装 装一个 请求 多装 增加 盼望 申请 能否 | please install, would like,
  suggest, could we have, we need, request, should be installed
against wish 反对 不要 不同意 抵制 不要装 拆除 撤掉 不赞成 拆掉 别装 | against, oppose, object, remove it
fixed broken,dark,cut,full,clogged,missing,flicker,burst 换新 换新了 补上了 补好 装好了 来水了 来电了 通了 更换好 感谢
  表扬 修好了 解决了 恢复了 修好 好了 点赞 换好了 清理干净了 | thank, thanks, praise, fixed, is back, repaired,
  well done
"""

#: Faults that people say of the same matter: how alike they are.
NEAR = MappingProxyType(
    {
        frozenset(pair.split("~")): share
        for share, pairs in (
            (
                0.8,
                "broken~dark broken~flicker leak~burst full~smell clogged~smell weak~cut broken~cut dark~cut",
            ),
            (
                0.6,
                "broken~trapped broken~shake broken~loose dark~flicker clogged~leak burst~cut cracked~loose",
            ),
            (0.6, "dirty~smell dirty~full"),
            (0.5, "cracked~missing cracked~broken cracked~falling loose~falling dung~smell"),
            (0.5, "falling~loose full~blocked bite~bark blocked~full trapped~shake falling~broken"),
            (
                0.4,
                "clogged~blocked clogged~full bark~loud broken~loud leak~clogged cut~falling burst~clogged smell~murky",
            ),
        )
        for pair in pairs.split()
    }
)


#: Things that more often say where it is than what it is about: they weigh less.
WHERE = MappingProxyType(
    {
        "stair": 0.3,
        "green": 0.4,
        "road": 0.4,
        "gate": 0.4,
        "garage": 0.4,
        "school": 0.5,
        "river": 0.5,
        "toilet": 0.6,
    }
    | {"window": 0.4, "wall": 0.6, "roof": 0.6, "upstairs": 0.5, "speaker": 0.3, "light": 0.8, "lift": 0.9}
    | {
        "parking": 0.7,
        "ebike": 0.7,
        "pipe": 0.7,
        "puddle": 0.7,
        "guard": 0.6,
        "canteen": 0.8,
        "bus": 0.5,
        "wires": 0.7,
    }
)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something residents write about, and how far one matter of it reaches."""

    code: str
    reach: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What may be wrong with a thing, or what is wanted; and what would be the contrary."""

    code: str
    opposites: frozenset[str]


def plain(text: str) -> str:
    """One form for full and half width, capitals and blanks."""
    return unicodedata.normalize("NFKC", text).lower()


def _lines(table: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for line in table.strip().replace("\n  ", " ").splitlines():
        chinese, _, english = line.partition("|")
        code, second, *words = chinese.split()
        yield code, second, (*words, *(word.strip() for word in english.split(",")))


THINGS = MappingProxyType({code: Thing(code, reach) for code, reach, _ in _lines(_THINGS)})
FAULTS = MappingProxyType(
    {code: Fault(code, frozenset(against.split(",")) - {"-"}) for code, against, _ in _lines(_FAULTS)}
)
TROUBLES = frozenset(FAULTS) - {"wish", "against", "fixed"}  # what being put right is the contrary of
#: What people call a thing, in both languages: to look for it in texts that call it otherwise.
CALLED = MappingProxyType({code: words for code, _, words in _lines(_THINGS)})

_DENIED = re.compile("[没未不别]|not |n't |never ")
_Index = dict[str, tuple[tuple[str, str], ...]]  # first character -> (word, code), longest first


def _index(table: str) -> _Index:
    held: dict[str, list[tuple[str, str]]] = {}
    for code, _, words in _lines(table):
        for word in words:
            held.setdefault(word[0], []).append((word, code))
    return {first: tuple(sorted(found, key=lambda hit: -len(hit[0]))) for first, found in held.items()}


_THING_WORDS, _FAULT_WORDS = _index(_THINGS), _index(_FAULTS)


def things(text: str) -> dict[str, str]:
    """The things a plain text speaks of: code -> the word it uses. A longer word hides those inside it."""
    return _found(text, _THING_WORDS, apart=True)


def faults(text: str) -> dict[str, str]:
    """What is wrong, by a plain text: code -> the word it uses. Words may overlap: 漏水 lies in 爆管漏水."""
    found = _found(text, _FAULT_WORDS, apart=False)
    if "against" in found:
        found.pop("wish", None)  # 反对加装 names what is opposed
    fixed = found.get("fixed")
    if fixed and _DENIED.search(text[max(0, text.find(fixed) - 3) : text.find(fixed)]):
        del found["fixed"]
    return found


def _found(text: str, index: _Index, *, apart: bool) -> dict[str, str]:
    held: dict[str, str] = {}
    at = 0
    while at < len(text):
        length = 1
        for word, code in index.get(text[at], ()):
            if text.startswith(word, at) and _stands(text, at, word):
                held.setdefault(code, word)
                length = len(word) if apart or word.isascii() else 1
                break
        at += length
    return held


def _stands(text: str, at: int, word: str) -> bool:
    """Whether the word that is there may be taken for one; a Latin one must stand alone."""
    if not word.isascii():
        return True
    before, after = text[at - 1 : at], text[at + len(word) : at + len(word) + 1]
    return not _latin(before) and not _latin(after)


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
