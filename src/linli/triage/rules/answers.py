"""Reading a draft answer as the resident will: does it answer, with what was done, when, by whom, in decent words? Pure.

Nothing here judges whether an answer is true; a person does. Each remark is a code with, where it helps, the words it is
about; the only grave one is personal data, which must not leave the house.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from linli.kernel import text
from linli.triage.rules import matters

VERSION = "answers-1"
SHORTEST, LONGEST = 14, 700  # characters that carry meaning
ALIKE = 0.8  # of two answers' pairs of characters, from here on the same phrase with other numbers in it
OFTEN = 2  # so many others got the same: a phrase
STOCK = 0.5  # of an answer
MOST_READ = 4000


class Code(StrEnum):
    """What there may be to say about an answer."""

    PERSONAL_DATA = "personal_data"
    PLACEHOLDER = "placeholder"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    OFF_TOPIC = "off_topic"
    COPIED = "copied"
    NO_ACTION = "no_action"
    NO_REASON = "no_reason"
    NO_TIME = "no_time"
    NO_ACTOR = "no_actor"
    EMPTY_PROMISE = "empty_promise"
    STOCK_PHRASES = "stock_phrases"
    REPEATED = "repeated"
    BLAME = "blame"
    SHOUTING = "shouting"
    NO_WAY_BACK = "no_way_back"


#: In which order they are told: what hurts first.
ORDER = tuple(Code)
#: What an answer of substance brings; the share of these is its quality.
SUBSTANCE = (Code.OFF_TOPIC, Code.NO_ACTION, Code.NO_TIME, Code.NO_ACTOR, Code.EMPTY_PROMISE, Code.REPEATED)
SPOILS = frozenset(
    {
        Code.PERSONAL_DATA,
        Code.PLACEHOLDER,
        Code.BLAME,
        Code.SHOUTING,
        Code.COPIED,
        Code.TOO_SHORT,
        Code.STOCK_PHRASES,
        Code.NO_REASON,
    }
)


@dataclass(frozen=True, slots=True)
class Said:
    """A remark: its code, whether it keeps the answer from leaving, and the words it is about."""

    code: Code
    grave: bool = False
    value: str = ""


#: Before 了 these tell of what is known, felt, said, planned or become, not of a deed: 知道了, 为了, 加强了管理.
_NO_DEED = (
    "为除到道解说算太忙晚久得极重调视注究求确听议讨开来成过有行映予强大高现生响等"
    "变少多没忘谢给知诉报馈立定做作提感受问谈想看写"
)
_DONE = re.compile(
    "(?:已|已经|现已|均已|都已|已于|刚|刚刚|今天|昨天|昨晚|昨夜|今早|今晨|当天|当晚|现场|上门|派人|安排|组织|完成|联系)[^,。;!?]{0,24}?"
    "(?:更换|换好|维修|修复|修好|修理|抢修|疏通|清理|清运|清扫|清除|清走|拆除|安装|加装|装好|装上|补种|修剪|移走|拖走|"
    "填平|补好|加固|处理完|处置|查看|核实|检查|检测|排查|劝离|劝导|劝阻|制止|整改|协调|调解|约谈|立案|处罚|罚款|"
    "张贴|公示|发放|退还|退费|补发|登记|办理|办结|恢复|通水|通电|消杀|送医|送到|找到|接回|带走|关掉|封堵|责成|立案|刑事案件|开工|招标|列入|粉刷|重新|"
    "调整|增设|增加|关闭|打开|调试|校准|更新|回收|搬走|联系|到场|走访|沟通|商定|达成|签订)"
    "|商定|约定|签了承诺|签订承诺|达成一致|约到一起|调(?:小|低)|同意(?:铺|拆|搬|装|关|改|换|赔|让|停)|"
    # A verb that took effect on something: 清空了垃圾桶.
    f"[\u4e00-\u9fff](?<![{_NO_DEED}])(?<!听取)了(?![解不吧吗呢结])(?=[\u4e00-\u9fff\\d])|"
    "(?:换|修|补|装|拆|清|通|贴|扫|拉|搬|运|锁|焊|刷)(?:好|完|了|上|走|净|掉|通|平)"
    "|(?:更换|维修|清理|疏通|拆除|安装|恢复|整改|修复|清运|办结|办理|处理)(?:完毕|完成|到位|好了|了)"
    "|\\b(?:replaced|repaired|fixed|cleaned|cleared|removed|installed|trimmed|inspected|checked|unblocked|restored|"
    "reported|registered|refunded|painted|towed|reset|tested|visited|spoke|spoken|talked|met|agreed|arranged|"
    "ordered|mended|collected|emptied|opened|closed|moved|issued|paid|explained|found|warned|fined|taken|"
    "pumped|drained|swapped|rewired|swept|hosed|washed|sprayed|filled|patched|laid|sealed|welded|delivered|signed|"
    "measured|switched)\\b"
)
_EXPLAINS = re.compile(
    "根据|依据|按照|规定|条例|办法|属于|不属于|权属|归.{1,12}(?:管|负责|所有)|请(?:到|向|携带|拨打|持|在)|需(?:要)?(?:携带|提交|业主)|"
    "可以?(?:到|向|在|通过|申请|携带)|办理(?:流程|地点|时间|条件)|因为|由于|原因是|之所以|"
    "\\b(?:because|according to|under the|belongs to|responsible|please (?:bring|go|call|apply)|you can|you need|"
    "the rule|by law|documents?)\\b"
)
_TIME = re.compile(
    "\\d{1,4}\\s*[年月日号点时:/.-]\\s*\\d{0,2}|[一二三四五六七八九十]{1,3}(?:月|日|号|点)|今天|今日|昨天|昨日|前天|明天|明日|后天|"
    "上午|下午|中午|晚上|当天|当日|当晚|次日|本周|上周|下周|周[一二三四五六日天]|星期[一二三四五六日天]|礼拜|月底|月初|年底|"
    "本月|下月|上月|[\\d一二三四五六七八九十两]+(?:个)?(?:工作日|小时|分钟|天|周|星期|月)(?:内|前|后|之内)?|"
    "\\b(?:today|yesterday|tomorrow|tonight|this (?:morning|afternoon|week)|last (?:night|week)|next week|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|"
    "september|october|november|december|\\d{1,2}(?:st|nd|rd|th)?|by the end of|within \\w+ (?:hours?|days?|weeks?))\\b"
)
_ACTOR = re.compile(
    "我们|我(?:社区|居委会|街道|局|中心|单位|公司|站|所|办|科|队)|本(?:社区|单位|公司|中心)|社区|居委会|物业|网格员|街道|维保|"
    "施工(?:队|单位)|公司|供电|供水|燃气公司|环卫|城管|派出所|民警|交警|执法|住建|园林|市政|维修工|电工|师傅|保洁|保安|"
    "志愿者|工作人员|书记|主任|业委会|市场监管|消防|医院|卫生站|调解员|律师|小[\\u4e00-\\u9fff]|"
    "\\b(?:we|our|us|property|company|committee|staff|worker|team|office|department|police|contractor|electrician|"
    "plumber|manager|technician|grid|bureau|station|colleague)\\b"
)
_BACK = re.compile(
    "电话|拨打|致电|联系我|联系社区|联系物业|联系您|回复|留言|再(?:次)?(?:反映|上报|告诉|联系)|如(?:果)?(?:还|仍|再|有)|若(?:还|仍|再|有)|"
    "有(?:问题|疑问|情况)|重新(?:打开|反映)|随时|前台|服务台|到社区|来社区|\\d{3,4}-?\\d{7,8}|12345|"
    "\\b(?:call|phone|contact|reply|tell us|let us know|write to|come to|visit us|reopen|if it|any questions?)\\b"
)
_PROMISE = re.compile(
    "(?:将|会|正在|正|继续|进一步|尽快|抓紧|后续|近期|适时|及时|争取|早日|下一步)[^,。;!?]{0,14}?"
    "(?:处理|解决|研究|跟进|落实|加强|协调|推进|安排|整改|考虑|完善|督促|核实|反馈|改进|回复|答复)|"
    "已(?:转|转交|反馈给|上报)[^,。;!?]{0,12}(?:部门|领导|单位)(?:处理|研究)?|请(?:您)?耐心等待|敬请(?:谅解|期待)|正在研究|"
    "\\b(?:will (?:be )?(?:look(?:ed)? into|handled?|solved?|dealt|consider(?:ed)?|follow(?:ed)? up|strengthen)|"
    "as soon as possible|in due course|has been forwarded|please wait|being looked into|soon)\\b"
)
_STOCK = re.compile(
    "尊敬的(?:居民|市民|业主|网友|用户)|您好|你好|您的(?:留言|来信|反映|诉求)已?(?:收到|收悉)|您反映的(?:问题|情况|事项)?(?:已)?(?:收悉|知悉|收到)|来(?:信|件)已收悉|"
    "感谢您?对[^,。;!?]{0,20}(?:支持|关心|关注|理解|配合|信任)|感谢您的(?:来信|反映|留言|关注|支持|理解|监督)|给您(?:带来|造成)(?:的)?不便[^,。;!?]{0,10}|"
    "敬请谅解|请您谅解|高度重视|我们(?:将)?高度重视|第一时间|认真(?:研究|对待|核实)|进一步加强(?:管理|监管|巡查)?|"
    "(?:将)?尽快(?:处理|解决|落实)|祝您(?:生活愉快|身体健康|阖家幸福)|特此回复|此复|谢谢(?:您)?(?:的)?(?:支持|理解|配合)?|"
    "如有(?:其他)?(?:问题|疑问)[^,。;!?]{0,16}|"
    "dear (?:resident|citizen|sir or madam)|thank you for (?:your|contacting)[^,.;!?]{0,40}|we attach great importance|"
    "we apologi[sz]e for any inconvenience[^,.;!?]{0,20}|we take (?:this|your)[^,.;!?]{0,30} seriously|"
    "your (?:matter|message|report) has been received|kind regards|best regards"
)
_BLAME = re.compile(
    "你(?:们)?自己(?:的问题|造成|不|没|看着办|想办法)|(?:是|属于)你(?:们)?(?:自己)?的(?:责任|问题|错)|早干(?:嘛|什么)去了|无理(?:取闹|要求)|"
    "胡搅蛮缠|小题大做|不归我们管|不关我们(?:的)?事|爱找谁找谁|(?:别|不要|不用)再(?:来|反映|投诉|找|打电话|问|烦)|多管闲事|素质(?:太)?(?:低|差)|刁民|"
    "我们也没(?:有)?办法|与我(?:们|单位)无关|谁让你|你(?:应该|早就该)|不懂(?:政策|法)|矫情|"
    "\\b(?:your own fault|your fault|not our problem|none of our business|stop complaining|you should have known|"
    "nothing we can do|don't bother us|ridiculous|overreact\\w*)\\b"
)
_SHOUTS = re.compile("!{2,}|[!?]{3,}|\\b[A-Z]{4,}(?:\\s+[A-Z]{3,})+\\b")
_PLACEHOLDER = re.compile(
    "[xX×]{2,}|某某|[＿_]{3,}|\\{[^}]{0,20}\\}|【[^】]{0,12}(?:填|姓名|时间|地点|原因|待)[^】]{0,12}】|\\[(?:date|name|time|place|reason|number|[^\\]]{0,10}(?:填|待|姓名|时间|地点|原因)[^\\]]{0,10})\\]|待填|待补充|"
    "\\b(?:TO"
    "DO|TBD|lorem ipsum)\\b|\\.{4,}\\s*$"
)
_WORD = re.compile(r"[a-z]{3,}|[\u4e00-\u9fff]{2,}")
_COMMON = frozenset(
    "我们 你们 他们 这个 那个 什么 怎么 可以 没有 已经 现在 一个 时候 问题 情况 处理 解决 反映 小区 社区 希望 请问 "
    "谢谢 感谢 您好 你好 物业 居民 业主 工作 人员 进行 相关 部门 单位 今天 昨天 明天 是否 因为 所以 但是 如果 还有 "
    "大家 这里 那里 一直 每天 晚上 早上 "
    "the and for you your our was were has have been with that this from not are will can please there they".split()
)


def read(
    question: str, answer: str, *, earlier: Sequence[str] = (), declines: bool = False
) -> tuple[Said, ...]:
    """What there is to say about an answer before it leaves, the gravest first; nothing for a good one.

    :param question: what the resident wrote.
    :param earlier: what others were answered lately, to find the phrase that everybody gets.
    :param declines: the matter is not taken up: a reason is wanted instead of a deed.
    """
    said = plain(answer)[:MOST_READ]
    found = [*_personal(answer), *_form(answer, said)]
    if _length(said) >= SHORTEST:
        found += [*_matter(plain(question)[:MOST_READ], said), *_substance(said, declines=declines)]
        found += _repeated(said, earlier)
    found += _tone(answer, said)
    if not _BACK.search(said):
        found.append(Said(Code.NO_WAY_BACK))
    return tuple(sorted(found, key=lambda one: (not one.grave, ORDER.index(one.code))))


def quality(codes: Sequence[str]) -> float:
    """How much of what an answer should bring it brings, 0 to 1; nothing at all where something spoils it."""
    held = set(codes)
    if held & SPOILS:
        return 0.0
    return 1 - sum(code in held for code in SUBSTANCE) / len(SUBSTANCE)


def plain(words: str) -> str:
    """One form for full and half width, capitals and blanks."""
    return unicodedata.normalize("NFKC", words).lower().strip()


def _personal(answer: str) -> list[Said]:
    kinds = dict.fromkeys(finding.kind for finding in text.blocking(answer))
    return [Said(Code.PERSONAL_DATA, True, kind) for kind in kinds]


def _length(said: str) -> int:
    """Characters that carry meaning; a Latin word counts as two."""
    latin = re.findall(r"[a-z0-9]+", said)
    other = sum(1 for one in said if unicodedata.category(one)[0] in "LN" and not one.isascii())
    return other + 2 * len(latin)


def _form(answer: str, said: str) -> list[Said]:
    found = []
    empty = _PLACEHOLDER.search(unicodedata.normalize("NFKC", answer))
    if empty:
        found.append(Said(Code.PLACEHOLDER, value=empty.group().strip()[:20]))
    length = _length(said)
    if length < SHORTEST:
        found.append(Said(Code.TOO_SHORT, value=str(SHORTEST)))
    if length > LONGEST:
        found.append(Said(Code.TOO_LONG, value=str(LONGEST)))
    return found


def _matter(question: str, said: str) -> list[Said]:
    """Whether the answer speaks of what was asked, and is more than its echo."""
    if len(question) > 20 and similar(question, said) >= ALIKE:
        return [Said(Code.COPIED)]
    things = _things(question)
    if not _words(question):
        return []
    if things & _things(said):
        return []
    shared = _pairs(question) & _pairs(said)
    if shared:
        return []
    named = list(matters.things(question).values()) or sorted(_words(question), key=len, reverse=True)
    return [Said(Code.OFF_TOPIC, value="、".join(one[:12] for one in named[:2]))]


def _things(said: str) -> set[str]:
    """What it is about, by the room's list of things; a street light is a light."""
    return {code.partition(".")[0] for code in matters.things(said)}


def _words(said: str) -> set[str]:
    return {word for word in _WORD.findall(said) if word not in _COMMON}


def _pairs(said: str) -> set[str]:
    """What two texts may share: Latin words, and pairs of Chinese characters that are not everybody's."""
    found = {word for word in re.findall(r"[a-z]{4,}", said) if word not in _COMMON}
    for run in re.findall(r"[\u4e00-\u9fff]{2,}", said):
        found |= {run[at : at + 2] for at in range(len(run) - 1)}
    return {pair for pair in found if pair not in _COMMON and not set(pair) & _EMPTY}


_EMPTY = frozenset("的了是在我你您他她它们这那有和与及并就都也很太不没请对为把被让给到上下里外个些之其")


def _substance(said: str, *, declines: bool) -> list[Said]:
    found = []
    done, why = _DONE.search(said), _EXPLAINS.search(said)
    promise = _PROMISE.search(said)
    if declines and not why:
        found.append(Said(Code.NO_REASON))
    if not declines and not done and not why:
        found.append(Said(Code.NO_ACTION))
    if promise and not (done or why) and not _TIME.search(said):
        found.append(Said(Code.EMPTY_PROMISE, value=promise.group()[:24]))
    if not declines and not _TIME.search(said) and not (why and not done):
        found.append(Said(Code.NO_TIME))
    if not _ACTOR.search(said) and not (why and not done):
        found.append(Said(Code.NO_ACTOR))
    stock = sum(_length(one.group()) for one in _STOCK.finditer(said))
    if stock > STOCK * max(1, _length(said)):
        found.append(Said(Code.STOCK_PHRASES, value=str(round(100 * stock / max(1, _length(said))))))
    return found


def _tone(answer: str, said: str) -> list[Said]:
    found = []
    blame = _BLAME.search(said)
    if blame:
        found.append(Said(Code.BLAME, value=blame.group()[:24]))
    shout = _SHOUTS.search(unicodedata.normalize("NFKC", answer))
    if shout:
        found.append(Said(Code.SHOUTING, value=shout.group()[:12]))
    return found


def _repeated(said: str, earlier: Sequence[str]) -> list[Said]:
    """How many others were told the same, but for numbers and dates."""
    mine = _grams(said)
    if len(mine) < 8:
        return []
    times = sum(1 for other in earlier if _share(mine, _grams(plain(other)[:MOST_READ])) >= ALIKE)
    return [Said(Code.REPEATED, value=str(times))] if times >= OFTEN else []


def similar(one: str, other: str) -> float:
    """How much two texts share, 0 to 1, numbers left out."""
    return _share(_grams(one), _grams(other))


def _grams(said: str) -> set[str]:
    letters = re.sub(r"[\W\d_]+", "", said)
    return {letters[at : at + 3] for at in range(len(letters) - 2)}


def _share(one: set[str], other: set[str]) -> float:
    """Jaccard, with a quick no where the sizes rule it out."""
    if not one or not other:
        return 0.0
    small, large = sorted((len(one), len(other)))
    if small < ALIKE * large:
        return 0.0
    return len(one & other) / len(one | other)
