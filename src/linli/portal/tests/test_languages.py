"""A language that is there because its files are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.test import Client, override_settings

from linli.cases.tests.cast import Cast, sign_in
from linli.faces import languages
from linli.notices.queries import choices

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("this_evening")]


def body(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def korean(tmp_path: Path) -> Iterator[None]:
    """Three files in a folder, nothing else."""
    words = tmp_path / "ko" / "LC_MESSAGES"
    words.mkdir(parents=True)
    book = Catalog(locale="ko")
    book.add("Say something here", "여기에 대해 말하기")
    with (words / "django.mo").open("wb") as file:
        write_mo(file, book)
    (tmp_path / "ko" / "language.toml").write_text('name = "한국어"\nnote = "기계 번역"\n', encoding="utf-8")
    said = '[case_settled]\ntitle = "해결되었습니다"\npage = "{number}"\nshort = "{number}"\n'
    (tmp_path / "ko" / "notices.toml").write_text(said, encoding="utf-8")
    found = languages.found([tmp_path])
    choices.shipped.cache_clear()
    with override_settings(
        LOCALE_PATHS=[tmp_path], LINLI_LANGUAGES=found, LANGUAGES=[(one.code, one.name) for one in found]
    ):
        languages.let_english_stand()
        yield
    languages.let_english_stand()
    choices.shipped.cache_clear()


@pytest.mark.usefixtures("korean")
def test_a_language_is_added_by_files_alone(client: Client, cast: Cast) -> None:
    address = f"/place/{cast.building.code}/"
    first = body(client.get(address, headers={"accept-language": "ko-KR,ko;q=0.9"}))
    assert '<html lang="ko"' in first
    assert "여기에 대해 말하기" in first
    assert "Who serves here" in first, "what it lacks is said in English"
    assert "谁在这里" not in first
    assert "Building 8" in first, "names are in English before Chinese"
    assert '기계 번역 <span lang="en">(machine-made, not yet reviewed)</span>' in first
    assert '<button name="language" value="ko" lang="ko" aria-current="true">한국어</button>' in first
    assert "여기에 대해 말하기" not in body(client.get(address, headers={"accept-language": "fr"}))
    client.post("/faces/language/", {"language": "ko"})
    assert "여기에 대해 말하기" in body(client.get(address))
    assert choices.shipped_text("case_settled", "ko").title == "해결되었습니다"
    assert choices.shipped_text("case_late", "ko") == choices.shipped_text("case_late", "en")


def test_a_japanese_page_says_that_nobody_has_read_it_through(client: Client, cast: Cast) -> None:
    page = body(client.get(f"/place/{cast.building.code}/", headers={"accept-language": "ja"}))
    assert '<html lang="ja"' in page
    assert "ここの担当者" in page
    assert "機械翻訳・未確認" in page
    chinese = body(client.get(f"/place/{cast.building.code}/"))
    assert '<html lang="zh-hans"' in chinese
    assert "machine-made" not in chinese


def test_the_workbench_says_it_too(client: Client, cast: Cast) -> None:
    desk = sign_in(client, cast.dispatcher)
    assert "機械翻訳・未確認" in body(desk.get("/desk/topics/", headers={"accept-language": "ja"}))
