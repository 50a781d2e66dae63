"""Facts of handbook and training. Ids, codes and times: nobody's answers, and never how long somebody studied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HandbookPublished:
    """A page of the handbook says something else from now on, or is shown no longer (``kind``)."""

    community_id: int
    page: str
    version: int
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CoursePassed:
    """Somebody passed the test of a course and holds a certificate."""

    community_id: int
    certificate_id: int
    account_id: int
    course: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CertificateRevoked:
    """A certificate holds no longer; ``reason`` is a code."""

    community_id: int
    certificate_id: int
    account_id: int
    course: str
    reason: str
    at: datetime
