"""Courses: what must be right, files in and out, tests drawn and marked, certificates, figures of questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from linli.kernel.refusals import Refused
from linli.training import bringing, shipped
from linli.training.rules import certificates, course, course_file, papers, statistics
from linli.training.rules.certificates import State
from linli.training.rules.course import Course, Kind, Lesson, Question, Terms
from linli.training.rules.papers import Item
from linli.training.rules.said import Said
from linli.training.rules.statistics import Advice

ONE = Question("q1", Kind.SINGLE, "l1", Said("问"), Said("因为"), (Said("甲"), Said("乙"), Said("丙")), (1,))
MANY = replace(ONE, code="q2", kind=Kind.MULTIPLE, right=(0, 2))
YES = replace(ONE, code="q3", kind=Kind.TRUE_FALSE, options=(), right=(), holds=True)
NUMBER = replace(
    ONE, code="q4", kind=Kind.NUMBER, options=(), right=(), value=Decimal("4.1"), tolerance=Decimal("0.05")
)
ORDER = replace(ONE, code="q5", kind=Kind.ORDERING, right=())
BANK = (ONE, MANY, YES, NUMBER, ORDER)
GOOD = Course(
    "c", Said("课"), Said(), (Lesson("l1", Said("一"), words=Said("文")),), BANK, Terms(questions=5)
)


def wrong(made: Course) -> list[tuple[str, str]]:
    return [
        (one.field, one.code)
        for one in course.faults(made, pages=["visits"], personal=lambda words: "138" in words)
    ]


def with_question(**change: Any) -> Course:
    return replace(GOOD, questions=(replace(ONE, **change), MANY, YES, NUMBER, ORDER))


def test_what_is_shipped_can_be_published_and_goes_out_and_in_as_a_file() -> None:
    for held in shipped.courses().values():
        made = held.course
        assert course.faults(made, pages=shipped.pages(), personal=lambda _words: False) == ()
        assert bringing.read(bringing.written(made), code=made.code) == made
        assert all(one.ask.en and one.explain.en for one in made.questions)
    assert len(shipped.courses()["data-literacy"].course.questions) >= 60


@pytest.mark.parametrize(
    ("made", "fault"),
    [
        (replace(GOOD, code="Bad Code"), ("code", "not_a_code")),
        (replace(GOOD, lessons=()), ("lessons", "out_of_bounds")),
        (with_question(lesson="l9"), ("questions[1].lesson", "no_such_lesson")),
        (with_question(right=()), ("questions[1].right", "none_is_right")),
        (with_question(right=(0, 1)), ("questions[1].right", "one_alone")),
        (with_question(right=(7,)), ("questions[1].right", "none_is_right")),
        (with_question(options=(Said("甲"), Said("甲"))), ("questions[1].options", "twice")),
        (with_question(options=(Said("甲", "A"), Said("乙"))), ("questions[1].options", "half_english")),
        (with_question(explain=Said()), ("questions[1].explain_zh", "missing")),
        (with_question(ask=Said("打 13812345678")), ("questions[1].ask_zh", "personal")),
        (with_question(code="q2"), ("questions[2].code", "twice")),
        (with_question(kind=Kind.NUMBER), ("questions[1].value", "not_a_number")),
        (with_question(kind=Kind.TRUE_FALSE), ("questions[1].holds", "missing")),
        (replace(GOOD, terms=Terms(questions=6)), ("terms.questions", "more_than_there_are")),
        (replace(GOOD, terms=Terms(questions=5, passing=101)), ("terms.passing", "out_of_bounds")),
        (replace(GOOD, terms=Terms(questions=5, roles=("king",))), ("terms.roles", "unknown_role")),
        (
            replace(GOOD, lessons=(Lesson("l1", Said("一"), page="gone"),)),
            ("lessons[1].page", "no_such_page"),
        ),
    ],
)
def test_each_fault_of_a_course_is_named_by_its_path(made: Course, fault: tuple[str, str]) -> None:
    assert wrong(GOOD) == []
    assert fault in wrong(made)


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        (b"\xff\xfe", "file: unreadable"),
        (b"[1, 2", "file: unreadable"),
        (b'{"code": 1}', "code: wrong_type"),
        (b'{"code": "c", "hidden": 1}', "hidden: unknown_field"),
        (b'{"questions": [{"kind": "essay"}]}', r"questions\[1\].kind: unknown_kind"),
        (b'{"questions": [7]}', r"questions\[1\]: wrong_type"),
        (b'{"questions": [{"kind": "number", "value": "NaN"}]}', r"questions\[1\].value: not_a_number"),
        (b'{"terms": {"passing": true}}', "terms.passing: wrong_type"),
        (b'code = "other"', "file: other_course"),
        (b"{" * 200_000, "file: unreadable"),
    ],
)
def test_a_file_that_is_no_course_is_refused_with_the_place(file: bytes, fault: str) -> None:
    with pytest.raises(Refused, match=fault):
        bringing.read(file, code="c")


def test_the_same_seed_draws_the_same_test_and_every_lesson_is_asked() -> None:
    made = shipped.courses()["data-literacy"].course
    drawn = papers.draw(made, questions=10, seed=7)
    assert drawn == papers.draw(made, questions=10, seed=7)
    assert drawn != papers.draw(made, questions=10, seed=8)
    asked = [made.question(item.question) for item in drawn]
    assert len({one.lesson for one in asked if one}) == len(made.lessons)
    assert len({item.question for item in drawn}) == 10


def test_what_is_to_be_put_in_order_never_stands_in_order_already() -> None:
    for seed in range(30):
        (item,) = papers.draw(replace(GOOD, questions=(ORDER,)), questions=1, seed=seed)
        assert item.order != (0, 1, 2)


def test_a_retired_question_is_not_drawn() -> None:
    made = replace(GOOD, questions=(replace(ONE, retired=True), YES))
    assert [item.question for item in papers.draw(made, questions=5, seed=1)] == ["q3"]


@pytest.mark.parametrize(
    ("question", "typed", "right"),
    [
        (ONE, ["3"], True),  # shown in the order 2, 0, 1
        (ONE, ["1"], False),
        (ONE, ["1", "3"], None),
        (ONE, [], None),
        (ONE, ["9"], None),
        (MANY, ["1", "2"], True),
        (MANY, ["1"], False),
        (YES, ["true"], True),
        (YES, ["false"], False),
        (YES, ["maybe"], None),
        (NUMBER, ["４.１２"], True),
        (NUMBER, ["4.16"], False),
        (NUMBER, ["4.1 %"], True),
        (NUMBER, ["viel"], None),
        (NUMBER, ["9" * 40], None),
        (ORDER, ["3", "1", "2"], True),
        (ORDER, ["1", "2", "3"], False),
        (ORDER, ["1", "1", "2"], None),
        (ORDER, ["", "1", "2"], None),
    ],
)
def test_answers_are_marked_as_a_whole_and_half_ones_are_none(
    question: Question, typed: list[str], right: bool | None
) -> None:
    order = (2, 0, 1) if question.options else ()
    made = replace(GOOD, questions=(question,))
    (item,), missing = papers.marked(made, (Item(question.code, order),), {question.code: typed})
    assert (item.right, bool(missing)) == (right, right is None)
    assert papers.paper([item.plain()]) == (item,)


def test_nobody_passes_by_rounding() -> None:
    terms = Terms(passing=80)
    assert papers.passes(12, 15, terms)
    assert not papers.passes(11, 14, terms)
    assert papers.percent(11, 14) == 78
    assert not papers.passes(0, 0, terms)


def test_after_so_many_failed_tries_one_waits() -> None:
    terms, at = Terms(tries=2, wait_hours=24), datetime(2026, 11, 23, tzinfo=UTC)
    later = at + timedelta(hours=1)
    assert papers.next_try_at([], terms) is None
    assert papers.next_try_at([at], terms) is None
    assert papers.next_try_at([at, later], terms) == later + timedelta(hours=24)
    assert papers.next_try_at([at, later, later], terms) is None


def test_a_certificate_holds_through_its_last_day() -> None:
    assert certificates.last_date(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert certificates.last_date(date(2026, 12, 31), 24) == date(2028, 12, 31)
    assert certificates.last_date(date(2026, 1, 1), 0) is None
    until = date(2026, 11, 23)
    assert certificates.state(until=until, revoked=False, today=until) is State.VALID
    assert certificates.state(until=until, revoked=False, today=until + timedelta(days=1)) is State.EXPIRED
    assert certificates.state(until=until, revoked=True, today=until) is State.REVOKED


def test_a_question_that_those_who_know_answer_wrongly_is_found() -> None:
    tests = []
    for number in range(40):
        knows = number % 2 == 0
        tests.append(
            [("good", knows), ("bad", not knows), ("easy", True), *((f"r{one}", knows) for one in range(4))]
        )
    found = statistics.figures(tests)
    assert found["good"].discrimination is not None
    assert found["good"].discrimination > 0.9
    assert found["bad"].advice is Advice.MISLEADS
    assert found["easy"].advice is Advice.TOO_EASY
    few = statistics.figures(tests[:9])
    assert (few["good"].share, few["good"].discrimination) == (None, None)


def test_terms_say_what_is_kept_of_a_course() -> None:
    assert course_file.read(course_file.plain(GOOD)) == GOOD


@pytest.mark.parametrize(
    "typed", ["1e999999999", "-1E+999999999", "0e999999999", "9" * 16, "NaN", "Infinity"]
)
def test_a_number_beyond_all_bounds_is_no_answer(typed: str) -> None:
    assert papers.number(typed) is None
    assert course_file.exact(typed) is None
    assert papers.number("999999999999999.5") is not None
