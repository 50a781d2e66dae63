"""The API of training: the handbook, courses, tests, certificates; files of courses for those who keep them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from linli.grids import access as grids_access
from linli.grids import queries as places
from linli.grids.queries import day_of
from linli.kernel import access as doors
from linli.kernel.access import PUBLIC, STAFF, NotFound
from linli.kernel.api import (
    actor_of,
    answer,
    answer_tagged,
    at,
    create,
    operation,
    tag_of,
    unchanged,
    utc,
    wanted_version,
)
from linli.kernel.api_types import Community, Moment, PathId
from linli.kernel.clock import LOCAL
from linli.training import access, schemas
from linli.training.actions import courses as course_actions
from linli.training.actions import handbook as page_actions
from linli.training.actions import taking
from linli.training.models import Attempt
from linli.training.pages.certificates import course_of, name_of
from linli.training.queries import courses, held
from linli.training.queries import handbook as pages
from linli.training.rules import certificates, course_file, handbook, papers
from linli.training.rules.course import CHOSEN, Kind, Question

READ, WRITE = "cases:read", "admin"
WRITERS, KEEPERS = doors.roles(*handbook.WRITERS), doors.roles(*handbook.KEEPERS)
training = Router(tags=["training"])
routers = (training,)


@training.get("/training/handbook", response=list[schemas.PageOut], summary="The handbook of a community")
@operation("training.api_handbook", who=STAFF, scope=READ, tagged=True)
def all_pages(request: HttpRequest, community: Community, q: schemas.Looked = "") -> HttpResponse:
    """All pages as chapters and pages stand; with `q` those that say it, the best first."""
    rows = pages.pages(_served(request, community))
    found = [one.page for one in pages.found(rows, q, "zh-hans")] if q.strip() else rows
    return answer_tagged(request, [_page(row) for row in found])


@training.get("/training/handbook/{slug}", response=schemas.PageOut, summary="One page of the handbook")
@operation("training.api_page", who=STAFF, scope=READ, tagged=True)
def one_page(request: HttpRequest, slug: schemas.Slug, community: Community) -> HttpResponse:
    """As it is read now."""
    return answer_tagged(request, _page(pages.page(_served(request, community), slug)))


@training.put("/training/handbook/{slug}/draft", response=schemas.PageIn, summary="Write a draft of a page")
@operation("training.api_write_page", who=WRITERS, scope=WRITE, guarded=True)
def write_page(
    request: HttpRequest, slug: schemas.Slug, body: schemas.PageIn, community: Community
) -> HttpResponse:
    """The whole page. With If-Match only if nobody else changed the draft meanwhile; its version is in the ETag."""
    community_id = _served(request, community)
    wanted, draft = wanted_version(request), pages.draft(community_id, slug)
    row = page_actions.write_page(
        actor=actor_of(request),
        community_id=community_id,
        slug=slug,
        sheet=handbook.Sheet(**body.model_dump()),
        version=(draft.version if draft else 0) if wanted is None else wanted,
        at=at(request),
    )
    return answer_tagged(request, asdict(pages.sheet_of(row)), tag=f'"{row.version}"')


@training.post(
    "/training/handbook/{slug}/publish",
    response={201: schemas.PageOut},
    summary="Publish the draft of a page",
)
@operation("training.api_publish_page", who=KEEPERS, scope=WRITE, creates=True)
def publish_page(
    request: HttpRequest, slug: schemas.Slug, body: schemas.PublishIn, community: Community
) -> HttpResponse:
    """Everybody who serves there reads it from now on; what was read before stays among its versions."""
    community_id = _served(request, community)

    def make() -> int:
        draft = pages.draft(community_id, slug)
        made = page_actions.publish_page(
            actor=actor_of(request),
            community_id=community_id,
            slug=slug,
            version=draft.version if draft else 0,
            reason=body.reason,
            key=uuid4(),
            at=at(request),
        )
        return int(made.pk)

    return create(request, make=make, read=lambda _pk: _page(pages.page(community_id, slug)))


@training.get("/training/courses", response=list[schemas.CourseOut], summary="The courses of a community")
@operation("training.api_courses", who=STAFF, scope=READ, tagged=True)
def all_courses(request: HttpRequest, community: Community) -> HttpResponse:
    """What is offered, with its terms here."""
    return answer_tagged(request, [_course(row) for row in courses.courses(_served(request, community))])


@training.get("/training/courses/{code}/file", response=schemas.CourseFile, summary="A course as a file")
@operation("training.api_export", who=KEEPERS, scope=WRITE, tagged=True)
def export(request: HttpRequest, code: schemas.CourseCode, community: Community) -> HttpResponse:
    """The whole course as it is offered, with every question and its answer: what `PUT` takes.

    The tag changes with the course's draft too, so that a file brought with it replaces nobody's work unseen.
    """
    community_id = _kept(request, community)
    offered = course_file.plain(courses.course(community_id, code, every=True).course)
    return answer_tagged(request, offered, tag=tag_of([_drafted(community_id, code), offered]))


@training.put("/training/courses/{code}/file", response={204: None}, summary="Bring a course as a file")
@operation("training.api_import", who=KEEPERS, scope=WRITE, guarded=True)
def bring(
    request: HttpRequest, code: schemas.CourseCode, body: schemas.CourseFileIn, community: Community
) -> HttpResponse:
    """Kept as a draft in place of the one that was there; a person looks it through and publishes it at the desk.

    With If-Match only if neither the course nor its draft was changed meanwhile.
    """
    community_id = _kept(request, community)
    drafted = _drafted(community_id, code)
    with unchanged(request, lambda: [drafted, _offered(community_id, code)]):
        row = course_actions.write_course(
            actor=actor_of(request),
            community_id=community_id,
            course=course_file.read({**body, "code": code}),
            version=drafted,
            at=at(request),
        )
    return HttpResponse(status=204, headers={"ETag": tag_of([row.version, _offered(community_id, code)])})


@training.post(
    "/training/courses/{code}/tests", response={201: schemas.TestOut}, summary="Begin the test of a course"
)
@operation("training.api_begin", who=STAFF, scope="cases:write", creates=True)
def begin(request: HttpRequest, code: schemas.CourseCode, community: Community) -> HttpResponse:
    """The one that is open, if one is: asking again draws no other questions."""
    community_id = _served(request, community)

    def make() -> int:
        made = taking.begin_test(
            actor=actor_of(request), community_id=community_id, code=code, at=at(request)
        )
        return int(made.pk)

    return create(
        request, make=make, read=lambda pk: _test_of(request, int(pk)), path="/api/v1/training/tests/{id}"
    )


@training.get("/training/tests/{int:test_id}", response=schemas.TestOut, summary="One of my tests")
@operation("training.api_test", who=STAFF, scope=READ, tagged=True)
def test(request: HttpRequest, test_id: PathId) -> HttpResponse:
    """Its questions while it is open, what was right once it is handed in."""
    return answer_tagged(request, _test_of(request, test_id))


@training.post("/training/tests/{int:test_id}/answers", response=schemas.TestOut, summary="Hand in a test")
@operation("training.api_hand_in", who=STAFF, scope="cases:write")
def hand_in(request: HttpRequest, test_id: PathId, body: schemas.AnswersIn) -> HttpResponse:
    """All questions at once; a second time changes nothing."""
    taking.hand_in(actor=actor_of(request), attempt_id=test_id, typed=body.answers, at=at(request))
    return answer(_test_of(request, test_id))


@training.get("/training/certificates", response=list[schemas.CertificateOut], summary="My certificates")
@operation("training.api_mine", who=STAFF, scope=READ, tagged=True)
def mine(request: HttpRequest, community: Community) -> HttpResponse:
    """All of them, the newest first."""
    rows = held.certificates_of(
        _served(request, community), [actor_of(request).person_id], day_of(at(request))
    )
    return answer_tagged(request, [_certificate(row) for row in rows])


@training.get(
    "/training/certificates/{code}", response=schemas.VerifyOut, summary="Whether a certificate holds"
)
@operation("training.api_verify", who=PUBLIC, tagged=True)
def verify(request: HttpRequest, code: schemas.SecretCode) -> HttpResponse:
    """For everybody who has its code."""
    row = access.find_by_code(code)
    course = course_of(row)
    told = {
        "state": certificates.state(
            until=row.until_date, revoked=row.revoked_at is not None, today=day_of(at(request))
        ),
        "course": row.course,
        "title_zh": course.title.zh,
        "title_en": course.title.en,
        "name": name_of(row),
        "issued_date": row.issued_at.astimezone(LOCAL).date(),
        "until_date": row.until_date,
    }
    return answer_tagged(request, told)


@training.get("/training/results", response=list[schemas.PassedOut], summary="Who passed which course")
@operation("training.api_results", who=KEEPERS, scope=READ, tagged=True)
def results(
    request: HttpRequest,
    community: Community,
    since: Annotated[Moment, Query(description="from this moment on")],
    until: Annotated[Moment, Query(description="up to this moment, exclusive")],
) -> HttpResponse:
    """Passed tests alone, without what was revoked; nobody else sees whose test failed."""
    rows = held.results(_kept(request, community), since, until)
    return answer_tagged(request, [{**asdict(row), "at": utc(row.at)} for row in rows])


def _served(request: HttpRequest, code: str) -> int:
    """The community of a code, for those who serve there.

    :raises NotFound: for everybody else.
    """
    place = places.place_by_code(code)
    if place is None:
        raise NotFound
    access.require_reader(actor_of(request), place.id)
    return place.id


def _kept(request: HttpRequest, code: str) -> int:
    community_id = _served(request, code)
    grids_access.require_keeper(actor_of(request), community_id)
    return community_id


def _drafted(community_id: int, code: str) -> int:
    """The version of a course's draft; 0 for none."""
    draft = courses.draft(community_id, code)
    return draft.version if draft else 0


def _offered(community_id: int, code: str) -> dict[str, Any] | None:
    """A course as its file; None for one that is only being written."""
    try:
        return course_file.plain(courses.course(community_id, code, every=True).course)
    except NotFound:
        return None


def _page(row: pages.PageRow) -> dict[str, Any]:
    told = asdict(row.sheet)
    del told["rank"]
    return {
        "slug": row.slug,
        "version": row.number,
        "shipped": row.shipped,
        **told,
        "day": row.day,
        "reason": row.reason.zh,
    }


def _course(row: courses.CourseRow) -> dict[str, Any]:
    course = row.course
    return {
        "code": course.code,
        "version": row.number,
        "title_zh": course.title.zh,
        "title_en": course.title.en,
        "about_zh": course.about.zh,
        "about_en": course.about.en,
        "lessons": [
            {"code": one.code, "title_zh": one.title.zh, "title_en": one.title.en, "page": one.page}
            for one in course.lessons
        ],
        "terms": asdict(course.terms),
    }


def _test_of(request: HttpRequest, test_id: int) -> dict[str, Any]:
    row = access.find_attempt(actor_of(request), test_id)
    course = course_file.read(row.course.content)
    asked = [
        (item, question)
        for item in papers.paper(row.paper)
        if (question := course.question(item.question)) is not None
    ]
    done = row.ended_at is not None
    return {
        "id": row.pk,
        "course": row.code,
        "version": row.course.number,
        "begun_date": row.begun_date,
        "ended_at": utc(row.ended_at),
        "right": row.right,
        "asked": row.asked,
        "passed": row.passed,
        "questions": [] if done else [_asked(question, item) for item, question in asked],
        "review": [_reviewed(question, item) for item, question in asked] if done else [],
        "certificate_id": _certificate_id(row),
    }


def _certificate_id(row: Attempt) -> int | None:
    found = getattr(row, "certificate", None)
    return None if found is None else int(found.pk)


def _asked(question: Question, item: papers.Item) -> dict[str, Any]:
    shown = item.order if question.kind in (*CHOSEN, Kind.ORDERING) else ()
    return {
        "code": question.code,
        "kind": question.kind.value,
        "ask_zh": question.ask.zh,
        "ask_en": question.ask.en,
        "options": [
            {"number": number, "zh": question.options[place].zh, "en": question.options[place].en}
            for number, place in enumerate(shown, start=1)
        ],
        "unit_zh": question.unit.zh,
        "unit_en": question.unit.en,
    }


def _reviewed(question: Question, item: papers.Item) -> dict[str, Any]:
    return {
        "code": question.code,
        "right": bool(item.right),
        "explain_zh": question.explain.zh,
        "explain_en": question.explain.en,
    }


def _certificate(row: held.CertificateRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "course": row.course,
        "version": row.version,
        "code": row.code,
        "name_shown": row.shown,
        "issued_at": utc(row.issued_at),
        "until_date": row.until_date,
        "state": row.state.value,
        "score": row.score,
    }
