"""Lessons and questions of a draft, one by one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.grids.rows import PlaceRow
from linli.kernel.access import NotFound, policy
from linli.kernel.refusals import Refused
from linli.people.pages.ways import Asked
from linli.training import showing, words
from linli.training.actions import courses as actions
from linli.training.forms import WriteLesson, WriteQuestion, initial_of
from linli.training.pages.asked import KEEPERS, done, keeping, link
from linli.training.queries import courses
from linli.training.queries import handbook as pages
from linli.training.rules import course_file
from linli.training.rules.course import Course, Lesson, Question
from linli.training.rules.said import Said

#: The fields of the form of a question for those of its faults.
QUESTION_FIELDS = {"options": "options_zh", "options_zh": "options_zh", "right": "options_zh"}


@policy("training.new_lesson", who=KEEPERS)
@require_http_methods(["GET", "POST"])
def new_lesson(request: Asked, code: str) -> HttpResponse:
    """Another lesson of a draft."""
    return _lesson(request, code, "")


@policy("training.edit_lesson", who=KEEPERS)
@require_http_methods(["GET", "POST"])
def lesson(request: Asked, code: str, lesson_code: str) -> HttpResponse:
    """One lesson of a draft."""
    return _lesson(request, code, lesson_code)


def _lesson(request: Asked, code: str, lesson_code: str) -> HttpResponse:
    community, kept = keeping(request)
    version, course = _draft(community.id, code)
    found = course.lesson(lesson_code) if lesson_code else Lesson("", Said())
    if found is None:
        raise NotFound
    listed = [(row.slug, showing.spoken(row.sheet.title)) for row in pages.pages(community.id)]
    initial: dict[str, Any] = {"version": version, "code": found.code, "page": found.page}
    for name, said in (("title", found.title), ("words", found.words)):
        initial |= {f"{name}_zh": said.zh, f"{name}_en": said.en}
    form = WriteLesson(request.POST or None, pages=listed, initial=initial)
    if request.method == "POST" and done(
        form,
        lambda: actions.write_lesson(
            actor=request.actor,
            community_id=community.id,
            code=code,
            lesson=form.lesson(),
            was=lesson_code,
            version=form.cleaned_data["version"] or 0,
            at=request.now,
        ),
    ):
        messages.success(request, _("Kept as a draft."))
        return redirect(link("edit", community, code))
    context = {
        "community": community,
        "kept": kept,
        "course": course,
        "form": form,
        "lesson": lesson_code,
        "version": version,
    }
    return render(request, "training/edit_lesson.html", context, status=422 if form.errors else 200)


@policy("training.new_question", who=KEEPERS)
@require_http_methods(["GET", "POST"])
def new_question(request: Asked, code: str) -> HttpResponse:
    """Another question of a draft."""
    return _question(request, code, "")


@policy("training.edit_question", who=KEEPERS)
@require_http_methods(["GET", "POST"])
def question(request: Asked, code: str, question_code: str) -> HttpResponse:
    """One question of a draft."""
    return _question(request, code, question_code)


def _question(request: Asked, code: str, question_code: str) -> HttpResponse:
    community, kept = keeping(request)
    version, course = _draft(community.id, code)
    found = course.question(question_code) if question_code else None
    if question_code and found is None:
        raise NotFound
    listed = [(one.code, showing.spoken(one.title)) for one in course.lessons]
    initial = {**(initial_of(found) if found else {}), "version": version}
    form = WriteQuestion(request.POST or None, lessons=listed, initial=initial)
    if request.method == "POST" and done(
        form, lambda: _write_question(request, community, code, question_code, form), fields=QUESTION_FIELDS
    ):
        messages.success(request, _("Kept as a draft."))
        return redirect(link("edit", community, code))
    context = {
        "community": community,
        "kept": kept,
        "course": course,
        "form": form,
        "question": question_code,
        "version": version,
    }
    return render(request, "training/edit_question.html", context, status=422 if form.errors else 200)


def _write_question(
    request: Asked, community: PlaceRow, code: str, was: str, form: WriteQuestion
) -> Question:
    made = form.question()
    actions.write_question(
        actor=request.actor,
        community_id=community.id,
        code=code,
        question=made,
        was=was,
        version=form.cleaned_data["version"] or 0,
        at=request.now,
    )
    return made


@policy("training.drop_part", who=KEEPERS)
@require_POST
def drop_part(request: Asked, code: str) -> HttpResponse:
    """Take a lesson or a question out of a draft."""
    community, _kept = keeping(request)
    version, _course = _draft(community.id, code)
    part = "lesson" if request.POST.get("lesson") else "question"
    try:
        actions.drop_part(
            actor=request.actor,
            community_id=community.id,
            code=code,
            part=part,
            which=request.POST.get(part, ""),
            version=version,
            at=request.now,
        )
    except Refused as refused:
        messages.error(request, words.fault(refused.wrongs[0].code))
    return redirect(link("edit", community, code))


def _draft(community_id: int, code: str) -> tuple[int, Course]:
    row = courses.draft(community_id, code)
    if row is None:
        raise NotFound
    return row.version, course_file.read(row.content)
