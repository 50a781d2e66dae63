"""Messages grouped by what and where: judged on topics we made, then rule by rule."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from linli.triage.rules import topics, topics_text
from linli.triage.rules.topics import Message
from linli.triage.rules.topics_clusters import cluster
from linli.triage.rules.topics_titles import LONGEST, title
from linli.triage.tests.made_messages import START, b_cubed, made

F1, PRECISION = 0.90, 0.92


def groups_of(*messages: Message, **more: object) -> list[tuple[int, ...]]:
    return [one.members for one in topics.group(messages, **more).groups]  # type: ignore[arg-type]


def said(subject: str, body: str = "", *, day: float = 0, **more: object) -> Message:
    return Message(key=subject, subject=subject, body=body, at=START + timedelta(days=day), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_finds_the_topics_of_six_hundred_messages(seed: int) -> None:
    all_made = made(seed)
    assert len(all_made) >= 600
    assert sum(times > 1 for times in Counter(one.topic for one in all_made).values()) >= 40
    found = topics.group([one.message for one in all_made])
    home = {number: place for place, one in enumerate(found.groups) for number in one.members}
    precision, _recall, f1 = b_cubed([home[n] for n in range(len(all_made))], [one.topic for one in all_made])
    assert f1 >= F1
    assert precision >= PRECISION


def test_the_same_messages_give_the_same_topics() -> None:
    messages = [one.message for one in made(1)[:200]]
    assert topics.group(messages) == topics.group(messages)


def test_the_order_of_messages_hardly_matters() -> None:
    all_made = made(2)[:250]
    mixed = random.Random(4).sample(all_made, len(all_made))
    pairs = []
    for order in (all_made, mixed):
        found = topics.group([one.message for one in order]).groups
        pairs.append(
            {
                frozenset(pair)
                for one in found
                for pair in itertools.combinations((order[n].message.key for n in one.members), 2)
            }
        )
    assert len(pairs[0] & pairs[1]) / len(pairs[0] | pairs[1]) > 0.9


def test_one_matter_at_two_places_is_two_topics() -> None:
    found = groups_of(
        said("锦绣天城楼下烧烤店油烟扰民"),
        said("望湖佳苑一楼烧烤店油烟太大"),
        said("锦绣天城烧烤店的油烟飘进家里"),
        said("望湖佳苑烧烤店油烟直排"),
    )
    assert found == [(0, 2), (1, 3)]


def test_two_matters_at_one_place_are_two_topics() -> None:
    found = groups_of(
        said("锦绣天城电梯天天坏", "电梯困人，维保不来。"),
        said("锦绣天城垃圾没人清运", "垃圾桶满了，臭气熏天。"),
        said("锦绣天城电梯又停了", "电梯坏了老人下不了楼。"),
        said("锦绣天城的垃圾堆成山", "垃圾好几天没有人清运。"),
    )
    assert found == [(0, 2), (1, 3)]


def test_a_matter_of_the_whole_city_needs_no_place() -> None:
    found = groups_of(
        said("人才购房补贴什么时候发放", "硕士人才购房补贴申请通过了还没有到账。"),
        said("咨询人才购房补贴", "人才购房补贴的申请条件是什么，什么时候到账？"),
        said("图书馆周一能不能开门"),
    )
    assert found == [(0, 1), (2,)]


def test_what_lies_too_many_days_apart_is_not_one_topic() -> None:
    same = "锦绣天城电梯天天坏"
    assert groups_of(said(same), said(same, day=30)) == [(0, 1)]
    assert groups_of(said(same), said(same, day=200)) == [(0,), (1,)]


def test_the_same_building_brings_short_words_together() -> None:
    here: dict[str, Any] = {"spots": ("g1", "b1")}
    there: dict[str, Any] = {"spots": ("g2", "b2")}
    far: dict[str, Any] = {"lon": 106.7, "lat": 26.6}
    found = groups_of(
        said("", "楼道灯不亮", **here),
        said("", "灯坏了好几天，楼道黑", **here),
        said("", "垃圾没有人收", **there, **far),
    )
    assert found == [(0, 1), (2,)]


def test_english_and_chinese_reports_of_one_thing_meet() -> None:
    here: dict[str, Any] = {"spots": ("g1", "b1")}
    found = groups_of(said("", "电梯坏了，停在三楼", **here), said("", "The lift is broken again", **here))
    assert found == [(0, 1)]


def test_an_earlier_topic_stays_together_and_takes_in_what_is_new() -> None:
    messages = (said("锦绣天城电梯天天坏"), said("云锦公馆停水三天"), said("锦绣天城电梯又停了"))
    found = topics.group(messages, seeds=[(0, 1)]).groups
    assert [(one.members, one.seeds) for one in found][0][0][:2] == (0, 1)
    assert found[0].seeds == (0,)


def test_topics_a_person_has_looked_at_are_never_joined() -> None:
    messages = [said("锦绣天城电梯天天坏", day=day / 10) for day in range(4)]
    seeds = [(0, 1), (2, 3)]
    assert [one.seeds for one in topics.group(messages, seeds=seeds).groups] == [(0, 1)]
    assert [one.seeds for one in topics.group(messages, seeds=seeds, firm=(0, 1)).groups] == [(0,), (1,)]


def test_what_a_person_told_apart_stays_apart() -> None:
    messages = [said("锦绣天城电梯天天坏"), said("锦绣天城电梯天天坏"), said("锦绣天城电梯天天坏")]
    found = groups_of(*messages, apart=[(0, 2)])
    assert all(not {0, 2} <= set(members) for members in found)


@pytest.mark.parametrize(
    "messages", [[], [said("")], [said("", "  "), said("", "😀😀")], [said("…"), said("!!!")]]
)
def test_it_survives_what_says_nothing(messages: list[Message]) -> None:
    found = topics.group(messages).groups
    assert sum(len(one.members) for one in found) == len(messages)
    assert all(isinstance(f"{title(one, messages)}", str) for one in found)


def test_a_chain_of_neighbours_is_not_one_group() -> None:
    near = {(0, 1): 0.5, (1, 2): 0.5, (2, 3): 0.5}
    assert max(len(one) for one in cluster(4, near, least=0.4)) == 2


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("反映a5区东澜湾社区的噪音", "东澜湾"),
        ("请求修石桥东路的路灯", "石桥东路"),
        ("丽景新城小区附近建厂", "丽景新城"),
        ("和谐家园停水", "和谐家园"),
        ("青枫里小区车位", "青枫里"),
        ("第一人民医院挂号难", "第一人民医院"),
        ("b市长丰名城买房", "长丰名城"),
    ],
)
def test_it_hears_the_names_of_places(words: str, name: str) -> None:
    assert name in [found for found, _, _ in topics_text.named_places(words)]


@pytest.mark.parametrize(
    "words", ["农村的公路没有修", "我们小区停水", "老旧小区改造", "每条街道都有", "十字路口", "村民反对"]
)
def test_it_takes_no_common_word_for_a_name(words: str) -> None:
    assert [found for found, _, _ in topics_text.named_places(words)] == []


def test_a_title_says_what_and_where_without_formulas() -> None:
    messages = [
        said("再次投诉锦绣天城电梯天天坏，请求处理！"),
        said("反映锦绣天城的电梯天天坏的问题"),
        said("锦绣天城电梯停了"),
    ]
    found = topics.group(messages).groups[0]
    assert len(found.members) == 3
    assert f"{title(found, messages)}" in {"锦绣天城的电梯天天坏", "锦绣天城电梯天天坏"}


def test_a_title_is_short_even_when_nobody_stops_for_breath() -> None:
    messages = [said("电梯坏了" * 40), said("电梯坏了" * 41)]
    found = topics.group(messages).groups[0]
    assert len(title(found, messages).words) <= LONGEST
