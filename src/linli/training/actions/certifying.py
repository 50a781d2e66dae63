"""Certificates: how the name is shown, and revoking."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.kernel import audit, events
from linli.kernel.access import Actor, Forbidden
from linli.kernel.refusals import Refused, Wrong
from linli.training import access
from linli.training.actions.handbook import personal
from linli.training.events import CertificateRevoked
from linli.training.models import Certificate
from linli.training.rules.certificates import WORDS_MOST, Revoking, Shown


def show_name(*, actor: Actor, certificate_id: int, shown: Shown, at: datetime) -> Certificate:
    """Let whoever has the code read the holder's name in full, in its short form, or not at all.

    :raises NotFound: not one's own.
    """
    with transaction.atomic():
        row = access.find_own(actor, certificate_id, lock=True)
        if row.shown != shown.value:
            row.shown = shown.value
            row.save(update_fields=["shown"])
            _record(actor, "training.show_name", row, at, {"shown": shown.value})
    return row


def revoke(*, actor: Actor, certificate_id: int, why: Revoking, words: str, at: datetime) -> Certificate:
    """Let a certificate hold no longer; its holder reads why. A second time changes nothing.

    :param words: to the holder, in a few sentences; whoever has the code does not read them.
    :raises NotFound: see `access.find_kept`.
    :raises Forbidden: your_own.
    :raises Refused: words: missing, too_long, personal.
    """
    said = words.strip()
    wrong = (
        "missing"
        if not said
        else "too_long"
        if len(said) > WORDS_MOST
        else "personal"
        if personal(said)
        else ""
    )
    with transaction.atomic():
        row = access.find_kept(actor, certificate_id, lock=True)
        if row.account_id == actor.account_id:
            raise Forbidden("your_own")
        if wrong:
            raise Refused(Wrong("words", wrong))
        if row.revoked_at is None:
            row.revoked_at, row.revoked_by_id = at, actor.account_id
            row.revoked_why, row.revoked_words = why.value, said
            row.save(update_fields=["revoked_at", "revoked_by", "revoked_why", "revoked_words"])
            _record(actor, "training.revoke", row, at, {"why": why.value})
            events.publish(
                CertificateRevoked(row.community_id, row.pk, row.account_id, row.course, why.value, at)
            )
    return row


def _record(actor: Actor, verb: str, row: Certificate, at: datetime, detail: dict[str, object]) -> None:
    audit.record(
        community_id=row.community_id,
        actor=actor,
        verb=verb,
        object=f"certificate:{row.pk}",
        at=at,
        detail=detail,
    )
