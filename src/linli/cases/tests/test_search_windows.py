"""The search function finds the newest matches whichever way it goes: along the newest, in a window, or everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from linli.cases.models import Case
from linli.cases.sql import SEARCH_FUNCTION
from linli.cases.tests.cast import AT, Cast
from linli.kernel import text

pytestmark = pytest.mark.django_db
EVERY = {"路灯": 2, "垃圾桶": 25, "半夜十二点": 60, "冲击钻": 350}  # one case in so many says it
ROWS = 700


def said(number: int) -> list[str]:
    """The words of a case."""
    return [word for word, every in EVERY.items() if number % every == 1]


@pytest.fixture
def many(cast: Cast) -> Iterator[dict[str, list[int]]]:
    """Hundreds of cases, the newest first; by word, the ids of those that say it in that order."""
    with cast.inside():
        cases = [
            Case(
                community_id=cast.here.id, number=f"26110{number:07d}", code_digest=b"", kind="complaint", channel="page",
                words="", place_how="unknown", reported_at=AT - timedelta(minutes=number), state_at=AT,
                search=text.vector_text("，".join(said(number)) or "无"),
            )
            for number in range(ROWS)
        ]  # fmt: skip
        made = Case.objects.bulk_create(cases)
        yield {
            word: [case.pk for number, case in enumerate(made) if number % every == 1]
            for word, every in EVERY.items()
        }


def found(word: str, most: int) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT linli_search_cases(%s::tsquery, %s)", (text.search_query(word), most))
        return {row[0] for row in cursor.fetchall()}


def test_the_newest_matches_are_found(many: dict[str, list[int]]) -> None:
    wrong = [
        (word, most) for word in EVERY for most in (3, 40) if found(word, most) != set(many[word][:most])
    ]
    assert wrong == []


def test_windows_that_hold_too_few_are_widened_until_enough_are_found(many: dict[str, list[int]]) -> None:
    assert found("半夜十二点 垃圾桶", 40) == set(many["垃圾桶"]) & set(many["半夜十二点"])
    assert found("圾桶满了", 40) == set()


@pytest.mark.parametrize(("newest", "window"), [("2000", "20"), ("20", "50"), ("2000", "650")])
def test_each_way_gives_the_same(
    owner_connection: psycopg.Connection, many: dict[str, list[int]], newest: str, window: str
) -> None:
    """The same function with smaller steps, so that hundreds of rows take every branch."""
    smaller = SEARCH_FUNCTION.replace("LIMIT 2000", f"LIMIT {newest}").replace("20000", window)
    assert smaller != SEARCH_FUNCTION
    try:
        owner_connection.execute(smaller.encode())
        owner_connection.commit()
        for word, ids in many.items():
            for most in (3, 12, 40):
                assert found(word, most) == set(ids[:most]), (word, most)
    finally:
        owner_connection.execute(SEARCH_FUNCTION.encode())
        owner_connection.commit()
