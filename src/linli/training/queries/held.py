"""Who passed what, who holds what, and who lacks what is expected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from linli.grids import queries as places
from linli.people import queries as people
from linli.training.models import Attempt, Certificate
from linli.training.queries import courses
from linli.training.rules import certificates, papers


@dataclass(frozen=True, slots=True)
class Passed:
    """A course passed. ``score`` is whole percent, rounded down; ``right`` of ``asked`` is the exact figure."""

    id: int
    account_id: int
    course: str
    version: int
    score: int
    at: datetime
    right: int
    asked: int


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate that holds; ``until_date`` is its last day, None for one without an end."""

    certificate_id: int
    course: str
    until_date: date | None


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate with what became of it."""

    id: int
    account_id: int
    course: str
    version: int
    code: str
    shown: str
    issued_at: datetime
    until_date: date | None
    state: certificates.State
    score: int


@dataclass(frozen=True, slots=True)
class TestRow:
    """A test that somebody took."""

    id: int
    course: str
    ended_at: datetime
    passed: bool
    score: int


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who serves here: roles, what is held, what is expected and lacks."""

    account_id: int
    name: str
    roles: tuple[str, ...]
    held: tuple[CertificateRow, ...]
    expected: tuple[str, ...]
    lacks: tuple[str, ...]


def results(community_id: int, since: datetime, until: datetime) -> list[Passed]:
    """Who passed what in this time (``until`` exclusive), in order of ids; not what was revoked since. One statement.

    Failed tests are nobody's affair but their writer's: they are told to no other room.
    """
    rows = Certificate.objects.filter(
        community_id=community_id, issued_at__gte=since, issued_at__lt=until, revoked_at__isnull=True
    ).order_by("pk")
    return [
        Passed(pk, account, course, version, papers.percent(right or 0, asked), at, right or 0, asked)
        for pk, account, course, version, at, right, asked in rows.values_list(
            "pk",
            "account_id",
            "course",
            "attempt__course__number",
            "issued_at",
            "attempt__right",
            "attempt__asked",
        )
    ]


def valid(community_id: int, account_ids: Collection[int], at: datetime) -> dict[int, tuple[Held, ...]]:
    """Which courses each of these accounts holds on the local day of this moment, by account; one statement.

    Of several certificates of one course the one that holds longest counts. Who holds none is left out.
    """
    day = places.day_of(at)
    rows = Certificate.objects.filter(
        Q(until_date__isnull=True) | Q(until_date__gte=day),
        community_id=community_id,
        account_id__in=set(account_ids),
        issued_at__lte=at,
        revoked_at__isnull=True,
    )
    best: dict[tuple[int, str], Held] = {}
    for pk, account, course, until in rows.order_by("pk").values_list(
        "pk", "account_id", "course", "until_date"
    ):
        held = best.get((account, course))
        if held is None or (held.until_date is not None and (until is None or until >= held.until_date)):
            best[account, course] = Held(pk, course, until)
    found: dict[int, list[Held]] = defaultdict(list)
    for (account, _course), one in sorted(best.items()):
        found[account].append(one)
    return {account: tuple(held) for account, held in found.items()}


def certificates_of(community_id: int, account_ids: Iterable[int], today: date) -> list[CertificateRow]:
    """Every certificate of these accounts, the newest first."""
    return rows(Certificate.objects.filter(community_id=community_id, account_id__in=set(account_ids)), today)


def rows(found: QuerySet[Certificate], today: date) -> list[CertificateRow]:
    """Certificates as pages show them, the newest first."""
    return [certificate_row(row, today) for row in found.select_related("attempt__course").order_by("-pk")]


def certificate_row(row: Certificate, today: date) -> CertificateRow:
    """One of them."""
    return CertificateRow(
        id=row.pk,
        account_id=row.account_id,
        course=row.course,
        version=row.attempt.course.number,
        code=row.code,
        shown=row.shown,
        issued_at=row.issued_at,
        until_date=row.until_date,
        state=certificates.state(until=row.until_date, revoked=row.revoked_at is not None, today=today),
        score=papers.percent(row.attempt.right or 0, row.attempt.asked),
    )


def finished(community_id: int, account_id: int, code: str = "") -> list[TestRow]:
    """The tests that somebody finished, the newest first: for the writer alone."""
    found = Attempt.objects.filter(community_id=community_id, account_id=account_id, ended_at__isnull=False)
    found = found.filter(code=code) if code else found
    return [
        TestRow(row.pk, row.code, row.ended_at, row.passed, papers.percent(row.right or 0, row.asked))
        for row in found.defer("paper").order_by("-ended_at", "-pk")
        if row.ended_at is not None
    ]


def open_tests(community_id: int, account_id: int) -> dict[str, int]:
    """The tests that somebody has begun: by course, the id."""
    found = Attempt.objects.filter(community_id=community_id, account_id=account_id, ended_at__isnull=True)
    return dict(found.values_list("code", "pk"))


def team(community_id: int, at: datetime) -> list[Member]:
    """Everybody who serves in the community today, with what each holds and lacks, as the places lie."""
    today = places.day_of(at)
    roles: dict[int, list[str]] = {}
    for duty in places.duties(community_id, today):
        held = roles.setdefault(duty.account_id, [])
        if duty.role != "resident" and duty.role not in held:
            held.append(duty.role)
    roles = {account: held for account, held in roles.items() if held}
    names = people.names(roles)
    papers_: dict[int, list[CertificateRow]] = defaultdict(list)
    for row in certificates_of(community_id, roles, today):
        papers_[row.account_id].append(row)
    expected = [(row.code, set(row.terms.roles)) for row in courses.courses(community_id)]
    found = []
    for account, held in roles.items():
        wanted = tuple(code for code, asked in expected if asked & set(held))
        lacks = tuple(code for code in wanted if not _holds(papers_[account], code))
        found.append(
            Member(account, names.get(account, ""), tuple(held), tuple(papers_[account]), wanted, lacks)
        )
    return found


def _holds(held: Iterable[CertificateRow], code: str) -> bool:
    return any(row.course == code and row.state is certificates.State.VALID for row in held)
