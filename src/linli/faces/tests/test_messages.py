"""The tool that tends the translations, and the translations of this room."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("linli_messages_tool", ROOT / "tools" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made  # dataclasses look their module up
    spec.loader.exec_module(made)
    return made


def texts(tool: ModuleType, path: Path, source: str) -> list[tuple[str | None, str, str | None]]:
    path.write_text(source, encoding="utf-8")
    found = tool.in_template(path) if path.suffix == ".html" else tool.in_python(path)
    return [(said.context, said.text, said.plural) for _, said in found]


def test_it_reads_templates_as_django_does(tool: ModuleType, tmp_path: Path) -> None:
    source = (
        '{% translate \'One\' %}{% translate "Two" context "c" as x %}{{ _("Three") }}'
        "{% include 'a.html' with w=_('Four') %}{% translate variable %}"
        "{% blocktranslate trimmed %}\n  Five {{ n }}\n  here\n{% endblocktranslate %}"
        "{% blocktranslate count n=k %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
        "{% blocktranslate with a=b|date:'Y' %}to {{ a }}, 5 %{% endblocktranslate %}"
    )
    assert texts(tool, tmp_path / "a.html", source) == [
        (None, "One", None),
        ("c", "Two", None),
        (None, "Three", None),
        (None, "Four", None),
        (None, "Five %(n)s here", None),
        (None, "%(n)s day", "%(n)s days"),
        (None, "to %(a)s, 5 %%", None),
    ]


def test_it_reads_every_gettext_call(tool: ModuleType, tmp_path: Path) -> None:
    source = (
        'gettext("One"); gettext_lazy("Two"); ngettext("a", "b", n); pgettext("c", "Three"); gettext_noop("Four")\n'
        'gettext(variable); other("Five"); gettext("Si" "x")\n'
    )
    assert texts(tool, tmp_path / "a.py", source) == [
        (None, "One", None),
        (None, "Two", None),
        (None, "a", "b"),
        ("c", "Three", None),
        (None, "Four", None),
        (None, "Six", None),
    ]


def test_the_same_words_compile_to_the_same_bytes(tool: ModuleType) -> None:
    book = Catalog(locale="zh_Hans", creation_date=tool.EPOCH, revision_date=tool.EPOCH)
    book.add("One", "一")
    assert tool.compiled(book) == tool.compiled(book)


def test_a_fuzzy_entry_counts_as_missing(tool: ModuleType) -> None:
    book = Catalog(locale="zh_Hans")
    book.add("One", "一", flags=["fuzzy"])
    assert tool.translation(book.get("One")) == ""


def test_this_room_speaks_chinese_and_its_mo_is_fresh(
    tool: ModuleType, capfd: pytest.CaptureFixture[str]
) -> None:
    assert tool.check(["faces"]) == 0, capfd.readouterr().err


def test_chinese_texts_use_chinese_punctuation_and_shout_at_nobody(tool: ModuleType) -> None:
    book = tool.read(tool.po(tool.SOURCE / "faces"))
    wrong = [
        words
        for message in book
        if (words := tool.translation(message)) and message.id and set("!！") & set(words)
    ]
    assert wrong == []


def test_japanese_has_every_text_that_residents_see(tool: ModuleType) -> None:
    residents = tool.for_residents()
    assert tool.missing("ja", residents) == []
    seen = {path.relative_to(tool.SOURCE).as_posix() for path in residents}
    assert {"faces/templates/faces/parts/tabs.html", "portal/templates/portal/place.html"} <= seen
    assert not [path for path in seen if "/desk/" in path], "the workbench may fall back"


def test_another_language_is_collected_into_one_file(tool: ModuleType, tmp_path: Path) -> None:
    only = frozenset({tool.SOURCE / "faces/templates/faces/parts/tabs.html"})
    tool.extract_into(tmp_path, "ko", only)
    path = tmp_path / "ko" / "LC_MESSAGES" / "django.po"
    book = tool.read(path, "ko")
    assert "My things" in book
    book["My things"].string = "내 신고"
    tool._write(path, book, 0)
    tool.extract_into(tmp_path, "ko", only)
    assert tool.translation(tool.read(path, "ko")["My things"]) == "내 신고", "what is there stays"
