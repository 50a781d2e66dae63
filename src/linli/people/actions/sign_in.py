"""Coming in: by password or by code, with growing pauses for failures and care for phones that changed hands
(T26, T34).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.contrib.auth import authenticate
from django.db import transaction

from linli.kernel import access, audit, limits
from linli.people import models, queries, rules
from linli.people.actions import codes, pauses


class Outcome(StrEnum):
    """What a right code leads to."""

    SIGNED_IN = "signed_in"
    NEW = "new"  # nobody has this phone yet
    ASLEEP = "asleep"  # the account was silent for 180 days: the phone may belong to somebody else now


@dataclass(frozen=True, slots=True)
class ByCode:
    """The outcome of signing in by code, with the account if there is one."""

    outcome: Outcome
    account: models.Account | None


def by_password(*, phone: str, password: str, network: str, at: datetime) -> models.Account:
    """Find the person by phone and password; each try counts before it is looked at.

    :raises pauses.Refused: wrong; paused after ten failures from this network; use_code when the phone is
        under attack from many.
    """
    index = queries.phone_index(phone).hex()
    tried = f"password:{index}:{network}"
    pauses.claim_try(tried, at=at)
    if not limits.take(
        f"password:phone:{index}", capacity=rules.PASSWORD_TRIES_PER_HOUR, per_seconds=limits.HOUR
    ):
        raise pauses.Refused("use_code")
    account = authenticate(None, phone=phone, password=password)
    if not isinstance(account, models.Account):
        raise pauses.Refused("wrong")
    pauses.forget(tried)
    _welcome(account, at)
    return account


def by_code(*, phone: str, code: str, at: datetime) -> ByCode:
    """Sign in whoever holds the phone, unless the account has been silent for too long.

    :raises pauses.Refused: wrong, for a wrong, used, late or worn-out code alike.
    """
    if not codes.check_code(phone=phone, purpose=models.SignInCode.Purpose.SIGN_IN, code=code, at=at):
        raise pauses.Refused("wrong")
    account = queries.account_by_phone(phone)
    if account is None:
        return ByCode(Outcome.NEW, None)
    if rules.is_asleep(proved_at=account.phone_proved_at, seen_at=account.last_seen_at, at=at):
        return ByCode(Outcome.ASLEEP, account)
    account.phone_proved_at = at
    account.level = max(account.level, rules.Level.PHONE)
    account.save(update_fields=["phone_proved_at", "level"])
    _welcome(account, at)
    return ByCode(Outcome.SIGNED_IN, account)


def _welcome(account: models.Account, at: datetime) -> None:
    account.last_seen_at = at
    account.save(update_fields=["last_seen_at"])


def wake(*, account_id: int, proof: str, at: datetime) -> models.Account:
    """Let a person back into a sleeping account by password or by their full name as recorded.

    The phone has just been proved by code, but the phone alone never restores a proved identity: the level
    falls to L2 and
    rises again only by a new proof.

    :raises pauses.Refused: wrong; paused after too many tries.
    """
    pauses.claim_try(f"wake:{account_id}", at=at)
    account = queries.account(account_id)
    if account is None or not _knows(account, proof):
        raise pauses.Refused("wrong")
    with transaction.atomic():
        account.level = rules.Level.PHONE
        account.level_until_date = None
        account.phone_proved_at = account.last_seen_at = at
        account.save(update_fields=["level", "level_until_date", "phone_proved_at", "last_seen_at"])
        audit.record(
            community_id=0,
            actor=access.Actor(account_id=account.pk),
            verb="people.wake",
            object=f"account:{account.pk}",
            at=at,
        )
    return account


def _knows(account: models.Account, proof: str) -> bool:
    if account.has_usable_password() and account.check_password(proof):
        return True
    return bool(account.name) and rules.same_name(account.name or "", proof)


def start_afresh(*, account_id: int, at: datetime) -> None:
    """Free the phone of a sleeping account for its new holder, who then signs up as somebody else.

    The old account keeps its records; its person comes back through the counter, with another phone.
    """
    with transaction.atomic():
        account = models.Account.objects.select_for_update().filter(pk=account_id, is_active=True).first()
        if account is None or not rules.is_asleep(
            proved_at=account.phone_proved_at, seen_at=account.last_seen_at, at=at
        ):
            raise pauses.Refused("wrong")
        account.phone = None
        account.phone_index = None
        account.session_epoch += 1
        account.save(update_fields=["phone", "phone_index", "session_epoch"])
        audit.record(
            community_id=0,
            actor=access.ANONYMOUS,
            verb="people.release_phone",
            object=f"account:{account.pk}",
            at=at,
        )
