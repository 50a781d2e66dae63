"""What a line in the chat asks for: progress, help, a person, yes, no, stars; or something to be reported. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

NUMBER = re.compile(r"(?<!\d)(\d{6})[-－—–\s]?(\d{6})(?!\d)")
_TRIM = " \t\r\n。．.!！~～,，、;；:：「」『』“”\"'()（）"
_FACES = re.compile("[\U0001f3fb-\U0001f3ff️⃣]")


class Want(StrEnum):
    """What is asked for."""

    NOTHING = "nothing"  # no command: something that is said
    PROGRESS = "progress"
    JOIN = "join"
    HELP = "help"
    CONTACT = "contact"
    REPORT = "report"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Wish:
    """A command, with the number of the case it names."""

    want: Want
    number: str = ""


def plain(words: str) -> str:
    """The line without outer blanks and marks, in half width and small letters."""
    folded = _FACES.sub("", unicodedata.normalize("NFKC", words)).casefold()
    return folded.strip(_TRIM)


_PROGRESS = re.compile(
    r"^(查询?|查一?下|查看|我要查|看看)?(我的)?(诉求|工单|案件|事情|办理)?(的)?(进度|进展|办得怎么样了?|处理结果|结果|到哪(一步)?了)"
    r"(查询)?[?？了吗呢]*$|^(查询|我的诉求|我的上报)$|^(my )?(progress|status|case|cases|reports?)$"
)
_PROGRESS_NUMBER = re.compile(r"^(查询?|查一?下|查看|请?问)?(诉求|工单|案件)?(编?号)?(的)?(进度|进展|结果)?[是为:：\s]*$|"
                              r"^(progress|status|case|check|of|number|no\.?|#|\s)*$")  # fmt: skip
_JOIN = re.compile(
    r"^(我也(是|遇到了?|有|要反映|一样)|我家也(是|有|一样)|同样(的)?问题|加入|me too|same here|\+1)"
)
_HELP = frozenset(
    "帮助 使用帮助 怎么用 如何使用 菜单 功能 你好 您好 在吗 在不在 hi hello help menu ? ？ 开始 start hey 你是谁".split()
)
_CONTACT = frozenset(
    (
        "人工 转人工 人工服务 客服 电话 联系电话 联系我们 联系社区 值班电话 社区电话 找人"
        " contact phone human person agent"
    ).split()
) | {"contact us", "call"}
_REPORT = frozenset("上报 报修 投诉 反映 反映问题 我要上报 我要反映 我要投诉 我要说 建议 report".split()) | {
    "report a problem"
}
_YES = frozenset(
    (
        "1 是 是的 对 对的 好 好的 嗯 嗯嗯 行 可以 确认 确定 提交 发送 没错 没问题 同意"
        " ok okay yes y yep sure send submit 👌 👍 ✅"
    ).split()
)
_NO = frozenset(
    "0 不 不是 不要 不用 不用了 取消 算了 不提交 不报了 别 没有 cancel no n stop never nevermind ❌".split()
) | {"no thanks", "never mind"}
_CHANGE = frozenset("2 改 修改 重写 重来 重新写 不对 错了 改一下 change edit rewrite wrong".split())
_UNKNOWN_PLACE = frozenset("0 不知道 不清楚 不确定 跳过 没有 无 随便 说不清 skip unknown none no".split()) | {
    "don't know",
    "dont know",
    "not sure",
}
_SOLVED = frozenset(
    "解决了 已解决 已经解决 解决 好了 修好了 弄好了 满意 非常满意 很满意 solved fixed satisfied done 👍".split()
)
_UNSOLVED = frozenset(
    "没解决 未解决 没有解决 还没解决 没修好 没好 还没好 不满意 很不满意 非常不满意 unsolved unsatisfied 👎".split()
) | {"not solved", "not fixed", "still broken"}
_STARS = re.compile(r"^([1-5])(颗?星|分|stars?|/5)?$|^(⭐+|★+)$")
_DIGITS = {"一": "1", "二": "2", "两": "2", "三": "3", "四": "4", "五": "5"}
_ASKS = re.compile(
    r"[?？]\s*$|(请问|怎么(办|样|弄|申请|开|交|查)|如何|哪(里|儿|个部门)(可以|能|办|领|交)?|需要(什么|哪些)(材料|手续|证件)|"
    r"什么时候|几点|多少钱|能不能|可不可以|是否可以|有没有)|^(how|where|when|what|which|who|can i|could i|is there|do i)\b",
    re.IGNORECASE,
)
# A complaint may be put as a question: "怎么又停水了？" is not asking how to do something.
_COMPLAINS = re.compile(
    r"怎么(又|还|老|总|这么|没人|不)|什么时候(才|能修|修|来修|解决)|有没有人管|为什么|谁来管|管不管"
)
_HAN = re.compile(r"[㐀-鿿豈-﫿]")


def read(words: str) -> Wish:
    """The command in a line, if it is nothing but a command."""
    said = plain(words)
    found = NUMBER.search(unicodedata.normalize("NFKC", words))
    if found:
        number = found[1] + found[2]
        rest = plain(NUMBER.sub(" ", unicodedata.normalize("NFKC", words)))
        if _JOIN.match(rest):
            return Wish(Want.JOIN, number)
        if _PROGRESS_NUMBER.match(rest) or _PROGRESS.match(rest):
            return Wish(Want.PROGRESS, number)
        return Wish(Want.NOTHING)
    if _PROGRESS.match(said):
        return Wish(Want.PROGRESS)
    for want, group in ((Want.HELP, _HELP), (Want.CONTACT, _CONTACT), (Want.REPORT, _REPORT)):
        if said in group or words.strip() in group:
            return Wish(want)
    if said in {"english", "in english", "中文", "chinese", "说中文"}:
        return Wish(Want.LANGUAGE)
    return Wish(Want.NOTHING)


def says_yes(words: str) -> bool:
    """Whether the line agrees."""
    return plain(words) in _YES


def says_no(words: str) -> bool:
    """Whether the line declines."""
    return plain(words) in _NO


def wants_change(words: str) -> bool:
    """Whether the line wants to say it anew."""
    return plain(words) in _CHANGE


def joins(words: str) -> bool:
    """Whether the line says: I have the same."""
    return plain(words) == "3" or bool(_JOIN.match(plain(words)))


def knows_no_place(words: str) -> bool:
    """Whether the line says that the place is not known."""
    return plain(words) in _UNKNOWN_PLACE


def stars(words: str) -> int | None:
    """The mark from 1 to 5 that a line gives; 5 for "solved", 1 for "not solved"; None for no mark."""
    said = plain(words)
    if said in _UNSOLVED:
        return 1
    if said in _SOLVED:
        return 5
    said = "".join(_DIGITS.get(letter, letter) for letter in said)
    found = _STARS.match(said)
    if found is None:
        return None
    return int(found[1]) if found[1] else min(len(found[3]), 5)


def is_question(words: str) -> bool:
    """Whether the line asks how something is done, rather than telling that something is wrong."""
    return bool(_ASKS.search(words)) and not _COMPLAINS.search(words)


def language(words: str) -> str:
    """The language of a line, ``zh-hans`` or ``en``; empty where it does not show (digits, faces)."""
    if _HAN.search(words):
        return "zh-hans"
    return (
        "en"
        if len(re.findall(r"[A-Za-z]{2,}", words)) >= 2 or plain(words) in {"hello", "help", "english"}
        else ""
    )


def meaning(words: str) -> int:
    """How many letters, digits and ideographs a line has."""
    return sum(1 for letter in words if unicodedata.category(letter)[0] in "LNS")
