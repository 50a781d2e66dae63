"""Courses: written as drafts or brought as a file, published, and the terms on which a community tests them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from linli.kernel import audit
from linli.kernel.access import Actor, NotFound
from linli.kernel.refusals import Outdated, Refused, Wrong
from linli.training import access
from linli.training.actions.handbook import checked_reason, personal
from linli.training.models import CourseDraft, CourseTerms, CourseVersion
from linli.training.queries import courses, handbook
from linli.training.rules import course as rules
from linli.training.rules import course_file
from linli.training.rules.course import Course, Lesson, Question, Terms

COURSES_MOST = 50
Part = TypeVar("Part", bound=Lesson | Question)


def write_course(
    *, actor: Actor, community_id: int, course: Course, version: int, at: datetime
) -> CourseDraft:
    """Keep a whole course as a draft, in place of the draft that was there.

    :param version: of the draft that was looked at; 0 where there was none.
    :raises NotFound, Forbidden: see `access.require_keeper`.
    :raises Refused: each fault with its path, see `course.faults`; how much there is matters only when it is published.
    :raises Outdated: another version stands by now.
    """
    access.require_keeper(actor, community_id)
    wrongs = [
        wrong
        for wrong in rules.faults(course, pages=handbook.slugs(community_id), personal=personal)
        if not wrong.field.startswith("terms") and wrong.field not in ("lessons", "questions")
    ]
    if wrongs:
        raise Refused(*wrongs)
    with transaction.atomic():
        row = _locked(community_id, course.code)
        if (row.version if row else 0) != version:
            raise Outdated
        if row is None:
            _room_for_more(community_id, course.code)
        return _keep(actor, community_id, row, course, at)


def begin_draft(*, actor: Actor, community_id: int, code: str, at: datetime) -> CourseDraft:
    """Begin to write a course anew from what is offered now; the draft that is there, if one is.

    :raises NotFound, Forbidden: see `access.require_keeper`; there is no such course.
    """
    access.require_keeper(actor, community_id)
    with transaction.atomic():
        row = _locked(community_id, code)
        if row is not None:
            return row
        offered = courses.course(community_id, code, every=True)
        return _keep(actor, community_id, None, offered.course, at, based_on=offered.shipped)


def write_lesson(
    *, actor: Actor, community_id: int, code: str, lesson: Lesson, was: str, version: int, at: datetime
) -> CourseDraft:
    """Keep one lesson of a draft: a new one at the end, or in the place of the one whose code it ``was``.

    :raises NotFound, Forbidden: see `access.require_keeper`; no draft, no such lesson.
    :raises Refused: see `course.lesson_faults`; code: twice.
    :raises Outdated: another version stands by now.
    """
    wrongs = rules.lesson_faults(lesson, pages=handbook.slugs(community_id), personal=personal)
    with transaction.atomic():
        row, course = _editable(actor, community_id, code, version)
        held = _put(course.lessons, lesson, was, wrongs)
        moved = tuple(
            replace(one, lesson=lesson.code) if was and one.lesson == was else one for one in course.questions
        )
        return _keep(actor, community_id, row, replace(course, lessons=held, questions=moved), at)


def write_question(
    *, actor: Actor, community_id: int, code: str, question: Question, was: str, version: int, at: datetime
) -> CourseDraft:
    """Keep one question of a draft: a new one at the end, or in the place of the one whose code it ``was``.

    :raises NotFound, Forbidden: see `access.require_keeper`; no draft, no such question.
    :raises Refused: see `course.question_faults`; code: twice.
    :raises Outdated: another version stands by now.
    """
    with transaction.atomic():
        row, course = _editable(actor, community_id, code, version)
        lessons = {one.code for one in course.lessons}
        wrongs = rules.question_faults(question, lessons=lessons, personal=personal)
        held = _put(course.questions, question, was, wrongs)
        return _keep(actor, community_id, row, replace(course, questions=held), at)


def drop_part(
    *, actor: Actor, community_id: int, code: str, part: str, which: str, version: int, at: datetime
) -> CourseDraft:
    """Take a lesson or a question (``part``) out of a draft.

    :raises NotFound, Forbidden, Outdated: as for `write_lesson`.
    :raises Refused: lesson: has_questions.
    """
    with transaction.atomic():
        row, course = _editable(actor, community_id, code, version)
        if part == "lesson" and any(one.lesson == which for one in course.questions):
            raise Refused(Wrong("lesson", "has_questions"))
        if part == "lesson":
            course = replace(course, lessons=tuple(one for one in course.lessons if one.code != which))
        else:
            course = replace(course, questions=tuple(one for one in course.questions if one.code != which))
        return _keep(actor, community_id, row, course, at)


def drop_draft(*, actor: Actor, community_id: int, code: str, at: datetime) -> None:
    """Throw a draft away; what is offered stays. Twice changes nothing.

    :raises NotFound, Forbidden: see `access.require_keeper`.
    """
    access.require_keeper(actor, community_id)
    with transaction.atomic():
        if CourseDraft.objects.filter(community_id=community_id, code=code).delete()[0]:
            _record(actor, "training.drop_course_draft", community_id, code, at, {})


def publish_course(
    *, actor: Actor, community_id: int, code: str, version: int, reason: str, key: UUID, at: datetime
) -> CourseVersion:
    """Offer the draft from now on. The same key again gives what it made the first time.

    Tests under way go on with the version they began with.

    :raises NotFound, Forbidden: see `access.require_keeper`; there is no draft.
    :raises Refused: reason: missing, too_long, personal; see `course.faults`.
    :raises Outdated: the draft was changed in the meantime.
    """
    access.require_keeper(actor, community_id)
    said = checked_reason(reason)
    with transaction.atomic():
        known = CourseVersion.objects.filter(community_id=community_id, key=key).first()
        if known is not None:
            return known
        row, course = _editable(actor, community_id, code, version)
        wrongs = rules.faults(course, pages=handbook.slugs(community_id), personal=personal)
        if wrongs:
            raise Refused(*wrongs)
        made = CourseVersion.objects.create(
            community_id=community_id,
            code=code,
            number=next_number(community_id, code),
            key=key,
            content=course_file.plain(course),
            based_on=row.based_on,
            reason=said,
            published_at=at,
            published_by_id=actor.account_id,
        )
        row.delete()
        _record(actor, "training.publish_course", community_id, code, at, {"number": made.number})
    return made


def set_terms(
    *, actor: Actor, community_id: int, code: str, terms: Terms, offered: bool, at: datetime
) -> CourseTerms | None:
    """Test a course on these terms from now on, expect it of these roles, or offer it no longer; None: as it was.

    Certificates keep the day they were given; tests under way keep what they ask.

    :raises NotFound, Forbidden: see `access.require_keeper`; there is no such course.
    :raises Refused: see `course.term_faults`.
    """
    access.require_keeper(actor, community_id)
    row = courses.course(community_id, code, every=True)
    wrongs = rules.term_faults(terms, len(row.course.asked))
    if wrongs:
        raise Refused(*wrongs)
    if row.terms == terms and row.offered == offered:
        return None
    held = {name: getattr(terms, name) for name in rules.TERM_FIELDS} | {"roles": list(terms.roles)}
    with transaction.atomic():
        made = CourseTerms.objects.create(
            community_id=community_id,
            code=code,
            offered=offered,
            set_at=at,
            set_by_id=actor.account_id,
            **held,
        )
        _record(actor, "training.set_terms", community_id, code, at, {**held, "offered": offered})
    return made


def next_number(community_id: int, code: str) -> int:
    """The number of the next version of a course here."""
    last = CourseVersion.objects.filter(community_id=community_id, code=code).order_by("-number").first()
    return last.number + 1 if last else 1


def _locked(community_id: int, code: str) -> CourseDraft | None:
    return CourseDraft.objects.select_for_update().filter(community_id=community_id, code=code).first()


def _editable(actor: Actor, community_id: int, code: str, version: int) -> tuple[CourseDraft, Course]:
    access.require_keeper(actor, community_id)
    row = _locked(community_id, code)
    if row is None:
        raise NotFound
    if row.version != version:
        raise Outdated
    return row, course_file.read(row.content)


def _put(held: Iterable[Part], part: Part, was: str, wrongs: Sequence[Wrong]) -> tuple[Part, ...]:
    """The parts with this one in them.

    :raises NotFound: there is none of the code that it was.
    :raises Refused: what is wrong with it; code: twice.
    """
    listed = list(held)
    codes = [one.code for one in listed]
    if was and was not in codes:
        raise NotFound
    if part.code != was and part.code in codes:
        wrongs = [*wrongs, Wrong("code", "twice")]
    if wrongs:
        raise Refused(*wrongs)
    if was:
        return tuple(part if one.code == was else one for one in listed)
    return (*listed, part)


def _keep(
    actor: Actor,
    community_id: int,
    row: CourseDraft | None,
    course: Course,
    at: datetime,
    *,
    based_on: int = 0,
) -> CourseDraft:
    if row is None:
        row = CourseDraft(community_id=community_id, code=course.code, based_on=based_on, version=0)
    row.content = course_file.plain(course)
    row.version, row.changed_at, row.changed_by_id = row.version + 1, at, actor.account_id
    row.save()
    _record(actor, "training.write_course", community_id, course.code, at, {"version": row.version})
    return row


def _room_for_more(community_id: int, code: str) -> None:
    known = {row.code for row in courses.courses(community_id, every=True)}
    known |= set(CourseDraft.objects.filter(community_id=community_id).values_list("code", flat=True))
    if code not in known and len(known) >= COURSES_MOST:
        raise Refused(Wrong("code", "too_many", str(COURSES_MOST)))


def _record(
    actor: Actor, verb: str, community_id: int, code: str, at: datetime, detail: dict[str, object]
) -> None:
    audit.record(
        community_id=community_id, actor=actor, verb=verb, object=f"course:{code}", at=at, detail=detail
    )
