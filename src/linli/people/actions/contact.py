"""Showing staff a person's name and phone: only for a purpose, within limits, and never without the log
row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from linli.kernel import access, audit, limits
from linli.people import models


class WhyRead(StrEnum):
    """Why somebody may read personal data: a closed list, each tied to a lawful ground (PIPL 13)."""

    HANDLE_CASE = "handle_case"  # the person asked us to act
    FOLLOW_UP = "follow_up"  # calling back about a settled case
    EMERGENCY = "emergency"  # life, health, property
    APPOINT = "appoint"  # the person takes up a duty
    VISIT = "visit"  # looked in on at home
    OWN_REQUEST = "own_request"  # the person stands at the counter


@dataclass(frozen=True, slots=True)
class Contact:
    """A person's name and phone, in clear."""

    account_id: int
    name: str
    phone: str


class TooManyReveals(Exception):
    """More than 10 within an hour or 60 in a day."""


def reveal_contact(
    *, actor: access.Actor, account_id: int, community_id: int, why: WhyRead, task: str, at: datetime
) -> Contact:
    """Give name and phone and write, in the same transaction, who read them and why.

    That the person has to do with the community (a case, a duty) is for the calling room to know.

    :param task: what it was read for, e.g. ``case:261123048213``; the person sees it.
    :raises access.Forbidden: when the actor has no staff duty in the community.
    :raises access.NotFound: no such person.
    :raises TooManyReveals: over the limit.
    """
    if community_id not in actor.staff_communities:
        raise access.Forbidden("staff_only")
    if not limits.allow("reveal", "staff", str(actor.account_id)):
        raise TooManyReveals
    with transaction.atomic():
        account = models.Account.objects.filter(pk=account_id, is_active=True).first()
        if account is None:
            raise access.NotFound
        audit.reveal(
            community_id=community_id,
            actor=actor,
            subject=f"account:{account_id}",
            subject_account_id=account_id,
            fields=["name", "phone"],
            purpose=why.value,
            at=at,
            task=task,
            role=",".join(sorted(actor.roles(community_id))),
        )
        return Contact(account_id, account.name or "", account.phone or "")
