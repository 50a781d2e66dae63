from __future__ import annotations

import random
import re
from collections import defaultdict

import pytest
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from linli.kernel.text import bigrams, search_query, tokens, vector_of, vector_text
from linli.kernel.text.tokens import LONGEST_WORD, normal

# A small alphabet makes hits and near misses frequent.
HAN = "物业管理垃圾噪音"
han_text = st.text(HAN, min_size=1, max_size=30)
mixed_text = st.text(HAN + "ab3。， -\n", min_size=1, max_size=30)


def _vector(literal: str) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for word, places in re.findall(r"'([^']*)'(?::([\d,]+))?", literal):
        found[word] |= {int(place) for place in places.split(",") if place}
    return found


def _matches(vector: str, query: str | None) -> bool:
    """What PostgreSQL does with `@@`, for the queries we make."""
    if query is None:
        return False
    held = _vector(vector)
    return all(_phrase_is_in(held, term) for term in query.split(" & "))


def _phrase_is_in(held: dict[str, set[int]], term: str) -> bool:
    parts = re.findall(r"(?:<(\d+)> )?'([^']*)'(:\*)?", term)
    starts: set[int] | None = None
    offset = 0
    for distance, word, prefix in parts:
        offset += int(distance or 0)
        places = {
            place - offset
            for token, at in held.items()
            if token == word or (prefix and token.startswith(word))
            for place in at
        }
        starts = places if starts is None else starts & places
    return bool(starts)


def test_each_character_begins_one_pair_and_the_last_stands_alone() -> None:
    assert bigrams("垃圾清运") == ["垃圾", "圾清", "清运", "运"]


def test_words_and_numbers_stay_whole() -> None:
    assert bigrams("3号楼WIFI坏了, B座302") == ["3", "号楼", "楼", "wifi", "坏了", "了", "b", "座", "302"]


def test_forms_of_a_letter_are_one() -> None:
    assert bigrams("ＡＢＣ１２") == bigrams("abc12") == ["abc12"]
    assert bigrams("㎡") == ["m2"]


def test_what_lies_between_takes_a_place_of_its_own() -> None:
    assert [(token.text, token.place) for token in tokens("垃圾。清运")] == [
        ("垃圾", 1),
        ("圾", 2),
        ("清运", 4),
        ("运", 5),
    ]


@pytest.mark.parametrize("typed", ["", " ", "。！？", "\x00", "'", "\\", "&|!():*<->", "　"])
def test_nothing_but_punctuation_is_no_query(typed: str) -> None:
    assert search_query(typed) is None


@given(han_text, han_text)
@example("物业", "业")
@example("物业", "物")
def test_chinese_is_found_exactly_like_like(text: str, words: str) -> None:
    assert _matches(vector_text(text), search_query(words)) == (words in text)


@given(han_text, st.data())
def test_every_part_of_a_text_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert _matches(vector_text(text), search_query(text[start:end]))


def _like(text: str, term: str) -> bool:
    """LIKE with punctuation as one gap and words whole."""
    text, term = (re.sub(r"[^\w]+", "\x00", normal(value)) for value in (text, term))
    pattern = re.escape(term.strip("\x00"))
    before = "(?<![a-z0-9])" if re.match(r"[a-z0-9]", term.strip("\x00")) else ""
    after = "(?![a-z0-9])" if re.search(r"[a-z0-9]$", term.strip("\x00")) else ""
    return re.search(before + pattern + after, text) is not None


@given(mixed_text, mixed_text)
@example("3号楼", "号楼")
@example("a物3业", "物3")
@example("物。业", "物业")
@example("3-2", "3 2")
def test_mixed_text_is_found_like_whole_words(text: str, typed: str) -> None:
    query = search_query(typed)
    terms = [term for term in re.split(r"[\s,，、;；]+", normal(typed)) if re.search(r"\w", term)][:8]
    if query is None:
        assert not terms
    else:
        assert _matches(vector_text(text), query) == all(_like(text, term) for term in terms)


def test_a_house_number_does_not_find_another() -> None:
    assert not _matches(vector_text("13号楼"), search_query("3号楼"))
    assert _matches(vector_text("在3号楼下"), search_query("3号楼"))


def test_all_terms_must_be_there_in_any_order() -> None:
    vector = vector_text("3号楼垃圾没人清，物业不管")
    assert _matches(vector, search_query("物业 垃圾"))
    assert _matches(vector, search_query("物业、垃圾"))
    assert not _matches(vector, search_query("物业 噪音"))


def test_no_phrase_runs_from_one_text_into_the_next() -> None:
    vector = vector_of("小区垃", "", "圾清运", "")
    assert _matches(vector, search_query("圾清"))
    assert not _matches(vector, search_query("垃圾"))
    vector = vector_of("3", "2")
    assert _matches(vector, search_query("3 2"))
    assert not _matches(vector, search_query("3-2"))


def test_a_very_long_word_and_a_very_long_query_do_no_harm() -> None:
    assert all(len(word) <= LONGEST_WORD for word in bigrams("a" * 1000))
    query = search_query("物业 " * 10_000)
    assert query is not None
    assert query.count("&") < 10


@given(st.text(max_size=200))
def test_any_text_makes_clean_literals(text: str) -> None:
    for literal in (vector_text(text), search_query(text) or ""):
        assert "\\" not in literal
        assert literal.count("'") % 2 == 0


@pytest.mark.django_db
def test_postgresql_answers_as_like_does() -> None:
    seeded = random.Random(20261123)
    texts = ["".join(seeded.choice(HAN + "3a。") for _ in range(seeded.randint(1, 40))) for _ in range(400)]
    queries = {
        "".join(seeded.choice(HAN) for _ in range(length)) for length in (1, 2, 3, 4) for _ in range(30)
    }
    with connection.cursor() as cursor:
        for typed in sorted(queries):
            cursor.execute(
                "SELECT text FROM unnest(%s::text[], %s::text[]) AS it(text, vector)"
                " WHERE vector::tsvector @@ %s::tsquery",
                [texts, [vector_text(text) for text in texts], search_query(typed)],
            )
            found = sorted(row[0] for row in cursor.fetchall())
            assert found == sorted(text for text in texts if typed in text), typed


@pytest.mark.django_db
@given(typed=st.text(max_size=60))
def test_postgresql_takes_any_query(typed: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [vector_text(typed), search_query(typed)])
        assert cursor.fetchone()[0] is (None if search_query(typed) is None else True)
