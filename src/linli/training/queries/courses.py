"""Which courses a community offers, on which terms, and how their questions do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from linli.grids.queries import day_of
from linli.kernel.access import NotFound
from linli.training import shipped
from linli.training.models import Attempt, CourseDraft, CourseTerms, CourseVersion
from linli.training.rules import course_file, papers, statistics
from linli.training.rules.course import TERM_FIELDS, Course, Terms

MOST_TESTS = 2000  # the last ones tell how a question does


@dataclass(frozen=True, slots=True)
class CourseRow:
    """A course as it is offered: what it says, its version, and its terms here.

    :param number: of the community's version; 0 where the shipped course stands and nobody has taken its test yet.
    :param newer: a shipped version that came after the one on which the community's own was based; 0 for none.
    """

    course: Course
    number: int
    shipped: int
    newer: int
    day: date
    offered: bool
    own_terms: bool

    @property
    def code(self) -> str:
        """Its code."""
        return self.course.code

    @property
    def terms(self) -> Terms:
        """How it is tested here."""
        return self.course.terms


def courses(community_id: int, *, every: bool = False) -> list[CourseRow]:
    """The courses that a community offers, the shipped ones first; with ``every`` those it does not offer too."""
    latest = _latest(community_id)
    terms = _terms(community_id)
    rows = [
        row
        for code in {*latest, *shipped.courses()}
        if (row := _row(code, latest.get(code), terms.get(code))) and (every or row.offered)
    ]
    order = {code: place for place, code in enumerate(shipped.courses())}
    return sorted(rows, key=lambda row: (order.get(row.code, len(order)), row.course.title.zh))


def course(community_id: int, code: str, *, every: bool = False) -> CourseRow:
    """One of them.

    :raises NotFound: there is none, or it is not offered.
    """
    found = _row(code, _latest(community_id, code).get(code), _terms(community_id, code).get(code))
    if found is None or not (found.offered or every):
        raise NotFound
    return found


def draft(community_id: int, code: str) -> CourseDraft | None:
    """What somebody is writing about this course."""
    return CourseDraft.objects.filter(community_id=community_id, code=code).first()


def drafts(community_id: int) -> dict[str, Course]:
    """Every course that is being written, by its code."""
    rows = CourseDraft.objects.filter(community_id=community_id).order_by("code")
    return {row.code: course_file.read(row.content) for row in rows}


def versions(community_id: int, code: str) -> list[dict[str, Any]]:
    """The versions of a course here, the newest first: number, day, reason, whether shipped."""
    rows = CourseVersion.objects.filter(community_id=community_id, code=code).order_by("-number")
    return [
        {"number": row.number, "day": day_of(row.published_at), "reason": row.reason, "shipped": row.shipped}
        for row in rows.defer("content")
    ]


def figures(community_id: int, code: str) -> dict[str, statistics.Figures]:
    """How each question of a course did in the last tests taken here; nobody's name comes along."""
    papers_ = (
        Attempt.objects.filter(community_id=community_id, code=code, ended_at__isnull=False)
        .order_by("-ended_at")
        .values_list("paper", flat=True)[:MOST_TESTS]
    )
    return statistics.figures(
        [(item.question, bool(item.right)) for item in papers.paper(kept)] for kept in papers_
    )


def _latest(community_id: int, code: str = "") -> dict[str, CourseVersion]:
    rows = CourseVersion.objects.filter(community_id=community_id, **({"code": code} if code else {}))
    return {row.code: row for row in rows.order_by("code", "-number").distinct("code")}


def _terms(community_id: int, code: str = "") -> dict[str, CourseTerms]:
    rows = CourseTerms.objects.filter(community_id=community_id, **({"code": code} if code else {}))
    return {row.code: row for row in rows.order_by("code", "-id").distinct("code")}


def _row(code: str, own: CourseVersion | None, terms: CourseTerms | None) -> CourseRow | None:
    ours = shipped.courses().get(code)
    if own is not None and not (own.shipped and ours and ours.number > own.shipped):
        made = course_file.read(own.content)
        number, from_shipped, day = own.number, own.shipped or own.based_on, day_of(own.published_at)
        newer = ours.number if ours and not own.shipped and ours.number > own.based_on else 0
    elif ours is not None:
        made, number, from_shipped, newer, day = ours.course, 0, ours.number, 0, ours.day
    else:
        return None
    if terms is not None:
        held = {name: getattr(terms, name) for name in TERM_FIELDS}
        held["roles"] = tuple(terms.roles)
        held["questions"] = min(terms.questions, len(made.asked))
        made = replace(made, terms=Terms(**held))
    offered = terms.offered if terms else True
    return CourseRow(made, number, from_shipped, newer, day, offered, terms is not None)
