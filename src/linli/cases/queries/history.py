"""The audit entries of one case, and whether each is sealed into the community's chain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.cases.models import Case
from linli.kernel import audit
from linli.people import queries as people


@dataclass(frozen=True, slots=True)
class Line:
    """One act as the audit log holds it."""

    id: int
    at: datetime
    verb: str
    who: str
    role: str
    detail: dict[str, Any]
    request_id: str
    sealed: bool
    place: int | None  # in the chain, once sealed
    digest: str


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody read the personal data of the case's reporter."""

    at: datetime
    who: str
    role: str
    fields: tuple[str, ...]
    purpose: str


def lines(case: Case) -> tuple[Line, ...]:
    """Everything that was done to a case, oldest first."""
    entries = audit.entries(community_id=case.community_id, object=f"case:{case.number}")
    names = people.names({entry.actor_id for entry in entries if entry.actor_id})
    return tuple(
        Line(
            id=entry.id,
            at=entry.at,
            verb=entry.verb.partition(".")[2],
            who=names.get(entry.actor_id or 0, ""),
            role=entry.role,
            detail=entry.detail,
            request_id=entry.request_id,
            sealed=entry.seq is not None,
            place=entry.seq,
            digest=entry.digest,
        )
        for entry in entries
    )


def reads(case: Case) -> tuple[Read, ...]:
    """Who read the contact of a case, oldest first."""
    found = audit.looks_at_subject(community_id=case.community_id, subject=f"case:{case.number}")
    names = people.names({one.reader_id for one in found})
    return tuple(
        Read(one.at, names.get(one.reader_id, ""), one.reader_role, one.fields, one.purpose) for one in found
    )
