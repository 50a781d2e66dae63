"""Courses at the desk of those who keep them: drafts, questions with their figures, files in and out, terms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.grids.rows import PlaceRow
from linli.kernel.access import NotFound, policy
from linli.kernel.refusals import Outdated, Refused
from linli.people.pages.ways import Asked
from linli.training import bringing, showing, words
from linli.training.actions import courses as actions
from linli.training.forms import (
    BringFile,
    Publish,
    SetTerms,
    WriteHead,
    WriteLesson,
    WriteQuestion,
    initial_of,
)
from linli.training.pages.common import KEEPERS, done, keeping, link, tell
from linli.training.queries import courses
from linli.training.queries import handbook as pages
from linli.training.rules import course_file
from linli.training.rules.course import TERM_FIELDS, Course, Lesson, Question
from linli.training.rules.said import Said

#: The fields of the form of a question for those of its faults.
QUESTION_FIELDS = {"options": "options_zh", "options_zh": "options_zh", "right": "options_zh"}


@policy("training.editing", who=KEEPERS)
@require_http_methods(["GET", "POST"])
def index(request: Asked) -> HttpResponse:
    """All courses of a community, offered or not, and those that are being written; one begun, or brought as a file."""
    community, kept = keeping(request)
    which = request.POST.get("form", "") if request.method == "POST" else ""
    head = WriteHead(request.POST if which == "head" else None)
    file = _file_form(request, which)
    if which == "head" and done(head, lambda: _begin(request, community, head)):
        return redirect(link("edit", community, head.cleaned_data["code"]))
    if which == "file":
        code = _brought(request, community, file)
        if code:
            messages.success(request, _("Kept as a draft. Look it through, then publish it."))
            return redirect(link("edit", community, code))
    drafts = courses.drafts(community.id)
    rows = courses.courses(community.id, every=True)
    offered = {row.code for row in rows}
    context = {
        "community": community,
        "kept": kept,
        "rows": [(row, row.code in drafts) for row in rows],
        "new": [course for code, course in drafts.items() if code not in offered],
        "head": head,
        "file": file,
    }
    wrong = bool(head.errors or file.errors)
    return render(request, "training/editing.html", context, status=422 if wrong else 200)


def _file_form(request: Asked, which: str) -> BringFile:
    sent = which == "file"
    return BringFile(request.POST if sent else None, request.FILES if sent else None, auto_id="file-%s")


def _begin(request: Asked, community: PlaceRow, head: WriteHead) -> None:
    made = Course(head.cleaned_data["code"].strip(), head.said("title"), head.said("about"))
    actions.write_course(
        actor=request.actor, community_id=community.id, course=made, version=0, at=request.now
    )


def _brought(request: Asked, community: PlaceRow, form: BringFile, *, code: str = "") -> str:
    """The code of the course in the file, kept as a draft in place of the one that was there; empty when it is refused."""
    if not form.is_valid():
        return ""
    held: UploadedFile[bytes] = form.cleaned_data["file"]
    try:
        course = bringing.read(held.read(bringing.MOST_BYTES + 1), code=code)
        draft = courses.draft(community.id, course.code)
        actions.write_course(
            actor=request.actor,
            community_id=community.id,
            course=course,
            version=draft.version if draft else 0,
            at=request.now,
        )
    except Refused as refused:
        tell(form, refused)
        return ""
    return course.code


@policy("training.edit", who=KEEPERS)
@require_http_methods(["GET", "POST"])
def edit(request: Asked, code: str) -> HttpResponse:
    """One course: its draft if there is one, its questions with their figures, its terms, its versions."""
    community, kept = keeping(request)
    draft = courses.draft(community.id, code)
    offered = _offered(community.id, code)
    if draft is None and offered is None:
        raise NotFound
    course = course_file.read(draft.content) if draft else offered.course  # type: ignore[union-attr]  # one of them is there
    which = request.POST.get("form", "") if request.method == "POST" else ""
    forms = _forms(request, which, course, draft.version if draft else 0, offered)
    if which in ACTS and ACTS[which](request, community, code, forms[which]):
        messages.success(request, _("Saved."))
        return redirect(link("edit", community, code))
    context = {
        "community": community,
        "kept": kept,
        "course": course,
        "draft": draft,
        "row": offered,
        **forms,
    }
    context |= _parts(community, course)
    context["versions"] = courses.versions(community.id, code)
    wrong = any(form is not None and form.errors for form in forms.values())
    return render(request, "training/edit.html", context, status=422 if wrong else 200)


def _offered(community_id: int, code: str) -> courses.CourseRow | None:
    try:
        return courses.course(community_id, code, every=True)
    except NotFound:
        return None


def _forms(
    request: Asked, which: str, course: Course, version: int, offered: courses.CourseRow | None
) -> dict[str, Any]:
    def sent(name: str) -> Any:
        return request.POST if which == name else None

    head: dict[str, Any] = {"version": version}
    for name, said in (("title", course.title), ("about", course.about)):
        head |= {f"{name}_zh": said.zh, f"{name}_en": said.en}
    terms = None
    if offered is not None:
        held = {name: getattr(offered.terms, name) for name in TERM_FIELDS}
        terms = SetTerms(sent("terms"), auto_id="terms-%s", initial={**held, "offered": offered.offered})
    return {
        "head": WriteHead(sent("head"), known=True, initial=head),
        "terms": terms,
        "publish": Publish(sent("publish"), auto_id="publish-%s", initial={"version": version}),
        "file": _file_form(request, which),
    }


def _parts(community: PlaceRow, course: Course) -> dict[str, Any]:
    figures = courses.figures(community.id, course.code)
    titles = {one.code: showing.spoken(one.title) for one in course.lessons}
    rows = []
    for one in course.questions:
        held = figures.get(one.code)
        rows.append(
            {
                "question": one,
                "kind": words.KINDS[one.kind],
                "lesson": titles.get(one.lesson, one.lesson),
                "figures": held,
                "percent": None if held is None or held.share is None else round(held.share * 100),
                "tells": None
                if held is None or held.discrimination is None
                else f"{held.discrimination:.2f}",
                "advice": words.ADVICE[held.advice] if held and held.advice else "",
            }
        )
    return {"questions": rows, "asked": sum(one.answers for one in figures.values())}


def _set_terms(request: Asked, community: PlaceRow, code: str, form: SetTerms) -> bool:
    return done(
        form,
        lambda: actions.set_terms(
            actor=request.actor,
            community_id=community.id,
            code=code,
            terms=form.terms(),
            offered=form.cleaned_data["offered"],
            at=request.now,
        ),
        fields={f"terms.{name}": name for name in TERM_FIELDS},
    )


def _write_head(request: Asked, community: PlaceRow, code: str, form: WriteHead) -> bool:
    def act() -> None:
        draft = courses.draft(community.id, code)
        if draft is None or draft.version != form.cleaned_data["version"]:
            raise Outdated
        before = course_file.read(draft.content)
        made = Course(
            code, form.said("title"), form.said("about"), before.lessons, before.questions, before.terms
        )
        actions.write_course(
            actor=request.actor,
            community_id=community.id,
            course=made,
            version=draft.version,
            at=request.now,
        )

    return done(form, act)


def _publish(request: Asked, community: PlaceRow, code: str, form: Publish) -> bool:
    return done(
        form,
        lambda: actions.publish_course(
            actor=request.actor,
            community_id=community.id,
            code=code,
            version=form.cleaned_data["version"] or 0,
            reason=form.cleaned_data["reason"],
            key=form.cleaned_data["key"],
            at=request.now,
        ),
    )


def _replace(request: Asked, community: PlaceRow, code: str, form: BringFile) -> bool:
    return bool(_brought(request, community, form, code=code))


#: What each form of the page of a course does; whether it was done.
ACTS: dict[str, Callable[[Asked, PlaceRow, str, Any], bool]] = {
    "terms": _set_terms,
    "head": _write_head,
    "publish": _publish,
    "file": _replace,
}


@policy("training.begin_draft", who=KEEPERS)
@require_POST
def begin_draft(request: Asked, code: str) -> HttpResponse:
    """Begin to write a course anew from what is offered."""
    community, _kept = keeping(request)
    actions.begin_draft(actor=request.actor, community_id=community.id, code=code, at=request.now)
    return redirect(link("edit", community, code))


@policy("training.drop_course_draft", who=KEEPERS)
@require_POST
def drop_draft(request: Asked, code: str) -> HttpResponse:
    """Throw a draft away."""
    community, _kept = keeping(request)
    actions.drop_draft(actor=request.actor, community_id=community.id, code=code, at=request.now)
    messages.success(request, _("The draft is gone; what is published stays."))
    return redirect(link("editing", community))


@policy("training.export", who=KEEPERS)
@require_safe
def export(request: Asked, code: str) -> HttpResponse:
    """The course as a file: its draft if there is one, else as it is offered."""
    community, _kept = keeping(request)
    draft = courses.draft(community.id, code)
    course = (
        course_file.read(draft.content) if draft else courses.course(community.id, code, every=True).course
    )
    return HttpResponse(
        bringing.written(course),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{course.code}.json"'},
    )


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
