"""Erasing a person: values and their seals are destroyed, the tombstone stays so that a restore erases them
again.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from linli.kernel import access, audit, events
from linli.people import events as facts
from linli.people import models, ports, rules


def erase_account(*, account_id: int, at: datetime) -> None:
    """Destroy what we hold about the person, in one transaction with what the other rooms hold.

    :raises access.Forbidden: on_duty, while the person holds a staff duty: work is handed over first.
    :raises access.NotFound: no such account, or erased already.
    """
    if ports.is_staff(account_id, at):
        raise access.Forbidden("on_duty")
    with transaction.atomic():
        account = models.Account.objects.select_for_update().filter(pk=account_id, is_active=True).first()
        if account is None:
            raise access.NotFound
        rules.erasers.run(account_id, at)
        _destroy(account, at)
        audit.record(
            community_id=0,
            actor=access.Actor(account_id=account_id),
            verb="people.erase_account",
            object=f"account:{account_id}",
            at=at,
        )
        events.publish(facts.AccountErased(community_id=0, account_id=account_id, at=at))


def replay_tombstones(*, tombstones: Iterable[tuple[int, datetime]], at: datetime) -> int:
    """Erase again, after a restore, those who were erased since the backup; gives how many.

    :param tombstones: what ``queries.tombstones`` gave before the accident, kept outside the database.
    """
    erased = 0
    for account_id, erased_at in tombstones:
        with transaction.atomic():
            # An account opened after that moment is somebody else's, who got the number anew after an earlier restore.
            account = (
                models.Account.objects.select_for_update()
                .filter(pk=account_id, erased_at=None, created_at__lte=erased_at)
                .first()
            )
            if account is None:
                continue
            rules.erasers.run(account_id, at)
            _destroy(account, erased_at)
            erased += 1
    return erased


def _destroy(account: models.Account, at: datetime) -> None:
    if account.phone_index is not None:
        models.SignInCode.objects.filter(phone_index=account.phone_index).delete()
    models.SecondFactor.objects.filter(account=account).delete()
    models.Export.objects.filter(account=account).delete()
    models.ApiToken.objects.filter(account=account, revoked_at=None).update(revoked_at=at)
    models.ApiToken.objects.filter(account=account).update(name="")
    models.Consent.objects.filter(account=account, withdrawn_at=None).update(withdrawn_at=at)
    account.phone = account.phone_index = account.name = None
    account.short_name = ""
    account.level, account.level_until_date = 0, None
    account.seal_id = uuid.uuid4()  # what a backup still holds cannot be opened with this row
    account.set_unusable_password()
    account.is_active = account.is_staff = account.is_superuser = account.elder = False
    account.phone_proved_at = account.last_seen_at = account.last_login = None
    account.session_epoch += 1
    account.erased_at = at
    account.save()
