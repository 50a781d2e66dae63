"""Words that make a report pressing, and the harmless sentences that hold the same characters. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from linli.cases.rules.promises import Urgency

#: Harmless wholes that hold a pressing word; taken out before looking.
_HARMLESS = re.compile(
    "火锅|火车|灭火|防火|爆炸头|爆炸性|信息爆炸|火爆|被困扰|贫困|困难|困在心|落水管|落水口|跳楼[价机]"
    "|停电[动瓶单摩车]|停水泥|停气[瓶罐]|接触电|触电影|烟囱冒烟|引起火灾|自杀式|电击棒"
    "|fire (?:extinguisher|drill|station|safety|alarm test|door|lane|exit|escape|hydrant|equipment)s?"
    r"|fireworks?|fireplace|firefighters?|fight(?:ing)? (?:for|against)|collapsed? in laugh\w*"
)

_ANY = "[^,。;!?]"  # anything within the clause

#: pattern, how pressing when it happens now, how pressing when it may come
_WORDS: tuple[tuple[re.Pattern[str], Urgency, Urgency], ...] = (
    (
        re.compile(
            "着火|起火|失火|火警|发生火灾|有火情|浓烟|冒烟|爆炸|烧起来|"
            "on fire|caught fire|fire broke out|there is a fire|heavy smoke|explo(?:sion|ded)"
        ),
        Urgency.CRITICAL,
        Urgency.NORMAL,
    ),
    (
        re.compile(
            f"(?:燃气|煤气|天然气|液化气|瓦斯){_ANY}{{0,6}}?(?:泄漏|泄露|漏气|漏了|在漏|味)|漏煤气|漏燃气|"
            "一氧化碳中毒|漏电|触电|电到人|坍塌|倒塌|垮塌|塌方|(?:地面|路面)塌陷|山体滑坡|"
            "gas leak|leaking gas|smell(?:s|ing)? (?:of )?gas|electric shock|electrocuted|live wire|"
            "collaps(?:ed|ing)"
        ),
        Urgency.CRITICAL,
        Urgency.URGENT,
    ),
    (
        re.compile(
            "被困|困在|困人|关在电梯|昏迷|晕倒|昏倒|没有呼吸|大出血|溺水|落水|跳楼|轻生|自杀|割腕|喝农药|"
            r"trapped|stuck in the (?:lift|elevator)|unconscious|not breathing|drowning|suicid\w+"
        ),
        Urgency.CRITICAL,
        Urgency.NORMAL,
    ),
    (
        re.compile(
            "打架|斗殴|打起来|持刀|拿着刀|砍人|捅人|行凶|有人抢劫|被抢劫|被绑架|家暴|打老婆|打孩子|"
            "fighting|a fight|with a knife|stabb(?:ed|ing)|robbery|robbed|beating (?:his|her|a|the)"
        ),
        Urgency.CRITICAL,
        Urgency.URGENT,
    ),
    (
        re.compile(
            "(?:老人|老太|老爷|孩子|小孩|儿童|女儿|儿子|母亲|父亲|妈妈|爸爸)"
            f"{_ANY}{{0,8}}?(?:走失|走丢|不见了)|missing (?:child|person)"
        ),
        Urgency.CRITICAL,
        Urgency.NORMAL,
    ),
    (
        re.compile(
            "停水|停电|停气|爆管|水管爆|水管破裂|高空抛物|高空坠物|大树倒|树倒了|水淹|倒灌|内涝|污水外溢|"
            f"井盖{_ANY}{{0,6}}?(?:丢|没了|不见|缺失|碎|塌|破)|电梯{_ANY}{{0,6}}?(?:坠|急停|停在半)|"
            f"(?:瓷砖|墙皮|外墙|玻璃|水泥块|广告牌){_ANY}{{0,6}}?(?:脱落|掉落|掉下来|坠落)|"
            f"裸露{_ANY}{{0,3}}电线|电线{_ANY}{{0,4}}(?:裸露|断|垂|掉)|冒火花|马蜂窝|狗咬|被咬|"
            f"消防通道{_ANY}{{0,8}}?(?:堵|占|停满)|"
            "power cut|power outage|no water|burst pipe|manhole cover is (?:missing|broken)|"
            "falling (?:tiles|objects)|bitten by|exposed wires?|bare wires?|flooded|fallen tree|sparks"
        ),
        Urgency.URGENT,
        Urgency.NORMAL,
    ),
)

#: Said before it in the clause: it may come, or comes again and again, but is not happening now.
_MAY_COME = re.compile(
    "可能|容易|万一|担心|(?<!害)怕|恐怕|唯恐|生怕|以免|避免|防止|预防|会不会|如果|假如|要是|一旦|说不定|早晚|迟早|"
    "经常|总是|老是|天天|时常|屡次|"
    r"\bcould\b|\bmight\b|\bmay\b|afraid|worried|in case|risk of|prevent|often|always|\bif\b"
)
#: Said right after it: a danger, not an event.
_DANGER = re.compile("^(?:的|等|的安全)?(?:隐患|风险|危险|可能)|^ (?:risk|hazard)")
#: Anywhere in the clause: it is over, or is not about an event at all.
_NOT_AT_ALL = re.compile(
    "演练|演习|培训|宣传|讲座|知识|课程|保险|电影|小说|新闻|去年|前年|上个月|上月|上次|以前|曾经|当年|前些年|"
    "多年前|已经?处理|已经?解决|已扑灭|已经?恢复|表扬|感谢|计划|预告|什么时候停|"
    r"last (?:year|month|week|time)|drill|training|lecture|movie|insurance|\bthank"
)
_DENIED = re.compile(
    "(?:没有?|未|并?无|不是|并非|不存在)(?:发生|发现|出现|见)?(?:过|有)?$|"
    "(?:no|not|never|isn't|without)(?: an?| any)? $"
)
_ANIMALS = re.compile("[猫狗犬鸟鸡]们?又?在?$")
_CLAUSE = re.compile(r"(?:[^,。;!?\n.]|\.(?!\s))+")

#: Who is in danger says so at once: further down a long letter the same words tell of something else.
SAID_AT_ONCE, SAID_SOON = 150, 500  # characters


def hints(text: str) -> Iterator[tuple[Urgency, str]]:
    """Every pressing word of a text in its plain form (NFKC, lower case), with how pressing it is there."""
    for clause in _CLAUSE.finditer(_HARMLESS.sub("＿", text[:SAID_SOON])):
        if _NOT_AT_ALL.search(clause.group()) is None:
            for level, word in _in_clause(clause.group()):
                late = clause.start() > SAID_AT_ONCE
                yield Urgency.URGENT if late else level, word


def _in_clause(clause: str) -> Iterator[tuple[Urgency, str]]:
    for pattern, now, maybe in _WORDS:
        for match in pattern.finditer(clause):
            before, after = clause[: match.start()], clause[match.end() :]
            if _DENIED.search(before) or _ANIMALS.search(before):
                continue
            level = maybe if _MAY_COME.search(before) or _DANGER.search(after) else now
            if level is not Urgency.NORMAL:
                yield level, match.group()
