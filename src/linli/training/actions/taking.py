"""Tests: begun, handed in, marked. Nobody is timed: a test begun can be handed in on another day."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from linli.grids.queries import day_of
from linli.kernel import audit, events, numbering
from linli.kernel.access import Actor
from linli.kernel.refusals import Refused, Wrong
from linli.training import access
from linli.training.actions.courses import next_number
from linli.training.events import CoursePassed
from linli.training.models import Attempt, Certificate, CourseVersion
from linli.training.queries import courses
from linli.training.rules import certificates, course_file, papers
from linli.training.rules.certificates import Shown

SEED_BITS = 62


def begin_test(
    *, actor: Actor, community_id: int, code: str, at: datetime, seed: int | None = None
) -> Attempt:
    """Draw a test for the actor; the one that is open, if one is: asking again draws no other questions.

    :param seed: draws the same test again; None: whatever chance brings.
    :raises NotFound: the actor does not serve there, or there is no such course.
    :raises Refused: test: wait, with the moment from which on one may try again.
    """
    access.require_reader(actor, community_id)
    row = courses.course(community_id, code)
    held = Attempt.objects.filter(
        community_id=community_id, account_id=actor.person_id, code=code, ended_at__isnull=True
    ).first()
    if held is not None:
        return held
    again = next_try(actor, community_id, row)
    if again is not None and at < again:
        raise Refused(Wrong("test", "wait", again.isoformat()))
    seed = secrets.randbits(SEED_BITS) if seed is None else seed
    drawn = papers.draw(row.course, questions=row.terms.questions, seed=seed)
    with transaction.atomic():
        made, new = Attempt.objects.get_or_create(
            community_id=community_id,
            account_id=actor.person_id,
            code=code,
            ended_at=None,
            defaults={
                "course": _kept(community_id, row, at),
                "seed": seed,
                "paper": [item.plain() for item in drawn],
                "passing": row.terms.passing,
                "begun_date": day_of(at),
                "asked": len(drawn),
            },
        )
        if new:
            _record(actor, "training.begin_test", made, at, {"course": code})
    return made


def next_try(actor: Actor, community_id: int, row: courses.CourseRow) -> datetime | None:
    """From when on the actor may try a course again; None for at once."""
    ended = Attempt.objects.filter(
        community_id=community_id, account_id=actor.person_id, code=row.code, ended_at__isnull=False
    ).order_by("ended_at", "pk")
    failed: list[datetime] = []
    for passed, moment in ended.values_list("passed", "ended_at"):
        failed = [] if passed or moment is None else [*failed, moment]
    return papers.next_try_at(failed, row.terms)


def hand_in(*, actor: Actor, attempt_id: int, typed: Mapping[str, Sequence[str]], at: datetime) -> Attempt:
    """Mark a test; who passes gets a certificate. Handing it in a second time changes nothing.

    :param typed: what was answered, by the code of the question; see `papers.answered`.
    :raises NotFound: not one's own.
    :raises Refused: each question without a whole answer: unanswered; nothing is marked then.
    """
    with transaction.atomic():
        row = access.find_attempt(actor, attempt_id, lock=True)
        if row.ended_at is not None:
            return row
        course = course_file.read(row.course.content)
        done, missing = papers.marked(course, papers.paper(row.paper), typed)
        if missing:
            raise Refused(*(Wrong(question, "unanswered") for question in missing))
        row.paper = [item.plain() for item in done]
        row.right = sum(bool(item.right) for item in done)
        row.passed = row.right * 100 >= row.passing * row.asked
        row.ended_at = at
        row.save(update_fields=["paper", "right", "passed", "ended_at"])
        _record(actor, "training.hand_in", row, at, {"course": row.code, "passed": row.passed})
        if row.passed:
            _certify(actor, row, at)
    return row


def _certify(actor: Actor, row: Attempt, at: datetime) -> None:
    months = courses.course(row.community_id, row.code, every=True).terms.valid_months
    made = Certificate.objects.create(
        community_id=row.community_id,
        attempt=row,
        account_id=actor.person_id,
        code=numbering.secret_code().replace("-", ""),
        course=row.code,
        shown=Shown.SHORT.value,
        issued_at=at,
        until_date=certificates.last_date(day_of(at), months),
    )
    events.publish(CoursePassed(row.community_id, made.pk, actor.person_id, row.code, at))


def _kept(community_id: int, row: courses.CourseRow, at: datetime) -> CourseVersion:
    """The version that a test asks, as a row: what is shipped is written down the first time somebody takes its test."""
    if row.number:
        return CourseVersion.objects.get(community_id=community_id, code=row.code, number=row.number)
    kept, _new = CourseVersion.objects.get_or_create(
        community_id=community_id,
        code=row.code,
        shipped=row.shipped,
        defaults={
            "number": next_number(community_id, row.code),
            "key": uuid5(NAMESPACE_URL, f"training:{community_id}:{row.code}:{row.shipped}"),
            "content": course_file.plain(row.course),
            "published_at": at,
        },
    )
    return kept


def _record(actor: Actor, verb: str, row: Attempt, at: datetime, detail: dict[str, object]) -> None:
    audit.record(
        community_id=row.community_id,
        actor=actor,
        verb=verb,
        object=f"attempt:{row.pk}",
        at=at,
        detail=detail,
    )
