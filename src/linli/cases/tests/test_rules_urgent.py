from __future__ import annotations

import time
from pathlib import Path

import pytest

from linli.cases.rules import urgent_phrases, urgent_words
from linli.cases.rules.promises import Urgency
from linli.cases.rules.urgent_phrases import DangerKind, UrgentList, UrgentPhrase
from linli.cases.rules.urgent_words import Why, look

DATA = Path(__file__).parent / "data"


def lines(name: str) -> list[str]:
    return [
        line
        for line in (DATA / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]


def rings(words: str) -> bool:
    return look(words).urgency is Urgency.CRITICAL


def own(phrase: str, **more: object) -> UrgentList:
    line = UrgentPhrase("own.1", DangerKind.HAZARD, Urgency.CRITICAL, Urgency.NORMAL, phrase, **more)  # type: ignore[arg-type]
    return UrgentList((line,), "own")


def test_of_sentences_that_must_ring_at_least_98_in_100_do_in_both_languages() -> None:
    held = [line.split("\t") for line in lines("urgent_rings")]
    assert len(held) >= 150
    for language in (str.isascii, lambda words: not words.isascii()):
        some = [words for _, words in held if language(words)]
        missed = [words for words in some if not rings(words)]
        assert len(some) >= 60
        assert len(missed) <= 0.02 * len(some), missed


def test_of_harmless_sentences_with_the_same_words_at_most_2_in_100_ring() -> None:
    held = lines("urgent_harmless")
    assert len(held) >= 150
    false = [words for words in held if rings(words)]
    assert len(false) <= 0.02 * len(held), false


def test_sentences_the_list_was_never_made_for_ring_in_eight_of_ten_cases_and_everyday_reports_do_not() -> (
    None
):
    held = [line.split("\t")[1] for line in lines("urgent_rings_unseen")]
    assert sum(map(rings, held)) >= 0.8 * len(held)
    assert not [words for words in lines("urgent_harmless_unseen") if rings(words)]


def test_the_kind_of_danger_is_told_with_it() -> None:
    held = [line.split("\t") for line in lines("urgent_rings")]
    wrong = [(kind, words) for kind, words in held if kind not in look(words).kinds]
    assert len(wrong) <= 0.03 * len(held), wrong


def test_a_look_says_which_words_counted_and_why_the_others_did_not() -> None:
    found = look("去年着火，现在又冒烟了，担心爆炸")
    told = {one.words: (one.why, one.because) for one in found.found}
    assert told["着火"] == (Why.OVER, "去年")
    assert told["冒烟"] == (Why.NOW, "")
    assert told["爆炸"] == (Why.MAY_COME, "担心")
    assert found.kinds == (DangerKind.FIRE,)
    assert found.codes == ("fire.smoke",)


@pytest.mark.parametrize(
    "words",
    [
        "三楼有人要跳楼",
        "有人站在楼顶要跳楼，下面围了好多人",
        "我看到有人要跳楼，快来",
        "十二楼天台有个女孩子坐在边上，好像要跳",
        "我女儿站在窗台上，劝不下来",
        "我弟弟发消息说要自杀，电话打不通",
        "她把自己关在浴室，说要割腕",
        "邻居姑娘说要自杀，关着门不开",
        "我姐把药全吞下去了，说再见",
        "桥上有个人想轻生",
        "A man on the roof wants to jump",
        "My brother cut his wrists",
        "My son is standing on the window ledge and won't come in",
        "I think she wants to kill herself",
    ],
)
def test_self_harm_said_of_somebody_else_is_told_from_ones_own(words: str) -> None:
    assert look(words).of_another


@pytest.mark.parametrize(
    "words",
    [
        "我不想活了，谢谢你们一直以来的照顾",
        "活着真的没意思，今晚就结束吧",
        "老公走了，我想跳楼",
        "我儿子没了，我也不想活了",
        "跟老公吵架，想跳楼",
        "楼上邻居吵得不想活了",
        "没有人在乎，想死",
        "妈妈对不起，我太累了，下辈子再孝顺你",
        "我真的撑不下去了，想从楼上跳下去",
        "他们都走了，我站在楼顶要跳楼了",
        "有人跳楼，我也想跳楼",
        "I don't want to live anymore",
        "I am going to end my life tonight",
        "I have taken all my pills, tell my mum I love her",
        "My husband left, I want to die",
        "三楼着火了，有人被困",
    ],
)
def test_self_harm_said_of_oneself_or_of_nobody_named_is_ones_own(words: str) -> None:
    assert not look(words).of_another


def test_what_is_shouted_one_character_at_a_time_is_read() -> None:
    assert rings("着！火！了！")
    assert rings("Fire!!!")


def test_a_danger_that_only_may_come_rings_only_where_the_line_says_so() -> None:
    assert look("担心她想自杀").urgency is Urgency.CRITICAL
    assert look("担心这里着火").urgency is Urgency.NORMAL


def test_in_a_long_letter_danger_counts_only_at_its_beginning() -> None:
    letter = "尊敬的领导：我们小区的绿化带多年没有人养护，业主多次反映都没有结果，请求派人处理。" * 3
    assert rings("着火了！" + letter + letter)
    assert look(letter + "着火了。" + letter).urgency is Urgency.URGENT


def test_a_phrase_reaches_over_its_gap_but_not_over_a_comma() -> None:
    held = own("大门…卡住")
    assert look("大门今天又卡住了", held).urgency is Urgency.CRITICAL
    assert look("大门很好看，电脑卡住了", held).urgency is Urgency.NORMAL
    assert look("大门" + "很" * 9 + "卡住", held).urgency is Urgency.NORMAL


def test_a_wide_gap_reaches_over_a_comma_but_not_over_a_full_stop() -> None:
    held = own("大门……卡住")
    assert look("大门很好看，轮椅卡住了", held).urgency is Urgency.CRITICAL
    assert look("大门很好看。轮椅卡住了", held).urgency is Urgency.NORMAL


def test_a_latin_word_stands_alone_unless_a_star_lets_it_go_on() -> None:
    assert look("a gasp", own("gas")).urgency is Urgency.NORMAL
    assert look("GAS!", own("gas")).urgency is Urgency.CRITICAL
    assert look("electrocuted", own("electrocut*")).urgency is Urgency.CRITICAL


def test_a_line_may_be_switched_off_and_made_harmless() -> None:
    assert look("放烟花", own("烟花", on=False)).urgency is Urgency.NORMAL
    assert look("看烟花", own("烟花", beside=("看",))).urgency is Urgency.NORMAL
    assert look("烟花三月", own("烟花", inside=("烟花三月",))).urgency is Urgency.NORMAL
    assert look("放烟花", own("烟花", inside=("烟花三月",), beside=("看",))).urgency is Urgency.CRITICAL


@pytest.mark.parametrize(
    ("phrase", "code"),
    [
        ("", "missing"),
        (" / ", "missing"),
        ("火", "too_short"),
        ("着火…", "empty_part"),
        ("着" * 501, "too_long"),
        ("/".join(f"词{n}" for n in range(101)), "too_long"),
    ],
)
def test_a_phrase_that_cannot_work_is_named(phrase: str, code: str) -> None:
    assert ("phrase", code) in urgent_phrases.wrongs(phrase)


def test_a_phrase_of_strange_characters_is_looked_for_as_it_stands() -> None:
    held = own("(着火[!/\\d+火")
    assert look("\\d+火", held).urgency is Urgency.CRITICAL
    assert look("7火", held).urgency is Urgency.NORMAL


def test_every_shipped_line_is_found_by_its_own_words() -> None:
    listed = urgent_phrases.shipped()
    assert len({line.code for line in listed.phrases}) == len(listed.phrases)
    for line in listed.phrases:
        text = "".join(part[0].removeprefix("=").removesuffix("*") for part in line.parts)
        spaced = " ".join(part[0].removeprefix("=").removesuffix("*") for part in line.parts)
        assert line.pattern.search(text) or line.pattern.search(spaced), line.code


def test_looking_up_pairs_of_characters_finds_every_line_that_asking_each_would_find() -> None:
    held = urgent_phrases.shipped()
    letter = UrgentPhrase("own.one", DangerKind.HELP, Urgency.URGENT, Urgency.NORMAL, "救")
    off = UrgentPhrase("own.off", DangerKind.HELP, Urgency.URGENT, Urgency.NORMAL, "路灯", on=False)
    held = UrgentList((letter, *held.phrases, off), "try")
    sentences = [*lines("urgent_rings"), *lines("urgent_harmless"), "", "救", "火", "路灯不亮"]
    for text in map(urgent_words.plain, sentences):
        assert held.near(text) == [one for one in held.phrases if one.on and one.may_be_in(text)], text


def test_every_kind_that_rings_has_a_line_in_both_languages() -> None:
    listed = urgent_phrases.shipped().phrases
    for kind in DangerKind:
        if kind in {DangerKind.OUTAGE, DangerKind.HAZARD, DangerKind.RESCUE}:
            continue  # nobody is hurt yet; told from the words for self-harm
        words = [word for line in listed if line.kind is kind for word in line.parts[0]]
        assert any(word.isascii() for word in words), kind
        assert any(not word.isascii() for word in words), kind


def test_reading_a_report_takes_a_few_milliseconds_at_most() -> None:
    words = "\n".join(lines("urgent_harmless"))[:500]
    begun = time.process_time()
    for _ in range(50):
        urgent_words.look(words)
    assert (time.process_time() - begun) / 50 < 0.02


@pytest.mark.parametrize("words", ["电梯里关了两个人", "轿厢里困着一位老人", "电梯里关着个孩子，一直哭"])
def test_people_shut_in_a_lift_ring(words: str) -> None:
    assert rings(words)


@pytest.mark.parametrize(
    "words", ["电梯里关了灯，老人害怕", "电梯里空调关了，邻居们都嫌热", "电梯里的广告声音关了没人听"]
)
def test_a_light_switched_off_in_a_lift_does_not(words: str) -> None:
    assert not rings(words)
