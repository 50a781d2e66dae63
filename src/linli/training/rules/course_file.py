"""A course as one file: plain values (JSON, or TOML where people write it) read into a course and back. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from linli.kernel.refusals import Refused, Wrong
from linli.training.rules.course import TERM_FIELDS, Course, Kind, Lesson, Question, Terms
from linli.training.rules.said import Said

HEAD = frozenset(
    {"format", "code", "title_zh", "title_en", "about_zh", "about_en", "terms", "lessons", "questions"}
)
LESSON = frozenset({"code", "title_zh", "title_en", "page", "words_zh", "words_en"})
QUESTION = frozenset(
    {
        "code", "kind", "lesson", "ask_zh", "ask_en", "explain_zh", "explain_en", "options_zh", "options_en",
        "right", "holds", "value", "tolerance", "unit_zh", "unit_en", "retired",
    }
)  # fmt: skip
FORMAT = "linli.course/1"
DIGITS_MOST = 15
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _At:
    """A table of the file, and where it stands; what is wrong names its path."""

    held: Mapping[str, Any]
    path: str
    wrongs: list[Wrong]

    def bad(self, name: str, code: str) -> None:
        self.wrongs.append(Wrong(f"{self.path}{name}", code))

    def only(self, known: frozenset[str]) -> None:
        for name in self.held:
            if name not in known:
                self.bad(str(name)[:60], "unknown_field")

    def get(self, name: str, kind: type[T], otherwise: T) -> T:
        value = self.held.get(name, otherwise)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.bad(name, "wrong_type")
            return otherwise
        return value

    def said(self, name: str) -> Said:
        return Said(self.get(f"{name}_zh", str, "").strip(), self.get(f"{name}_en", str, "").strip())

    def strings(self, name: str) -> list[str]:
        held = self.get(name, list, [])
        if all(isinstance(one, str) for one in held):
            return [one.strip() for one in held]
        self.bad(name, "wrong_type")
        return []

    def tables(self, name: str, read: Callable[[_At], T]) -> tuple[T, ...]:
        found = []
        for number, one in enumerate(self.get(name, list, []), start=1):
            path = f"{self.path}{name}[{number}]."
            if isinstance(one, dict):
                found.append(read(_At(one, path, self.wrongs)))
            else:
                self.wrongs.append(Wrong(path.rstrip("."), "wrong_type"))
        return tuple(found)


def read(data: object) -> Course:
    """The course that a file says; whether it can be published `course.faults` tells.

    :raises Refused: what cannot be read as a course at all, each fault with its path.
    """
    if not isinstance(data, dict):
        raise Refused(Wrong("file", "wrong_type"))
    at = _At(data, "", [])
    at.only(HEAD)
    if at.get("format", str, FORMAT) != FORMAT:
        at.bad("format", "unknown_format")
    made = Course(
        code=at.get("code", str, ""),
        title=at.said("title"),
        about=at.said("about"),
        lessons=at.tables("lessons", _lesson),
        questions=at.tables("questions", _question),
        terms=_terms(_At(at.get("terms", dict, {}), "terms.", at.wrongs)),
    )
    if at.wrongs:
        raise Refused(*at.wrongs)
    return made


def _terms(at: _At) -> Terms:
    at.only(frozenset(TERM_FIELDS))
    usual = Terms()
    numbers = {
        one.name: at.get(one.name, int, getattr(usual, one.name))
        for one in fields(Terms)
        if one.name != "roles"
    }
    return Terms(**numbers, roles=tuple(at.strings("roles")))


def _lesson(at: _At) -> Lesson:
    at.only(LESSON)
    return Lesson(at.get("code", str, ""), at.said("title"), at.get("page", str, ""), at.said("words"))


def _question(at: _At) -> Question:
    at.only(QUESTION)
    kind = at.get("kind", str, "")
    if kind not in {one.value for one in Kind}:
        at.bad("kind", "unknown_kind")
    zh, en = at.strings("options_zh"), at.strings("options_en")
    if en and len(en) != len(zh):
        at.bad("options_en", "not_as_many")
        en = []
    return Question(
        code=at.get("code", str, ""),
        kind=Kind(kind) if kind in {one.value for one in Kind} else Kind.SINGLE,
        lesson=at.get("lesson", str, ""),
        ask=at.said("ask"),
        explain=at.said("explain"),
        options=tuple(Said(one, en[place] if en else "") for place, one in enumerate(zh)),
        right=tuple(_right(at)),
        holds=at.get("holds", bool, False) if "holds" in at.held else None,
        value=_number(at, "value"),
        tolerance=_number(at, "tolerance") or Decimal(0),
        unit=at.said("unit"),
        retired=at.get("retired", bool, False),
    )


def _right(at: _At) -> list[int]:
    """People count from one."""
    held = at.get("right", list, [])
    if all(isinstance(one, int) and not isinstance(one, bool) for one in held):
        return [one - 1 for one in held]
    at.bad("right", "wrong_type")
    return []


def _number(at: _At, name: str) -> Decimal | None:
    held = at.held.get(name)
    if held is None:
        return None
    found = exact(held)
    if found is None:
        at.bad(name, "not_a_number")
    return found


def exact(given: object) -> Decimal | None:
    """A number as it is written, exactly; None for what is none."""
    if isinstance(given, bool) or not isinstance(given, int | float | str | Decimal):
        return None
    try:
        found = Decimal(str(given).strip())
    except InvalidOperation:
        return None
    # By its digits before the point: reckoning with a number of a billion digits fails.
    return found if found.is_finite() and found.adjusted() < DIGITS_MOST else None


def plain(course: Course) -> dict[str, Any]:
    """The course as plain values, such as `read` takes."""
    return {
        "format": FORMAT,
        "code": course.code,
        **_both("title", course.title),
        **_both("about", course.about),
        "terms": {name: _listed(getattr(course.terms, name)) for name in TERM_FIELDS},
        "lessons": [_plain_lesson(one) for one in course.lessons],
        "questions": [_plain_question(one) for one in course.questions],
    }


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _both(name: str, said: Said) -> dict[str, str]:
    return {f"{name}_zh": said.zh} | ({f"{name}_en": said.en} if said.en else {})


def _plain_lesson(lesson: Lesson) -> dict[str, Any]:
    told = {"code": lesson.code, **_both("title", lesson.title)}
    return told | ({"page": lesson.page} if lesson.page else _both("words", lesson.words))


def _plain_question(question: Question) -> dict[str, Any]:
    told: dict[str, Any] = {"code": question.code, "kind": question.kind.value, "lesson": question.lesson}
    told |= _both("ask", question.ask) | _both("explain", question.explain)
    if question.options:
        told["options_zh"] = [one.zh for one in question.options]
        if question.options[0].en:
            told["options_en"] = [one.en for one in question.options]
    if question.right:
        told["right"] = [one + 1 for one in question.right]
    if question.holds is not None:
        told["holds"] = question.holds
    if question.value is not None:
        told |= {"value": str(question.value), "tolerance": str(question.tolerance)}
        told |= _both("unit", question.unit) if question.unit.zh else {}
    return told | ({"retired": True} if question.retired else {})
