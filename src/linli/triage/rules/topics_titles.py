"""A readable name for a topic: the clause of its members that says best what the others say too, and the place. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from linli.triage.rules import topics_text
from linli.triage.rules.topics import Group, Message

LONGEST = 36  # characters of a title's clause
SHORTEST = 4
FULL = 14  # a clause of so many characters says enough
CLAUSES_READ = 4  # of each member that has no subject
MOST_MEMBERS = 60  # looked at; more would only take longer

_SENTENCE = re.compile(r"[。！？!?;；\n\r]+|\.\s+")
_CLAUSE = re.compile(r"[，,、:：]+")
_BEFORE = re.compile(
    r"^(?:\s|[，,、:：。.“”\"'《》【】\[\]]|尊敬的\S{0,8}?(?=[：:，,！!])|(?:各位)?领导(?:们)?(?:您好|你好|好)?|您好|你好|请问(?:一下)?|再次|强烈|"
    r"请求(?:解决|处理)?|投诉|反映|举报|咨询|求助|关于|对于|建议|希望(?:能)?|呼吁|恳请|质疑|反馈|"
    r"(?:hi|hello|dear sir(?: or madam)?|please|excuse me)\b)+",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?:\s|[，,、:：。.！!？?～~“”\"'《》]|的?(?:相关|有关)?(?:问题|情况|建议|诉求|请求|投诉|反映|咨询|举报)|请求(?:处理|解决)|请(?:尽快)?(?:处理|解决)|"
    r"谢谢|感谢|盼复|求解决|怎么办|thanks?(?: you)?)+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Title:
    """What a topic is called: the clause, and the place beside it (empty where the clause names it, or there is none)."""

    words: str
    place: str

    def __str__(self) -> str:
        return f"{self.place} · {self.words}" if self.place else self.words


def title(group: Group, messages: Sequence[Message]) -> Title:
    """The best clause of the members; the earliest of equals. Never empty while a member has a letter."""
    members = [messages[number] for number in group.members[:MOST_MEMBERS]]
    held = [_pieces(f"{one.subject} {one.body}") for one in members]
    times = Counter(piece for pieces in held for piece in pieces)
    best, most = "", -1.0
    for one in members:
        for rank, clause in enumerate(_clauses(one)):
            score = _score(clause, times, len(members)) * (0.92**rank)
            if score > most + 1e-9:
                best, most = clause, score
    best = best or next((one.subject or one.body for one in members if one.subject or one.body), "")
    words = _short(best)
    return Title(words, "" if group.place in topics_text.clean(words) else group.place)


def _score(clause: str, times: Counter[str], members: int) -> float:
    """How much of the clause the members share, more for one that says enough."""
    pieces = _pieces(clause)
    if not pieces:
        return 0.0
    shared = sum(times[piece] for piece in pieces) / (members * len(pieces))
    return shared * math.sqrt(min(len(clause), FULL) / FULL)


def _pieces(text: str) -> set[str]:
    return set(topics_text.pieces(topics_text.clean(text)[: topics_text.MOST_READ]))


def _clauses(one: Message) -> Iterator[str]:
    """What may name the topic: the subject, else the first sentences and their clauses."""
    if one.subject.strip():
        yield _trimmed(one.subject)
        return
    found = 0
    for sentence in _SENTENCE.split(one.body[: topics_text.MOST_READ]):
        whole = _trimmed(sentence)
        for clause in (whole, *(_trimmed(part) for part in _CLAUSE.split(sentence))):
            if SHORTEST <= len(clause) <= LONGEST:
                yield clause
                found += 1
        if found >= CLAUSES_READ:
            return


def _trimmed(text: str) -> str:
    """Without greetings and formulas around it, unless nothing else is there."""
    whole = " ".join(text.replace("_x000D_", " ").split())
    inner = _AFTER.sub("", _BEFORE.sub("", whole))
    return inner if len(inner) >= SHORTEST else whole


def _short(text: str) -> str:
    whole = " ".join(text.split())
    if len(whole) <= LONGEST:
        return whole
    cut = whole[: LONGEST - 1]
    if cut.isascii() and " " in cut:
        cut = cut.rpartition(" ")[0]
    return cut.rstrip("，,、 ") + "…"
