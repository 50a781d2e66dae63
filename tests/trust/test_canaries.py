"""Secrets in every sensitive field: none is found by searching, filtering or sorting, and none lies about in the clear."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection

from linli.kernel import scope
from tests.trust.stage import ACTORS, SEES, Stage

pytestmark = pytest.mark.rounds

LISTS = ("/desk/?tab=all&q=", "/desk/rows/?tab=all&q=", "/my/?q=", "/?q=", "/settled/520113008006/?q=")
#: What somebody may type to learn of another's words, and who may find the case by it.
WORDS = {"CANARYWORDSHERE": SEES, "CANARYADDRESSHERE": SEES, "路灯不亮": SEES}
NOT_WORDS = ("CANARYNOTEHERE", "CANARYNAMEHERE", "CANARYASKHERE", "CANARYPARTHERE")
BY_PHONE = frozenset({"dispatcher", "verifier", "leader"})
SENSITIVE = (
    "contact_phone", "contact_name", "contact_index", "code_digest", "reporter", "reporter_id", "reporter__phone", "note",
    "moves__note", "public_words", "suggestion", "id__gt", "number__startswith", "words__contains",
)  # fmt: skip


def told(stage: Stage, who: str, address: str, *, program: bool = False) -> Any:
    return stage.ask(who, "GET", address, program=program)


def finds(stage: Stage, who: str, words: str) -> set[str]:
    """By which lists this person finds the case with the secrets, here."""
    number = stage.objects["here"]["number"]
    found = set()
    for address in LISTS:
        response = told(stage, who, address + words)
        if response.status_code == 200 and number in response.content.decode():
            found.add(address)
    answer = told(stage, who, f"/api/v1/cases?view=all&q={words}", program=True)
    if answer.status_code == 200 and number in answer.content.decode():
        found.add("/api/v1/cases")
    return found


@pytest.mark.parametrize("who", ACTORS)
def test_a_search_finds_what_one_may_see_anyway(stage: Stage, who: str, settings: Any) -> None:
    settings.LINLI_API_LIMITS = False
    for words, may in WORDS.items():
        found = finds(stage, who, words)
        assert bool(found & {LISTS[0], "/api/v1/cases"}) == (who in may), (words, found)
        assert "/settled/520113008006/?q=" not in found


@pytest.mark.parametrize("words", NOT_WORDS)
def test_nobody_finds_a_case_by_what_is_no_part_of_its_words(stage: Stage, words: str, settings: Any) -> None:
    settings.LINLI_API_LIMITS = False
    for who in ("dispatcher", "leader", "property_handler", "resident"):
        assert finds(stage, who, words) - {"/my/?q=", "/?q="} == set(), who


@pytest.mark.parametrize("who", ACTORS)
def test_only_those_who_answer_callers_find_a_case_by_a_phone(stage: Stage, who: str, settings: Any) -> None:
    """A property company must not be able to try out who complained (T22, T27)."""
    settings.LINLI_API_LIMITS = False
    lists = {LISTS[0], LISTS[1], "/api/v1/cases"}
    for typed in ("13700001111", "137 0000 1111", "%2B8613700001111"):
        assert bool(finds(stage, who, typed) & lists) == (who in BY_PHONE), typed


@pytest.mark.parametrize("who", ["elsewhere_dispatcher", "elsewhere_resident", "neighbour", "stranger"])
def test_nothing_is_learnt_from_a_number(stage: Stage, who: str, settings: Any) -> None:
    settings.LINLI_API_LIMITS = False
    assert finds(stage, who, stage.objects["here"]["number"]) <= {*LISTS}  # the page repeats what was typed
    answer = told(stage, who, f"/api/v1/cases?view=all&q={stage.objects['here']['number']}", program=True)
    assert answer.status_code == 200
    assert answer.json()["items"] == []


@pytest.mark.parametrize("column", SENSITIVE)
def test_no_column_can_be_filtered_or_sorted_by_from_outside(
    stage: Stage, column: str, settings: Any
) -> None:
    settings.LINLI_API_LIMITS = False
    for address, program in (("/desk/?tab=all", False), ("/api/v1/cases?view=all", True), ("/my/", False)):
        joint = "&" if "?" in address else "?"
        plain = listed(told(stage, "dispatcher", address, program=program))
        for value in ("x", "CANARYNAMEHERE", "true", "0"):
            response = told(stage, "dispatcher", f"{address}{joint}{column}={value}", program=program)
            assert response.status_code in {400, 422} or listed(response) == plain, (address, value)
        for order in (column, f"-{column}"):
            response = told(stage, "dispatcher", f"{address}{joint}order={order}", program=program)
            assert response.status_code in {400, 422} or listed(response) == plain, (address, order)


def listed(response: Any) -> list[str]:
    """The case numbers an answer shows, in its order."""
    return re.findall(r"\b2\d{11}\b", response.content.decode())


TABLES = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1
"""
#: Where a secret's own table is: the words of a case stand in it, and in its search vector.
AT_HOME = {
    "CANARYWORDSHERE": {"cases_case"},
    "CANARYADDRESSHERE": {"cases_case"},
    "CANARYUNPUBLISHEDHERE": {"cases_case"},
    "CANARYNOTEHERE": {"cases_move"},
    "CANARYASKHERE": {"cases_move", "cases_request"},
    "CANARYPARTHERE": {"cases_task", "cases_move"},
    "CANARYHOMEHERE": {"grids_place"},
}


def test_what_is_sealed_lies_nowhere_in_the_clear_and_words_only_where_they_belong(stage: Stage) -> None:
    """Jobs, audit entries, receipts and sessions hold ids and codes, never what people said or who they are."""
    stage.ask("dispatcher", "GET", f"/desk/case/{stage.objects['here']['number']}/", program=False)
    for secret in stage.secrets:
        if secret.about == "API token":
            continue
        found = set()
        with scope.within([stage.cast.here.id, stage.cast.elsewhere.id]), connection.cursor() as cursor:
            cursor.execute(TABLES)
            tables = [row[0] for row in cursor.fetchall()]
            every = " UNION ALL ".join(
                f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table} t WHERE t::text ILIKE %(like)s)"
                for table in tables
            )
            cursor.execute(every, {"like": f"%{secret.text}%"})
            found = {row[0] for row in cursor.fetchall()}
        allowed = AT_HOME.get(secret.text.replace("ELSEWHERE", "HERE"), set())
        assert found <= allowed, f"{secret.about} in {found - allowed}"


def test_a_secret_that_leaks_is_noticed(stage: Stage) -> None:
    """The alarm works: the case's own page, read with the eyes of somebody who may not."""
    number = stage.objects["here"]["number"]
    response = stage.ask("dispatcher", "GET", f"/desk/case/{number}/", program=False)
    assert stage.leaks("dispatcher", response) == []
    assert {"internal note", "words of a report"} <= set(stage.leaks("stranger", response))
