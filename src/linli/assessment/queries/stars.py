"""Stars, honours and certificates of somebody. Inside the communities entered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from linli.assessment.models import Certificate, Honour, StarRow
from linli.assessment.rules.certificates import Term, Validity, validity
from linli.assessment.rules.stars import Standing, Step, holds
from linli.grids import queries as places


@dataclass(frozen=True, slots=True)
class Held:
    """Stars that count today, of one scheme."""

    id: int
    community_id: int
    scheme_id: int
    account_id: int
    stars: int
    until_date: date | None
    step: str
    ends_date: date


def held(community_ids: Iterable[int], account_id: int, on: date) -> list[Held]:
    """The stars of somebody that count on a day, those of each scheme."""
    found = _latest(community_ids).filter(account_id=account_id)
    return [row for row in map(_held, found) if counts(row, on)]


def of_community(community_id: int, on: date, scheme_id: int | None = None) -> list[Held]:
    """Everybody's stars that count on a day, of each scheme or of one."""
    found = _latest([community_id])
    rows = map(_held, found.filter(run__scheme_id=scheme_id) if scheme_id else found)
    return [row for row in rows if counts(row, on)]


def in_community(community_id: int, on: date, scheme_id: int | None = None) -> dict[int, int]:
    """The stars that count on a day, by account; the most of all schemes, or those of one."""
    stars: dict[int, int] = {}
    for row in of_community(community_id, on, scheme_id):
        stars[row.account_id] = max(stars.get(row.account_id, 0), row.stars)
    return stars


def counts(row: Held, on: date) -> bool:
    """Whether these stars count on a day."""
    return holds(Standing(row.stars, until_date=row.until_date, step=Step(row.step)), on) > 0


def _latest(community_ids: Iterable[int]) -> QuerySet[StarRow]:
    return (
        StarRow.objects.filter(community_id__in=list(community_ids))
        .select_related("run")
        .order_by("community_id", "run__scheme_id", "account_id", "-ends_date", "-pk")
        .distinct("community_id", "run__scheme_id", "account_id")
    )


def _held(row: StarRow) -> Held:
    return Held(
        row.pk,
        row.community_id,
        row.run.scheme_id,
        row.account_id,
        row.stars,
        row.until_date,
        row.step,
        row.ends_date,
    )


def of_run(run_id: int, account_id: int) -> StarRow | None:
    """Where somebody stood after a run."""
    return StarRow.objects.filter(run_id=run_id, account_id=account_id).first()


def honours(community_ids: Iterable[int], account_id: int | None = None) -> list[Honour]:
    """Honours in force, the latest first; of one person, or of all."""
    found = Honour.objects.filter(community_id__in=list(community_ids), ended_at__isnull=True)
    if account_id is not None:
        found = found.filter(account_id=account_id)
    return list(found.order_by("-given_at"))


def certificates(
    community_ids: Iterable[int], account_id: int, on: date
) -> list[tuple[Certificate, Validity]]:
    """Somebody's certificates and whether they hold on a day, the latest first."""
    found = Certificate.objects.filter(
        community_id__in=list(community_ids), account_id=account_id
    ).select_related("star", "honour")
    return [(one, valid(one, on)) for one in found.order_by("-issued_at")]


def certificate(community_id: int, ticket: str) -> Certificate | None:
    """The certificate at an address, of a community entered."""
    found = Certificate.objects.filter(community_id=community_id, ticket=ticket)
    return found.select_related("star__run", "honour", "account").first()


def valid(row: Certificate, on: date) -> Validity:
    """Whether a certificate holds on a day."""
    return validity(Term(places.day_of(row.issued_at), row.until_date, row.revoked_at), on)
