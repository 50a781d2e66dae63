"""A report, read for what it is about: its things, what is wrong with them, house numbers, and its pieces. Pure.

Two readings are compared by `similar.judge`; `looked_for` says what to ask the database for.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise

from linli.cases.rules import urgent_words
from linli.kernel.text import search_query
from linli.kernel.text.tokens import tokens
from linli.triage.rules import matters, numbers
from linli.triage.rules.matters import CALLED, SAME_MATTER, WHERE, plain

MOST_READ = 400  # characters: what it is about is said at the beginning
MOST_THINGS, MOST_NAMES, MOST_KINDRED, MOST_TELLING = 3, 40, 24, 7  # of what is looked for
LETTERS = 3  # of Latin script say as much as one Chinese character

#: What everybody writes, whatever it is about.
_COURTESY = re.compile(
    "你好|您好|请问|麻烦|尽快|谢谢|感谢|希望|我们|小区|社区|有关部门|领导|居民|业主|物业|解决|处理|反映|情况|问题|"
    "已经|一直|没有|现在|今天|昨天|昨晚|今早|这个|那个|的话|因为|所以|但是|而且|非常|严重|影响|请|了|的|吗|呢|吧|啊|"
    r"\b(?:please|the|a|an|is|are|was|of|in|at|on|to|and|it|this|that|there|hello|our|my|we|i|for|has|have|been)\b"
)
#: Where, when and how often something is: it does not tell one trouble from another.
_SAYING_LITTLE = re.compile(
    r"\d+|门口|楼下|楼上|旁边|附近|外面|里面|后面|前面|上面|下面|这里|那里|到处|晚上|半夜|早上|白天|下午|上午|夜里|每天|天天|"
    "好几天|好几|几天|三天|两天|最近|又|老是|总是|经常|有人|大家|老人|孩子|小孩|我家|家里|我|们|太|很|都|也|就|没|有|不|号|栋|幢|楼|单元|"
    r"\b(?:outside|building|front|near|again|every|night|morning|evening|days?|since|someone|somebody|there|our|not)\b"
)
_RUN = re.compile(r"[一-鿿㐀-䶿]+|[a-z][a-z'-]*")


@dataclass(frozen=True, slots=True)
class Gist:
    """A text, read: what it is about, what is wrong, which numbers it names, and its pieces."""

    things: dict[str, str]
    faults: dict[str, str]
    named: dict[str, frozenset[str]]  # building, unit, floor, room, gate, road … -> which
    grams: dict[str, float]
    norm: float
    rest: frozenset[
        str
    ]  # pairs of characters, or words, that tell more than the things and faults that are known
    text: str

    @property
    def foreign(self) -> bool:
        """Whether it is written in a Latin script: then its pieces say nothing beside a Chinese text."""
        latin = sum(letter.isascii() and letter.isalpha() for letter in self.text)
        return latin > LETTERS * sum(not letter.isascii() and letter.isalpha() for letter in self.text)


@lru_cache(maxsize=4096)
def read(words: str, address: str = "") -> Gist:
    """What a report says, as `judge` compares it."""
    text = plain(words)[:MOST_READ]
    counted = _grams(_COURTESY.sub(" ", text))
    grams = {gram: 1.0 + math.log(times) for gram, times in counted.items()}
    norm = math.sqrt(sum(weight * weight for weight in grams.values()))
    said = f"{text} {plain(address)[:200]}" if address else text
    things, faults = matters.things(text), matters.faults(text)
    rest = _rest(text, (*things.values(), *faults.values()))
    return Gist(things, faults, numbers.read(said), grams, norm, rest, text)


def _rest(text: str, known: Iterable[str]) -> frozenset[str]:
    """What a text says beside the words that are known."""
    for word in sorted(known, key=len, reverse=True):
        text = text.replace(word, " ")
    return frozenset(
        gram for gram in _grams(_SAYING_LITTLE.sub(" ", _COURTESY.sub(" ", text))) if _tells(gram)
    )


def _tells(gram: str) -> bool:
    return len(gram) > 3 and " " not in gram if gram.isascii() else len(gram) == 2


@lru_cache(maxsize=4096)
def dangers(text: str) -> frozenset[str]:
    """The kinds of danger a text sounds like: they are the same in both languages."""
    return frozenset(kind.value for kind in urgent_words.look(text).kinds)


def looked_for(words: str, kindred: Iterable[str] = ()) -> str | None:
    """The tsquery that finds what may be the same matter; None where the words say nothing that could be looked for.

    By the names of the things they speak of, in both languages, or by any two of their telling pairs of characters.

    :param kindred: words for what they are about in the other language, where that is known from elsewhere.
    """
    text = plain(words)[:MOST_READ]
    known = sorted(matters.things(text), key=lambda thing: (-weight(thing), thing))[:MOST_THINGS]
    if any(weight(thing) == 1.0 for thing in known):
        known = [thing for thing in known if weight(thing) == 1.0]
    called = [name for thing in known for name in _names(thing)] + [*kindred][:MOST_KINDRED]
    names = [search_query(name) for name in dict.fromkeys(called)]
    telling = [token.text for token in tokens(_COURTESY.sub(" ", text)) if len(token.text) > 1]
    telling = list(dict.fromkeys(telling))[:MOST_TELLING]
    pairs = [f"('{one}' & '{two}')" for one, two in combinations(telling, 2)]
    terms = [term for term in names if term] + (pairs or [f"'{one}'" for one in telling])
    return " | ".join(terms) or None


def _names(thing: str) -> tuple[str, ...]:
    """What a thing, its kinds and what it is a kind of are called."""
    kin = [
        code
        for code in CALLED
        if code == thing or code.startswith(f"{thing}.") or thing.startswith(f"{code}.")
    ]
    kin += [code for code in CALLED if frozenset((code, thing)) in SAME_MATTER]
    return tuple(name for code in kin for name in CALLED[code])[:MOST_NAMES]


def _grams(text: str) -> Counter[str]:
    """Pairs and triples of Chinese characters; English words and pairs of words."""
    found: Counter[str] = Counter()
    words: list[str] = []
    for run in _RUN.findall(text):
        if run[0].isascii():
            words.append(run[:-1] if len(run) > 3 and run.endswith("s") else run)
            continue
        found.update(run[start : start + 2] for start in range(len(run) - 1))
        found.update(run[start : start + 3] for start in range(len(run) - 2))
    found.update(words)
    found.update(f"{one} {two}" for one, two in pairwise(words))
    return found


def cosine(one: Gist, two: Gist) -> float:
    """How much of their pieces two texts share."""
    if not one.norm or not two.norm:
        return 0.0
    small, large = sorted((one.grams, two.grams), key=len)
    return sum(weight * large[gram] for gram, weight in small.items() if gram in large) / (
        one.norm * two.norm
    )


def weight(thing: str) -> float:
    """How much a thing says of what a report is about; one that more often says where counts less."""
    return WHERE.get(thing, 1.0)


def kin(one: str, two: str) -> float:
    """How far two things are the same: a kind of the other, of one family, or another name for the same matter."""
    if one == two:
        return 1.0
    if one.startswith(f"{two}.") or two.startswith(f"{one}."):
        return 0.75
    if one.partition(".")[0] == two.partition(".")[0]:
        return 0.2
    return SAME_MATTER.get(frozenset((one, two)), 0.0)
