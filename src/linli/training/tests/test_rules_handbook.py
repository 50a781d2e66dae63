"""Pages of the handbook: what must be right, what differs, what is found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from linli.training import shipped
from linli.training.rules import finding, markup
from linli.training.rules.differences import changed, differences
from linli.training.rules.handbook import Sheet, by_chapter, faults, is_slug, parts_of, tidy

GOOD = Sheet("受理", "把一件事接好", "先听完。")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"title_zh": ""}, ("title_zh", "missing")),
        ({"chapter_zh": ""}, ("chapter_zh", "missing")),
        ({"title_en": "Listen"}, ("words_en", "half_english")),
        ({"words_zh": "字" * 20_001}, ("words_zh", "too_long")),
        ({"words_zh": "打 13812345678"}, ("words_zh", "personal")),
        ({"rank": 10_000}, ("rank", "not_a_rank")),
    ],
)
def test_each_fault_of_a_page_is_named_at_its_field(change: dict[str, Any], fault: tuple[str, str]) -> None:
    found = [
        (one.field, one.code)
        for one in faults(replace(GOOD, **change), personal=lambda words: "138" in words)
    ]
    assert found == [fault]


def test_shipped_pages_are_sound_in_both_languages_and_lead_only_to_each_other() -> None:
    for slug, held in shipped.pages().items():
        sheet = held[0].sheet
        assert faults(tidy(sheet), personal=lambda _words: False) == (), slug
        assert sheet.words_en, slug
        assert (markup.pages_named(sheet.words_zh) | markup.pages_named(sheet.words_en)) <= set(
            shipped.pages()
        ), slug
        assert [len(block.rows) for block in markup.read(sheet.words_zh)] != []


@pytest.mark.parametrize("file", ["", "+++\na = 1\n+++\n只有中文\n", "words\n+++\n+++\n一\n+++\ntwo"])
def test_a_file_with_other_parts_is_refused(file: str) -> None:
    with pytest.raises(ValueError, match="a page is"):
        parts_of(file)


@pytest.mark.parametrize(
    ("slug", "good"), [("a-b1", True), ("A", False), ("a--b", False), ("", False), ("a" * 41, False)]
)
def test_codes_are_small_letters_digits_and_hyphens(slug: str, good: bool) -> None:
    assert is_slug(slug) is good


def test_chapters_stand_where_their_first_page_stands() -> None:
    assert by_chapter([("乙", 20), ("甲", 30), ("甲", 10)]) == ["甲", "乙"]


def test_a_changed_line_shows_which_letters_changed() -> None:
    found = differences("标题\n九点来\n旧", "标题\n十点来")
    assert [(one.how, [(piece.words, piece.changed) for piece in one.pieces]) for one in found] == [
        ("same", [("标题", False)]),
        ("gone", [("九", True), ("点来", False)]),
        ("new", [("十", True), ("点来", False)]),
        ("gone", [("旧", True)]),
    ]
    assert not changed(differences("一\n二", "一\n二"))


def test_both_versions_can_be_read_out_of_their_differences() -> None:
    old, new = "一\n二\n三\n四", "零\n一\n三三\n四\n五"
    found = differences(old, new)
    for how, text in (("gone", old), ("new", new)):
        lines = ["".join(piece.words for piece in one.pieces) for one in found if one.how in ("same", how)]
        assert "\n".join(lines) == text


@pytest.mark.parametrize(
    ("typed", "text", "there"),
    [
        ("走访", "上门走访要先敲门", True),
        ("访走", "上门走访要先敲门", False),
        ("门", "上门", True),
        ("3号楼", "13号楼", False),
        ("GAS", "the smell of gas", True),
        ("燃气 电梯", "燃气泄漏", False),
        ("燃气 电梯", "电梯困人，燃气泄漏", True),
        ("，。", "电梯", False),
    ],
)
def test_what_somebody_looks_for_is_found_as_typed(typed: str, text: str, there: bool) -> None:
    wanted = finding.terms(typed)
    assert bool(wanted and finding.weight(wanted, "", text)) is there


def test_a_title_weighs_more_than_a_word_in_passing() -> None:
    wanted = finding.terms("走访")
    assert finding.weight(wanted, "走访", "") > finding.weight(wanted, "", "走访")
    found = finding.excerpt(wanted, "前面的话" * 20 + "走访" + "后面的话" * 20)
    assert found.hit == "走访"
    assert found.before.startswith("…")
    assert found.after.endswith("…")
