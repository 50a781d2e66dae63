"""A course: its lessons, its bank of questions, its terms; and what must be right about them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum

from linli.kernel.access import STAFF_ROLES
from linli.kernel.refusals import Wrong
from linli.training.rules import handbook
from linli.training.rules.said import Said

LESSONS_MOST, QUESTIONS_MOST, DRAWN_MOST = 40, 500, 50
OPTIONS_LEAST, OPTIONS_MOST = 2, 8
ASK_MOST, OPTION_MOST, EXPLAIN_MOST, ABOUT_MOST, UNIT_MOST = 1000, 300, 1500, 600, 20


class Kind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    NUMBER = "number"
    ORDERING = "ordering"


CHOSEN = frozenset({Kind.SINGLE, Kind.MULTIPLE})


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson: a page of the handbook (``page``), or words of its own."""

    code: str
    title: Said
    page: str = ""
    words: Said = Said()


@dataclass(frozen=True, slots=True)
class Question:
    """A question, its answer, why, and the lesson in which it is explained.

    :param options: of `single` and `multiple`; of `ordering` in the right order.
    :param right: places among the options, from 0.
    :param holds: of `true_false`.
    :param value: of `number`; an answer is right when it is no further from it than ``tolerance``.
    """

    code: str
    kind: Kind
    lesson: str
    ask: Said
    explain: Said
    options: tuple[Said, ...] = ()
    right: tuple[int, ...] = ()
    holds: bool | None = None
    value: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    unit: Said = Said()
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """How a course is tested, and of whom it is expected.

    :param questions: how many are drawn.
    :param passing: percent that must be right.
    :param tries: failed ones in a row, after which one waits.
    :param wait_hours: how long one waits then.
    :param valid_months: of the certificate; 0: without an end.
    :param roles: who is expected to hold it.
    """

    questions: int = 10
    passing: int = 80
    tries: int = 3
    wait_hours: int = 24
    valid_months: int = 24
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """A course as it is written."""

    code: str
    title: Said
    about: Said = Said()
    lessons: tuple[Lesson, ...] = ()
    questions: tuple[Question, ...] = ()
    terms: Terms = Terms()

    def lesson(self, code: str) -> Lesson | None:
        """A lesson by its code."""
        return next((one for one in self.lessons if one.code == code), None)

    def question(self, code: str) -> Question | None:
        """A question by its code."""
        return next((one for one in self.questions if one.code == code), None)

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that can be drawn."""
        return tuple(one for one in self.questions if not one.retired)


#: The bounds of the terms, both included.
BOUNDS = {
    "questions": (1, DRAWN_MOST),
    "passing": (1, 100),
    "tries": (1, 20),
    "wait_hours": (0, 720),
    "valid_months": (0, 120),
}
TERM_FIELDS = tuple(one.name for one in fields(Terms))
Personal = Callable[[str], bool]


def faults(course: Course, *, pages: Collection[str], personal: Personal) -> tuple[Wrong, ...]:
    """Everything that keeps a course from being published; fields are paths such as ``questions[3].options``.

    :param pages: the codes of the handbook's pages.
    :param personal: whether a text holds numbers of persons.
    """
    return (
        *head_faults(course, personal=personal),
        *_lessons(course, pages, personal),
        *_questions(course, personal),
        *term_faults(course.terms, len(course.asked)),
    )


def head_faults(course: Course, *, personal: Personal) -> tuple[Wrong, ...]:
    """What is wrong with the course's name and what it says of itself."""
    found = [] if handbook.is_slug(course.code) else [Wrong("code", "not_a_code")]
    found += _said("title", course.title, handbook.TITLE_MOST, personal, needed=True)
    found += _said("about", course.about, ABOUT_MOST, personal, needed=False)
    return tuple(found)


def term_faults(terms: Terms, bank: int) -> tuple[Wrong, ...]:
    """What is wrong with terms for a bank of so many questions."""
    found = []
    for name, (least, most) in BOUNDS.items():
        if not least <= getattr(terms, name) <= most:
            found.append(Wrong(f"terms.{name}", "out_of_bounds", f"{least}–{most}"))
    if terms.questions > bank:
        found.append(Wrong("terms.questions", "more_than_there_are", str(bank)))
    if set(terms.roles) - STAFF_ROLES:
        found.append(Wrong("terms.roles", "unknown_role"))
    return tuple(found)


def lesson_faults(lesson: Lesson, *, pages: Collection[str], personal: Personal) -> tuple[Wrong, ...]:
    """What is wrong with one lesson."""
    found = [] if handbook.is_slug(lesson.code) else [Wrong("code", "not_a_code")]
    found += _said("title", lesson.title, handbook.TITLE_MOST, personal, needed=True)
    if lesson.page and lesson.page not in pages:
        found.append(Wrong("page", "no_such_page"))
    if lesson.page and (lesson.words.zh or lesson.words.en):
        found.append(Wrong("page", "page_or_words"))
    if not lesson.page:
        found += _said("words", lesson.words, handbook.WORDS_MOST, personal, needed=True)
    return tuple(found)


def question_faults(question: Question, *, lessons: Collection[str], personal: Personal) -> tuple[Wrong, ...]:
    """What is wrong with one question."""
    found = [] if handbook.is_slug(question.code) else [Wrong("code", "not_a_code")]
    found += _said("ask", question.ask, ASK_MOST, personal, needed=True)
    found += _said("explain", question.explain, EXPLAIN_MOST, personal, needed=True)
    found += _said("unit", question.unit, UNIT_MOST, personal, needed=False)
    if question.lesson not in lessons:
        found.append(Wrong("lesson", "no_such_lesson"))
    if question.kind is Kind.TRUE_FALSE:
        found += [Wrong("holds", "missing")] if question.holds is None else []
    elif question.kind is Kind.NUMBER:
        found += _number(question)
    else:
        found += _options(question, personal)
    return tuple(found)


def _number(question: Question) -> Iterator[Wrong]:
    if question.value is None or not question.value.is_finite():
        yield Wrong("value", "not_a_number")
    if not question.tolerance.is_finite() or question.tolerance < 0:
        yield Wrong("tolerance", "not_a_number")


def _options(question: Question, personal: Personal) -> Iterator[Wrong]:
    options = question.options
    least = 3 if question.kind is Kind.ORDERING else OPTIONS_LEAST
    if not least <= len(options) <= OPTIONS_MOST:
        yield Wrong("options", "out_of_bounds", f"{least}–{OPTIONS_MOST}")
    if len({one.zh for one in options}) < len(options):
        yield Wrong("options", "twice")
    if len({bool(one.en) for one in options}) > 1:
        yield Wrong("options", "half_english")
    for one in options:
        yield from _said("options", one, OPTION_MOST, personal, needed=True)
    if question.kind is Kind.ORDERING:
        return
    right = set(question.right)
    if not right or not right <= set(range(len(options))):
        yield Wrong("right", "none_is_right")
    elif question.kind is Kind.SINGLE and len(right) > 1:
        yield Wrong("right", "one_alone")


def _lessons(course: Course, pages: Collection[str], personal: Personal) -> Iterator[Wrong]:
    if not 1 <= len(course.lessons) <= LESSONS_MOST:
        yield Wrong("lessons", "out_of_bounds", f"1–{LESSONS_MOST}")
    yield from _twice("lessons", [one.code for one in course.lessons])
    for number, lesson in enumerate(course.lessons, start=1):
        for wrong in lesson_faults(lesson, pages=pages, personal=personal):
            yield Wrong(f"lessons[{number}].{wrong.field}", wrong.code, wrong.limit)


def _questions(course: Course, personal: Personal) -> Iterator[Wrong]:
    if not 1 <= len(course.questions) <= QUESTIONS_MOST:
        yield Wrong("questions", "out_of_bounds", f"1–{QUESTIONS_MOST}")
    yield from _twice("questions", [one.code for one in course.questions])
    lessons = {one.code for one in course.lessons}
    for number, question in enumerate(course.questions, start=1):
        for wrong in question_faults(question, lessons=lessons, personal=personal):
            yield Wrong(f"questions[{number}].{wrong.field}", wrong.code, wrong.limit)


def _twice(field: str, codes: list[str]) -> Iterator[Wrong]:
    for number, code in enumerate(codes, start=1):
        if code in codes[: number - 1]:
            yield Wrong(f"{field}[{number}].code", "twice")


def _said(field: str, said: Said, most: int, personal: Personal, *, needed: bool) -> Iterator[Wrong]:
    if needed and not said.zh.strip():
        yield Wrong(f"{field}_zh", "missing")
    for name, words in ((f"{field}_zh", said.zh), (f"{field}_en", said.en)):
        if len(words) > most:
            yield Wrong(name, "too_long", str(most))
        if personal(words):
            yield Wrong(name, "personal")
