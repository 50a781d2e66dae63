"""Training at the desk: my courses, lessons, tests, certificates. No page asks or keeps how long anybody reads."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.grids.queries import day_of
from linli.grids.rows import PlaceRow
from linli.kernel.access import NotFound, policy
from linli.kernel.refusals import Refused
from linli.people.pages.ways import Asked
from linli.training import access, paper_words, showing, words
from linli.training.actions import taking
from linli.training.models import Attempt
from linli.training.pages.asked import READERS, link, page_address, reading
from linli.training.queries import courses, held
from linli.training.queries import handbook as pages
from linli.training.rules import course_file, papers
from linli.training.rules.certificates import State
from linli.training.rules.course import Course, Lesson


@policy("training.mine", who=READERS)
@require_safe
def index(request: Asked) -> HttpResponse:
    """My courses and my certificates."""
    community, kept = reading(request)
    me = request.actor.person_id
    own = held.certificates_of(community.id, [me], day_of(request.now))
    open_ = held.open_tests(community.id, me)
    roles = request.actor.roles(community.id)
    offered = courses.courses(community.id)
    titles = {row.code: row.course.title for row in courses.courses(community.id, every=True)}
    context = {
        "community": community,
        "kept": kept,
        "courses": [
            {
                "row": row,
                "best": _best(own, row.code),
                "open": row.code in open_,
                "expected": bool(set(row.terms.roles) & roles),
                "again": taking.next_try(request.actor, community.id, row),
            }
            for row in offered
        ],
        "certificates": [(row, titles.get(row.course), words.STATES[row.state]) for row in own],
        "keeps": access.keeps(request.actor, community.id),
    }
    return render(request, "training/mine.html", context)


def _best(own: list[held.CertificateRow], code: str) -> held.CertificateRow | None:
    """The certificate of a course that is worth most: one that holds, else the newest."""
    mine = [row for row in own if row.course == code]
    return next((row for row in mine if row.state is State.VALID), mine[0] if mine else None)


@policy("training.course", who=READERS)
@require_safe
def course(request: Asked, code: str) -> HttpResponse:
    """One course: its lessons, how it is tested, my tests."""
    community, kept = reading(request)
    row = courses.course(community.id, code)
    me = request.actor.person_id
    again = taking.next_try(request.actor, community.id, row)
    own = held.certificates_of(community.id, [me], day_of(request.now))
    context = {
        "community": community,
        "kept": kept,
        "row": row,
        "lessons": list(enumerate(row.course.lessons, start=1)),
        "tests": held.finished(community.id, me, code),
        "open": held.open_tests(community.id, me).get(code),
        "best": _best(own, code),
        "waits": again if again is not None and again > request.now else None,
        "most_wrong": row.terms.questions - -(-row.terms.passing * row.terms.questions // 100),
    }
    return render(request, "training/course.html", context)


@policy("training.lesson", who=READERS)
@require_safe
def lesson(request: Asked, code: str, lesson_code: str) -> HttpResponse:
    """One lesson, with the one before and the one after it."""
    community, kept = reading(request)
    row = courses.course(community.id, code)
    found = row.course.lesson(lesson_code)
    if found is None:
        raise NotFound
    at = row.course.lessons.index(found)
    context = {
        "community": community,
        "kept": kept,
        "row": row,
        "lesson": found,
        "number": at + 1,
        "count": len(row.course.lessons),
        "body": body_of(community, found),
        "before": row.course.lessons[at - 1] if at else None,
        "after": row.course.lessons[at + 1] if at + 1 < len(row.course.lessons) else None,
    }
    return render(request, "training/lesson.html", context)


def body_of(community: PlaceRow, found: Lesson) -> str:
    """What a lesson says: its own words, or the page of the handbook as it is read now."""
    said = found.words
    if found.page:
        try:
            said = pages.page(community.id, found.page).sheet.words
        except NotFound:
            return _("This page of the handbook is shown no longer.")
    return showing.html(showing.spoken(said), page_address(community))


@policy("training.begin", who=READERS)
@require_POST
def begin(request: Asked, code: str) -> HttpResponse:
    """Draw a test, or go on with the one that is open."""
    community, _kept = reading(request)
    try:
        made = taking.begin_test(actor=request.actor, community_id=community.id, code=code, at=request.now)
    except Refused:
        messages.error(
            request, _("Not yet: read the lessons once more, and try again after the time shown below.")
        )
        return redirect(link("course", community, code))
    return redirect("training:test", made.pk)


@policy("training.test", who=READERS)
@require_http_methods(["GET", "POST"])
def test(request: Asked, attempt_id: int) -> HttpResponse:
    """A test: to be answered, or, once it is handed in, with what was right and why."""
    row = access.find_attempt(request.actor, attempt_id)
    course_ = course_file.read(row.course.content)
    typed = {}
    missing: frozenset[str] = frozenset()
    if request.method == "POST" and row.ended_at is None:
        typed = _typed(request, course_, row)
        try:
            taking.hand_in(actor=request.actor, attempt_id=row.pk, typed=typed, at=request.now)
            return redirect("training:test", row.pk)
        except Refused as refused:
            missing = frozenset(wrong.field for wrong in refused.wrongs)
    context: dict[str, Any] = {"row": row, "course": course_, "community_id": row.community_id}
    if row.ended_at is None:
        context["items"] = [
            paper_words.asked(course_, item, typed.get(item.question, ()), missing=item.question in missing)
            for item in papers.paper(row.paper)
        ]
        context["missing"] = [item for item in context["items"] if item.missing]
        return render(request, "training/test.html", context, status=422 if missing else 200)
    return render(request, "training/result.html", context | _result(row, course_))


def _typed(request: Asked, course_: Course, row: Attempt) -> dict[str, list[str]]:
    """What was sent, by question; of what is to be put in order a place for each option."""
    found = {}
    for item in papers.paper(row.paper):
        question = course_.question(item.question)
        if question is not None:
            name = paper_words.field(question.code)
            found[question.code] = (
                [request.POST.get(f"{name}.{place}", "") for place in range(len(question.options))]
                if question.kind.value == "ordering"
                else request.POST.getlist(name)
            )
    return found


def _result(row: Attempt, course_: Course) -> dict[str, Any]:
    certificate = getattr(row, "certificate", None)
    try:
        there = {one.code for one in courses.course(row.community_id, row.code).course.lessons}
    except NotFound:
        there = set()
    return {
        "lessons_there": there,
        "items": [paper_words.reviewed(course_, item) for item in papers.paper(row.paper)],
        "score": papers.percent(row.right or 0, row.asked),
        "certificate": certificate,
        "course_url": f"{reverse('training:course', args=[row.code])}?community={row.community_id}",
    }
