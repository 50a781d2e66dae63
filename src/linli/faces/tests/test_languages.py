"""Languages found from files, and what a reader of each is shown where it lacks words."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.faces import languages
from linli.faces.languages import BadLanguage


def put(folder: Path, name: str, said: str, *, compiled: bool = True) -> None:
    words = folder / name / "LC_MESSAGES"
    words.mkdir(parents=True)
    (folder / name / languages.FILE).write_text(said, encoding="utf-8")
    if compiled:
        (words / "django.mo").write_bytes(b"")


def test_the_house_speaks_chinese_and_english_and_what_it_finds(tmp_path: Path) -> None:
    put(tmp_path, "ug", 'name = "ئۇيغۇرچە"\nreviewed = true')
    put(tmp_path, "ko", 'name = "한국어"\nnote = "기계 번역"')
    put(tmp_path, "pt_BR", 'name = "Português"')
    found = languages.found([tmp_path])
    assert [one.code for one in found] == ["zh-hans", "en", "ko", "pt-br", "ug"]
    assert [one.reviewed for one in found] == [True, True, False, False, True]
    assert found[2].note == "기계 번역"


def test_an_operators_own_folder_goes_before_ours(tmp_path: Path) -> None:
    put(tmp_path / "own", "ja", 'name = "日本語（本地）"\nreviewed = true')
    put(tmp_path / "ours", "ja", 'name = "日本語"')
    put(tmp_path / "ours", "zh_Hans", 'name = "not this"')
    found = languages.found([tmp_path / "own", tmp_path / "ours", tmp_path / "none"])
    assert [one.name for one in found] == ["中文", "English", "日本語（本地）"]


@pytest.mark.parametrize(
    ("name", "said", "compiled"),
    [
        ("korean", 'name = "한국어"', True),
        ("ko", 'name = "한국어"', False),
        ("ko", "name = 한국어", True),
        ("ko", "name = 1", True),
        ("ko", 'name = ""', True),
        ("ko", 'name = "한국어"\nreviewed = "yes"', True),
        ("ko", 'name = "한국어"\nnamed = "typo"', True),
    ],
)
def test_files_that_cannot_be_used_are_named(tmp_path: Path, name: str, said: str, compiled: bool) -> None:
    put(tmp_path, name, said, compiled=compiled)
    with pytest.raises(BadLanguage, match=str(tmp_path / name)):
        languages.found([tmp_path])


@pytest.mark.parametrize(
    ("code", "english", "order"),
    [
        ("zh-hans", False, ("zh-hans", "en")),
        ("zh-hant", False, ("zh-hant", "zh-hans", "en")),
        ("en", True, ("en", "zh-hans")),
        ("ja", True, ("ja", "en", "zh-hans")),
        (None, False, None),
    ],
)
def test_who_does_not_read_chinese_is_shown_english_first(
    code: str | None, english: bool, order: tuple[str, ...] | None
) -> None:
    assert languages.reads_english(code) is english
    assert code is None or languages.order(code) == order
