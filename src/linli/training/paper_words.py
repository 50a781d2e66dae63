"""A test as its page shows it: questions with their options in the drawn order, and afterwards what was right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import pgettext

from linli.training import words
from linli.training.rules import papers
from linli.training.rules.course import CHOSEN, Course, Kind, Question
from linli.training.rules.papers import Item
from linli.training.rules.said import Said
from linli.training.showing import spoken


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a question: the value that is sent for it, whether it is chosen and right, at which place it was put."""

    value: str
    words: str
    chosen: bool = False
    right: bool = False
    put: str = ""


@dataclass(frozen=True, slots=True)
class AskedItem:
    """A question of a test that is being answered."""

    question: Question
    name: str
    how: str
    options: tuple[Option, ...]
    typed: str
    missing: bool


@dataclass(frozen=True, slots=True)
class ReviewedItem:
    """A question of a test that was handed in."""

    question: Question
    right: bool
    options: tuple[Option, ...]
    given: str
    wanted: str
    lesson: Said | None


def field(code: str) -> str:
    """The name of a question's field in the form."""
    return f"q.{code}"


def asked(course: Course, item: Item, typed: Sequence[str], *, missing: bool) -> AskedItem:
    """A question to be answered; ``typed`` is what was sent for it before something else was missing."""
    question = _question(course, item)
    if question.kind is Kind.ORDERING:
        sent = list(typed) + [""] * (len(question.options) - len(typed))
        options = tuple(
            Option(f"{field(question.code)}.{number}", spoken(question.options[place]), put=sent[number])
            for number, place in enumerate(item.order)
        )
    else:
        options = tuple(
            Option(value, one.words, value in typed)
            for number, one in enumerate(_options(question, item.order), start=1)
            for value in [one.value if question.kind is Kind.TRUE_FALSE else str(number)]
        )
    return AskedItem(
        question=question,
        name=field(question.code),
        how=str(words.KINDS[question.kind]),
        options=options,
        typed=typed[0] if typed else "",
        missing=missing,
    )


def reviewed(course: Course, item: Item) -> ReviewedItem:
    """A question with what was answered, what is right, and the lesson in which it is explained."""
    question = _question(course, item)
    given = item.given or ()
    right = [str(place) for place in question.right]
    if question.kind is Kind.TRUE_FALSE:
        right = [papers.TRUE if question.holds else papers.FALSE]
    lesson = course.lesson(question.lesson)
    return ReviewedItem(
        question=question,
        right=bool(item.right),
        options=tuple(
            Option(one.value, one.words, one.value in given, one.value in right)
            for one in _options(question, item.order)
        ),
        given=_told(question, given),
        wanted=_told(question, _wanted(question)),
        lesson=lesson.title if lesson else None,
    )


def _question(course: Course, item: Item) -> Question:
    found = course.question(item.question)
    if found is None:
        raise LookupError(
            f"a test asks {item.question}, which its own version of {course.code} does not know"
        )
    return found


def _options(question: Question, order: Sequence[int]) -> list[Option]:
    if question.kind is Kind.TRUE_FALSE:
        return [
            Option(papers.TRUE, pgettext("training", "True")),
            Option(papers.FALSE, pgettext("training", "False")),
        ]
    if question.kind in CHOSEN:
        return [Option(str(place), spoken(question.options[place])) for place in order]
    return []


def _wanted(question: Question) -> tuple[str, ...]:
    if question.kind is Kind.ORDERING:
        return tuple(str(place) for place in range(len(question.options)))
    return (str(question.value),) if question.kind is Kind.NUMBER else ()


def _told(question: Question, given: Sequence[str]) -> str:
    """A number with its unit, or what was put in order; choices stand in the list of options."""
    if question.kind is Kind.NUMBER and given:
        return f"{given[0]} {spoken(question.unit)}".strip()
    if question.kind is Kind.ORDERING:
        return " → ".join(spoken(question.options[int(place)]) for place in given)
    return ""
