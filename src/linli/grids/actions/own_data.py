"""A person's own data among the places: taken away by the person, and erased with the account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linli.grids import queries
from linli.grids.models import Duty, Membership, Residence
from linli.kernel import access, audit, scope


def held(account_id: int) -> dict[str, object]:
    """Everything the places hold about a person, as plain JSON: communities followed, homes, duties."""
    with scope.within(queries.community_ids()):
        return {
            "memberships": [
                {"community": community, "place": place, "since": since.isoformat()}
                for community, place, since in queries.memberships(account_id)
            ],
            "homes": [_home(row) for row in queries.residences_of(account_id)],
            "duties": [
                _duty(duty) for duty in Duty.objects.filter(account_id=account_id).select_related("place")
            ],
        }


def _home(row: Any) -> dict[str, Any]:
    return {
        "dwelling": row.dwelling.code,
        "asked_at": row.asked_at.isoformat(),
        "proved_by": row.basis,
        "proved_at": row.bound_at and row.bound_at.isoformat(),
        "until": row.expires_date and row.expires_date.isoformat(),
        "ended_at": row.ended_at and row.ended_at.isoformat(),
    }


def _duty(duty: Duty) -> dict[str, Any]:
    return {
        "role": duty.role,
        "title": duty.title,
        "place": duty.place.code,
        "from": duty.from_date.isoformat(),
        "until": duty.until_date and duty.until_date.isoformat(),
    }


def erase(account_id: int, at: datetime) -> None:
    """This function will remove where a person lives and what they follow, in the caller's transaction.

    Duties stay, without their title: who decided what, in which role, is the community's record, not the person's.
    """
    with scope.within(queries.community_ids()):
        touched = set(Membership.objects.filter(account_id=account_id).values_list("community_id", flat=True))
        touched |= set(Residence.objects.filter(account_id=account_id).values_list("community_id", flat=True))
        Membership.objects.filter(account_id=account_id).delete()
        Residence.objects.filter(account_id=account_id).delete()
        Duty.objects.filter(account_id=account_id).update(title="")
        for community_id in sorted(touched):
            audit.record(
                community_id=community_id,
                actor=access.Actor(account_id),
                verb="grids.erase_person",
                object=f"account:{account_id}",
                at=at,
            )
