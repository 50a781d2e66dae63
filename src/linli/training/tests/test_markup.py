"""Pages are read into blocks; nothing of what somebody typed becomes HTML."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.training import showing
from linli.training.rules import markup
from linli.training.rules.markup import BlockKind

OURS = re.compile(
    r"</?(?:h[234]|p|br|ul|ol|li|hr|strong|code|blockquote|table|thead|tbody|tr|th|td|div|a)(?: [^<>]*)?>"
)


def html(words: str) -> str:
    return showing.html(words, lambda slug: f"/there/{slug}/")


def test_each_sign_makes_its_block() -> None:
    words = "# 标题\n一行\n二行\n\n- 一\n- 二\n1. 先\n2、后\n> 记住\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n---"
    kinds = [block.kind for block in markup.read(words)]
    assert kinds == [
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
        BlockKind.BULLETS,
        BlockKind.NUMBERS,
        BlockKind.QUOTE,
        BlockKind.TABLE,
        BlockKind.RULE,
    ]
    assert [len(block.rows) for block in markup.read(words)] == [1, 2, 2, 2, 1, 2, 0]
    assert "<p>一行<br>二行</p>" in html(words)
    assert "<h2>标题</h2>" in html(words)


def test_a_figure_at_the_beginning_of_a_line_is_no_step() -> None:
    assert [block.kind for block in markup.read("1.5 米以上")] == [BlockKind.PARAGRAPH]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "//evil.example",
        "http://a.example/",
        "/\\evil.example",
        "page:Not-a-slug",
        "data:x",
    ],
)
def test_a_link_that_leads_nowhere_safe_stays_words(link: str) -> None:
    assert "<a " not in html(f"[点这里]({link})")


def test_links_lead_to_pages_of_the_handbook_and_outside() -> None:
    assert html("[走访](page:visits)") == '<p><a href="/there/visits/">走访</a></p>'
    assert 'rel="noopener noreferrer"' in html("[法](https://law.example/a)")
    assert markup.pages_named("看[走访](page:visits)和[时限](page:clock)") == {"visits", "clock"}


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="<>&\"'#-|*`[](): \n/ahtps一。1.", max_size=80))
def test_nothing_typed_becomes_a_tag(words: str) -> None:
    left = OURS.sub("", html(words))
    assert "<" not in left
    assert ">" not in left
