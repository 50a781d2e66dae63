"""Consent: given for one purpose and one wording, withdrawn at any time, never overwritten."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from linli.kernel import access, audit, events
from linli.people import events as facts
from linli.people import models, rules


class NeededConsent(Exception):
    """An account cannot be kept without this consent; whoever withdraws it deletes the account."""


def write(*, account_id: int, purpose: rules.Purpose, at: datetime) -> bool:
    """Add the dated row inside the caller's transaction; False when it is in force already."""
    try:
        with transaction.atomic():
            models.Consent.objects.create(
                account_id=account_id, purpose=purpose.value, text_version=rules.TEXT_VERSION, given_at=at
            )
    except IntegrityError:
        return False
    audit.record(
        community_id=0,
        actor=access.Actor(account_id=account_id),
        verb="people.give_consent",
        object=f"account:{account_id}",
        at=at,
        detail={"purpose": purpose.value, "text_version": rules.TEXT_VERSION},
    )
    events.publish(facts.ConsentGiven(community_id=0, account_id=account_id, purpose=purpose.value, at=at))
    return True


def give_consent(*, account_id: int, purpose: rules.Purpose, at: datetime) -> bool:
    """Note that the person agrees to the purpose; False when they already do."""
    with transaction.atomic():
        return write(account_id=account_id, purpose=purpose, at=at)


def withdraw_consent(*, account_id: int, purpose: rules.Purpose, at: datetime) -> bool:
    """End the consent at once; False when there was none.

    :raises NeededConsent: for the consent without which there is no account.
    """
    if purpose in rules.NEEDED:
        raise NeededConsent
    with transaction.atomic():
        in_force = models.Consent.objects.filter(
            account_id=account_id, purpose=purpose.value, withdrawn_at=None
        )
        if not in_force.update(withdrawn_at=at):
            return False
        audit.record(
            community_id=0,
            actor=access.Actor(account_id=account_id),
            verb="people.withdraw_consent",
            object=f"account:{account_id}",
            at=at,
            detail={"purpose": purpose.value},
        )
        events.publish(
            facts.ConsentWithdrawn(community_id=0, account_id=account_id, purpose=purpose.value, at=at)
        )
    return True
