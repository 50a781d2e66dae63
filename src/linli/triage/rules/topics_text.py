"""What a message is about and which places it names, for grouping. Pure.

A text becomes counted pieces: pairs and triples of Chinese characters, and words of other scripts. Named places (estates,
roads, schools, and the masked names of published data: A市, A3区) are found by what they end on; the pieces inside a named
place are kept apart, so that two reports of noise at two estates are not alike because both are noise, nor two reports of
one estate because both name it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from linli.kernel.text.tokens import normal
from linli.triage.rules import matters

MOST_READ = 700  # characters: what a message is about is said at its beginning
THING = "@"  # before the code of a thing (`matters`), so that a lift is a lift in any words and in either language
SUBJECT_TIMES = 3  # a piece of the subject counts as often
LEAD = 40  # where there is no subject, the beginning stands in for it
LONGEST_STEM = 7

_BLEMISHES = re.compile(r"_x000d_|https?://\S+|&nbsp;|\s+")
# What everybody writes says nothing of the matter.
_COURTESY = re.compile(
    "尊敬的?|您好|你好|各位|领导|书记|市长|区长|县长|主任|辛苦了?|谢谢|感谢|非常|恳请|敬请|请问|请求|咨询|反映|投诉|举报|求助|希望|建议|关于|有关部门|相关部门|"
    "政府|部门|尽快|及时|处理|解决|重视|回复|答复|给予|予以|百忙之中|打扰|我们?|你们|他们|大家|老百姓|市民|居民|业主|群众|小区|的问题|问题|情况|怎么|什么|为什么|"
    "是不是|能不能|可不可以|一直|现在|目前|已经|没有|可以|这个|那个|就是|还是|但是|因为|所以|而且|如果|的话|以及|进行|再次|强烈"
)
_WIDE = ("镇", "乡", "街道")  # names of places as wide as a district
_RUN = re.compile(r"[一-鿿]+|[a-z0-9]+")
_MASKED = re.compile(r"(?<![a-z0-9])[a-z]\d{0,2}(?=市|区|县|州)|(?<![a-z0-9])[a-z]\d{0,2}[市区县州]")
_ENDINGS = (
    "居委会 社区 小区 花园 家园 嘉园 佳园 花苑 雅苑 嘉苑 丽苑 景苑 名苑 公馆 公寓 新村"
    " 新城 新苑 名城 名都 名邸 华府 华庭 华城 豪庭 豪园 山庄 别墅 庄园 御府 壹号 广场 大厦"
    " 中心城 国际城 家属院 家属区 宿舍区 安置区 工业园 产业园 科技园 开发区 号院 大道 中路"
    " 东路 西路 南路 北路 立交桥 大桥 隧道 高速 地铁站 公交站 火车站 汽车站 收费站 路口"
    " 幼儿园 小学 中学 学校 大学 学院 高中 一中 二中 医院 卫生院 农贸市场 菜市场 市场 公园"
    " 商场 超市 水库 码头 苑 路 街 巷 村 镇 乡 桥 厂 城 湾"
).split()
_ENDS = "|".join(sorted(_ENDINGS, key=len, reverse=True))
_PLACE = re.compile(
    rf"(?P<stem>[一-鿿a-z0-9]{{1,{LONGEST_STEM}}}?)(?P<end>(?:{_ENDS})(?:{_ENDS})?)"
    r"(?<!道路)(?<!公路)(?<!马路)(?<!铁路)(?<!线路)(?<!农村)(?<!乡村)"
    r"(?!(?<=村)[民里委镇])(?!(?<=城)[市管乡镇区])(?!(?<=路)[灯面段况边人过程线由费上])(?!(?<=厂)[家房])(?!(?<=桥)梁)(?!(?<=街)[上边坊])"
)
# A place's name begins after any of these.
_BEFORE = re.compile(
    r".*(?:反映|咨询|投诉|举报|请求|关于|希望|建议|求助|请问|我是|我家|我们|你们|他们|咱们|大家|位于|住在|家住|居住|租住|购买|附近|旁边|旁|"
    r"对面|门口|前面|后面|楼下|因为|由于|就是|还是|以及|或者|如果|这个|那个|一个|一条|这条|那条|整个|多个|各个|领导|业主|居民|市民|村民|"
    r"书记|(?<![a-z])[区市县镇村]长|您好|你好|街道|省|市|区|县|镇|乡|州|该|本|此|某|的|在|从|到|和(?![谐平顺睦美])|与|及|对|是|有|为|把|被|让|叫|去|往|至|于|了|着|"
    r"请|问|难道|来建|修(?!文|$)|将|给|向|由|个|条|所|座|拆除|修建|新建|建设|安装|解决|导致|进入|确保|享受|改善|连通|拉通|创建|感谢|相关|严重|影响|等|求|、|并|但|又|也|都|不|很|太|我|你|他|她|们|这|那|上|下|里(?!$)|内|外)"
)
_NO_NAME = frozenset(
    (
        "老旧 新建 安置 商品房 住宅 公租房 廉租房 回迁 高档 普通 现在 目前 附近 周边 周围 其他"
        " 其它 别 全 全市 全区 每 各 几 两 三 多 小 大 老 新 马 公 道 铁 线 网 走 出 思"
        " 半 一 主 支 辅 修 过 同 沿 乡村 农 新农 全村 城 逛 进 商业 步行 小吃 美食 高"
        " 高速公 乡镇 城镇 工 工厂 电 化工 钢 人民 公立 民办 私立 公办 当地 本地 定点 配套"
        " 对面 就读 读 子弟 附属 重点 实验 高等 职业 中心 县 市 区 省 乡镇卫生 大型 门 超级"
        " 购物 交易 菜 农贸 水果 批发 首 开 建 县城 市政 政 河 港 海 到达 到 天 学 上 原"
        " 原来 北 南 东 西 中 东部 西部 南部 北部 街 村 镇 立交 过街 天桥 人行天 对口 十字"
        " 交叉 丁字 红绿灯 断头 泥巴 水泥 沙石 柏油 公交线 自然 行政 贫困 文明 卫生 全体 一名"
        " 各自然"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Read:
    """A message, read: the pieces of what it says, its named places, the districts, the first sentence."""

    what: dict[str, float]
    places: dict[str, float]  # name: how much it stands in the foreground
    districts: frozenset[str]


def clean(text: str) -> str:
    """One form of letters and blanks, without what exporting left behind."""
    return _BLEMISHES.sub(" ", normal(text)).strip()


def read(subject: str, body: str) -> Read:
    """The pieces and places of one message."""
    head, tail = clean(subject), clean(body)[:MOST_READ]
    if not head:
        head, tail = tail[:LEAD], tail[LEAD:]
    if tail.startswith(head):
        tail = tail[len(head) :]
    what: Counter[str] = Counter()
    places: Counter[str] = Counter()
    districts: set[str] = set()
    for text, times in ((head, SUBJECT_TIMES), (tail, 1)):
        spans = []
        for name, start, end in named_places(text):
            spans.append((start, end))
            if name.endswith(_WIDE) or text[end - 1 : end + 1] == "街道":
                districts.add(name)
            else:
                places[name] += times
        districts.update(match.group()[:3].rstrip("市区县州") for match in _MASKED.finditer(text))
        rest = _without(text, spans)
        for piece in pieces(rest):
            what[piece] += times
        for thing in matters.things(rest):
            what[THING + thing.partition(".")[0]] += times
    return Read(dict(what), dict(places), frozenset(districts))


def named_places(text: str) -> Iterator[tuple[str, int, int]]:
    """Each named place of a cleaned text: its name without 小区 or 社区 behind a longer one, and where it stands."""
    for match in _PLACE.finditer(text):
        stem, end = match["stem"], match["end"]
        cut = _BEFORE.match(stem)
        if cut:
            stem = stem[cut.end() :]
        if not _is_name(stem, end):
            continue
        yield _plain_name(stem + end), match.end() - len(stem) - len(end), match.end()


def _plain_name(name: str) -> str:
    """丽发新城小区 is 丽发新城."""
    for end in ("小区", "社区", "居委会"):
        if name.endswith(end) and len(name) - len(end) > 2:
            return name.removesuffix(end)
    return name


def _is_name(stem: str, end: str) -> bool:
    if stem in _NO_NAME or stem.isdigit():
        return False
    return len(stem) >= 2 or (len(end) > 1 and bool(stem) and stem not in "一二三四五六七八九十")


def pieces(text: str) -> Iterator[str]:
    """Pairs and triples of Chinese characters, and words of other scripts."""
    for match in _RUN.finditer(text):
        run = match.group()
        if run[0] < "一":
            if len(run) > 1 and not run.isdigit():
                yield run
            continue
        for start in range(len(run) - 1):
            yield run[start : start + 2]
            if start + 3 <= len(run):
                yield run[start : start + 3]


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with named places and masked districts blanked."""
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    return _COURTESY.sub(" ", _MASKED.sub(" ", "".join(letters)))
