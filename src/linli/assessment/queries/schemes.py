"""Which schemes a community has, what each says on a day, and those that ship."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from linli.assessment.models import RankingSwitch, SchemeRow, SchemeVersion
from linli.assessment.rules import scheme_text
from linli.assessment.rules.scheme import Scheme
from linli.kernel.access import NotFound

SHIPPED = Path(__file__).resolve().parents[1] / "data"


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version: ``valid_from`` is None for the draft."""

    id: int
    scheme_id: int
    community_id: int
    number: int
    scheme: Scheme
    edits: int
    valid_from: date | None
    published_by_id: int | None
    legal_basis: str
    why: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchemeListed:
    """A scheme with the version that holds, the one to come, and the draft."""

    id: int
    community_id: int
    level: str
    period: str
    closed: bool
    now: VersionRow | None
    next: VersionRow | None
    draft: VersionRow | None


def of_row(row: SchemeVersion) -> VersionRow:
    """A version as the rules read it.

    :raises BadScheme: an indicator it names is gone; a test keeps that from happening.
    """
    return VersionRow(
        row.pk, row.scheme_id, row.community_id, row.number, scheme_text.read(row.says), row.edits, row.valid_from,
        row.published_by_id, row.legal_basis, row.why, tuple(row.findings),
    )  # fmt: skip


def listed(community_id: int, day: date) -> list[SchemeListed]:
    """The schemes of a community; two statements."""
    versions: dict[int, list[VersionRow]] = {}
    for row in SchemeVersion.objects.filter(community_id=community_id).order_by("scheme_id", "number"):
        versions.setdefault(row.scheme_id, []).append(of_row(row))
    return [
        _listed(row, versions.get(row.pk, []), day)
        for row in SchemeRow.objects.filter(community_id=community_id).order_by("pk")
    ]


def _listed(row: SchemeRow, versions: list[VersionRow], day: date) -> SchemeListed:
    held = [one for one in versions if one.valid_from is not None and one.valid_from <= day]
    later = [one for one in versions if one.valid_from is not None and one.valid_from > day]
    draft = next((one for one in versions if one.valid_from is None), None)
    return SchemeListed(
        row.pk,
        row.community_id,
        row.level,
        row.period,
        row.closed_at is not None,
        max(held, key=_from, default=None),
        min(later, key=_from, default=None),
        draft,
    )


def _from(one: VersionRow) -> date:
    return one.valid_from or date.max


def version(version_id: int) -> VersionRow:
    """One version."""
    return of_row(SchemeVersion.objects.get(pk=version_id))


def version_on(scheme_id: int, day: date) -> SchemeVersion | None:
    """The version that holds on a day: that of a period is the one of its first day."""
    found = SchemeVersion.objects.filter(scheme_id=scheme_id, published_at__isnull=False, valid_from__lte=day)
    return found.order_by("-valid_from").first()


def ranking(community_id: int) -> RankingSwitch | None:
    """The last switch of the ranking, with its legal basis; None where nobody has switched it yet."""
    return RankingSwitch.objects.filter(community_id=community_id).order_by("-set_at", "-pk").first()


def ranking_on(community_id: int) -> bool:
    """Whether the community ranks people now: off until its leader switched it on."""
    last = ranking(community_id)
    return last is not None and last.on


@functools.cache
def _shipped() -> dict[str, dict[str, Any]]:
    return {
        file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(SHIPPED.glob("*.json"))
    }


def shipped() -> dict[str, dict[str, Any]]:
    """The schemes that come with Linli, by their codes; examples, to be changed."""
    return {code: dict(says) for code, says in _shipped().items()}


def exists(community_id: int, scheme_id: int) -> bool:
    """Whether the community has this scheme."""
    return SchemeRow.objects.filter(pk=scheme_id, community_id=community_id).exists()


def community_of(scheme_id: int) -> int:
    """The community that a scheme belongs to.

    :raises NotFound: no such scheme.
    """
    found = SchemeRow.objects.filter(pk=scheme_id).values_list("community_id", flat=True).first()
    if found is None:
        raise NotFound
    return int(found)
