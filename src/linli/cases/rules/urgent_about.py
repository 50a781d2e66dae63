"""Whom self-harm is said of: oneself, or somebody who must be reached now. Pure.

Whoever speaks of themselves often names nobody (活着没意思); so only somebody who is named counts as somebody else, and
the word nearest before the danger decides. In doubt it is the writer.
"""

from __future__ import annotations

import re
from enum import StrEnum

_KIN = (
    "儿子|女儿|孩子|弟弟?|妹妹?|哥哥?|姐姐?|爸爸?|妈妈?|父亲|母亲|爷爷|奶奶|外公|外婆|姥姥|姥爷|公公|婆婆|老公|老婆|丈夫|妻子|"
    "爱人|老伴|对象|男友|女友|男朋友|女朋友|侄子|侄女|孙子|孙女|舅舅?|叔叔?|姑姑?|姨妈?|亲戚|朋友|闺蜜|同学|同事|室友|邻居|工友"
)
_ANOTHER = (
    rf"我们?家?的?(?:{_KIN})|(?:儿子|女儿|孩子|弟弟|妹妹|哥哥|姐姐|爸爸|妈妈|父亲|母亲|爷爷|奶奶|老公|老婆|丈夫|妻子|老伴)|"
    "(?<!没)(?:有人|有个|有一个|有位|有名)|一个人(?=站|坐|爬|要|想|在)|那人|那个人|[他她](?!妈的)|"
    "邻居|女孩|男孩|女生|男生|女人|男人|女的|男的|小伙|姑娘|女子|男子|老人|老太|大爷|大妈|大叔|阿姨|小孩|"
    "学生|同学|朋友|闺蜜|同事|室友|租客|租户|住户|业主|居民|工友|亲戚|"
    r"\bmy (?!(?:life|wrists?|pills|sleeping|self|hand|arm)\b)[a-z]+|"
    r"\b(?:he|she|they|someone|somebody|there is|there's|people|neighbou?r|friend)\b|"
    r"\ban? (?:old |young |little )?(?:girl|boy|man|woman|child|kid|person|lady|guy|student|neighbou?r)\b|"
    r"\b(?:him|her)self\b|\bh(?:is|er) wrists?\b"
)
_ONESELF = (
    r"我(?!们?家?的?[家院]|看|听|见)|\bi\b|\bi'm\b|\bmyself\b|\bmy (?:life|wrists?|pills|sleeping|hand|arm)\b"
)
_SUBJECT = re.compile(f"(?<![被跟和对给为让])(?P<another>{_ANOTHER})|(?P<oneself>{_ONESELF})")
#: What others do to somebody until they cannot bear it: 吵得不想活.
_DRIVEN = "得"
#: Said of whoever was named in the clause before: 她关在浴室，说要割腕.
_GOES_ON = re.compile(
    "^(?:说|还说|写|留|发|喊|叫|吵着|闹着|扬言|威胁|好像|正|快要?|要|准备|打算)|"
    "^ *(?:and )?(?:says?|said|wants|going|about)"
)
_STOP = re.compile("[。!?\n]")


class About(StrEnum):
    """Whom it is said of."""

    NOBODY = "nobody"  # nobody is named
    ONESELF = "oneself"
    ANOTHER = "another"


def about(text: str, clause: re.Match[str], match: re.Match[str]) -> About:
    """Whom the words found in a clause of a plain text are said of."""
    upto = clause.group()[: match.end()]
    found = _nearest(upto)
    if found is About.NOBODY and _GOES_ON.search(upto):
        return _nearest(_STOP.split(text[: clause.start()].rstrip(",;"))[-1])
    return found


def _nearest(words: str) -> About:
    """The last one who is named."""
    found = list(_SUBJECT.finditer(words))
    if not found:
        return About.NOBODY
    if found[-1]["oneself"]:
        return About.ONESELF
    return About.NOBODY if _DRIVEN in words[found[-1].end() :] else About.ANOTHER
