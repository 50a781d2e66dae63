"""A person's own data among the cases they joined: taken away by the person, and erased with the account."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any

from django.db.models import Q

from linli.cases.actions import supporters
from linli.cases.models import Supporter


def held(account_id: int) -> list[dict[str, Any]]:
    """What somebody joined, in the communities entered: when, in which words, and their word on the answer."""
    found = Supporter.objects.filter(account_id=account_id).select_related("case").order_by("joined_at", "pk")
    return [
        {
            "number": row.case.number,
            "community": row.community_id,
            "joined_at": row.joined_at.isoformat(),
            "left_at": row.left_at and row.left_at.isoformat(),
            "by_own_report": row.merged_id is not None,
            "contact_phone": row.contact_phone,
            "words": row.words,
            "solved": row.solved,
            "stars": row.stars,
            "said": row.said,
        }
        for row in found
    ]


def erase(account_id: int, indexes: Collection[bytes]) -> None:
    """Take a person out of what they joined; that somebody said so stays counted."""
    for row in Supporter.objects.filter(Q(account_id=account_id) | Q(contact_index__in=indexes)):
        row.account_id, row.person_key, row.code_digest = None, secrets.token_bytes(32), None
        row.contact_phone = row.contact_index = None
        row.words, row.said = "", ""
        row.save()


def hand_over(*, from_id: int, to_id: int) -> None:
    """What one account joined becomes another's; where both had joined the same, the older word of the other stays."""
    held = set(Supporter.objects.filter(account_id=to_id).values_list("case_id", flat=True))
    for row in Supporter.objects.filter(account_id=from_id):
        if row.case_id in held:
            row.account_id, row.left_at = None, row.left_at or row.joined_at
        else:
            row.account_id, row.person_key = to_id, supporters.key_of(f"account:{to_id}")
        row.save(update_fields=["account", "person_key", "left_at"])
