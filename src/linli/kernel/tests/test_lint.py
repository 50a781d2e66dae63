from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.tests import lint_texts
from linli.kernel.text import blocking, lint, mask_text

pytestmark = pytest.mark.rules
SEED = 20261123


def _recall(kind: str, number: int) -> tuple[float, list[str]]:
    """The share of texts in which the very number was found whole, and some in which it was not."""
    random = Random(f"{SEED}{kind}")
    missed = []
    for _ in range(number):
        text, start, end = lint_texts.with_number(kind, random)
        # Prefixes such as +86 may or may not be counted in.
        if not any(
            found.kind == kind and found.start <= end - 11 and found.end >= end for found in lint(text)
        ):
            missed.append(text[start:end])
    return 1 - len(missed) / number, missed[:10]


@pytest.mark.parametrize(("kind", "least"), [("id_number", 0.99), ("mobile", 0.99), ("bank_card", 0.97)])
def test_personal_numbers_are_found_however_they_are_written(kind: str, least: float) -> None:
    share, missed = _recall(kind, 2000)
    assert share >= least, missed


def test_plates_are_found() -> None:
    random = Random(SEED)
    missed = []
    for _ in range(500):
        text, start, end = lint_texts.with_number("plate", random)
        if not any((found.kind, found.start, found.end) == ("plate", start, end) for found in lint(text)):
            missed.append(text)
    assert len(missed) <= 10, missed[:10]


def test_texts_full_of_figures_are_not_blocked() -> None:
    random = Random(SEED)
    texts = [lint_texts.clean(random) for _ in range(3000)]
    blocked = [(text, lint(text)) for text in texts if lint(text)]
    assert len(blocked) <= 0.02 * len(texts), blocked[:10]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("打13812345678或13987654321", ["mobile", "mobile"]),
        ("138 1234 5678 139 8765 4321", ["mobile", "mobile"]),
        ("身份证11010519491231002X，旧号110105491231002", ["id_number", "id_number"]),
        ("卡号6222021234567890128", ["bank_card"]),
        ("座机0851-88881234，(010)66661234，电话:88881234", ["landline"] * 3),
        ("邮箱 lili.wang+a@example.com.cn。", ["email"]),
        ("邮箱lili＠example．com", ["email"]),
        ("车牌贵A12345、京A·D12345、粤Z1234港", ["plate"] * 3),
        ("一三八一二三四五六七八", ["mobile"]),
        ("第一13812345678", ["mobile"]),
        ("工号1381234567", []),
        ("编号138123456789", []),
        ("11010519491231002", []),
        ("1101051949123100211", []),
        ("已遮盖138****5678", []),
        ("", []),
    ],
)
def test_each_kind_is_told_by_name(text: str, kinds: list[str]) -> None:
    assert [found.kind for found in lint(text)] == kinds


def test_a_finding_points_at_the_number() -> None:
    text = "请打１３８－１２３４－５６７８，谢谢"
    (found,) = lint(text)
    assert text[found.start : found.end] == "１３８－１２３４－５６７８"


def test_a_masked_text_keeps_its_sense_and_is_clean() -> None:
    text = "王师傅13812345678，证11010519491231002X，卡6222 0212 3456 7890 128，车贵A12345，a.b@c.com"
    masked = mask_text(text)
    assert masked == "王师傅138****5678，证110105********002X，卡**** 0128，车贵A***45，a***@c.com"
    assert lint(masked) == ()


def test_a_landline_is_masked_but_does_not_block_an_answer() -> None:
    answer = "请致电办事处0851-88881234咨询。"
    assert blocking(answer) == ()
    assert mask_text(answer) == "请致电办事处0851****1234咨询。"
    assert [found.kind for found in blocking(answer + "13812345678")] == ["mobile"]


def test_what_was_masked_stays_masked() -> None:
    random = Random(SEED)
    for kind in lint_texts.KINDS:
        for _ in range(200):
            text, _, _ = lint_texts.with_number(kind, random)
            assert not [found for found in lint(mask_text(text)) if found.kind != "landline"], text


@given(st.text(max_size=300))
def test_any_text_is_read_and_findings_lie_inside(text: str) -> None:
    last = 0
    for found in lint(text):
        assert last <= found.start < found.end <= len(text)
        last = found.end
    mask_text(text)


@pytest.mark.parametrize(
    "piece", ["1", "1 ", "13-", "a", "a.", "@", "0851-", "a@a.", "一", "京A", "6222 ", "\u200b"]
)
def test_hostile_text_takes_no_time(piece: str) -> None:
    """Ten thousand characters, the longest report, stay far below a second: no pattern backtracks."""
    text = (piece * 10_000)[:10_000]
    started = time.process_time()
    lint(text)
    assert time.process_time() - started < 1
