"""A person's own data in training: taken away by the person, and erased with the account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linli.grids import queries as places
from linli.kernel import access, audit, scope
from linli.training.models import Attempt, Certificate


def held(account_id: int) -> dict[str, object]:
    """Everything training holds about a person, as plain JSON: tests with their answers, certificates."""
    with scope.within(places.community_ids()):
        return {
            "tests": [_test(row) for row in Attempt.objects.filter(account_id=account_id).order_by("pk")],
            "certificates": [
                _certificate(row) for row in Certificate.objects.filter(account_id=account_id).order_by("pk")
            ],
        }


def _test(row: Attempt) -> dict[str, Any]:
    return {
        "community": row.community_id,
        "course": row.code,
        "begun_date": row.begun_date.isoformat(),
        "ended_at": row.ended_at and row.ended_at.isoformat(),
        "right": row.right,
        "asked": row.asked,
        "passed": row.passed,
        "paper": row.paper,
    }


def _certificate(row: Certificate) -> dict[str, Any]:
    return {
        "community": row.community_id,
        "course": row.course,
        "code": row.code,
        "name_shown": row.shown,
        "issued_at": row.issued_at.isoformat(),
        "until": row.until_date and row.until_date.isoformat(),
        "revoked_at": row.revoked_at and row.revoked_at.isoformat(),
        "revoked_why": row.revoked_why,
        "revoked_words": row.revoked_words,
    }


def erase(account_id: int, at: datetime) -> None:
    """Remove a person's certificates and open tests, in the caller's transaction.

    Tests that are done stay as answers of nobody: they tell how good a question is.
    """
    with scope.within(places.community_ids()):
        own = Attempt.objects.filter(account_id=account_id)
        touched = set(own.values_list("community_id", flat=True))
        Certificate.objects.filter(account_id=account_id).delete()
        own.filter(ended_at__isnull=True).delete()
        own.update(account=None)
        for community_id in sorted(touched):
            audit.record(
                community_id=community_id,
                actor=access.Actor(account_id),
                verb="training.erase_person",
                object=f"account:{account_id}",
                at=at,
            )
