"""A person's own data among the places: taken away by the person, and erased with the account."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from linli.grids import queries
from linli.grids.actions.nameplates import remove_files
from linli.grids.models import Duty, HouseholdEntry, Membership, Nameplate, Residence
from linli.kernel import access, audit, scope
from linli.people import queries as people


def held(account_id: int) -> dict[str, object]:
    """Everything the places hold about a person, as plain JSON: communities followed, homes, duties."""
    with scope.within(queries.community_ids()):
        return {
            "memberships": [
                {"community": community, "place": place, "since": since.isoformat()}
                for community, place, since in queries.memberships(account_id)
            ],
            "nameplates": [
                _nameplate(plate)
                for plate in Nameplate.objects.filter(account_id=account_id).select_related("community")
            ],
            "register": list(_entries(account_id).values_list("dwelling__code", flat=True)),
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
        "ended_why": row.ended_why,
    }


def _entries(account_id: int) -> QuerySet[HouseholdEntry]:
    """Where the registers of the communities entered have this person."""
    person = people.account(account_id)
    index = person.phone_index if person else None
    return HouseholdEntry.objects.filter(phone_index=index) if index else HouseholdEntry.objects.none()


def _nameplate(plate: Nameplate) -> dict[str, Any]:
    return {
        "community": plate.community.code,
        "picture": bool(plate.path),
        "hours": plate.hours_zh,
        "phone": plate.phone,
        "languages": plate.languages,
        "away_from_date": plate.away_from_date and plate.away_from_date.isoformat(),
        "away_last_date": plate.away_last_date and plate.away_last_date.isoformat(),
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
    """Remove where a person lives and what they follow, in the caller's transaction.

    Duties stay, without their title: who decided what, in which role, is the community's record, not the person's.
    """
    with scope.within(queries.community_ids()):
        touched = set(Membership.objects.filter(account_id=account_id).values_list("community_id", flat=True))
        touched |= set(Residence.objects.filter(account_id=account_id).values_list("community_id", flat=True))
        Membership.objects.filter(account_id=account_id).delete()
        Residence.objects.filter(account_id=account_id).delete()
        HouseholdEntry.objects.filter(pk__in=_entries(account_id)).delete()
        for plate in Nameplate.objects.filter(account_id=account_id):
            touched.add(plate.community_id)
            files = [path for path in (plate.path, plate.thumb_path) if path]
            transaction.on_commit(partial(remove_files, files))
            plate.delete()
        Duty.objects.filter(account_id=account_id).update(title="")
        for community_id in sorted(touched):
            audit.record(
                community_id=community_id,
                actor=access.Actor(account_id),
                verb="grids.erase_person",
                object=f"account:{account_id}",
                at=at,
            )
