"""Facts that others may hear. A person belongs to no single community, so ``community_id`` is 0 for
accounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AccountOpened:
    """Somebody has an account now."""

    community_id: int
    account_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PhoneChanged:
    """A person proved another phone."""

    community_id: int
    account_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A person agreed to a purpose."""

    community_id: int
    account_id: int
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """A person no longer agrees to a purpose; its use stops at once."""

    community_id: int
    account_id: int
    purpose: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AccountErased:
    """A person is gone; only the tombstone is left."""

    community_id: int
    account_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class OrganisationOpened:
    """A community has a new organisation."""

    community_id: int
    organisation_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class OrganisationRenamed:
    """An organisation is called otherwise."""

    community_id: int
    organisation_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class OrganisationClosed:
    """An organisation no longer takes work."""

    community_id: int
    organisation_id: int
    at: datetime
