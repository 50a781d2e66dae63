"""Learning categories: by names and words alone, by examples, and what is kept of it. All sentences are invented."""

from __future__ import annotations

import io
import json
import zlib
from typing import Any

import numpy as np
import pytest

from linli.triage import knowledge
from linli.triage.rules import features, learning, linear, model, naming, network
from linli.triage.rules.learning import Example
from linli.triage.rules.lexicon import Lexicon, Profile, weigh
from linli.triage.rules.reading import read

pytestmark = pytest.mark.rules

SAID = {
    "环境保护": "河边的小工厂夜里偷排废水，气味刺鼻，鱼都死了",
    "教育文体": "孩子的小学开学乱排座位，班主任不听家长意见",
    "劳动和社会保障": "老板拖欠工资三个月，也不给我们交社保",
    "交通运输": "12路公交车末班车总是提前走，司机还甩站",
    "卫生计生": "县医院的医生给我妈误诊，住院费白花了",
    "商贸旅游": "在商场买到假冒伪劣产品，商家不肯退货",
    "城乡建设": "开发商延期交房，小区物业也没人管",
    "民政": "我家低保被取消了，民政局说不符合",
    "政法": "邻居打人，派出所出警以后没有立案",
    "国土资源": "村里的征地补偿款和青苗补偿一直没发",
    "科技与信息产业": "宽带经常断网，手机信号也差",
    "纪检监察": "有人贪污受贿，挪用公款，请纪委查处",
    "经济管理": "供电所经常停电，变压器负荷不够",
    "农村农业": "水渠堵了几年没法灌溉，水稻都旱了",
    "党务政务": "想问入党申请交到哪个党支部",
}
LAMPS = ("路灯坏了", "楼下的灯不亮", "灯杆倒了，晚上看不见", "路灯白天亮晚上不亮", "一排路灯都灭了")
DOGS = ("狗没拴绳", "遛狗不清理", "邻居的狗一直叫", "大狗没戴嘴套吓到孩子", "狗在草坪上拉屎")


def taught(times: int = 8) -> list[Example]:
    """Lamps and dogs, said over and over a little differently."""
    return [
        Example(f"{number}号楼{words}{'请尽快' * (number % 3)}", code)
        for number in range(times)
        for code, said in (("lamp", LAMPS), ("dog", DOGS))
        for words in said
    ]


@pytest.mark.parametrize("name", sorted(SAID))
def test_a_national_category_is_known_without_any_history(name: str) -> None:
    propose = learning.by_lexicon(knowledge.profiles(sorted(SAID)))
    assert propose(SAID[name]) == name


def test_every_shipped_category_is_known_by_its_own_name() -> None:
    profiles = {one.code: one for one in knowledge.shipped()}
    leaves = [one for code, one in profiles.items() if "." in code]
    lexicon = Lexicon(leaves)
    for one in leaves:
        found = lexicon.look(read(one.names[0]))
        assert max(found, key=lambda code: found[code].score) == one.code, one.names


def test_a_name_never_seen_is_understood_by_names_like_it() -> None:
    names = ("路灯与照明", "宠物", "养老服务", "快递外卖")
    propose = learning.by_lexicon(knowledge.profiles(names))
    assert propose("门口那盏路灯不亮三天了") == "路灯与照明"
    assert propose("总有人遛狗不牵绳，狗还随地大小便") == "宠物"
    assert propose("想给爷爷申请助餐和上门照护，老人独居") == "养老服务"
    assert propose("驿站把我的包裹丢件了") == "快递外卖"


def test_a_message_of_nothing_still_gets_an_answer_or_none() -> None:
    assert learning.by_lexicon(knowledge.profiles(("环境保护", "政法")))("？？？") == "环境保护"
    learned = learning.learn(taught(), ())
    assert learned.guess("") == ()
    assert learned.guess("😀🎉 !!!") == ()


def test_cut_and_uncut_text_are_read_alike() -> None:
    assert read("路灯 坏 了").letters == read("路灯坏了。").letters == "路灯坏了"
    assert read("路灯 坏 了").words == ("路灯", "坏", "了")
    assert read("楼下的路灯坏了，请快点来修。谢谢你们！").words == ()
    assert read("The street light is broken").words == ("the", "street", "light", "is", "broken")
    assert read("ＫＴＶ太吵").letters == "ktv太吵"


def test_groups_have_the_same_numbers_in_every_process() -> None:
    assert features.groups("路灯坏了", 2).tolist() == [439370287, 639265892, 1945968405]
    assert len(features.groups("路", 2)) == 0
    assert features.groups("路灯", 2, 0) != features.groups("路灯", 2, 2)


def test_it_learns_what_people_decided() -> None:
    learned = learning.learn(taught(), ())
    first, *_rest = learned.guess("三号楼的路灯又不亮了")
    assert first.code == "lamp"
    assert first.certainty > 0.7
    assert any("路灯" in word or "不亮" in word for word in first.words)
    assert learned.guess("有人遛狗不拴绳")[0].code == "dog"


def test_a_category_that_is_not_in_force_is_not_proposed() -> None:
    learned = learning.learn(taught(), ())
    assert [one.code for one in learned.guess("路灯坏了", among={"dog"})] == ["dog"]
    assert learned.guess("路灯坏了", among={"unknown"}) == ()


def test_a_category_without_examples_is_still_known_by_its_words() -> None:
    lift = Profile("lift", ("电梯",), weigh((("电梯", "困人"), 2.0)))
    learned = learning.learn(taught(2), (lift,))
    assert learned.guess("电梯困人")[0].code == "lift"


@pytest.mark.parametrize("times", [8, 60])
def test_a_model_comes_back_from_its_bytes_and_says_the_same(times: int) -> None:
    learned = learning.learn(taught(times), knowledge.shipped()[:5])
    back = model.from_bytes(learned.to_bytes())
    for words in ("路灯不亮", "狗叫", "垃圾没人清运"):
        one, other = learned.guess(words)[0], back.guess(words)[0]
        assert (one.code, one.words) == (other.code, other.words)
        assert one.certainty == pytest.approx(other.certainty, abs=0.01)


def test_a_model_kept_by_the_version_before_is_still_read() -> None:
    learned = learning.learn(taught(), ())
    kept = io.BytesIO()
    about: dict[str, Any] = {"form": 1, "codes": ["dog", "lamp"], "sharpness": 4.0, "leaning": 0.1}
    about["profiles"] = [["dog", ["dog"], {}], ["lamp", ["lamp"], {}]]
    np.savez(
        kept,
        numbers=learned.vocabulary.numbers,
        rarity=learned.vocabulary.rarity,
        weights=learned.machine.weights,
        about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
    )
    back = model.from_bytes(zlib.compress(kept.getvalue()))
    assert back.network is None
    assert back.sharpness * model.STRENGTH == 4.0
    assert back.guess("路灯不亮")[0].code == "lamp"


@pytest.mark.parametrize("kept", [b"", b"x", learning.learn(taught(1), ()).to_bytes()[:-30]])
def test_bytes_that_are_no_model_are_refused(kept: bytes) -> None:
    with pytest.raises(model.OtherForm):
        model.from_bytes(kept)


def test_learning_twice_gives_the_same_model() -> None:
    one, other = learning.learn(taught(60), ()), learning.learn(taught(60), ())
    assert np.array_equal(one.machine.weights, other.machine.weights)
    assert one.network is not None
    assert other.network is not None
    assert np.array_equal(one.network.inner, other.network.inner)
    assert one.sharpness == other.sharpness


def rows_by_chance(count: int = 300, columns: int = 40) -> tuple[list[features.Row], list[int]]:
    """Messages of eight columns; two of the first six say the category, the rest is chance."""
    chance = np.random.default_rng(5)
    rows, labels = [], []
    for number in range(count):
        said = chance.permutation([2 * (number % 3), 2 * (number % 3) + 1, *chance.integers(6, columns, 6)])
        values = chance.random(8).astype(np.float32)
        rows.append(features.Row(said.astype(np.int64), values / np.linalg.norm(values)))
        labels.append(number % 3)
    return rows, labels


def test_a_machine_that_reads_through_odds_is_one_that_learned_from_copies_of_each_message() -> None:
    rows, labels = rows_by_chance()
    weighed = linear.sums(rows, labels, columns=40, categories=3)
    odds = linear.odds(weighed, own=0)
    made = linear.train(rows, labels, odds)
    for category in range(3):
        copies = [one.values * odds[one.columns, category] for one in rows]
        copies = [one / np.linalg.norm(one) for one in copies]
        own = [
            features.Row(one.columns, copy.astype(np.float32)) for one, copy in zip(rows, copies, strict=True)
        ]
        plain = linear.train(own, [int(one != category) for one in labels], np.ones((40, 2), np.float32))
        learned = np.array([made.score(one)[category] for one in rows])
        assert learned == pytest.approx(np.array([plain.score(one)[0] for one in own]), abs=0.06)


def test_a_group_counts_the_more_the_more_its_odds_differ() -> None:
    rows, labels = rows_by_chance()
    odds = linear.odds(linear.sums(rows, labels, columns=40, categories=3), own=2)
    assert (odds[38:] == 1).all()
    assert odds[:38].mean(axis=0) == pytest.approx(np.ones(3), rel=1e-5)
    assert odds[:2, 0].min() > odds[6:38, 0].max()


def test_a_network_learns_what_only_two_groups_together_say() -> None:
    rows, labels = [], []
    chance = np.random.default_rng(8)
    for _ in range(600):
        one, other = (int(drawn) for drawn in chance.integers(0, 2, 2))
        columns = np.array([one, 2 + other, 4], dtype=np.int64)
        rows.append(features.Row(columns, np.full(3, 0.58, dtype=np.float32)))
        labels.append(one ^ other)
    made = network.train(rows, labels, columns=np.arange(5), categories=2)
    assert all(int(np.argmax(made.score(row))) == label for row, label in zip(rows, labels, strict=True))
    assert np.exp(made.score(rows[0])).sum() == pytest.approx(1, abs=1e-5)


def test_the_network_reads_the_groups_that_tell_categories_apart() -> None:
    rows, labels = rows_by_chance()
    weighed = linear.sums(rows, labels, columns=40, categories=3)
    assert network.telling(weighed, np.bincount(labels), most=6).tolist() == [0, 1, 2, 3, 4, 5]
    assert len(network.telling(weighed, np.bincount(labels), most=99)) == 40


def test_what_each_group_pulls_adds_up_to_the_score() -> None:
    rows, labels = rows_by_chance()
    seen = linear.odds(linear.sums(rows, labels, columns=40, categories=3), own=0)
    machine = linear.train(rows, labels, seen)
    layers = network.train(rows, labels, columns=np.arange(0, 40, 2), categories=3)
    for one in rows[:20]:
        assert one.values @ machine.pull(one, one.columns) == pytest.approx(machine.score(one), abs=1e-5)
        pulled = layers.pull(one, one.columns)
        assert (pulled[one.columns % 2 == 1] == 0).all()
        nudge = features.Row(one.columns, one.values * np.float32(1.001))
        change = layers.score(nudge) - layers.score(one)
        felt = (one.values @ pulled) * 0.001
        assert change - change.mean() == pytest.approx(felt - felt.mean(), abs=2e-4)


def test_a_network_is_learned_only_from_many_messages() -> None:
    assert learning.learn(taught(49), (), sharpness=1.0).network is None
    assert learning.learn(taught(50), (), sharpness=1.0).network is not None


def test_a_complaint_sent_again_stays_on_the_same_side() -> None:
    first = "我们小区三号楼门口的化粪池满溢已经一个多星期了，臭气熏天，打了几次电话都没有人来处理，请尽快安排清掏。"
    again = "再次反映：" + first + "谢谢！"
    other = "公园东门的健身器材少了两个螺丝，荡起来摇摇晃晃的，老人孩子都在用，怕出事，希望检修一下。"
    assert learning.reposts([first, other, again]) == [0, 1, 0]
    held = learning.held_out([first, other, again] * 30)
    assert held[0::3] == [held[0]] * 30 == held[2::3]


def test_macro_f1_is_the_mean_over_categories() -> None:
    judged = learning.judge(["a", "a", "a", "b"], ["a", "a", "b", "b"])
    assert judged.accuracy == 0.75
    assert judged.per_class["a"].f1 == pytest.approx(0.8)
    assert judged.per_class["b"].f1 == pytest.approx(2 / 3)
    assert judged.macro_f1 == pytest.approx((0.8 + 2 / 3) / 2)
    assert learning.judge([], []).macro_f1 == 0.0


def test_a_calibrated_certainty_is_neither_boastful_nor_shy() -> None:
    chance = np.random.default_rng(3)
    truth = chance.integers(0, 3, 4000)
    scores = chance.normal(0, 1, (4000, 3)).astype(np.float32)
    scores[np.arange(4000), truth] += 1.0
    certain = linear.probabilities(scores, linear.calibrate(scores, truth.tolist()))
    sure = certain.max(axis=1)
    right = certain.argmax(axis=1) == truth
    for low, high in ((0.4, 0.6), (0.6, 0.8), (0.8, 1.0)):
        band = (sure > low) & (sure <= high)
        assert abs(float(right[band].mean()) - float(sure[band].mean())) < 0.06


def test_parts_of_a_name_leave_out_what_says_nothing() -> None:
    assert naming.parts("物业管理与服务") == ("物业管理", "物业")
    assert naming.parts("其他") == ()
