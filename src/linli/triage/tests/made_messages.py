"""Messages with known topics, made up for the tests from our own sentences: the same each time for a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from linli.kernel.clock import LOCAL
from linli.triage.rules.topics import Message

DATA = Path(__file__).parent / "data"
START = datetime(2026, 3, 1, 8, 0, tzinfo=LOCAL)
PLACES = (
    "锦绣天城", "望湖佳苑", "东岸明珠小区", "紫竹雅苑", "北辰新村", "金桂家园", "翠屏山庄",
    "云锦公馆", "御龙湾", "凤鸣社区", "怡景花园", "和谐家园", "碧水豪庭", "滨江一号院",
    "青枫里小区", "梧桐苑", "长丰名城", "星光华庭", "兰亭序小区", "晓月湾",
)  # fmt: skip
ROADS = (
    "枫林路", "湘竹大道", "学士街", "玉兰中路", "红星巷", "月湖路", "黄鹤大道",
    "柏树街", "桃源路", "石桥东路", "雷锋大道", "开福街",
)  # fmt: skip
ON_ROADS = frozenset({"high_voltage", "subway_delay", "street_lamp", "fish_market", "bus_line"})
DISTRICTS = ("A市A1区", "A市A3区", "A市", "A5区", "B市", "A市A7县", "")
BEFORE = ("", "", "", "反映", "请求解决", "再次投诉", "关于")
AFTER = ("", "", "", "的问题", "，请求处理", "！", "？")
GREETING = (
    "",
    "尊敬的领导：您好！",
    "你好，",
    "我是这里的业主，",
    "各位领导辛苦了。",
    "书记您好，我是一名普通市民。",
)
CLOSING = (
    "",
    "希望相关部门尽快处理，谢谢！",
    "请领导重视。",
    "盼回复。",
    "感谢！",
    "恳请有关部门给老百姓一个说法。",
)


@dataclass(frozen=True)
class Matter:
    """What several people write about."""

    name: str
    subjects: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """A message with its true topic; every single one is a topic of its own."""

    message: Message
    topic: str


def matters(file: str) -> list[Matter]:
    """The matters of a file, in its order."""
    found: list[tuple[str, list[str], list[str]]] = []
    for line in (DATA / file).read_text(encoding="utf-8").splitlines():
        mark, _, words = line.partition(" ")
        if mark == "#" and words.isidentifier():
            found.append((words, [], []))
        elif mark in {"=", "-"}:
            _name, subjects, sentences = found[-1]
            (subjects if mark == "=" else sentences).append(words)
    return [Matter(name, tuple(subjects), tuple(sentences)) for name, subjects, sentences in found]


def made(seed: int = 1) -> list[Made]:
    """More than six hundred messages: topics of 3 to 24 of them, in shuffled order, and singles."""
    dice = random.Random(seed)
    found = [*_local(dice), *_everywhere(dice), *_singles(dice)]
    dice.shuffle(found)
    return found


def _local(dice: random.Random) -> Iterator[Made]:
    """Each matter at two or three places, so that the same words are said of several places, and of each place several."""
    for matter in matters("matters.txt"):
        for place in dice.sample(ROADS if matter.name in ON_ROADS else PLACES, dice.choice((2, 2, 3))):
            yield from _topic(matter, place, dice)


def _everywhere(dice: random.Random) -> Iterator[Made]:
    for matter in matters("everywhere.txt"):
        yield from _topic(matter, "", dice)


def _topic(matter: Matter, place: str, dice: random.Random) -> Iterator[Made]:
    begins = START + timedelta(days=dice.uniform(0, 120))
    where = dice.choice(DISTRICTS)
    for number in range(dice.choice((3, 5, 6, 8, 11, 16, 24, 32))):
        named = (where if dice.random() < 0.7 else "") + place
        subject = dice.choice(matter.subjects).format(p=named)
        told = dice.sample(matter.sentences, dice.randint(1, min(3, len(matter.sentences))))
        body = (
            dice.choice(GREETING)
            + (f"我住在{place}，" if place and dice.random() < 0.4 else "")
            + "".join(told)
            + dice.choice(CLOSING)
        )
        key = f"{matter.name}/{place}/{number}"
        at = begins + timedelta(days=dice.expovariate(1 / 9))
        yield Made(
            Message(key, dice.choice(BEFORE) + subject + dice.choice(AFTER), body, at, f"u{key}"),
            f"{matter.name}/{place}",
        )


def _singles(dice: random.Random) -> Iterator[Made]:
    lines = (DATA / "singles.txt").read_text(encoding="utf-8").splitlines()[1:]
    for number, line in enumerate(lines):
        subject, _, body = line.partition(" | ")
        at = START + timedelta(days=dice.uniform(0, 150))
        words = dice.choice(GREETING) + body + dice.choice(CLOSING)
        yield Made(
            Message(f"single/{number}", dice.choice(DISTRICTS) + subject, words, at), f"single/{number}"
        )


def b_cubed(found: list[int], true: list[str]) -> tuple[float, float, float]:
    """Precision, recall and F1 of a grouping, message by message (Bagga and Baldwin 1998)."""
    precision = recall = 0.0
    for group, topic in zip(found, true, strict=True):
        together = [t for g, t in zip(found, true, strict=True) if g == group]
        precision += together.count(topic) / len(together)
        recall += together.count(topic) / true.count(topic)
    precision, recall = precision / len(true), recall / len(true)
    return precision, recall, 2 * precision * recall / (precision + recall)
