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
)
from linli.training.pages.asked import KEEPERS, done, keeping, link, tell
from linli.training.queries import courses
from linli.training.rules import course_file
from linli.training.rules.course import TERM_FIELDS, Course


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
