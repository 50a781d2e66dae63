"""Showing staff who reported a case: for a purpose, within limits, and never without the log row."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.cases import access
from linli.cases.models import Case
from linli.cases.rules import workflow
from linli.kernel import audit, limits, sealed
from linli.kernel.access import Actor, Forbidden, NotFound
from linli.people import queries as people
from linli.people.actions import contact
from linli.people.actions.contact import Contact, TooManyReveals, WhyRead

__all__ = ["PURPOSES", "Contact", "TooManyReveals", "WhyRead", "masked", "may", "reveal"]

#: Whose work needs to reach the reporter; auditors and admins read the log, not the phone.
MAY = workflow.CHECKERS | workflow.FIELD | {workflow.RESPONSIBLE}
PURPOSES = (WhyRead.HANDLE_CASE, WhyRead.FOLLOW_UP, WhyRead.EMERGENCY, WhyRead.OWN_REQUEST)


def may(actor: Actor, case: Case) -> bool:
    """Whether the actor may read who reported this case at all."""
    return case.community_id in actor.staff_communities and bool(access.doer(actor, case).may & MAY)


def masked(case: Case) -> tuple[str, str]:
    """Name and phone as everybody who sees the case may read them; empty where there is none."""
    if case.contact_name or case.contact_phone:
        return sealed.mask_name(case.contact_name or ""), sealed.mask_phone(case.contact_phone or "")
    card = people.cards([case.reporter_id]).get(case.reporter_id) if case.reporter_id else None
    return (card.short_name if card and not case.anonymous else ""), ""


def reveal(*, actor: Actor, number: str, why: WhyRead, at: datetime) -> Contact:
    """Give the reporter's name and phone and write down who read them and why.

    :raises NotFound: no such case for this actor, or nothing that could be read.
    :raises Forbidden: the actor's work does not need it.
    :raises TooManyReveals: over the limit of an hour or a day.
    """
    case = access.find(actor, number)
    if why not in PURPOSES or not may(actor, case):
        raise Forbidden("not_your_reveal")
    if case.anonymous or not (case.contact_name or case.contact_phone):
        return _of_account(actor, case, why, at)
    if not limits.allow("reveal", "staff", str(actor.account_id)):
        raise TooManyReveals
    with transaction.atomic():
        audit.reveal(
            community_id=case.community_id,
            actor=actor,
            subject=f"case:{case.number}",
            subject_account_id=case.reporter_id,
            fields=[name for name in ("name", "phone") if getattr(case, f"contact_{name}")],
            purpose=why.value,
            at=at,
            task=f"case:{case.number}",
            role=",".join(sorted(actor.roles(case.community_id))),
        )
        return Contact(case.reporter_id or 0, case.contact_name or "", case.contact_phone or "")


def _of_account(actor: Actor, case: Case, why: WhyRead, at: datetime) -> Contact:
    """The account's own name and phone, where the report came from one and is not anonymous."""
    if case.anonymous or case.reporter_id is None:
        raise NotFound
    return contact.reveal_contact(
        actor=actor,
        account_id=case.reporter_id,
        community_id=case.community_id,
        why=why,
        task=f"case:{case.number}",
        at=at,
    )
