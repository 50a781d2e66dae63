"""Courses for programs: brought as files, each in place of what was looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from linli.grids.tests.conftest import Ground
from linli.kernel import clock, scope
from linli.kernel.access import Actor
from linli.kernel.tests.program import Program, document
from linli.people.actions import tokens
from linli.training.actions import courses
from linli.training.models import CourseDraft

pytestmark = pytest.mark.django_db
Staff = Callable[..., Actor]
CODE = "data-literacy"
FILE = f"/training/courses/{CODE}/file"


@pytest.fixture
def keeper(ground: Ground, staff: Staff) -> Actor:
    """Who keeps the courses, and may give a program leave to."""
    return staff("admin", ground.luxing)


@pytest.fixture
def program(keeper: Actor) -> Program:
    """The keeper's program."""
    _row, secret = tokens.issue_token(actor=keeper, name="t", scopes=["admin"], at=clock.now())
    return Program(secret)


def draft(ground: Ground) -> CourseDraft:
    """What is being written about the course."""
    scope.enter([ground.luxing.id])
    return CourseDraft.objects.get(code=CODE)


def test_of_two_programs_that_bring_a_file_with_one_tag_one_wins(ground: Ground, program: Program) -> None:
    here: dict[str, Any] = {"community": ground.luxing.code}
    read = program.get(FILE, **here)
    tag, course = read.headers["ETag"], read.body
    assert program.get(FILE, headers={"If-None-Match": tag}, **here).status == 304
    first = program.put(FILE, {**course, "title_zh": "看懂数据"}, tag=tag, **here)
    late = program.put(FILE, {**course, "title_zh": "数据入门"}, tag=tag, **here)
    assert (first.status, late.status, late.code) == (204, 412, "version")
    assert draft(ground).content["title_zh"] == "看懂数据"
    assert program.get(FILE, **here).headers["ETag"] == first.headers["ETag"] != tag
    assert program.put(FILE, course, tag=first.headers["ETag"], **here).status == 204
    assert program.put(FILE, course, **here).status == 204
    assert draft(ground).version == 3


def test_a_tag_read_before_a_course_was_published_holds_no_longer(
    ground: Ground, keeper: Actor, program: Program
) -> None:
    here: dict[str, Any] = {"community": ground.luxing.code}
    read = program.get(FILE, **here)
    assert program.put(FILE, {**read.body, "title_zh": "看懂数据"}, **here).status == 204
    given: dict[str, Any] = {"community_id": ground.luxing.id, "code": CODE, "version": draft(ground).version}
    courses.publish_course(actor=keeper, reason="改名", key=uuid4(), at=clock.now(), **given)
    assert program.put(FILE, read.body, tag=read.headers["ETag"], **here).status == 412


def test_a_new_course_has_a_tag_from_its_first_file_on(ground: Ground, program: Program) -> None:
    here: dict[str, Any] = {"community": ground.luxing.code}
    path = "/training/courses/our-own/file"
    course = program.get(FILE, **here).body
    assert program.get(path, **here).status == 404
    assert program.put(path, course, tag='"1"', **here).status == 412
    tag = program.put(path, course, **here).headers["ETag"]
    assert [program.put(path, course, tag=tag, **here).status for _ in range(2)] == [204, 412]


def test_the_example_in_the_document_is_a_course_file(ground: Ground, program: Program) -> None:
    told = document()["paths"]["/api/v1/training/courses/{code}/file"]["put"]["requestBody"]
    example_file = told["content"]["application/json"]["examples"]["example"]["value"]
    assert program.put(FILE, example_file, community=ground.luxing.code).status == 204
