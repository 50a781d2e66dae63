"""Words that make a report pressing, and the harmless sentences that hold the same characters. Pure.

The list is the community's (``urgent_phrases``); what language does to a word is here: it may come, it was, it is denied,
it is practised.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from linli.cases.rules.promises import Urgency
from linli.cases.rules.urgent_about import About, about
from linli.cases.rules.urgent_phrases import LEVELS, DangerKind, UrgentList, UrgentPhrase, shipped

#: Said before it in the clause: it may come, or comes again and again, but is not happening now.
_MAY_COME = re.compile(
    "可能(?!是|已经|有人)|容易|万一|担心|(?<!害)怕|恐怕|唯恐|生怕|以免|避免|防止|预防|谨防|会不会|是否|如果|假如|要是|一旦|说不定|早晚|迟早|"
    "经常|总是|老是|天天|时常|屡次|每天|应该打|禁止|严禁|不要|别再|想装|"
    r"\bcould\b|\bmight\b|\bmay\b|afraid|worried|in case|risk of|prevent|often|always|sometimes|\bif\b|"
    r"\bavoid\b|against|a sign about|course"
)
#: Said right after it: a danger, not an event.
_DANGER = re.compile(
    "^(?:的|等|的安全)?(?:隐患|风险|危险|可能|预警|报警器)|"
    "^ (?:risk|hazard|alarm test)|^[^,。;!?]{0,12}?(?:sometimes|one day)"
)
#: Anywhere in the clause: it is over, or is not about an event at all.
_NOT_AT_ALL = re.compile(
    "演练|演习|培训|宣传|讲座|知识|课程|课堂|保险|电影|电视剧|小说|新闻|漫画|画面|去年|前年|上个月|上月|上次|上周|以前|"
    "曾经|当年|前些年|多年前|已经?处理|已经?解决|已扑灭|已经?恢复|已经?修好|表扬|感谢|计划|预告|什么时候停|干预|科普|"
    "怎么预防|如何预防|模拟|假装|道具|急救课|救生课|申请鉴定|听说|退了以后|后重建|"
    r"last (?:year|month|week|time|night)|\bdrill|training|lecture|movie|insur|\bthank|\ba talk about|prevention|"
    r"years ago|how do i sign up|\bwas never\b"
)
_DENIED = re.compile(
    "(?:没有?|未|并?无|不是|并非|不存在)(?:发生|发现|出现|见)?(?:过|有)?$|"
    "(?:no|not|never|isn't|without)(?: an?| any)? $"
)
_AGAINST = re.compile("(?:防|反)$")
_ANIMALS = re.compile("[猫狗犬鸟鸡]们?又?在?$")
_CLAUSE = re.compile(r"(?:[^,。;!?\n.]|\.(?!\s|$))+")
_SENTENCE = re.compile(r"(?:[^。!?\n.]|\.(?!\s|$))+")
#: Characters shouted one by one: 着!火!了!
_SHOUTED = re.compile(r"(?<=[\u4e00-\u9fff])[!~. ]+(?=[\u4e00-\u9fff](?:[!~. ]|$))")

#: Who is in danger says so at once: further down a long letter the same words tell of something else.
SAID_AT_ONCE, SAID_SOON = 150, 500  # characters
LETTER, SAID_AT_ONCE_IN_A_LETTER = 200, 60  # who writes more than 200 characters has begun with the danger
MOST_READ = 2000


class Why(StrEnum):
    """Why a word counted as it did."""

    NOW = "now"
    MAY_COME = "may_come"
    LATE = "late"  # far down a long letter
    OVER = "over"  # it was, or is practised, told, insured
    DENIED = "denied"
    HARMLESS = "harmless"  # part of a harmless word, or beside one
    ANIMALS = "animals"


@dataclass(frozen=True, slots=True)
class Found:
    """A word of the list in a text: the line, the very words, how pressing they are here and why."""

    code: str
    kind: DangerKind
    words: str
    level: Urgency
    why: Why
    because: str = ""  # the words that decided otherwise than the line says
    about: About = About.NOBODY  # of self-harm: whom it is said of


@dataclass(frozen=True, slots=True)
class Look:
    """What a text sounds like: how pressing, every word of the list that is in it, and by which list."""

    urgency: Urgency
    found: tuple[Found, ...]
    version: str

    @property
    def counted(self) -> tuple[Found, ...]:
        """What decided: the words of the highest level."""
        return tuple(
            one for one in self.found if one.level is self.urgency and one.level is not Urgency.NORMAL
        )

    @property
    def kinds(self) -> tuple[DangerKind, ...]:
        """The kinds of danger that decided, in the order in which they are said."""
        return tuple(dict.fromkeys(one.kind for one in self.counted))

    @property
    def of_another(self) -> bool:
        """Whether self-harm is said of somebody else, and not of whoever writes as well."""
        said = {one.about for one in self.counted if one.kind is DangerKind.SELF_HARM}
        return About.ANOTHER in said and About.ONESELF not in said

    @property
    def codes(self) -> tuple[str, ...]:
        """The lines that decided."""
        return tuple(dict.fromkeys(one.code for one in self.counted))


def plain(text: str) -> str:
    """One form for full and half width, capitals, apostrophes and shouting."""
    form = unicodedata.normalize("NFKC", text[:MOST_READ]).lower().replace("’", "'")
    return _SHOUTED.sub("", form)


def look(words: str, listed: UrgentList | None = None) -> Look:
    """How pressing the words sound by the community's list, or by the shipped one.

    Each word counts at its line's level; said of what may come at the lower one; said of what was, of a drill, or
    denied, not at all. Past 150 characters (60 of a long letter) an emergency counts as urgent, past 500 nothing.
    """
    held = listed or shipped()
    text = plain(words)[:SAID_SOON]
    near = held.near(text)
    found = tuple(_found(text, near)) if near else ()
    urgency = max((one.level for one in found), key=LEVELS.__getitem__, default=Urgency.NORMAL)
    return Look(urgency, found, held.version)


def _found(text: str, near: list[UrgentPhrase]) -> Iterator[Found]:
    at_once = SAID_AT_ONCE if len(text) <= LETTER else SAID_AT_ONCE_IN_A_LETTER
    for clause, lines in _pieces(text, near):
        late = clause.start() > at_once
        for line in lines:
            for match in line.pattern.finditer(clause.group()):
                level, why, because = _weigh(line, clause.group(), match)
                if late and level is Urgency.CRITICAL:
                    level, why = Urgency.URGENT, Why.LATE
                whom = about(text, clause, match) if line.kind is DangerKind.SELF_HARM else About.NOBODY
                yield Found(line.code, line.kind, match.group(), level, why, because, whom)


def _pieces(text: str, near: list[UrgentPhrase]) -> Iterator[tuple[re.Match[str], list[UrgentPhrase]]]:
    """The clauses with the lines looked for in them, and the sentences with those that reach over commas."""
    wide = [line for line in near if line.wide]
    within = [line for line in near if not line.wide]
    for clause in _CLAUSE.finditer(text):
        yield clause, within
    if wide:
        for sentence in _SENTENCE.finditer(text):
            yield sentence, wide


def _weigh(line: UrgentPhrase, clause: str, match: re.Match[str]) -> tuple[Urgency, Why, str]:
    """How pressing one match is in its clause, why, and by which words."""
    before, after = clause[: match.start()], clause[match.end() :]
    inside = _overlapping(line.harmless, clause, match)
    over, beside = _NOT_AT_ALL.search(clause), _search(line.at_once_harmless, clause)
    against = _AGAINST.search(before)
    denied, animals = _DENIED.search(before), _ANIMALS.search(before)
    for found, why in (
        (inside, Why.HARMLESS),
        (over, Why.OVER),
        (against, Why.HARMLESS),
        (beside, Why.HARMLESS),
        (denied, Why.DENIED),
        (animals, Why.ANIMALS),
    ):
        if found is not None:
            return Urgency.NORMAL, why, found.group().strip()
    maybe = _MAY_COME.search(before) or _DANGER.search(after)
    if maybe is not None:
        return line.may_come, Why.MAY_COME, maybe.group().strip()
    return line.level, Why.NOW, ""


def _search(pattern: re.Pattern[str] | None, clause: str) -> re.Match[str] | None:
    return pattern.search(clause) if pattern else None


def _overlapping(pattern: re.Pattern[str] | None, clause: str, match: re.Match[str]) -> re.Match[str] | None:
    if pattern is None:
        return None
    whole = pattern.finditer(clause)
    return next((one for one in whole if one.start() < match.end() and match.start() < one.end()), None)
