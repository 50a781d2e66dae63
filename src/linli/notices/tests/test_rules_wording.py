"""Templates: what is filled, what falls away, what is wrong with them; and the words that come with the program."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import text
from linli.notices.queries import choices
from linli.notices.rules import wording
from linli.notices.rules.kinds import BROUGHT, KINDS, LANGUAGES, Group, Text
from linli.notices.rules.wording import Fault


def test_names_are_filled_and_parts_that_lack_something_fall_away() -> None:
    template = "「{matter}」已受理[[，{due} 前答复]]。"
    assert (
        wording.filled(template, {"matter": "照明", "due": "11月23日 18:00"})
        == "「照明」已受理，11月23日 18:00 前答复。"
    )
    assert wording.filled(template, {"matter": "照明"}) == "「照明」已受理。"


def test_what_is_filled_in_is_not_filled_again() -> None:
    assert wording.filled("{answer}", {"answer": "{number} [[x]]"}) == "{number} [[x]]"


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("{nobody} 已受理", Fault("unknown_name", "nobody")),
        ("{matter 已受理", Fault("unbalanced")),
        ("[[{matter}", Fault("unbalanced")),
        ("字" * 601, Fault("too_long", "600")),
        ("  ", Fault("missing")),
    ],
)
def test_a_bad_template_says_what_is_wrong(template: str, fault: Fault) -> None:
    assert fault in wording.faults(template, part="page", names=("matter",))


@given(st.text(max_size=300), st.integers(10, 60))
def test_words_are_cut_between_characters(words: str, most: int) -> None:
    cut = wording.cut_bytes(words, most)
    assert len(cut.encode()) <= most
    assert cut == words or cut.endswith("…")


@pytest.mark.parametrize("code", sorted(set(KINDS) - set(BROUGHT)))
def test_every_kind_speaks_both_languages_soundly(code: str) -> None:
    kind, said = KINDS[code], choices.shipped()[code]
    assert set(LANGUAGES) <= set(said)
    for held in said.values():
        for part in ("title", "page", "short", "group"):
            words = getattr(held, part)
            assert wording.faults(words, part=part, names=kind.names, required=False) == ()
            assert not text.blocking(words)
        assert held.title
        assert held.page
        assert not kind.robots or held.group, "a robot would be silent"
        assert "sms" not in kind.roads or held.short, "an SMS would be cut from the page"


def test_no_words_are_shipped_for_what_is_no_kind() -> None:
    assert set(choices.shipped()) <= set(KINDS)


def test_a_kind_of_another_room_brings_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    from linli.notices.rules import kinds  # noqa: PLC0415  (its tables are changed)

    monkeypatch.setattr(kinds, "KINDS", dict(KINDS))
    monkeypatch.setattr(kinds, "BROUGHT", {})
    kind = kinds.Kind("tea", kinds.Group.NEWS, kinds.Urgency.ORDINARY, ("wechat",), ("community",))
    kinds.register(kind, {one: Text("Tea", "Tea is ready") for one in LANGUAGES})
    assert choices.shipped_text("tea", "en").page == "Tea is ready"
    with pytest.raises(ValueError, match="tea"):
        kinds.register(kind, {"en": Text("Tea", "Tea is ready")})


def test_who_has_no_words_of_a_kind_is_told_in_english_before_chinese() -> None:
    assert choices.shipped_text("case_settled", "ja").title.startswith("解決しました")
    assert choices.shipped_text("work_new", "ja") == choices.shipped_text("work_new", "en")
    assert choices.shipped_text("work_new", "zh-hant") == choices.shipped_text("work_new", "zh-hans")


def test_residents_are_told_everything_in_japanese() -> None:
    told = {code for code, kind in KINDS.items() if kind.group in {Group.CASES, Group.HOME, Group.NEWS}}
    said = set(choices.of_files("ja"))
    assert told - set(BROUGHT) - {"duty_granted", "duty_ended"} <= said
