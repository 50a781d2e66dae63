"""A test: which questions are drawn, in which order their options stand, and which answers are right. Pure."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from linli.training.rules.course import CHOSEN, Course, Kind, Question, Terms
from linli.training.rules.course_file import exact

NUMBER_MOST = 30  # characters of a number that somebody types
TRUE, FALSE = "true", "false"
_SIGNS = str.maketrans("", "", ",，%％ \u3000")


@dataclass(frozen=True, slots=True)
class Item:
    """A question as it was drawn: ``order`` says which option stands where; ``given`` what was answered, once it was.

    ``given`` holds places among the question's own options (of `ordering`: as they were put), or the one thing typed.
    """

    question: str
    order: tuple[int, ...] = ()
    given: tuple[str, ...] | None = None
    right: bool | None = None

    def plain(self) -> list[Any]:
        """As it is kept."""
        return [self.question, list(self.order), None if self.given is None else list(self.given), self.right]


Paper = tuple[Item, ...]


def paper(kept: Sequence[Sequence[Any]]) -> Paper:
    """A test as it was kept."""
    return tuple(
        Item(question, tuple(order), None if given is None else tuple(given), right)
        for question, order, given, right in kept
    )


def draw(course: Course, *, questions: int, seed: int) -> Paper:
    """So many questions from all lessons as evenly as can be, and their options in a mixed order.

    The same course and seed give the same test.
    """
    chance = Random(seed)  # noqa: S311  (whoever could guess it would still have to know the answers)
    by_lesson: dict[str, list[Question]] = defaultdict(list)
    for one in course.asked:
        by_lesson[one.lesson].append(one)
    heaps = [by_lesson[lesson] for lesson in sorted(by_lesson)]
    for heap in heaps:
        chance.shuffle(heap)
    chance.shuffle(heaps)
    drawn: list[Question] = []
    while len(drawn) < questions and any(heaps):
        for heap in heaps:
            if heap and len(drawn) < questions:
                drawn.append(heap.pop())
    chance.shuffle(drawn)
    return tuple(Item(one.code, _order(one, chance)) for one in drawn)


def _order(question: Question, chance: Random) -> tuple[int, ...]:
    places = list(range(len(question.options)))
    chance.shuffle(places)
    if question.kind is Kind.ORDERING and places == sorted(places):
        places.reverse()  # what stands in the right order already asks nothing
    return tuple(places)


def answered(question: Question, order: Sequence[int], typed: Sequence[str]) -> tuple[str, ...] | None:
    """What somebody sent for a question, brought to the one form in which it is kept; None for no whole answer.

    What is sent tells of the options as they were shown, so that no page gives away the bank's own order.

    :param order: which option was shown where.
    :param typed: the numbers of the options chosen, from 1, as they were shown; of `ordering` for each option shown the
        place it is put at; of the others the one thing typed.
    """
    if question.kind in CHOSEN:
        shown = {int(one) for one in typed if one in _numbers(len(order))}
        if not shown or (question.kind is Kind.SINGLE and len(shown) > 1):
            return None
        return tuple(str(one) for one in sorted(order[number - 1] for number in shown))
    if question.kind is Kind.ORDERING:
        if sorted(typed) != _numbers(len(order)):
            return None
        at = {int(place): str(option) for option, place in zip(order, typed, strict=True)}
        return tuple(at[place] for place in sorted(at))
    one = typed[0].strip() if typed else ""
    if question.kind is Kind.TRUE_FALSE:
        return (one,) if one in (TRUE, FALSE) else None
    return (one[:NUMBER_MOST],) if number(one) is not None else None


def _numbers(many: int) -> list[str]:
    return [str(number) for number in range(1, many + 1)]


def number(typed: str) -> Decimal | None:
    """A number as people type it: full-width digits, thousands' commas and a percent sign are fine."""
    if len(typed) > NUMBER_MOST:
        return None
    return exact(unicodedata.normalize("NFKC", typed).translate(_SIGNS).replace("−", "-"))


def is_right(question: Question, given: Sequence[str]) -> bool:
    """Whether an answer is right as a whole."""
    if question.kind in CHOSEN:
        return {int(one) for one in given} == set(question.right)
    if question.kind is Kind.ORDERING:
        return [int(one) for one in given] == list(range(len(question.options)))
    if question.kind is Kind.TRUE_FALSE:
        return given[0] == (TRUE if question.holds else FALSE)
    typed = number(given[0])
    return (
        typed is not None and question.value is not None and abs(typed - question.value) <= question.tolerance
    )


def solved(question: Question, order: Sequence[int], *, right: bool = True) -> list[str]:
    """What one would send to answer a question rightly, or wrongly: for the demo and for tests."""
    if question.kind is Kind.TRUE_FALSE:
        return [TRUE if question.holds is right else FALSE]
    if question.kind is Kind.NUMBER:
        value = question.value or Decimal(0)
        return [str(value if right else value + question.tolerance + 1)]
    if question.kind is Kind.ORDERING:
        return [str(place + 1 if right else len(order) - place) for place in order]
    wanted = [number for number, place in enumerate(order, start=1) if (place in question.right) is right]
    return [str(number) for number in (wanted if right else wanted[:1])]


def marked(course: Course, drawn: Paper, typed: Mapping[str, Sequence[str]]) -> tuple[Paper, tuple[str, ...]]:
    """The test with its answers, and the questions that have none yet.

    :param typed: what was sent, by the code of the question.
    """
    done, open_ = [], []
    for item in drawn:
        question = course.question(item.question)
        given = answered(question, item.order, typed.get(item.question, ())) if question else None
        if question is None or given is None:
            open_.append(item.question)
            done.append(item)
        else:
            done.append(replace(item, given=given, right=is_right(question, given)))
    return tuple(done), tuple(open_)


def percent(right: int, asked: int) -> int:
    """How much was right, in whole percent, rounded down: nobody passes by rounding."""
    return right * 100 // asked if asked else 0


def passes(right: int, asked: int, terms: Terms) -> bool:
    """Whether so many right answers are enough."""
    return asked > 0 and right * 100 >= terms.passing * asked


def next_try_at(failed: Sequence[datetime], terms: Terms) -> datetime | None:
    """From when on one may try again; None for at once.

    :param failed: when one failed since one last passed, in order.
    """
    if not failed or len(failed) % terms.tries:
        return None
    return failed[-1] + timedelta(hours=terms.wait_hours)
