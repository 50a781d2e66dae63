"""Handbook, tests and certificates through the actions and pages: who may what, and what happens twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from linli.grids.tests.conftest import Ground
from linli.kernel import access, scope
from linli.kernel.refusals import Outdated, Refused
from linli.training import bringing, shipped
from linli.training import queries as told
from linli.training.actions import certifying, courses, handbook, own_data, taking
from linli.training.models import Attempt, Certificate, CourseVersion
from linli.training.queries import courses as course_queries
from linli.training.queries import handbook as pages
from linli.training.queries import held
from linli.training.rules import course_file, papers
from linli.training.rules.certificates import Revoking, Shown, State
from linli.training.rules.handbook import PageKind, Sheet

pytestmark = pytest.mark.django_db
Staff = Callable[..., access.Actor]
CODE = "data-literacy"


def answers(row: Attempt, *, right: bool = True) -> dict[str, list[str]]:
    """What one would send for a test, all right or all wrong."""
    course = course_file.read(row.course.content)
    drawn = [(item, course.question(item.question)) for item in papers.paper(row.paper)]
    return {one.code: papers.solved(one, item.order, right=right) for item, one in drawn if one}


def test_a_draft_is_published_by_a_leader_and_the_shipped_page_stays_among_the_versions(
    ground: Ground, staff: Staff, at: datetime
) -> None:
    here = ground.luxing.id
    worker, leader = staff("grid_worker", ground.at("1001")), staff("community_leader", ground.luxing)
    before = pages.page(here, "urgent")
    sheet = replace(
        before.sheet,
        words_zh=before.sheet.words_zh.replace("【待本社区确认：本地抢修电话】", "0851-85550000"),
    )
    draft = handbook.write_page(actor=worker, community_id=here, slug="urgent", sheet=sheet, version=0, at=at)
    with pytest.raises(Outdated):
        handbook.write_page(actor=leader, community_id=here, slug="urgent", sheet=sheet, version=0, at=at)
    key = uuid4()
    given = {
        "community_id": here,
        "slug": "urgent",
        "version": draft.version,
        "reason": "填本地电话",
        "key": key,
    }
    with pytest.raises(access.Forbidden):
        handbook.publish_page(actor=worker, at=at, **given)  # type: ignore[arg-type]  # one dict for three calls
    first = handbook.publish_page(actor=leader, at=at, **given)  # type: ignore[arg-type]  # likewise
    again = handbook.publish_page(actor=leader, at=at, **given)  # type: ignore[arg-type]  # likewise
    assert first.pk == again.pk
    now = pages.page(here, "urgent")
    assert (now.own, now.number, now.newer) == (True, 1, 0)
    assert [row.label for row in pages.versions(here, "urgent")] == ["1", "s1"]
    assert pages.found(pages.pages(here), "85550000", "zh-hans")[0].page.slug == "urgent"
    handbook.turn_page(
        actor=leader,
        community_id=here,
        slug="urgent",
        kind=PageKind.HIDDEN,
        reason="合并",
        key=uuid4(),
        at=at,
    )
    with pytest.raises(access.NotFound):
        pages.page(here, "urgent")
    handbook.turn_page(
        actor=leader,
        community_id=here,
        slug="urgent",
        kind=PageKind.SHIPPED,
        reason="恢复",
        key=uuid4(),
        at=at,
    )
    assert not pages.page(here, "urgent").own


def test_another_community_neither_writes_nor_reads_our_pages(
    ground: Ground, staff: Staff, at: datetime
) -> None:
    leader = staff("community_leader", ground.luxing)
    sheet = Sheet("本地", "停车", "到东门办。")
    made = handbook.write_page(
        actor=leader, community_id=ground.luxing.id, slug="parking", sheet=sheet, version=0, at=at
    )
    handbook.publish_page(
        actor=leader,
        community_id=ground.luxing.id,
        slug="parking",
        version=made.version,
        reason="新",
        key=uuid4(),
        at=at,
    )
    stranger = staff("community_leader", ground.riverside)
    with pytest.raises(access.NotFound):
        handbook.write_page(
            actor=stranger, community_id=ground.luxing.id, slug="parking", sheet=sheet, version=0, at=at
        )
    with pytest.raises(access.NotFound):
        pages.page(ground.riverside.id, "parking")
    assert "parking" not in pages.slugs(ground.luxing.id)  # behind the wall of a scope that was not entered


def test_who_passes_holds_a_certificate_and_who_fails_waits(
    ground: Ground, staff: Staff, at: datetime
) -> None:
    here = ground.luxing.id
    worker = staff("grid_worker", ground.at("1001"))
    row = taking.begin_test(actor=worker, community_id=here, code=CODE, at=at, seed=3)
    assert taking.begin_test(actor=worker, community_id=here, code=CODE, at=at, seed=4).pk == row.pk
    with pytest.raises(Refused, match="unanswered"):
        taking.hand_in(actor=worker, attempt_id=row.pk, typed={}, at=at)
    for number in range(3):
        row = taking.begin_test(
            actor=worker, community_id=here, code=CODE, at=at + timedelta(minutes=number), seed=3
        )
        done = taking.hand_in(
            actor=worker,
            attempt_id=row.pk,
            typed=answers(row, right=False),
            at=at + timedelta(minutes=number),
        )
        assert (done.right, done.passed) == (0, False)
    with pytest.raises(Refused, match="wait"):
        taking.begin_test(actor=worker, community_id=here, code=CODE, at=at + timedelta(hours=1))
    later = at + timedelta(hours=25)
    row = taking.begin_test(actor=worker, community_id=here, code=CODE, at=later)
    taking.hand_in(actor=worker, attempt_id=row.pk, typed=answers(row), at=later)
    again = taking.hand_in(actor=worker, attempt_id=row.pk, typed=answers(row, right=False), at=later)
    assert (again.passed, again.right, Certificate.objects.count()) == (True, again.asked, 1)
    (passed,) = told.results(here, at, later + timedelta(seconds=1))
    assert (passed.account_id, passed.course, passed.version, passed.score) == (
        worker.account_id,
        CODE,
        1,
        100,
    )
    assert told.results(here, at, later) == []
    assert [one.course for one in told.valid(here, [worker.person_id], later)[worker.person_id]] == [CODE]
    assert told.valid(here, [worker.person_id], later + timedelta(days=800)) == {}
    figures = course_queries.figures(here, CODE)
    assert sum(one.answers for one in figures.values()) == 60


def test_a_revoked_certificate_holds_no_longer_and_nobody_revokes_their_own(
    ground: Ground, staff: Staff, at: datetime
) -> None:
    here = ground.luxing.id
    leader = staff("community_leader", ground.luxing)
    row = taking.begin_test(actor=leader, community_id=here, code=CODE, at=at)
    taking.hand_in(actor=leader, attempt_id=row.pk, typed=answers(row), at=at)
    made = Certificate.objects.get()
    given = {"certificate_id": made.pk, "why": Revoking.MISTAKE, "words": "题目有误，请重考。", "at": at}
    with pytest.raises(access.Forbidden, match="your_own"):
        certifying.revoke(actor=leader, **given)  # type: ignore[arg-type]  # one dict for three calls
    with pytest.raises(access.NotFound):
        certifying.revoke(actor=staff("community_leader", ground.riverside), **given)  # type: ignore[arg-type]  # likewise
    admin = staff("admin", ground.luxing)
    certifying.revoke(actor=admin, **given)  # type: ignore[arg-type]  # likewise
    assert told.results(here, at, at + timedelta(days=1)) == []
    assert told.valid(here, [leader.person_id], at) == {}
    assert held.certificates_of(here, [leader.person_id], at.date())[0].state is State.REVOKED


def test_whoever_has_the_code_sees_whether_it_holds_and_the_name_as_its_holder_chose(
    ground: Ground, staff: Staff, at: datetime
) -> None:
    worker = staff("grid_worker", ground.at("1001"), "李卫国")
    row = taking.begin_test(actor=worker, community_id=ground.luxing.id, code=CODE, at=at)
    taking.hand_in(actor=worker, attempt_id=row.pk, typed=answers(row), at=at)
    made = Certificate.objects.get()
    address = f"/certificates/{made.code.lower()}/"
    for shown, there, gone in (
        (Shown.SHORT, "李*", "李卫国"),
        (Shown.FULL, "李卫国", "李*"),
        (Shown.NONE, "", "李"),
    ):
        scope.enter(worker.communities)
        certifying.show_name(actor=worker, certificate_id=made.pk, shown=shown, at=at)
        page = Client().get(address).content.decode()
        assert there in page
        assert gone not in page
    assert Client().get("/certificates/0000-0000-0000-0000/").status_code == 404
    assert Client().get("/certificates/", {"code": made.code}).url == f"/certificates/{made.code}/"  # type: ignore[attr-defined]  # a redirect


def test_a_course_is_brought_as_a_file_published_and_tests_under_way_keep_their_version(
    ground: Ground, staff: Staff, at: datetime
) -> None:
    here = ground.luxing.id
    leader, worker = staff("community_leader", ground.luxing), staff("grid_worker", ground.at("1001"))
    scope.enter([here])
    open_ = taking.begin_test(actor=worker, community_id=here, code=CODE, at=at)
    course = bringing.read(bringing.written(shipped.courses()[CODE].course))
    course = replace(course, questions=course.questions[:20], terms=replace(course.terms, questions=5))
    draft = courses.write_course(actor=leader, community_id=here, course=course, version=0, at=at)
    with pytest.raises(access.Forbidden):
        courses.write_course(actor=worker, community_id=here, course=course, version=1, at=at)
    key = uuid4()
    for _ in range(2):
        courses.publish_course(
            actor=leader, community_id=here, code=CODE, version=draft.version, reason="精简", key=key, at=at
        )
    assert CourseVersion.objects.count() == 2
    assert course_queries.course(here, CODE).number == 2
    done = taking.hand_in(actor=worker, attempt_id=open_.pk, typed=answers(open_), at=at)
    assert (done.course.number, done.passed) == (1, True)
    terms = replace(course.terms, questions=3, roles=("grid_worker",))
    courses.set_terms(actor=leader, community_id=here, code=CODE, terms=terms, offered=True, at=at)
    assert len(papers.paper(taking.begin_test(actor=leader, community_id=here, code=CODE, at=at).paper)) == 3
    lacks = {one.account_id: one.lacks for one in held.team(here, at)}
    assert CODE not in lacks[worker.person_id]
    assert CODE not in lacks[leader.person_id]


def test_an_erased_person_leaves_answers_of_nobody(ground: Ground, staff: Staff, at: datetime) -> None:
    worker = staff("grid_worker", ground.at("1001"))
    row = taking.begin_test(actor=worker, community_id=ground.luxing.id, code=CODE, at=at)
    taking.hand_in(actor=worker, attempt_id=row.pk, typed=answers(row), at=at)
    taking.begin_test(actor=worker, community_id=ground.luxing.id, code="handbook-basics", at=at)
    assert len(own_data.held(worker.person_id)["certificates"]) == 1  # type: ignore[arg-type]  # a list
    own_data.erase(worker.person_id, at)
    assert own_data.held(worker.person_id) == {"tests": [], "certificates": []}
    assert Attempt.objects.filter(account=None, ended_at__isnull=False).count() == 1
